# The gateway does not answer IKEv2 at all: connect failed, one attempt.
# once: trixie
# deadline: 150
scenario() {
        wire_silence
        nm_profile ikev2
        expect_refused 65 connect 1 'not answer'
}
