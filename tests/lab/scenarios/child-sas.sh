# Several Child SAs: each that goes is asked for again and the others do not notice; what is
# missing leaves in no other way.
# once: bookworm
# deadline: 240

scenario() {
        local asked
        two_nets_make
        child_sas_conf "${TWO_NETS[@]}" | gw_fresh_with
        site_profile 2 leftsubnet=10.30.77.0/24 rightsubnets="${TWO_NETS[0]},${TWO_NETS[1]}"
        watch_start
        nm_up
        eventually 20 pings_cross "$SECOND"
        expect_pings 5
        expect_child_routes
        watch_mark
        traffic_start 0.1 "$REMOTE"
        traffic_flows 10

        # Taken away, and to be had again, though no packet asks for it.
        gw swanctl --terminate --child two > /dev/null
        eventually 10 journal_has "asking for vpn/"
        eventually 20 child_sas_two_is_up
        eventually 10 pings_cross "$SECOND"

        # Taken away, and refused.
        child_sas_gives "${TWO_NETS[0]}"
        asked=$(child_sas_refused)
        gw swanctl --terminate --child two > /dev/null
        eventually 30 child_sas_refused_more "$asked"
        expect "what is missing crosses" not pings_cross "$SECOND"
        expect_child_routes
        expect_no_plaintext
        child_sas_gives "${TWO_NETS[@]}"
        eventually 60 pings_cross "$SECOND"
        traffic_stop
        expect_equal "packets of the other one lost" 0 "$TRAFFIC_LOST"
        expect "the tunnel was taken for lost" not journal_has 'connection lost'

        # All of them.
        gw_reset site
        two_nets_end 30
}

# Whatever of them is up, both are routed to the policies.
expect_child_routes() {
        expect_route "$REMOTE" 10.30.77.1
        expect_route "$SECOND" 10.30.77.1
}

child_sas_two_is_up() {
        gw swanctl --list-sas --child two 2> /dev/null | grep -q INSTALLED
}

child_sas_refused() {
        grep -c 'TS_UNACCEPT' "$GW_LOG"
}

child_sas_refused_more() {
        [ "$(child_sas_refused)" -gt "$1" ]
}

# child_sas_gives NET...: that is what the gateway has from now on.
child_sas_gives() {
        child_sas_conf "$@" > "$GW_ROOT/etc/swanctl/swanctl.conf"
        gw swanctl --load-conns > /dev/null 2>&1 || fail "the gateway refused its configuration"
}

# child_sas_conf NET...: a Child SA for each.
child_sas_conf() {
        local net names=(one two)
        cat <<EOF
connections {
  site {
    version = 2
    local_addrs = $GATEWAY
    proposals = $GW_IKE
    local { auth = psk
      id = gateway.example }
    remote { auth = psk }
    children {
EOF
        for net; do
                cat <<EOF
      ${names[0]} {
        local_ts = $net
        remote_ts = 10.30.77.0/24
        esp_proposals = $GW_ESP
      }
EOF
                names=("${names[@]:1}")
        done
        cat <<EOF
    }
  }
}
secrets {
  ike-any { secret = "$GW_PSK" }
}
EOF
}
