# A full tunnel's DNS with systemd-resolved: every name is asked behind the gateway, at its new
# server after another address, and the uplink again after down.
# once: bookworm
# deadline: 120
scenario() {
        local before
        dns_begin "$GW_DNS" 10.20.0.54
        before=$(resolved_state)
        gw_fresh local_ts=0.0.0.0/0 dns2=10.20.0.54 domain2=other.example
        nm_profile ikev2
        nm_up
        expect_dns_link "$GW_DNS" lab.example
        expect_asks_gateway host.lab.example
        expect_asks_gateway www.elsewhere.example
        gw_reload local_ts=0.0.0.0/0 pool=2 dns2=10.20.0.54 domain2=other.example
        gw_reset ikev2
        eventually 20 tunnel_in_pool 2
        expect_dns_link 10.20.0.54 other.example
        expect_asks_gateway www2.elsewhere.example 10.20.0.54
        expect_no_plaintext
        nm_down
        expect_down
        wait_for 5 resolved_is "$before"
        expect_equal "what resolved knows after down" "$before" "$(resolved_state)"
        expect_asks_uplink www3.elsewhere.example
        dns_end
}
