# Somebody flushes the kernel's policies, then its states, under traffic: it flows again.
# deadline: 150
scenario() {
        up_under_traffic ikev1
        ip xfrm policy flush
        eventually 30 came_back 1
        expect_recovered
        traffic_start
        traffic_flows 10
        # The policies stay, and ask pluto for another SA by themselves: that is
        # sooner there than another pluto.
        ip xfrm state flush
        expect_recovered
        watch_stop
        nm_down
        eventually 10 world_is_clean
}
