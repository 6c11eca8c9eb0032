# What happens to pluto and whack.
# shellcheck shell=bash disable=SC2034

# instead_of PROGRAM TEXT: it is a shell script with that text from now on.
instead_of() {
        printf '#!/bin/sh\n%s\n' "$2" > /run/lab/instead
        chmod 755 /run/lab/instead
        mount --bind /run/lab/instead "$1" || fail "$1 cannot be replaced"
}

# pluto_gets SIGNAL: that of the profile; there may be others beside it.
pluto_gets() {
        pkill "-$1" -f "^[^ ]*/pluto .*--rundir /run/nm-libreswan/$PROFILE_UUID "
}

libreswan_dir() {
        dirname "$(ls /usr/libexec/ipsec/pluto /usr/lib/ipsec/pluto 2> /dev/null | head -n 1)"
}

#: pluto-killed recovers 30 - pluto is killed
pluto_killed_hits() {
        pluto_gets KILL
}

#: pluto-aborts recovers 30 - pluto dies of a failed assertion
pluto_aborts_hits() {
        pluto_gets ABRT
}

#: pluto-stopped recovers 60 - pluto is stopped (SIGSTOP) and stays so
pluto_stopped_hits() {
        pluto_gets STOP
}

#: pluto-exits-at-start recovers 60 - pluto dies, and for 5 s every new one at once
pluto_exits_at_start_hits() {
        instead_of "$(libreswan_dir)/pluto" 'exit 3'
        pluto_gets KILL
        sleep 5
}

pluto_exits_at_start_ends() {
        umount "$(libreswan_dir)/pluto"
}

#: ports-taken recovers 60 - pluto dies, and for 5 s somebody has its ports
ports_taken_hits() {
        pkill -STOP -x pluto
        pkill -KILL -x pluto
        systemd-run --quiet --collect --unit=other-ike \
                socat -u UDP4-RECV:500 OPEN:/dev/null
        sleep 5
}

ports_taken_ends() {
        systemctl stop other-ike
}

#: whack-hangs recovers 90 - whack never ends, for 20 s
whack_hangs_hits() {
        instead_of "$(libreswan_dir)/whack" 'exec sleep 1000'
        sleep 20
}

whack_hangs_ends() {
        umount "$(libreswan_dir)/whack"
}
