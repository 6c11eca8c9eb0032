/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "fault.h"

#include <stdio.h>

#define WORD(NAME, word) word,
static const char *const fields[] = {IMPORT_FIELDS(WORD)};
static const char *const faults[] = {IMPORT_FAULTS(WORD)};

bool
fault_set(Fault *self, ImportField field, ImportFault fault, long long number)
{
	if (!self->is_there)
		*self = (Fault){true, field, fault, number};
	return false;
}

void
fault_print(const Fault *self)
{
	printf("fault %s %s %lld\n", fields[self->field], faults[self->fault], self->number);
}
