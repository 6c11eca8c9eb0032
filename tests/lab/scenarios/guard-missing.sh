# The library that takes the shell away from pluto is missing, damaged, not safe or not loaded: each
# activation is refused with the reason, and pluto is not started; with it, it connects again. Beside
# somebody else's IPsec it is refused too where pluto has no shell.
# once: bookworm
# deadline: 240
GUARD=/usr/lib/x86_64-linux-gnu/NetworkManager-pluto/pluto-guard.so

scenario() {
        expect "$GUARD is not installed" test -e "$GUARD"
        cp -a "$GUARD" /run/lab/guard
        nm_profile ikev1

        trap guard_restore EXIT
        rm "$GUARD"
        guard_refused "cannot open .*pluto-guard.so: No such file"
        echo "no library" > "$GUARD"
        guard_refused "the dynamic linker did not load it"
        # The dynamic linker does not survive this one.
        head -c 1000 /run/lab/guard > "$GUARD"
        guard_refused "pluto --version ended by signal\|the dynamic linker did not load it"
        guard_restore
        chmod 0777 "$GUARD"
        guard_refused "can be written to by others"
        guard_restore
        chown 65534 "$GUARD"
        guard_refused "belongs to uid 65534"
        guard_restore

        # A pluto that drops what is preloaded, as one that is static would.
        guard_pluto 'unset LD_PRELOAD' 'exec /run/lab/pluto "$@"'
        guard_refused "the dynamic linker did not load it"
        # One that answers the question for its version with it, and then runs without.
        guard_pluto 'case $1 in --version) exec /run/lab/pluto "$@" ;; esac' \
                'unset LD_PRELOAD' 'exec /run/lab/pluto "$@"'
        guard_refused "does not load its guard library"
        guard_scrub

        # One that needs no library for the shell's sake is started alone, or not at all.
        foreign_start
        guard_pluto 'echo Libreswan 5.9'
        guard_refused "tunnel is up on this host .*pluto cannot be kept from it: its guard library"
        expect_foreign_untouched "where nobody keeps pluto from it"
        foreign_stop
        guard_scrub

        nm_up
        expect_tunnel 1
        expect_pings 3
        nm_down
        expect_down
}

guard_restore() {
        guard_scrub
        cp -a --remove-destination /run/lab/guard "$GUARD"
}

# guard_pluto LINE...: a script in the place of pluto, for a shell that is static: nothing is loaded
# into it.
guard_pluto() {
        guard_scrub
        cp -a /usr/libexec/ipsec/pluto /run/lab/pluto
        {
                printf '#!/bin/busybox sh\n'
                printf '%s\n' "$@"
        } > /run/lab/wrapper
        chmod 755 /run/lab/wrapper
        mount --bind /run/lab/wrapper /usr/libexec/ipsec/pluto
}

guard_scrub() {
        if mountpoint -q /usr/libexec/ipsec/pluto; then
                umount /usr/libexec/ipsec/pluto
        fi
}

# guard_refused REASON
guard_refused() {
        nm_journal_mark
        # The service that has looked already would not look again.
        pkill -x nm-libreswan-se
        eventually 10 world_no_service
        nmcli --wait 30 connection up "$PROFILE" > "$LAB_LOG/up" 2>&1 && fail "it was activated: $1"
        expect "the journal does not say: $1" journal_has "$1"
        expect "pluto got a configuration" not guard_has_conf
        expect "IKE left this host" test "$(wire_count ike_out)" = 0
        eventually 10 not pgrep -x pluto > /dev/null
}

guard_has_conf() {
        ls /run/nm-libreswan/*/ipsec.conf > /dev/null 2>&1
}
