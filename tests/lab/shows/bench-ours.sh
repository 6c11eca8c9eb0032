# The client's half of the bench: ours and bare pluto in turns.
# deadline: 1800
scenario() {
        local round
        for ((round = 1; round <= BENCH_ROUNDS; round++)); do
                bench_ours ikev1 main
                bench_ours ikev2 ikev2
                bench_plain ikev1
                bench_plain ikev2
        done
}

# value NAME NUMBER: one measurement.
value() {
        note "$1 $2"
        printf '%s %s\n' "$1" "$2" >> "$LAB_LOG/values"
}

# microseconds as seconds with three decimals.
as_seconds() {
        printf '%d.%03d\n' $(($1 / 1000000)) $(($1 / 1000 % 1000))
}

bench_ours() {
        gw_fresh
        nm_profile "$1"
        nm_try 60
        [ "$NM_EXIT" = 0 ] || fail "nmcli connection up: $NM_SAID"
        value "up-$1-ours" "$(as_seconds "$NM_TOOK_US")"
        wire_reset
        traffic_start
        traffic_flows 5
        change_to 2 "$2"
        traffic_flows 20
        traffic_stop
        value "change-$1-ours" "$TRAFFIC_OUTAGE"
        value "leaked-$1-ours" "$(wire_count plain_out)"
        value "memory-service" "$(bench_memory "$(service_pid)")"
        value "memory-pluto" "$(bench_memory "$(pgrep -x pluto)")"
        [ "$1" = ikev2 ] || bench_helper
        nm_down
        expect_down
}

# What the process costs that would not be there without it.
bench_memory() {
        awk '/^Pss:/ { print $2 }' "/proc/$1/smaps_rollup"
}

# A hundred calls each, with an event that changes nothing.
bench_helper() {
        local socket n began
        socket=$(find "/run/nm-libreswan/$PROFILE_UUID" -type s ! -name 'pluto*' | head -n 1)
        began=$(now_us)
        for ((n = 0; n < 100; n++)); do
                /bin/true
        done
        value "call-true" "$(as_seconds $((($(now_us) - began) * 10)))"
        export PLUTO_VERB=route-host PLUTO_CONNECTION=vpn
        began=$(now_us)
        for ((n = 0; n < 100; n++)); do
                "$SERVICE-helper" "$socket"
        done
        value "call-helper" "$(as_seconds $((($(now_us) - began) * 10)))"
        unset PLUTO_VERB PLUTO_CONNECTION
}

bench_plain() {
        local began
        gw_fresh
        rm -rf "$PLAIN"
        plain_configure "$1"
        plain_prepare
        began=$(now_us)
        plain_start
        plain_up
        value "up-$1-plain" "$(as_seconds $(($(now_us) - began)))"
        if [ "$1" = ikev1 ]; then
                gw_switch_pool 2
                began=$(now_us)
                gw_reset main
                eventually 20 bench_again
                value "change-$1-plain" "$(as_seconds $(($(now_us) - began)))"
        fi
        plain_stop
        world_scrub
}

bench_again() {
        [ "$(grep -c 'IPsec SA established' "$LAB_LOG/pluto")" -ge 2 ]
}
