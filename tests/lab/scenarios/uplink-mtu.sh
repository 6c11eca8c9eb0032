# The MTU of the tunnel follows that of the uplink.
# once: bookworm
scenario() {
        nm_profile ikev1
        nm_up
        expect_tunnel 1
        eventually 5 mtu_is 1390
        ip link set uplink0 mtu 1400
        eventually 5 mtu_is 1294
        expect_pings 5
        ip link set uplink0 mtu 1500
        eventually 5 mtu_is 1390
        nm_down
        expect_down
}

mtu_is() {
        [ "$(cat "/sys/class/net/$(nm_link)/mtu")" = "$1" ]
}
