# Libreswan as the gateway of a full tunnel, IKEv1 and IKEv2: it is told of the end.
# once: trixie
# deadline: 150
scenario() {
        swan_fresh subnet=0.0.0.0/0
        full ikev1 rightsubnet=0.0.0.0/0
        full ikev2
}

# full KIND KEY=VALUE...
full() {
        nm_profile "$@"
        nm_up "up-$1"
        [[ $(ip -4 route get 198.51.100.77) = *" dev $(nm_link) "* ]] ||
                fail "the route to anywhere is '$(ip -4 route get 198.51.100.77)'"
        expect_pings 5
        nm_down "down-$1"
        expect_down
        expect_no_plaintext
}
