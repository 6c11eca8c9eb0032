# The two machines: roots over the laboratory's images, and the wire between them.
# shellcheck shell=bash

CLIENT_ADDRESS=192.0.2.2
GATEWAY_ADDRESS=192.0.2.1

world_make() {
        mkdir -p "$IKE_WORK"
        mount -t tmpfs tmpfs "$IKE_WORK" || return 1
        mkdir -p /run/netns
        mount -t tmpfs tmpfs /run/netns
        root_make client "$IKE_CLIENT" || return 1
        cp -a "$IKE_DEST/." "$IKE_WORK/client/root/"
        ip link set lo up
        ip netns add gateway
        ip link add uplink0 type veth peer name gw0 netns gateway
        ip address add "$CLIENT_ADDRESS/24" dev uplink0
        ip link set uplink0 up
        ip -n gateway address add "$GATEWAY_ADDRESS/24" dev gw0
        ip -n gateway link set lo up
        ip -n gateway link set gw0 up
        ip route add default via "$GATEWAY_ADDRESS"
}

# root_make NAME DISK: a root that can be written to, as $IKE_WORK/NAME/root.
root_make() {
        local place=$IKE_WORK/$1 root=$IKE_WORK/$1/root
        mkdir -p "$place"/{disk,upper,work,root}
        mount -o loop,ro "$2" "$place/disk" &&
                mount -t overlay -o "lowerdir=$place/disk,upperdir=$place/upper,workdir=$place/work" \
                        overlay "$root" || return 1
        mount -t proc proc "$root/proc"
        mount --rbind /dev "$root/dev"
        mount -t sysfs sysfs "$root/sys"
        mount -t tmpfs tmpfs "$root/run"
        mount -t tmpfs tmpfs "$root/tmp"
        cp "$IKE_PROGRAMS/no-esp.so" "$root/usr/lib/no-esp.so"
        echo /usr/lib/no-esp.so > "$root/etc/ld.so.preload"
}

client() {
        chroot "$IKE_WORK/client/root" "$@"
}

gateway() {
        ip netns exec gateway chroot "$IKE_WORK/$GATEWAY/root" "$@"
}
