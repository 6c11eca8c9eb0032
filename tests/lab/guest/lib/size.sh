# How large a packet may be inside the tunnel, and large amounts of data.
# shellcheck shell=bash

BULK=/run/lab/bulk
BULK_PORT=7000

link_mtu() {
        cat "/sys/class/net/$(nm_link)/mtu"
}

# size_ping BYTES: one ping that must not be fragmented, of so many bytes in all.
size_ping() {
        LC_ALL=C ping -n -c 1 -W 2 -M 'do' -s "$(($1 - 28))" "$REMOTE" > "$LAB_LOG/size" 2>&1
}

expect_fits() {
        size_ping "$1" || fail "$1 bytes do not cross: $(paste -sd ';' "$LAB_LOG/size")"
}

# expect_too_long BYTES MTU: refused here, with the MTU that there is.
expect_too_long() {
        size_is_refused "$@" ||
                fail "$1 bytes are not refused with $2: $(paste -sd ';' "$LAB_LOG/size")"
}

# Three words of ping's: of what the socket's route says, of an ICMP error, and
# (iputils of trixie) of the kernel's bare refusal.
size_is_refused() {
        size_ping "$1"
        grep -q -E "(message too long, mtu[=:] ?|Frag needed and DF set \(mtu = )$2\b|sendmsg: Message too long" \
                "$LAB_LOG/size"
}

# size_of_path: the largest packet that the tunnel takes, as the kernel tells who
# sends a larger one; 0 while it has not found out.
size_of_path() {
        size_ping "$(link_mtu)"
        sed -n 's/.*mtu *[=:] *\([0-9]*\).*/\1/p' "$LAB_LOG/size" | tail -n 1 | grep . || echo 0
}

size_of_path_is_known() {
        SIZE_OF_PATH=$(size_of_path)
        [ "$SIZE_OF_PATH" != 0 ]
}

# bulk_make MEGABYTES
bulk_make() {
        head -c "${1}M" /dev/urandom > "$BULK"
        BULK_SUM=$(sha256sum < "$BULK")
        BULK_MEGABYTES=$1
}

# bulk_crosses up|down: the data goes by TCP through the tunnel, to the gateway
# or from it, and has the same checksum at the other end.
bulk_crosses() {
        local began sum us
        case $1 in
        up)
                ip netns exec gw socat -u "TCP4-LISTEN:$BULK_PORT,reuseaddr" STDOUT |
                        sha256sum > "$BULK.sum" &
                ;;
        down)
                ip netns exec gw socat -u "OPEN:$BULK,rdonly" \
                        "TCP4-LISTEN:$BULK_PORT,bind=$REMOTE,reuseaddr" &
                ;;
        esac
        wait_for 10 bulk_listens || fail "nobody listens for the bulk data"
        began=$(now_us)
        case $1 in
        up)
                socat -u "OPEN:$BULK,rdonly" "TCP4:$REMOTE:$BULK_PORT" ||
                        fail "the bulk data did not go up"
                wait $!
                ;;
        down)
                socat -u "TCP4:$REMOTE:$BULK_PORT" STDOUT | sha256sum > "$BULK.sum" ||
                        fail "the bulk data did not come down"
                ;;
        esac
        us=$(($(now_us) - began))
        sum=$(cat "$BULK.sum")
        expect_equal "checksum after '$1'" "$BULK_SUM" "$sum"
        figure "$1" "${BULK_MEGABYTES}MB/$((us / 1000000)).$((us / 100000 % 10))s"
}

bulk_listens() {
        ip netns exec gw ss -H -t -l -n "sport = :$BULK_PORT" | grep -q .
}
