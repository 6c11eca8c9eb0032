# On demand with an address from the gateway: activated at once, the first packet brings it up.
# With IKEv2 libreswan cannot, and that is said.
# once: bookworm
# deadline: 150
scenario() {
        on_demand ikev1
        on_demand ikev2 rightsubnet="$REMOTE_NET"
}

# on_demand KIND KEY=VALUE...
on_demand() {
        gw_fresh
        nm_profile "$@" nm-connect-mode=ondemand
        if [ "$1" = ikev2 ]; then
                expect_refused 20 connect any "nm-connect-mode"
                return
        fi
        nm_up "up-$1"
        expect_equal "state of the VPN" activated "$(nm_state)"
        expect_waiting
        packets_bring_it_up
        # Not expect_tunnel: 4.10 leaves its trap, for our own address, beside the policies.
        eventually 10 nm_shows_pool 1
        expect_pings 5
        expect_equal "state of the VPN" activated "$(nm_state)"
        nm_down
        expect_down
        expect_no_plaintext
}
