# What libreswan cannot be: told by its name, and what would do instead.
# shellcheck shell=bash

# a password in the place of our certificate: EAP with IKEv2, hybrid authentication with IKEv1
case_no_password_for_certificate() {
        profile "data rightcert=gw" "secret pskvalue="
        try
        case $IKE in
        1) expect_local_failure 'cert: is not set.*hybrid authentication, which libreswan does not have; set cert' ;;
        2) expect_local_failure 'cert: is not set.*EAP, which libreswan cannot do as a client; set cert' ;;
        esac
        profile "data authby=eaponly"
        try
        expect_refused 'authby: "eaponly" is not possible: EAP is in libreswan for gateways alone'
        profile "data authby=" "data leftautheap=tls"
        try
        expect_refused 'unknown key "leftautheap": EAP is in libreswan for gateways alone'
}

# IKEv1 knows no ECDSA
case_no_ecdsa_ikev1() {
        only ikev1
        profile "data leftcert=alice" "data authby=ecdsa" "secret pskvalue="
        try
        expect_refused 'authby: "ecdsa" is for IKEv2; allowed with IKEv1 is secret or rsasig'
}

# what is wrong with what a nickname names, pluto says when it loads the connection
case_nickname_faults() {
        local root=$IKE_WORK/client/root
        rm -rf "$root/var/lib/ipsec/nss"
        mkdir -p "$root/var/lib/ipsec/nss"
        client certutil -N -d sql:/var/lib/ipsec/nss --empty-password
        client certutil -A -n expired -t ,, -a -i /pki/alice-expired.crt -d sql:/var/lib/ipsec/nss
        profile "data leftcert=expired" "data leftid=%fromcert" "secret pskvalue="
        [ "$IKE" = 2 ] || profile "data aggressive=no"
        try
        expect_failure 1 "left certificate 'expired' is expired or not yet valid"
        rm -rf "$root/var/lib/ipsec/nss"
}
