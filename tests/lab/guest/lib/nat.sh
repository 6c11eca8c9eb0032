# Address translation between client and gateway.
# shellcheck shell=bash

# Every ESP packet went in UDP, and there were some.
expect_udp_alone() {
        figure udp "$(wire_count udp_out)/$(wire_count udp_in)"
        expect_equal "ESP packets that are not in UDP" "0 0" \
                "$(wire_count esp_out) $(wire_count esp_in)"
        expect "no ESP in UDP was counted" test "$(wire_count udp_out)" -gt 0
}

# The ports at which the gateway sees the client, one for each of its SAs.
nat_ports() {
        gw swanctl --list-sas --raw 2> /dev/null | grep -o 'remote-port=[0-9]*' | cut -d = -f 2
}

# nat_port_from FROM: one of them is of the thousand that begin at FROM.
nat_port_from() {
        nat_ports | awk -v from="$1" '$1 >= from && $1 < from + 1000 { seen = 1 } END { exit !seen }'
}

# The remote network reaches the client: a ping from there is answered.
nat_reached_from_there() {
        ip netns exec gw ping -n -q -c 1 -W 1 -I "$REMOTE" "$1" > /dev/null
}

# story_of_a_mapping KIND: the translation forgets the client, once under traffic and
# once when all is quiet. The tunnel is the same one afterwards, or a new one;
# whichever, it carries traffic from both ends.
story_of_a_mapping() {
        local began address
        wire_nat 20000
        up_under_traffic "$1"
        expect "the gateway does not see the translation: $(nat_ports | paste -sd ' ')" \
                nat_port_from 20000
        wire_nat 30000
        traffic_flows 30
        eventually 30 nat_port_from 30000
        traffic_stop
        expect_lost_little

        wire_nat 40000
        began=$(now_us)
        nm_look
        address=$(nm_saw IP4.ADDRESS)
        eventually 40 nat_reached_from_there "${address%/32}"
        figure reached "$(seconds_since "$began")s"
        eventually 30 nat_port_from 40000
        expect_tunnel 1
        expect_pings 5
        expect_never_left_activated
        figure reports "$(watch_reports)"
        expect_udp_alone
        expect_no_plaintext
        watch_stop
        nm_down
        expect_down
}
