# 25 megabytes by TCP cross the tunnel intact, up and down.
# once: trixie
# deadline: 300
scenario() {
        nm_profile ikev2
        nm_up
        expect_tunnel 1
        # A capture of all that would be larger than what the guest has.
        wire_capture_stop
        # An emulated machine carries 2 MB a second where it has a core for itself.
        bulk_make 25
        bulk_crosses up
        bulk_crosses down
        expect_tunnel 1
        expect_no_plaintext
        nm_down
        expect_down
}
