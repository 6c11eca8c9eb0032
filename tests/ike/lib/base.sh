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
