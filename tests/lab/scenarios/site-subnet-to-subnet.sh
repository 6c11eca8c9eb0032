# A network behind us and one behind the gateway, IKEv2: what we say ourselves
# comes from our address in our network.
# deadline: 150
scenario() {
        gw_site 2 "local_ts = $REMOTE_NET" "remote_ts = 10.30.77.0/24"
        lan_make
        others_route_add
        site_profile 2 leftsubnet=10.30.77.0/24 rightsubnet="$REMOTE_NET"
        watch_start
        nm_up
        expect_site 10.30.77.0/24 "$REMOTE_NET"
        expect_route "$REMOTE" 10.30.77.1
        expect_pings 5

        site_reset "$REMOTE"
        expect_site 10.30.77.0/24 "$REMOTE_NET"
        watch_stop
        nm_down
        others_route_remove
        lan_remove
        expect_down
}
