# The links between client, internet and gateway, and what is seen on them.
#
#   main namespace          namespace net            namespace gw
#   uplink0 192.0.2.2 ---- access0 192.0.2.1
#   uplink1 198.51.100.2 -- access1 198.51.100.1
#                           core0 203.0.113.254 ---- wan0 203.0.113.1
#                                                    remote0 10.20.0.1
#
# and with IPv6: 2001:db8:1::2 ---- 2001:db8:1::1, 2001:db8:3::2 ----
# 2001:db8:3::1, 2001:db8:2::fe ---- 2001:db8:2::1, 2001:db8:20::1; uplink1 is
# down and nobody's until uplink_add (uplink.sh). Leases are of 10.30.N.0/24, 2001:db8:30:N::/64.
#
# net is the internet: it also routes the remote network to the gateway, so
# that a packet which leaks in plaintext is answered, and it counts.
# shellcheck shell=bash disable=SC2034

CLIENT_ADDRESS=192.0.2.2
UPLINK_DNS=192.0.2.1
CLIENT_ADDRESS1=198.51.100.2
GATEWAY=203.0.113.1
REMOTE=10.20.0.1
REMOTE_NET=10.20.0.0/24
LEASES=10.30.0.0/16
CLIENT_ADDRESS6=2001:db8:1::2
CLIENT_ADDRESS6_1=2001:db8:3::2
GATEWAY6=2001:db8:2::1
REMOTE6=2001:db8:20::1
REMOTE_NET6=2001:db8:20::/64
LEASES6=2001:db8:30::/48

net() {
        ip netns exec net "$@"
}

net_setup() {
        local space
        sysctl -qw net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.default.rp_filter=0 \
                net.ipv4.ping_group_range="0 2147483647" \
                net.ipv6.conf.all.accept_dad=0 net.ipv6.conf.default.accept_dad=0
        ip link set lo up
        for space in net gw; do
                ip netns add "$space"
                ip netns exec "$space" sysctl -qw net.ipv4.ip_forward=1 \
                        net.ipv6.conf.all.forwarding=1 \
                        net.ipv6.conf.all.accept_dad=0 net.ipv6.conf.default.accept_dad=0 \
                        net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.default.rp_filter=0
                ip -n "$space" link set lo up
        done
        net_link "" uplink0 net access0
        net_link "" uplink1 net access1
        net_link gw wan0 net core0
        ip -n net addr add 192.0.2.1/24 dev access0
        ip -n net addr add 198.51.100.1/24 dev access1
        ip -n net addr add 203.0.113.254/24 dev core0
        ip -n net route add "$REMOTE_NET" via "$GATEWAY"
        ip -n gw addr add "$GATEWAY/24" dev wan0
        ip -n gw route add default via 203.0.113.254
        ip -n gw link add remote0 type dummy
        ip -n gw link set remote0 up
        ip -n gw addr add "$REMOTE/24" dev remote0
        ip -n net addr add 2001:db8:1::1/64 dev access0
        ip -n net addr add 2001:db8:3::1/64 dev access1
        ip -n net addr add 2001:db8:2::fe/64 dev core0
        ip -n net route add "$REMOTE_NET6" via "$GATEWAY6"
        ip -n gw addr add "$GATEWAY6/64" dev wan0
        ip -n gw route add default via 2001:db8:2::fe
        ip -n gw addr add "$REMOTE6/64" dev remote0
        # Packets that leak by a route without a next hop are to be seen, not to
        # be lost for want of a neighbour.
        net sysctl -qw net.ipv4.conf.access0.proxy_arp=1 net.ipv6.conf.access0.proxy_ndp=1
        ip -n net neigh add proxy "$REMOTE6" dev access0
        net nft -f /lab/guest/wire.nft || return
        ip netns exec gw nft -f /lab/guest/gateway.nft
}

# net_link SPACE LINK SPACE LINK: a veth pair, both ends up. "" is the main
# namespace, whose end is left down, for NetworkManager.
net_link() {
        ip link add "$2" type veth peer name "$4"
        if [ -n "$1" ]; then
                ip link set "$2" netns "$1"
                ip -n "$1" link set "$2" up
        fi
        ip link set "$4" netns "$3"
        ip -n "$3" link set "$4" up
}

