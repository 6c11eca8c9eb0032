# On demand with an address from the gateway: activated at once, the first packet brings it up.
# deadline: 150
scenario() {
        nm_profile ikev2 rightsubnet="$REMOTE_NET" nm-connect-mode=ondemand
        nm_up
        expect_equal "state of the VPN" activated "$(nm_state)"
        expect_waiting
        ip -4 addr; ip -4 route; kernel_policies
        packets_bring_it_up
        ip -4 addr; ip -4 route; kernel_policies
        expect_tunnel 1
        expect_pings 5
        expect_equal "state of the VPN" activated "$(nm_state)"
        nm_down
        expect_down
        expect_no_plaintext
}
