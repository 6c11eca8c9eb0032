# A user without any rights wants the UDP ports of two connections that are up, the standard ones and
# those of the kernel's choice: he has none of them beside a pluto, by whatever option. He waits until
# one is killed and takes its port then: the tunnel comes back with another, of which he hears nothing.
# deadline: 200
scenario() {
        local port
        several_gateways 2
        # ESP in UDP in both: what he would hear is the tunnels' own packets.
        several_profile 1 ikev2 encapsulation=yes
        several_profile 2 ikev2
        several_up 1 2
        expect_equal "ports of the first" "500 4500" "$(several_ports 1)"
        expect_equal "ports of the second" 2 "$(several_ports 2 | tr ' ' '\n' | grep -c -v -x '500\|4500')"
        for port in 4500 $(several_ports 2); do
                thief_cannot "$port,bind=$CLIENT_ADDRESS,reuseaddr"
                thief_cannot "$port,bind=$CLIENT_ADDRESS,reuseaddr,reuseport"
                thief_cannot "$port,reuseaddr"
        done
        several_ping_start 2

        thief_waits 4500
        kill -KILL "$(several_pluto 1)"
        eventually 10 thief_has 4500
        eventually 40 several_crosses 1
        expect "the first shares its port with him" not thief_shares 1
        # Until then the gateway may have said something to who was there before.
        : > /run/lab/thief
        expect "the first does not carry" several_crosses 1
        several_ping_stop 2
        expect_no_ping_lost 2
        expect "he has heard something" test ! -s /run/lab/thief
        expect_no_plaintext
        systemctl stop thief
        several_leave 2 1 2
}

# thief_cannot OPTIONS: socat's.
thief_cannot() {
        as_user timeout 5 socat -u "UDP4-RECV:$1" OPEN:/dev/null > "$LAB_LOG/thief" 2>&1
        expect "he binds $1, or fails of something else" \
                grep -q 'Address already in use' "$LAB_LOG/thief"
}

# thief_waits PORT: he tries to have it for as long as it takes.
thief_waits() {
        install -m 666 /dev/null /run/lab/thief
        systemd-run --quiet --collect --unit=thief --uid="$USER_ID" sh -c \
                "until socat -u UDP4-RECV:$1,bind=$CLIENT_ADDRESS,reuseaddr OPEN:/run/lab/thief,append
                 do :; done 2> /dev/null"
}

thief_has() {
        ss -H -u -l -n -p | grep socat | grep -q -F " $CLIENT_ADDRESS:$1 "
}

thief_shares() {
        [[ " $(several_ports "$1") " = *" 4500 "* ]]
}
