# Behind address translation, IKEv1: ESP goes in UDP, and a change of address works.
# once: trixie
scenario() {
        wire_nat 20000
        story_of_a_change ikev1 main
        expect_udp_alone
}
