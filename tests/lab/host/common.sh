# Shared by everything of the laboratory that runs on the host.
# shellcheck shell=bash disable=SC2034

LAB=${LAB:?the folder tests/lab}
TREE=$(cd "$LAB/../.." && pwd)
CACHE=${NMPLUTO_CACHE:-${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/networkmanager-pluto}
mkdir -p "$CACHE"

# What the product promises to work on. forky, which comes next, is only for a look ahead.
SUITES=(trixie bookworm)

note() {
        printf '%s\n' "lab: $*" >&2
}

die() {
        note "$*"
        exit 1
}

# with_lock NAME COMMAND...: only one process of this machine runs COMMAND
# under NAME at a time.
with_lock() {
        local name=$1
        shift
        (
                flock 9
                "$@"
        ) 9> "$CACHE/$name.lock"
}

# hash_of FILE... : one word that changes when any of the files' text does.
hash_of() {
        cat -- "$@" | sha256sum | cut -c 1-12
}
