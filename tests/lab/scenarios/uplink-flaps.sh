# The link is down for 3 s, the address stays: the tunnel goes on where it was.
# once: bookworm
scenario() {
        up_under_traffic ikev1
        ip -n net link set access0 down
        sleep 3
        ip -n net link set access0 up
        ip -n net addr replace 2001:db8:1::1/64 dev access0
        traffic_flows 10
        traffic_stop
        expect_tunnel 1
        expect_never_left_activated
        expect "the tunnel was started anew" not journal_has 'reconnected after'
        expect_equal "configurations reported" 0 "$(watch_reports)"
        expect_no_plaintext
        expect_lost_little
        watch_stop
        nm_down
        expect_down
}
