/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whether a file that a person sees is hidden from us: systemd gives a service a /tmp of its own
 * (PrivateTmp=), and takes /home, /root and /run/user away from it (ProtectHome=), and what
 * NetworkManager does not see its services do not see either. systemd.exec(5).
 */
#pragma once

#include <stdbool.h>

/**
 * hidden_path_is:
 * @path: absolute, of a file that could not be opened
 * @mountinfo: the file that says what is mounted: /proc/self/mountinfo, but in tests
 */
bool hidden_path_is(const char *path, const char *mountinfo);
