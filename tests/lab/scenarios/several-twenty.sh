# Twenty connections beside somebody else's IPsec, one after the other and at the same moment: each carries.
# Some, by chance from the printed seed, are reset at once while others lose no ping; all go down at
# once. What each costs, and how long the slowest service takes to own its bus name, is printed.
# NetworkManager waits 5 s for that name. The emulated core is all that twenty have, and it needs so
# long to start them (to be linked and to find the bus, before which nothing of ours happens), so ten
# come at the same moment. With --once the other ten come before, one after the other; else all twenty
# come in the one way and in the other.
# once: trixie
# deadline: 400
TWENTY=20
TWENTY_AT_ONCE=10
# Kilobytes that service, reaper and pluto of a connection cost in all.
TWENTY_MEMORY=6656

scenario() {
        local began k one_by_one=$TWENTY
        [ "$ONCE" = no ] || one_by_one=10
        figure seed "$SOAK_SEED"
        # Each packet costs an emulated machine its time, and there are many.
        wire_capture_stop
        several_gateways "$TWENTY"
        for ((k = 1; k <= TWENTY; k++)); do
                several_profile "$k" ikev2
        done
        foreign_start
        began=$(now_us)
        for ((k = 1; k <= one_by_one; k++)); do
                twenty_up "$k"
                [ "$k" != 1 ] || twenty_memory first
        done
        figure one-by-one "$(seconds_since "$began")s"
        if [ "$one_by_one" = "$TWENTY" ]; then
                twenty_carry
                expect_foreign_untouched "with twenty, one after the other"
                twenty_down
                one_by_one=0
        fi
        for ((k = one_by_one + 1; k <= TWENTY; k += TWENTY_AT_ONCE)); do
                twenty_up_at_once "$k" $((k + TWENTY_AT_ONCE - 1))
        done
        twenty_memory all
        expect "a connection costs $MEMORY kB" test "$MEMORY" -le "$TWENTY_MEMORY"
        twenty_carry
        twenty_resets
        expect_foreign_untouched "with twenty"
        twenty_down
        foreign_stop
        expect_no_plaintext
        twenty_end
        several_gateways_end "$TWENTY"
        world_cleans 10 || fail "left behind: $WORLD_DIRT"
        gw_fresh
}

twenty_up() {
        nmcli --wait 60 connection up "c$1" > "$LAB_LOG/up" 2>&1 || fail "c$1: $(cat "$LAB_LOG/up")"
}

# twenty_up_at_once FIRST LAST: NetworkManager is asked for all of them before one is up.
twenty_up_at_once() {
        local k path paths=() began
        nmcli -g NAME,DBUS-PATH connection show > "$LAB_LOG/paths"
        for ((k = $1; k <= $2; k++)); do
                path=$(sed -n "s/^c$k://p" "$LAB_LOG/paths")
                paths+=("$path")
        done
        dbus-monitor --profile --system \
                "type='signal',member='NameOwnerChanged',arg0namespace='$BUS_NAME'" \
                > "$LAB_LOG/names" 2>&1 &
        eventually 5 test -s "$LAB_LOG/names"
        began=$(now_us)
        for path in "${paths[@]}"; do
                busctl call org.freedesktop.NetworkManager /org/freedesktop/NetworkManager \
                        org.freedesktop.NetworkManager ActivateConnection ooo "$path" / / > /dev/null &
        done
        wait_for 90 twenty_are_up "$2" || fail "of twenty at once are up: $(twenty_active)"
        figure at-once "$(seconds_since "$began")s"
        kill_named dbus-monitor
        figure slowest-name "$(twenty_slowest_name "${#paths[@]}")s"
}

twenty_active() {
        nmcli -g NAME,STATE connection show --active | grep '^c[0-9]*:activated$' | paste -sd ' '
}

twenty_are_up() {
        [ "$(twenty_active | wc -w)" = "$1" ]
}

# twenty_slowest_name N: of the last N, from NetworkManager's 'starting' to the name, in the order in
# which both come.
twenty_slowest_name() {
        nm_journal | sed -n 's/.*\[\([0-9.]*\)\] vpn.*starting libreswan.*/\1/p' |
        tail -n "$1" > "$LAB_LOG/started"
        awk '$1 == "sig" && /NameOwnerChanged/ { print $2 }' "$LAB_LOG/names" | head -n "$1" |
        paste "$LAB_LOG/started" - | awk '{ if ($2 - $1 > worst) worst = $2 - $1 }
                                          END { printf "%.1f\n", worst }'
}

# Two pings by each, all at once.
twenty_carry() {
        local k pids=()
        for ((k = 1; k <= TWENTY; k++)); do
                several_crosses "$k" &
                pids[k]=$!
        done
        for k in "${!pids[@]}"; do
                wait "${pids[k]}" || fail "c$k does not carry"
        done
}

twenty_resets() {
        local k chosen began
        mapfile -t chosen < <(seq "$TWENTY" | shuf --random-source=<(yes "$SOAK_SEED" 2> /dev/null) -n 6)
        note "reset: ${chosen[*]:0:4}; pinged: ${chosen[*]:4}"
        several_ping_start "${chosen[4]}"
        several_ping_start "${chosen[5]}"
        began=$(now_us)
        for k in "${chosen[@]:0:4}"; do
                several_reset "$k" 2 &
        done
        for k in "${chosen[@]:0:4}"; do
                eventually 30 journal_has "c$k: reconnected after"
                eventually 10 several_crosses "$k"
        done
        figure four-reset "$(seconds_since "$began")s"
        for k in "${chosen[@]:4}"; do
                several_ping_stop "$k"
                expect_no_ping_lost "$k"
        done
        twenty_carry
}

twenty_down() {
        local began k names=()
        for ((k = 1; k <= TWENTY; k++)); do
                names+=("c$k")
        done
        began=$(now_us)
        nmcli --wait 60 connection down "${names[@]}" > "$LAB_LOG/down" 2>&1 || fail "down: $(cat "$LAB_LOG/down")"
        eventually 20 twenty_are_gone
        figure down "$(seconds_since "$began")s"
}

twenty_end() {
        local k names=()
        for ((k = 1; k <= TWENTY; k++)); do
                names+=("c$k")
        done
        nmcli connection delete "${names[@]}" > /dev/null || fail "nmcli connection delete"
}

twenty_are_gone() {
        [ -z "$(ls /run/nm-libreswan 2> /dev/null)" ] && ! pgrep -x pluto > /dev/null
}

# twenty_memory FIGURE: of service, reaper and pluto, by connection, in kB: sets MEMORY. What is shared
# counts in parts.
twenty_memory() {
        local pid
        MEMORY=0
        for pid in $(pgrep -x 'nm-libreswan-se|nm-libreswan-re|pluto'); do
                MEMORY=$((MEMORY + $(awk '/^Pss:/ { print $2 }' "/proc/$pid/smaps_rollup")))
        done
        MEMORY=$((MEMORY / $(pgrep -c -x pluto)))
        figure "memory-$1" "${MEMORY}kB"
}
