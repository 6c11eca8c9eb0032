# IPv4 inside, IPv6 outside, IKEv2 and IKEv1: up, a reset with another address, down.
# once: trixie
# deadline: 180
scenario() {
        inside_fresh families=4 outer=6
        nm_profile ikev2 right="$GATEWAY6"
        inside_story ikev2

        inside_fresh families=4 outer=6
        nm_profile ikev1 right="$GATEWAY6"
        nm_up up-ikev1
        expect_inside 1
        expect_inside_pings
        nm_down down-ikev1
        expect_down
}
