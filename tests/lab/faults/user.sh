# What the user does.
# shellcheck shell=bash disable=SC2034

#: down ends 30 - nmcli connection down
down_hits() {
        nmcli --wait 30 connection down "$PROFILE" > "$LAB_LOG/down-again" 2>&1
}

#: up-twice asked 60 - nmcli connection up of what is up
up_twice_hits() {
        nmcli --wait 60 connection up "$PROFILE" > "$LAB_LOG/up-again" 2>&1
}

#: deleted ends 30 - the active profile is deleted
deleted_hits() {
        nmcli --wait 30 connection delete "$PROFILE" > "$LAB_LOG/deleted" 2>&1
}
