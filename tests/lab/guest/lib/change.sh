# The seed's story: the gateway resets the tunnel and gives another address.
# shellcheck shell=bash

# change_to N NAME: the gateway resets connection NAME and gives addresses of
# pool N from now on; returns when NetworkManager shows one.
change_to() {
        gw_switch_pool "$1"
        gw_reset "$2"
        eventually 20 tunnel_in_pool "$1"
}

# up_under_traffic KIND [KEY=VALUE...]: profile KIND is up and watched, and
# pings flow, one each TRAFFIC_EACH seconds.
up_under_traffic() {
        nm_profile "$@"
        watch_start
        nm_up
        expect_tunnel 1
        watch_mark
        traffic_start "${TRAFFIC_EACH:-0.1}"
        traffic_flows 5
}

# story_of_a_change KIND NAME [CHANGE]: profile KIND, the gateway's connection
# NAME; CHANGE is what does it where that is not change_to.
story_of_a_change() {
        up_under_traffic "$1"
        "${3:-change_to}" 2 "$2"
        traffic_flows 20
        traffic_stop
        figure attempts "$(wire_attempts)"
        expect_tunnel 2
        expect_equal "configurations reported for the new address" 1 "$(watch_reports)"
        story_ends
}

# story_ends: the change was nobody's loss but time's; then 'down', and nothing is left.
story_ends() {
        expect_never_left_activated
        expect_no_plaintext
        expect_lost_little
        watch_stop
        nm_down
        expect_down
}

# Only what the change itself cost is lost: 2 to 3 s in an emulated machine that has
# its core for itself, several times that where it has to share; what had to wait for
# dead peer detection would have lost 30 s and more.
expect_lost_little() {
        awk -v outage="$TRAFFIC_OUTAGE" 'BEGIN { exit !(outage < 20) }' ||
                fail "$TRAFFIC_OUTAGE s without traffic"
}
