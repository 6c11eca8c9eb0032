# Tunnels of other shapes than one lease and one network of IPv4: a gateway for
# each, and what is true of them.
# shellcheck shell=bash

# Behind the gateway, but in no network that a profile names.
ELSEWHERE=10.99.0.1
ELSEWHERE6=2001:db8:99::1
# A second network behind the gateway, and a third.
SECOND=10.21.0.1
THIRD=10.22.0.1
GW_DNS6=2001:db8:20::53

# shape_world: the hosts behind the gateway that only these scenarios need, and
# a counter of whatever the client sends to anybody but the gateway's IKE and
# ESP. The internet knows the way to all of them, so a leak is answered.
shape_world() {
        local host
        for host in "$SECOND" "$THIRD" "$ELSEWHERE"; do
                ip -n gw addr replace "$host/24" dev remote0
                ip -n net route replace "${host%.*}.0/24" via "$GATEWAY"
        done
        ip -n gw addr replace "$ELSEWHERE6/64" dev remote0
        ip -n net route replace 2001:db8:99::/64 via "$GATEWAY6"
        net nft -f - <<'EOF'
table inet stray { }
delete table inet stray
table inet stray {
        counter stray { }
        chain seen {
                type filter hook prerouting priority -190; policy accept;
                iifname != "access0" accept
                meta l4proto esp accept
                udp dport { 500, 4500 } accept
                ip daddr { 192.0.2.0/24, 224.0.0.0/4, 255.255.255.255 } accept
                ip6 daddr { fe80::/10, ff00::/8, 2001:db8:1::/64 } accept
                meta protocol { ip, ip6 } counter name stray
        }
}
EOF
}

expect_no_stray() {
        expect_equal "packets past the tunnel" 0 "$(
                net nft list counter inet stray stray | sed -n 's/.*packets \([0-9]*\) .*/\1/p')"
}

# shape_conf SETTING... CHILD=NETWORKS...: a swanctl.conf on standard output.
# Settings: version=1|2, pool=N, outside=4|6, inside=4|6|46; everything else is
# a Child SA's name and the networks that the gateway offers in it.
shape_conf() {
        local version=2 pool=1 outside=4 inside=4 child=() setting n
        for setting; do
                case $setting in
                version=* | pool=* | outside=* | inside=*)
                        printf -v "${setting%%=*}" '%s' "${setting#*=}"
                        ;;
                *) child+=("$setting") ;;
                esac
        done
        echo "connections { shape {"
        echo "  version = $version"
        echo "  aggressive = no"
        case $outside in
        4) echo "  local_addrs = $GATEWAY" ;;
        6) echo "  local_addrs = $GATEWAY6" ;;
        esac
        echo "  proposals = $GW_IKE"
        case $inside in
        4) echo "  pools = four$pool" ;;
        6) echo "  pools = six$pool" ;;
        46) echo "  pools = four$pool, six$pool" ;;
        esac
        echo "  local { auth = psk
          id = gateway.example }"
        echo "  remote { auth = psk }"
        [ "$version" = 2 ] || echo "  remote-xauth { auth = xauth }"
        echo "  children {"
        for setting in "${child[@]}"; do
                echo "    ${setting%%=*} {"
                echo "      local_ts = ${setting#*=}"
                echo "      esp_proposals = $GW_ESP }"
        done
        echo "  } } }"
        echo "pools {"
        for n in {1..3}; do
                echo "  four$n { addrs = 10.30.$n.0/24
                  dns = $GW_DNS
                  $([ "$version" = 2 ] && echo 25 || echo 28674) = $GW_DOMAIN }"
                echo "  six$n { addrs = 2001:db8:30:$n::/120
                  dns = $GW_DNS6 }"
        done
        echo "}"
        echo "secrets {"
        echo "  ike-any { secret = \"$GW_PSK\" }"
        echo "  xauth-user { id = $GW_USER
          secret = \"$GW_PASSWORD\" }"
        echo "}"
}

# shape_gateway AS-SHAPE_CONF...: the world with that gateway.
shape_gateway() {
        shape_world
        gw_fresh_with < <(shape_conf "$@")
}

# shape_reload AS-SHAPE_CONF...: takes effect for the next negotiation.
shape_reload() {
        shape_conf "$@" > "$GW_ROOT/etc/swanctl/swanctl.conf"
        gw swanctl --load-conns > /dev/null 2>&1 || fail "the gateway refused its configuration"
}

# expect_shape CHILDREN PAIR...: up, with just these pairs of nets in that many
# Child SAs. PAIR is OURS=THEIRS, in the order of kernel_policies; those of ours
# that are addresses are the leases. OUTSIDE=6 where the gateway's is IPv6.
expect_shape() {
        local children=$1 link id pair ours theirs leases=()
        shift
        for pair; do
                ours=${pair%%=*}
                case " ${leases[*]} " in
                *" $ours "*) ;;
                *) [[ $ours = */* ]] || leases+=("$ours") ;;
                esac
        done
        link=$(nm_link)
        id=$(printf '0x%x' "${link#ipsec}")
        eventually 10 shape_has_addresses "$link" "${leases[@]}"
        eventually 5 shape_nm_shows "${leases[@]}"
        expect_equal "state of the VPN" activated "$(nm_saw GENERAL.STATE)"
        expect_equal "the gateway's leases" "$(printf '%s\n' "${leases[@]}" | sort | paste -sd ' ')" \
                "$(gw_leases | tr -s ' ' '\n' | sort | paste -sd ' ')"
        for pair; do
                shape_expect_route "$link" "${pair%%=*}" "${pair#*=}" "${leases[@]}"
        done
        SHAPE_POLICIES=$(for pair; do
                ours=${pair%%=*} theirs=${pair#*=}
                [[ $ours = */* ]] || ours=$(shape_whole "$ours")
                echo "fwd $theirs $ours allow $id"
                echo "in $theirs $ours allow $id"
                echo "out $ours $theirs allow $id"
        done | sort)
        wait_for 3 shape_kernel_holds "$children" "$id" || fail "$KERNEL_LACKS"
        expect_private_files
}

