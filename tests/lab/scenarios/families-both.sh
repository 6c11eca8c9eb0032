# IKEv2 with IPv4 and IPv6 inside at once: the gateway resets it and gives others of both.
# deadline: 150
scenario() {
        inside_fresh families="4 6"
        nm_profile ikev2 rightsubnet=0.0.0.0/0,::/0
        if plain_is_4; then
                expect_refused 20 connect 0 "subnets for one tunnel"
        else
                inside_story ikev2
        fi
}
