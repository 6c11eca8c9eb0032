# What the gateway does to us.
# shellcheck shell=bash disable=SC2034

#: delete-ipsec-first recovers 30 - Deletes for the IPsec SA, then the ISAKMP SA
delete_ipsec_first_hits() {
        gw_switch_pool 2
        gw_reset main
}

#: delete-isakmp-only recovers 60 - a Delete for the ISAKMP SA; the other one is lost
delete_isakmp_only_hits() {
        # The first Delete is 108 or 124 bytes: two do not fit. Other gateways are not meant.
        net nft add rule inet wire faults iifname core0 ip saddr "$GATEWAY" udp sport '{ 500, 4500 }' \
                quota until 200 bytes drop
        gw_reset main
}

delete_isakmp_only_ends() {
        wire_heal
}

#: gateway-killed fails 120 - the gateway dies and stays dead
gateway_killed_hits() {
        gw_clear
}

# Less and less often is it asked for: after one second, two, five.
gateway_killed_holds() {
        local pauses
        [ "$1" = idle ] || [ "$1" = traffic ] || return 0
        pauses=$(nm_journal | sed -n 's/.*next attempt in \([0-9]*\)\..*/\1/p' | head -n 3)
        expect_equal "seconds between the first attempts" "1 2 5" "$(paste -sd ' ' <<< "$pauses")"
}

#: gateway-restarted recovers 75 - the gateway reboots and gives other addresses
gateway_restarted_hits() {
        gw_fresh pool=2
}

#: gateway-silent recovers 75 - the gateway answers nothing until we noticed
gateway_silent_hits() {
        wire_silence
        wait_for 45 journal_has 'connection lost\|next attempt\|failed:'
}

gateway_silent_ends() {
        wire_heal
}

#: gateway-silent-for-ever fails 150 - the gateway never answers again
gateway_silent_for_ever_hits() {
        wire_silence
}
