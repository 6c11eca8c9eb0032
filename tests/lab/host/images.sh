# The images: made once, named after what they are made of, kept in $CACHE.
# shellcheck shell=bash

IMAGES=$LAB/images

# Debian's mirror as this machine's apt has it.
debian_mirror() {
        local uri
        uri=$(apt-get indextargets --format '$(REPO_URI)' 2> /dev/null |
              grep -v -e security -e nodesource | grep '/debian/\?$' | head -n 1)
        if [ -z "$uri" ]; then
                uri=$(cat /etc/apt/sources.list /etc/apt/sources.list.d/*.list \
                          /etc/apt/sources.list.d/*.sources 2> /dev/null |
                      grep -o '\(https\?\|file\)://[^ ]*/debian/\?\( \|$\)' | head -n 1)
        fi
        [ -n "$uri" ] || die "no Debian mirror in this machine's apt configuration"
        printf '%s\n' "${uri%% *}"
}

# The package lists and the script that make an image of this kind.
image_lists() {
        case $1 in
        build) echo "$IMAGES/build.packages" ;;
        client) echo "$IMAGES/common.packages" "$IMAGES/client.packages" ;;
        neighbour) echo "$IMAGES/common.packages" "$IMAGES/neighbour.packages" ;;
        gateway) echo "$IMAGES/gateway.packages" ;;
        *) die "no image of the kind '$1'" ;;
        esac
}

image_customise() {
        case $1 in
        client | neighbour) echo "$IMAGES/guest.customise" ;;
        gateway) echo "$IMAGES/gateway.customise" ;;
        esac
}

# image_key KIND SUITE
image_key() {
        local lists customise
        lists=$(image_lists "$1") || exit 1
        customise=$(image_customise "$1")
        # shellcheck disable=SC2086
        printf '%s-%s-%s\n' "$1" "$2" "$(hash_of "$LAB/host/images.sh" $lists $customise)"
}

# image_path KIND SUITE: where the image is, or will be. An image is a folder:
# 'root' (a tree to chroot into) for build, 'disk' and for guests also 'kernel'
# and 'initrd' for the others.
image_path() {
        printf '%s/images/%s\n' "$CACHE" "$(image_key "$1" "$2")"
}

# image_need KIND SUITE: makes the image unless it is there.
image_need() {
        local path
        path=$(image_path "$1" "$2") || exit 1
        [ -d "$path" ] || with_lock "image-$1-$2" image_make "$1" "$2" "$path"
}

image_make() {
        local kind=$1 suite=$2 path=$3 work packages began=$SECONDS
        if [ -d "$path" ]; then
                return
        fi
        note "making the image $kind-$suite"
        mkdir -p "$CACHE/images"
        work=$(mktemp -d "$CACHE/images/.tmp.XXXXXX")
        # shellcheck disable=SC2046
        packages=$(cat $(image_lists "$kind") | grep -v '^#' | paste -sd ,)
        image_bootstrap "$kind" "$suite" "$work/root" "$packages" > "$work/log" 2>&1 || {
                tail -n 20 "$work/log" >&2
                rm -rf "$work"
                die "making the image $kind-$suite failed"
        }
        case $kind in
        build) ;;
        *) image_to_disk "$kind" "$work" ;;
        esac
        chmod 755 "$work"
        mv -T "$work" "$path"
        image_prune "$kind-$suite" "$path"
        note "made the image $kind-$suite in $((SECONDS - began)) s"
}

