# The address translation forgets an IKEv2 tunnel, under traffic and when quiet.
# once: trixie
# deadline: 150
scenario() {
        story_of_a_mapping ikev2
}
