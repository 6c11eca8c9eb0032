# A router that DHCP names in the tunnel's network (option 3) gets a host route of NetworkManager's
# own, and it leads nothing past the tunnel.
# deadline: 120

scenario() {
        uplink_by_dhcp "$REMOTE"
        expect_equal "NetworkManager's route to the router" "uplink0" \
                "$(ip -o route show "$REMOTE/32" | sed -n 's/.* dev \([^ ]*\) .*/\1/p')"
        nm_profile ikev1
        nm_up up-ikev1
        expect_tunnel 1
        traffic_start 0.1 "$REMOTE"
        traffic_flows 20
        traffic_stop
        # A renewed lease brings the route anew.
        nmcli device reapply uplink0 > /dev/null || fail "NetworkManager does not apply uplink anew"
        traffic_start 0.1 "$REMOTE"
        traffic_flows 20
        traffic_stop
        expect_no_plaintext
        expect_tunnel 1
        nm_down
        uplink_by_hand
        expect_down
}
