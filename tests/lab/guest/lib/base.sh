# What every other part of the guest stands on: time, waiting, failing.
# shellcheck shell=bash

LAB_LOG=${LAB_LOG:-/lab/log}

# Microseconds since the machine was started, to the nearest 10,000: no clock
# that somebody may set.
now_us() {
        local up
        read -r up _ < /proc/uptime
        printf '%s0000\n' "${up/./}"
}

# seconds_since US: with one decimal.
seconds_since() {
        local us=$(($(now_us) - $1))
        printf '%d.%d\n' $((us / 1000000)) $((us / 100000 % 10))
}

note() {
        local up
        read -r up _ < /proc/uptime
        printf '[%s] %s\n' "$up" "$*"
}

# fail REASON...: ends the scenario; in a subshell too, as the reason stays.
fail() {
        note "FAIL: $*"
        [ -s "$LAB_LOG/reason" ] || printf '%s\n' "$*" > "$LAB_LOG/reason"
        exit 1
}

# figure NAME VALUE: a number that the result line shows.
figure() {
        note "figure: $1=$2"
        printf '%s=%s\n' "$1" "$2" >> "$LAB_LOG/figures"
}

# wait_for SECONDS COMMAND...: until COMMAND succeeds; fails at the deadline. In as few processes
# as can be: they are what an emulated machine is slow at.
wait_for() {
        local now end
        read -r now _ < /proc/uptime
        end=$((10#${now/./} + $1 * 100))
        shift
        until "$@"; do
                read -r now _ < /proc/uptime
                [ "$((10#${now/./}))" -lt "$end" ] || return 1
                pause
        done
}

# pause: 50 ms, without a process; nothing is ever written to that pipe.
exec {PAUSE}<> <(:)
pause() {
        read -r -t 0.05 -u "$PAUSE" _ || true
}

# eventually SECONDS COMMAND...: the same, and the scenario fails with it.
eventually() {
        wait_for "$@" || fail "not within $1 s: ${*:2}"
}

# expect WHAT COMMAND...: COMMAND succeeds, or the scenario fails of WHAT.
expect() {
        local what=$1
        shift
        "$@" || fail "$what"
}

# expect_equal WHAT WANTED GOT
expect_equal() {
        [ "$2" = "$3" ] || fail "$1: wanted '$2', got '$3'"
}

not() {
        ! "$@"
}

# kill_named NAME...: every process of these names. One pkill each: that of Debian 12
# takes a pattern of more than 15 letters, the longest name there is, for one that
# matches nothing.
kill_named() {
        local name
        for name; do
                pkill -KILL -x "$name"
        done
}
