# A charon of the host that starts when two of ours are up, one with the standard ports: nobody notices it,
# through its start, its end and resets of ours; it is told that it cannot have them, and has them once
# ours is down.
# deadline: 240
CHARON=/run/lab/charon

scenario() {
        several_gateways 2
        several_profile 1 ikev2
        several_profile 2 ikev1
        several_up 1 2
        expect_equal "ports of the first" "500 4500" "$(several_ports 1)"
        several_ping_start 1
        several_ping_start 2
        charon_start
        eventually 10 charon_says "unable to bind socket: Address already in use"
        charon_stop
        charon_start
        several_ping_stop 2
        expect_no_ping_lost 2
        several_reset 2 1
        eventually 30 several_crosses 2
        several_ping_stop 1
        expect_no_ping_lost 1
        charon_stop
        several_down 1
        charon_start
        eventually 10 charon_listens
        expect "the second does not carry beside it" several_crosses 2
        several_up 1
        several_carry 1 2
        expect "the first has its ports" not charon_shares
        expect "it has lost its ports" charon_listens
        charon_stop
        expect_no_plaintext
        several_leave 2 1 2
}

# charon_start: the gateway's program, in the namespace of the client, with a /run of its own.
charon_start() {
        mkdir -p "$CHARON"
        unshare --mount --propagation private sh -c 'mount --bind "$1" "$2/run" &&
                exec chroot "$2" /usr/sbin/charon-systemd' sh "$CHARON" "$GW_ROOT" \
                > /dev/null 2>&1 &
        CHARON_PID=$!
        eventually 20 test -S "$CHARON/charon.vici"
}

charon_stop() {
        kill "$CHARON_PID"
        wait "$CHARON_PID"
        rm -rf "$CHARON"
}

charon_says() {
        grep -q -F "$1" "$CHARON/charon.log"
}

charon_listens() {
        [ "$(ss -H -u -l -n -p '( sport = :500 or sport = :4500 )' | grep -c '0.0.0.0:.*charon')" = 2 ]
}

charon_shares() {
        several_ports 1 | tr ' ' '\n' | grep -q -x '500\|4500'
}
