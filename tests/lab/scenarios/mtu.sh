# What fits the interface crosses whole whatever the cipher; what does not is refused.
# once: trixie
# deadline: 120
scenario() {
        # The most that ESP can add: blocks of 16 bytes to fill, a check of 32
        # bytes, UDP around it; and with IPv6 outside 20 bytes more.
        widest_tunnel "$GATEWAY"
        widest_tunnel "$GATEWAY6"
        key_is_obeyed
        expect_equal "IP fragments from here" 0 "$(wire_count fragments_out)"
}

widest_tunnel() {
        local GATEWAY=$1 mtu
        gw_reload esp=aes256-sha512-modp2048
        nm_profile ikev2 encapsulation=yes esp=aes256-sha2_512
        nm_up "up-$1"
        mtu=$(link_mtu)
        expect_fits "$mtu"
        expect_too_long $((mtu + 1)) "$mtu"
        # 'ping -s 1400'
        expect_too_long 1428 "$mtu"
        expect "ESP was not in UDP" test "$(wire_count udp_out)" -gt 0
        figure mtu "$mtu"
        nm_down
        expect_down
}

key_is_obeyed() {
        gw_reload
        nm_profile ikev2 mtu=1300
        nm_up up-keyed
        expect_equal "MTU with mtu=1300" 1300 "$(link_mtu)"
        expect_fits 1300
        expect_too_long 1301 1300
        nm_down
        expect_down
}
