# Certificates on a smart card, and what is told of one before pluto starts.
# shellcheck shell=bash

# a certificate and its key on a card, named in every spelling; nothing says the PIN
case_card() {
        gateway_configure cert=gw
        card_insert
        with_card
        try
        expect_up
        expect_secret_unsaid "$CARD_PIN"
        ! grep -q 'NSS Password' "$CASE/log" || fail "the length of the PIN is in the log"
        profile 'data cert=Alice Card:alice' 'data key=pkcs11:token=Alice%20Card;object=alice;type=private'
        try
        expect_up
        card_remove
}

# pluto has read the PIN when there is a tunnel, and its file is gone
case_card_pin_file() {
        gateway_configure cert=gw
        card_insert
        with_card
        profile "look ls $IKE_WORK/client/root/run/nm-libreswan/*/"
        try
        expect_up
        grep -q '^pluto.ctl' "$CASE/bus" || fail "nobody has looked"
        ! grep -q '^nsspassword' "$CASE/bus" || fail "the PIN is still there"
        card_remove
}

# an EC key on a card
case_card_ec() {
        only ikev2
        gateway_configure cert=gw-ec-ec client=ec
        card_insert alice-ec-ec
        with_card
        profile 'data cert=Alice Card:alice-ec-ec' 'data ca=/pki/ecroot.crt'
        try
        expect_up
        card_remove
}

# what is wrong with the card is told before pluto starts
case_card_faults() {
        gateway_configure cert=gw
        card_remove
        with_card
        try
        expect_local_failure 'cert: "pkcs11:token=Alice%20Card;object=alice" is on a token that is not there'
        card_insert
        profile 'data cert=Alice Card:nobody'
        try
        expect_local_failure 'object=nobody" is no certificate of its token'
        profile 'data cert=Alice Card:alice' 'data key=Alice Card:nobody'
        try
        expect_local_failure 'key: .*is not the private key of the certificate in cert'
        card_put_certificate bob
        profile 'data cert=Alice Card:bob' 'data key='
        try
        expect_local_failure 'is a certificate without its private key on the token'
        card_remove
}

# two cards of one name: the serial number says which
case_card_twice() {
        gateway_configure cert=gw
        card_insert
        client softhsm2-util --init-token --free --label "Alice Card" --so-pin 12345678 --pin "$CARD_PIN"
        with_card
        try
        expect_local_failure 'is on a token of which there are several by this name; add serial='
        card_remove
}

# the PIN: none, a wrong one, tries that run out, a card that is locked
case_card_pin() {
        gateway_configure cert=gw
        card_insert
        with_card
        profile 'secret pin='
        try
        expect_local_failure 'is on a token that wants a PIN, and there is none in pin' 0
        profile 'secret pin=111111'
        try
        expect_local_failure 'is on a token that refused the PIN$' 0
        expect_secret_unsaid 111111
        echo low > "$CARD"
        try
        expect_local_failure 'refused the PIN; few tries are left' 0
        echo final > "$CARD"
        profile 'data pin-flags=2'
        try
        expect_local_failure 'refused the PIN; one try is left' 0
        echo locked > "$CARD"
        profile "secret pin=$CARD_PIN"
        try
        expect_local_failure 'is on a token that has locked itself' 1
        echo keypad > "$CARD"
        try
        expect_local_failure 'takes the PIN on its own keypad alone' 1
        card_remove
}

# the last try is no stored PIN's, also where it is right; it is that of who has just typed it
case_card_final_try() {
        gateway_configure cert=gw
        card_insert
        echo final > "$CARD"
        with_card
        try
        expect_local_failure 'one try of the PIN left before it locks itself: a stored PIN is not tried' 0
        profile 'data pin-flags=1'
        try
        expect_local_failure 'a stored PIN is not tried' 0
        profile 'data pin-flags=2'
        try
        expect_up
        card_remove
}

# a PIN that is missing or wrong is asked for, once; the last try is for the answer, also if it is the stored one
case_card_pin_asked() {
        gateway_configure cert=gw
        card_insert
        with_card
        profile 'secret pin=111111' interactive "answer pin=$CARD_PIN"
        try
        expect_up
        profile 'secret pin='
        try
        expect_up
        echo final > "$CARD"
        profile "secret pin=$CARD_PIN"
        try
        expect_up
        rm "$CARD"
        profile 'secret pin=111111' 'answer pin=222222'
        try
        expect_local_failure 'is on a token that refused the PIN' 0
        [ "$(grep -c '^asks pin: ' "$CASE/bus")" = 1 ] || fail "not asked once: $(bus_in_short)"
        card_remove
}

# what loads code, and what cannot be, is refused by name
case_card_refused() {
        with_card
        profile 'data cert=pkcs11:token=Alice%20Card;object=alice?module-path=/tmp/card.so'
        try
        expect_refused 'only the modules are used that p11-kit has configured'
        profile 'data cert=/pki/alice.crt' 'data key=Alice Card:alice'
        try
        expect_refused 'key: is on a token, and the certificate in cert is in a file'
        profile 'data cert=Alice Card:alice' 'data key=/pki/alice.key'
        try
        expect_refused 'key: names a file, and the certificate in cert is on a token'
        profile 'data key=' 'data ca='
        try
        expect_refused 'ca: is missing'
}
