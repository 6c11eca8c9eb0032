# The same profile twice: NetworkManager lets no profile of a VPN say so (connection.multi-connect), and
# refuses what is up already. A copy of it, to the same gateway with the same identity and network, comes
# up beside it with a lease and an interface of its own. The first does not notice.
# once: trixie
# deadline: 120
scenario() {
        local link
        several_gateways 1
        several_profile 1 ikev2
        expect "NetworkManager lets a VPN be up more than once" \
                not nmcli connection modify c1 connection.multi-connect multiple
        several_up 1
        several_ping_start 1
        PROFILE=c1 nm_try 30
        expect_equal "nmcli's exit code for the second" 4 "$NM_EXIT"
        nmcli connection clone c1 copy > /dev/null || fail "nmcli connection clone"
        PROFILE=copy nm_up copy
        expect_equal "plutos" 2 "$(pgrep -c -x pluto)"
        eventually 10 twice_has_leases
        for link in $(several_link 1); do
                ping -n -q -c 2 -i 0.2 -W 1 -I "$link" "$(several_remote 1)" > /dev/null ||
                        fail "$link does not carry"
        done
        nmcli --wait 30 connection down copy > /dev/null || fail "the copy does not go down"
        several_ping_stop 1
        expect_no_ping_lost 1
        nmcli connection delete copy > /dev/null
        expect_no_plaintext
        several_leave 1 1
}

twice_has_leases() {
        [ "$(several_link 1 | sort -u | wc -l)" = 2 ]
}
