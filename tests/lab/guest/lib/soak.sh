# Faults one after the other on one tunnel, and the invariants after each.
# shellcheck shell=bash

# soak_load: SOAK_NAMES are those after which the tunnel goes on, or comes back.
soak_load() {
        local part
        for part in /lab/faults/*.sh; do
                # shellcheck disable=SC1090
                . "$part"
        done
        mapfile -t SOAK_NAMES < <(
                cat /lab/faults/*.sh | sed -n 's/^#: \([^ ]*\) \(recovers\|asked\) .*/\1/p' | sort)
        [ "$BESIDE" = no ] || soak_beside
        note "seed $SOAK_SEED, ${#SOAK_NAMES[@]} faults"
}

# With --beside other connections are up beside the tunnel, and they are not to notice what happens to
# it: the numbers are those of several.sh. These faults are what touches the one alone.
SOAK_OTHERS=()
SOAK_OF_ONE="delete-ipsec-first delete-isakmp-only helper-garbage helper-stranger helper-late helper-dies
 interface-removed interface-renamed interface-down interface-flaps pluto-killed pluto-aborts
 pluto-stopped pluto-exits-at-start up-twice"

soak_beside() {
        local k name names=()
        SOAK_OTHERS=(2 4)
        for k in "${SOAK_OTHERS[@]}"; do
                ip -n gw addr add "$(several_gateway "$k")/24" dev wan0
                ip -n gw addr add "$(several_remote "$k")/24" dev remote0
        done
        gw_beside() {
                several_conf 2 4
        }
        gw_fresh
        for name in "${SOAK_NAMES[@]}"; do
                [[ " ${SOAK_OF_ONE//$'\n'/} " != *" $name "* ]] || names+=("$name")
        done
        SOAK_NAMES=("${names[@]}")
}

soak_others_begin() {
        local k
        for k in "${SOAK_OTHERS[@]}"; do
                several_profile "$k" ikev2
                several_up "$k"
                several_ping_start "$k"
        done
        SOAK_OTHERS_PLUTOS=$(soak_others_plutos)
}

soak_others_plutos() {
        local k
        for k in "${SOAK_OTHERS[@]}"; do
                several_pluto "$k"
        done | paste -sd ' '
}

# Not one packet of theirs was lost, and nobody started anew.
soak_others_end() {
        local k
        [ "${#SOAK_OTHERS[@]}" -gt 0 ] || return 0
        expect_equal "plutos of the others" "$SOAK_OTHERS_PLUTOS" "$(soak_others_plutos)"
        for k in "${SOAK_OTHERS[@]}"; do
                several_ping_stop "$k"
                expect_no_ping_lost "$k"
        done
        several_down "${SOAK_OTHERS[@]}"
        several_end "${SOAK_OTHERS[@]}"
        for k in "${SOAK_OTHERS[@]}"; do
                ip -n gw addr del "$(several_gateway "$k")/24" dev wan0
                ip -n gw addr del "$(several_remote "$k")/24" dev remote0
        done
}

soak_begin() {
        nm_profile ikev1 nm-recovery-timeout=120s persistent=true
        watch_start
        nm_up
        expect_tunnel 1
        soak_others_begin
        watch_mark
        SOAK_FAULTS=0
        SOAK_RECOVERIES=0
        SOAK_WORST=0
        SOAK_SERVICE=$(service_pid)
        SOAK_MEMORY=$(soak_memory)
        SOAK_FILES=$(soak_files)
        traffic_start
}

# soak_pause TENTHS: for so long nothing happens: chance's matter, not a wait.
soak_pause() {
        sleep "$(($1 / 10)).$(($1 % 10))"
}

# What the journal has said so far is counted, and does not count for what comes.
soak_count() {
        SOAK_RECOVERIES=$((SOAK_RECOVERIES + $(nm_journal | grep -c 'reconnected after')))
        nm_journal_mark
}

# soak_fault NAME: it hits, ends, and the tunnel carries traffic again.
soak_fault() {
        local began seconds
        seconds=$(fault_says "$1" 3)
        began=$(now_us)
        SOAK_FAULTS=$((SOAK_FAULTS + 1))
        note "fault $SOAK_FAULTS: $1"
        soak_count
        "${1//-/_}_hits"
        fault_may "$1" ends
        wait_for $((seconds + 30)) fault_flows ||
                fail "seed $SOAK_SEED, fault $SOAK_FAULTS ($1): no traffic after $seconds s"
        began=$((($(now_us) - began) / 100000))
        [ "$began" -le "$SOAK_WORST" ] || SOAK_WORST=$began
        expect_equal "state of the VPN after fault $SOAK_FAULTS ($1)" activated "$(nm_state)"
        expect_equal "plutos" $((1 + ${#SOAK_OTHERS[@]})) "$(pgrep -c -x pluto)"
        expect_equal "interfaces" $((1 + ${#SOAK_OTHERS[@]})) "$(nm_link | wc -l)"
        [ "${#SOAK_OTHERS[@]}" = 0 ] ||
                expect_equal "plutos of the others" "$SOAK_OTHERS_PLUTOS" "$(soak_others_plutos)"
        expect_equal "the service after fault $SOAK_FAULTS ($1)" "$SOAK_SERVICE" "$(service_pid)"
        expect_no_plaintext
}

soak_finish() {
        kill "$TRAFFIC_PID"
        figure faults "$SOAK_FAULTS"
        soak_count
        figure recoveries "$SOAK_RECOVERIES"
        figure longest "$((SOAK_WORST / 10)).$((SOAK_WORST % 10))s"
        figure memory "$SOAK_MEMORY..$(soak_memory)kB"
        figure files "$SOAK_FILES..$(soak_files)"
        [ "${#SOAK_OTHERS[@]}" -gt 0 ] || expect_never_left_activated
        expect "the service grew from $SOAK_MEMORY to $(soak_memory) kB" \
                test "$(soak_memory)" -le "$((SOAK_MEMORY + 512))"
        expect "the service's files grew from $SOAK_FILES to $(soak_files)" \
                test "$(soak_files)" -le "$SOAK_FILES"
        watch_stop
        soak_others_end
        nm_down
        # The gateway may think of more leases: of those that were lost nobody told it.
        world_cleans 15 || fail "left behind: $WORLD_DIRT"
}

# Memory that is neither shared nor a file's, in kB; open files.
soak_memory() {
        awk '/^RssAnon:/ { print $2 }' "/proc/$SOAK_SERVICE/status"
}

soak_files() {
        find "/proc/$SOAK_SERVICE/fd" -mindepth 1 | wc -l
}
