/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is wrong with what is to be imported, as the report says it. The first is the one that
 * counts.
 */
#pragma once

#include <stdbool.h>

#include "import-wire.h"

typedef struct {
	bool is_there;
	ImportField field;
	ImportFault fault;
	long long number; /* import-wire.h: a date, an errno, or 0 */
} Fault;

/** fault_set: notes it, unless there is one. Returns false, for whoever returns at once. */
bool fault_set(Fault *self, ImportField field, ImportFault fault, long long number);

/** fault_print: its line of the report. */
void fault_print(const Fault *self);
