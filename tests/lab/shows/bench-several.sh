# What twenty connections cost: memory of each, and the time of the last one beside nineteen others.
# deadline: 1200
BENCH_OTHERS=19

scenario() {
        local round k
        wire_capture_stop
        several_gateways $((BENCH_OTHERS + 1))
        for ((k = 1; k <= BENCH_OTHERS + 1; k++)); do
                several_profile "$k" ikev2
        done
        # The first is slower than any: nothing of it is in memory.
        bench_round 20 warm
        for ((round = 1; round <= BENCH_ROUNDS; round++)); do
                bench_round 20 alone
        done
        bench_memory_of_one alone
        for ((k = 1; k <= BENCH_OTHERS; k++)); do
                nmcli --wait 60 connection up "c$k" > /dev/null || fail "c$k does not come up"
        done
        for ((round = 1; round <= BENCH_ROUNDS; round++)); do
                bench_round 20 beside
        done
        nmcli --wait 60 connection up c20 > /dev/null || fail "c20 does not come up"
        bench_memory_of_one beside
        for ((k = 1; k <= BENCH_OTHERS + 1; k++)); do
                several_down "$k"
                several_end "$k"
        done
        several_gateways_end $((BENCH_OTHERS + 1))
        gw_fresh
}

# bench_round K NAME: up, and down again.
bench_round() {
        local began
        began=$(now_us)
        nmcli --wait 60 connection up "c$1" > /dev/null || fail "c$1 does not come up"
        bench_value "up-$2" "$((($(now_us) - began) / 1000))"
        several_down "$1"
}

# bench_memory_of_one NAME: service, reaper and pluto, by connection, in kB.
bench_memory_of_one() {
        local pid sum=0 n
        n=$(pgrep -c -x pluto)
        if [ "$n" = 0 ]; then
                nmcli --wait 60 connection up c20 > /dev/null || fail "c20 does not come up"
                n=1
        fi
        for pid in $(pgrep -x 'nm-libreswan-se|nm-libreswan-re|pluto'); do
                sum=$((sum + $(awk '/^Pss:/ { print $2 }' "/proc/$pid/smaps_rollup")))
        done
        bench_value "memory-$1" "$((sum / n))"
        [ "$n" -gt 1 ] || several_down 20
}

# bench_value NAME NUMBER
bench_value() {
        note "$1 $2"
        printf '%s %s\n' "several-$1" "$2" >> "$LAB_LOG/values"
}
