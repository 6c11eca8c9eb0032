# A password that is good for one login: the gateway resets the tunnel and refuses the old one, and
# NetworkManager's agent is asked for the next, once; meanwhile nobody tries, and nothing leaks.
# once: trixie
# deadline: 180
scenario() {
        local attempts
        agent_start
        agent_says "$GW_PASSWORD"
        nm_profile ikev1 xauthpassword= xauthpassword-flags=2
        watch_start
        nm_up
        # In the words of nm-libreswan-auth-dialog, which nmcli has run.
        expect "nmcli asked in other words" \
                grep -q "“$PROFILE” asks for your password" "$LAB_LOG/agent"
        expect "nmcli's field is another" grep -q "Password of $GW_USER" "$LAB_LOG/agent"
        expect_tunnel 1
        expect_pings 5
        watch_mark
        traffic_start

        gw_reload pool=2 password="another code"
        attempts=$(gw_attempts)
        gw_reset main
        eventually 30 journal_has 'asking for another xauthpassword: the gateway refused'
        eventually 10 token_is_asked_for
        eventually 10 grep -q "Authentication required to reconnect “$PROFILE”" \
                "$LAB_LOG/agent"
        expect "somebody goes on trying" not wait_for 4 gw_attempted_more "$((attempts + 1))"
        expect_no_plaintext
        agent_says "another code"
        eventually 30 tunnel_in_pool 2
        eventually 10 fault_flows
        expect_no_plaintext
        kill "$TRAFFIC_PID"
        expect_tunnel 2
        expect_pings 5

        # Nobody answers: the end says that it was the login.
        watch_mark
        gw_reload pool=1 password="a third code"
        agent_stop
        gw_reset main
        eventually 60 fault_is_gone
        expect "the journal does not say why" journal_has 'asking for another xauthpassword'
        watch_stop
        expect_down
}

# NetworkManager waits for secrets.
token_is_asked_for() {
        [[ " $(watch_states) " = *" 2 "* ]]
}

gw_attempted_more() {
        [ "$(gw_attempts)" -gt "$1" ]
}
