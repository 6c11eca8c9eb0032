# encapsulation=yes puts ESP in UDP where there is no address translation.
scenario() {
        local kind
        for kind in ikev1 ikev2; do
                nm_profile "$kind" encapsulation=yes
                nm_up "$kind"
                expect_tunnel 1
                expect_pings 10
                nm_down
                expect_down
        done
        expect_udp_alone
        expect_no_plaintext
}
