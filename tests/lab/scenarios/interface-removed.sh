# Somebody removes our interface, renames it, sets it down: each time NetworkManager gets another.
# deadline: 240
scenario() {
        local turn=0 change
        up_under_traffic ikev1
        for change in removed renamed set_down; do
                "interface_is_$change" "$(nm_link)" || fail "the interface cannot be $change"
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

interface_is_removed() {
        ip link del "$1"
}

interface_is_renamed() {
        link_rename "$1" ipsecother
}

interface_is_set_down() {
        ip link set "$1" down
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
