# pluto is killed under traffic: the tunnel comes back by itself, nothing leaks.
scenario() {
        up_under_traffic ikev1
        pkill -KILL -x pluto
        eventually 20 came_back 1
        expect_recovered
        watch_stop
        nm_down
        eventually 10 world_is_clean
}
