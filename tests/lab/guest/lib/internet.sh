# A host of the internet, which is reached through the gateway and without it, and
# tunnels for everything.
# shellcheck shell=bash disable=SC2034

INTERNET4=198.18.0.1
INTERNET6=2001:db8:99::1

# internet_begin: it stands behind the gateway, and net routes to it; net counts
# what the client says to it, and to the gateway itself, in plaintext. What came by
# a tunnel that is just being deleted is not answered in plaintext.
internet_begin() {
        internet_end
        ip -n gw addr add "$INTERNET4/32" dev remote0
        ip -n gw addr add "$INTERNET6/128" dev remote0
        ip -n net route add "$INTERNET4" via "$GATEWAY"
        ip -n net route add "$INTERNET6" via "$GATEWAY6"
        net nft -f - <<EOT
table inet internet {
        counter host { }
        counter gateway { }
        chain seen {
                type filter hook prerouting priority -200; policy accept;
                iifname "access0" ip daddr $INTERNET4 counter name host
                iifname "access0" ip6 daddr $INTERNET6 counter name host
                iifname "access0" ip daddr $GATEWAY icmp type echo-request counter name gateway
                iifname "access0" ip6 daddr $GATEWAY6 icmpv6 type echo-request counter name gateway
        }
}
EOT
        ip netns exec gw nft -f - <<EOT
table inet internet {
        chain answers {
                type filter hook output priority 0; policy accept;
                ip saddr $INTERNET4 ip daddr $LEASES rt ipsec missing drop
                ip6 saddr $INTERNET6 ip6 daddr $LEASES6 rt ipsec missing drop
        }
}
EOT
}

# internet_end: whatever is there of it goes.
internet_end() {
        net nft delete table inet internet 2> /dev/null
        ip netns exec gw nft delete table inet internet 2> /dev/null
        ip -n net route del "$INTERNET4" 2> /dev/null
        ip -n net route del "$INTERNET6" 2> /dev/null
        ip -n gw addr del "$INTERNET4/32" dev remote0 2> /dev/null
        ip -n gw addr del "$INTERNET6/128" dev remote0 2> /dev/null
}

# internet_count host|gateway: packets in plaintext since internet_begin.
internet_count() {
        net nft list counter inet internet "$1" | sed -n 's/.*packets \([0-9]*\) .*/\1/p'
}

# internet_host FAMILY: its address.
internet_host() {
        [ "$1" = 6 ] && echo "$INTERNET6" || echo "$INTERNET4"
}

# expect_outside FAMILY: the internet is reached by the uplink as ever.
expect_outside() {
        local target esp outside
        target=$(internet_host "$1")
        esp=$(gateway_count esp_seen)
        outside=$(internet_count host)
        [[ $(ip route get "$target") = *" dev uplink0 "* ]] ||
                fail "the route to $target is '$(ip route get "$target")'"
        ping -n -q -c 3 -i 0.1 -W 2 "$target" > "$LAB_LOG/pings" 2>&1 ||
                fail "pings do not cross: $(grep transmitted "$LAB_LOG/pings")"
        expect_equal "packets to $target by the uplink" 3 "$(($(internet_count host) - outside))"
        expect_equal "packets to $target in ESP" 0 "$(($(gateway_count esp_seen) - esp))"
}

# expect_gateway_outside: the gateway itself is spoken to without the tunnel.
expect_gateway_outside() {
        local outside
        outside=$(internet_count gateway)
        ping -n -q -c 3 -i 0.1 -W 2 "$(inside_gateway)" > "$LAB_LOG/pings" 2>&1 ||
                fail "the gateway does not answer: $(grep transmitted "$LAB_LOG/pings")"
        expect_equal "pings to the gateway outside of the tunnel" 3 \
                "$(($(internet_count gateway) - outside))"
}

# expect_full: of each family inside, everything goes into the tunnel: by the
# default route, from the gateway's address, and the internet answers through ESP.
expect_full() {
        local family target
        for family in $INSIDE_FAMILIES; do
                target=$(internet_host "$family")
                expect "the default route is not the tunnel's" internet_default "$family"
                expect_pings 5 "$target"
        done
        expect_gateway_outside
        expect_equal "packets to the internet in plaintext" 0 "$(internet_count host)"
}

# The first of the default routes is the link's, and its twin is before all others.
internet_default() {
        local lease
        lease=$(inside_lease "$1")
        expect_route_inside "$(internet_host "$1")" "$(nm_link)" "${lease%/*}"
        [[ $(ip "-$1" route show default | head -n 1) = *" dev $(nm_link) "* ]]
}

# full_story NAME: a tunnel for everything comes up, the gateway resets it and
# gives another address while pings go to the internet, it goes down.
full_story() {
        local family others
        others=$(internet_defaults)
        watch_start
        nm_up
        expect_inside 1
        expect_full
        watch_mark
        traffic_start 0.1 "$(internet_host "${INSIDE_FAMILIES##* }")"
        traffic_flows 10
        inside_change 2 "$1"
        traffic_flows 20
        traffic_stop
        expect_inside 2
        expect_full
        story_ends
        expect_equal "default routes afterwards" "$others" "$(internet_defaults)"
        for family in $INSIDE_FAMILIES; do
                expect_outside "$family"
        done
        internet_end
}

internet_defaults() {
        ip -4 route show default
        ip -6 route show default
}
