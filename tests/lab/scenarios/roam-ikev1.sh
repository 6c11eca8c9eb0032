# From one way to the internet to another and back, IKEv1: the tunnel and its MTU follow.
# once: bookworm
# deadline: 180
scenario() {
        story_of_a_move ikev1
}
