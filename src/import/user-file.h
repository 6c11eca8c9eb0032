/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A file that a profile names, read as the user whose profile it is. A child process becomes that
 * user for good, with the groups that he has, and opens, looks at and reads the file: so whatever a
 * link in the path leads to, now or a moment later, is what the user may read anyway, also where
 * root may not (NFS, FUSE). What is no regular file of 1 byte to IMPORT_FILE_MAX is not read.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "fault.h"

typedef struct {
	unsigned char *bytes; /* a NUL follows, which is not counted */
	size_t len;
} UserFile;

/**
 * user_file_read:
 * @user: his name; empty: the calling process's user, with all the rights that it has
 * @path: absolute
 * @deadline_ms: how long it may take
 * @fault: (out): gets what is wrong, of @field
 *
 * Returns: false with a fault; true: free with user_file_free()
 */
bool user_file_read(UserFile *self, const char *user, const char *path, int deadline_ms,
					ImportField field, Fault *fault);

/** user_file_free: wipes and frees. */
void user_file_free(UserFile *self);
