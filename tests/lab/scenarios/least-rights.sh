# What each process may do is read off the processes of a tunnel that is up, and tried out by what
# pluto starts; secrets are where they have to be and nowhere else, also after the gateway's reset.
# deadline: 300
scenario() {
        local kind
        RIGHTS_PSK='a key of nobody else 6f1d'
        RIGHTS_PASSWORD='a password of nobody else 93c2'
        # Also of the gateway, whenever it is configured anew.
        GW_PSK=$RIGHTS_PSK GW_PASSWORD=$RIGHTS_PASSWORD
        rights_patterns > "$LAB_LOG/secrets"
        rights_helper_tries
        for kind in ikev1 ikev2; do
                note "$kind"
                gw_fresh psk="$RIGHTS_PSK" password="$RIGHTS_PASSWORD"
                nm_profile $kind pskvalue="$RIGHTS_PSK" xauthpassword="$RIGHTS_PASSWORD"
                nm_journal_mark
                nm_up
                eventually 5 tunnel_in_pool 1
                # Until the helper has come back for the last time, pluto has not installed it all.
                eventually 20 a_ping_crosses
                expect_pings 5
                rights_are_least
                rights_secrets_are_gone
                change_to 2 "$([ $kind = ikev2 ] && echo ikev2 || echo main)"
                eventually 20 a_ping_crosses
                expect_pings 5
                rights_are_least
                rights_secrets_are_gone
                rights_secrets_in_memory "$kind"
                rights_tried "$kind"
                nm_down
                expect_down
        done
        umount "$RIGHTS_HELPER"
}

rights_are_least() {
        local service reaper pluto
        service=$(service_pid)
        reaper=$(pgrep -x nm-libreswan-re)
        pluto=$(pgrep -x pluto)
        # NET_ADMIN; what it hands to pluto, and DAC_OVERRIDE, KILL, SETGID and SETUID for the
        # import program, it has and does not use.
        rights_are service "$service" 1000 200034e2
        rights_are reaper "$reaper" 1000 1000
        # NET_ADMIN, NET_RAW, NET_BIND_SERVICE, AUDIT_WRITE.
        rights_are pluto "$pluto" 20003400 20003400
        # /proc/PID/environ of a process that is not dumpable is not for another of the same uid.
        expect "root without CAP_SYS_PTRACE cannot look into pluto either" rights_looks_into "$pluto"
        expect "the service is dumpable" not rights_looks_into "$service"
        expect "the reaper is dumpable" not rights_looks_into "$reaper"
        expect_equal "variables in pluto's environment" "LC_ALL LD_PRELOAD PATH" \
                "$(tr '\0' '\n' < "/proc/$pluto/environ" | sed 's/=.*//' | sort | paste -sd ' ')"
}

# rights_are NAME PID EFFECTIVE PERMITTED: of every thread.
rights_are() {
        expect_equal "rights of the $1" \
                "Umask 0077 CapInh 0 CapPrm $4 CapEff $3 CapAmb 0 NoNewPrivs 1" \
                "$(cat "/proc/$2/task/"*/status | awk '
                        /^(Umask|Cap(Inh|Prm|Eff|Amb)|NoNewPrivs):/ {
                                sub(/:/, "", $1)
                                if ($1 ~ /^Cap/) { sub(/^0*/, "", $2); if ($2 == "") $2 = 0 }
                                line = line sep $1 " " $2
                                sep = " "
                        }
                        /^NoNewPrivs/ { print line; line = sep = "" }' | sort -u)"
        expect_equal "core files of the $1" "0 0" \
                "$(awk '/^Max core file size/ { print $5, $6 }' "/proc/$2/limits")"
}

rights_looks_into() {
        setpriv --bounding-set=-sys_ptrace --inh-caps=-sys_ptrace cat "/proc/$1/environ" \
                > /dev/null 2>&1
}

# Plain, and as ipsec.secrets has them.
rights_patterns() {
        local secret
        for secret in "$RIGHTS_PSK" "$RIGHTS_PASSWORD"; do
                printf '%s\n' "$secret"
                printf '%s' "$secret" | base64 -w 0 | tr -d =
                echo
        done
}

rights_has() {
        grep -a -q -i -F -f "$LAB_LOG/secrets"
}

rights_secrets_are_gone() {
        local dir=/run/nm-libreswan/$PROFILE_UUID found
        expect "$dir/ipsec.conf is missing" test -e "$dir/ipsec.conf"
        expect "ipsec.secrets is still there" not test -e "$dir/ipsec.secrets"
        expect "the search finds nothing at all" rights_has < "$PROFILE_FILE"
        found=$(grep -r -a -l -i -s -D skip -F -f "$LAB_LOG/secrets" /run/nm-libreswan /run /tmp \
                /var/tmp /var/log /dev/shm | head -n 3 | paste -sd ' ')
        expect_equal "files with a secret" "" "$found"
        found=$(cat /proc/[0-9]*/cmdline /proc/[0-9]*/environ 2> /dev/null |
                grep -a -c -i -F -f "$LAB_LOG/secrets")
        expect_equal "command lines and environments with a secret" 0 "$found"
        expect "a secret is in the journal" not rights_in_the_journal
}

