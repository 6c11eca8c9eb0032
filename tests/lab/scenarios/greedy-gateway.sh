# A gateway that wants more than is its own: the client's LAN, link-local and multicast, addresses
# that are no host's, DNS servers and domains of others, and networks beside those of the profile.
# deadline: 300
scenario() {
        greedy_begin
        nm_profile ikev2
        gives_networks 192.0.2.0/24
        expect_greed_refused '192.0.2.0/24 of the gateway is in 192.0.2.0/24'
        gives_networks 169.254.0.0/16
        expect_greed_refused '169.254.0.0/16 of the gateway is link-local'
        gives_networks 224.0.0.0/4
        expect_greed_refused '224.0.0.0/4 of the gateway is multicast'
        gives_address 127.0.0.1
        expect_greed_refused 'cannot be ours: 127.0.0.1 is loopback'
        gives_address "$GATEWAY"
        expect_greed_refused "cannot be ours: $GATEWAY is its own"

        # What the profile names it gets, the LAN too; the rest of the answer is none of these.
        nm_profile ikev2 rightsubnet="$REMOTE_NET"
        gives_names
        nm_up
        expect_greed_left_out
        expect_pings 3
        nm_down
        expect_down

        nm_profile ikev1 cisco-unity=yes
        gives_names
        nm_up
        expect_greed_left_out
        expect_pings 3
        nm_down
        expect_down
        greedy_splits
        rm -f "$GW_ROOT/etc/strongswan.d/zzz-unity.conf"
}

greedy_begin() {
        printf 'charon-systemd { cisco_unity = yes }\n' > "$GW_ROOT/etc/strongswan.d/zzz-unity.conf"
}

# Networks that it sends beside the profile's (IKEv1). Libreswan 4 negotiates the first of them that
# is another in the place of the profile's; that of Debian 13 ignores them all.
greedy_splits() {
        local four=no
        ! plain_is_4 || four=yes
        gives_networks "8.8.8.0/24,192.0.2.0/24,127.0.0.0/8,224.0.0.0/4,$REMOTE_NET,172.16.0.0/12"
        nm_journal_mark
        if [ "$four" = yes ]; then
                expect_greed_refused '8.8.8.0/24 of the gateway is outside of rightsubnet'
        else
                greedy_up_with_remote_net
        fi
        gives_networks "$REMOTE_NET,198.18.0.0/24"
        if [ "$four" = yes ]; then
                expect_greed_refused '198.18.0.0/24 of the gateway is outside of rightsubnet'
        else
                greedy_up_with_remote_net
        fi

        # The profile asks for more than what it sends: that alone, and it carries it.
        nm_profile ikev1 cisco-unity=yes rightsubnet=10.20.0.0/16
        gives_networks "$REMOTE_NET"
        nm_up
        expect_pings 3
        expect_lan_is_ours
        nm_down
        expect_down
}

greedy_up_with_remote_net() {
        nm_up
        nm_look
        expect_equal "IP4.ROUTE" "dst = $REMOTE_NET, nh = 0.0.0.0, mt = 50" "$(nm_saw IP4.ROUTE)"
        expect_lan_is_ours
        nm_down
        expect_down
}

gives_networks() {
        gw_fresh local_ts="$1"
}

# gives_address ADDRESS: to whoever comes.
gives_address() {
        gw_clear
        gw_configure local_ts=0.0.0.0/0
        sed -i "s,addrs = 10\.30\.1\.0/24,addrs = $1-$1," "$GW_ROOT/etc/swanctl/swanctl.conf"
        gw_start
}

gives_names() {
        nm_journal_mark
        gw_fresh dns="$GW_DNS, 127.0.0.1, 169.254.169.254, 8.8.8.8" \
                domain="$GW_DOMAIN, com, localhost"
}

# expect_greed_refused LOG: 'up' fails with that reason, and neighbours are neighbours.
expect_greed_refused() {
        nm_journal_mark
        nm_try 40
        [ "$NM_EXIT" != 0 ] || fail "up, though '$1'"
        expect "no line of the service has: $1" journal_has "failed: .*$1"
        expect_lan_is_ours
        expect_down
        figure refused "$((NM_TOOK_US / 1000000))s"
}

expect_lan_is_ours() {
        expect_equal "the way to a neighbour" "192.0.2.77 dev uplink0 src $CLIENT_ADDRESS" \
                "$(ip -4 route get 192.0.2.77 | sed 's/ uid.*//; s/ *$//; q')"
        expect_equal "what refuses the neighbours" "" \
                "$(ip -4 route show table all type unreachable | grep '^unreachable 192\.0\.2\.')"
        expect_equal "the way of multicast" "" "$(ip -4 route get 224.0.0.251 | grep -o 'dev ipsec.*')"
}

# What is left of a gateway's answer that has DNS servers and domains of others in it.
expect_greed_left_out() {
        eventually 5 nm_shows_pool 1
        expect_equal "IP4.DNS" "$GW_DNS" "$(nm_saw IP4.DNS)"
        expect_equal "IP4.DOMAIN" "$GW_DOMAIN" "$(nm_saw IP4.DOMAIN)"
        expect "8.8.8.8 is left out without a word" \
                journal_has 'DNS server 8.8.8.8 is left out: it would be asked outside'
        expect "127.0.0.1 is left out without a word" \
                journal_has 'DNS server 127.0.0.1 is left out: it is loopback'
        expect "com is left out without a word" journal_has 'domain com is left out'
        expect_equal "words on 8.8.8.8" 1 "$(nm_journal | grep -c 'DNS server 8.8.8.8 is left out')"
        expect_lan_is_ours
}
