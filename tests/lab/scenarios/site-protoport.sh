# A tunnel for TCP to the gateway alone: TCP goes in ESP, also after a reset,
# and everything else goes as it always went.
# once: bookworm
# deadline: 150
scenario() {
        gw_site 2 "local_ts = ${GATEWAY}[6]" "remote_ts = ${CLIENT_ADDRESS}[6]"
        site_profile 2 rightsubnet="$GATEWAY/32" leftprotoport=tcp rightprotoport=tcp
        nm_up
        expect_site "$CLIENT_ADDRESS/32" "$GATEWAY/32"
        echo_start
        expect_equal "the answer over TCP" tunnelled "$(echo_ask)"
        expect "the gateway saw no TCP in ESP" test "$(gateway_count inner_seen)" -ge 3
        expect "pings do not cross" ping -q -c 2 -W 2 "$GATEWAY"
        expect_equal "pings outside of ESP" 2 "$(wire_count host_out)"

        gw_reset site
        expect "pings do not cross" ping -q -c 1 -W 2 "$GATEWAY"
        eventually 30 journal_has "reconnected after"
        eventually 10 echo_answers
        expect_equal "TCP outside of ESP" 0 "$(wire_count host_tcp_out)"
        nm_down
        expect_down
}

# An answer to each who connects to the gateway's port 7007.
echo_start() {
        ip netns exec gw socat TCP-LISTEN:7007,reuseaddr,fork SYSTEM:'echo tunnelled' &
        eventually 5 echo_listens
}

echo_listens() {
        ip netns exec gw ss -H -l -t -n 'sport = :7007' | grep -q 7007
}

echo_ask() {
        timeout 5 socat -u "TCP:$GATEWAY:7007" STDOUT
}

echo_answers() {
        [ "$(echo_ask)" = tunnelled ]
}
