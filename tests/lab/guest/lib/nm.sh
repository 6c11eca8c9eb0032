# NetworkManager: its start, profiles, and what nmcli says.
# shellcheck shell=bash disable=SC2034

PROFILE=office
PROFILE_UUID=6c1f1d5c-8e5f-4d0a-9e4f-2f7f0a3c0001
PROFILE_FILE=/etc/NetworkManager/system-connections/$PROFILE.nmconnection
SERVICE=/usr/lib/NetworkManager/nm-libreswan-service
BUS_NAME=org.freedesktop.NetworkManager.libreswan
NM_VPN_DNS_BEFORE=/lab/vpn-dns.before

nm_setup() {
        (
                umask 077
                cat > "$UPLINK_FILE" <<EOF
[connection]
id=uplink
uuid=6c1f1d5c-8e5f-4d0a-9e4f-2f7f0a3c0000
type=ethernet
interface-name=uplink0

[ipv4]
method=manual
address1=$CLIENT_ADDRESS/24,192.0.2.1
dns=$UPLINK_DNS

[ipv6]
method=manual
addr-gen-mode=stable-privacy
address1=$CLIENT_ADDRESS6/64,2001:db8:1::1
EOF
        )
        # uplink_add changes that; what keyfile.unmanaged-devices names nobody can.
        printf '%s\n' '[device-uplink1]' match-device=interface-name:uplink1 managed=0 \
                > /etc/NetworkManager/conf.d/uplink1.conf
        systemctl start NetworkManager
        eventually 30 nm_uplink_ready
}

nm_uplink_ready() {
        nmcli -g GENERAL.STATE connection show uplink 2> /dev/null | grep -qx activated
}

# nm_profile KIND KEY=VALUE...: the profile that the scenario uses. KIND is
# ikev1, ikev1-aggressive or ikev2, or plain (a gateway and a key, no more); KEY=
# takes a key away; pskvalue= and xauthpassword= are secrets; persistent=true is
# NetworkManager's vpn.persistent; ipv4.KEY=VALUE and
# ipv6.KEY=VALUE are NetworkManager's own, as its keyfiles spell them.
nm_profile() {
        local -A data=() secret=() ip4=([method]=auto) ip6=([method]=auto)
        local key
        PROFILE_KIND=${1%%-*}
        data[right]=$GATEWAY
        data[rightid]=@gateway.example
        secret[pskvalue]=$GW_PSK
        data[pskvalue-flags]=0
        case $1 in
        ikev1*)
                data[ikev2]=never
                data[leftxauthusername]=$GW_USER
                data[xauthpassword-flags]=0
                data[rightsubnet]=$REMOTE_NET
                secret[xauthpassword]=$GW_PASSWORD
                ;;
        ikev2)
                data[ikev2]=insist
                data[leftid]=@client.example
                data[rightsubnet]=0.0.0.0/0
                data[narrowing]=yes
                ;;
        plain) ;;
        *) fail "nm_profile: no such kind: $1" ;;
        esac
        if [ "$1" = ikev1-aggressive ]; then
                data[aggressive]=yes
                data[leftid]=@client.example
                data[ike]="aes256-sha2_256;modp2048"
        fi
        shift
        for key; do
                case $key in
                pskvalue= | xauthpassword=) unset "secret[${key%=}]" ;;
                pskvalue=* | xauthpassword=*) secret[${key%%=*}]=${key#*=} ;;
                ipv4.*=*) ip4[$(key_of "${key#ipv4.}")]=${key#*=} ;;
                ipv6.*=*) ip6[$(key_of "${key#ipv6.}")]=${key#*=} ;;
                *=) unset "data[${key%=}]" ;;
                *) data[${key%%=*}]=${key#*=} ;;
                esac
        done
        (
                umask 077
                {
                        printf '[connection]\nid=%s\nuuid=%s\ntype=vpn\nautoconnect=false\n' \
                                "$PROFILE" "$PROFILE_UUID"
                        printf '\n[vpn]\nservice-type=%s\n' "$BUS_NAME"
                        for key in "${!data[@]}"; do
                                printf '%s=%s\n' "$key" "${data[$key]}"
                        done
                        printf '\n[vpn-secrets]\n'
                        for key in "${!secret[@]}"; do
                                printf '%s=%s\n' "$key" "${secret[$key]}"
                        done
                        printf '\n[ipv4]\n'
                        for key in "${!ip4[@]}"; do
                                printf '%s=%s\n' "$key" "${ip4[$key]}"
                        done
                        printf '\n[ipv6]\n'
                        for key in "${!ip6[@]}"; do
                                printf '%s=%s\n' "$key" "${ip6[$key]}"
                        done
                } > "$PROFILE_FILE"
        )
        nmcli connection load "$PROFILE_FILE" || fail "NetworkManager does not take the profile"
}

