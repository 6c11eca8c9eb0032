# Builds the tree for one Debian, in that Debian, again only when it changed.
# shellcheck shell=bash

# Where the build of SUITE for this tree is kept: src, dest and stamp.
build_place() {
        printf '%s/build/%s-%s\n' "$CACHE" "$1" \
                "$(printf '%s' "$TREE" | sha256sum | cut -c 1-8)"
}

build_files() {
        (cd "$TREE" && git -c safe.directory="$TREE" ls-files -co --exclude-standard -z |
         while IFS= read -r -d '' file; do
                [ ! -f "$file" ] || printf '%s\0' "$file"
         done)
}

# One word for the text of everything that is installed.
build_fingerprint() {
        image_key build "$1"
        build_files | grep -zv '^tests/lab/' |
                (cd "$TREE" && xargs -0 sha256sum) | sha256sum
}

# build_tree SUITE: the tree's install is in $(build_place SUITE)/dest.
build_tree() {
        image_need build "$1"
        with_lock "build-$1" build_tree_locked "$1"
}

build_tree_locked() {
        local suite=$1 place stamp began=$SECONDS
        place=$(build_place "$suite")
        stamp=$(build_fingerprint "$suite")
        if [ "$(cat "$place/stamp" 2> /dev/null)" = "$stamp" ]; then
                return
        fi
        mkdir -p "$place/src"
        rm -f "$place/stamp"
        build_copy "$place"
        if ! build_in_chroot "$suite" "$place" > "$place/log" 2>&1; then
                # An old configure may be what is wrong: once more from nothing.
                rm -rf "$place/src"
                mkdir -p "$place/src"
                rm -f "$place/files"
                build_copy "$place"
                build_in_chroot "$suite" "$place" > "$place/log" 2>&1 || {
                        tail -n 40 "$place/log" >&2
                        die "building for $suite failed, the log is $place/log"
                }
        fi
        printf '%s\n' "$stamp" > "$place/stamp"
        note "built for $suite in $((SECONDS - began)) s"
}

# Copies what differs in content, so that make rebuilds only that, and removes
# what the tree no longer has.
build_copy() {
        local place=$1 gone
        build_files | sort -z > "$place/files.new"
        rsync --links --perms --checksum --from0 --files-from="$place/files.new" \
                "$TREE/" "$place/src/"
        if [ -e "$place/files" ]; then
                comm -z -23 "$place/files" "$place/files.new" |
                while IFS= read -r -d '' gone; do
                        rm -f "$place/src/$gone"
                done
        fi
        mv "$place/files.new" "$place/files"
}

build_in_chroot() {
        local suite=$1 place=$2 root
        root=$(image_path build "$suite")/root
        mkdir -p "$root/build"
        rm -rf "$place/dest"
        # shellcheck disable=SC2016
        unshare --mount --propagation private sh -eu -c '
                mount --bind "$2" "$1/build"
                mount --rbind /dev "$1/dev"
                mount -t proc proc "$1/proc"
                exec chroot "$1" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin \
                        HOME=/tmp LC_ALL=C.UTF-8 sh -eu -c "$3"
        ' sh "$root" "$place" '
                cd /build/src
                if [ ! -e Makefile ]; then
                        autoreconf -fi
                        ./configure --without-gtk4 --without-gtk3 \
                                --prefix=/usr --sysconfdir=/etc \
                                --localstatedir=/var \
                                --libexecdir=/usr/lib/NetworkManager \
                                --libdir="/usr/lib/$(gcc -print-multiarch)"
                fi
                make -j2
                make install DESTDIR=/build/dest
        '
}
