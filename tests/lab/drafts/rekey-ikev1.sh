# New keys under 100 pings a second, IKEv1: both SAs, by us and by the gateway.
# deadline: 150
scenario() {
        TRAFFIC_EACH=0.01
        up_under_traffic ikev1
        rekeys child our_rekey child
        rekeys child gw swanctl --rekey --child net
        rekeys ike our_rekey ike
        rekeys child our_rekey child
        note "gateway: ike"; gw swanctl --rekey --ike main; wait_for 8 gw_made_more ike 99
        traffic_stop
        expect_unnoticed
        expect_tunnel 1
        watch_stop
        nm_down
        expect_down
}
