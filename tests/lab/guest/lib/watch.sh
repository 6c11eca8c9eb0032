# What passes on the system bus between our service and NetworkManager.
# shellcheck shell=bash

watch_start() {
        dbus-monitor --system \
                "type='signal',interface='org.freedesktop.NetworkManager.VPN.Plugin'" \
                "type='signal',interface='org.freedesktop.NetworkManager.VPN.Connection'" \
                > "$LAB_LOG/bus" 2>&1 &
        WATCH_PID=$!
        WATCH_FROM=1
        eventually 5 test -s "$LAB_LOG/bus"
}

watch_stop() {
        [ -z "${WATCH_PID:-}" ] || kill "$WATCH_PID" 2> /dev/null
        WATCH_PID=
}

# watch_mark: what came before does not count any more.
watch_mark() {
        WATCH_FROM=$(($(wc -l < "$LAB_LOG/bus") + 1))
}

watch_lines() {
        tail -n "+${WATCH_FROM:-1}" "$LAB_LOG/bus"
}

# How often the plugin reported IPv4 configurations since the mark.
watch_reports() {
        watch_lines | grep -c 'member=Ip4Config'
}

# The states of the VPN since the mark: numbers of NMVpnConnectionState.
watch_states() {
        watch_lines | grep -A 1 'member=VpnStateChanged' |
        sed -n 's/^ *uint32 \([0-9]*\)$/\1/p' | paste -sd ' '
}

# The failure that the plugin reported: 0 login failed, 1 connect failed,
# 2 bad IP configuration.
watch_failure() {
        watch_lines | grep -A 1 'member=Failure' |
        sed -n 's/^ *uint32 \([0-9]*\)$/\1/p' | tail -n 1
}

expect_never_left_activated() {
        expect_equal "states of the VPN after the first 'activated'" "" "$(watch_states)"
        expect_equal "state of the VPN" activated "$(nm_state)"
}
