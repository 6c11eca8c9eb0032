# The profile asks for everything, the gateway gives one network: that alone is
# routed, and the rest goes as it always went, also during a reset.
# deadline: 120
scenario() {
        local pid
        internet_begin
        nm_profile ikev2
        watch_start
        nm_up
        expect_narrowed 1
        watch_mark
        LC_ALL=C ping -n -i 0.1 "$INTERNET4" > "$LAB_LOG/ping-internet" 2>&1 &
        pid=$!
        traffic_start
        traffic_flows 10
        change_to 2 ikev2
        traffic_flows 20
        traffic_stop
        kill -INT "$pid"
        wait "$pid"
        figure internet "$(sed -n 's/.*, \([^ ]* packet loss\).*/\1/p' "$LAB_LOG/ping-internet" | tr ' ' -)"
        expect "pings to the internet were lost: $(grep transmitted "$LAB_LOG/ping-internet")" \
                grep -q ' 0% packet loss' "$LAB_LOG/ping-internet"
        expect_narrowed 2
        expect_never_left_activated
        expect_no_plaintext
        watch_stop
        nm_down
        expect_down
        internet_end
}

# expect_narrowed POOL: the remote network is all that the tunnel has.
expect_narrowed() {
        expect_tunnel "$1"
        expect_guarded main 50 "$REMOTE_NET"
        expect_equal "IP4.ROUTE" "dst = $REMOTE_NET, nh = 0.0.0.0, mt = 50" "$(nm_saw IP4.ROUTE)"
        expect_equal "default routes" "default via 192.0.2.1 dev uplink0" \
                "$(ip -4 route show default | sed 's/ proto.*//')"
        expect_pings 5
        expect_outside 4
        expect_outside 6
}
