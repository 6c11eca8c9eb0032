# IKEv2 with PSK and an address from the gateway: up, traffic, down.
scenario() {
        nm_profile ikev2
        nm_up
        expect_tunnel 1
        expect_pings 10
        expect_attempts 1
        nm_down
        expect_down
        expect_no_plaintext
}
