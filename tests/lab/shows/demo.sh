# The seed's story told twice, by libreswan alone and by ours, for scripts/demo.
scenario() {
        demo_plain
        world_scrub
        gw_fresh
        demo_ours
}

demo_plain() {
        plain_configure ikev1
        plain_prepare
        plain_start
        plain_up
        eventually 15 demo_address 1
        traffic_start
        traffic_flows 5
        demo_look plain before
        gw_switch_pool 2
        gw_reset main
        eventually 20 demo_policy 2
        demo_settle
        demo_look plain after
        traffic_stop
        demo_lost plain
        plain_stop
}

demo_ours() {
        nm_profile ikev1
        nm_up
        traffic_start
        traffic_flows 5
        demo_look ours before
        change_to 2 main
        demo_settle
        demo_look ours after
        traffic_stop
        demo_lost ours
        nm_down
        expect_down
}

# Both have the same three seconds after the reset to recover in.
demo_settle() {
        sleep 3
}

demo_address() {
        ip -o -4 addr | grep -q " 10\.30\.$1\."
}

demo_policy() {
        kernel_policies | grep -q "10\.30\.$1\."
}

# demo_look WHO WHEN: writes what a person would type to look.
demo_look() {
        local dir=$LAB_LOG/$1-$2
        mkdir -p "$dir"
        ip -o -4 addr show to 10.30.0.0/16 |
                awk '{ print $2, $4 }' > "$dir/addresses"
        ip -4 route show table all | grep -e '^10\.20\.' |
                sed 's/ proto [a-z]*//; s/ scope [a-z]*//; s/ metric [0-9]*//; s/ via [0-9.]*//' > "$dir/routes"
        kernel_policies | awk '$2 != "::/0" { print $1, $2, "->", $3, $4 == "block" ? "BLOCK" : "" }' > "$dir/policies"
        [ "$1" = plain ] ||
                nmcli -f GENERAL.STATE,IP4 connection show "$PROFILE" > "$dir/nmcli"
        gw_leases > "$dir/lease"
}

# demo_lost WHO: pings lost since the reset.
demo_lost() {
        printf '%s of %s\n' "$TRAFFIC_LOST" "$TRAFFIC_SENT" > "$LAB_LOG/$1-lost"
        printf '%s\n' "$TRAFFIC_OUTAGE" > "$LAB_LOG/$1-outage"
        printf '%s\n' "$(wire_count plain_out)" > "$LAB_LOG/$1-plaintext"
        wire_reset
}
