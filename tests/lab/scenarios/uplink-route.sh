# A route of the uplink's that is more specific than the tunnel's, as DHCP's option 121 makes one:
# what it leads past the tunnel is refused, also while the tunnel is lost, and the rest crosses.
# deadline: 240
NEIGHBOUR=192.0.2.1
OTHER=10.20.0.129

scenario() {
        ip -n gw addr add "$OTHER/24" dev remote0
        led_past ikev1 main
        led_past ikev2 ikev2
        ip -n gw addr del "$OTHER/24" dev remote0
}

# led_past KIND NAME
led_past() {
        local pid
        gw_fresh
        nm_profile "$1"
        watch_start
        nm_up "up-$1"
        expect_tunnel 1
        expect_pings 5
        watch_mark
        ip route add "$REMOTE/32" via "$NEIGHBOUR" dev uplink0
        expect_refused_past
        expect_pings 5 "$OTHER"

        # Under way while the tunnel is lost and made anew.
        LC_ALL=C ping -n -i 0.1 "$REMOTE" > "$LAB_LOG/ping-past" 2>&1 &
        pid=$!
        traffic_start 0.1 "$OTHER"
        traffic_flows 10
        change_to 2 "$2"
        traffic_flows 20
        traffic_stop
        kill -INT "$pid"
        wait "$pid"
        expect "an answer came past the tunnel" not grep -q 'bytes from' "$LAB_LOG/ping-past"
        expect_refused_past
        expect_never_left_activated
        expect_no_plaintext

        # Where that route has gone the tunnel's counts again.
        ip route del "$REMOTE/32" via "$NEIGHBOUR" dev uplink0
        expect_tunnel 2
        expect_pings 5
        watch_stop
        nm_down
        expect_down
        expect_no_plaintext
}

# The route is taken, and nothing of the packet is on the wire.
expect_refused_past() {
        expect_route "$REMOTE" "$CLIENT_ADDRESS"
        expect "pings are answered past the tunnel" not pings_cross "$REMOTE"
        expect_no_plaintext
}
