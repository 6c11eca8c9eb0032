# Certificates of every kind and with every defect, made once for all clients: NAME.crt,
# NAME.key, and NAME.p12 with its chain and the passphrase $PKI_PASSPHRASE.
# shellcheck shell=bash

PKI_PASSPHRASE='pass phrase ü"\'

# pki_make DIR
pki_make() (
        mkdir -p "$1" && cd "$1" || exit 1
        pki_authority root rsa '/C=DE/O=Lab/CN=Lab Root CA' &&
        pki_authority sub rsa '/C=DE/O=Lab/CN=Lab Issuing CA' root &&
        pki_authority subsub rsa '/C=DE/O=Lab/CN=Lab Issuing CA 2' sub &&
        pki_authority ecroot ec '/C=DE/O=Lab/CN=Lab EC CA' &&
        pki_authority odd rsa '/C=DE/O=Müller, "Söhne" & Co/emailAddress=ca@lab.example/CN=Odd = CA' &&
        pki_authority other rsa '/C=XX/O=Other/CN=Other CA' || exit 1
        # Gateways.
        pki_leaf gw rsa gateway.example root DNS:gateway.example,IP:192.0.2.1 &&
        pki_leaf gw-ec ec gateway.example root DNS:gateway.example &&
        pki_leaf gw-ec-ec ec gateway.example ecroot DNS:gateway.example &&
        pki_leaf gw-rsa-ec rsa gateway.example ecroot DNS:gateway.example &&
        pki_leaf gw-sub rsa gateway.example sub DNS:gateway.example &&
        pki_leaf gw-odd rsa gateway.example odd DNS:gateway.example &&
        pki_leaf gw-other rsa gateway.example other DNS:gateway.example &&
        pki_leaf gw-nameless rsa gateway.example root '' &&
        pki_leaf gw-expired rsa gateway.example root DNS:gateway.example 20240101000000Z 20250101000000Z || exit 1
        # Clients.
        pki_leaf alice rsa alice root email:alice@lab.example &&
        pki_leaf alice-ec ec alice root email:alice@lab.example &&
        pki_leaf alice-ec-ec ec alice ecroot email:alice@lab.example &&
        pki_leaf alice-pss pss alice root email:alice@lab.example &&
        pki_leaf alice-ed ed alice root email:alice@lab.example &&
        pki_leaf alice-subsub rsa alice subsub email:alice@lab.example &&
        pki_leaf alice-odd rsa alice odd email:alice@lab.example &&
        pki_leaf alice-other rsa alice other email:alice@lab.example &&
        pki_leaf alice-expired rsa alice root email:alice@lab.example 20240101000000Z 20250101000000Z &&
        pki_leaf alice-early rsa alice root email:alice@lab.example 20880101000000Z 20890101000000Z &&
        pki_leaf bob rsa bob root email:bob@lab.example || exit 1
        cat alice-subsub.crt subsub.crt sub.crt > alice-chain.crt
        openssl pkcs8 -topk8 -in alice.key -passout "pass:$PKI_PASSPHRASE" -out alice-encrypted.key &&
                openssl rsa -in alice.key -traditional -aes128 -passout "pass:$PKI_PASSPHRASE" -out alice-old.key 2> /dev/null &&
                openssl x509 -in alice.crt -outform DER -out alice.der || exit 1
        pki_raw alice > alice.raw && pki_raw gw > gw.raw &&
                openssl rsa -in alice.key -pubout -out alice.pub 2> /dev/null &&
                openssl rsa -in gw.key -pubout -out gw.pub 2> /dev/null
)

# pki_raw NAME: its public key as leftrsasigkey= has it (RFC 3110), with the exponent 65537.
pki_raw() {
        local modulus
        modulus=$(openssl rsa -in "$1.key" -noout -modulus) || return 1
        printf '0s%s\n' "$(printf '%s' "03010001${modulus#Modulus=}" | sed 's/../\\x&/g' | xargs -0 printf '%b' | base64 -w 0)"
}

# pki_key NAME KIND
pki_key() {
        case $2 in
        rsa) openssl genrsa -out "$1.key" 2048 ;;
        ec) openssl ecparam -name prime256v1 -genkey -noout -out "$1.key" ;;
        ed) openssl genpkey -algorithm ED25519 -out "$1.key" ;;
        pss) openssl genpkey -algorithm RSA-PSS -pkeyopt rsa_keygen_bits:2048 -out "$1.key" ;;
        esac 2> /dev/null
}

# pki_sign NAME SUBJECT ISSUER [BEGIN END]: NAME.crt by ISSUER, or by itself.
pki_sign() {
        local name=$1 subject=$2 issuer=$3 by=(-selfsign)
        openssl req -new -utf8 -key "$name.key" -subj "$subject" -out "$name.csr" || return 1
        mkdir -p "of-$issuer"
        touch "of-$issuer/index"
        cat > "of-$issuer/conf" <<EOF
[ca]
default_ca = it
[it]
database = of-$issuer/index
rand_serial = yes
new_certs_dir = of-$issuer
default_md = sha256
policy = any
unique_subject = no
copy_extensions = none
preserve = yes
[any]
countryName = optional
organizationName = optional
emailAddress = optional
commonName = optional
EOF
        [ ! -e "$issuer.crt" ] || by=(-cert "$issuer.crt")
        openssl ca -batch -notext -utf8 -config "of-$issuer/conf" -in "$name.csr" -out "$name.crt" \
                -extfile "$name.ext" -startdate "${PKI_BEGIN:-20250101000000Z}" -enddate "${PKI_END:-20491231235959Z}" \
                -keyfile "$issuer.key" "${by[@]}" 2> "$name.log" || {
                cat "$name.log"
                return 1
        }
}

# pki_authority NAME KIND SUBJECT [ISSUER]
pki_authority() {
        pki_key "$1" "$2" || return 1
        printf '%s\n' basicConstraints=critical,CA:TRUE keyUsage=critical,keyCertSign,cRLSign \
                subjectKeyIdentifier=hash authorityKeyIdentifier=keyid > "$1.ext"
        pki_sign "$1" "$3" "${4:-$1}" || return 1
        cat "$1.crt" ${4:+"$4.chain"} > "$1.chain"
}

# pki_leaf NAME KIND COMMON-NAME ISSUER NAMES [BEGIN END]
pki_leaf() {
        pki_key "$1" "$2" || return 1
        printf '%s\n' basicConstraints=CA:FALSE keyUsage=digitalSignature \
                subjectKeyIdentifier=hash authorityKeyIdentifier=keyid ${5:+"subjectAltName=$5"} > "$1.ext"
        PKI_BEGIN=${6:-} PKI_END=${7:-} pki_sign "$1" "/C=DE/O=Lab/CN=$3" "$4" || return 1
        openssl pkcs12 -export -inkey "$1.key" -in "$1.crt" -certfile "$4.chain" -name "$1" \
                -passout "pass:$PKI_PASSPHRASE" -out "$1.p12"
}
