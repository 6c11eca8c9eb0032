# What happens to the service, and to those above it.
# shellcheck shell=bash disable=SC2034

#: service-killed ends 30 - the service is killed outright
service_killed_hits() {
        pkill -KILL -o -x -f "$SERVICE( .*)?"
}

#: networkmanager-killed ends 60 - NetworkManager is killed outright and started again
networkmanager_killed_hits() {
        systemctl kill --signal=KILL --kill-whom=main NetworkManager
        eventually 30 networkmanager_is_back
}

networkmanager_is_back() {
        systemctl is-active --quiet NetworkManager && nm_uplink_ready
}

#: networkmanager-restarted ends 60 - NetworkManager is restarted
networkmanager_restarted_hits() {
        systemctl restart NetworkManager
        eventually 30 networkmanager_is_back
}

#: bus-restarted ends 60 - the D-Bus daemon is restarted
bus_restarted_hits() {
        systemctl restart dbus
        systemctl restart NetworkManager
        eventually 30 networkmanager_is_back
}
