# The gateway deletes the IPsec SA, a second later the ISAKMP SA: no dead tunnel.
scenario() {
        up_under_traffic ikev1
        gw_delete_child
        # The second between the two is the scenario's matter, not a wait.
        sleep 1
        gw_reset main
        eventually 20 gw_has_child
        traffic_flows 20
        traffic_stop
        expect_tunnel 1
        expect_never_left_activated
        expect_no_plaintext
        watch_stop
        nm_down
        expect_down
}

gw_has_child() {
        gw swanctl --list-sas 2> /dev/null | grep -q INSTALLED
}
