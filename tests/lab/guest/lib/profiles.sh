# Profiles beside the scenario's own: imported, or added by nmcli.
# shellcheck shell=bash

# profiles_mark, profiles_new, profiles_drop: the VPN connections since the mark, by UUID.
profiles_mark() {
        profiles_all > /run/lab/profiles
}

profiles_all() {
        nmcli -g UUID,TYPE connection show | sed -n 's/:vpn$//p' | sort
}

profiles_new() {
        profiles_all | comm -13 /run/lab/profiles -
}

profiles_drop() {
        local uuids
        mapfile -t uuids < <(profiles_new)
        [ "${#uuids[@]}" = 0 ] || nmcli connection delete uuid "${uuids[@]}" > /dev/null ||
                fail "nmcli connection delete"
}

# profile_data FIELD VALUE: the name of the connection whose FIELD (id or uuid)
# it is, and its vpn.data (no more of vpn), as NetworkManager stores them and tests/import has them.
profile_data() {
        local file
        file=$(grep -slxF -- "$1=$2" {/etc,/run}/NetworkManager/system-connections/*)
        [ -n "$file" ] || return
        sed -n 's/^id=\(.*\)/[\1]/p' "$file"
        sed -n '/^\[vpn\]$/,/^$/p' "$file" | sed -e '/^\[/d; /^$/d; /^service-type=\|^user-name=/d' \
                -e 's/\\\\/\\/g' | LC_ALL=C sort
}
