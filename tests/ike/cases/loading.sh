# What becomes of a connection that pluto does not load.
# shellcheck shell=bash

# addconn, which loads the connection, ends without a word
case_addconn_fails() {
        ADDCONN=$IKE_WORK/client/root$SWAN_LIBEXEC/addconn
        mv "$ADDCONN" "$ADDCONN.away" && cp "$IKE_WORK/client/root/bin/false" "$ADDCONN"
        trap 'mv "$ADDCONN.away" "$ADDCONN"' EXIT
        try
        expect_failure 1 'libreswan has not loaded the connection: .*exit status 1'
}

# a certificate that is not there
case_certificate_missing() {
        profile "data leftcert=nobody" "data leftrsasigkey=%cert" "data rightrsasigkey=%cert" "secret pskvalue="
        try
        expect_failure 1 "libreswan does not accept the profile: .*nobody"
}
