# Three connections at once, two with IKEv2, one with IKEv1, two of them to the same network, beside
# somebody else's IPsec: through up, a reset, the death of a pluto and of a service, and down each is
# its own. Who is not touched loses no packet, and somebody else's stays bit for bit what it is.
# deadline: 500
scenario() {
        local pluto service
        several_gateways 3
        foreign_start
        several_profile 1 ikev2
        several_profile 2 ikev2
        several_profile 3 ikev1
        several_up 1 2 3
        expect_foreign_untouched "after up"
        expect_foreign_hears
        several_carry 1 2 3
        expect_equal "interfaces" 3 "$(nm_link | grep -c .)"
        expect_equal "plutos" 3 "$(pgrep -c -x pluto)"

        several_ping_start 1
        several_ping_start 2

        several_reset 3 1
        eventually 40 several_crosses 3
        expect_equal "state of c3" activated "$(several_state 3)"
        expect_foreign_untouched "after the reset of one"

        # Behind both routes to the one network there is one that refuses, for both.
        expect_equal "fallback routes for the network of two" 1 "$(several_fallbacks 2)"
        several_down 3
        expect_equal "fallback routes for the network of the other" 1 "$(several_fallbacks 2)"
        expect "the other does not carry" several_crosses 2

        several_up 3
        service=$(several_service 3)
        pluto=$(several_pluto 3)
        kill -KILL "$service"
        eventually 20 several_is_gone 3
        eventually 10 not kill -0 "$pluto" 2> /dev/null
        expect "what a dead service had was another's" several_crosses 2
        expect_equal "fallback routes after a service was killed" 1 "$(several_fallbacks 2)"
        expect_foreign_untouched "after the death of a service"

        several_ping_stop 1
        expect_no_ping_lost 1
        kill -KILL "$(several_pluto 1)"
        eventually 30 several_crosses 1
        several_ping_stop 2
        expect_no_ping_lost 2
        expect_foreign_untouched "after the death of a pluto"
        expect_foreign_hears

        several_down 1 2
        expect_equal "fallback routes" "" "$(ip route show type unreachable)"
        expect_foreign_untouched "at the end"
        foreign_stop
        expect_no_plaintext
        several_end 1 2 3
        several_gateways_end 3
        # The gateway was not told of those that were killed.
        world_cleans 10 || fail "left behind: $WORLD_DIRT"
        gw_fresh
}

# several_fallbacks K: of its network, in the main table.
several_fallbacks() {
        ip route show type unreachable | grep -c -F "$(several_net "$1") "
}
