# The world between two scenarios: fresh before, clean after.
# shellcheck shell=bash

WORLD_LINKS=/lab/links.before

# Links, addresses, routes and rules as text that only changes when they do. Asked
# for again and again, hence in as few processes as can be.
world_links() {
        printf 'link %s\n' /sys/class/net/*
        {
                printf '%s\n' "addr show" "rule show" "route show table all" | ip -o -batch -
                printf '%s\n' "rule show" "route show table all" | ip -6 -batch -
        } | awk '$3 ~ /^inet/ { print $2, $3, $4; next }
                 { sub(/ expires [0-9]*sec/, ""); print }'
}

# Everything that should not be there, one a line.
world_dirt() {
        local link file
        for link in $(nm_link); do
                echo "interface $link"
        done
        kernel_states | sed 's/^/state /'
        kernel_policies | sed 's/^/policy /'
        pgrep -a -f '(^|/)(pluto|whack|addconn|_updown|nm-libreswan-service-helper)( |$)' |
                sed 's/^[0-9]* /process /'
        for file in /run/nm-libreswan /run/nm-libreswan-*; do
                [ ! -e "$file" ] || find "$file" -mindepth 1 -printf 'file %p\n'
        done
        dns_dirt
        diff "$WORLD_LINKS" <(world_links) | sed -n 's/^>/new:/p; s/^</gone:/p'
        nmcli -g NAME,TYPE connection show --active | sed -n 's/:vpn$/ is active/p'
}

# The first thing that should not be there is enough.
world_is_clean() {
        ! world_dirt 2> /dev/null | grep -q .
}

# Links that were not there before the scenario, one a line: whatever they are called.
world_new_links() {
        [ -s "$WORLD_LINKS" ] || return
        comm -13 <(sed -n 's/^link //p' "$WORLD_LINKS" | sort) \
                <(printf '%s\n' /sys/class/net/* | sort) | sed 's/.*\///'
}

# world_cleans SECONDS: it is clean within SECONDS; sets WORLD_DIRT to what is in
# the way of that.
world_cleans() {
        WORLD_DIRT=
        ! wait_for "$1" world_is_clean || return 0
        # One look takes seconds where the machine is slow: what it saw may be gone.
        WORLD_DIRT=$(world_dirt | head -n 5 | paste -sd ';')
        [ -z "$WORLD_DIRT" ]
}

# world_tidy: what a scenario had for itself, which is all of it where it has left
# nothing behind. The profile stays, the next one takes its place.
world_tidy() {
        kill_named ping socat dbus-monitor
        # A scenario's own shells that send for ever.
        pkill -KILL -f 'stranger_sends|wrong_key_goes_on'
        pkill -KILL -f '^nmcli agent '
        pkill -x nm-libreswan-se
        wait_for 3 world_no_service || pkill -KILL -x nm-libreswan-se
        [ ! -e "$UPLINK1_FILE" ] && [ ! -e "$DHCP_PID_FILE" ] || uplink_restore
        sleep_restore
        swan_kill
        rm -rf /run/lab
        mkdir -p /run/lab
}

# Whatever the last scenario left is removed by force.
world_scrub() {
        local link
        fault_scrub
        if [ -e "$PROFILE_FILE" ]; then
                nmcli --wait 5 connection delete "$PROFILE" > /dev/null 2>&1
        fi
        kill_named pluto whack addconn _updown
        dns_end
        world_tidy
        for link in $(nm_link); do
                ip link del "$link"
        done
        world_new_links | while read -r link; do
                ip link del dev "$link"
        done
        ip addr flush dev lo label 'lo:*'
        for link in $(ip -o -4 addr show to "$LEASES" | awk '{ print $2 }'); do
                ip -4 addr flush dev "$link" to "$LEASES"
        done
        ip -4 route flush "$REMOTE_NET"
        ip xfrm state flush
        ip xfrm policy flush
        uplink_restore
        rm -rf /run/nm-libreswan /run/nm-libreswan-*
        if ! world_is_clean; then
                nmcli --wait 5 connection up uplink > /dev/null
        fi
}

world_no_service() {
        ! pgrep -x nm-libreswan-se > /dev/null
}

# world_fresh: before each scenario.
world_fresh() {
        world_links > "$WORLD_LINKS"
        wire_reset
        nm_journal_mark
        nm_vpn_dns > "$NM_VPN_DNS_BEFORE"
        gw_fresh
        wire_capture_start "$LAB_LOG/wire.pcap"
}

# world_collect: what a person wants to see of a scenario, beside its output.
world_collect() {
        {
                echo "# xfrm state"
                ip -d xfrm state
                echo "# xfrm policy"
                ip -d xfrm policy
                echo "# links, addresses, routes, rules"
                ip -d -br link
                world_links
                echo "# xfrm_stat"
                cat /proc/net/xfrm_stat
                echo "# counters of the wire"
                net nft list counters
                echo "# counters of the gateway"
                ip netns exec gw nft list counters
                echo "# processes"
                ps -eo pid,ppid,user,rss,etimes,args | grep -v '\[.*\]$'
        } > "$LAB_LOG/world" 2>&1
        nm_journal > "$LAB_LOG/journal" 2>&1
        cp "$GW_LOG" "$LAB_LOG/gateway" 2> /dev/null
        cp "$SWAN_LOG" "$LAB_LOG/gateway" 2> /dev/null
}
