# The first way to the internet with an address by DHCP; the second way, and how a client roams
# between the two.
# shellcheck shell=bash disable=SC2034

UPLINK_FILE=/etc/NetworkManager/system-connections/uplink.nmconnection
UPLINK1_FILE=/run/NetworkManager/system-connections/uplink1.nmconnection
DHCP_PID_FILE=/run/lab/dhcp.pid

# uplink_by_dhcp ROUTER: uplink0 has its usual address, from a DHCP server that names ROUTER.
uplink_by_dhcp() {
        net dnsmasq --port=0 --conf-file=/dev/null --user=root --pid-file="$DHCP_PID_FILE" \
                --interface=access0 --dhcp-range="$CLIENT_ADDRESS,$CLIENT_ADDRESS,1h" \
                --dhcp-option="option:router,$1" --dhcp-leasefile="$LAB_LOG/dhcp.leases" \
                --dhcp-authoritative --no-ping --log-dhcp --log-facility="$LAB_LOG/dhcp" ||
                fail "no DHCP server"
        sed '/^\[ipv4\]/,/^$/ { /^method=/s/=.*/=auto\nmay-fail=false/; /^address1=/d; /^dns=/d }' "$UPLINK_FILE" \
                > "$LAB_LOG/uplink.nmconnection"
        cp "$UPLINK_FILE" /run/lab/uplink.nmconnection
        uplink_becomes "$LAB_LOG/uplink.nmconnection"
}

# uplink_by_hand: and as it was before.
uplink_by_hand() {
        kill "$(cat "$DHCP_PID_FILE")" 2> /dev/null
        uplink_becomes /run/lab/uplink.nmconnection
        rm -f "$DHCP_PID_FILE" /run/lab/uplink.nmconnection
}

# uplink_becomes FILE: uplink is activated with what FILE has.
uplink_becomes() {
        cat "$1" > "$UPLINK_FILE"
        nmcli connection load "$UPLINK_FILE" || fail "NetworkManager does not take uplink"
        nmcli --wait 20 connection up uplink > /dev/null || fail "uplink does not come up"
}

# uplink_add [6]: uplink1 comes up beside uplink0, which stays the better one; with
# IPv6 alone.
# shellcheck disable=SC2120
uplink_add() {
        local ip4=manual
        [ "${1:-}" != 6 ] || ip4=disabled
        nmcli device set uplink1 managed yes
        # NetworkManager takes it as it finds it.
        ip link set uplink1 up
        eventually 20 uplink1_is_there
        mkdir -p "$(dirname "$UPLINK1_FILE")"
        (
                umask 077
                cat > "$UPLINK1_FILE" <<EOF
[connection]
id=uplink1
uuid=6c1f1d5c-8e5f-4d0a-9e4f-2f7f0a3c0002
type=ethernet
interface-name=uplink1
autoconnect=false

[ipv4]
method=$ip4
$([ $ip4 = disabled ] || echo "address1=$CLIENT_ADDRESS1/24,198.51.100.1")
route-metric=200

[ipv6]
method=manual
addr-gen-mode=stable-privacy
address1=$CLIENT_ADDRESS6_1/64,2001:db8:3::1
route-metric=200
EOF
        )
        nmcli connection load "$UPLINK1_FILE" || fail "NetworkManager does not take uplink1"
        wire_capture_start "$LAB_LOG/wire1.pcap" access1
        nmcli --wait 10 connection up uplink1 > /dev/null || fail "uplink1 does not come up"
}

uplink1_is_there() {
        nmcli -g GENERAL.STATE device show uplink1 | grep -q '^30 '
}

# uplink_leave: the first way is gone, address and all, as when one walks away.
uplink_leave() {
        nmcli --wait 10 connection down uplink > /dev/null || fail "uplink does not go"
}

uplink_return() {
        nmcli --wait 10 connection up uplink > /dev/null || fail "uplink does not come back"
}

# uplink_restore: as before the scenario: uplink0 alone.
uplink_restore() {
        [ ! -e "$DHCP_PID_FILE" ] || uplink_by_hand
        nm_uplink_ready || uplink_return
        [ -e "$UPLINK1_FILE" ] || return 0
        nmcli --wait 5 connection delete uplink1 > /dev/null 2>&1
        nmcli device set uplink1 managed no
        ip link set uplink1 down
        ip addr flush dev uplink1
        rm -f "$UPLINK1_FILE"
}

# uplink_is ADDRESS: the SAs' address is this one; for what looks at them.
uplink_is() {
        CLIENT_ADDRESS=$1
}

# The tunnel's states are from the address that uplink_is has named.
uplink_has_states() {
        kernel_states | grep -q "^$CLIENT_ADDRESS "
}

# story_of_a_move KIND [KEY=VALUE...]: under traffic the tunnel follows from
# uplink0 to uplink1 and back, and NetworkManager keeps it.
story_of_a_move() {
        # With it the gateway forgets the SAs of the way that is gone, and their lease.
        up_under_traffic "$@" persistent=true initial-contact=yes
        uplink_add
        move_to "$CLIENT_ADDRESS1" uplink_leave away
        uplink_return
        move_to 192.0.2.2 uplink1_leave back
        traffic_stop
        expect_tunnel 1
        expect_never_left_activated
        expect_no_plaintext
        expect_lost_little
        watch_stop
        nm_down
        uplink_restore
        expect_down
}

uplink1_leave() {
        nmcli --wait 10 connection down uplink1 > /dev/null || fail "uplink1 does not go"
}

# move_to ADDRESS COMMAND FIGURE: after COMMAND the tunnel is from ADDRESS, and
# carries.
move_to() {
        carried_to "$@"
        expect_tunnel 1
}

# carried_to ADDRESS COMMAND FIGURE: the same, where the gateway may keep the lease
# that was.
carried_to() {
        local began
        uplink_is "$1"
        "$2"
        began=$(now_us)
        eventually 20 uplink_has_states
        traffic_flows 20
        figure "$3" "$(seconds_since "$began")s"
}
