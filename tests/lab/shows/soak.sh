# Faults by chance, from a seed, for SOAK_MINUTES; the invariants after each.
# once: bookworm
# deadline: 7200
scenario() {
        local end
        figure seed "$SOAK_SEED"
        soak_load
        RANDOM=$SOAK_SEED
        end=$(($(now_us) + SOAK_MINUTES * 60000000))
        soak_begin
        while [ "$(now_us)" -lt "$end" ]; do
                soak_pause $((RANDOM % 20))
                soak_fault "${SOAK_NAMES[RANDOM % ${#SOAK_NAMES[@]}]}"
        done
        soak_finish
}
