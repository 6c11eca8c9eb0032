# The address translation forgets an IKEv1 tunnel, under traffic and when quiet.
# once: bookworm
# deadline: 150
scenario() {
        story_of_a_mapping ikev1
}
