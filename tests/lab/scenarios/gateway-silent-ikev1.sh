# The gateway does not answer IKEv1 at all: connect failed, one attempt.
# once: bookworm
# deadline: 150
scenario() {
        wire_silence
        nm_profile ikev1
        expect_refused 65 connect 1 'not answer'
}
