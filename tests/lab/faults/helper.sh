# What happens to the updown helper, and what pretends to be one.
# shellcheck shell=bash disable=SC2034

HELPER=/usr/lib/NetworkManager/nm-libreswan-service-helper

updown_socket() {
        find "/run/nm-libreswan/$PROFILE_UUID" -name 'updown-*' -type s 2> /dev/null | tail -n 1
}

# helper_is TEXT: instead of the helper, that shell script, while the gateway
# resets the tunnel; REAL is the helper.
helper_is() {
        cp "$HELPER" /run/lab/helper
        instead_of "$HELPER" "REAL=/run/lab/helper; $1"
        gw_reset main
}

helper_is_itself() {
        umount "$HELPER"
}

#: helper-hangs recovers 90 - the helper never returns, for 10 s, while the tunnel is reset
helper_hangs_hits() {
        helper_is 'exec sleep 1000'
        sleep 10
}

helper_hangs_ends() {
        helper_is_itself
}

#: helper-dies recovers 60 - the helper is killed each time, for 5 s, while the tunnel is reset
helper_dies_hits() {
        # shellcheck disable=SC2016
        helper_is 'kill -KILL $$'
        sleep 5
}

helper_dies_ends() {
        helper_is_itself
}

#: helper-twice recovers 60 - every event comes twice
helper_twice_hits() {
        # shellcheck disable=SC2016
        helper_is '"$REAL" "$@"; exec "$REAL" "$@"'
        wait_for 20 fault_flows
}

helper_twice_ends() {
        helper_is_itself
}

#: helper-garbage recovers 30 - garbage comes to the updown socket, of all sizes
helper_garbage_hits() {
        local socket size
        socket=$(updown_socket)
        [ -n "$socket" ] || return 0
        for size in 0 1 100 70000; do
                head -c "$size" /dev/urandom | timeout 5 socat -u - "UNIX-CONNECT:$socket,type=5"
                head -c "$size" /dev/urandom | timeout 5 socat -u - "UNIX-CONNECT:$socket"
        done
}

#: helper-stranger recovers 30 - another user sends an event
helper_stranger_hits() {
        local socket
        socket=$(updown_socket)
        [ -n "$socket" ] || return 0
        # With the folder open to everybody, or he would not come to the socket.
        chmod 755 "/run/nm-libreswan/$PROFILE_UUID" /run/nm-libreswan
        chmod 666 "$socket"
        env -i PLUTO_VERB=down-client PLUTO_CONNECTION=nm \
                timeout 5 setpriv --reuid=65534 --regid=65534 --clear-groups \
                "$HELPER" "$socket"
        chmod 700 "/run/nm-libreswan/$PROFILE_UUID"
}

#: helper-late recovers 30 - an event for a connection that is gone
helper_late_hits() {
        env -i PLUTO_VERB=up-client PLUTO_CONNECTION=nm timeout 5 \
                "$HELPER" /run/nm-libreswan/6c1f1d5c-8e5f-4d0a-9e4f-2f7f0a3cffff/updown-1
        expect_equal "the helper's exit code for nobody" 0 $?
}
