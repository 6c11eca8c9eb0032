# IKEv1 aggressive mode with PSK, XAUTH and ModeCfg: up, traffic, down.
# deadline: 150
scenario() {
        nm_profile ikev1-aggressive
        nm_up
        expect "the gateway saw no aggressive mode" gw_log_has 'is initiating a Aggressive Mode'
        expect_tunnel 1
        expect_pings 10
        expect_attempts 1
        nm_down
        expect_down
        expect_main_mode_with_an_id
        expect_aggressive_without_the_key
}

# aggressive=no keeps main mode for a profile that has an id.
expect_main_mode_with_an_id() {
        gw_fresh
        nm_profile ikev1 leftid=@client.example aggressive=no
        nm_up up-main
        expect "the gateway saw no main mode" gw_log_has 'is initiating a Main Mode'
        nm_down
        expect_down
}

# A profile from before the key: an id means aggressive mode.
expect_aggressive_without_the_key() {
        gw_fresh
        nm_profile ikev1-aggressive aggressive=
        nm_up up-old
        expect "the gateway saw no aggressive mode" gw_log_has 'is initiating a Aggressive Mode'
        nm_down
        expect_down
}
