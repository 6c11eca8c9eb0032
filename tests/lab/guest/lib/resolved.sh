# What systemd-resolved knows of all links.
# shellcheck shell=bash

# resolved_state: servers and domains of each link, one a line.
resolved_state() {
        resolvectl dns
        resolvectl domain
}

resolved_is() {
        [ "$(resolved_state)" = "$1" ]
}
