# What everything here uses.
# shellcheck shell=bash

fail() {
        echo "$*"
        exit 1
}

# only WORD...: the case is for these alone: strong, swan, ikev1, ikev2, bookworm, trixie.
only() {
        local word
        for word; do
                [[ " $GATEWAY ikev$IKE $IKE_SUITE " = *" $word "* ]] || exit 77
        done
}

# wait_for SECONDS COMMAND...: until it succeeds.
wait_for() {
        local deadline=$((${EPOCHREALTIME/./} + $1 * 1000000))
        shift
        until "$@"; do
                [ "${EPOCHREALTIME/./}" -lt "$deadline" ] || return 1
                sleep 0.02
        done
}

in_base64() {
        printf '%s' "$1" | base64 -w 0
}

# random_text BYTES: of characters that mean something to one program or another;
# it may be a byte longer. None of them ends a line, and none is a blank at an end.
random_text() {
        local LC_ALL=C characters text=x
        characters=(a Z 0 9 '"' "'" '#' ':' ' ' '\' '=' '/' '+' '$' '`' '%' '@' '{' '}' ',' ';' '*' '&' '<' 'ü' 'ß')
        until [ "${#text}" -ge "$(($1 - 1))" ]; do
                text+=${characters[RANDOM % ${#characters[@]}]}
        done
        printf '%sx' "$text"
}
