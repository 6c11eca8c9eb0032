# NetworkManager's ipv6.never-default, a route of its own, ignore-auto-dns and then route-table, in
# place of a full tunnel for IPv6.
# once: trixie
# deadline: 150
TABLE=1234

scenario() {
        inside_fresh families=6 net6=::/0
        nm_profile ikev2 rightsubnet=::/0 ipv6.never-default=true ipv6.route1="$REMOTE_NET6" \
                ipv6.ignore-auto-dns=true ipv6.dns=2001:db8:20::54
        nm_up up-own
        expect_routes6 main "$REMOTE_NET6"
        expect_equal "IP6.DNS" 2001:db8:20::54 "$(nm_saw IP6.DNS)"
        expect_pings 5 "$REMOTE6"
        traffic_start 0.1 "$REMOTE6"
        traffic_flows 10
        inside_change 2 ikev2
        traffic_flows 20
        traffic_stop
        expect_routes6 main "$REMOTE_NET6"
        expect_no_plaintext
        nm_down
        expect_down

        inside_fresh families=6
        nm_profile ikev2 rightsubnet=::/0 "ipv6.route-table=$TABLE"
        nm_up up-table
        expect_routes6 "$TABLE" "$REMOTE_NET6"
        expect_equal "routes in the main table" "" "$(ip -6 route show "$REMOTE_NET6")"
        nm_down
        expect_down
        expect_equal "table $TABLE" "" "$(ip -6 route show table "$TABLE" 2> /dev/null)"
}

# expect_routes6 TABLE NET: that is the link's only one there, with its twin, and the
# default route is not the tunnel's.
expect_routes6() {
        wait_for 5 routes6_are "$@"
        expect_equal "IPv6 routes in table $1" "$2 and $2" "$ROUTES6_ARE"
        [[ $(ip -6 route get "$INTERNET6") = *" dev uplink0 "* ]] ||
                fail "the route to $INTERNET6 is '$(ip -6 route get "$INTERNET6")'"
        nm_look
}

# The kernel's own route to the link's address has a twin too.
routes6_are() {
        ROUTES6_ARE="$(ip -6 route show table "$1" dev "$(nm_link)" proto static |
                sed 's/ .*//' | paste -sd ,) and $(ip -6 route show table "$1" type unreachable |
                sed 's/^unreachable \([^ ]*\) .*/\1/' | grep / | paste -sd ,)"
        [ "$ROUTES6_ARE" = "$2 and $2" ]
}
