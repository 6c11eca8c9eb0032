# A connection through another: the gateway of the second is a host of the network behind the first. It
# speaks from the lease of the first, and what fits it crosses without a fragment. The first gets
# another address under it, its pluto is killed, and the second comes along; nothing leaves in plaintext.
# deadline: 200
NESTED_GATEWAY=10.101.0.9

scenario() {
        local mtu outer began
        several_gateways 1
        several_far_start 2 "$NESTED_GATEWAY"
        several_profile 1 ikev2 persistent=true
        several_profile 2 ikev2 "right=$NESTED_GATEWAY" persistent=true
        several_up 1 2
        several_carry 1 2
        expect "the second does not speak from the lease of the first" nested_has_states
        outer=$(nested_mtu 1)
        mtu=$(nested_mtu 2)
        figure mtu "$mtu/$outer"
        expect "$mtu bytes do not cross" ping -n -q -c 1 -W 2 -M 'do' -s $((mtu - 28)) "$(several_remote 2)"
        expect_equal "IP fragments from here" 0 "$(wire_count fragments_out)"

        # From the lease that was nothing can be said any more.
        SEVERAL_LEASES[1]=$SEVERAL_SPARE
        several_reload 1
        began=$(now_us)
        several_reset 1 2
        eventually 30 several_has_lease 1
        eventually 40 several_crosses 2
        figure moved "$(seconds_since "$began")s"
        expect "the second does not speak from the new lease" nested_has_states
        nested_is_up

        began=$(now_us)
        kill -KILL "$(several_pluto 1)"
        eventually 40 several_crosses 2
        figure killed "$(seconds_since "$began")s"
        nested_is_up
        expect_no_plaintext
        several_down 2 1
        several_end 1 2
        several_gateways_end 1
        several_far_end
        world_cleans 10 || fail "left behind: $WORLD_DIRT"
}

nested_is_up() {
        expect_equal "states of both" "activated activated" "$(several_state 1) $(several_state 2)"
}

nested_has_states() {
        kernel_states | grep -q "^$(several_lease 1) $NESTED_GATEWAY esp 0x"
}

nested_mtu() {
        cat "/sys/class/net/$(several_link "$1")/mtu"
}
