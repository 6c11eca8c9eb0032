# The only uplink goes and the profile is not persistent: NetworkManager ends the VPN, nothing stays.
scenario() {
        nm_profile ikev1
        nm_up
        expect_tunnel 1
        uplink_leave
        eventually 10 not nm_is_active
        eventually 10 not test -e "/run/nm-libreswan/$PROFILE_UUID"
        expect_equal "interfaces" "" "$(nm_link)"
        expect_equal "states" "" "$(kernel_states)"
        expect "pluto runs" not pgrep -x pluto
        uplink_return
        gw_fresh
        nm_up again
        expect_tunnel 1
        expect_pings 5
        nm_down
        expect_down
}

nm_is_active() {
        [ -n "$(nm_state)" ]
}
