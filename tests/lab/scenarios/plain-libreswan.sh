# Libreswan alone keeps the old address or policy after the reset: the report.
#
# No plugin takes part. It passes while libreswan does what the project was
# made against, so if this fails, libreswan may have been repaired.
scenario() {
        plain_configure ikev1
        plain_prepare
        plain_start
        plain_up
        eventually 10 plain_has_address 1
        ping -n -q -c 3 -i 0.2 -W 2 "$REMOTE" || fail "no traffic before the reset"

        gw_switch_pool 2
        gw_reset main
        eventually 20 gw_leased 2
        eventually 10 plain_has_policy 2
        kernel_policies | tee "$LAB_LOG/policies"
        kernel_addresses | tee "$LAB_LOG/addresses"
        ip -4 route show table all | grep -e '10\.[23]0\.'

        expect "no policy for the old address: libreswan behaves better than reported" \
                plain_has_policy 1
        plain_stop
        # What is left now is libreswan's, not ours to answer for.
        note "after pluto's end: $(world_dirt | paste -sd ';')"
        world_scrub
}

plain_has_address() {
        ip -o -4 addr | grep -q " 10\.30\.$1\."
}

plain_has_policy() {
        kernel_policies | grep -q "10\.30\.$1\."
}

gw_leased() {
        gw_leases | grep -q "^10\.30\.$1\."
}
