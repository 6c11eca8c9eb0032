# Somebody takes the interface in the moment between our first report and
# NetworkManager's routes: it may say 'activated' all the same, and nothing leaves
# in plaintext.
# once: bookworm
# deadline: 180
scenario() {
        local round
        nm_profile ikev1
        for round in {1..3}; do
                note "round $round"
                taken_once
                # Where there is no route ping(8) ends at once: again and again.
                eventually 30 ping -n -q -c 1 -W 1 "$REMOTE" > /dev/null 2>&1
                expect_pings 5
                nm_down
                expect_down
        done
}

taken_once() {
        watch_start
        nmcli --wait 90 connection up "$PROFILE" > "$LAB_LOG/up" 2>&1 &
        eventually 30 taken_has_link
        # Each process here is a part of the moment.
        until [[ $(< "$LAB_LOG/bus") = *member=Ip4Config* ]]; do
                :
        done
        ip link del "$TAKEN_LINK"
        nm_link_is_gone
        watch_stop
        until fault_is_activated; do
                :
        done
}

taken_has_link() {
        TAKEN_LINK=$(nm_link)
        [ -n "$TAKEN_LINK" ]
}
