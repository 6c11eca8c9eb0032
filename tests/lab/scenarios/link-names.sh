# A network interface whose name is a command to a shell: beside it nothing is started, and what
# runs ends at once and comes back when it is gone. The same with the label of an address.
# once: trixie
# deadline: 300
EVIL="';id>owned;'"

scenario() {
        nm_profile ikev1
        evil_appears
        expect_hands_off "$(evil_named 'network interface')"
        evil_goes
        ip addr add 198.51.100.9/32 dev lo label "lo:\$(id)"
        expect_hands_off "the address label \"lo:\$(id)\" has other characters"
        ip addr del 198.51.100.9/32 dev lo

        up_under_traffic ikev1
        evil_appears
        expect_ended
        # It waits, and says so once.
        eventually 60 journal_has "still: $(evil_named 'network interface')"
        eventually 60 journal_has 'next attempt in [2-9]\.[0-9] s'
        expect "pluto runs" not pgrep -x pluto
        expect_equal "how often it is said" 1 \
                "$(nm_journal | grep -v still: | grep -c "$(evil_named 'network interface')")"
        evil_goes
        traffic_flows 60
        expect_tunnel 1

        # A name may also be given later.
        ip link add name good type veth peer name good-peer
        traffic_flows 5
        # Linux 6.1 renames only what is down, and NetworkManager takes it up.
        eventually 10 nmcli device set good managed no
        ip link set dev good down
        ip link set dev good name "$EVIL" || fail "the interface cannot be renamed"
        expect_ended
        ip link del dev good-peer
        traffic_flows 60
        traffic_stop
        expect_tunnel 1
        expect_never_left_activated
        expect_no_plaintext
        watch_stop
        nm_down
        expect_down
        expect_equal "what it has left" "" "$(find / -xdev -name owned; find /run -name owned)"
}

evil_appears() {
        nm_journal_mark
        ip link add name "$EVIL" type veth peer name evil-peer
}

evil_goes() {
        ip link del dev evil-peer
}

evil_named() {
        printf 'the %s "%s" has other characters in its name' "$1" "$EVIL"
}

expect_ended() {
        eventually 15 not pgrep -x pluto > /dev/null
        expect_equal "state of the VPN" activated "$(nm_state)"
}
