# The gateway: strongSwan ("strong") or libreswan ("swan"). A case says what is to
# differ from gateway_default; it is loaded anew only where it differs from what
# is loaded.
# shellcheck shell=bash

PSK='a key that is long enough for sha2-512'
XAUTH_USER=alice
XAUTH_PASSWORD='correct horse'

gateway_make() {
        case $GATEWAY in
        strong) root_make strong "$IKE_STRONG" && strong_make ;;
        swan) root_make swan "$IKE_SWAN" && swan_make ;;
        esac || fail "no root for the gateway $GATEWAY"
        # shellcheck disable=SC2034 # of inside
        GATEWAY_LOG=$IKE_WORK/$GATEWAY/root/run/log
        GATEWAY_LOADED=$IKE_WORK/$GATEWAY/loaded
}

# gateway_configure KEY=VALUE...: psk, password, id, ike, esp (proposals as the
# gateway spells them), net (behind it), pool (no: none), cert (its certificate, of
# lib/pki.sh; without one both ends have the pre-shared key), client (ec or rsa: the
# kind of key that it expects of us), raw (yes: both ends have the other's key, and no certificate).
gateway_configure() {
        local psk=$PSK password=$XAUTH_PASSWORD id=gateway.example ike='' esp='' net=10.20.0.0/24 pool=yes
        local cert='' client=rsa raw=no
        local setting
        for setting; do
                case $setting in
                psk=* | password=* | id=* | ike=* | esp=* | net=* | pool=* | cert=* | client=* | raw=*)
                        printf -v "${setting%%=*}" '%s' "${setting#*=}"
                        ;;
                *) fail "gateway_configure: no such setting: $setting" ;;
                esac
        done
        [ "$(cat "$GATEWAY_LOADED" 2> /dev/null)" != "$*." ] || return 0
        "${GATEWAY}_load" || fail "the gateway refused its configuration: $(tail -n 3 "$GATEWAY_LOG")"
        printf '%s.\n' "$*" > "$GATEWAY_LOADED"
}

# gateway_spells CIPHER INTEGRITY [GROUP]: libreswan's names as a proposal in the
# gateway's spelling.
gateway_spells() {
        case $GATEWAY in
        strong) echo "$1-${2/sha2_/sha}${3:+-$3}" ;;
        swan) echo "$1-$2${3:+;$3}" ;;
        esac
}

# The authorities whose clients it lets in.
GATEWAY_TRUSTS=(root ecroot odd)

gateway_default() {
        gateway_configure
}

gateway_stop() {
        "${GATEWAY}_stop"
}
