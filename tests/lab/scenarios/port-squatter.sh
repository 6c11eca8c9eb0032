# A user without any rights binds UDP 4500: of another address he is in nobody's way; of the address in
# use he cannot have it while pluto has it, and where he has it first pluto has another.
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

        # Where he has it first, of this address or of all, pluto has another, and he hears nothing.
        squatted "bind=$CLIENT_ADDRESS,reuseaddr" "$CLIENT_ADDRESS"
        squatted "" 0.0.0.0

        wire_reset
        nm_up again
        expect_tunnel 1
        nm_down
        expect_down
}

# squatted OPTIONS ADDRESS
squatted() {
        squatter_binds "$1" "$2"
        wire_reset
        nm_up squatted
        expect_tunnel 1
        expect_pings 5
        expect "pluto has his port" not pluto_has "$CLIENT_ADDRESS:4500"
        expect "pluto has given port 500 away" pluto_has "$CLIENT_ADDRESS:500"
        nm_down
        expect_down
        expect "he has heard something" test ! -s /run/lab/squatter
        squatter_goes
}

pluto_has() {
        ss -H -u -a -n -p | grep '"pluto"' | grep -q -F " $1 "
}

# squatter_binds OPTIONS ADDRESS: socat's, for port 4500, as nobody; ADDRESS is what ss(8) shows.
squatter_binds() {
        rm -f /run/lab/squatter
        install -m 666 /dev/null /run/lab/squatter
        systemd-run --quiet --collect --unit=squatter --uid=65534 \
                socat -u "UDP4-RECV:4500${1:+,$1}" OPEN:/run/lab/squatter,append
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

pluto_listens() {
        ss -H -u -l -n "sport = :500 or sport = :4500" | awk '{ print $4 }' | grep -v ^127.9.9.9 |
        sort -t : -k 2n | paste -sd ' '
}
