# With vpn.persistent a recovery that has come to its end (here the XAUTH password is refused) leaves
# no plaintext: the VPN stays active and leads nowhere, one attempt is all, until somebody ends it.
# Nor is anybody asked for another password, as NetworkManager ends what is not answered for.
# once: trixie
# deadline: 300
scenario() {
        blocked_by_refusal
        blocked_instead_of_asking
}

blocked_by_refusal() {
        local attempts
        nm_profile ikev1 persistent=true
        watch_start
        nm_up
        expect_tunnel 1
        expect_pings 5
        watch_mark
        traffic_start

        gw_reload password="another password"
        attempts=$(gw_attempts)
        gw_reset main
        eventually 60 journal_has 'blocked, and not tried again: the gateway refused the XAUTH user name'
        expect "the journal does not say what to do" journal_has "nmcli connection down '$PROFILE'"
        expect_blocked "$((attempts + 1))"
        # Neither another uplink nor the old one makes it try.
        uplink_add
        uplink_leave
        expect_blocked "$((attempts + 1))"
        uplink_return
        expect_blocked "$((attempts + 1))"
        uplink_restore
        expect_never_left_activated
        kill "$TRAFFIC_PID"
        watch_stop

        # The user ends it, and connects with the password that is right now.
        nm_down
        expect_down
        gw_reload pool=2 password="another password"
        nm_profile ikev1 persistent=true xauthpassword="another password"
        nm_up again
        expect_tunnel 2
        expect_pings 5
        nm_down
        expect_down
}

blocked_instead_of_asking() {
        local attempts
        agent_start
        agent_says "$GW_PASSWORD"
        gw_reload pool=1
        nm_profile ikev1 persistent=true xauthpassword= xauthpassword-flags=2
        watch_start
        nm_up up-asked
        expect_tunnel 1
        watch_mark
        nm_journal_mark

        gw_reload password="another code"
        attempts=$(gw_attempts)
        gw_reset main
        eventually 60 journal_has 'blocked, and not tried again: the gateway refused the XAUTH user name'
        expect "somebody is asked" not journal_has 'asking for another'
        expect_blocked "$((attempts + 1))"
        expect_never_left_activated
        watch_stop
        nm_down
        agent_stop
        expect_down
}

# expect_blocked ATTEMPTS: as many as the gateway has seen; the interface stays, and what goes to
# it goes nowhere.
expect_blocked() {
        expect "somebody goes on trying" not wait_for 4 blocked_has_tried "$1"
        expect_equal "state of the VPN" activated "$(nm_state)"
        expect "the interface is gone" test -n "$(nm_link)"
        expect "a ping was answered" not ping -n -q -c 2 -i 0.2 -W 1 "$REMOTE"
        expect "pluto runs" not pgrep -x pluto
        expect_no_plaintext
}

blocked_has_tried() {
        [ "$(gw_attempts)" -gt "$1" ]
}
