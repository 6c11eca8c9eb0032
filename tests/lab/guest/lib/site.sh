# Tunnels between fixed addresses, and those that wait for a packet.
# shellcheck shell=bash disable=SC2034

# What every site's profile has, beside its own keys.
SITE_KEYS=(leftid=@client.example leftmodecfgclient=no)
# Somebody else's route by the uplink, beside our networks.
SITE_OTHERS=198.51.100.0/24

# gw_site VERSION LINE...: a fresh gateway for one Child SA, without addresses
# to give away; the lines are its own.
gw_site() {
        local version=$1
        shift
        gw_fresh_with <<EOF
connections {
  site {
    version = $version
    local_addrs = $GATEWAY,$GATEWAY6
    proposals = $GW_IKE
    local { auth = psk
      id = gateway.example }
    remote { auth = psk }
    children { net {
      $(printf '%s\n' "$@")
      esp_proposals = $GW_ESP
    } }
  }
}
secrets {
  ike-any { secret = "$GW_PSK" }
}
EOF
}

# site_profile VERSION KEY=VALUE...
site_profile() {
        local version=$1
        shift
        case $version in
        # With an id of ours it would be the aggressive mode.
        1) set -- ikev2=never leftxauthclient=no leftid= "$@" ;;
        2) set -- ikev2=insist "$@" ;;
        esac
        nm_profile plain "${SITE_KEYS[@]}" "$@"
}

others_route_add() {
        ip route add "$SITE_OTHERS" via 192.0.2.1 dev uplink0
}

expect_others_route() {
        expect "somebody else's route is gone" \
                test -n "$(ip route show "$SITE_OTHERS" via 192.0.2.1 dev uplink0)"
}

others_route_remove() {
        expect_others_route
        ip route del "$SITE_OTHERS" via 192.0.2.1 dev uplink0
}

# lan_make: a network of our own, for a tunnel between two of them.
lan_make() {
        ip link add lan0 type dummy
        ip link set lan0 up
        ip addr add 10.30.77.1/24 dev lan0
}

lan_remove() {
        ip link del lan0
}

# two_nets_make: the gateway has a second address behind it, which makes it two
# networks to be joined with ours.
TWO_NETS=(10.20.0.0/25 10.20.0.128/25)
SECOND=10.20.0.129
two_nets_make() {
        lan_make
        ip -n gw addr add "$SECOND/24" dev remote0
}

# two_nets_end SECONDS: after a reset both come back, by SECONDS, and nothing is
# left after 'down'.
two_nets_end() {
        eventually "$1" journal_has 'reconnected after'
        eventually 30 pings_cross "$SECOND"
        eventually 30 pings_cross "$REMOTE"
        expect_never_left_activated
        expect_no_plaintext
        watch_stop
        nm_down
        ip -n gw addr del "$SECOND/24" dev remote0
        lan_remove
        expect_down
}

# expect_site MINE THEIRS [DIRECTIONS]: NetworkManager says activated, and soon
# the kernel has exactly pluto's policies (fwd, in and out if nothing else is
# said) and ours under them, for these nets and for what this host would send
# to THEIRS from another of its addresses.
expect_site() {
        expect_equal "state of the VPN" activated "$(nm_state)"
        wait_for 5 site_holds "$@" || fail "$KERNEL_LACKS"
        expect_private_files
}

site_holds() {
        local mine=$1 theirs=$2 wanted other
        wanted=$({
                site_policies "$mine" "$theirs" allow "${3:-fwd in out}"
                site_policies "$mine" "$theirs" block "fwd in out"
                for other in $(site_other_addresses "$mine" "$theirs"); do
                        site_policies "$other" "$theirs" block "fwd in out"
                done
        } | sort | paste -sd ,)
        KERNEL_LACKS="kernel policies: wanted '$wanted', got '$(kernel_policies | paste -sd ,)'"
        [ "$wanted" = "$(kernel_policies | paste -sd ,)" ] || return
        wanted="$CLIENT_ADDRESS $GATEWAY esp -,$GATEWAY $CLIENT_ADDRESS esp -"
        KERNEL_LACKS="kernel states: wanted '$wanted', got '$(kernel_states | paste -sd ,)'"
        # One without an SPI is the kernel's, for the packet that met the trap.
        [ "$wanted" = "$(kernel_states | awk '$4 !~ /^0x0*$/ { print $1, $2, $3, $5 }' | paste -sd ,)" ]
}

# site_other_addresses MINE THEIRS: those of this host that are in neither.
site_other_addresses() {
        local family=4 bits=32
        if [[ $2 = *:* ]]; then
                family=6 bits=128
        fi
        site_addresses "$family" | grep -vxF -e "$(site_addresses "$family" "$1")" \
                -e "$(site_addresses "$family" "$2")" | sed "s|\$|/$bits|"
}

# site_addresses 4|6 [NET]: those of this host's links, in NET.
site_addresses() {
        ip -o -"$1" addr show scope global ${2:+to "$2"} | awk '$2 != "lo" { sub("/.*", "", $4); print $4 }'
}

# site_policies MINE THEIRS ACTION DIRECTIONS: as kernel_policies says them.
site_policies() {
        local dir
        for dir in $4; do
                case $dir in
                out) echo "out $1 $2 $3 -" ;;
                *) echo "$dir $2 $1 $3 -" ;;
                esac
        done
}

# expect_route TARGET SOURCE: packets for TARGET come from SOURCE.
expect_route() {
        local route
        route=$(ip route get "$1")
        [[ $route = *" src $2 "* ]] || fail "the route to $1 is '$route'"
}

# site_reset TARGET: the gateway ends it under traffic; it comes back by itself,
# and nothing leaves in plaintext meanwhile.
site_reset() {
        watch_mark
        traffic_start 0.1 "$1"
        traffic_flows 10
        gw_reset site
        eventually 30 journal_has "reconnected after"
        traffic_flows 20
        traffic_stop
        expect_never_left_activated
        expect_no_plaintext
}

# service_killed: outright, and nothing of it stays.
service_killed() {
        kill -KILL "$(service_pid)"
        eventually 10 not nm_is_active
        eventually 15 world_is_clean
}

nm_is_active() {
        [ -n "$(nm_state)" ]
}

# expect_waiting: nobody says a word of IKE unless a packet comes.
expect_waiting() {
        local words
        words=$(wire_count ike_out)
        expect "it did not wait for a packet" not wait_for 3 ike_spoken "$words"
        expect_equal "the gateway's tunnels" "" "$(gw swanctl --list-sas 2> /dev/null)"
}

ike_spoken() {
        [ "$(wire_count ike_out)" -gt "$1" ]
}

# packets_bring_it_up: some pings may be lost until it is.
packets_bring_it_up() {
        eventually 30 a_ping_crosses
}

a_ping_crosses() {
        ping -n -q -c 1 -W 1 "$REMOTE" > /dev/null 2>&1
}
