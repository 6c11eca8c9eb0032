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

# a password of a person's own that is wrong is asked for, once
case_xauth_wrong_asked() {
        only ikev1
        profile interactive "data xauthpassword-flags=1" "secret xauthpassword=wrong horse" "answer xauthpassword=$XAUTH_PASSWORD"
        try
        expect_asked xauthpassword 1
        expect_up
        profile "answer xauthpassword=another horse"
        try
        expect_asked xauthpassword 1
        expect_failure 0 'the gateway refused the XAUTH user name or password'
}

# what the gateway asks for after the password is asked of a person, through pluto's control socket
case_xauth_codes() {
        only ikev1
        profile interactive "data xauthcode-flags=2"
        try
        expect_asked xauthcode 0
        expect_up
        expect_secret_unsaid "$XAUTH_PASSWORD"
        profile "secret xauthpassword=wrong horse" "answer xauthcode=another"
        try
        expect_asked xauthcode 0
        expect_failure 0 "the gateway refused the XAUTH user name or password"
        profile "secret xauthpassword=" "data xauthpassword-flags=4" "answer xauthcode=$XAUTH_PASSWORD"
        try
        expect_asked xauthcode 1
        expect_up
        expect_secret_unsaid "$XAUTH_PASSWORD"
        profile "answer xauthcode=wrong"
        try
        expect_asked xauthcode 1
        expect_failure 0 "the gateway refused the XAUTH user name or password"
}

# a person takes his time for it; libreswan as the gateway asks the same again meanwhile, and knows no second question
case_xauth_code_typed() {
        only ikev1 strong
        profile interactive "data xauthcode-flags=2" "secret xauthpassword=" "data xauthpassword-flags=4"
        profile "answer xauthcode=$XAUTH_PASSWORD" "types 5000"
        try
        expect_asked xauthcode 1
        expect_up
}

# another XAUTH password than the gateway's
case_xauth_wrong() {
        only ikev1
        profile "secret xauthpassword=wrong horse"
        try
        expect_failure 0 'the gateway refused the XAUTH user name or password'
}

# whatever bytes the secrets have, and however many, pluto reads them as they are, and says none of them
case_secrets_random() {
        local bytes psk password=$XAUTH_PASSWORD
        for bytes in 1499 $((RANDOM % 40 + 2)) $((RANDOM % 1498 + 2)); do
                psk=$(random_text "$bytes")
                # libreswan as the gateway takes a password of at most 127 bytes.
                [ "$IKE" = 2 ] || password=$(random_text $((RANDOM % 100 + 2)))
                gateway_configure "psk=$psk" "password=$password"
                profile "secret pskvalue=$psk"
                [ "$IKE" = 2 ] || profile "secret xauthpassword=$password"
                try
                expect_up
                expect_secret_unsaid "$psk"
        done
}

# a secret that is longer than a line of pluto's, and none, are refused before pluto starts
case_secrets_refused() {
        profile "secret pskvalue=$(random_text 1501)"
        try
        expect_refused 'pskvalue: the value .*1 to 1500 bytes'
        profile "secret pskvalue="
        try
        expect_failure 1 'pskvalue: is missing'
}
