# Builds the plugin, both editors and the sign-in dialog of the tree in a Debian, again only when something changed.
# shellcheck shell=bash

# tree_place SUITE: where the build of SUITE for this tree is kept: src, dest and stamp.
tree_place() {
        printf '%s/gnome/build-%s-%s\n' "$CACHE" "$1" \
                "$(printf '%s' "$TREE" | sha256sum | cut -c 1-8)"
}

# One word for all that is built.
tree_fingerprint() {
        root_path "$1"
        build_files | grep -zv '^tests/\(lab\|gnome\|ike\)/' | (cd "$TREE" && xargs -0 sha256sum) |
                sha256sum
}

# tree_build SUITE: the tree's install is in $(tree_place SUITE)/dest.
tree_build() {
        with_lock "gnome-build-$1" tree_build_locked "$1"
}

tree_build_locked() {
        local suite=$1 place stamp began=$SECONDS
        place=$(tree_place "$suite")
        stamp=$(tree_fingerprint "$suite" | sha256sum)
        if [ "$(cat "$place/stamp" 2> /dev/null)" = "$stamp" ]; then
                return
        fi
        mkdir -p "$place/src"
        rm -f "$place/stamp"
        build_copy "$place"
        if ! tree_in_root "$suite" "$place" > "$place/log" 2>&1 && [ -e "$place/old" ]; then
                # An old configure may be what is wrong: once more from nothing.
                rm -rf "$place/old"
                rm -rf "$place/src" "$place/files"
                mkdir -p "$place/src"
                build_copy "$place"
                tree_in_root "$suite" "$place" > "$place/log" 2>&1
        fi
        [ -d "$place/dest" ] || {
                tail -n 40 "$place/log" >&2
                die "building for GNOME in $suite failed, the log is $place/log"
        }
        touch "$place/old"
        printf '%s\n' "$stamp" > "$place/stamp"
        note "built for GNOME in $suite in $((SECONDS - began)) s"
}

tree_in_root() {
        local suite=$1 place=$2 root
        root=$(root_path "$suite")
        rm -rf "$place/dest" "$place/new"
        # shellcheck disable=SC2016
        unshare --mount --propagation private sh -eu -c '
                mount --bind "$2" "$1/mnt"
                mount --rbind /dev "$1/dev"
                mount -t proc proc "$1/proc"
                exec chroot "$1" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin \
                        HOME=/tmp LC_ALL=C.UTF-8 sh -eu -c "$3"
        ' sh "$root" "$place" '
                cd /mnt/src
                if [ ! -e Makefile ]; then
                        autoreconf -fi
                        ./configure --with-gtk4 --with-gtk3 --prefix=/usr \
                                --sysconfdir=/etc --localstatedir=/var \
                                --libexecdir=/usr/lib/NetworkManager \
                                --libdir="/usr/lib/$(gcc -print-multiarch)"
                fi
                make -j2 install-pluginLTLIBRARIES install-nmvpnserviceDATA install-dbusserviceDATA \
                        DESTDIR=/mnt/new
                # The service itself is of no use without libreswan: inside/fake-service has its place.
                make -j2 nm-libreswan-auth-dialog
                install -D nm-libreswan-auth-dialog /mnt/new/usr/lib/NetworkManager/nm-libreswan-auth-dialog
                # Otherwise it does not see that a translation is new.
                rm -f po/stamp-po
                make -C po all install DESTDIR=/mnt/new
                mv /mnt/new /mnt/dest
        '
}
