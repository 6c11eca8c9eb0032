# Libreswan as the gateway of several subnets, IKEv2 and IKEv1: a Child SA for each, and all of
# them come back from a reset.
# once: trixie
# deadline: 240

scenario() {
        several 2
        several 1
}

# several VERSION
several() {
        # That of 4.10 keeps the routes of one connection, in the way of another.
        several_conf "$1" | swan_fresh_with
        two_nets_make
        nm_journal_mark
        site_profile "$1" leftsubnet=10.30.77.0/24 rightsubnets="${TWO_NETS[0]},${TWO_NETS[1]}"
        watch_start
        nm_up "up-ikev$1"
        eventually 20 pings_cross "$SECOND"
        expect_pings 5
        watch_mark
        "$SWAN_LIBEXEC/addconn" --ctlsocket "$SWAN/run/pluto.ctl" --config "$SWAN/conf" "site$1" \
                >> "$SWAN_LOG" 2>&1 || fail "the gateway's pluto refused its configuration"
        # Libreswan says once that it deletes; where that is lost, dead peer detection tells.
        two_nets_end 60
}

# several_conf VERSION
several_conf() {
        swan_setup
        printf '\nconn site%s\n' "$1"
        printf '  %s\n' left="$GATEWAY" leftid=@gateway.example \
                leftsubnets="${TWO_NETS[0]},${TWO_NETS[1]}" leftupdown=%disabled \
                right="$CLIENT_ADDRESS" rightsubnet=10.30.77.0/24 authby=secret rekey=no auto=add
        case $1 in
        1) printf '  %s\n' ikev2=never ;;
        2) printf '  %s\n' ikev2=insist rightid=@client.example ;;
        esac
}
