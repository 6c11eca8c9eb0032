# Several Child SAs: each that goes comes back by itself, the others do not notice;
# what is missing leaves in no other way.
# deadline: 300
SECOND=10.20.0.129
FIRST_NET=10.20.0.0/25
SECOND_NET=10.20.0.128/25

scenario() {
        lan_make
        ip -n gw addr add "$SECOND/24" dev remote0
        child_sas_conf "$FIRST_NET" "$SECOND_NET" | gw_fresh_with
        site_profile 2 leftsubnet=10.30.77.0/24 rightsubnets="$FIRST_NET,$SECOND_NET"
        watch_start
        nm_up
        eventually 20 pings_cross "$REMOTE"
        eventually 20 pings_cross "$SECOND"
        kernel_policies
        ip route
        watch_mark
        traffic_start 0.1 "$REMOTE"
        traffic_flows 10
        note "terminate one"
        gw swanctl --terminate --child two
        sleep 5
        kernel_policies
        eventually 20 pings_cross "$SECOND"
        note "not to be had"
        child_sas_conf "$FIRST_NET" > "$GW_ROOT/etc/swanctl/swanctl.conf"
        gw swanctl --load-conns
        gw swanctl --terminate --child two
        sleep 10
        kernel_policies
        ip route
        pings_cross "$SECOND" && note "it crosses"
        expect_no_plaintext
        note "to be had again"
        child_sas_conf "$FIRST_NET" "$SECOND_NET" > "$GW_ROOT/etc/swanctl/swanctl.conf"
        gw swanctl --load-conns
        wait_for 60 pings_cross "$SECOND" && note "it crosses"
        traffic_stop
        nm_down
        expect_down
}

pings_cross() {
        ping -n -q -c 2 -i 0.2 -W 1 "$1" > /dev/null 2>&1
}

# child_sas_conf NET...
child_sas_conf() {
        local net names=(one two)
        cat <<END
connections {
  site {
    version = 2
    local_addrs = $GATEWAY
    proposals = $GW_IKE
    local { auth = psk
      id = gateway.example }
    remote { auth = psk }
    children {
END
        for net; do
                cat <<END
      ${names[0]} { local_ts = $net
        remote_ts = 10.30.77.0/24
        esp_proposals = $GW_ESP }
END
                names=("${names[@]:1}")
        done
        cat <<END
    }
  }
}
secrets {
  ike-any { secret = "$GW_PSK" }
}
END
}

lan_make() {
        ip link add lan0 type dummy
        ip link set lan0 up
        ip addr add 10.30.77.1/24 dev lan0
}
