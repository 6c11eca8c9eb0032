# Behind address translation, IKEv2: ESP goes in UDP, and a change of address works.
# once: bookworm
scenario() {
        wire_nat 20000
        story_of_a_change ikev2 ikev2
        expect_udp_alone
}
