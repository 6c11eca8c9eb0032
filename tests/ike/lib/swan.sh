# libreswan as the gateway, from the client's image; a pluto for each
# configuration.
# shellcheck shell=bash

SWAN_LIBEXEC=/usr/libexec/ipsec

swan_make() {
        mkdir -p "$IKE_WORK/swan/root/run/swan"
}

# Its own certificate, with its chain, and what it believes in. In gateway_configure's scope.
swan_put_certificates() {
        local place=$IKE_WORK/swan/root/run/swan authority
        rm -rf "$place/nss"
        mkdir "$place/nss"
        gateway certutil -N -d sql:/run/swan/nss --empty-password || return 1
        [ -n "$cert" ] || return 0
        cp "$IKE_PROGRAMS/pki/$cert.p12" "$place/gw.p12"
        printf '%s\n' "$PKI_PASSPHRASE" > "$place/gw.pass"
        echo > "$place/no.pass"
        gateway pk12util -i /run/swan/gw.p12 -d sql:/run/swan/nss -w /run/swan/gw.pass \
                -k /run/swan/no.pass > "$place/import.log" 2>&1 || return 1
        for authority in "${GATEWAY_TRUSTS[@]}"; do
                cp "$IKE_PROGRAMS/pki/$authority.crt" "$place/authority.crt"
                gateway certutil -A -d sql:/run/swan/nss -n "$authority" -t CT,, -a -i /run/swan/authority.crt || return 1
        done
}

# How both ends prove who they are with IKEv1 or 2. In gateway_configure's scope.
swan_auth() {
        local kind=rsa
        if [ -z "$cert" ]; then
                echo authby=secret
                return
        fi
        if [ "$raw" = yes ]; then
                printf '%s\n' "leftrsasigkey=$(cat "$IKE_PROGRAMS/pki/$cert.raw")" \
                        "rightrsasigkey=$(cat "$IKE_PROGRAMS/pki/alice.raw")" rightid=@alice authby=rsasig
                return
        fi
        ! grep -q 'BEGIN EC' "$IKE_PROGRAMS/pki/$cert.key" || kind=ec
        printf '%s\n' "leftcert=$cert" leftsendcert=always sendca=all leftrsasigkey=%cert rightrsasigkey=%cert \
                rightid=%fromcert rightca=%any
        case $1/$kind/$client in
        1/* | 2/rsa/rsa) echo authby=rsasig ;;
        *)
                echo "leftauth=${kind/ec/ecdsa}" | sed 's/=rsa$/=rsasig/'
                echo "rightauth=${client/ec/ecdsa}" | sed 's/=rsa$/=rsasig/'
                ;;
        esac
}

# In gateway_configure's scope.
swan_load() {
        local root=$IKE_WORK/swan/root
        swan_stop
        swan_put_certificates || return 1
        {
                printf '%s\n' 'config setup' '  ikev1-policy=accept' '  ipsecdir=/run/swan' ''
                swan_conn ikev1 'ikev2=never' 'leftxauthserver=yes' 'rightxauthclient=yes' \
                        'xauthby=file' 'modecfgpull=yes'
                swan_conn ikev2 'ikev2=insist' 'narrowing=yes'
        } > "$root/run/swan/conf"
        (
                umask 077
                printf ': PSK %s\n' "$(swan_secret "$psk")" > "$root/run/swan/secrets"
                printf '%s:%s\n' "$XAUTH_USER" "$(openssl passwd -1 "$password")" > "$root/run/swan/passwd"
        )
        gateway "$SWAN_LIBEXEC/pluto" --nofork --stderrlog --config /run/swan/conf --rundir /run/swan \
                --nssdir /run/swan/nss --secretsfile /run/swan/secrets > "$root/run/log" 2>&1 &
        wait_for 20 swan_has_loaded
}

# swan_secret TEXT: as numbers, and not as the service writes it, where a line has room for that.
swan_secret() {
        local number
        number=$(printf '%s' "$1" | od -An -v -tx1 | tr -d ' \n')
        if [ "${#number}" -le 2000 ]; then
                printf '0x%s' "$number"
        else
                printf '\n  0s%s' "$(in_base64 "$1")"
        fi
}

# swan_conn NAME LINE...
swan_conn() {
        local name=$1
        shift
        printf '\nconn %s\n' "$name"
        local shown=@$id
        case $id in
        *=*) shown="\"$id\"" ;;
        *[!0-9.]*) ;;
        *) shown=$id ;;
        esac
        printf '  %s\n' left="$GATEWAY_ADDRESS" "leftid=$shown" "leftsubnet=$net" leftupdown=%disabled \
                right=%any rekey=no auto=add ${ike:+"ike=$ike"} ${esp:+"esp=$esp"} "$@"
        swan_auth "${name#ikev}" | sed 's/^/  /'
        [ "$pool" = no ] || printf '  %s\n' leftmodecfgserver=yes rightmodecfgclient=yes \
                rightaddresspool=10.30.1.10-10.30.1.99 modecfgdns=10.20.0.53
}

swan_has_loaded() {
        local name
        for name in ikev1 ikev2; do
                grep -q "\"$name\": added " "$IKE_WORK/swan/root/run/log" || return 1
        done
        grep -q 'listening for IKE' "$IKE_WORK/swan/root/run/log"
}

swan_stop() {
        local pid
        for pid in $(ip netns pids gateway); do
                kill -KILL "$pid"
        done
        wait_for 5 swan_is_gone
        rm -f "$IKE_WORK/swan/root/run/swan/pluto."{pid,ctl} "$IKE_WORK/swan/root/run/log"
        ip -n gateway xfrm policy flush
}

swan_is_gone() {
        [ -z "$(ip netns pids gateway)" ]
}
