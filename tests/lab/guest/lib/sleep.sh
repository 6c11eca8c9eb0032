# The machine sleeps, as far as programs can tell: logind is the real one, says
# so on the bus and waits for those who hold it up; instead of the machine the
# programs that we look at stand still.
# shellcheck shell=bash

SLEEP_UNIT=/run/systemd/system/systemd-suspend.service.d

# sleep_setup: logind runs, which it does not otherwise.
sleep_setup() {
        rm -f /etc/systemd/system/systemd-logind.service
        mkdir -p "$SLEEP_UNIT"
        cat > "$SLEEP_UNIT/lab.conf" <<'EOF'
[Service]
ExecStart=
ExecStart=/lab/guest/stand-still
EOF
        systemctl daemon-reload
        systemctl start systemd-logind || fail "logind does not start"
}

sleep_restore() {
        [ -e "$SLEEP_UNIT" ] || return 0
        systemctl stop systemd-logind
        rm -rf "$SLEEP_UNIT"
        ln -s /dev/null /etc/systemd/system/systemd-logind.service
        systemctl daemon-reload
}

# machine_falls_asleep: returns when everything stands still.
machine_falls_asleep() {
        rm -f /run/lab/asleep
        busctl call org.freedesktop.login1 /org/freedesktop/login1 \
                org.freedesktop.login1.Manager Suspend b false || fail "logind does not suspend"
        eventually 20 test -e /run/lab/asleep
}

# machine_wakes: returns when logind has said so.
machine_wakes() {
        rm -f /run/lab/asleep
        eventually 20 machine_is_awake
}

machine_is_awake() {
        [ "$(busctl get-property org.freedesktop.login1 /org/freedesktop/login1 \
                org.freedesktop.login1.Manager PreparingForSleep)" = "b false" ]
}
