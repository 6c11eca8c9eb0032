# The host's own libreswan has a tunnel beside two of ours, and restarts: libreswan 5 then removes every
# state and policy of the host, ours among them. They are noticed and renewed, nothing leaves in
# plaintext meanwhile, the journal says who it was, and what ours do is nothing to it.
# deadline: 240
scenario() {
        several_gateways 4
        several_profile 1 ikev2
        several_profile 2 ikev1
        # It has UDP 500 and 4500 first.
        libreswan_configure
        libreswan_start
        expect "the host's libreswan does not carry" libreswan_carries
        several_up 1 2
        several_carry 1 2
        expect "ours has ended what the host's libreswan has" libreswan_carries

        libreswan_stops
        libreswan_starts
        expect "the host's libreswan does not carry" libreswan_carries
        several_carry 1 2
        several_reset 1 2
        eventually 30 several_crosses 1
        expect "a recovery of ours has ended what the host's libreswan has" libreswan_carries
        expect_equal "states of both" "activated activated" "$(several_state 1) $(several_state 2)"
        several_down 1 2
        expect "the end of ours has ended what the host's libreswan has" libreswan_carries
        plain_stop
        expect_no_plaintext
        libreswan_scrub
        several_end 1 2
        several_gateways_end 4
        world_cleans 10 || fail "left behind: $WORLD_DIRT"
        gw_fresh
}

# As somebody would have it who knows nothing of NetworkManager: the connection 4.
libreswan_configure() {
        local GATEWAY REMOTE_NET
        GATEWAY=$(several_gateway 4)
        REMOTE_NET=$(several_net 4)
        plain_configure ikev1
        plain_prepare
}

libreswan_start() {
        plain_start
        plain_up
        eventually 20 libreswan_carries
}

libreswan_carries() {
        pings_cross "$(several_remote 4)"
}

# libreswan_stops, libreswan_starts: and what becomes of ours.
libreswan_stops() {
        local pluto
        pluto=$(plain_pid)
        ours_before
        plain_stop
        ours_after stop "$pluto"
}

libreswan_starts() {
        ours_before
        libreswan_start
        ours_after start "$(plain_pid)"
}

ours_before() {
        nm_journal_mark
        several_ping_start 1
        several_ping_start 2
}

# ours_after FIGURE PID: which pluto of the host's it was.
ours_after() {
        local k
        plain_is_4 || eventually 20 both_are_renewed
        for k in 1 2; do
                eventually 20 several_crosses "$k"
                several_ping_stop "$k"
                # It flushes nothing.
                ! plain_is_4 || expect_no_ping_lost "$k"
                figure "$1-$k" "$(several_outage "$k")s"
        done
        plain_is_4 || expect "the journal does not say who it was" \
                journal_has "pluto (pid $2) removed the kernel's policies or states"
}

both_are_renewed() {
        [ "$(nm_journal | grep -c 'reconnected after')" -ge 2 ]
}

# What it leaves behind is its own matter.
libreswan_scrub() {
        ip addr flush dev lo to 10.30.44.0/24
        ip route flush "$(several_net 4)"
        ip xfrm state flush
        ip xfrm policy flush
}
