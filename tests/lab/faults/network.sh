# What the network between us and the gateway does.
# shellcheck shell=bash disable=SC2034

# network_is_bad HOW...: netem(8), in both directions.
network_is_bad() {
        net tc qdisc add dev access0 root netem "$@" || fail "tc netem"
        net tc qdisc add dev core0 root netem "$@"
}

network_is_good() {
        net tc qdisc del dev access0 root
        net tc qdisc del dev core0 root
}

#: loss recovers 60 - 30 % of the packets are lost, for 10 s
loss_hits() {
        network_is_bad loss 30%
        sleep 10
}

loss_ends() {
        network_is_good
}

#: duplicates recovers 60 - every other packet comes twice, for 10 s
duplicates_hits() {
        network_is_bad duplicate 50%
        sleep 10
}

duplicates_ends() {
        network_is_good
}

#: disorder recovers 60 - packets overtake each other, for 10 s
disorder_hits() {
        network_is_bad delay 40ms reorder 50% 50%
        sleep 10
}

disorder_ends() {
        network_is_good
}

#: delay recovers 60 - each way takes 2 s, for 15 s
delay_hits() {
        network_is_bad delay 2s
        sleep 15
}

delay_ends() {
        network_is_good
}

#: link-down-3 recovers 60 - the link is down for 3 s
link_down_3_hits() {
        ip -n net link set access0 down
        sleep 3
}

link_down_3_ends() {
        ip -n net link set access0 up
        ip -n net addr replace 2001:db8:1::1/64 dev access0
}

#: uplink-away recovers 60 - the only uplink is gone for 8 s, address and all
uplink_away_profile() {
        FAULT_PROFILE=(persistent=true)
}

uplink_away_hits() {
        uplink_leave
        sleep 8
}

uplink_away_ends() {
        uplink_return
}

#: uplink-moves recovers 60 - another uplink takes over for 5 s
uplink_moves_profile() {
        FAULT_PROFILE=(persistent=true)
}

uplink_moves_hits() {
        uplink_add
        uplink_leave
        sleep 5
}

uplink_moves_ends() {
        uplink_restore
}
