# IPv6 inside, IPv4 outside, IKEv2: up, a reset with another address, down.
# once: bookworm
# deadline: 120
scenario() {
        inside_fresh families=6 outer=4
        nm_profile ikev2 rightsubnet=::/0
        inside_story ikev2
}
