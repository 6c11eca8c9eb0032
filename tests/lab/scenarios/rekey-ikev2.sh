# New keys under 100 pings a second, IKEv2: both SAs, by the gateway and by us.
#
# With the gateway's nets as they are: of narrowed ones libreswan 5.2 refuses the
# gateway's new keys, hence the short salifetime. And the gateway first: once pluto has
# made a Child SA anew, it forgets what it was narrowed to (our own address).
# once: bookworm
# deadline: 150
scenario() {
        TRAFFIC_EACH=0.01
        up_under_traffic ikev2 rightsubnet="$REMOTE_NET"
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
