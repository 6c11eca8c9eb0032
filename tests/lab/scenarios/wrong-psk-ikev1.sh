# A wrong PSK with IKEv1 (seen as garbage): refused after one attempt, within 5 s.
scenario() {
        nm_profile ikev1 pskvalue='not the key that the gateway has'
        expect_refused 5 login 1 'pre-shared key'
}
