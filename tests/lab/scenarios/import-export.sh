# nmcli imports each file of tests/import as its .data says, or refuses it as its
# .error says, and exports it; every third export is imported again, as the same
# (the unit tests do so with each).
# once: trixie
# deadline: 600
#
# libnm's plugin is the same code on both, and this takes long in an emulated machine:
scenario() {
        local conf name n=0 refused=0 first second began
        began=$(now_us)
        profiles_mark
        mkdir -p /run/lab/first /run/lab/second
        for conf in /lab/import/*.conf; do
                name=${conf%.conf}
                if [ -e "$name.error" ]; then
                        import_refused "$conf" "$name.error"
                        refused=$((refused + 1))
                        continue
                fi
                first=/run/lab/first/${name##*/}.conf
                second=/run/lab/second/${name##*/}.conf
                import "$conf"
                expect_equal "$conf" "$(cat "$name.data")" "$(profile_data uuid "$IMPORTED")"
                export_to "$IMPORTED" "$first"
                note "${name##*/}"
                n=$((n + 1))
                if [ $((n % 3)) = 0 ]; then
                        import "$first"
                        export_to "$IMPORTED" "$second"
                        expect_equal "$conf after export, import and export" \
                                "$(cat "$first")" "$(cat "$second")"
                fi
                # nmcli reads them all each time.
                [ $((n % 5)) != 0 ] || profiles_drop
        done
        figure took "$(seconds_since "$began")s"
        figure imported "$n"
        figure refused "$refused"
        expect "fewer samples than there should be" test "$n" -ge 30 -a "$refused" -ge 5
        profiles_drop
        rm -r /run/lab/first /run/lab/second
}

# import FILE: sets IMPORTED, the UUID.
import() {
        local said
        # Temporary ones are in memory: NetworkManager does not wait for the disk.
        said=$(nmcli connection import --temporary type libreswan file "$1" 2>&1) ||
                fail "import of $1: $said"
        IMPORTED=$(grep -o '[0-9a-f]\{8\}-[0-9a-f-]\{27\}' <<< "$said" | tail -n 1)
        [ -n "$IMPORTED" ] || fail "import of $1 says no UUID: $said"
}

export_to() {
        local said
        said=$(nmcli connection export uuid "$1" "$2" 2>&1) || fail "export to $2: $said"
}

import_refused() {
        local said status
        said=$(nmcli connection import type libreswan file "$1" 2>&1)
        status=$?
        [ "$status" != 0 ] || fail "$1 was imported: $said"
        [[ $said = *"$(cat "$2")"* ]] || fail "import of $1 says: $said"
}
