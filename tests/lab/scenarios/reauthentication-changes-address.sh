# IKEv1: a new ISAKMP SA comes with another address, of which no updown verb tells.
# once: bookworm
# deadline: 120
scenario() {
        up_under_traffic ikev1 initial-contact=yes
        gw_switch_pool 2
        our_rekey ike
        eventually 30 tunnel_in_pool 2
        traffic_flows 20
        traffic_stop
        expect_tunnel 2
        expect_equal "configurations reported for the new address" 1 "$(watch_reports)"
        story_ends
}
