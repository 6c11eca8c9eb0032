# Bare pluto, as somebody would start it by hand: no plugin, libreswan's own
# updown, a private configuration. It is what the plugin is measured against.
# shellcheck shell=bash disable=SC2034

PLAIN=/run/lab/plain
PLAIN_LIBEXEC=/usr/libexec/ipsec

# plain_configure ikev1|ikev2
plain_configure() {
        mkdir -p "$PLAIN/run"
        chmod 700 "$PLAIN"
        cat > "$PLAIN/secrets" <<EOF
: PSK "$GW_PSK"
@$GW_USER : XAUTH "$GW_PASSWORD"
EOF
        chmod 600 "$PLAIN/secrets"
        {
                echo "config setup"
                printf "\t%s\n" "ikev1-policy=accept"
                echo "conn plain"
                printf '\t%s\n' left=%defaultroute right="$GATEWAY" \
                        rightid=@gateway.example authby=secret \
                        leftmodecfgclient=yes auto=add
                case $1 in
                ikev1)
                        printf '\t%s\n' "$(plain_is_4 && echo ikev2=no || echo keyexchange=ikev1)" \
                                leftxauthclient=yes leftxauthusername="$GW_USER" \
                                modecfgpull=yes rightsubnet="$REMOTE_NET"
                        ;;
                ikev2)
                        printf '\t%s\n' "$(plain_is_4 && echo ikev2=insist || echo keyexchange=ikev2)" \
                                leftid=@client.example leftsubnet=0.0.0.0/0 \
                                rightsubnet=0.0.0.0/0 narrowing=yes
                        ;;
                esac
        } > "$PLAIN/conf"
}

plain_is_4() {
        ipsec --version | grep -q 'wan 4\.'
}

plain_whack() {
        "$PLAIN_LIBEXEC/whack" --ctlsocket "$PLAIN/run/pluto.ctl" "$@"
}

# plain_prepare: what is made once, before the first start.
plain_prepare() {
        mkdir -p "$PLAIN/nss"
        certutil -N -d "sql:$PLAIN/nss" --empty-password
}

plain_start() {
        "$PLAIN_LIBEXEC/pluto" --nofork --config "$PLAIN/conf" --rundir "$PLAIN/run" \
                --nssdir "$PLAIN/nss" --secretsfile "$PLAIN/secrets" --stderrlog \
                > "$LAB_LOG/pluto" 2>&1 &
        eventually 10 test -S "$PLAIN/run/pluto.ctl"
        eventually 5 plain_answers
}

plain_answers() {
        plain_whack --status > /dev/null 2>&1
}

# plain_up: add and initiate; sets PLAIN_SAID.
plain_up() {
        "$PLAIN_LIBEXEC/addconn" --ctlsocket "$PLAIN/run/pluto.ctl" --config "$PLAIN/conf" plain
        plain_whack --listen > /dev/null
        PLAIN_SAID=$(timeout 30 "$PLAIN_LIBEXEC/whack" --ctlsocket "$PLAIN/run/pluto.ctl" \
                --initiate --name plain 2>&1)
}

plain_stop() {
        plain_whack --shutdown > /dev/null 2>&1
        wait_for 5 not plain_pid > /dev/null || kill -KILL "$(plain_pid)"
}

# Not that of a connection.
plain_pid() {
        pgrep -f "^$PLAIN_LIBEXEC/pluto .*--rundir $PLAIN/run "
}
