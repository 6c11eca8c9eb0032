# Libreswan as the gateway: pluto in the namespace gw, from the client's own
# root, in place of strongSwan. It runs by another name, so that whoever looks
# for pluto meets the client's alone. Beside strongSwan it may be a second gateway, in another
# namespace and at another address.
# shellcheck shell=bash

SWAN_SPACE=gw
SWAN_GATEWAY=$GATEWAY

SWAN=/run/lab/swan
SWAN_NAME=gateway-swan
SWAN_LOG=$SWAN/log
SWAN_LIBEXEC=/usr/libexec/ipsec

# swan_conf KEY=VALUE...: an ipsec.conf with the connections ikev1 and ikev2; keys:
# pool (a number), subnet, domains, banner (IKEv1's alone).
swan_conf() {
        local pool=1 subnet=$REMOTE_NET domains=$GW_DOMAIN banner='' setting
        for setting; do
                case $setting in
                pool=* | subnet=* | domains=* | banner=*)
                        printf -v "${setting%%=*}" '%s' "${setting#*=}"
                        ;;
                *) fail "swan_conf: no such setting: $setting" ;;
                esac
        done
        swan_setup
        swan_conn ikev1 "${banner:+modecfgbanner=\"$banner\"}"
        swan_conn ikev2
}

swan_setup() {
        printf '%s\n' "config setup" "  ikev1-policy=accept" "  ipsecdir=$SWAN"
}

# swan_conn NAME LINE...: NAME begins with the version of IKE. In swan_conf's
# scope, or with pool, subnet and domains set as there.
swan_conn() {
        local name=$1 line
        shift
        printf '\nconn %s\n' "$name"
        printf '  %s\n' left="$SWAN_GATEWAY" leftid=@gateway.example leftsubnet="$subnet" \
                leftmodecfgserver=yes leftupdown=%disabled right=%any \
                rightmodecfgclient=yes rightaddresspool="10.30.$pool.10-10.30.$pool.99" \
                modecfgdns="$GW_DNS" modecfgdomains="\"$domains\"" authby=secret rekey=no auto=add
        case $name in
        ikev1*) printf '  %s\n' ikev2=never leftxauthserver=yes rightxauthclient=yes \
                xauthby=file modecfgpull=yes ;;
        *) printf '  %s\n' ikev2=insist narrowing=yes ;;
        esac
        for line; do
                [ -z "$line" ] || printf '  %s\n' "$line"
        done
}

# swan_fresh SETTINGS...: libreswan that remembers nothing is the gateway.
swan_fresh() {
        swan_conf "$@" | swan_fresh_with
}

# swan_fresh_with: the same with the ipsec.conf of standard input.
swan_fresh_with() {
        gw_clear
        swan_start_with
}

# swan_start_with: beside whatever there is.
swan_start_with() {
        mkdir -p "$SWAN/run" "$SWAN/nss"
        chmod 700 "$SWAN"
        cat > "$SWAN/conf"
        (
                umask 077
                printf ': PSK "%s"\n' "$GW_PSK" > "$SWAN/secrets"
                printf '%s:%s\n' "$GW_USER" "$(openssl passwd -1 "$GW_PASSWORD")" > "$SWAN/passwd"
        )
        certutil -N -d "sql:$SWAN/nss" --empty-password
        swan_start
}

# It has loaded its connections when it listens (addconn(8), --autoall).
swan_start() {
        ln -sf "$SWAN_LIBEXEC/pluto" "$SWAN/$SWAN_NAME"
        ip netns exec "$SWAN_SPACE" "$SWAN/$SWAN_NAME" --nofork --stderrlog --config "$SWAN/conf" \
                --rundir "$SWAN/run" --nssdir "$SWAN/nss" --secretsfile "$SWAN/secrets" \
                > "$SWAN_LOG" 2>&1 &
        wait_for 30 swan_has_started "$!"
        swan_listens || fail "the gateway's pluto did not start: $(tail -n 1 "$SWAN_LOG")"
        wait_for 5 not pgrep -x addconn > /dev/null
}

# swan_has_started PID: it listens, or is gone.
swan_has_started() {
        swan_listens || ! kill -0 "$1" 2> /dev/null
}

swan_listens() {
        ip netns exec "$SWAN_SPACE" ss -H -u -l -n 'sport = :4500' | grep -q -F "$SWAN_GATEWAY:4500"
}

swan_whack() {
        "$SWAN_LIBEXEC/whack" --ctlsocket "$SWAN/run/pluto.ctl" "$@"
}

swan_runs() {
        [ -S "$SWAN/run/pluto.ctl" ]
}

swan_pid() {
        pgrep -x "$SWAN_NAME"
}

# Ends it without a word to the client, and removes its files.
swan_kill() {
        [ -e "$SWAN" ] || return 0
        if pkill -KILL -x "$SWAN_NAME"; then
                wait_for 5 not swan_pid > /dev/null
        fi
        rm -rf "$SWAN"
}

# swan_replace NAME SETTINGS...: connection NAME is loaded anew, in one step for
# pluto: its SAs are deleted, with Deletes for the client, and what the settings
# say holds for the next negotiation.
swan_replace() {
        local name=$1
        shift
        swan_conf "$@" > "$SWAN/conf"
        "$SWAN_LIBEXEC/addconn" --ctlsocket "$SWAN/run/pluto.ctl" --config "$SWAN/conf" "$name" \
                >> "$SWAN_LOG" 2>&1 || fail "the gateway's pluto refused its configuration"
}

# swan_change_to N NAME: change.sh's change_to with libreswan as the gateway.
swan_change_to() {
        swan_replace "$2" "pool=$1"
        eventually 20 tunnel_in_pool "$1"
}

# The addresses that it has given away and still thinks are in use.
swan_leases() {
        swan_whack --trafficstatus 2> /dev/null | sed -n 's/.*lease=\([0-9.]*\).*/\1/p' | sort -u
}
