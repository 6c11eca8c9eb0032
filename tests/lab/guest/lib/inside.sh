# Road warriors of either address family, inside and outside, or of both inside.
# shellcheck shell=bash disable=SC2034

# What inside_fresh was told, for those that look at the tunnel afterwards.
INSIDE_FAMILIES=4
INSIDE_OUTER=4
INSIDE_NET4=
INSIDE_NET6=
INSIDE_DNS6=2001:db8:20::53

# inside_fresh KEY=VALUE...: a fresh gateway with the connections main (IKEv1) and
# ikev2; keys: families (of the addresses that it gives: 4, 6 or "4 6"), outer (the
# family outside), net4 and net6 (what is behind it).
inside_fresh() {
        local setting
        INSIDE_FAMILIES=4
        INSIDE_OUTER=4
        INSIDE_NET4=$REMOTE_NET
        INSIDE_NET6=$REMOTE_NET6
        for setting; do
                case $setting in
                families=*) INSIDE_FAMILIES=${setting#*=} ;;
                outer=*) INSIDE_OUTER=${setting#*=} ;;
                net4=*) INSIDE_NET4=${setting#*=} ;;
                net6=*) INSIDE_NET6=${setting#*=} ;;
                *) fail "inside_fresh: no such setting: $setting" ;;
                esac
        done
        inside_conf 1 | gw_fresh_with
}

# inside_conf N: swanctl.conf with the pools N.
inside_conf() {
        local n family
        echo "connections {"
        inside_conn main 1 "remote-xauth { auth = xauth }" "$1"
        inside_conn ikev2 2 "" "$1"
        echo "}"
        echo "pools {"
        for n in 1 2; do
                echo "  pool4n$n { addrs = 10.30.$n.0/24"
                echo "    dns = $GW_DNS }"
                echo "  pool6n$n { addrs = 2001:db8:30:$n::/64"
                echo "    dns = $INSIDE_DNS6 }"
        done
        echo "}"
        cat <<END
secrets {
  ike-any { secret = "$GW_PSK" }
  xauth-user { id = $GW_USER
    secret = "$GW_PASSWORD" }
}
END
}

# inside_conn NAME VERSION LINE N
inside_conn() {
        local pools='' nets='' family net
        for family in $INSIDE_FAMILIES; do
                net=INSIDE_NET$family
                pools+=${pools:+,}pool${family}n$4
                nets+=${nets:+,}${!net}
        done
        cat <<END
  $1 {
    version = $2
    local_addrs = $(inside_gateway)
    proposals = $GW_IKE
    pools = $pools
    local { auth = psk
      id = gateway.example }
    remote { auth = psk }
    $3
    children { net {
      local_ts = $nets
      esp_proposals = $GW_ESP
    } }
  }
END
}

# The outer addresses, the gateway's and ours.
inside_gateway() {
        [ "$INSIDE_OUTER" = 6 ] && echo "$GATEWAY6" || echo "$GATEWAY"
}

inside_client() {
        [ "$INSIDE_OUTER" = 6 ] && echo "$CLIENT_ADDRESS6" || echo "$CLIENT_ADDRESS"
}

# inside_change N NAME: the gateway resets connection NAME and gives addresses of
# the pools N from now on; returns when the link has them.
inside_change() {
        inside_conf "$1" > "$GW_ROOT/etc/swanctl/swanctl.conf"
        gw swanctl --load-creds --noprompt > /dev/null 2>&1
        gw swanctl --load-conns > /dev/null 2>&1 || fail "the gateway refused its configuration"
        gw_reset "$2"
        eventually 30 inside_in_pools "$1"
}

inside_in_pools() {
        local family
        for family in $INSIDE_FAMILIES; do
                [[ $(inside_lease "$family") = $(inside_pool "$family" "$1")* ]] || return
        done
}

# inside_pool FAMILY N: how addresses of that pool begin.
inside_pool() {
        [ "$1" = 6 ] && echo "2001:db8:30:$2:" || echo "10.30.$2."
}

# inside_lease FAMILY: the link's addresses of the gateway, with their prefixes.
inside_lease() {
        ip -o "-$1" addr show scope global | awk '$2 ~ /^ipsec/ { print $4 }' | paste -sd ' '
}

