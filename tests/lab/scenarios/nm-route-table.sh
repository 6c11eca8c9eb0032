# ipv4.route-table with a routing rule: the tunnel lives in that table, guarded, and leaves it empty.
# deadline: 120
TABLE=1234

scenario() {
        nm_profile ikev1 "ipv4.route-table=$TABLE" \
                "ipv4.routing-rule1=priority 100 to $REMOTE_NET table $TABLE"
        nm_up
        # NetworkManager 1.42 has routing rules for devices alone, not for a VPN.
        if nmcli --version | grep -q 'version 1\.42\.'; then
                trap 'ip rule del priority 100 2> /dev/null' EXIT
                ip rule add priority 100 to "$REMOTE_NET" table "$TABLE"
        fi
        expect_table 1
        traffic_start
        traffic_flows 10
        change_to 2 main
        traffic_flows 20
        traffic_stop
        expect_table 2
        expect_lost_little
        nm_down
        ! nmcli --version | grep -q 'version 1\.42\.' || ip rule del priority 100
        expect_down
        expect_equal "table $TABLE" "" "$(ip route show table "$TABLE" 2> /dev/null)"
}

# expect_table POOL
expect_table() {
        eventually 5 nm_shows_pool "$1"
        expect_guarded "$TABLE" 50 "$REMOTE_NET"
        expect_equal "routes in the main table" "" \
                "$(ip -4 route show table main | grep -F "$REMOTE_NET")"
        expect_pings 5
}
