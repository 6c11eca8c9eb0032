# From one way to the internet to another and back, IKEv2: the tunnel and its MTU follow.
# once: trixie
# deadline: 180
scenario() {
        story_of_a_move ikev2
}
