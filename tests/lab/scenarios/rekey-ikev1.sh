# New keys under 100 pings a second, IKEv1: the IPsec SA by both sides, the ISAKMP SA by us, for
# which the gateway wants XAUTH again. Nobody notices.
# once: trixie
# deadline: 180
scenario() {
        TRAFFIC_EACH=0.01
        up_under_traffic ikev1
        traffic_flows 10
        rekeys ike our_rekey ike
        rekeys child our_rekey child
        rekeys child gw swanctl --rekey --child net
        traffic_stop
        expect_unnoticed 3
        # The old SAs may live until their time is over.
        expect "the lease is another" nm_shows_pool 1
        expect_pings 5
        watch_stop
        nm_down
        expect_down
}