# shape_whole ADDRESS: with its whole prefix.
shape_whole() {
        case $1 in
        *:*) echo "$1/128" ;;
        *) echo "$1/32" ;;
        esac
}

# Both families' addresses of the link that are not of the link's own making.
shape_addresses() {
        ip -o addr show dev "$1" scope global | awk '{ print $4 }' | sort
}

shape_wanted_addresses() {
        local lease
        for lease; do
                shape_whole "$lease"
        done | sort
}

shape_has_addresses() {
        local link=$1
        shift
        [ "$(shape_addresses "$link")" = "$(shape_wanted_addresses "$@")" ]
}

shape_nm_shows() {
        nm_look
        [ "$({ nm_saw IP4.ADDRESS; nm_saw IP6.ADDRESS; } | grep -v '^fe80:' | sort)" = \
                "$(shape_wanted_addresses "$@")" ]
}

# shape_expect_route LINK OURS THEIRS LEASE...: NetworkManager's route to THEIRS
# is on LINK, and what takes it comes from a lease.
shape_expect_route() {
        local link=$1 ours=$2 theirs=$3 family=-4 route lease
        shift 3
        [[ $theirs != *:* ]] || family=-6
        route=$(ip "$family" route show "$theirs" dev "$link")
        [[ $route = *"proto static"* ]] ||
                fail "the route to $theirs is not NetworkManager's: '$route'"
        for lease; do
                [[ $family = -6 && $lease != *:* || $family = -4 && $lease = *:* ]] || ours=$lease
        done
        # The network's second address is a host for this purpose.
        [[ $theirs != */0 ]] || theirs=$([ "$family" = -6 ] && echo "$ELSEWHERE6" || echo "$ELSEWHERE")
        route=$(ip "$family" route get "${theirs%/*}")
        [[ $route = *" dev $link"*" src $ours "* ]] || fail "the route to $theirs is '$route'"
}

# shape_kernel_holds CHILDREN ID
shape_kernel_holds() {
        local wanted states
        KERNEL_LACKS="kernel policies: wanted '$(echo "$SHAPE_POLICIES" | paste -sd ,)', got"
        KERNEL_LACKS+=" '$(kernel_policies | paste -sd ,)'"
        [ "$SHAPE_POLICIES" = "$(kernel_policies)" ] || return
        if [ "${OUTSIDE:-4}" = 6 ]; then
                wanted="$1 $CLIENT_ADDRESS6 $GATEWAY6 esp $2,$1 $GATEWAY6 $CLIENT_ADDRESS6 esp $2"
        else
                wanted="$1 $CLIENT_ADDRESS $GATEWAY esp $2,$1 $GATEWAY $CLIENT_ADDRESS esp $2"
        fi
        states=$(kernel_states | awk '{ print $1, $2, $3, $5 }' | sort | uniq -c | sed 's/^ *//' |
                paste -sd ,)
        KERNEL_LACKS="kernel states: wanted '$wanted', got '$states'"
        [ "$wanted" = "$states" ]
}

# shape_pings HOST...: five each; all cross, inside ESP that the gateway counts.
shape_pings() {
        local host before inner
        for host; do
                before=$(gateway_count esp_seen)
                inner=$(gateway_count inner_seen)
                ping -n -q -c 5 -i 0.1 -W 2 "$host" > "$LAB_LOG/pings" 2>&1 ||
                        fail "pings to $host do not cross: $(grep transmitted "$LAB_LOG/pings")"
                expect "pings to $host did not come in ESP" \
                        test "$(($(gateway_count esp_seen) - before))" -ge 5
                expect "pings to $host did not come out of ESP" \
                        test "$(($(gateway_count inner_seen) - inner))" -ge 5
        done
        expect_no_plaintext
}

# also_start HOST: pings beside those of traffic_start.
also_start() {
        LC_ALL=C ping -n -D -i 0.2 "$1" > "$LAB_LOG/ping-also" 2>&1 &
        ALSO_PID=$!
}

# also_stop SECONDS: ends them; they were not without an answer for that long.
also_stop() {
        local worst
        kill -INT "$ALSO_PID"
        wait "$ALSO_PID"
        worst=$(sed -n 's/.*icmp_seq=\([0-9]*\) ttl.*/\1/p' "$LAB_LOG/ping-also" | sort -nu |
                awk '{ if ($1 - last - 1 > worst) worst = $1 - last - 1; last = $1 }
                        END { printf "%.1f", worst / 5 }')
        figure also "${worst}s"
        awk -v outage="$worst" -v allowed="$1" 'BEGIN { exit !(outage < allowed) }' ||
                fail "$worst s without the other traffic"
}

shape_has_lease() {
        ip -o addr show dev "$(nm_link)" 2> /dev/null | grep -q -F " $1"
}

# shape_change LEASE SETTINGS...: the gateway is another from now on, and resets
# the tunnel; returns when the link has LEASE.
shape_change() {
        local lease=$1
        shift
        shape_reload "$@"
        gw_reset shape
        eventually 20 shape_has_lease "$lease"
}

# expect_gateway_outside: the gateway itself is reached by the uplink.
expect_gateway_outside() {
        [[ $(ip route get "$1") = *" dev uplink0 "* ]] ||
                fail "the gateway is reached by '$(ip route get "$1" | head -n 1)'"
}
