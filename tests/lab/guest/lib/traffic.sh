# Continuous pings and what became of them.
# shellcheck shell=bash

# traffic_start [SECONDS [TARGET]]: a ping each 0.1 s, or so many, to the remote
# host or another.
traffic_start() {
        TRAFFIC_INTERVAL=${1:-0.1}
        LC_ALL=C ping -n -D -i "$TRAFFIC_INTERVAL" "${2:-$REMOTE}" > "$LAB_LOG/ping" 2>&1 &
        TRAFFIC_PID=$!
}

# traffic_replies: how many have come so far (ping writes in blocks, so the
# wire is asked).
traffic_replies() {
        echo $(($(wire_count esp_in) + $(wire_count udp_in)))
}

traffic_more() {
        [ "$(traffic_replies)" -ge "$1" ]
}

# traffic_flows SECONDS: ten more answers come within SECONDS.
traffic_flows() {
        wait_for "$1" traffic_more "$(($(traffic_replies) + 10))" || fail "no traffic after $1 s"
}

# Ends the pings; sets TRAFFIC_SENT, TRAFFIC_LOST and TRAFFIC_OUTAGE, the
# longest run of pings without an answer, in seconds.
traffic_stop() {
        kill -INT "$TRAFFIC_PID"
        wait "$TRAFFIC_PID"
        TRAFFIC_SENT=$(sed -n 's/^\([0-9]*\) packets transmitted.*/\1/p' "$LAB_LOG/ping")
        read -r TRAFFIC_LOST TRAFFIC_OUTAGE < <(
                sed -n 's/.*icmp_seq=\([0-9]*\) ttl.*/\1/p' "$LAB_LOG/ping" | sort -nu |
                awk -v sent="${TRAFFIC_SENT:-0}" -v interval="$TRAFFIC_INTERVAL" '
                        function count(gap) { lost += gap; if (gap > worst) worst = gap }
                        { count($1 - last - 1); last = $1 }
                        # The very last may still be under way.
                        END { if (sent > last + 1) count(sent - last)
                              printf "%d %.1f\n", lost, worst * interval }')
        figure lost "$TRAFFIC_LOST/$TRAFFIC_SENT"
        figure outage "${TRAFFIC_OUTAGE}s"
}

# pings_cross TARGET: two of two come back now, by whatever way.
pings_cross() {
        ping -n -q -c 2 -i 0.2 -W 1 "$1" > /dev/null 2>&1
}