key_of() {
        printf '%s\n' "${1%%=*}"
}

# nm_try SECONDS: nmcli's own attempt; sets NM_EXIT, NM_SAID and NM_TOOK_US.
nm_try() {
        local began
        began=$(now_us)
        NM_SAID=$(nmcli --wait "$1" connection up "$PROFILE" 2>&1)
        NM_EXIT=$?
        NM_TOOK_US=$(($(now_us) - began))
        note "nmcli exit $NM_EXIT after $NM_TOOK_US us: $NM_SAID"
}

# nm_up [FIGURE]: comes up, or the scenario fails with what was said.
nm_up() {
        nm_try 60
        [ "$NM_EXIT" = 0 ] || fail "nmcli connection up: $NM_SAID"
        figure "${1:-up}" "$((NM_TOOK_US / 1000000)).$((NM_TOOK_US / 10000 % 100 / 10))$((NM_TOOK_US / 10000 % 10))s"
}

nm_down() {
        local said began
        began=$(now_us)
        said=$(nmcli --wait 30 connection down "$PROFILE" 2>&1) ||
                fail "nmcli connection down: $said"
        figure down "$(seconds_since "$began")s"
}

nm_state() {
        nmcli -g GENERAL.STATE connection show "$PROFILE" 2> /dev/null
}

# nm_dns: the DNS servers that NetworkManager has, of all connections.
nm_dns() {
        busctl get-property org.freedesktop.NetworkManager \
                /org/freedesktop/NetworkManager/DnsManager \
                org.freedesktop.NetworkManager.DnsManager Configuration
}

# nm_vpn_dns: of how many VPNs it has some. Those of one whose interface somebody has removed stay
# until NetworkManager's end.
nm_vpn_dns() {
        nm_dns | grep -o '"vpn" b true' | grep -c .
}

# nm_link_is_gone: an interface of a VPN was removed under it; what NetworkManager has for it stays.
nm_link_is_gone() {
        echo "$(($(cat "$NM_VPN_DNS_BEFORE") + 1))" > "$NM_VPN_DNS_BEFORE"
}

nm_has_no_more_vpn_dns() {
        [ "$(nm_vpn_dns)" -le "$(cat "$NM_VPN_DNS_BEFORE")" ]
}

# agent_start: somebody is there to be asked for secrets, by nmcli; agent_says ANSWER
# is for the next question.
agent_start() {
        mkfifo /run/lab/answers
        exec 9<> /run/lab/answers
        nmcli agent secret <&9 > "$LAB_LOG/agent" 2>&1 &
        AGENT_PID=$!
        eventually 10 grep -q registered "$LAB_LOG/agent"
}

agent_says() {
        printf '%s\n' "$1" >&9
}

agent_stop() {
        kill "$AGENT_PID"
        exec 9>&-
}

# nm_look: what nmcli shows of the active profile, for nm_saw.
nm_look() {
        nmcli -t -f active connection show "$PROFILE" > "$LAB_LOG/nmcli" 2>&1
}

# nm_saw FIELD: values of e.g. IP4.ADDRESS when nm_look looked, one a line.
nm_saw() {
        sed -n "s/^${1/./\\.}\(\[[0-9]*\]\)\?:\(..*\)$/\2/p" "$LAB_LOG/nmcli"
}

# The link that the VPN uses: ipsecN.
nm_link() {
        local link
        for link in /sys/class/net/ipsec*; do
                [ ! -e "$link" ] || printf '%s\n' "${link##*/}"
        done
}

# nm_journal_mark: what came before does not count any more.
# An entry of the unit: after another's, journalctl of systemd 252 leaves out one that matches.
nm_journal_mark() {
        journalctl -q -n 1 -o cat --show-cursor _SYSTEMD_UNIT=NetworkManager.service |
                sed -n 's/^-- cursor: //p' > "$LAB_LOG/cursor"
}

# The lines of the service and its pluto since the scenario began, or the mark.
nm_journal() {
        journalctl -q -o short-monotonic --no-hostname --after-cursor "$(cat "$LAB_LOG/cursor")" \
                _SYSTEMD_UNIT=NetworkManager.service
}

journal_has() {
        nm_journal | grep -q -i -- "$1"
}

service_pid() {
        pgrep -o -x -f "$SERVICE( .*)?"
}
