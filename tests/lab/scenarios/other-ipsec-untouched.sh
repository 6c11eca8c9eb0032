# Somebody else's XFRM states, or daemon on UDP 500: refused, nothing touched.
scenario() {
        local before
        nm_profile ikev1

        others_states
        before=$(others_view)
        expect_hands_off 198.51.100.7
        expect_equal "the other's states and policies" "$before" "$(others_view)"
        ip xfrm state flush
        ip xfrm policy flush

        # A unit of its own, as daemons are; our service may not look at what it
        # has open (NetworkManager's unit has no CAP_SYS_PTRACE).
        systemd-run --quiet --collect --unit=other-ike \
                socat -u UDP4-RECV:500 OPEN:/dev/null
        eventually 5 others_port
        expect_hands_off 'socat (pid [0-9]*, other-ike.service), uses UDP port 500 of address 0.0.0.0'
        expect "the other daemon is gone" others_port
        systemctl stop other-ike
        eventually 5 not others_port

        # With the other gone the same profile works.
        nm_up
        expect_tunnel 1
        nm_down
        expect_down
}

others_states() {
        ip xfrm state add src 192.0.2.2 dst 198.51.100.7 proto esp spi 0x1001 \
                reqid 7 mode tunnel aead 'rfc4106(gcm(aes))' \
                0x000102030405060708090a0b0c0d0e0f10111213 128
        ip xfrm state add src 198.51.100.7 dst 192.0.2.2 proto esp spi 0x1002 \
                reqid 7 mode tunnel aead 'rfc4106(gcm(aes))' \
                0x000102030405060708090a0b0c0d0e0f10111213 128
        ip xfrm policy add src 192.0.2.2/32 dst 172.16.0.0/24 dir out priority 99 \
                tmpl src 192.0.2.2 dst 198.51.100.7 proto esp reqid 7 mode tunnel
        ip xfrm policy add src 172.16.0.0/24 dst 192.0.2.2/32 dir in priority 99 \
                tmpl src 198.51.100.7 dst 192.0.2.2 proto esp reqid 7 mode tunnel
}

others_view() {
        ip -s -d xfrm state | grep -v ' use '
        ip -s -d xfrm policy | grep -v ' use '
}

others_port() {
        ss -H -u -l -n -p 'sport = :500' | grep -q socat
}
