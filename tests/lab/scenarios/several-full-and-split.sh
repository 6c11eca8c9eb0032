# A tunnel for everything beside one for a network, either of which comes first: what is of the network
# goes to it by the second, all else by the first, and nothing in plaintext. The second is reset, goes
# down and comes up inside of the first, and stays when that goes down.
# deadline: 240
SPLIT_GATEWAY=198.18.7.1

scenario() {
        SEVERAL_NET[1]=0.0.0.0/0
        several_gateways 1
        internet_begin
        several_far_start 2 "$SPLIT_GATEWAY"
        ip -n net route add "$SPLIT_GATEWAY" via "$GATEWAY"
        several_profile 1 ikev2
        several_profile 2 ikev2 "right=$SPLIT_GATEWAY" persistent=true

        # By the uplink, and it stays there.
        several_up 2 1
        both_carry
        expect "the split tunnel does not speak from the uplink" split_has_states "$CLIENT_ADDRESS"
        several_ping_start 2
        several_reset 1 2
        eventually 30 full_carries
        several_ping_stop 2
        expect_no_ping_lost 2
        several_down 2

        # By the first, as all else.
        ping -n -i 0.1 "$INTERNET4" > "$LAB_LOG/ping-full" 2>&1 &
        several_up 2
        both_carry
        expect "the split tunnel does not speak from the full one" split_has_states "$(several_lease 1)"
        swan_whack --terminate --name ikev2 > /dev/null 2>&1
        eventually 30 journal_has 'c2: reconnected after'
        eventually 10 several_crosses 2
        both_carry
        kill -INT $!
        wait $!
        expect "the full tunnel has lost a ping" grep -q ' 0% packet loss' "$LAB_LOG/ping-full"
        expect_equal "packets to the internet in plaintext" 0 "$(internet_count host)"

        several_down 1
        eventually 40 several_crosses 2
        expect "the split tunnel does not speak from the uplink" split_has_states "$CLIENT_ADDRESS"
        expect_no_plaintext
        several_down 2
        several_end 1 2
        several_far_end
        ip -n net route del "$SPLIT_GATEWAY"
        internet_end
        several_gateways_end 1
        world_cleans 10 || fail "left behind: $WORLD_DIRT"
}

both_carry() {
        expect "the full tunnel does not carry" full_carries
        expect "the split tunnel does not carry" several_crosses 2
        [[ $(ip route get "$(several_remote 2)") = *" dev $(several_link 2) "* ]] ||
                fail "the network's route is '$(ip route get "$(several_remote 2)")'"
}

full_carries() {
        [[ $(ip route get "$INTERNET4") = *" dev $(several_link 1) "* ]] && pings_cross "$INTERNET4"
}

split_has_states() {
        kernel_states | grep -q "^$1 $SPLIT_GATEWAY esp 0x"
}
