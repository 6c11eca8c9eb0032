# Several connections at once: the profiles c1, c2, ... to as many addresses of the gateway. The
# connection K is from the leases 10.30.(40+K).0/24 to the network 10.(100+K).0.0/24, but that of 3 is
# the network of 2. What is otherwise in a scenario is in these, by K.
# shellcheck shell=bash disable=SC2034
declare -A SEVERAL_NET SEVERAL_LEASES
# Which nobody has at first.
SEVERAL_SPARE=99

# several_gateways N: with IKEv2 and IKEv1 at each address.
several_gateways() {
        local k
        for ((k = 1; k <= $1; k++)); do
                [ "$k" = 1 ] || ip -n gw addr add "$(several_gateway "$k")/24" dev wan0
                ip -n gw addr add "$(several_remote "$k")/24" dev remote0 2> /dev/null
        done
        several_conf $(seq "$1") | gw_fresh_with
}

# several_conf K...: the swanctl.conf of these.
several_conf() {
        local k version
        {
                echo "connections {"
                for k; do
                        for version in 1 2; do
                                several_connection "$k" "$version"
                        done
                done
                echo "}"
                echo "pools {"
                for k; do
                        printf '  p%d { addrs = 10.30.%d.0/24 }\n' "$((40 + k))" "$((40 + k))"
                done
                printf '  p%d { addrs = 10.30.%d.0/24 }\n' "$SEVERAL_SPARE" "$SEVERAL_SPARE"
                echo "}"
                echo "secrets {"
                echo "  ike-any { secret = \"$GW_PSK\" }"
                echo "  xauth-user { id = $GW_USER"
                echo "    secret = \"$GW_PASSWORD\" }"
                echo "}"
        }
}

# several_reload N: what has become otherwise holds for the next negotiations.
several_reload() {
        several_conf $(seq "$1") > "$GW_ROOT/etc/swanctl/swanctl.conf"
        gw swanctl --load-conns > /dev/null 2>&1 || fail "the gateway refused its configuration"
}

# several_reset K VERSION
several_reset() {
        gw_reset "k$1v$2"
}

several_connection() {
        cat <<EOC
  k$1v$2 {
    version = $2
    local_addrs = $(several_gateway "$1")
    proposals = $GW_IKE
    pools = p$(several_leases "$1")
    unique = never
    local { auth = psk
      id = gateway.example }
    remote { auth = psk }
    $([ "$2" = 2 ] || echo "remote-xauth { auth = xauth }")
    children { net {
      local_ts = $(several_net "$1")
      esp_proposals = $GW_ESP
    } }
  }
EOC
}

several_gateway() {
        printf '203.0.113.%d\n' "$1"
}

several_net() {
        printf '%s\n' "${SEVERAL_NET[$1]:-10.$((100 + ($1 == 3 ? 2 : $1))).0.0/24}"
}

# several_leases K: N of 10.30.N.0/24.
several_leases() {
        printf '%s\n' "${SEVERAL_LEASES[$1]:-$((40 + $1))}"
}

several_remote() {
        printf '10.%d.0.1\n' "$((100 + ($1 == 3 ? 2 : $1)))"
}

# several_gateways_end N
several_gateways_end() {
        local k
        for ((k = 1; k <= $1; k++)); do
                [ "$k" = 1 ] || ip -n gw addr del "$(several_gateway "$k")/24" dev wan0
                ip -n gw addr del "$(several_remote "$k")/24" dev remote0 2> /dev/null
        done
}

# several_far_start K ADDRESS: the gateway of the connection K is libreswan, at ADDRESS, a host behind the
# first gateway. What that would have to send by a tunnel that is just being deleted it does not
# send in plaintext.
several_far_start() {
        local subnet pool domains=$GW_DOMAIN
        subnet=$(several_net "$1")
        pool=$(several_leases "$1")
        SWAN_SPACE=far
        SWAN_GATEWAY=$2
        ip netns add far
        ip -n far link set lo up
        net_link gw far0 far wan0
        ip -n gw route add "$2" dev far0
        ip -n far addr add "$2" peer "$REMOTE" dev wan0
        ip -n far route add default via "$REMOTE"
        ip -n far addr add "$(several_remote "$1")/24" dev lo
        ip netns exec gw nft -f - <<EOT
table inet gateway {
        chain far {
                type filter hook forward priority 0; policy accept;
                iifname "far0" ip daddr $LEASES rt ipsec missing drop
        }
}
EOT
        {
                swan_setup
                swan_conn ikev2
        } | swan_start_with
}

