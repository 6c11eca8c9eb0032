# Certificates in files: what gets in, and what is told before pluto starts, or after.
# shellcheck shell=bash

# with_files CLIENT [AUTHORITY]: the profile has the client's certificate and key in PEM.
with_files() {
        profile "data cert=/pki/$1.crt" "data key=/pki/$1.key" "data ca=/pki/${2:-root}.crt" "secret pskvalue="
}

# with_pkcs12 CLIENT: all of it in one file.
with_pkcs12() {
        profile "data cert=/pki/$1.p12" "secret cert-pass=$PKI_PASSPHRASE" "secret pskvalue="
}

# a PKCS#12 file and its passphrase, which nothing says
case_cert_pkcs12() {
        gateway_configure cert=gw
        with_pkcs12 alice
        try
        expect_up
        expect_secret_unsaid "$PKI_PASSPHRASE"
}

# ca, cert and key in PEM, none of them encrypted
case_cert_pem() {
        gateway_configure cert=gw
        with_files alice
        try
        expect_up
}

# DER, and the encrypted PEM of old OpenSSL
case_cert_old_formats() {
        gateway_configure cert=gw
        with_files alice
        profile "data cert=/pki/alice.der" "data key=/pki/alice-old.key" "secret cert-pass=$PKI_PASSPHRASE"
        try
        expect_up
        profile "data key=/pki/alice-encrypted.key"
        try
        expect_up
}

# rightid= is the name in right= where the profile says nothing
case_cert_name() {
        gateway_configure cert=gw
        with_files alice
        profile "data right=gateway.example" "data rightid="
        try
        expect_up
}

# no name at all: the gateway's address has to be in its certificate
case_cert_address() {
        gateway_configure cert=gw id=192.0.2.1
        with_files alice
        profile "data rightid="
        try
        expect_up
}

# an RSA key, and a gateway with an EC key
case_cert_rsa_ec() {
        only ikev2
        gateway_configure cert=gw-ec
        with_files alice
        try
        expect_up
}

# EC keys at both ends, of an EC authority
case_cert_ec_ec() {
        only ikev2
        gateway_configure cert=gw-ec-ec client=ec
        with_files alice-ec-ec ecroot
        try
        expect_up
}

# an EC key, and a gateway with an RSA key
case_cert_ec_rsa() {
        only ikev2
        gateway_configure cert=gw client=ec
        with_files alice-ec
        try
        expect_up
}

# the gateway's key is of another kind than its authority's: there is one more attempt with that
case_cert_ec_other_kind() {
        only ikev2
        gateway_configure cert=gw-rsa-ec client=ec
        with_files alice-ec-ec ecroot
        try
        expect_up
        expect_line 'the gateway has another kind of key: trying with that'
        gateway_configure cert=gw-ec client=ec
        with_files alice-ec
        try
        expect_up
        expect_line 'the gateway has another kind of key: trying with that'
}

# a key for RSA-PSS alone
case_cert_pss() {
        only ikev2
        gateway_configure cert=gw
        with_pkcs12 alice-pss
        try
        expect_up
}

# two authorities between ours and its root, which alone the gateway knows
case_cert_chain() {
        gateway_configure cert=gw
        with_files alice-subsub
        profile "data cert=/pki/alice-chain.crt"
        try
        expect_up
}

# an authority between the gateway's and the root, which it sends
case_cert_gateway_chain() {
        gateway_configure cert=gw-sub
        with_files alice
        try
        expect_up
}

# an authority whose name has umlauts, commas, quotes and an address
case_cert_odd_name() {
        gateway_configure cert=gw-odd
        with_files alice-odd odd
        try
        expect_up
}

# With IKEv1 strongSwan has no key for an identity that is not in its certificate, and refuses us.
gateway_without_name() {
        case $GATEWAY/$IKE in
        strong/1) echo 'the gateway refused our identity' ;;
        *) echo "the gateway's certificate is not for the identity of rightid=" ;;
        esac
}

# a user with a certificate of the same authority in the gateway's place
case_cert_impostor() {
        gateway_configure cert=bob id=gateway.example
        with_files alice
        try
        expect_not_up "$(gateway_without_name)"
}

# likewise, and the profile asks for no identity: it gets in, and the journal warns of it
case_cert_impostor_allowed() {
        gateway_configure cert=bob 'id=C=DE, O=Lab, CN=bob'
        with_files alice
        profile "data rightid=%fromcert"
        try
        expect_line 'rightid asks for no identity'
        expect_up
}

# a gateway whose certificate has no name
case_cert_gateway_nameless() {
        gateway_configure cert=gw-nameless
        with_files alice
        try
        expect_not_up "$(gateway_without_name)"
}

# a gateway of another authority
case_cert_gateway_other() {
        gateway_configure cert=gw-other
        with_files alice
        try
        expect_not_up "the gateway's certificate is of another authority than ours"
}

# a gateway whose certificate has expired; libreswan as the gateway would not load it
case_cert_gateway_expired() {
        only strong
        gateway_configure cert=gw-expired
        with_files alice
        try
        expect_not_up "the gateway's certificate is not valid today"
}

