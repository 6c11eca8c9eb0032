# A user without rights makes an interface whose name is shell code, and a profile whose ipsec.conf is
# the script: nothing of it is executed, before the tunnel and while it is up, and it is said.
# deadline: 180
scenario() {
        local evil="';sh\${IFS}i*;'" direct="';id>owned;'"
        rm -f /owned
        user_link "$evil" 198.51.100.1/24
        root_attack
        user_link_gone "$evil"
        expect_down

        # The name as a command of its own, whatever the directory.
        user_link "$direct" 198.51.100.1/24
        root_attack
        user_link_gone "$direct"
        expect_down

        # The uplink of a tunnel that is up gets the name, and every later event has it.
        nm_profile ikev1
        nm_up
        expect_tunnel 1
        user_link "$evil" 198.51.100.1/24
        eventually 30 root_has_noticed
        user_link_gone "$evil"
        expect "a user is root: $(cat /owned 2>&1)" not test -e /owned
        nmcli --wait 20 connection down "$PROFILE" > /dev/null 2>&1
        # pluto was killed without a word: what it says to the gateway goes by updown commands.
        world_cleans 10 || fail "left behind: $WORLD_DIRT"
}

# root_attack: pluto runs updown for such a profile at once, it needs no gateway.
root_attack() {
        as_user nmcli connection add type vpn vpn-type libreswan con-name hole autoconnect no \
                vpn.data "right=198.51.100.2,left=198.51.100.1,leftid=a\$(id>/owned;cat /etc/shadow>>/owned),aggressive=no,leftmodecfgclient=no,leftxauthclient=no,ikev2=never,rightsubnet=10.99.0.0/24,nm-connect-mode=ondemand,pskvalue-flags=0" \
                vpn.secrets pskvalue=whatever-it-is > /dev/null || fail "the profile was not taken"
        nm_journal_mark
        as_user nmcli --wait 30 connection up hole > "$LAB_LOG/up" 2>&1
        HOLE=$?
        # What the shell runs may take a moment longer than the command that had it run.
        eventually 10 root_is_decided
        expect "a user is root: $(head -n 1 /owned 2>&1)" not test -e /owned
        expect "it was activated" test "$HOLE" != 0
        expect "the journal does not say why" journal_has "interface\|another command"
        nmcli connection delete hole > /dev/null
        eventually 10 root_is_over
}

root_is_decided() {
        [ -e /owned ] || journal_has 'failed:'
}

root_is_over() {
        ! pgrep -x pluto > /dev/null && [ -z "$(ls -A /run/nm-libreswan 2> /dev/null)" ]
}

root_has_noticed() {
        journal_has "interface.*name\|another command"
}
