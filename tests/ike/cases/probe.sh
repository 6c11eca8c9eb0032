# The gateway is asked before anybody connects (nm-libreswan-service --check --probe).
# shellcheck shell=bash

# it takes one of libreswan's own proposals, and a connection comes up after that as ever
case_probe_accepted() {
        probe
        expect_probe 0 'it answers after .* s and takes ike=aes.*-sha.*;(modp2048|dh19)'
        try
        expect_up
}

# it takes the one of several that it has
case_probe_chooses() {
        gateway_configure "ike=$(gateway_spells aes128 sha1 modp2048)"
        profile "data ike=aes256-sha2_256;modp2048,aes128-sha1;modp2048"
        probe
        expect_probe 0 'takes ike=aes128-sha1;modp2048'
}

# it has another group than the first that we offer: it says so, and is asked with that
case_probe_group() {
        local group='modp3072'
        gateway_configure "ike=$(gateway_spells aes256 sha2_256 "$group")"
        profile "data ike=aes256-sha2_256;modp2048+dh19+modp3072"
        probe
        expect_probe 0 "takes ike=aes256-sha2_256;$group"
        [ "$IKE" = 1 ] || expect_probe 0 "it wants the group $group"
}

# an elliptic curve, whose public value the gateway checks
case_probe_curve() {
        local theirs
        case $GATEWAY in
        strong) theirs=aes256-sha256-ecp256 ;;
        swan) theirs='aes256-sha2_256;dh19' ;;
        esac
        gateway_configure "ike=$theirs"
        profile "data ike=aes256-sha2_256;dh19"
        probe
        expect_probe 0 'takes ike=aes256-sha2_256;dh19'
}

# none of our proposals
case_probe_refused() {
        gateway_configure "ike=$(gateway_spells aes256 sha2_256 modp3072)"
        profile "data ike=aes128-sha1;modp2048"
        probe
        expect_probe 1 'problem: it accepts none of our proposals \(NO_PROPOSAL_CHOSEN'
}

# nobody is there
case_probe_silent() {
        profile "data right=192.0.2.99"
        probe
        expect_probe 1 'problem: no answer to [0-9]+ messages within 10 s'
}
