# Our address and the gateway's network, IKEv2, without an interface: a reset
# under traffic, the service killed, nobody else's routes touched.
# deadline: 180
scenario() {
        gw_site 2 "local_ts = $REMOTE_NET" "remote_ts = $CLIENT_ADDRESS"
        others_route_add
        site_profile 2 rightsubnet="$REMOTE_NET"
        watch_start
        nm_up
        expect_site "$CLIENT_ADDRESS/32" "$REMOTE_NET"
        expect_route "$REMOTE" "$CLIENT_ADDRESS"
        expect_pings 5
        expect_others_route

        site_reset "$REMOTE"
        expect_site "$CLIENT_ADDRESS/32" "$REMOTE_NET"
        expect_others_route
        watch_stop
        nm_down
        others_route_remove
        expect_down
        # Nothing of ours: it goes as it always went.
        expect "packets are refused" not refused

        nm_up again
        expect_site "$CLIENT_ADDRESS/32" "$REMOTE_NET"
        service_killed
        expect "packets are refused" not refused
}

refused() {
        ping -c 1 -W 1 "$REMOTE" 2>&1 | grep -q "not permitted"
}
