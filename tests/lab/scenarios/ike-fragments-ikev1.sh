# Large IKEv1 messages cross a path that drops IP fragments, both ways.
#
# With fragmentation=yes libreswan uses IKEv1's own fragments only for what it
# sends again, so the first try is lost.
scenario() {
        large_messages ikev1
}
