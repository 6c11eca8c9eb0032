# From a way to the internet with IPv4 to one that has IPv6 alone, and on: the gateway's name has
# addresses of both families, and the tunnel follows.
# once: trixie
# deadline: 240
NAME=gw.lab.example

scenario() {
        printf '%s\n' "$GATEWAY $NAME" "$GATEWAY6 $NAME" >> /etc/hosts
        (GATEWAY+=,$GATEWAY6 && gw_fresh)
        up_under_traffic ikev2 right="$NAME" persistent=true
        GATEWAY=$GATEWAY6
        uplink_add 6
        carried_to "$CLIENT_ADDRESS6_1" uplink_leave away
        expect_held
        uplink_return
        carried_to "$CLIENT_ADDRESS6" uplink1_leave on
        expect_held
        traffic_stop
        expect_never_left_activated
        expect_no_plaintext
        expect_lost_little
        nm_down

        # And where there was nothing else from the start.
        uplink_add 6
        uplink_is "$CLIENT_ADDRESS6_1"
        uplink_leave
        nm_up up6
        expect_held
        expect_pings 5
        watch_stop
        nm_down down6
        uplink_restore
        sed -i "/ $NAME\$/d" /etc/hosts
        # It does not take one at another address for the one that it knows (no DPD in its
        # configuration), so it keeps the lease of the way that is gone.
        world_cleans 10 || fail "left behind: $WORLD_DIRT"
}

# The kernel has what belongs to the one address that the link has.
expect_held() {
        local address
        address=$(ip -o -4 addr show to "$LEASES" | awk '{ print $4 }')
        eventually_kernel_holds "${address%/*}"
}