# expect_inside N: of each family the address of pool N, and no other, with the
# gateway, with NetworkManager and in the kernel; and exactly the policies and the
# two states of that one Child SA.
expect_inside() {
        local family link leases=() lease net wanted='' id
        eventually 10 inside_in_pools "$1"
        eventually 5 inside_is_shown
        expect_equal "state of the VPN" activated "$(nm_saw GENERAL.STATE)"
        link=$(nm_link)
        id=$(printf '0x%x' "${link#ipsec}")
        for family in $INSIDE_FAMILIES; do
                lease=$(inside_lease "$family")
                leases+=("${lease%/*}")
                net=INSIDE_NET$family
                net=${!net}
                [[ $(nm_saw "IP$family.ROUTE") = *"dst = $net,"* ]] ||
                        fail "IP$family.ROUTE lacks $net: $(nm_saw "IP$family.ROUTE" | paste -sd ';')"
                expect_route_inside "$(inside_remote "$family")" "$link" "${lease%/*}"
                lease=${lease%/*}/$([ "$family" = 6 ] && echo 128 || echo 32)
                wanted+="fwd $net $lease allow $id"$'\n'"in $net $lease allow $id"$'\n'
                wanted+="out $lease $net allow $id"$'\n'
        done
        expect_equal "the gateway's leases" "${leases[*]}" "$(gw_leases)"
        eventually_no_route_of_another_lease "${leases[@]}"
        wait_for 5 inside_holds "$(sort <<< "${wanted%$'\n'}" | paste -sd ,)" "$id" ||
                fail "$KERNEL_LACKS"
        expect_private_files
}

# inside_holds POLICIES ID
inside_holds() {
        local wanted=$1
        KERNEL_LACKS="kernel policies: wanted '$wanted', got '$(kernel_policies | paste -sd ,)'"
        [ "$wanted" = "$(kernel_policies | paste -sd ,)" ] || return
        wanted="$(inside_client) $(inside_gateway) esp $2,$(inside_gateway) $(inside_client) esp $2"
        KERNEL_LACKS="kernel states: wanted '$wanted', got '$(kernel_states | paste -sd ,)'"
        [ "$wanted" = "$(kernel_states | awk '{ print $1, $2, $3, $5 }' | paste -sd ,)" ]
}

# As the link has them, so NetworkManager shows them, beside the link's own fe80::.
inside_is_shown() {
        local family lease
        nm_look
        for family in 4 6; do
                lease=$(inside_lease "$family")
                [ "$lease" = "$(nm_saw "IP$family.ADDRESS" | grep -v '^fe80:')" ] || return
                # An address without its family's configuration would be one too many.
                [[ " $INSIDE_FAMILIES " = *" $family "* || -z $lease ]] || return
        done
}

# inside_remote FAMILY: a host behind the gateway.
inside_remote() {
        [ "$1" = 6 ] && echo "$REMOTE6" || echo "$REMOTE"
}

# expect_route_inside TARGET LINK SOURCE
expect_route_inside() {
        local route
        route=$(ip route get "$1")
        [[ $route = *" dev $2 "*"src $3 "* ]] || fail "the route to $1 is '$route'"
}

# Each host behind the gateway answers, through ESP.
expect_inside_pings() {
        local family
        for family in $INSIDE_FAMILIES; do
                expect_pings 5 "$(inside_remote "$family")"
        done
}

# inside_story NAME: the profile comes up; under traffic of each family the
# gateway resets it and gives other addresses.
inside_story() {
        local family pings=() first=${INSIDE_FAMILIES%% *}
        watch_start
        nm_up
        expect_inside 1
        expect_inside_pings
        watch_mark
        for family in ${INSIDE_FAMILIES#"$first"}; do
                ping -n -q -i 0.1 "$(inside_remote "$family")" > /dev/null 2>&1 &
                pings+=("$!")
        done
        traffic_start 0.1 "$(inside_remote "$first")"
        traffic_flows 10
        inside_change 2 "$1"
        traffic_flows 20
        traffic_stop
        [ "${#pings[@]}" = 0 ] || kill "${pings[@]}"
        expect_inside 2
        expect_inside_pings
        story_ends
}
