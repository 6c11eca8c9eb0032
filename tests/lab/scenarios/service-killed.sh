# The service is killed outright: nothing of it survives, and the next up works.
scenario() {
        nm_profile ikev1
        nm_up
        expect_tunnel 1
        service_killed
        # It was not told of the end, and would keep the lease.
        gw_fresh
        nm_up again
        expect_tunnel 1
        expect_pings 5
        expect_no_plaintext
        nm_down
        expect_down
}
