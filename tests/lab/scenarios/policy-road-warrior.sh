# A road warrior without an interface (ipsec-interface=no): the address stands
# on the uplink; the gateway resets the tunnel and gives another.
# deadline: 240
scenario() {
        story ikev1 main
        gw_fresh
        story ikev2 ikev2
}

# story KIND NAME
story() {
        nm_profile "$1" ipsec-interface=no
        watch_start
        nm_up "up-$1"
        expect_equal "interfaces" "" "$(nm_link)"
        expect_lease 1
        expect_pings 5
        watch_mark
        traffic_start
        traffic_flows 10
        gw_switch_pool 2
        gw_reset "$2"
        eventually 30 has_lease 2
        expect_lease 2
        traffic_flows 20
        traffic_stop
        expect_pings 5
        expect_never_left_activated
        expect_no_plaintext
        watch_stop
        nm_down "down-$1"
        expect_down
}

has_lease() {
        [ -n "$(ip -o -4 addr show dev uplink0 to "10.30.$1.0/24")" ]
}

# expect_lease N: the address of pool N, alone, and packets come from it.
expect_lease() {
        local lease
        lease=$(gw_leases)
        [[ $lease = 10.30.$1.* ]] || fail "the gateway's lease is $lease"
        expect_equal "addresses on the uplink" "$lease $CLIENT_ADDRESS" \
                "$(ip -o -4 addr show dev uplink0 | awk '{ sub("/.*", "", $4); print $4 }' | sort | paste -sd ' ')"
        expect_route "$REMOTE" "$lease"
}
