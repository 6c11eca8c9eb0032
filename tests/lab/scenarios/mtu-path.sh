# A path that takes 1400 or 1280 bytes: found out, and bulk data crosses intact.
# once: bookworm
# deadline: 180
scenario() {
        bulk_make 1
        path_is_found
        # The same with ESP in UDP.
        path_is_found encapsulation=yes
        expect_no_plaintext
}

path_is_found() {
        local mtu
        for mtu in 1400 1280; do
                nm_profile ikev2 "$@"
                nm_up
                wire_path_mtu "$mtu"
                eventually 10 size_of_path_is_known
                figure "inside$mtu" "$SIZE_OF_PATH"
                expect_fits "$SIZE_OF_PATH"
                bulk_crosses up
                bulk_crosses down
                expect_equal "IP fragments from here" 0 "$(wire_count fragments_out)"
                nm_down
                expect_down
                wire_heal
        done
}
