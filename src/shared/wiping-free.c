/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * free(3) and realloc(3) of a program that has secrets, for all of its libraries: what is given
 * back is overwritten before somebody else gets it. Secrets go through the hands of libnm, GLib and
 * its D-Bus parser, which copy them and free the copies as they are.
 *
 * mallopt(M_PERTURB) does not do it: glibc keeps small blocks in a cache of the thread's, past what
 * it overwrites. Of glibc's malloc nothing else is replaced; the functions of the same name in a
 * program come before those of libraries (ld.so(8)).
 */
#include "config.h"

#include <malloc.h>
#include <stdlib.h>
#include <string.h>

/* A sanitizer has a malloc of its own. */
#ifndef __SANITIZE_ADDRESS__

extern void __libc_free(void *block);
extern void *__libc_realloc(void *block, size_t size);

void
free(void *block)
{
	if (!block)
		return;
	explicit_bzero(block, malloc_usable_size(block));
	__libc_free(block);
}

void *
realloc(void *block, size_t size)
{
	size_t before = block ? malloc_usable_size(block) : 0;
	void *moved;

	if (block && size <= before) {
		/* It shrinks where it is. */
		explicit_bzero((char *) block + size, before - size);
		return __libc_realloc(block, size);
	}
	moved = malloc(size);
	if (moved && block) {
		memcpy(moved, block, before);
		free(block);
	}
	return moved;
}

#endif
