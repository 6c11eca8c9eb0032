# Pre-shared keys and XAUTH passwords.
# shellcheck shell=bash

# everything as it should be
case_right() {
        try
        expect_up
}

# another pre-shared key than the gateway's; libreswan says nothing of it with IKEv1
case_psk_wrong() {
        profile "secret pskvalue=another key that is long enough for sha2-512"
        try
        case $IKE in
        1) expect_failure 0 'pre-shared key' ;;
        2) expect_failure 0 'refused our identity, pre-shared key' ;;
        esac
}

# another XAUTH password than the gateway's
case_xauth_wrong() {
        only ikev1
        profile "secret xauthpassword=wrong horse"
        try
        expect_failure 0 'the gateway refused the XAUTH user name or password'
}
