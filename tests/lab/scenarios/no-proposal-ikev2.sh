# The gateway has no proposal in common with IKEv2: connect failed before any timeout.
scenario() {
        gw_reload ike=aes256-sha256-modp1024
        nm_profile ikev2
        expect_refused 20 connect 1 'NO_PROPOSAL_CHOSEN'
}
