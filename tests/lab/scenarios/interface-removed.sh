# Somebody removes our interface, renames it, sets it down: each time NetworkManager gets another.
# deadline: 240
scenario() {
        local turn=0 change
        up_under_traffic ikev1
        for change in "del ipsecN" "set ipsecN name ipsecother" "set ipsecN down"; do
                # shellcheck disable=SC2086
                ip link ${change//ipsecN/$(nm_link)}
                turn=$((turn + 1))
                eventually 30 came_back "$turn"
                eventually 10 expect_routes_now
        done
        expect_recovered
        expect_equal "interfaces" 1 "$(nm_link | wc -l)"
        watch_stop
        nm_down
        eventually 10 world_is_clean
}

# As NetworkManager shows it, so it is in the kernel.
expect_routes_now() {
        local link address
        link=$(nm_link)
        nm_look
        address=$(nm_saw IP4.ADDRESS)
        [ "$link $address" = "$(kernel_addresses)" ] &&
                [[ $(ip -4 route get "$REMOTE") = *" dev $link "* ]]
}
