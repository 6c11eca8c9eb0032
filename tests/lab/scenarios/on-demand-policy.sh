# On demand without an interface: activated at once, the first packet brings it
# up; the gateway ends it, and the next packet is waited for.
# deadline: 180
scenario() {
        gw_site 2 "local_ts = $REMOTE_NET" "remote_ts = $CLIENT_ADDRESS"
        site_profile 2 rightsubnet="$REMOTE_NET" nm-connect-mode=ondemand
        nm_up
        expect_equal "state of the VPN" activated "$(nm_state)"
        expect_waiting
        expect_route "$REMOTE" "$CLIENT_ADDRESS"

        packets_bring_it_up
        expect_site "$CLIENT_ADDRESS/32" "$REMOTE_NET"
        expect_pings 5

        gw_reset site
        eventually 30 journal_has "waiting for a packet after .* s: the same"
        expect_waiting
        packets_bring_it_up
        expect_pings 5
        expect_equal "state of the VPN" activated "$(nm_state)"
        nm_down
        expect_down
        expect_no_plaintext

        nm_up again
        service_killed
}