# wire_count NAME: packets that net saw: esp_out, esp_in, udp_out, udp_in (ESP in
# UDP), ike_out, ike_in (all of their ports), plain_out, plain_in, fragments,
# fragments_out (those from here);
# host_out (pings) and host_tcp_out from the client to the gateway itself.
wire_count() {
        net nft list counter inet wire "$1" |
        sed -n 's/.*packets \([0-9]*\) .*/\1/p'
}

# gateway_count NAME: packets that the gateway saw: esp_seen, inner_seen.
gateway_count() {
        ip netns exec gw nft list counter inet gateway "$1" |
        sed -n 's/.*packets \([0-9]*\) .*/\1/p'
}

# Every counter at nought, and nothing lost on the way.
wire_reset() {
        ip netns exec gw nft -f - <<'EOF'
delete table inet gateway
include "/lab/guest/gateway.nft"
EOF
        net nft -f - <<'EOF'
table ip nat
delete table ip nat
delete table inet wire
include "/lab/guest/wire.nft"
EOF
        wire_forget
}

# The gateway falls silent: what it and the client say to each other is lost.
wire_silence() {
        net nft add rule inet wire faults udp dport '{ 500, 4500 }' drop
        net nft add rule inet wire faults meta l4proto esp drop
}

# The path from here to there takes no packets above that size, in bytes.
wire_path_mtu() {
        ip -n net route replace "$GATEWAY/32" dev core0 mtu lock "$1"
        ip -n net route replace "$CLIENT_ADDRESS/32" dev access0 mtu lock "$1"
}

# Fragments of IP are lost, as in many a firewall.
wire_drops_fragments() {
        net nft add rule inet wire early ip frag-off '&' 0x3fff != 0 drop
}

# wire_nat FROM: the client is behind address translation: the gateway sees it
# as 203.0.113.254, with the thousand UDP ports that begin at FROM. What was
# translated before is forgotten, as when a router's line is renewed: the kernel
# forgets it with the address. What the client sends next comes from these ports.
wire_nat() {
        net nft delete table ip nat 2> /dev/null
        net nft -f - <<EOF
table ip nat {
        chain out {
                type nat hook postrouting priority 100;
                oifname "core0" ip saddr $CLIENT_ADDRESS meta l4proto udp masquerade to :$1-$(($1 + 999))
                oifname "core0" ip saddr $CLIENT_ADDRESS masquerade
        }
}
EOF
        ip -n net addr del 203.0.113.254/24 dev core0
        ip -n net addr add 203.0.113.254/24 dev core0
        ip -n net route add "$REMOTE_NET" via "$GATEWAY"
}

# Everything as wire.nft has it, and nothing lost on the way any more.
wire_heal() {
        net nft -f - <<'EOF'
table ip nat
delete table ip nat
flush table inet wire
include "/lab/guest/wire.nft"
EOF
        wire_forget
}

# The path is as wide as the links, and both ends forget what they learnt of it.
wire_forget() {
        ip -n net -batch - <<EOF
route replace $GATEWAY/32 dev core0
route del $GATEWAY/32 dev core0
route replace $CLIENT_ADDRESS/32 dev access0
route del $CLIENT_ADDRESS/32 dev access0
EOF
        ip route flush cache
        ip -n gw route flush cache
}

# wire_capture_start FILE [LINK]
wire_capture_start() {
        local link=${2:-access0}
        net tcpdump -i "$link" -U -n -w "$1" 'not arp' > /dev/null 2>&1 &
        wait_for 5 test -s "$1"
}

wire_capture_stop() {
        pkill -INT -x tcpdump
        wait_for 5 wire_capture_ended
}

wire_capture_ended() {
        ! pgrep -x tcpdump > /dev/null
}

# How many IKE SAs the client tried to make: initiators' SPIs that came with an
# empty responder's SPI.
wire_attempts() {
        tcpdump -n -vvv -r "$LAB_LOG/wire.pcap" \
                "src host $CLIENT_ADDRESS and (udp port 500 or udp port 4500)" 2> /dev/null |
        sed -n 's/.*cookie \([0-9a-f]\{16\}\)->0000000000000000.*/\1/p' |
        sort -u | grep -c .
}

expect_attempts() {
        expect_equal "IKE attempts on the wire" "$1" "$(wire_attempts)"
}

expect_no_plaintext() {
        expect_equal "packets in plaintext on the wire" "0 0" \
                "$(wire_count plain_out) $(wire_count plain_in)"
}
