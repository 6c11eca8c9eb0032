# Each fault that a tunnel survives, once, under traffic, in an order that --seed makes:
# the same seed does the same again.
# deadline: 1200
scenario() {
        local fault names
        figure seed "$SOAK_SEED"
        soak_load
        mapfile -t names < <(row_names | shuf --random-source=<(yes "$SOAK_SEED" 2> /dev/null))
        soak_begin
        for fault in "${names[@]}"; do
                soak_fault "$fault"
        done
        soak_finish
}

# With --once the two Debians share them.
row_names() {
        case $ONCE-$SUITE in
        yes-trixie) printf '%s\n' "${SOAK_NAMES[@]}" | sed -n 'p;n' ;;
        yes-*) printf '%s\n' "${SOAK_NAMES[@]}" | sed -n 'n;p' ;;
        *) printf '%s\n' "${SOAK_NAMES[@]}" ;;
        esac
}
