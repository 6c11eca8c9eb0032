# pluto is killed under traffic: the tunnel comes back by itself, nothing leaks.
scenario() {
        up_under_traffic ikev1
        pkill -KILL -x pluto
        eventually 20 journal_has "back after"
        traffic_flows 20
        traffic_stop
        expect_equal "state of the VPN" activated "$(nm_state)"
        expect_pings 5
        expect_never_left_activated
        expect_no_plaintext
        watch_stop
        nm_down
        eventually 10 world_is_clean
}
