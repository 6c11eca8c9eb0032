# The examples of nm-settings-libreswan(5) work as they are written, and the one
# with a pre-shared key comes up.
# once: trixie
# deadline: 150
scenario() {
        local example n=0
        profiles_mark
        mkdir -p /run/lab/man
        cd /run/lab/man || fail "no folder"
        cp /lab/import/fritzbox.conf office.conf
        man_page | man_examples
        for example in example.*; do
                note "$(cat "$example")"
                bash -e "$example" > said 2>&1 || fail "$(head -n 2 "$example"): $(tail -n 1 said)"
                expect_example "$example"
                n=$((n + 1))
        done
        figure examples "$n"
        expect "fewer examples than there should be" test "$n" -ge 6
        expect "nothing was exported" grep -q '^conn work$' work.conf
        expect_equal "what is imported" "$(tail -n +2 /lab/import/fritzbox.data)" \
                "$(profile_data id fritzbox | tail -n +2)"
        example_comes_up
        cd /
        # The profiles first: to look whether all is clean, nmcli reads them each time.
        profiles_drop
        expect_down
        rm -r /run/lab/man
}

man_page() {
        local page=/usr/share/man/man5/nm-settings-libreswan.5
        if [ -e "$page.gz" ]; then
                zcat "$page.gz"
        else
                cat "$page"
        fi
}

# man_examples: each of standard input, as a shell has it, in example.N.
man_examples() {
        awk '/^\.EX/ { n++; on = 1; next } /^\.EE/ { on = 0 }
             on { gsub(/\\-/, "-"); gsub(/\\e/, "\\"); print > ("example." n) }'
}

# expect_example FILE: the connection that it adds has the data that it says.
expect_example() {
        local name data
        name=$(grep -o 'con-name [^ ]*' "$1" | cut -d ' ' -f 2)
        [ -n "$name" ] || return
        data=$(sed -n "s/^ *vpn\.data \(['\"]\)\(.*\)\1.*/\2/p" "$1" |
                sed 's/, \([a-zA-Z0-9-]* = \)/\n\1/g; s/^ *//' | sed 's/ = /=/' | LC_ALL=C sort)
        [ -n "$data" ] || fail "no vpn.data in $1"
        expect_equal "vpn.data of $name" "$data" "$(profile_data id "$name" | tail -n +2)"
}

example_comes_up() {
        gw_fresh id=gw.example.com psk='a very long secret'
        echo "$GATEWAY gw.example.com" >> /etc/hosts
        PROFILE=lab
        nm_up
        eventually 5 tunnel_in_pool 1
        expect_pings 5
        nm_down
        sed -i '/ gw\.example\.com$/d' /etc/hosts
}
