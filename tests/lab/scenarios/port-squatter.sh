# A user without any rights binds UDP 4500: of another address he is in nobody's way; of the
# address in use he is named before there is a tunnel, and cannot have it while there is one.
# once: bookworm
# deadline: 300
scenario() {
        # ESP in UDP, and IKE with it: port 500 nobody can bind.
        nm_profile ikev1 encapsulation=yes

        squatter_binds "bind=127.9.9.9" 127.9.9.9
        nm_up
        expect_tunnel 1
        expect_pings 5
        expect_equal "where pluto listens" "$CLIENT_ADDRESS:500 $CLIENT_ADDRESS:4500" \
                "$(pluto_listens)"
        squatter_goes

        # He would share the port, and have what comes for it: pluto shares it with nobody.
        squatter_cannot "bind=$CLIENT_ADDRESS,reuseaddr"
        squatter_cannot "reuseaddr"
        squatter_cannot "bind=$CLIENT_ADDRESS,reuseport"
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

        wire_reset
        nm_up again
        expect_tunnel 1
        nm_down
        expect_down
}

# squatter_binds OPTIONS ADDRESS: socat's, for port 4500, as nobody; ADDRESS is what ss(8) shows.
squatter_binds() {
        systemd-run --quiet --collect --unit=squatter --uid=65534 \
                socat -u "UDP4-RECV:4500${1:+,$1}" OPEN:/dev/null
        eventually 10 squatter_has "$2"
}

# squatter_cannot OPTIONS: likewise, while the port is pluto's.
squatter_cannot() {
        expect "he binds it with $1" not timeout 5 systemd-run --quiet --wait --collect --uid=65534 \
                --setenv=LC_ALL=C --pipe socat -u "UDP4-RECV:4500,$1" OPEN:/dev/null \
                > "$LAB_LOG/cannot" 2>&1
        expect "it is not for the port" grep -q 'Address already in use' "$LAB_LOG/cannot"
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