several_far_end() {
        swan_kill
        ip netns del far
}

# several_profile K KIND KEY=VALUE...
several_profile() {
        local k=$1 kind=$2 id=leftid=@c$1.example
        local PROFILE=c$k PROFILE_FILE=${PROFILE_FILE%/*}/c$k.nmconnection uuid
        uuid=$(several_uuid "$k")
        local PROFILE_UUID=$uuid
        if [ "$kind" != ikev2 ]; then
                id=rightsubnet=$(several_net "$k")
        fi
        shift 2
        nm_profile "$kind" "right=$(several_gateway "$k")" "$id" "$@"
}

several_uuid() {
        printf '%s9%03d\n' "${PROFILE_UUID%????}" "$1"
}

# several_up K...
several_up() {
        local k
        for k; do
                PROFILE=c$k nm_up "up$k"
                eventually 10 several_has_lease "$k"
        done
}

several_is_gone() {
        [ ! -e "/run/nm-libreswan/$(several_uuid "$1")" ]
}

several_has_lease() {
        [ -n "$(several_link "$1")" ]
}

# several_down K...
several_down() {
        local k
        for k; do
                nmcli --wait 30 connection down "c$k" > "$LAB_LOG/down" 2>&1 ||
                        fail "c$k does not go down: $(cat "$LAB_LOG/down")"
                # Its service goes with it.
                eventually 10 several_is_gone "$k"
        done
}

# The interface of the connection K, and its address.
several_link() {
        ip -o -4 addr show to "10.30.$(several_leases "$1").0/24" | awk '{ print $2 }'
}

several_lease() {
        ip -o -4 addr show to "10.30.$(several_leases "$1").0/24" | awk '{ sub("/.*", "", $4); print $4 }'
}

several_state() {
        nmcli -g GENERAL.STATE connection show "c$1" 2> /dev/null
}

# several_crosses K: two pings by its own interface.
several_crosses() {
        ping -n -q -c 2 -i 0.2 -W 1 -I "$(several_link "$1")" "$(several_remote "$1")" > /dev/null 2>&1
}

# several_carry K...
several_carry() {
        local k
        for k; do
                expect "c$k does not carry" several_crosses "$k"
        done
}

# several_ping_start K, several_ping_stop K: all the while, ten per second.
several_ping_start() {
        ping -n -i 0.1 -I "$(several_link "$1")" "$(several_remote "$1")" > "$LAB_LOG/ping-c$1" 2>&1 &
        SEVERAL_PINGS[$1]=$!
}
declare -A SEVERAL_PINGS

several_ping_stop() {
        kill -INT "${SEVERAL_PINGS[$1]}"
        wait "${SEVERAL_PINGS[$1]}"
        note "ping of c$1: $(grep transmitted "$LAB_LOG/ping-c$1")"
}

# expect_no_ping_lost K: after several_ping_stop.
expect_no_ping_lost() {
        expect "c$1 has lost a ping" grep -q ' 0% packet loss' "$LAB_LOG/ping-c$1"
}

# several_pluto K, several_service K: its processes, by the run directory.
several_pluto() {
        pgrep -f "^[^ ]*/pluto .*--rundir /run/nm-libreswan/$(several_uuid "$1") "
}

several_service() {
        local parent
        parent=$(several_pluto "$1")
        ps -o ppid= -p "$parent" | tr -d ' '
}

# several_outage K: for how many seconds no ping came back, after several_ping_stop.
several_outage() {
        sed -n 's/^\([0-9]*\) packets transmitted, \([0-9]*\) received.*/\1 \2/p' "$LAB_LOG/ping-c$1" |
        awk '{ printf "%.1f\n", ($1 - $2) / 10 }'
}

# several_ports K: the UDP ports of its pluto at the address that it listens on.
several_ports() {
        local pluto
        pluto=$(several_pluto "$1")
        ss -H -u -a -n -p | sed -n "s/.* [0-9.]*:\([0-9]*\) .*\"pluto\",pid=$pluto,.*/\1/p" |
        sort -n | paste -sd ' '
}

# several_leave N K...: down with these, and away with N gateways, of which some were not told of
# what was killed.
several_leave() {
        local n=$1
        shift
        several_down "$@"
        several_end "$@"
        several_gateways_end "$n"
        world_cleans 10 || fail "left behind: $WORLD_DIRT"
        gw_fresh
}

# several_end K...: away with the profiles.
several_end() {
        local k
        for k; do
                nmcli connection delete "c$k" > /dev/null
        done
}