# a client of an authority that the gateway does not know
case_cert_client_other() {
        gateway_configure cert=gw
        with_files alice-other
        try
        expect_not_up "the gateway refused our identity|certificate"
}

# a gateway that has a pre-shared key
case_cert_gateway_psk() {
        with_files alice
        try
        expect_not_up ""
}

# what is wrong with the files is told before pluto starts
case_cert_faults() {
        with_files alice-expired
        try
        expect_local_failure 'cert: "/pki/alice-expired.crt" has a certificate that has expired on 2025-01-01'
        with_files alice-early
        try
        expect_local_failure 'is not valid before 2088-01-01.*clock'
        with_files alice
        profile "data key=/pki/bob.key"
        try
        expect_local_failure 'key: "/pki/bob.key" has a private key that is not that of the certificate'
        with_files alice sub
        try
        expect_local_failure 'ca: "/pki/sub.crt" has only intermediate authorities'
        with_files alice-ed
        try
        expect_local_failure 'has an Ed25519 or Ed448 key, which libreswan cannot use'
        with_files nobody
        try
        expect_local_failure 'ca: |cert: "/pki/nobody.crt" is not there'
}

# a passphrase that is wrong, and one that is missing
case_cert_passphrase() {
        with_pkcs12 alice
        profile "secret cert-pass=wrong"
        try
        expect_local_failure 'cert: "/pki/alice.p12" is encrypted with another passphrase' 0
        profile "secret cert-pass="
        try
        expect_local_failure 'cert: "/pki/alice.p12" is encrypted, and there is no passphrase' 0
}

# a passphrase that is wrong or missing is asked for, once, where somebody is there
case_cert_passphrase_asked() {
        gateway_configure cert=gw
        with_pkcs12 alice
        profile interactive "secret cert-pass=wrong" "answer cert-pass=$PKI_PASSPHRASE"
        try
        expect_asked cert-pass 1
        expect_up
        expect_secret_unsaid "$PKI_PASSPHRASE"
        profile "secret cert-pass="
        try
        expect_asked cert-pass 1
        expect_up
        profile "secret cert-pass=wrong" "answer cert-pass=another"
        try
        expect_asked cert-pass 1
        expect_local_failure 'cert: "/pki/alice.p12" is encrypted with another passphrase' 0
}

# nicknames of the NSS database of the system, of which the connection has a copy
case_cert_nickname() {
        local nss=$IKE_WORK/client/root/var/lib/ipsec/nss
        gateway_configure cert=gw
        profile "data leftcert=alice" "data leftid=%fromcert" "secret pskvalue="
        [ "$IKE" = 2 ] || profile "data aggressive=no"
        rm -rf "$nss"
        mkdir -p "$nss"
        client certutil -N -d sql:/var/lib/ipsec/nss --empty-password
        printf '%s\n' "$PKI_PASSPHRASE" > "$IKE_WORK/client/root/run/pki.pass"
        echo > "$IKE_WORK/client/root/run/no.pass"
        client pk12util -i /pki/alice.p12 -d sql:/var/lib/ipsec/nss -w /run/pki.pass -k /run/no.pass
        rm -f "$IKE_WORK/client/root/run/"{pki,no}.pass
        sha256sum "$nss"/* > "$CASE/before"
        profile 'data rightca=C=DE, O=Lab, CN=Lab Root CA'
        try
        expect_up
        sha256sum "$nss"/* | cmp - "$CASE/before" || fail "the database of the system has changed"
        profile "user nobody"
        try
        expect_failure 1 'leftcert: names what is in the NSS database of the system'
        rm -rf "$nss"
}

# EC keys are not for IKEv1
case_cert_ec_ikev1() {
        only ikev1
        with_files alice-ec
        try
        expect_local_failure 'cert: is of an ECDSA key, which libreswan cannot use with IKEv1'
}

# files are read as the user whose connection it is
case_cert_private() {
        local key=$IKE_WORK/client/root/pki/private.key
        gateway_configure cert=gw
        with_files alice
        profile "user nobody" "data key=/pki/private.key"
        cp "$IKE_PROGRAMS/pki/alice.key" "$key"
        chmod 600 "$key"
        try
        expect_local_failure 'key: "/pki/private.key" may not be read by "nobody", whose connection it is'
        chown 65534 "$key"
        try
        expect_up
        profile "data key=/etc/shadow"
        try
        expect_local_failure 'key: "/etc/shadow" may not be read by "nobody"'
        rm -f "$key"
}

# a connection of the whole system reads what root reads, and of a user's that, too
case_cert_of_system() {
        local key=$IKE_WORK/client/root/pki/private.key
        gateway_configure cert=gw
        with_files alice
        profile "data key=/pki/private.key"
        cp "$IKE_PROGRAMS/pki/alice.key" "$key"
        chmod 600 "$key"
        chown 65534 "$key"
        try
        expect_up
        rm -f "$key"
        mkfifo "$key"
        try
        expect_local_failure 'key: "/pki/private.key" is not a regular file'
        rm -f "$key"
}
