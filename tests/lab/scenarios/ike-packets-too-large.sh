# fragmentation=no on a path of 1280 bytes: told so, pluto has IP cut its messages.
scenario() {
        # Of 1370 bytes: one packet here, too large a one on the way.
        large_up 22 ikev2 fragmentation=no
        expect "nothing had to be cut" test "$(wire_count fragments)" -gt 0
        expect "pluto was not told" journal_has 'Message too long'
        expect_tunnel 1
        expect_pings 5
        nm_down
        expect_down
}
