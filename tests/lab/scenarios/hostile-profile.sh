# A profile with a value that could be something else in a file is refused at
# activation by the name of its key, at once, and nothing is started. (Each key is
# in the unit tests; here is one of each kind, as NetworkManager's keyfile has it.)
# once: bookworm
# deadline: 150
scenario() {
        local long control words
        words=$(wire_count ike_out)
        long=$(head -c 10240 /dev/zero | tr '\0' a)
        control=$(printf 'a\033b')
        LONGEST_US=0
        refused right '192.0.2.1\n\tleftupdown=/bin/false'
        refused leftid 'a"b'
        refused leftcert "$control"
        refused rightsubnet "$long"
        refused ike 'aes256\nconn x'
        refused ikelifetime '1h\rx'
        refused nm-connect-mode "$long"
        refused leftusername 'joe\n: PSK "x"'
        refused Domain 'example.com\n'
        refused dhgroup 'x"'
        refused pskvalue "$long" 'pskvalue'
        figure longest "$((LONGEST_US / 1000)) ms"
        expect_equal "IKE packets" "$words" "$(wire_count ike_out)"
}

# refused KEY VALUE
refused() {
        nm_profile ikev1 leftxauthusername= "$1=$2"
        nm_journal_mark
        nm_try 20
        expect_equal "nmcli's exit code for $1" 4 "$NM_EXIT"
        eventually 2 journal_has "$1: "
        [ "$NM_TOOK_US" -le "$LONGEST_US" ] || LONGEST_US=$NM_TOOK_US
        expect "something was started for $1" test -z "$(world_dirt)"
}
