# IKEv1 main mode with PSK, XAUTH and ModeCfg: up, traffic, down.
scenario() {
        nm_profile ikev1
        nm_up
        expect_tunnel 1
        expect_pings 10
        expect_attempts 1
        nm_down
        expect_down
        expect_no_plaintext
}
