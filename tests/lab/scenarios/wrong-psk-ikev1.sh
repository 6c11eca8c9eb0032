# A wrong PSK with IKEv1 (seen as garbage): refused after one attempt, before any timeout.
scenario() {
        nm_profile ikev1 pskvalue='not the key that the gateway has'
        expect_refused 20 login 1 'pre-shared key'
}
