# What a case expects of an attempt.
# shellcheck shell=bash

# expect_up: an address came.
expect_up() {
        grep -q '^address ' "$CASE/bus" || fail "no address: $(bus_in_short); $(log_in_short)"
}

# expect_failure NUMBER TEXT: NetworkManager's code (0: login, 1: connect) and the
# reason in the log, an extended regular expression.
expect_failure() {
        local code
        code=$(sed -n 's/^failure //p' "$CASE/bus" | tail -n 1)
        [ "$code" = "$1" ] || fail "failure $1 expected: $(bus_in_short); $(log_in_short)"
        grep -q -E ": failed: .*$2" "$CASE/log" || fail "another reason: $(log_in_short)"
}

# expect_refused TEXT: of Connect, before anything is done.
expect_refused() {
        grep -q -E "^error .*$1" "$CASE/bus" || fail "not refused: $(bus_in_short); $(log_in_short)"
}

# expect_not_up TEXT: as expect_failure, whichever code.
expect_not_up() {
        grep -q '^failure ' "$CASE/bus" || fail "no failure: $(bus_in_short); $(log_in_short)"
        grep -q -E ": failed: .*$1" "$CASE/log" || fail "another reason: $(log_in_short)"
}

# expect_local_failure TEXT [NUMBER]: likewise, with code 1, and without a pluto.
expect_local_failure() {
        expect_failure "${2:-1}" "$1"
        ! grep -q 'pluto: ' "$CASE/log" || fail "pluto was started for it"
}

# expect_asked KEY N: somebody was asked for it, so many times, and for nothing else.
expect_asked() {
        [ "$(grep -c '^asks ' "$CASE/bus")" = "$2" ] || fail "not asked $2 times: $(bus_in_short)"
        [ "$(grep -c "^asks $1: ." "$CASE/bus")" = "$2" ] || fail "not asked for $1: $(bus_in_short)"
}

# expect_line TEXT: in the log.
expect_line() {
        grep -q -E "$1" "$CASE/log" || fail "no line in the log: $1"
}

# expect_secret_unsaid SECRET: neither the secret nor a part of it that pluto would quote is in the log.
expect_secret_unsaid() {
        ! grep -q -F -e "${1:0:24}" -e "$(in_base64 "$1" | cut -c 1-24)" "$CASE/log" || fail "a secret is in the log"
        ! grep -q -E 'malformed|name lookup failed|index "' "$CASE/log" || fail "pluto cannot read ipsec.secrets: $(log_in_short)"
}

bus_in_short() {
        tr '\n' ';' < "$CASE/bus"
}

log_in_short() {
        grep -E ': (failed|.*refused)' "$CASE/log" | tail -n 1
}
