# DNS: a server behind the gateway, one of the uplink, and systemd-resolved in
# the client, which NetworkManager tells what to ask whom.
# shellcheck shell=bash

DNS_CONF=/etc/NetworkManager/conf.d/zz-dns.conf
RESOLVED_CONF=/run/systemd/resolved.conf.d/lab.conf
# What each of them answers, whatever the name.
GW_SAYS=10.20.0.99
UPLINK_SAYS=203.0.113.99

# dns_begin [GW_ADDRESS]...: every server runs, and NetworkManager uses resolved.
dns_begin() {
        local address
        DNS_BEGUN=yes
        dns_server net "$UPLINK_DNS" "$UPLINK_SAYS"
        for address in "${@:-$GW_DNS}"; do
                ip -n gw addr add "$address/32" dev remote0
                dns_server gw "$address" "$GW_SAYS"
        done
        mkdir -p "${RESOLVED_CONF%/*}"
        printf '[Resolve]\nFallbackDNS=\nDNSSEC=no\nLLMNR=no\nMulticastDNS=no\nCache=no\n' \
                > "$RESOLVED_CONF"
        systemctl start systemd-resolved || fail "systemd-resolved did not start"
        printf '[main]\ndns=systemd-resolved\nrc-manager=unmanaged\n' > "$DNS_CONF"
        nmcli general reload
        eventually 10 dns_link_asks uplink0 "$UPLINK_DNS"
}

# dns_server SPACE ADDRESS ANSWER: its log is LAB_LOG/dns.ADDRESS.
dns_server() {
        ip netns exec "$1" dnsmasq --keep-in-foreground --conf-file=/dev/null --no-resolv \
                --no-hosts --user=root --pid-file= --bind-interfaces --listen-address="$2" \
                --address="/#/$3" --log-queries --log-facility="$LAB_LOG/dns.$2" &
        wait_for 5 dns_server_runs "$2" || fail "no DNS server on $2"
}

dns_server_runs() {
        grep -qs started "$LAB_LOG/dns.$1"
}

# dns_end: as it was before dns_begin, whatever became of it.
dns_end() {
        DNS_BEGUN=
        pkill -KILL -x dnsmasq
        ip -n gw -o addr show dev remote0 to "$REMOTE_NET" | awk '$4 ~ /\/32$/ { print $4 }' |
        while read -r address; do
                ip -n gw addr del "$address" dev remote0
        done
        if [ -e "$DNS_CONF" ]; then
                rm -f "$DNS_CONF" "$RESOLVED_CONF"
                nmcli general reload
                systemctl stop systemd-resolved
        fi
}

# What dns_end has to take away; nothing between dns_begin and dns_end.
dns_dirt() {
        [ -z "${DNS_BEGUN:-}" ] || return 0
        pgrep -a -x dnsmasq | sed 's/^[0-9]* /process /'
        pgrep -x systemd-resolve | sed 's/.*/systemd-resolved runs/'
        [ ! -e "$DNS_CONF" ] || echo "file $DNS_CONF"
}

# What resolved has for a link: its servers, its domains.
dns_link_servers() {
        resolvectl dns "$1" 2> /dev/null | sed 's/^[^:]*: *//'
}

dns_link_domains() {
        resolvectl domain "$1" 2> /dev/null | sed 's/^[^:]*: *//'
}

dns_link_asks() {
        [ "$(dns_link_servers "$1")" = "$2" ]
}

# expect_dns_link SERVERS DOMAINS: resolved knows them for the VPN's link.
expect_dns_link() {
        local link
        link=$(nm_link)
        wait_for 5 dns_link_asks "$link" "$1"
        expect_equal "DNS servers of $link in resolved" "$1" "$(dns_link_servers "$link")"
        expect_equal "domains of $link in resolved" "$2" \
                "$(dns_link_domains "$link" | tr ' ' '\n' | sort | paste -sd ' ')"
}

# dns_answer NAME: the address that the client gets for it.
dns_answer() {
        resolvectl query -4 --legend=no "$1" 2>&1 |
        sed -n 's/^[^ ]*: \([0-9.]*\) .*/\1/p; s/.*resolve call failed: //p'
}

# dns_asked ADDRESS NAME: how often that server was asked for it.
dns_asked() {
        grep -c "query\[A\] $2 from" "$LAB_LOG/dns.$1"
}

# expect_asks_gateway NAME [ADDRESS]: it is asked through the tunnel, in ESP, and
# the uplink hears nothing of it.
expect_asks_gateway() {
        local name=$1 address=${2:-$GW_DNS} inner asked
        inner=$(gateway_count inner_seen)
        asked=$(dns_asked "$address" "$name")
        expect_equal "the answer for $name" "$GW_SAYS" "$(dns_answer "$name")"
        expect "the server $address was not asked for $name" \
                test "$(dns_asked "$address" "$name")" -gt "$asked"
        expect "the question for $name did not come out of ESP" \
                test "$(gateway_count inner_seen)" -gt "$inner"
        expect_equal "questions to the uplink for $name" 0 "$(dns_asked "$UPLINK_DNS" "$name")"
}

# expect_asks_uplink NAME: no server behind the gateway is asked for it.
expect_asks_uplink() {
        expect_equal "the answer for $1" "$UPLINK_SAYS" "$(dns_answer "$1")"
        expect_equal "questions to the gateway for $1" "" \
                "$(cat "$LAB_LOG"/dns.10.* | grep "query\[A\] $1 from")"
}
