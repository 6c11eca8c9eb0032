# The uplink's profile names two connections as its secondaries: they come up with it, at the same moment,
# and go with it. One that is reset by its gateway comes back under it.
# once: bookworm
# deadline: 200
scenario() {
        several_gateways 2
        several_profile 1 ikev2
        several_profile 2 ikev1
        nmcli connection modify uplink connection.secondaries \
                "$(several_uuid 1),$(several_uuid 2)" || fail "NetworkManager takes no secondaries"
        uplink_leave
        nmcli --wait 60 connection up uplink > "$LAB_LOG/up" 2>&1 || fail "uplink: $(cat "$LAB_LOG/up")"
        secondaries_carry
        several_reset 2 1
        eventually 30 journal_has 'c2: reconnected after'
        secondaries_carry

        uplink_leave
        eventually 20 several_is_gone 1
        eventually 20 several_is_gone 2
        nmcli connection modify uplink connection.secondaries "" || fail "uplink keeps its secondaries"
        uplink_return
        expect_no_plaintext
        several_end 1 2
        several_gateways_end 2
        world_cleans 10 || fail "left behind: $WORLD_DIRT"
        gw_fresh
}

secondaries_carry() {
        local k
        for k in 1 2; do
                eventually 20 several_has_lease "$k"
                expect_equal "state of c$k" activated "$(several_state "$k")"
        done
        several_carry 1 2
}
