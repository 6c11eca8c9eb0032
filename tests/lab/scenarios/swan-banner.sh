# Libreswan's banner, DNS server and domains reach NetworkManager.
# once: trixie
# deadline: 150
scenario() {
        local banner='Welcome to the laboratory: authorised people only.'
        swan_fresh banner="$banner" domains='lab.example, second.example'
        nm_profile ikev1
        nm_up
        expect_equal "VPN.BANNER" "$banner" "$(swan_saw VPN.BANNER)"
        expect_equal "IP4.DNS" "$GW_DNS" "$(nm_saw IP4.DNS)"
        # With IKEv1 libreswan sends the first domain alone.
        expect_equal "IP4.DOMAIN" lab.example "$(nm_saw IP4.DOMAIN)"
        expect_pings 5
        # The banner goes with the tunnel that had it.
        swan_replace ikev1 pool=2
        eventually 20 tunnel_in_pool 2
        eventually 5 nm_shows_pool 2
        expect_equal "VPN.BANNER of a gateway without one" "" "$(nm_saw VPN.BANNER)"
        nm_down
        expect_down

        # IKEv2 knows no banner, and several domains.
        nm_profile ikev2
        nm_up up-ikev2
        expect_equal "VPN.BANNER" "" "$(swan_saw VPN.BANNER)"
        expect_equal "IP4.DNS" "$GW_DNS" "$(nm_saw IP4.DNS)"
        expect_equal "IP4.DOMAIN" "lab.example second.example" \
                "$(nm_saw IP4.DOMAIN | paste -sd ' ')"
        nm_down
        expect_down
}

swan_saw() {
        nm_look
        nm_saw "$1"
}
