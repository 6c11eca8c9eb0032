/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What cleans up when the service is killed outright: a second process, made before anything else,
 * that does nothing but wait for the first one's end. NetworkManager starts the service without a
 * systemd unit of its own, so there is nobody else to do it.
 */
#pragma once

#include <stdbool.h>

/**
 * reaper_start:
 * @clean: called in the other process once this one is gone, however it went
 *
 * To be called before there is any thread and any file that must not be inherited.
 *
 * Returns: false with errno where no process could be made.
 */
bool reaper_start(void (*clean)(void));
