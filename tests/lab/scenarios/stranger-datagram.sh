# Datagrams of those without a key, from this host, from the network, from the gateway's address:
# while connecting, up, recovering and waiting for a packet. Nobody notices, nor does the journal.
# once: bookworm
# deadline: 420
scenario() {
        strangers_start
        strangers_and ikev2 ikev2
        strangers_and ikev1 main
        strangers_and_on_demand
        strangers_stop
}

# strangers_and KIND NAME: profile KIND, the gateway's connection NAME.
strangers_and() {
        local pid
        note "--- $1"
        gw_fresh
        nm_journal_mark
        nm_profile "$1"
        watch_start
        nm_up "up-$1"
        expect_tunnel 1
        expect_pings 5
        strangers_expect_heard
        watch_mark
        pid=$(pgrep -x pluto)
        traffic_start
        # Twice round, of each.
        sleep 10
        expect_equal "the pluto that runs" "$pid" "$(pgrep -x pluto)"
        expect "the tunnel was taken for lost" not journal_has 'connection lost'
        change_to 2 "$2"
        traffic_flows 20
        traffic_stop
        expect_tunnel 2
        expect_never_left_activated
        expect_no_plaintext
        expect_lost_little
        watch_stop
        nm_down
        expect_down
        strangers_are_counted
}

# They are lines of pluto, but not one by one.
strangers_are_counted() {
        local lines
        lines=$(nm_journal | grep -c 'pluto: packet from ')
        figure lines "$lines"
        [ "$lines" -lt 150 ] || fail "$lines lines of strangers in the journal"
        eventually 70 journal_has 'more lines of this kind in the last'
}

strangers_and_on_demand() {
        note "--- on demand"
        gw_site 2 "local_ts = $REMOTE_NET" "remote_ts = $CLIENT_ADDRESS"
        nm_journal_mark
        site_profile 2 rightsubnet="$REMOTE_NET" nm-connect-mode=ondemand
        nm_up up-on-demand
        strangers_expect_heard
        sleep 5
        expect_equal "state of the VPN" activated "$(nm_state)"
        expect_equal "the gateway's tunnels" "" "$(gw swanctl --list-sas 2> /dev/null)"
        expect "it had to begin anew" not journal_has 'next attempt'
        packets_bring_it_up
        expect_site "$CLIENT_ADDRESS/32" "$REMOTE_NET"
        expect_pings 5
        nm_down
        expect_down
        expect_no_plaintext
}
