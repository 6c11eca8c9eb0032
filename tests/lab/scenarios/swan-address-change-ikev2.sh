# Libreswan as the gateway is given another pool under traffic, IKEv2.
# once: trixie
scenario() {
        swan_fresh
        story_of_a_change ikev2 ikev2 swan_change_to
}
