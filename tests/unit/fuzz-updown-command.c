/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * libFuzzer: any command for popen() in pluto. What is taken apart is exactly the variables that
 * stand there and our helper; else nothing is executed.
 */
#include "updown-command.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define UPDOWN "/h /s"

/* Skips @text at *@at. */
static void
skip(const char **at, const char *text)
{
	size_t len = strlen(text);

	if (strncmp(*at, text, len) != 0)
		abort();
	*at += len;
}

static void
check(const struct updown_command *parsed, const char *command)
{
	skip(&command, "2>&1 ");
	for (char *const *variable = parsed->environment; *variable; variable++) {
		char *value = strchr(*variable, '=') + 1;
		char quote[2] = {command[value - *variable] == '\'' ? '\'' : '\0', '\0'};

		if (strncmp(command, *variable, (size_t) (value - *variable)) != 0 ||
			strncmp(*variable, "LD_", 3) == 0 || strchr(value, '\''))
			abort();
		command += value - *variable;
		skip(&command, quote);
		skip(&command, value);
		skip(&command, quote);
		skip(&command, " ");
	}
	if (strcmp(command, UPDOWN) != 0 || strcmp(parsed->arguments[0], "/h") != 0 ||
		strcmp(parsed->arguments[1], "/s") != 0 || parsed->arguments[2])
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static struct updown_command parsed;
	char *command = malloc(len + 1);

	memcpy(command, data, len);
	command[len] = '\0';
	if (!updown_command_parse(&parsed, command, UPDOWN))
		check(&parsed, command);
	free(command);
	return 0;
}
