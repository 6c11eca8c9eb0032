# A wrong PSK with IKEv2: login failed, after one attempt, before any timeout.
scenario() {
        nm_profile ikev2 pskvalue='not the key that the gateway has'
        expect_refused 20 login 1 'AUTHENTICATION_FAILED'
}
