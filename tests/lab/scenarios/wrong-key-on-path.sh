# Somebody with the gateway's address and without its key begins IKE with us, and answers ours: while
# connecting, up and recovering. The tunnel lives, or is back when he is gone; nothing leaks.
# once: trixie
# deadline: 420
scenario() {
        wrong_key_begins ikev2 2 ikev2 persistent=true
        wrong_key_begins ikev1 1 main leftid=@client.example aggressive=no
        wrong_key_has_answered ikev2 persistent=true
        wrong_key_has_answered ikev1 nm-recovery-timeout=120
        wrong_key_from_the_first
}

# wrong_key_begins KIND VERSION NAME KEY=VALUE...
wrong_key_begins() {
        local kind=$1 version=$2 name=$3
        shift 3
        note "--- he begins, $kind"
        gw_fresh
        # With IKEv1 the gateway would take his key for ours, so there it begins when the tunnel is up.
        [ "$version" = 1 ] || gw_add_wrong_key "$version"
        nm_journal_mark
        wrong_key_start
        nm_profile "$kind" "$@"
        watch_start
        nm_up "up-$kind"
        expect_tunnel 1
        [ "$version" = 2 ] || gw_add_wrong_key "$version"
        watch_mark
        traffic_start
        wrong_key_tries_again
        wrong_key_tries_again
        expect "the tunnel was taken for lost" not journal_has 'connection lost'
        gw_configure pool=2
        if [ "$version" = 1 ]; then
                wrong_key_stop
                gw_forget_wrong_key
        else
                gw_add_wrong_key "$version"
        fi
        gw_reset "$name"
        eventually 30 tunnel_in_pool 2
        traffic_flows 20
        traffic_stop
        [ "$version" = 1 ] || wrong_key_stop
        expect_tunnel 2
        expect_never_left_activated
        expect_no_plaintext
        watch_stop
        nm_down
        expect_down
}

# He has begun once more, and had time for all that comes of it.
wrong_key_tries_again() {
        WRONG_KEY_TRIES=$(gw_thefts)
        eventually 30 wrong_key_has_tried
}

wrong_key_has_tried() {
        [ "$(gw_thefts)" -gt "$((WRONG_KEY_TRIES + 1))" ]
}

gw_thefts() {
        grep -c 'initiating .*IKE_SA thief' "$GW_LOG"
}

# wrong_key_has_answered KIND KEY=VALUE...: he takes the gateway's place when the tunnel is lost.
wrong_key_has_answered() {
        local kind=$1
        shift
        note "--- he answers, $kind"
        gw_fresh
        nm_profile "$kind" "$@"
        watch_start
        nm_up "up-$kind-again"
        expect_tunnel 1
        watch_mark
        traffic_start
        traffic_flows 10
        nm_journal_mark
        wrong_key_answers
        pkill -KILL -x pluto
        eventually 60 wrong_key_twice
        expect_equal "state of the VPN" activated "$(nm_state)"
        expect_no_plaintext
        # He is gone, and the gateway is back.
        gw_fresh pool=2
        eventually 60 tunnel_in_pool 2
        traffic_flows 20
        traffic_stop
        expect_tunnel 2
        expect_never_left_activated
        expect_no_plaintext
        watch_stop
        nm_down
        expect_down
}

wrong_key_twice() {
        [ "$(nm_journal | grep -c 'next attempt in')" -ge 2 ]
}

# A first connection to him fails, as that of somebody who has the wrong key himself.
wrong_key_from_the_first() {
        note "--- he answers the first time"
        wrong_key_answers
        nm_profile ikev2
        expect_refused 30 login any 'the gateway refused our identity'
}