rights_in_the_journal() {
        journalctl -q -b -o export | rights_has
}

# How often a secret is in the memory of a process: what it has mapped to write to.
rights_copies() {
        local range perm rest from to
        while read -r range perm rest; do
                case $perm in rw*) ;; *) continue ;; esac
                from=$((16#${range%-*} / 4096)) to=$((16#${range#*-} / 4096))
                [ $((to - from)) -lt 65536 ] || continue
                dd if="/proc/$1/mem" bs=4096 skip=$from count=$((to - from)) 2> /dev/null
        done < "/proc/$1/maps" | grep -a -o -i -F -f "$2" | wc -l
}

# The profile's own one is what the next recovery needs.
rights_secrets_in_memory() {
        local pid copies line=0 name
        pid=$(service_pid)
        for name in key key_base64 password password_base64; do
                line=$((line + 1))
                sed -n "${line}p" "$LAB_LOG/secrets" > "$LAB_LOG/secret"
                copies=$(rights_copies "$pid" "$LAB_LOG/secret")
                figure "$1_$name" "$copies"
                case $1-$name in
                *_base64) expect_equal "copies of the $name in the service" 0 "$copies" ;;
                ikev1-* | ikev2-key) expect_equal "copies of the $name in the service" 1 "$copies" ;;
                esac
                pgrep -x nm-libreswan-re > /dev/null || fail "there is no reaper"
                copies=$(rights_copies "$(pgrep -x nm-libreswan-re)" "$LAB_LOG/secret")
                expect_equal "copies of the $name in the reaper" 0 "$copies"
        done
}

# What pluto executes has pluto's rights, and more of the kernel's refusals than pluto shows by
# itself: a script in the place of the updown helper, which then is what it was.
RIGHTS_HELPER=/usr/lib/NetworkManager/nm-libreswan-service-helper

rights_helper_tries() {
        cp "$RIGHTS_HELPER" /run/lab/helper
        cat > /run/lab/tries <<'EOF'
#!/bin/sh
dir=${1%/*}
env >> "$dir/variables"
# Once is enough: pluto stands still meanwhile.
[ ! -e "$dir/tried" ] || exec /run/lab/helper "$@"
try() {
        name=$1
        shift
        if "$@" 2> /dev/null; then echo "$name: yes"; else echo "$name: no"; fi >> "$dir/tried"
}
put() { echo x > "$1"; }
grep -E '^(CapEff|NoNewPrivs):' /proc/self/status >> "$dir/tried"
try run-directory put "$dir/mine"
try null put /dev/null
for file in /etc/owned /run/owned /run/nm-libreswan/owned /tmp/owned /usr/owned /dev/shm/owned \
        /etc/passwd /dev/vda /proc/sys/net/ipv4/ip_forward /proc/sys/kernel/core_pattern; do
        [ -e "$file" ] && try "append to $file" sh -c ": >> '$file'" || try "make $file" put "$file"
done
try "read /etc/shadow" cat /etc/shadow > /dev/null
try "remove /etc/hosts" rm /etc/hosts
try "load a module" modprobe -q ifb
try "mount" mount -t tmpfs tmpfs /mnt
try "signal the service" kill -0 "$(pgrep -o -x nm-libreswan-se)"
exec /run/lab/helper "$@"
EOF
        chmod 755 /run/lab/tries
        modprobe -q -n ifb || fail "this kernel has no module ifb to try it with"
        expect "the module ifb is loaded already" not test -e /sys/module/ifb
        mount --bind /run/lab/tries "$RIGHTS_HELPER" || fail "the helper cannot be replaced"
}

rights_tried() {
        local dir=/run/nm-libreswan/$PROFILE_UUID allowed signal=no
        expect "the helper tried nothing" test -s "$dir/tried"
        sort -u "$dir/tried" > "$LAB_LOG/tried.$1"
        # Landlock 6, of Linux 6.12, knows signals.
        [[ $(uname -r) != 6.1.* ]] || signal=yes
        allowed=$(sed -n 's/: yes$//p' "$LAB_LOG/tried.$1" | paste -sd ';')
        expect_equal "what a process of pluto's may do" \
                "null;read /etc/shadow;run-directory$([ $signal = no ] || echo ';signal the service')" \
                "$allowed"
        expect_equal "its capabilities" "0000000020003400" \
                "$(awk '/^CapEff/ { print $2 }' "$LAB_LOG/tried.$1")"
        expect "a secret is in the helper's environment" not rights_has < "$dir/variables"
        rm -f "$dir/tried" "$dir/variables" "$dir/mine"
}
