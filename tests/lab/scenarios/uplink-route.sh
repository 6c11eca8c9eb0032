# A route of the uplink's that is more specific than the tunnel's, as DHCP's option 121 makes one,
# leads nothing past the tunnel: what is under way goes on, also over a reset, and so does what is
# bound to the leased address.
# deadline: 240
NEIGHBOUR=192.0.2.1

scenario() {
        led_past ikev1 main
        led_past ikev2 ikev2
}

# led_past KIND NAME
led_past() {
        gw_fresh
        nm_profile "$1"
        watch_start
        nm_up "up-$1"
        expect_tunnel 1
        watch_mark
        traffic_start 0.1 "$REMOTE"
        traffic_flows 10
        ip route add "$REMOTE/32" via "$NEIGHBOUR" dev uplink0 proto dhcp
        traffic_flows 20
        expect "what is bound to the lease goes elsewhere" \
                ping -n -q -c 2 -i 0.2 -W 2 -I "$(lease_address)" "$REMOTE"
        # The gateway begins anew, with another address.
        change_to 2 "$2"
        traffic_flows 20
        traffic_stop
        expect_never_left_activated
        expect_no_plaintext
        expect_tunnel 2
        ip route del "$REMOTE/32" via "$NEIGHBOUR" dev uplink0

        # What a user has added himself counts.
        ip route add 10.20.0.99/32 via "$NEIGHBOUR" dev uplink0 proto static
        eventually 5 leaves_by 10.20.0.99 uplink0
        ip route del 10.20.0.99/32 via "$NEIGHBOUR" dev uplink0
        eventually 5 leaves_by 10.20.0.99 "$(nm_link)"
        watch_stop
        nm_down
        expect_down
        expect_equal "rules of ours" "" "$({ ip rule; ip -6 rule; } | grep -w 215)"
        expect_no_plaintext
}

lease_address() {
        ip -o -4 addr show dev "$(nm_link)" | awk '{ sub("/.*", "", $4); print $4; exit }'
}

# leaves_by ADDRESS LINK
leaves_by() {
        [[ $(ip route get "$1") = *" dev $2 "* ]]
}
