# One virtual machine: starting it, and what goes in and out.
# shellcheck shell=bash

# /dev/kvm may be there and its guests hang, so it is tried once per boot of
# this machine, with the kernel that we boot and a word to print.
vm_accel() {
        local kernel=$1 initrd=$2 answer
        answer=$CACHE/kvm-$(cat /proc/sys/kernel/random/boot_id)
        if [ ! -e "$answer" ]; then
                rm -f "$CACHE"/kvm-*
                if [ -w /dev/kvm ] && vm_kvm_works "$kernel" "$initrd"; then
                        echo kvm > "$answer"
                else
                        echo tcg > "$answer"
                fi
        fi
        cat "$answer"
}

vm_kvm_works() {
        timeout --kill-after=1 10 qemu-system-x86_64 -accel kvm -smp 1 -m 256 \
                -nodefaults -no-user-config -no-reboot -display none \
                -kernel "$1" -initrd "$2" -serial stdio \
                -append "console=ttyS0 quiet panic=-1 lab.probe" < /dev/null 2> /dev/null |
        grep -q lab-probe-ok
}

# vm_slot COMMAND...: runs it when fewer machines than cores are running on this
# host: more of them would only falsify each other's seconds.
vm_slot() {
        local slot
        while :; do
                for ((slot = 0; slot < $(nproc); slot++)); do
                        exec {VM_SLOT}> "$CACHE/machine-$slot.lock"
                        if flock -n "$VM_SLOT"; then
                                "$@"
                                exec {VM_SLOT}>&-
                                return
                        fi
                        exec {VM_SLOT}>&-
                done
                sleep 0.5
        done
}

# vm_run IMAGE GATEWAY INPUT OUTPUT CONSOLE SHELL: boots and returns when the
# machine is off. The lines that the guest reports come out on stdout. CONSOLE
# is a file, or with SHELL=yes the terminal is the console and the reports go
# to that file.
vm_run() {
        local image=$1 gateway=$2 input=$3 output=$4 console=$5 shell=$6
        local accel=() serial=() append
        case $(with_lock kvm vm_accel "$image/kernel" "$image/initrd") in
        kvm) accel=(-accel kvm -cpu host) ;;
        *) accel=(-accel "tcg,thread=single,tb-size=512" -cpu "max,cx16=off") ;;
        esac
        append="console=ttyS0 quiet panic=-1 oops=panic mitigations=off nokaslr"
        # Code that is translated once serves every process where all have it at the same
        # address: programs start three times as fast.
        append+=" norandmaps transparent_hugepage=always"
        # On a host that has much to do an emulated timer looks broken to the
        # kernel, which then panics.
        append+=" no_timer_check"
        append+=" audit=0 apparmor=0 net.ifnames=0 random.trust_cpu=on nowatchdog"
        append+=" systemd.show_status=false systemd.log_level=warning"
        if [ "$shell" = yes ]; then
                serial=(-serial mon:stdio -serial "file:$console")
        else
                serial=(-serial "file:$console" -serial stdio)
                exec < /dev/null
        fi
        exec setpriv --pdeathsig KILL qemu-system-x86_64 "${accel[@]}" -smp 1 -m 1024 \
                -nodefaults -no-user-config -no-reboot -display none -nic none \
                -kernel "$image/kernel" -initrd "$image/initrd" -append "$append" \
                -drive "file=$image/disk,if=virtio,format=raw,snapshot=on" \
                -drive "file=$gateway/disk,if=virtio,format=raw,snapshot=on" \
                -drive "file=$input,if=virtio,format=raw,readonly=on" \
                -drive "file=$output,if=virtio,format=raw,cache=unsafe" \
                "${serial[@]}"
}
