# Large IKEv1 messages cross a path that drops IP fragments, both ways.
#
# With fragmentation=yes libreswan uses IKEv1's own fragments only for what it
# sends again, so the first try is lost. The very first message can never be in
# fragments: with the default of libreswan 5.2 for 'ike' it has 1572 bytes, and
# such a path does not take it.
scenario() {
        large_messages ikev1 ike='aes256-sha2_256;modp2048'
}
