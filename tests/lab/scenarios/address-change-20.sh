# Twenty resets in a row, each with another address; nothing grows.
# once: bookworm
# deadline: 360
scenario() {
        local n service memory files
        nm_profile ikev1
        watch_start
        nm_up
        expect_tunnel 1
        watch_mark
        traffic_start
        change_to 2 main
        traffic_flows 20
        service=$(service_pid)
        memory=$(service_memory "$service")
        files=$(service_files "$service")
        for n in {3..21}; do
                change_to "$n" main
                traffic_flows 20
        done
        traffic_stop
        expect_tunnel 21
        expect_never_left_activated
        expect_equal "configurations reported for 20 addresses" 20 "$(watch_reports)"
        figure attempts "$(wire_attempts)"
        expect_no_plaintext
        expect_lost_little
        expect_equal "the service's process" "$service" "$(service_pid)"
        eventually 3 service_has_files "$service" "$files"
        figure memory "$memory..$(service_memory "$service")kB"
        figure files "$files..$(service_files "$service")"
        expect "the service grew from $memory kB to $(service_memory "$service") kB" \
                test "$(service_memory "$service")" -le "$((memory + 256))"
        watch_stop
        nm_down
        expect_down
}

# What is the process's own: memory that is neither shared nor a file's.
service_memory() {
        awk '/^RssAnon:/ { print $2 }' "/proc/$1/status"
}

service_files() {
        find "/proc/$1/fd" -mindepth 1 | wc -l
}

service_has_files() {
        [ "$(service_files "$1")" = "$2" ]
}
