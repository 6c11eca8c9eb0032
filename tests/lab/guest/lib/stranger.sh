# Strangers: datagrams from those who have no key, and somebody who opens IKE with a wrong one.
# shellcheck shell=bash

# One a line: its name, then what it consists of in hexadecimal: XX*N is a byte N times, spi a
# new initiator's SPI.
STRANGER_DATAGRAMS="
short     22*20
v1len     spi 111111111111111101100200000000000000270f 41*60
v1mal     spi 0000000000000000011002000000000000000058 ff*60
v1mal2    spi 000000000000000001100200000000000000005c0001 ff*62
v1main    spi 0000000000000000011002000000000000000054000000380000000100000001000000 \
    2c01010001000000240101000080010007800e0100800200028003000180040005800b 0001800c0e10
v1mainbad spi 00000000000000000110020000000000000000480000002c0000000100000001000000 \
    2001010001000000180101000080010001800200018003000180040001
v1aggr    spi 0000000000000000011004000000000000000054000000380000000100000001000000 \
    2c01010001000000240101000080010007800e0100800200028003000180040005800b 0001800c0e10
v1info14  spi 33333333333333330b10050000000007000000280000000c000000010100000e
v1info24  spi 00000000000000000b10050000000007000000280000000c0000000101000018
v1info14z spi 00000000000000000b10050000000000000000280000000c000000010100000e
v1info18  spi 00000000000000000b10050000000007000000280000000c0000000101000012
v2init    spi 0000000000000000212022080000000000000178220000300000002c01010004030000 \
    0c0100000c800e01000300000802000005030000080300000c000000080400000e2800 0108000e0000 55*256 \
    00000024 77*32
v2initmal spi 00000000000000002120220800000000000000482200 ff*42
v2auth    spi 44444444444444442e2023080000000100000058 00*60
v2not14   spi 0000000000000000292022200000000000000024000000080000000e
v2major   spi 0000000000000000213022080000000000000178220000300000002c01010004030000 \
    0c0100000c800e01000300000802000005030000080300000c000000080400000e2800 0108000e0000 55*256 \
    00000024 77*32
v1aggrid  spi 0000000000000000011004000000000000000156040000380000000100000001000000 \
    2c01010001000000240101000080010007800e0100800200028003000180040005800b 0001800c0e100a0000c4 \
    55*192 05000024 77*32 0000001a021101f45841555448207374617475733a204641494c
"

# stranger_write NAME [HEX]: the datagram on standard output, after HEX.
stranger_write() {
        local words word bytes=${2:-} i
        read -r -a words <<< "${STRANGER[$1]}"
        for word in "${words[@]}"; do
                case $word in
                spi) printf -v word '%04x%04x%04x%04x' $((RANDOM + 1)) $RANDOM $RANDOM $RANDOM ;;
                *\**)
                        printf -v i '%*s' "${word#*\*}" ''
                        word=${i// /${word%%\**}}
                        ;;
                esac
                bytes+=$word
        done
        word=
        for ((i = 0; i < ${#bytes}; i += 2)); do
                word+="\\x${bytes:i:2}"
        done
        # One write, hence one datagram.
        printf '%b' "$word"
}

# stranger_read: into STRANGER, by name.
stranger_read() {
        local name rest
        declare -g -A STRANGER=()
        while read -r name rest; do
                [ -z "$name" ] || STRANGER[$name]=$rest
        done <<< "$STRANGER_DATAGRAMS"
}

# stranger_sends ADDRESS SECONDS: each datagram to the ports 500 and 4500 there, one in SECONDS,
# until it is killed.
stranger_sends() {
        local name
        stranger_read
        while :; do
                for name in "${!STRANGER[@]}"; do
                        stranger_write "$name" > "/dev/udp/$1/500"
                        # RFC 3948: no SPI, hence IKE.
                        stranger_write "$name" 00000000 > "/dev/udp/$1/4500"
                        sleep "$2"
                done
        done 2> /dev/null
}

# strangers_start: a user of this host, somebody on the network, and one who sends as the gateway.
strangers_start() {
        local each=0.2 user=(setpriv --reuid "$USER_ID" --regid "$USER_ID" --clear-groups --)
        export -f stranger_write stranger_read stranger_sends
        export STRANGER_DATAGRAMS
        # Commands, not functions, so that it is they that are killed.
        "${user[@]}" bash -c "stranger_sends 127.0.0.1 $each" &
        STRANGERS=("$!")
        "${user[@]}" bash -c "stranger_sends $CLIENT_ADDRESS $each" &
        STRANGERS+=("$!")
        ip netns exec net bash -c "stranger_sends $CLIENT_ADDRESS $each" &
        STRANGERS+=("$!")
        ip netns exec gw bash -c "stranger_sends $CLIENT_ADDRESS $each" &
        STRANGERS+=("$!")
}

strangers_stop() {
        kill "${STRANGERS[@]}"
        # Their status is that they were killed.
        wait "${STRANGERS[@]}" 2> /dev/null || true
}

# strangers_expect_heard: they have been at work since the last mark of the journal.
strangers_expect_heard() {
        eventually 10 journal_has 'packet from '
}

# gw_add_wrong_key VERSION: a connection of the gateway that begins at its own end, with a key that
# the client does not have. With IKEv1 a gateway looks for the key before it knows who comes.
gw_add_wrong_key() {
        local client=client.example
        cat >> "$GW_ROOT/etc/swanctl/swanctl.conf" <<END
connections {
  thief {
    version = $1
    local_addrs = $GATEWAY
    remote_addrs = $CLIENT_ADDRESS
    proposals = $GW_IKE
    keyingtries = 1
    local { auth = psk
      id = thief.example }
    remote { auth = psk
      id = $client }
    children { thief {
      local_ts = $REMOTE_NET
      esp_proposals = $GW_ESP
    } }
  }
}
secrets {
ike-real { id-1 = gateway.example
  id-2 = $client
  secret = "$GW_PSK" }
ike-thief { id-1 = thief.example
  id-2 = $client
  secret = "another key, which is long enough too" } }
END
        gw swanctl --load-creds --noprompt > /dev/null 2>&1
        gw swanctl --load-conns > /dev/null 2>&1 || fail "the gateway refused its configuration"
}

# gw_forget_wrong_key: after gw_configure, which writes the configuration without him.
gw_forget_wrong_key() {
        gw swanctl --load-creds --clear --noprompt > /dev/null 2>&1
        gw swanctl --load-conns > /dev/null 2>&1 || fail "the gateway refused its configuration"
}

# wrong_key_start: somebody at the gateway's address begins, again and again. Without an answer he
# would send the same message again for minutes.
wrong_key_start() {
        ip netns exec gw chroot "$GW_ROOT" sh -c ": wrong_key_goes_on
                while :; do
                        timeout 4 swanctl --initiate --child thief --timeout 2
                        timeout 4 swanctl --terminate --ike thief --force --timeout 1
                        sleep 0.2
                done" > "$LAB_LOG/thief" 2>&1 &
        WRONG_KEY=$!
}

wrong_key_stop() {
        kill "$WRONG_KEY"
        wait "$WRONG_KEY" 2> /dev/null
}

# wrong_key_answers: in the gateway's place is somebody without its key, and answers.
wrong_key_answers() {
        gw_fresh psk='another key, which is long enough too'
}
