# What somebody else does to what is ours in the kernel.
# shellcheck shell=bash disable=SC2034

#: interface-removed recovers 60 - somebody deletes our interface
# The link of the profile, by the alias that the service gives it; there may be others beside it.
fault_link() {
        local alias
        for alias in /sys/class/net/ipsec*/ifalias; do
                ! grep -q -s -F "$PROFILE_UUID" "$alias" || basename "${alias%/ifalias}"
        done
}

interface_removed_hits() {
        local link
        link=$(fault_link)
        [ -z "$link" ] || ip link del "$link"
}

#: interface-renamed recovers 60 - somebody renames our interface
interface_renamed_hits() {
        local link
        link=$(fault_link)
        [ -z "$link" ] || link_rename "$link" ipsecrenamed
}

#: interface-down recovers 60 - somebody sets our interface down
interface_down_hits() {
        local link
        link=$(fault_link)
        [ -z "$link" ] || ip link set "$link" down
}

#: interface-flaps recovers 60 - somebody sets our interface down and up again
interface_flaps_hits() {
        local link
        link=$(fault_link)
        [ -z "$link" ] || ip -batch - <<< "link set $link down
link set $link up"
}

#: policies-flushed recovers 60 - somebody flushes all XFRM policies
policies_flushed_hits() {
        ip xfrm policy flush
}

#: states-flushed recovers 60 - somebody flushes all XFRM states
states_flushed_hits() {
        ip xfrm state flush
}
