# A wrong PSK with IKEv2: login failed, after one attempt, within 5 s.
scenario() {
        nm_profile ikev2 pskvalue='not the key that the gateway has'
        expect_refused 5 login 1 'AUTHENTICATION_FAILED'
}
