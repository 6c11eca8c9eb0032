# The gateway: strongSwan in its own root and namespace.
# shellcheck shell=bash

GW_ROOT=/gateway
GW_LOG=$GW_ROOT/run/charon.log
GW_USER=alice
GW_PASSWORD='correct horse'
GW_PSK='a key that is long enough for sha2-512'
GW_DNS=10.20.0.53
GW_DOMAIN=lab.example
GW_IKE=aes256-sha256-modp2048,aes256-sha1-modp2048,aes128-sha1-modp2048
GW_ESP=aes256-sha256-modp2048,aes128-sha256-modp2048,aes256-sha1-modp2048
GW_ESP+=,aes128-sha1-modp2048,aes256-sha512-modp2048

gw() {
        ip netns exec gw chroot "$GW_ROOT" "$@"
}

gw_setup() {
        mount -o noatime /dev/vdb "$GW_ROOT"
        mount --rbind /dev "$GW_ROOT/dev"
        mount -t proc proc "$GW_ROOT/proc"
        mount -t sysfs sysfs "$GW_ROOT/sys"
        mount -t tmpfs tmpfs "$GW_ROOT/run"
        cat > "$GW_ROOT/etc/strongswan.d/zz-lab.conf" <<EOF
charon-systemd {
        # Only what it needs: some of the rest load kernel modules by the dozen.
        load_modular = no
        load = random nonce openssl pem x509 pubkey pkcs1 pkcs8 kdf hmac curve25519 sha1 sha2 aes gcm kernel-netlink socket-default vici attr unity xauth-generic eap-identity eap-mschapv2 updown
        i_dont_care_about_security_and_use_aggressive_mode_psk = yes
        filelog {
                lab {
                        path = /run/charon.log
                        time_format = %H:%M:%S
                        time_add_ms = yes
                        default = 1
                        flush_line = yes
                }
        }
}
swanctl {
        load_modular = no
        load = random nonce openssl pem pkcs1 x509 pubkey
}
EOF
}

# gw_configure KEY=VALUE...: writes swanctl.conf; keys: pool (a number), psk,
# password, ike, esp (proposals), id (its own), local_ts (networks behind it),
# what the pools give away: dns and domain (lists), banner (IKEv1), wins (a list,
# which libreswan has no use for); dns2 and domain2 are those of pool 2, where
# they differ; conn and child: a further line of every connection, of every child.
gw_configure() {
        local pool=1 psk=$GW_PSK password=$GW_PASSWORD ike=$GW_IKE esp=$GW_ESP
        local id=gateway.example local_ts=$REMOTE_NET conn='' child=''
        local dns=$GW_DNS domain=$GW_DOMAIN banner='' wins='' dns2='' domain2=''
        local setting n
        for setting; do
                case $setting in
                pool=* | psk=* | password=* | ike=* | esp=* | id=* | local_ts=* | \
                        dns=* | domain=* | banner=* | wins=* | dns2=* | domain2=* | \
                        conn=* | child=*)
                        printf -v "${setting%%=*}" '%s' "${setting#*=}"
                        ;;
                *) fail "gw_configure: no such setting: $setting" ;;
                esac
        done
        {
                echo "connections {"
                gw_connection main 1 "aggressive = no"
                gw_connection aggressive 1 "aggressive = yes"
                gw_connection ikev2 2 ""
                echo "}"
                echo "pools {"
                # The domain has a number of Cisco with IKEv1, and one of RFC
                # 8598 with IKEv2, where libreswan 4.10 refuses that of Cisco.
                for n in {1..22}; do
                        gw_pool "v1pool$n" "$n" 28674
                done
                for n in {1..3}; do
                        gw_pool "v2pool$n" "$n" 25
                done
                echo "}"
                echo "secrets {"
                echo "  ike-any { secret = \"$psk\" }"
                echo "  xauth-user { id = $GW_USER"
                echo "    secret = \"$password\" }"
                echo "}"
                gw_beside
        } > "$GW_ROOT/etc/swanctl/swanctl.conf"
}

# What else the gateway has; strongSwan takes a section that comes twice for one. Nothing, but in a
# scenario that says otherwise.
gw_beside() {
        :
}

