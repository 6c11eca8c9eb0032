# A root for each Debian: GNOME Settings, NetworkManager, and what builds the tree and drives the
# editor. Made once, named after what it is made of, kept in $CACHE.
# shellcheck shell=bash

# root_path SUITE: where the root is, or will be.
root_path() {
        printf '%s/gnome/%s-%s\n' "$CACHE" "$1" "$(hash_of "$GNOME/root.sh" "$GNOME/packages")"
}

# root_need SUITE: makes the root unless it is there.
root_need() {
        local path
        path=$(root_path "$1")
        [ -d "$path" ] || with_lock "gnome-root-$1" root_make "$1" "$path"
        # When it was used last.
        touch "$path"
}

root_make() {
        local suite=$1 path=$2 work began=$SECONDS
        if [ -d "$path" ]; then
                return
        fi
        note "making the root of GNOME in $suite"
        mkdir -p "$CACHE/gnome"
        work=$(mktemp -d "$CACHE/gnome/.tmp.XXXXXX")
        root_bootstrap "$suite" "$work" > "$CACHE/gnome/$suite.log" 2>&1 || {
                tail -n 20 "$CACHE/gnome/$suite.log" >&2
                rm -rf --one-file-system "$work"
                die "making the root of GNOME in $suite failed"
        }
        chmod 755 "$work"
        touch "$work"
        mv -T "$work" "$path"
        # Another tree may be at work in its own.
        find "$CACHE/gnome" -maxdepth 1 -name "$suite-*" -mtime +14 \
                -exec rm -rf --one-file-system {} +
        note "made the root of GNOME in $suite in $((SECONDS - began)) s"
}

root_bootstrap() {
        local suite=$1 root=$2 mirror options=()
        mirror=$(debian_mirror) || return 1
        if [ "$suite" = bookworm ]; then
                options+=(--hook-dir=/usr/share/mmdebstrap/hooks/merged-usr)
        fi
        # What is unpacked can be had again, so nothing waits for the disk. de_DE and he_IL are for
        # pictures: a long language, and one from right to left.
        # shellcheck disable=SC2016
        mmdebstrap --mode=root --variant=minbase --format=directory \
                --include="$(grep -v '^#' "$GNOME/packages" | paste -sd ,)" \
                --aptopt='Acquire::Languages "none"' \
                --aptopt='Acquire::Retries "3"' \
                --aptopt='Apt::Install-Recommends "false"' \
                --dpkgopt=force-unsafe-io \
                --dpkgopt='path-exclude=/usr/share/man/*' \
                --dpkgopt='path-exclude=/usr/share/doc/*' \
                --dpkgopt='path-exclude=/usr/share/info/*' \
                --customize-hook='for l in de_DE he_IL; do
                        chroot "$1" localedef -i $l -f UTF-8 $l.UTF-8
                done' \
                --customize-hook='chroot "$1" useradd -m -u 1000 -s /bin/bash tester' \
                "${options[@]}" "$suite" "$root" "deb $mirror $suite main"
}
