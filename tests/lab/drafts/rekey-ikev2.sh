# New keys under 100 pings a second, IKEv2: both SAs, by the gateway and by us.
#
# Not in another order: once pluto has made a Child SA anew it forgets what it was
# narrowed to, and refuses the gateway's next one (TS_UNACCEPTABLE, 4.10 and 5.2).
# deadline: 150
scenario() {
        TRAFFIC_EACH=0.01
        up_under_traffic ikev2
        rekeys child gw swanctl --rekey --child net
        rekeys ike gw swanctl --rekey --ike ikev2
        rekeys child gw swanctl --rekey --child net
        rekeys ike our_rekey ike
        rekeys child our_rekey child
        rekeys child our_rekey child
        traffic_stop
        expect_unnoticed 6
        expect_tunnel 1
        watch_stop
        nm_down
        expect_down
}
