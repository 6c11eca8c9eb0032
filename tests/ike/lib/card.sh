# The smart card of the client: softhsm2's token, and what it says of wrong PINs (card.c).
# shellcheck shell=bash

CARD=$IKE_WORK/client/root/etc/card
CARD_PIN=493817

# card_insert [NAME]: a card with the certificate and key of NAME (alice), and no other.
card_insert() {
        local root=$IKE_WORK/client/root
        card_remove
        cp "$IKE_PROGRAMS/card.so" "$root/usr/lib/card.so"
        echo 'module: /usr/lib/card.so' > "$root/usr/share/p11-kit/modules/softhsm2.module"
        mkdir -p "$root/var/lib/softhsm/tokens" "$root/run/card"
        client softhsm2-util --init-token --free --label "Alice Card" --so-pin 12345678 --pin "$CARD_PIN" ||
                fail "no card"
        client certutil -N -d sql:/run/card --empty-password
        printf '%s\n' library=libp11-kit.so.0 name=p11-kit '' >> "$root/run/card/pkcs11.txt"
        printf '%s\n' "$PKI_PASSPHRASE" > "$root/run/card/pass"
        printf '%s\n' "$CARD_PIN" > "$root/run/card/pin"
        client pk12util -i "/pki/${1:-alice}.p12" -d sql:/run/card -w /run/card/pass -k /run/card/pin -h 'Alice Card' ||
                fail "nothing is put on the card"
}

# card_put_certificate NAME: without its key.
card_put_certificate() {
        client certutil -A -n "$1" -t ,, -i "/pki/$1.crt" -d sql:/run/card -h 'Alice Card' -f /run/card/pin ||
                fail "no certificate is put on the card"
}

card_remove() {
        local root=$IKE_WORK/client/root
        rm -rf "$root/var/lib/softhsm/tokens/"* "$root/run/card" "$CARD"
}

# with_card: the profile has them, with the PIN.
with_card() {
        profile "data cert=pkcs11:token=Alice%20Card;object=alice" "data ca=/pki/root.crt" \
                "secret pin=$CARD_PIN" "secret pskvalue="
}
