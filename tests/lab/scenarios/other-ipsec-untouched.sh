# Somebody else's IPsec beside ours: a tunnel that is up, states, policies, a daemon on UDP 500 and
# 4500. Through up, a reset, the death of pluto and of the service, and down it stays bit for bit what
# it is, and loses no packet.
# deadline: 300
scenario() {
        foreign_start
        nm_profile ikev1
        nm_up
        eventually 5 tunnel_in_pool 1
        expect_pings 5
        expect_foreign_untouched "after up"
        expect_foreign_hears
        expect "pluto has the ports of somebody else's" has_own_ports

        gw_reset main
        eventually 30 pings_cross "$REMOTE"
        expect_foreign_untouched "after a reset"

        pkill -KILL -x pluto
        eventually 30 pings_cross "$REMOTE"
        expect_foreign_untouched "after pluto was killed"
        expect_foreign_hears

        pkill -KILL -x -o nm-libreswan-se
        eventually 20 world_no_service
        eventually 10 not pgrep -x pluto > /dev/null
        expect_equal "interfaces" "" "$(nm_link)"
        expect_foreign_untouched "after the service was killed"

        nm_up again
        expect_pings 5
        nm_down
        expect_foreign_untouched "after down"
        expect_foreign_hears
        foreign_stop
        world_cleans 10 || fail "left behind: $WORLD_DIRT"

        # With the other gone it has its own ports. The gateway was not told of what was killed.
        gw_fresh
        nm_up alone
        expect "pluto has others than 500 and 4500" not has_own_ports
        expect_tunnel 1
        nm_down
        expect_down
}

# Ports of the kernel's choice, since 500 and 4500 are taken.
has_own_ports() {
        ss -H -u -a -n -p | grep '"pluto"' > "$LAB_LOG/ports"
        grep -q "$CLIENT_ADDRESS:" "$LAB_LOG/ports" &&
                ! grep -q "$CLIENT_ADDRESS:\(500\|4500\) " "$LAB_LOG/ports"
}
