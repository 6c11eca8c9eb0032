# A fault at a moment: brings the tunnel to the moment, lets the fault happen,
# and checks what has to be true afterwards, whatever it was.
# shellcheck shell=bash

# A fault is a line of faults/*.sh, '#: NAME OUTCOME SECONDS MOMENTS WORDS', and the
# functions NAME_hits and, where something is to be undone, NAME_ends; NAME_holds MOMENT
# checks what is true of this fault alone. OUTCOME:
#   recovers  traffic flows again, NetworkManager never left 'activated'
#   fails     NetworkManager shows a failure, the journal says why
#   ends      the VPN is gone because somebody wanted it so, or killed us
#   either    recovers or fails
#   asked     as 'recovers'; while disconnecting too, for somebody asks for the VPN
# within SECONDS after NAME_ends. MOMENTS: '-' for all, or a list with commas.
# NAME_profile sets these two where the fault is about another kind of tunnel.
FAULT_KIND=ikev1
FAULT_PROFILE=()

# fault_says NAME FIELD: a field of its line.
fault_says() {
        sed -n "s/^#: $1 /$1 /p" /lab/faults/*.sh | cut -d ' ' -f "$2"
}

# fault_case FAULT MOMENT
fault_case() {
        local fault=$1 moment=$2 outcome seconds
        outcome=$(fault_says "$fault" 2)
        seconds=$(fault_says "$fault" 3)
        case $moment-$outcome in
        connecting-recovers | connecting-asked) outcome=either ;;
        *-asked) outcome=recovers ;;
        disconnecting-*) outcome=ends ;;
        esac
        fault_may "$fault" profile
        "fault_at_${moment}"
        note "the fault: $fault"
        "${fault//-/_}_hits"
        fault_may "$fault" ends
        note "the fault is over, it $outcome within $seconds s"
        FAULT_OVER=$(now_us)
        "fault_${outcome}" "$seconds"
        fault_may "$fault" holds "$moment"
        fault_leave "$outcome"
}

# fault_may NAME PART [ARGUMENT...]: the fault's function, if it has it.
fault_may() {
        if declare -F "${1//-/_}_$2" > /dev/null; then
                "${1//-/_}_$2" "${@:3}"
        fi
}

fault_profile() {
        nm_profile "$FAULT_KIND" nm-recovery-timeout=30s "${FAULT_PROFILE[@]}"
}

fault_at_connecting() {
        fault_profile
        nmcli --wait 90 connection up "$PROFILE" > "$LAB_LOG/up" 2>&1 &
        eventually 30 fault_ike_is_out
}

fault_ike_is_out() {
        [ "$(wire_count ike_out)" -gt 0 ]
}

fault_at_idle() {
        fault_profile
        nm_up
        expect_tunnel 1
}

fault_at_traffic() {
        fault_profile
        nm_up
        expect_tunnel 1
        traffic_start
        traffic_flows 10
}

fault_at_recovering() {
        fault_at_traffic
        pkill -KILL -x pluto
        eventually 10 journal_has 'pluto exited'
}

fault_at_disconnecting() {
        fault_at_idle
        nmcli --wait 60 connection down "$PROFILE" > "$LAB_LOG/down" 2>&1 &
        eventually 10 not fault_is_activated
}

fault_is_activated() {
        [ "$(nm_state)" = activated ]
}

fault_is_gone() {
        [ -z "$(nm_state)" ]
}

# Traffic crosses now: an answer inside ESP to a ping sent after the fault.
fault_flows() {
        fault_is_activated && ping -n -q -c 1 -W 1 "$REMOTE" > /dev/null 2>&1 &&
                [ "$(gateway_count inner_seen)" -gt 0 ]
}

fault_recovers() {
        local before
        wait_for "$1" fault_flows_or_gone || fail "no traffic $1 s after the fault"
        expect "the VPN ended instead of recovering" fault_is_activated
        figure outage "$(seconds_since "$FAULT_OVER")s"
        # Once more: it did not come by the last packet of what was dying.
        before=$(gateway_count inner_seen)
        eventually 20 fault_flows
        expect "the answers came without the tunnel" \
                test "$(gateway_count inner_seen)" -gt "$before"
}

fault_flows_or_gone() {
        fault_flows || fault_is_gone
}

fault_fails() {
        wait_for "$1" fault_is_gone || fail "the VPN is still there $1 s after the fault"
        figure failed "$(seconds_since "$FAULT_OVER")s"
        expect "neither the journal nor nmcli says why it failed" fault_is_explained
}

# NetworkManager itself ends what is being connected by a network that goes.
fault_is_explained() {
        journal_has 'failed:' || grep -qs 'activation failed: The base network' "$LAB_LOG/up"
}

fault_ends() {
        wait_for "$1" fault_is_gone || fail "the VPN is still there $1 s after the fault"
        figure ended "$(seconds_since "$FAULT_OVER")s"
}

fault_either() {
        wait_for "$1" fault_flows_or_gone || fail "neither traffic nor a failure after $1 s"
        if fault_is_gone; then
                fault_fails "$1"
        else
                fault_recovers "$1"
        fi
}

# Nothing in plaintext, and after 'down' nothing is left.
fault_leave() {
        [ -z "${TRAFFIC_PID:-}" ] || kill "$TRAFFIC_PID"
        case $1 in
        recovers) expect_no_plaintext ;;
        *) fault_is_gone || expect_no_plaintext ;;
        esac
        fault_is_gone || nm_down
        world_cleans 15 || fail "left behind: $WORLD_DIRT"
}

# fault_scrub: whatever a fault that failed has left of itself.
fault_scrub() {
        local file
        for file in $(awk '$2 ~ /libreswan|ipsec\// { print $2 }' /proc/mounts); do
                umount "$file"
        done
        systemctl stop other-ike 2> /dev/null
        net tc qdisc del dev access0 root 2> /dev/null
        net tc qdisc del dev core0 root 2> /dev/null
        ip -n net link set access0 up
        ip -n net addr replace 2001:db8:1::1/64 dev access0
}
