# A failing 'nmcli connection up': the very command of nmcli's hint shows our reason, pluto's own lines
# and what the message means; the story of a tunnel is found by its identifiers.
# deadline: 180
scenario() {
        local hint link
        expect "the catalog is refused" journalctl --update-catalog
        # Not the scenarios before this one.
        PROFILE_UUID=$(cat /proc/sys/kernel/random/uuid)
        nm_profile ikev1 xauthpassword='not it'
        nm_try 60
        expect_equal "nmcli's exit" 4 "$NM_EXIT"
        hint=$(sed -n "s/^Hint: use '\(journalctl .*\)' to get more details\.$/\1/p" <<< "$NM_SAID")
        expect "nmcli gives no hint: $NM_SAID" test -n "$hint"
        note "the hint: $hint"
        eventually 5 hint_shows "$hint" "$PROFILE: failed: the gateway refused the XAUTH user name"
        expect "pluto's lines are missing" hint_shows "$hint" ': pluto: "vpn'
        expect "the reason is not explained" hint_shows "$hint" 'An IPsec connection has failed'
        expect "a secret is in it" not hint_shows "$hint" 'not it'

        # What never reaches libreswan.
        nm_profile ikev1 ike=no-such-algorithm
        nm_try 60
        eventually 5 hint_shows "$hint" "$PROFILE: the profile cannot be used: .*no-such-algorithm"

        nm_profile ikev1
        nm_up
        expect_tunnel 1
        link=$(nm_link)
        gw_reload pool=2
        gw_reset main
        expect_tunnel 2
        nm_down
        expect_down
        expect_event connecting f96f7fd098484e7c8b05f2e7e17fcb91 "connecting to"
        expect_event connected d1d014f3a31445188a55c30c4b46d935 "connected after" "NM_DEVICE=$link"
        expect_event lost a1b21249a63d431f8e6c3f4675acca97 "connection lost" "NM_DEVICE=$link"
        expect_event reconnected 334595f8757343ac9c9ab0e60fd91550 "reconnected after" "NM_DEVICE=$link"
        expect_event failed c8e2cfbebe9440629b43d73f0a31e1c9 "failed: the gateway refused the XAUTH"
        expect_event disconnected bf77f9541e434705a42585e8d3fa9f32 "disconnected"
}

# hint_shows COMMAND PATTERN
hint_shows() {
        bash -c "$1" < /dev/null 2> /dev/null | grep -q -- "$2"
}

# expect_event WHAT MESSAGE_ID PATTERN [FIELD=VALUE]: there is one, of this connection.
expect_event() {
        eventually 5 event_is_there "${@:2}"
        note "event $1: $(journalctl -q -o cat "MESSAGE_ID=$2" "NM_CONNECTION=$PROFILE_UUID" | tail -n 1)"
}

event_is_there() {
        journalctl -q -o cat "MESSAGE_ID=$1" "NM_CONNECTION=$PROFILE_UUID" ${3:+"$3"} | grep -q -- "$2"
}
