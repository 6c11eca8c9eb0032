# IKEv2 for all of IPv6, which is also the family outside; IPv4 goes as it always went.
# once: trixie
# deadline: 120
scenario() {
        internet_begin
        inside_fresh families=6 outer=6 net6=::/0
        nm_profile ikev2 right="$GATEWAY6" rightsubnet=::/0
        full_story ikev2
}
