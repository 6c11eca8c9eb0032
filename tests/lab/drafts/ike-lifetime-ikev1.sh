# An ISAKMP SA of IKEv1 gets old by itself, under traffic.
# deadline: 400
scenario() {
        up_under_traffic ikev1 ikelifetime=60s salifetime=4h
        wait_for 100 gw_made_more ike 1
        note "$(gw_made ike) ISAKMP SAs"
        wait_for 100 gw_made_more ike 2
        note "$(gw_made ike) ISAKMP SAs"
        wait_for 100 gw_made_more ike 3
        note "$(gw_made ike) ISAKMP SAs"
        traffic_stop
        our_whack --showstates
        expect_unnoticed
        nm_down
        expect_down
}
