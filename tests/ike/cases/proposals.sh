# What the gateway does not take.
# shellcheck shell=bash

# no algorithm of ours for the IKE SA
case_ike_refused() {
        gateway_configure "ike=$(gateway_spells aes256 sha2_256 modp3072)"
        profile "data ike=aes128-sha1;modp2048"
        try
        expect_failure 1 'none of our proposals'
}

# no algorithm of ours for ESP
case_esp_refused() {
        gateway_configure "esp=$(gateway_spells aes256 sha2_256)"
        profile "data esp=aes_gcm128"
        try
        expect_failure 1 'none of our proposals'
}

# other networks than the gateway's
case_networks_refused() {
        profile "data rightsubnet=10.99.0.0/24"
        try
        case $IKE_SUITE/$GATEWAY/$IKE in
        # 4.10 takes the networks that the gateway names in its place, and we do not.
        bookworm/swan/1) expect_failure 1 'the network 10.20.0.0/24 of the gateway is outside of rightsubnet' ;;
        *) expect_failure 1 'rightsubnet=' ;;
        esac
}
