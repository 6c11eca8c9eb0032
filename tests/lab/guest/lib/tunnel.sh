# What is true of a tunnel that is up, of one that failed, of one that is gone.
# shellcheck shell=bash

# tunnel_in_pool N: the link has an address of the gateway's pool N.
tunnel_in_pool() {
        [[ $(ip -o -4 addr show to "10.30.$1.0/24") = *ipsec* ]]
}

# expect_tunnel N: everything of a tunnel with an address of pool N, and
# nothing of any other.
expect_tunnel() {
        local address link
        eventually 5 tunnel_in_pool "$1"
        eventually 5 nm_shows_pool "$1"
        address=$(nm_saw IP4.ADDRESS)
        address=${address%/32}
        link=$(nm_link)
        expect_equal "state of the VPN" activated "$(nm_saw GENERAL.STATE)"
        expect_equal "the gateway's lease" "$address" "$(gw_leases)"
        expect_equal "addresses" "$link $address/32" "$(kernel_addresses)"
        expect_equal "IP4.ADDRESS" "$address/32" "$(nm_saw IP4.ADDRESS)"
        expect_equal "IP4.DNS" "$GW_DNS" "$(nm_saw IP4.DNS)"
        expect_equal "IP4.DOMAIN" "$GW_DOMAIN" "$(nm_saw IP4.DOMAIN)"
        [[ $(nm_saw IP4.ROUTE) = *"dst = $REMOTE_NET"* ]] ||
                fail "IP4.ROUTE lacks $REMOTE_NET: $(nm_saw IP4.ROUTE | paste -sd ';')"
        expect_routes "$address" "$link"
        eventually_kernel_holds "$address"
        expect_private_files
}

nm_shows_pool() {
        nm_look
        nm_saw IP4.ADDRESS | grep -q "^10\.30\.$1\.[0-9]*/32$"
}

# The remote network is on the link, from the new address, and no other lease
# is in any route.
expect_routes() {
        local address=$1 link=$2 route
        route=$(ip -4 route get "$REMOTE")
        case $route in
        *" dev $link"*" src $address "*) ;;
        *) fail "the route to $REMOTE is '$route'" ;;
        esac
        eventually_no_route_of_another_lease "$address"
        route=$(ip -4 route show "$REMOTE_NET" dev "$link")
        [[ $route = *"proto static"* ]] ||
                fail "the route to $REMOTE_NET is not NetworkManager's: '$route'"
}

# eventually_no_route_of_another_lease LEASE...: an unreachable route behind one of the lease before
# goes when no route of the link has changed for a second.
eventually_no_route_of_another_lease() {
        wait_for 15 no_route_of_another_lease "$@" ||
                fail "routes of another lease: $(routes_of_another_lease "$@" | paste -sd ';')"
}

no_route_of_another_lease() {
        [ -z "$(routes_of_another_lease "$@")" ]
}

routes_of_another_lease() {
        ip route show table all | grep -E '10\.30\.|2001:db8:30:' |
                grep -v -w -F "$(printf '%s\n' "$@")"
}

expect_private_files() {
        local dir=/run/nm-libreswan/$PROFILE_UUID
        expect "$dir is missing" test -d "$dir"
        expect_equal "mode of $dir" "700 root" "$(stat -c '%a %U' "$dir")"
}

# expect_pings COUNT [TARGET]: all cross, inside ESP that the gateway counts.
expect_pings() {
        local before inner
        before=$(gateway_count esp_seen)
        inner=$(gateway_count inner_seen)
        ping -n -q -c "$1" -i 0.1 -W 2 "${2:-$REMOTE}" > "$LAB_LOG/pings" 2>&1 ||
                fail "pings do not cross: $(grep transmitted "$LAB_LOG/pings")"
        expect "the gateway did not count $1 ESP packets" \
                test "$(($(gateway_count esp_seen) - before))" -ge "$1"
        expect "the gateway did not take $1 packets out of ESP" \
                test "$(($(gateway_count inner_seen) - inner))" -ge "$1"
        expect_no_plaintext
}

# expect_down: 'down' was asked; nothing of the tunnel is left.
expect_down() {
        world_cleans 10 || fail "left behind: $WORLD_DIRT"
        wait_for 5 nm_has_no_more_vpn_dns || fail "NetworkManager keeps DNS servers: $(nm_dns)"
        wait_for 5 gw_forgot || fail "the gateway was not told: $(gw_leases)"
}

gw_forgot() {
        [ -z "$(gw_leases)" ]
}

# expect_refused SECONDS login|connect ATTEMPTS LOG: 'up' fails within SECONDS
# with that reason, after that many attempts on the wire, with a line in the
# journal that has LOG, and nothing stays.
expect_refused() {
        local began
        watch_start
        began=$(now_us)
        nm_try 90
        figure refused "$(seconds_since "$began")s"
        expect_equal "nmcli's exit code" 4 "$NM_EXIT"
        [ "$NM_TOOK_US" -lt "$(($1 * 1000000))" ] ||
                fail "it took $((NM_TOOK_US / 1000000)) s to fail, allowed are $1"
        case $2 in
        login)
                expect_equal "the plugin's failure" 0 "$(watch_failure)"
                # nmcli's words for NM_ACTIVE_CONNECTION_STATE_REASON_LOGIN_FAILED.
                [[ $NM_SAID = *"Invalid secrets"* ]] ||
                        fail "nmcli does not say that the login failed: $NM_SAID"
                ;;
        connect) expect_equal "the plugin's failure" 1 "$(watch_failure)" ;;
        esac
        expect "no line in the journal has: $4" journal_has "$4"
        expect_down
        [ "$3" = any ] || expect_attempts "$3"
        watch_stop
}

# expect_hands_off WORD: refused at once, before anything was started or sent,
# with a line in the journal that names the other.
expect_hands_off() {
        nm_try 30
        expect_equal "nmcli's exit code" 4 "$NM_EXIT"
        expect "it took $((NM_TOOK_US / 1000000)) s to refuse" test "$NM_TOOK_US" -lt 20000000
        expect "the journal does not name the other: $1" journal_has "$1"
        expect_equal "IKE packets" 0 "$(wire_count ike_out)"
        expect "pluto runs" not pgrep -x pluto
        expect_equal "interfaces" "" "$(nm_link)"
        expect "a run directory was left" not test -e "/run/nm-libreswan/$PROFILE_UUID"
}