image_bootstrap() {
        local kind=$1 suite=$2 root=$3 packages=$4 mirror customise options=()
        mirror=$(debian_mirror) || return 1
        customise=$(image_customise "$kind")
        if [ -n "$customise" ]; then
                options+=("--customize-hook=$customise \"\$1\"")
        fi
        if [ "$suite" = bookworm ]; then
                options+=(--hook-dir=/usr/share/mmdebstrap/hooks/merged-usr)
        fi
        # Its index is good for a week, and a mirror may be older.
        if [ "$suite" = forky ]; then
                options+=(--aptopt='Acquire::Check-Valid-Until "false"')
        fi
        mmdebstrap --mode=root --variant=minbase --format=directory \
                --include="$packages" \
                --aptopt='Acquire::Languages "none"' \
                --aptopt='Acquire::Retries "3"' \
                --dpkgopt=force-unsafe-io \
                --dpkgopt='path-exclude=/usr/share/man/*' \
                --dpkgopt='path-exclude=/usr/share/doc/*' \
                --dpkgopt='path-exclude=/usr/share/locale/*' \
                --dpkgopt='path-exclude=/usr/share/info/*' \
                "${options[@]}" "$suite" "$root" "deb $mirror $suite main"
}

# image_to_disk KIND WORK: WORK/root becomes WORK/disk (and kernel, initrd).
image_to_disk() {
        local kind=$1 work=$2 size
        case $kind in
        client | neighbour)
                image_initrd "$work/root" "$work/initrd"
                cp -L "$work"/root/boot/vmlinuz-* "$work/kernel"
                ;;
        esac
        rm -rf "$work/root/boot" "$work"/root/var/cache/apt/* \
               "$work"/root/var/lib/apt/lists/*
        size=$(($(du -sm "$work/root" | cut -f 1) * 5 / 4 + 64))
        truncate -s "${size}M" "$work/disk"
        mke2fs -qF -t ext4 -O ^has_journal,^metadata_csum -E lazy_itable_init=0 \
               -m 0 -d "$work/root" "$work/disk"
        rm -rf --one-file-system "$work/root"
}

# The smallest initramfs that mounts the root: busybox and the drivers that the
# kernel does not have built in.
image_initrd() {
        local root=$1 out=$2 stage version module path
        stage=$(mktemp -d)
        version=$(basename "$(ls -d "$root"/boot/vmlinuz-*)")
        version=${version#vmlinuz-}
        mkdir -p "$stage"/{bin,dev,proc,sys,root,modules}
        cp "$root/bin/busybox" "$stage/bin/busybox"
        for module in virtio_pci virtio_blk ext4; do
                chroot "$root" /usr/sbin/modprobe -S "$version" --show-depends "$module" |
                sed -n 's/^insmod \([^ ]*\).*/\1/p'
        done | awk '!seen[$0]++' > "$stage/list"
        while read -r path; do
                module=$(basename "$path" .xz)
                case $path in
                *.xz) xz -dc "$root$path" > "$stage/modules/$module" ;;
                *) cp "$root$path" "$stage/modules/$module" ;;
                esac
                echo "$module" >> "$stage/modules/order"
        done < "$stage/list"
        touch "$stage/modules/order"
        rm -f "$stage/list"
        cat > "$stage/init" <<'EOF'
#!/bin/busybox sh
/bin/busybox mount -t proc proc /proc
/bin/busybox mount -t devtmpfs dev /dev
if /bin/busybox grep -q lab.probe /proc/cmdline; then
        echo lab-probe-ok
        /bin/busybox poweroff -f
fi
while read -r module; do
        /bin/busybox insmod "/modules/$module"
done < /modules/order
until [ -b /dev/vda ]; do
        /bin/busybox usleep 20000
done
/bin/busybox mount -t ext4 -o noatime /dev/vda /root
/bin/busybox umount /proc
exec /bin/busybox switch_root /root /lib/systemd/systemd
EOF
        chmod 755 "$stage/init"
        (cd "$stage" && find . | cpio --quiet -o -H newc -R 0:0) > "$out"
        rm -rf "$stage"
}

# image_prune NAME KEEP: of each image only the last is kept.
image_prune() {
        local old
        for old in "$CACHE/images/$1"-*; do
                [ "$old" = "$2" ] || rm -rf --one-file-system "$old"
        done
}
