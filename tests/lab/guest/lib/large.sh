# IKE messages larger than a packet: ours by the algorithms that it offers, the
# gateway's by servers that nobody asks for. Ids and domains will not do: what
# libreswan tells an updown command has to fit into 2047 bytes.
# shellcheck shell=bash

# large_up PROPOSALS KIND KEY=VALUE...: the profile comes up, on a path of 1280
# bytes. Each of at most 40 proposals makes our message some 44 bytes longer.
large_up() {
        wire_path_mtu 1280
        gw_fresh wins="$(large_list)"
        nm_profile "${@:2}" esp="$(large_proposals "$1")"
        nm_up
}

large_proposals() {
        local cipher list=()
        for cipher in aes256 aes192 aes128 aes_ctr256 aes_ctr192 aes_ctr128 \
                camellia256 camellia192 camellia128 3des; do
                list+=("$cipher"-{sha2_512,sha2_384,sha2_256,sha1})
        done
        (IFS=, && printf '%s\n' "${list[*]:0:$1}")
}

large_list() {
        local list=()
        mapfile -t list < <(printf '10.20.0.%d\n' {1..200})
        (IFS=, && printf '%s\n' "${list[*]}")
}

# large_messages KIND KEY=VALUE...: they cross in fragments of IKE's own.
large_messages() {
        wire_drops_fragments
        large_up 40 "$@"
        figure lost-fragments "$(wire_count fragments)"
        expect "our message did not come in fragments" gw_log_has 'received fragment #2'
        expect "the gateway's message was not split" gw_log_has 'splitting IKE message'
        expect_tunnel 1
        expect_pings 10
        nm_down
        expect_down
        expect_no_plaintext
}
