# The VPN's routes and their guards, as 'NET metric M,NET metric M'.
# shellcheck shell=bash

# routes_are TABLE ROUTES: NetworkManager's IPv4 routes on the VPN's link.
routes_are() {
        ROUTES_ARE=$(ip -4 route show table "$1" dev "$(nm_link)" proto static | routes_in_words)
        [ "$ROUTES_ARE" = "$2" ]
}

# guards_are TABLE ROUTES: the twins that refuse what has no route.
guards_are() {
        ROUTES_ARE=$(ip -4 route show table "$1" type unreachable | routes_in_words)
        [ "$ROUTES_ARE" = "$2" ]
}

routes_in_words() {
        sed 's/^unreachable //; s/^\([^ ]*\).*\(metric [0-9]*\).*/\1 \2/' | sort | paste -sd ,
}

# expect_guarded TABLE METRIC NET...: just these routes, each with its twin.
expect_guarded() {
        local table=$1 metric=$2 routes guards
        shift 2
        routes=$(printf "%s metric $metric\n" "$@" | sort | paste -sd ,)
        guards=$(printf "%s metric $((metric + 1))\n" "$@" | sort | paste -sd ,)
        wait_for 5 routes_are "$table" "$routes"
        expect_equal "routes of the VPN in table $table" "$routes" "$ROUTES_ARE"
        wait_for 5 guards_are "$table" "$guards"
        expect_equal "guards in table $table" "$guards" "$ROUTES_ARE"
}
