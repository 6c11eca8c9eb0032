# The neighbour's half of the bench: charon-nm, IKEv2 with a PSK.
# deadline: 900
scenario() {
        local round
        for ((round = 1; round <= BENCH_ROUNDS; round++)); do
                neighbour_round
        done
}

value() {
        note "$1 $2"
        printf '%s %s\n' "$1" "$2" >> "$LAB_LOG/values"
}

neighbour_round() {
        gw_fresh
        neighbour_profile
        nm_try 60
        [ "$NM_EXIT" = 0 ] || fail "nmcli connection up: $NM_SAID"
        value up-ikev2-neighbour "$((NM_TOOK_US / 1000000)).$(printf %03d $((NM_TOOK_US / 1000 % 1000)))"
        wire_reset
        traffic_start
        traffic_flows 5
        gw_switch_pool 2
        gw_reset ikev2
        eventually 20 neighbour_in_pool 2
        traffic_flows 20
        traffic_stop
        value change-ikev2-neighbour "$TRAFFIC_OUTAGE"
        value leaked-ikev2-neighbour "$(wire_count plain_out)"
        nmcli connection down "$PROFILE" > /dev/null
        pkill -x charon-nm
}

neighbour_in_pool() {
        [ -n "$(ip -o -4 addr show to "10.30.$1.0/24")" ]
}

neighbour_profile() {
        (
                umask 077
                cat > "$PROFILE_FILE" <<EOF
[connection]
id=$PROFILE
uuid=$PROFILE_UUID
type=vpn
autoconnect=false

[vpn]
service-type=org.freedesktop.NetworkManager.strongswan
address=$GATEWAY
remote-identity=gateway.example
method=psk
user=client.example
local-identity=client.example
virtual=yes
encap=no
ipcomp=no
password-flags=0

[vpn-secrets]
password=$GW_PSK

[ipv4]
method=auto

[ipv6]
method=auto
EOF
        )
        nmcli connection load "$PROFILE_FILE"
}
