# Our address and the gateway's, IKEv1, without any route: a reset under
# traffic, nothing in plaintext.
# deadline: 150
scenario() {
        gw_site 1 "local_ts = $GATEWAY" "remote_ts = $CLIENT_ADDRESS"
        others_route_add
        site_profile 1 rightsubnet="$GATEWAY/32"
        watch_start
        nm_up
        expect_site "$CLIENT_ADDRESS/32" "$GATEWAY/32"
        expect_pings 5 "$GATEWAY"

        site_reset "$GATEWAY"
        expect_equal "pings in plaintext" 0 "$(wire_count host_out)"
        expect_site "$CLIENT_ADDRESS/32" "$GATEWAY/32"
        watch_stop
        nm_down
        others_route_remove
        expect_down
}
