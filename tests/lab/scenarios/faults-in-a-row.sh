# Each fault that a tunnel survives, once, under traffic, in an order that --seed makes.
# deadline: 1200
scenario() {
        local fault names
        figure seed "$SOAK_SEED"
        soak_load
        mapfile -t names < <(
                printf '%s\n' "${SOAK_NAMES[@]}" | shuf --random-source=<(yes "$SOAK_SEED"))
        soak_begin
        for fault in "${names[@]}"; do
                soak_fault "$fault"
        done
        soak_finish
}
