/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a line of pluto's log is to a connection: the event of the machine, and what a person is
 * told. ARCHITECTURE.md, "What an unauthenticated packet can cause", has the reasons.
 */
#pragma once

#include "machine.h"
#include "pluto-log.h"

/**
 * verdict_event:
 * @state: the machine's
 * @other_lease: of a PLUTO_LOG_LEASE line: its address is none that the tunnel has
 *
 * Returns: MACHINE_N_EVENTS where the line is no event.
 */
MachineEventKind verdict_event(const PlutoLogLine *line, MachineState state, gboolean other_lease);

/**
 * verdict_reason: (transfer full) (nullable): the reason that the line gives for @event, for
 * people. In MACHINE_UP it takes the place of what was said before: nothing of that has ended the
 * tunnel. Elsewhere the first reason is the cause, and what follows are its consequences.
 */
char *verdict_reason(const PlutoLogLine *line, MachineEventKind event, MachineState state);
