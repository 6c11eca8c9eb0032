# What happens to the service, and to those above it.
# shellcheck shell=bash disable=SC2034

#: service-killed ends 30 - the service is killed outright
service_killed_hits() {
        pkill -KILL -o -x -f "$SERVICE( .*)?"
}

#: all-killed ends 60 - the service and the process that cleans up after it are killed outright
all_killed_hits() {
        pkill -KILL -x nm-libreswan-re
        service_killed_hits
        wait_for 5 not pgrep -x pluto > /dev/null || fail "pluto outlives the service"
}

# Nobody is left to clean up but the next service, whatever connection it is for.
all_killed_ends() {
        eventually 30 fault_is_gone
        (
                PROFILE=other
                PROFILE_UUID=${PROFILE_UUID%1}2
                PROFILE_FILE=${PROFILE_FILE%/*}/other.nmconnection
                fault_profile
                nm_up again
                nm_down
                nmcli connection delete "$PROFILE" > /dev/null
        ) || exit
}

#: networkmanager-killed ends 60 - NetworkManager is killed outright and started again
networkmanager_killed_hits() {
        systemctl kill --signal=KILL --kill-whom=main NetworkManager
        eventually 30 networkmanager_is_back
}

networkmanager_killed_ends() {
        networkmanager_forgets
}

# The host route to the gateway is NetworkManager's; one that is restarted leaves it
# on the uplink, for whatever VPN (1.42 to 1.52), and it is not ours to take away.
networkmanager_forgets() {
        ip route del "$GATEWAY" via 192.0.2.1 dev uplink0 proto static metric 50 2> /dev/null
        ip route del 192.0.2.1 dev uplink0 proto static scope link metric 50 2> /dev/null
}

networkmanager_is_back() {
        systemctl is-active --quiet NetworkManager && nm_uplink_ready
}

#: networkmanager-restarted ends 60 - NetworkManager is restarted
networkmanager_restarted_hits() {
        systemctl restart NetworkManager
        eventually 30 networkmanager_is_back
}

networkmanager_restarted_ends() {
        networkmanager_forgets
}

#: bus-restarted ends 60 - the D-Bus daemon is killed outright and started again
bus_restarted_hits() {
        # Stopped in order it would take with it what is there because of it: the laboratory.
        systemctl kill --signal=KILL --kill-whom=main dbus
        systemctl start dbus
        systemctl restart NetworkManager
        eventually 30 networkmanager_is_back
}

bus_restarted_ends() {
        networkmanager_forgets
}
