# /run is full when a connection is wanted: a clear failure, nothing is left, and later it works.
# once: trixie
scenario() {
        nm_profile ikev1
        run_is_full
        expect_refused 30 connect 0 "failed: cannot make the NSS .*No space left on device"
        rm /run/lab/full/fills
        expect_refused 30 connect 0 "failed: cannot make the NSS .*No space left on device"
        run_has_space
        nm_up
        expect_tunnel 1
        nm_down
        expect_down
}

# A small file system of its own, so that nobody else on the machine suffers.
run_is_full() {
        mkdir -p /run/lab/full /run/nm-libreswan
        mount -t tmpfs -o size=4k tmpfs /run/lab/full
        mkdir -m 700 /run/lab/full/base
        head -c 4096 /dev/zero > /run/lab/full/fills
        mount --bind /run/lab/full/base /run/nm-libreswan
}

run_has_space() {
        umount /run/nm-libreswan /run/lab/full
}
