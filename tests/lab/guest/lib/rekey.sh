# New keys for a tunnel that is up, by either side.
# shellcheck shell=bash

our_whack() {
        timeout 10 /usr/libexec/ipsec/whack --ctlsocket "/run/nm-libreswan/$PROFILE_UUID/pluto.ctl" "$@"
}

# our_newest child|ike: pluto's number of its newest SA of that kind.
our_newest() {
        local kind='(IPsec SA\|(Child SA\|ESTABLISHED_CHILD_SA\|established Child SA'
        [ "$1" = child ] || kind='(ISAKMP SA\|(IKE SA\|ESTABLISHED_IKE_SA\|established IKE SA'
        our_whack --showstates | grep -e "$kind" | grep newest | sed -n 's/^[0 ]*#\([0-9]*\): .*/\1/p' | tail -n 1
}

# our_rekey child|ike: pluto's own timer for the newest SA of that kind runs out
# now. Short lifetimes would not do: libreswan 5 raises those below 1080 s, and
# `whack --rekey-…` ends the pluto of 5.2 with IKEv1.
our_rekey() {
        local event number
        number=$(our_newest "$1")
        case $(plain_is_4 && echo 4 || echo 5)-$PROFILE_KIND in
        4-ikev1) event='event-sa-replace' ;;
        4-ikev2) event='event-v2-rekey' ;;
        5-ikev1) event=trigger_v1_replace ;;
        5-ikev2) event=trigger_v2_rekey ;;
        esac
        [ -n "$number" ] || fail "no newest $1 SA: $(our_whack --showstates | paste -sd ';')"
        note "whack --impair $event:$number"
        # With IKEv1 whack would stay attached when all is done; what came of it the gateway says.
        our_whack --asynchronous --impair "$event:$number"
}

# rekeys WHAT COMMAND...: COMMAND makes one more SA, as the gateway's log says.
rekeys() {
        local what=$1 before
        shift
        before=$(gw_made "$what")
        printf '%s %s\n' "$(date +%s.%N)" "$*" >> "$LAB_LOG/rekeyed"
        note "$*"
        "$@" || fail "refused: $*"
        wait_for 30 gw_made_more "$what" "$before" || fail "no new $what SA after: $*"
        traffic_flows 10
}

# gw_made child|ike: how many SAs of that kind the gateway has made.
gw_made() {
        case $1 in
        child) grep -c 'CHILD_SA .* established with SPIs' "$GW_LOG" ;;
        ike) grep -c 'IKE_SA .*\(established\|rekeyed\) between' "$GW_LOG" ;;
        esac
}

gw_made_more() {
        [ "$(gw_made "$1")" -gt "$2" ]
}

# rekey_losses: how many pings were lost after which rekeying.
rekey_losses() {
        awk '
                NR == FNR { began[++n] = $1; $1 = ""; what[n] = $0; next }
                match($0, /icmp_seq=[0-9]+ ttl/) {
                        seq = substr($0, RSTART + 9) + 0
                        now = substr($1, 2) + 0
                        if (seq > last + 1) {
                                for (i = n; i > 0 && began[i] > now; i--);
                                printf "%d before %.2f s after%s; ", seq - last - 1,
                                        now - began[i], what[i]
                        }
                        if (seq > last) last = seq
                }' "$LAB_LOG/rekeyed" "$LAB_LOG/ping"
}

# expect_unnoticed REKEYINGS: nobody has noticed anything. pluto, as the one who is
# asked, sends with the new SA before the other side has heard that it agrees (RFC
# 7296, 2.8, allows it): here that is 0.1 s each time at most; a recovery is 2 s.
expect_unnoticed() {
        local losses
        losses=$(rekey_losses)
        note "lost: $losses"
        [ "$TRAFFIC_LOST" -le "$(($1 * 20))" ] ||
                fail "$TRAFFIC_LOST packets lost by $1 rekeyings: $losses"
        expect_equal "configurations reported" 0 "$(watch_reports)"
        expect "the tunnel was taken for lost" not journal_has 'connection lost'
        expect_never_left_activated
        expect_no_plaintext
}
