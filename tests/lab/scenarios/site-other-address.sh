# Without an interface, the way to the internet is another one, with an address that the gateway
# does not know: as long as it is so the tunnel is lost, and nothing leaves in plaintext, from the
# new address neither; back on the first way it carries. (NetworkManager 1.42 leaves the old address
# on a link that goes, as long as it is the VPN's.)
# once: trixie
# deadline: 180
scenario() {
        gw_site 2 "local_ts = $REMOTE_NET" "remote_ts = $CLIENT_ADDRESS"
        site_profile 2 rightsubnet="$REMOTE_NET" persistent=true
        watch_start
        nm_up
        expect_site "$CLIENT_ADDRESS/32" "$REMOTE_NET"
        expect_pings 5
        watch_mark
        traffic_start
        traffic_flows 10
        uplink_add
        eventually 5 site_holds "$CLIENT_ADDRESS/32" "$REMOTE_NET"
        uplink_leave
        eventually 30 journal_has 'connection lost'
        # Of each moment of this there is a ping, each tenth of a second.
        eventually 10 others_are_refused
        expect "somebody answers" not wait_for 5 pings_cross "$REMOTE"
        expect "packets are not refused" others_are_refused
        expect_no_plaintext
        uplink_return
        uplink1_leave
        eventually 60 pings_cross "$REMOTE"
        traffic_stop
        expect_never_left_activated
        expect_no_plaintext
        watch_stop
        nm_down
        uplink_restore
        expect_down
}

others_are_refused() {
        ping -c 1 -W 1 "$REMOTE" 2>&1 | grep -q "not permitted"
}
