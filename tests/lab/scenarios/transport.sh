# Transport mode between our address and the gateway's, IKEv1 and IKEv2: the
# packets are ESP's own, a reset under traffic leaks nothing.
# deadline: 180
scenario() {
        transport_up 1
        nm_down down-ikev1
        expect_down
        transport_up 2
        watch_start
        site_reset "$GATEWAY"
        watch_stop
        expect_transport
        nm_down
        expect_down
}

# transport_up VERSION
transport_up() {
        gw_site "$1" "mode = transport"
        site_profile "$1" type=transport
        nm_up "up-ikev$1"
        expect_transport
        expect_pings 5 "$GATEWAY"
        expect_equal "pings outside of ESP" 0 "$(wire_count host_out)"
}

expect_transport() {
        expect_site "$CLIENT_ADDRESS/32" "$GATEWAY/32" "in out"
        expect_equal "interfaces" "" "$(nm_link)"
        expect_equal "states in transport mode" 2 "$(ip xfrm state | grep -c 'mode transport')"
        expect_equal "pings outside of ESP" 0 "$(wire_count host_out)"
}
