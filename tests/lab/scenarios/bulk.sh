# Ten megabytes by TCP cross the tunnel intact, up and down.
# once: trixie
# deadline: 120
scenario() {
        nm_profile ikev2
        nm_up
        expect_tunnel 1
        # A capture of all that would be larger than what the guest has.
        wire_capture_stop
        # An emulated machine that has half a core carries 0.3 MB a second, so
        # 100 MB do not fit into the deadline.
        bulk_make 10
        bulk_crosses up
        bulk_crosses down
        expect_tunnel 1
        expect_no_plaintext
        nm_down
        expect_down
}
