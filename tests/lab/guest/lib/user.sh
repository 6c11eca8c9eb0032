# A user of this host without any right of its own.
# shellcheck shell=bash

USER_ID=65534

as_user() {
        setpriv --reuid "$USER_ID" --regid "$USER_ID" --clear-groups -- "$@"
}

# user_link NAME ADDRESS: that user makes an interface of that name by NetworkManager,
# as everybody at the seat may.
user_link() {
        as_user nmcli connection add type dummy ifname "$1" con-name lure autoconnect no \
                ipv4.method manual ipv4.addresses "$2" ipv6.method disabled > /dev/null ||
                fail "NetworkManager makes no interface named $1"
        as_user nmcli --wait 15 connection up lure > /dev/null || fail "no interface named $1"
        expect "there is no interface named $1" test -e "/sys/class/net/$1"
}

user_link_gone() {
        nmcli connection delete lure > /dev/null 2>&1
        eventually 10 not test -e "/sys/class/net/$1"
}
