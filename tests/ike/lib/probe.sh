# nm-libreswan-service --check, with the profile in a keyfile.
# shellcheck shell=bash

PROBE_FILE=/tmp/probe.nmconnection

# probe: asks the gateway; sets PROBE_STATUS.
probe() {
        probe_keyfile > "$IKE_WORK/client/root$PROBE_FILE"
        client env LC_ALL=C.UTF-8 /usr/lib/NetworkManager/nm-libreswan-service \
                --check "$PROBE_FILE" --probe > "$CASE/check" 2>&1
        PROBE_STATUS=$?
        rm -f "$IKE_WORK/client/root$PROBE_FILE"
}

probe_keyfile() {
        local line
        printf '[connection]\nid=office\nuuid=6c1f1d5c-8e5f-4d0a-9e4f-2f7f0a3c0001\ntype=vpn\n'
        printf '\n[vpn]\nservice-type=%s\n' "$SERVICE"
        for line in "${PROFILE[@]}"; do
                [[ $line != "data "* ]] || printf '%s\n' "${line#data }"
        done
        printf '\n[vpn-secrets]\n'
        for line in "${PROFILE[@]}"; do
                [[ $line != "secret "* ]] || printf '%s\n' "${line#secret }"
        done
}

# expect_probe STATUS TEXT: an extended regular expression, of what is said. No secret is.
expect_probe() {
        [ "$PROBE_STATUS" = "$1" ] || fail "status $PROBE_STATUS, not $1: $(probe_in_short)"
        grep -q -E -- "$2" "$CASE/check" || fail "not said: $2; $(probe_in_short)"
        ! grep -q -F -e "$PSK" -e "$XAUTH_PASSWORD" "$CASE/check" || fail "a secret is said"
}

probe_in_short() {
        grep -E 'problem:|it (answers|accepts|refuses)|no answer' "$CASE/check" | tr '\n' ';'
}
