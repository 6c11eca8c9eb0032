# Libreswan as the gateway is given another pool under traffic, IKEv1.
# once: bookworm
scenario() {
        swan_fresh
        story_of_a_change ikev1 ikev1 swan_change_to
}
