# IKEv2 for everything, with libreswan 5 of both families: the default routes are the tunnel's.
# once: trixie
# deadline: 150
scenario() {
        internet_begin
        if plain_is_4; then
                inside_fresh net4=0.0.0.0/0
                nm_profile ikev2 rightsubnet=
        else
                inside_fresh families="4 6" net4=0.0.0.0/0 net6=::/0
                nm_profile ikev2 rightsubnet=0.0.0.0/0,::/0
        fi
        full_story ikev2
}
