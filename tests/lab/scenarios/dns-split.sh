# Split DNS with systemd-resolved: the gateway's server for its domain alone, other ones with
# another address and with the same one, the uplink's for the rest, and as before after down.
# deadline: 120
scenario() {
        local before lease
        dns_begin "$GW_DNS" 10.20.0.54
        before=$(resolved_state)
        gw_fresh dns2=10.20.0.54 domain2=other.example
        nm_profile ikev1
        nm_up
        expect_dns_link "$GW_DNS" lab.example
        expect_asks_gateway host.lab.example
        expect_asks_uplink www.elsewhere.example
        change_to 2 main
        expect_dns_link 10.20.0.54 other.example
        expect_asks_gateway host.other.example 10.20.0.54
        expect_asks_uplink host2.lab.example
        expect_asks_uplink www2.elsewhere.example
        # Another server, and nothing else.
        lease=$(ip -o -4 addr show dev "$(nm_link)")
        gw_reload pool=2 dns2="$GW_DNS" domain2=third.example
        gw swanctl --load-pools > /dev/null 2>&1 || fail "the gateway refused its pools"
        gw_reset main
        eventually 20 dns_link_asks "$(nm_link)" "$GW_DNS"
        expect_dns_link "$GW_DNS" third.example
        expect_equal "the tunnel's address" "$lease" "$(ip -o -4 addr show dev "$(nm_link)")"
        expect_equal "state of the VPN" activated "$(nm_state)"
        expect_asks_gateway host.third.example
        expect_asks_uplink host4.other.example
        expect_no_plaintext
        nm_down
        expect_down
        wait_for 5 resolved_is "$before"
        expect_equal "what resolved knows after down" "$before" "$(resolved_state)"
        expect_asks_uplink host3.lab.example
        dns_end
}
