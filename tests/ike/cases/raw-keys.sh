# Keys without certificates.
# shellcheck shell=bash

# with_raw_keys [LINE...]: each end knows the other's public key.
with_raw_keys() {
        profile "data leftid=@alice" "data rightrsasigkey=$(cat "$IKE_PROGRAMS/pki/gw.raw")" "secret pskvalue=" "$@"
        [ "$IKE" = 2 ] || profile "data aggressive=no"
}

# system_key: alice's key is in the NSS database of the system, and no certificate of it: with one
# leftckaid= would name that.
system_key() {
        local root=$IKE_WORK/client/root
        rm -rf "$root/var/lib/ipsec/nss"
        mkdir -p "$root/var/lib/ipsec/nss"
        client certutil -N -d sql:/var/lib/ipsec/nss --empty-password
        printf '%s\n' "$PKI_PASSPHRASE" > "$root/run/pki.pass"
        echo > "$root/run/no.pass"
        client pk12util -i /pki/alice.p12 -d sql:/var/lib/ipsec/nss -w /run/pki.pass -k /run/no.pass ||
                fail "the key is not in the database of the system"
        client certutil -D -n alice -d sql:/var/lib/ipsec/nss
        rm -f "$root/run/"{pki,no}.pass
}

# our private key in a file, and the gateway's public one
case_raw_file() {
        gateway_configure cert=gw raw=yes
        with_raw_keys "data key=/pki/alice.key"
        try
        expect_up
        profile "data key=/pki/alice-encrypted.key" "secret cert-pass=$PKI_PASSPHRASE"
        try
        expect_up
        expect_secret_unsaid "$PKI_PASSPHRASE"
}

# our key in the NSS database of the system, by its public half and by its ID
case_raw_system() {
        local ckaid
        gateway_configure cert=gw raw=yes
        system_key
        with_raw_keys "data leftrsasigkey=$(cat "$IKE_PROGRAMS/pki/alice.raw")"
        try
        expect_up
        ckaid=$(client certutil -K -d sql:/var/lib/ipsec/nss | sed -n 's/.* rsa  *\([0-9a-f]\{40\}\) .*/\1/p')
        [ -n "$ckaid" ] || fail "no ID of the key"
        with_raw_keys "data leftrsasigkey=" "data leftckaid=$ckaid"
        try
        expect_up
        profile "user nobody"
        try
        expect_failure 1 'leftckaid: names what is in the NSS database of the system'
        rm -rf "$IKE_WORK/client/root/var/lib/ipsec/nss"
}

# what is wrong is told before pluto starts, or by its name
case_raw_faults() {
        gateway_configure cert=gw raw=yes
        with_raw_keys "data key=/pki/alice-ec.key"
        try
        expect_local_failure 'key: "/pki/alice-ec.key" has no RSA key'
        profile "data key=/pki/alice.crt"
        try
        expect_local_failure 'key: "/pki/alice.crt" has no private key in it'
        profile "data key=/pki/alice-encrypted.key"
        try
        expect_local_failure 'is encrypted, and there is no passphrase' 0
        profile "data key=/pki/alice.key" "data rightrsasigkey="
        try
        expect_refused 'for a key without a certificate set rightrsasigkey'
        with_raw_keys "data key=" "data leftckaid=0123456789abcdef0123456789abcdef01234567"
        try
        expect_failure 1 'the private key of leftckaid= or leftcert= is not in the NSS database|libreswan does not accept the profile'
}

# a gateway with another key, and a client with one that the gateway does not know
case_raw_others() {
        gateway_configure cert=gw raw=yes
        with_raw_keys "data key=/pki/alice.key" "data rightrsasigkey=$(cat "$IKE_PROGRAMS/pki/alice.raw")"
        try
        expect_not_up ''
        with_raw_keys "data key=/pki/bob.key"
        try
        expect_not_up ''
}
