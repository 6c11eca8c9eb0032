# IKEv1 for everything: the default route is the tunnel's, the gateway is reached outside, a reset leaks nothing.
# once: bookworm
# deadline: 120
scenario() {
        internet_begin
        inside_fresh net4=0.0.0.0/0
        nm_profile ikev1 rightsubnet=
        full_story main
}
