# Two tunnels without an interface to one gateway: the kernel tells their SAs apart by their reqids
# alone, so each has a reqid of its own. One goes down, or is killed, and the other does not notice.
# deadline: 240
scenario() {
        local ids
        gw_site 2 "local_ts = $REMOTE_NET" "remote_ts = $CLIENT_ADDRESS"
        ip -n gw addr add "$SECOND/24" dev remote0
        same_profile 1 "${TWO_NETS[0]}"
        same_profile 2 "${TWO_NETS[1]}"
        PROFILE=c1 nm_up up1
        PROFILE=c2 nm_up up2
        expect "the first does not carry" pings_cross "$REMOTE"
        expect "the second does not carry" pings_cross "$SECOND"
        ids=$(ip xfrm state | sed -n 's/.* reqid \([0-9]*\) .*/\1/p' | sort -u)
        expect_equal "reqids" 2 "$(grep -c . <<< "$ids")"
        expect_equal "reqids that pluto has chosen" "" "$(awk '$1 > 16379' <<< "$ids")"
        expect_no_plaintext

        ping -n -i 0.1 "$REMOTE" > "$LAB_LOG/ping-first" 2>&1 &
        several_down 2
        expect "the first does not carry without the second" pings_cross "$REMOTE"
        PROFILE=c2 nm_up again
        expect "the second does not carry again" pings_cross "$SECOND"
        kill -KILL "$(several_service 2)"
        eventually 20 several_is_gone 2
        expect "the first does not carry after the second was killed" pings_cross "$REMOTE"
        kill -INT $!
        wait $!
        expect "the first has lost a ping" grep -q ' 0% packet loss' "$LAB_LOG/ping-first"
        several_down 1
        several_end 1 2
        ip -n gw addr del "$SECOND/24" dev remote0
        # The gateway was not told of what was killed.
        world_cleans 10 || fail "left behind: $WORLD_DIRT"
        gw_fresh
}

# same_profile K NET
same_profile() {
        several_profile "$1" plain ikev2=insist "leftid=@c$1.example" leftmodecfgclient=no \
                "right=$GATEWAY" "rightsubnet=$2"
}
