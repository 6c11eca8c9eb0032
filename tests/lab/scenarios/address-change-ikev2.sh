# The gateway resets an IKEv2 tunnel and gives another address.
scenario() {
        story_of_a_change ikev2 ikev2
}
