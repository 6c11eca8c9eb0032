# A wrong XAUTH password: login failed, after one attempt, before any timeout.
scenario() {
        nm_profile ikev1 xauthpassword='not it'
        expect_refused 20 login 1 'XAUTH'
        expect_equal "refusals in the gateway's log" 1 \
                "$(grep -c 'XAuth authentication of .* failed' "$GW_LOG")"
}
