/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "hidden-path.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Where users keep files, and systemd puts something else. */
static const char *const places[] = {"/home", "/root", "/run/user", "/tmp", "/var/tmp"};

static bool
is_below(const char *path, const char *place)
{
	size_t len = strlen(place);

	return strncmp(path, place, len) == 0 && (path[len] == '/' || path[len] == '\0');
}

/* The directory that is mounted there, and of which kind of file system: a private /tmp is
 * /tmp/systemd-private-.../tmp; what ProtectHome=yes puts over a directory is one of
 * /run/systemd/inaccessible, or of mode 000; ProtectHome=tmpfs is an empty file system. */
static bool
is_of_systemd(const char *place, const char *directory, const char *type)
{
	if (strstr(directory, "/systemd-private-") || strstr(directory, "/systemd/inaccessible/"))
		return true;
	return strcmp(type, "tmpfs") == 0 && strcmp(place, "/tmp") != 0 &&
		   strcmp(place, "/run/user") != 0;
}

/* A line of proc_pid_mountinfo(5): "36 35 98:0 /directory /place options optional... - type ...".
 */
static bool
hides(char *line, const char *path)
{
	char directory[4096], place[4096], type[64] = "";
	const char *dash = strstr(line, " - ");

	if (!dash || sscanf(line, "%*s %*s %*s %4095s %4095s", directory, place) != 2 ||
		sscanf(dash, " - %63s", type) != 1 || !is_below(path, place))
		return false;
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		if (strcmp(place, places[i]) == 0)
			return is_of_systemd(place, directory, type);
	}
	return false;
}

bool
hidden_path_is(const char *path, const char *mountinfo)
{
	FILE *file = fopen(mountinfo, "re");
	bool hidden = false;
	size_t size = 0;
	char *line = NULL;

	if (!file)
		return false;
	while (!hidden && getline(&line, &size, file) > 0)
		hidden = hides(line, path);
	free(line);
	fclose(file);
	return hidden;
}
