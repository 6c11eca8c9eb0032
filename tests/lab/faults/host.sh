# What happens to the machine.
# shellcheck shell=bash disable=SC2034

#: clock-forward recovers 30 - the clock jumps an hour ahead
clock_forward_hits() {
        date -s '+1 hour' > /dev/null
        sleep 10
}

clock_forward_ends() {
        date -s '-1 hour' > /dev/null
}

#: clock-back recovers 30 - the clock jumps an hour back
clock_back_hits() {
        date -s '-1 hour' > /dev/null
        sleep 10
}

clock_back_ends() {
        date -s '+1 hour' > /dev/null
}

#: run-full recovers 60 - /run is full for 5 s, and pluto dies
run_full_hits() {
        fallocate -l "$(df --output=avail -B 1 /run | tail -n 1)" /run/lab/fills 2> /dev/null
        dd if=/dev/zero of=/run/lab/fills.more bs=4k 2> /dev/null
        pkill -KILL -x pluto
        sleep 5
}

run_full_ends() {
        rm -f /run/lab/fills /run/lab/fills.more
}

#: machine-sleeps recovers 60 - the machine sleeps for 12 s
machine_sleeps_hits() {
        sleep_setup
        machine_falls_asleep
        sleep 12
        machine_wakes
}

machine_sleeps_ends() {
        sleep_restore
}

#: no-processes recovers 60 - pluto dies, and for 5 s no process can be started
no_processes_hits() {
        systemctl set-property --runtime NetworkManager.service TasksMax=1
        pkill -KILL -x pluto
        sleep 5
}

no_processes_ends() {
        systemctl set-property --runtime NetworkManager.service TasksMax=infinity
}
