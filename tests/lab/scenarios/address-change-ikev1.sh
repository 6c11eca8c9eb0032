# The gateway resets an IKEv1 tunnel and gives another address: the report.
scenario() {
        story_of_a_change ikev1 main
}
