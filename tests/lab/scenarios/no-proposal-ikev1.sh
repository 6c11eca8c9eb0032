# The gateway has no proposal in common with IKEv1: connect failed before any timeout.
scenario() {
        gw_reload ike=aes256-sha256-modp1024
        nm_profile ikev1
        expect_refused 20 connect 1 'NO_PROPOSAL_CHOSEN'
}
