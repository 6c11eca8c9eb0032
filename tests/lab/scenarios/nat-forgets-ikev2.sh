# The address translation forgets an IKEv2 tunnel, under traffic and when quiet.
# deadline: 150
scenario() {
        story_of_a_mapping ikev2
}
