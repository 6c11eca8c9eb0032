# pluto is stopped (SIGSTOP) under traffic: it is noticed, and another takes its place.
scenario() {
        local began
        up_under_traffic ikev1
        pkill -STOP -x pluto
        began=$(now_us)
        eventually 60 journal_has "pluto does not answer any more"
        figure noticed "$(seconds_since "$began")s"
        eventually 30 came_back 1
        expect_recovered
        expect_equal "plutos" 1 "$(pgrep -c -x pluto)"
        watch_stop
        nm_down
        eventually 10 world_is_clean
}
