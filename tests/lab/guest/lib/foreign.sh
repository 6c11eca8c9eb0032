# Somebody else's IPsec on this host, which no connection of ours may touch: a tunnel that is up, keyed
# by hand, with states that could be a pluto's; a state and a policy of a tunnel that is not; the
# policies for neighbour discovery that a pluto of the host's would have made; and a daemon that has
# UDP 500 and 4500 as IKE daemons have them.
# shellcheck shell=bash disable=SC2034

FOREIGN_PEER=192.0.2.1
FOREIGN_HOST=172.16.9.1
FOREIGN_OTHER=198.51.100.7
FOREIGN_KEY=0x000102030405060708090a0b0c0d0e0f10111213
FOREIGN_HEARD=/run/lab/foreign-heard

foreign_start() {
        foreign_tunnel "" "$CLIENT_ADDRESS" "$CLIENT_ADDRESS" "$FOREIGN_PEER" "$FOREIGN_HOST"
        foreign_tunnel net "$FOREIGN_PEER" "$FOREIGN_HOST" "$CLIENT_ADDRESS" "$CLIENT_ADDRESS"
        ip -n net addr add "$FOREIGN_HOST/32" dev lo
        foreign_state "" "$CLIENT_ADDRESS" "$FOREIGN_OTHER" 0x1001 7
        ip xfrm policy add src "$CLIENT_ADDRESS/32" dst 172.17.0.0/24 dir out priority 99 \
                tmpl src "$CLIENT_ADDRESS" dst "$FOREIGN_OTHER" proto esp reqid 7 mode tunnel
        foreign_neighbours
        foreign_daemon_start
        ping -n -i 0.1 "$FOREIGN_HOST" > "$LAB_LOG/foreign-ping" 2>&1 &
        FOREIGN_PING=$!
        eventually 10 grep -q 'bytes from' "$LAB_LOG/foreign-ping"
        foreign_view > "$LAB_LOG/foreign-before"
        expect_equal "states of somebody else's" 3 "$(grep -c 'proto esp spi' "$LAB_LOG/foreign-before")"
        expect_equal "policies of somebody else's" 9 "$(grep -c 'dir ' "$LAB_LOG/foreign-before")"
}

# foreign_tunnel NETNS HERE MINE THERE THEIRS: one end of the tunnel; HERE and THERE are the outer
# addresses, MINE and THEIRS the inner ones.
foreign_tunnel() {
        foreign_state "$1" "$CLIENT_ADDRESS" "$FOREIGN_PEER" 0x2001 16389
        foreign_state "$1" "$FOREIGN_PEER" "$CLIENT_ADDRESS" 0x2002 16389
        ip ${1:+-n "$1"} xfrm policy add src "$3/32" dst "$5/32" dir out priority 99 \
                tmpl src "$2" dst "$4" proto esp reqid 16389 mode tunnel
        ip ${1:+-n "$1"} xfrm policy add src "$5/32" dst "$3/32" dir in priority 99 \
                tmpl src "$4" dst "$2" proto esp reqid 16389 mode tunnel
}

# foreign_state NETNS SRC DST SPI REQID
foreign_state() {
        ip ${1:+-n "$1"} xfrm state add src "$2" dst "$3" proto esp spi "$4" reqid "$5" mode tunnel \
                aead 'rfc4106(gcm(aes))' "$FOREIGN_KEY" 128
}

foreign_neighbours() {
        local type dir
        for type in 135 136; do
                for dir in in fwd out; do
                        ip xfrm policy add src ::/0 dst ::/0 proto ipv6-icmp type "$type" dir "$dir" \
                                priority 1
                done
        done
}

foreign_daemon_start() {
        : > "$FOREIGN_HEARD"
        systemd-run --quiet --collect --unit=foreign-500 socat -u UDP4-RECV:500,reuseaddr \
                "OPEN:$FOREIGN_HEARD,append"
        systemd-run --quiet --collect --unit=foreign-4500 socat -u UDP4-RECV:4500,reuseaddr \
                "OPEN:$FOREIGN_HEARD,append"
        eventually 10 foreign_listens
}

foreign_listens() {
        [ "$(ss -H -u -l -n -p '( sport = :500 or sport = :4500 )' | grep -c socat)" = 2 ]
}

# foreign_view: all fields of its states and policies, but the counters of the tunnel that is up.
foreign_view() {
        {
                ip -d xfrm state get src "$CLIENT_ADDRESS" dst "$FOREIGN_PEER" proto esp spi 0x2001
                ip -d xfrm state get src "$FOREIGN_PEER" dst "$CLIENT_ADDRESS" proto esp spi 0x2002
                ip -d xfrm state get src "$CLIENT_ADDRESS" dst "$FOREIGN_OTHER" proto esp spi 0x1001
        } | grep -v 'oseq\|seq-hi\|anti-replay\|lastused'
        ip -d xfrm policy | foreign_policies
}

# Blocks of `ip -d xfrm policy` that are of no interface, of no socket, and no blocks of ours, which
# name a user.
foreign_policies() {
        awk '/^src/ { show(); block = "" } { block = block $0 "\n" } END { show() }
             function show() {
                     if (block !~ /if_id|socket (in|out)|uid /)
                             printf "%s", block
             }'
}

# expect_foreign_untouched WHEN: bit for bit.
expect_foreign_untouched() {
        foreign_view > "$LAB_LOG/foreign-after"
        diff "$LAB_LOG/foreign-before" "$LAB_LOG/foreign-after" ||
                fail "somebody else's states or policies are others $1"
        expect "the ping of somebody else's tunnel has ended $1" kill -0 "$FOREIGN_PING"
}

# expect_foreign_hears: what is sent to its ports comes to it, all of it.
expect_foreign_hears() {
        : > "$FOREIGN_HEARD"
        printf 'hello' | ip netns exec net socat -u - "UDP4-SENDTO:$CLIENT_ADDRESS:500"
        printf 'hello' | ip netns exec net socat -u - "UDP4-SENDTO:$CLIENT_ADDRESS:4500"
        eventually 5 foreign_has_heard
}

foreign_has_heard() {
        [ "$(cat "$FOREIGN_HEARD")" = hellohello ]
}

# foreign_stop: none of its pings was lost; away with it.
foreign_stop() {
        kill -INT "$FOREIGN_PING"
        wait "$FOREIGN_PING"
        note "somebody else's ping: $(grep transmitted "$LAB_LOG/foreign-ping")"
        expect "somebody else's tunnel has lost a ping" \
                grep -q ' 0% packet loss' "$LAB_LOG/foreign-ping"
        systemctl stop foreign-500 foreign-4500
        ip xfrm state flush
        ip xfrm policy flush
        ip -n net xfrm state flush
        ip -n net xfrm policy flush
        ip -n net addr del "$FOREIGN_HOST/32" dev lo
}