# gw_pool NAME N ATTRIBUTE: the domain is in the configuration attribute; in
# gw_configure's scope.
gw_pool() {
        local dns=$dns domain=$domain
        if [ "$2" = 2 ]; then
                dns=${dns2:-$dns}
                domain=${domain2:-$domain}
        fi
        # Once for each of many pools: no process for it.
        printf '  %s {\n' "$1"
        printf '    %s\n' "addrs = 10.30.$2.0/24" "dns = $dns" "${domain:+$3 = $domain}" \
                "${banner:+28672 = \"$banner\"}" "${wins:+nbns = $wins}"
        printf '  }\n'
}

# In gw_configure's scope.
gw_connection() {
        cat <<EOF
  $1 {
    version = $2
    $3
    local_addrs = $GATEWAY
    proposals = $ike
    pools = v$2pool$pool
    $conn
    local { auth = psk
      id = $id }
    remote { auth = psk }
    $([ "$2" = 2 ] || echo "remote-xauth { auth = xauth }")
    children { net {
      local_ts = $local_ts
      esp_proposals = $esp
      $child
    } }
  }
EOF
}

gw_start() {
        gw /usr/sbin/charon-systemd > /dev/null 2>&1 &
        wait_for 20 test -S "$GW_ROOT/run/charon.vici" || fail "the gateway did not start"
        gw swanctl --load-all --noprompt > "$GW_ROOT/run/load.log" 2>&1 ||
                fail "the gateway refused its configuration: $(tail -n 1 "$GW_ROOT/run/load.log")"
}

gw_pid() {
        pgrep -x charon-systemd
}

gw_stop() {
        pkill -x charon-systemd
        wait_for 10 not gw_pid > /dev/null || gw_kill
        rm -f "$GW_ROOT/run/charon.vici"
}

gw_kill() {
        if pkill -KILL -x charon-systemd; then
                wait_for 5 not gw_pid > /dev/null
        fi
        rm -f "$GW_ROOT/run/charon.vici"
}

# gw_clear: no gateway runs, and nothing of it is left in the kernel.
gw_clear() {
        gw_kill
        swan_kill
        ip -n gw xfrm state flush
        ip -n gw xfrm policy flush
        rm -f "$GW_LOG"
}

# A gateway that remembers nothing, configured as gw_configure is told.
gw_fresh() {
        gw_clear
        gw_configure "$@"
        gw_start
}

# gw_fresh_with: a gateway that remembers nothing, with the swanctl.conf of
# standard input instead of gw_configure's.
gw_fresh_with() {
        gw_clear
        cat > "$GW_ROOT/etc/swanctl/swanctl.conf"
        gw_start
}

# gw_reload SETTINGS...: takes effect for the next negotiation.
gw_reload() {
        gw_configure "$@"
        gw swanctl --load-creds --noprompt > /dev/null 2>&1
        gw swanctl --load-conns > /dev/null 2>&1 || fail "the gateway refused its configuration"
}

# gw_switch_pool N: the seed's change of configuration: from now on addresses
# come from 10.30.N.0/24.
gw_switch_pool() {
        gw_reload "pool=$1"
}

# gw_reset NAME: the seed's reset: Deletes for the IPsec SA, then the IKE SA.
gw_reset() {
        gw swanctl --terminate --ike "$1" --timeout 5 > /dev/null 2>&1
}

# The addresses that the gateway has given away and still thinks are in use.
gw_leases() {
        if swan_runs; then
                swan_leases
                return
        fi
        gw swanctl --list-sas --raw 2> /dev/null |
        grep -o 'remote-vips=\[[^]]*\]' | sed 's/remote-vips=\[\(.*\)\]/\1/' | gw_each_once
}

# One line an SA; with an ISAKMP SA made anew the same lease comes more than once.
gw_each_once() {
        awk '{ line = ""; delete seen
               for (i = 1; i <= NF; i++) if (!seen[$i]++) line = line (line ? " " : "") $i
               print line }' | sort -u
}

gw_log_has() {
        grep -q -- "$1" "$GW_LOG"
}

# Negotiations that the gateway saw being started.
gw_attempts() {
        grep -c 'is initiating an\? ' "$GW_LOG"
}
