# A user without any rights binds UDP 4500: of another address he is in nobody's way; of the
# address in use he is named, before there is a tunnel and while there is one.
# once: bookworm
# deadline: 300
scenario() {
        local pid
        # ESP in UDP, and IKE with it: port 500 nobody can bind.
        nm_profile ikev1 encapsulation=yes

        squatter_binds "bind=127.9.9.9" 127.9.9.9
        nm_up
        expect_tunnel 1
        expect_pings 5
        expect_equal "where pluto listens" "$CLIENT_ADDRESS:500 $CLIENT_ADDRESS:4500" \
                "$(pluto_listens)"
        squatter_goes

        # He comes last, so what the gateway sends is his.
        squatter_binds "bind=$CLIENT_ADDRESS,reuseaddr" "$CLIENT_ADDRESS"
        expect "he does not get the packets" not pings_cross "$REMOTE"
        eventually 90 journal_has "$(squatter_named "$CLIENT_ADDRESS")"
        eventually 60 journal_has "still: $(squatter_named "$CLIENT_ADDRESS")"
        expect "the gateway is blamed" not journal_has 'does not answer'
        expect_equal "state of the VPN" activated "$(nm_state)"
        expect_equal "how often it is said" 1 \
                "$(nm_journal | grep -v still: | grep -c "$(squatter_named "$CLIENT_ADDRESS")")"
        squatter_goes
        eventually 60 pings_cross "$REMOTE"
        expect_pings 5
        nm_down
        expect_down
        expect_no_plaintext

        squatter_binds "bind=$CLIENT_ADDRESS" "$CLIENT_ADDRESS"
        wire_reset
        expect_hands_off "$(squatter_named "$CLIENT_ADDRESS")"
        squatter_goes
        squatter_binds "" 0.0.0.0
        wire_reset
        expect_hands_off "$(squatter_named 0.0.0.0)"
        squatter_goes

        # Nor is the gateway blamed where he came between the look and the answer.
        wire_silence
        nm_try 90 &
        pid=$!
        eventually 30 pluto_is_there
        squatter_binds "bind=$CLIENT_ADDRESS,reuseaddr" "$CLIENT_ADDRESS"
        eventually 60 journal_has "failed: $(squatter_named "$CLIENT_ADDRESS")"
        wait "$pid"
        squatter_goes
        world_cleans 10 || fail "left behind: $WORLD_DIRT"
        wire_reset
        nm_up again
        expect_tunnel 1
        nm_down
        expect_down
}

pluto_is_there() {
        [ "$(pluto_listens)" = "$CLIENT_ADDRESS:500 $CLIENT_ADDRESS:4500" ]
}

# squatter_binds OPTIONS ADDRESS: socat's, for port 4500, as nobody; ADDRESS is what ss(8) shows.
squatter_binds() {
        systemd-run --quiet --collect --unit=squatter --uid=65534 \
                socat -u "UDP4-RECV:4500${1:+,$1}" OPEN:/dev/null
        eventually 10 squatter_has "$2"
}

squatter_has() {
        ss -H -u -l -n -p | grep socat | grep -q -F " $1:4500 "
}

squatter_goes() {
        systemctl stop squatter
        eventually 5 not pgrep -x socat > /dev/null
}

# Our service may not look at what he has open, so it is the unit that names him.
squatter_named() {
        printf '%s\n' "socat (pid [0-9]*, squatter.service) of user nobody uses UDP port 4500 of address $1"
}

pluto_listens() {
        ss -H -u -l -n "sport = :500 or sport = :4500" | awk '{ print $4 }' | grep -v ^127.9.9.9 |
        sort -t : -k 2n | paste -sd ' '
}
