# NetworkManager's never-default, ignore-auto-dns and a route of its own in place of a full tunnel;
# then ignore-auto-routes.
# deadline: 150
scenario() {
        gw_fresh local_ts=0.0.0.0/0
        # The gateway offers everything: the user wants one network of it, and another DNS server.
        nm_profile ikev2 ipv4.never-default=true ipv4.route1="$REMOTE_NET" \
                ipv4.ignore-auto-dns=true ipv4.dns=10.20.0.54
        own_routes_hold ikev2
        expect_equal "IP4.DNS" 10.20.0.54 "$(nm_saw IP4.DNS)"
        nm_down
        expect_down

        nm_profile ikev1 ipv4.ignore-auto-routes=true ipv4.route1=10.20.0.0/25
        nm_up up-ignore-auto-routes
        expect_guarded main 50 10.20.0.0/25
        expect_pings 5
        nm_down
        expect_down
}

# own_routes_hold CONN
own_routes_hold() {
        nm_up up-never-default
        expect_equal "the default route" uplink0 \
                "$(ip -4 route get 198.51.100.77 | sed -n 's/.* dev \([^ ]*\).*/\1/p')"
        expect_guarded main 50 "$REMOTE_NET"
        expect_pings 5
        traffic_start
        traffic_flows 10
        change_to 2 "$1"
        traffic_flows 20
        traffic_stop
        expect_guarded main 50 "$REMOTE_NET"
        expect_no_plaintext
        expect_equal "the default route" uplink0 \
                "$(ip -4 route get 198.51.100.77 | sed -n 's/.* dev \([^ ]*\).*/\1/p')"
        nm_look
}
