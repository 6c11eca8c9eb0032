# strongSwan as the gateway.
# shellcheck shell=bash

strong_make() {
        cat > "$IKE_WORK/strong/root/etc/strongswan.d/zz-lab.conf" <<'EOF'
charon-systemd {
        load_modular = no
        load = random nonce openssl pem x509 pubkey pkcs1 pkcs8 kdf hmac curve25519 sha1 sha2 aes gcm kernel-netlink socket-default vici attr unity xauth-generic eap-identity eap-mschapv2 updown
        i_dont_care_about_security_and_use_aggressive_mode_psk = yes
        # A refused attempt leaves an IKE_SA half open for 30 s, and with five of them
        # strongSwan is silent to this client.
        dos_protection = no
        filelog {
                lab {
                        path = /run/log
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
        strong_start
}

strong_start() {
        gateway /usr/sbin/charon-systemd > /dev/null 2>&1 &
        wait_for 20 test -S "$IKE_WORK/strong/root/run/charon.vici"
}

# In gateway_configure's scope.
strong_load() {
        strong_put_certificates
        {
                echo "connections {"
                strong_connection main 1 "aggressive = no"
                strong_connection aggressive 1 "aggressive = yes"
                strong_connection ikev2 2 ""
                echo "}"
                printf 'pools { p { addrs = 10.30.1.0/24\n dns = 10.20.0.53 } }\n'
                printf 'secrets { ike-any { secret = 0s%s }\n' "$(in_base64 "$psk")"
                printf ' xauth-user { id = %s\n secret = 0s%s } }\n' "$XAUTH_USER" "$(in_base64 "$password")"
        } > "$IKE_WORK/strong/root/etc/swanctl/swanctl.conf"
        gateway swanctl --terminate --ike '*' --force > /dev/null 2>&1
        gateway swanctl --load-all --noprompt > "$IKE_WORK/strong/load.log" 2>&1
}

# Its own, and what it believes in; of an intermediate authority it knows, and tells us, where that has
# signed its own.
strong_put_certificates() {
        local place=$IKE_WORK/strong/root/etc/swanctl authority
        mkdir -p "$place"/{x509,x509ca,private,pubkey}
        rm -f "$place"/{x509,x509ca,private,pubkey}/*
        [ -n "$cert" ] || return 0
        cp "$IKE_PROGRAMS/pki/gw.pub" "$place/pubkey/gw.pem"
        cp "$IKE_PROGRAMS/pki/alice.pub" "$place/pubkey/alice.pem"
        cp "$IKE_PROGRAMS/pki/$cert.crt" "$place/x509/$cert.pem"
        cp "$IKE_PROGRAMS/pki/$cert.key" "$place/private/$cert.pem"
        for authority in "${GATEWAY_TRUSTS[@]}" $([ "$cert" != gw-sub ] || echo sub); do
                cp "$IKE_PROGRAMS/pki/$authority.crt" "$place/x509ca/$authority.pem"
        done
}

# strong_connection NAME VERSION LINE
strong_connection() {
        cat <<EOF
  $1 {
    version = $2
    $3
    local_addrs = $GATEWAY_ADDRESS
    proposals = ${ike:-aes256-sha256-modp2048,aes256-sha1-modp2048,aes128-sha1-modp2048}
    $([ "$pool" = no ] || echo "pools = p")
    local { $(if [ "$raw" = yes ]; then echo "auth = pubkey"; echo "pubkeys = gw.pem"; elif [ -n "$cert" ]; then echo "auth = pubkey"; echo "certs = $cert.pem"; else echo "auth = psk"; fi)
      id = $id }
    remote { auth = $([ -n "$cert" ] && echo pubkey || echo psk)
      $([ "$raw" = no ] || printf '%s\n' 'pubkeys = alice.pem' 'id = alice') }
    $([ "$2" = 2 ] || echo "remote-xauth { auth = xauth }")
    children { net {
      local_ts = $net
      esp_proposals = ${esp:-aes256-sha256-modp2048,aes256-sha1-modp2048,aes128-sha1-modp2048}
    } }
  }
EOF
}

strong_stop() {
        gateway pkill -KILL -x charon-systemd
}
