# The service, on a bus of its own, and whoever plays NetworkManager.
# shellcheck shell=bash

SERVICE=org.freedesktop.NetworkManager.libreswan
SERVICE_LOG=$IKE_WORK/service.log
BUS=unix:path=$IKE_WORK/client/root/run/bus

service_start() {
        cat > "$IKE_WORK/client/root/etc/ike-bus.conf" <<EOF
<busconfig>
  <type>system</type>
  <listen>unix:path=/run/bus</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*"/>
    <allow receive_sender="*"/>
    <allow own="*"/>
    <allow user="*"/>
  </policy>
</busconfig>
EOF
        mkdir -p "$IKE_WORK/client/root/pki"
        cp "$IKE_PROGRAMS/pki/"*.{crt,key,p12,der} "$IKE_WORK/client/root/pki/"
        chmod 644 "$IKE_WORK/client/root/pki/"*
        echo "$GATEWAY_ADDRESS gateway.example" >> "$IKE_WORK/client/root/etc/hosts"
        client dbus-daemon --config-file=/etc/ike-bus.conf --nofork --nopidfile > "$IKE_WORK/bus.log" 2>&1 &
        wait_for 10 test -S "$IKE_WORK/client/root/run/bus" || {
                cat "$IKE_WORK/bus.log" >&2
                return 1
        }
        # Not by client(): of a function in the background the shell's own process would be known.
        chroot "$IKE_WORK/client/root" env DBUS_SYSTEM_BUS_ADDRESS=unix:path=/run/bus LC_ALL=C.UTF-8 \
                /usr/lib/NetworkManager/nm-libreswan-service --persist --debug \
                > "$SERVICE_LOG" 2>&1 &
        SERVICE_PID=$!
        wait_for 10 service_is_there || {
                cat "$SERVICE_LOG" >&2
                return 1
        }
}

service_is_there() {
        client env DBUS_SYSTEM_BUS_ADDRESS=unix:path=/run/bus dbus-send --system --print-reply \
                --dest=org.freedesktop.DBus / org.freedesktop.DBus.GetNameOwner string:"$SERVICE" \
                > /dev/null 2>&1
}

service_stop() {
        local status
        kill "$SERVICE_PID"
        wait "$SERVICE_PID"
        status=$?
        [ "$status" = 0 ] || echo "the service ended with $status" >&2
        return "$status"
}

# The profile that reaches the default gateway. Without an interface, as this
# kernel may not have that type.
profile_default() {
        PROFILE=(
                "id office"
                "uuid 6c1f1d5c-8e5f-4d0a-9e4f-2f7f0a3c0001"
                "data right=$GATEWAY_ADDRESS"
                "data rightid=@gateway.example"
                "data rightsubnet=10.20.0.0/24"
                "data ipsec-interface=no"
                "secret pskvalue=$PSK"
        )
        case $IKE in
        1) PROFILE+=("data ikev2=never" "data leftusername=$XAUTH_USER"
                "secret xauthpassword=$XAUTH_PASSWORD") ;;
        2) PROFILE+=("data ikev2=insist") ;;
        esac
}

# profile LINE...: further lines; one with the key of an earlier one takes its
# place, and one without a value behind the "=" takes it away.
profile() {
        local line old kept
        for line; do
                kept=()
                for old in "${PROFILE[@]}"; do
                        [ "${old%%=*}" = "${line%%=*}" ] && [[ $line = *=* ]] || kept+=("$old")
                done
                PROFILE=("${kept[@]}")
                [ -z "${line#*=}" ] || PROFILE+=("$line")
        done
}

# try [SECONDS]: one attempt, to its end.
try() {
        local at
        at=$(wc -c < "$SERVICE_LOG")
        printf '%s\n' "${PROFILE[@]}" |
                "$IKE_PROGRAMS/vpn-caller" "$BUS" "$SERVICE" "${1:-30}" > "$CASE/bus" 2>&1
        wait_for 10 service_is_idle || echo "the service did not become idle" >> "$CASE/bus"
        tail -c "+$((at + 1))" "$SERVICE_LOG" > "$CASE/log"
}

service_is_idle() {
        [ -z "$(ls "$IKE_WORK/client/root/run/nm-libreswan" 2> /dev/null)" ]
}
