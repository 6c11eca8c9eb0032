# Large IKEv2 messages cross a path that drops IP fragments, both ways.
# once: bookworm
scenario() {
        large_messages ikev2
        expect_equal "IP fragments" 0 "$(wire_count fragments)"
}
