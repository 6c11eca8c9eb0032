# XFRM and links as the client's kernel has them.
# shellcheck shell=bash

# The policies that are not a socket's, one a line: direction, source,
# destination, action, if_id. Pluto's own holes for neighbour discovery do not
# count while it runs.
kernel_policies() {
        ip -d xfrm policy | awk '
                function out() { if (dir && !hole) print dir, src, dst, action, ifid }
                /^src/ {
                        out()
                        src = $2; dst = $4; dir = ""; action = "allow"; ifid = "-"
                        hole = /proto ipv6-icmp type 13[56]/
                }
                $1 == "dir" {
                        dir = $2
                        for (i = 1; i < NF; i++) if ($i == "action") action = $(i + 1)
                }
                $1 == "socket" { dir = "" }
                { for (i = 1; i < NF; i++) if ($i == "if_id") ifid = $(i + 1) }
                END { out() }' | sort
}

# The states, one a line: source, destination, protocol, SPI, if_id.
kernel_states() {
        ip xfrm state | awk '
                function out() { if (src) print src, dst, proto, spi, ifid }
                /^src/ { out(); src = $2; dst = $4; spi = "-"; ifid = "-" }
                $1 == "proto" { proto = $2; spi = $4 }
                { for (i = 1; i < NF; i++) if ($i == "if_id") ifid = $(i + 1) }
                END { out() }' | sort
}

# Every address of the client but those of loopback and uplinks: link address.
kernel_addresses() {
        ip -o -4 addr | awk '$2 != "lo" && $2 !~ /^uplink[01]$/ { print $2, $4 }'
}

# link_rename LINK NAME: one that is up. Before Linux 6.2 that is refused.
link_rename() {
        ip link set "$1" down && ip link set "$1" name "$2" && ip link set "$2" up
}

# eventually_kernel_holds ADDRESS: very soon, exactly the policies (in, fwd, out
# and no fourth) and the two states of one Child SA for ADDRESS on the VPN's
# link. What is not so is told.
eventually_kernel_holds() {
        wait_for 2 kernel_holds "$1" || fail "$KERNEL_LACKS"
}

kernel_holds() {
        local address=$1 link id wanted
        link=$(nm_link)
        id=$(printf '0x%x' "${link#ipsec}")
        wanted="fwd $REMOTE_NET $address/32 allow $id"
        wanted+=,"in $REMOTE_NET $address/32 allow $id"
        wanted+=,"out $address/32 $REMOTE_NET allow $id"
        KERNEL_LACKS="kernel policies: wanted '$wanted', got '$(kernel_policies | paste -sd ,)'"
        [ "$wanted" = "$(kernel_policies | paste -sd ,)" ] || return
        wanted=$(printf '%s\n' "$CLIENT_ADDRESS $GATEWAY esp $id" "$GATEWAY $CLIENT_ADDRESS esp $id" |
                sort | paste -sd ,)
        KERNEL_LACKS="kernel states: wanted '$wanted', got '$(kernel_states | paste -sd ,)'"
        [ "$wanted" = "$(kernel_states | awk '{ print $1, $2, $3, $5 }' | sort | paste -sd ,)" ]
}
