/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A program that does what pluto does with popen(), for the tests of the library that is preloaded
 * into pluto: it runs each argument by popen(), or by system() behind "!", and prints what comes of
 * it. No test itself.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

static void
run(const char *command)
{
	char line[4096];
	FILE *stream;
	int status;

	if (*command == '!') {
		printf("system: %d %s\n", system(command + 1), strerror(errno));
		return;
	}
	stream = popen(command, "r");
	if (!stream) {
		printf("popen: %s\n", strerror(errno));
		return;
	}
	while (fgets(line, sizeof(line), stream))
		printf("| %s", line);
	status = pclose(stream);
	printf("pclose: %s %d\n", WIFEXITED(status) ? "exit" : "signal",
		   WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status));
}

int
main(int argc, char **argv)
{
	printf("begin, LD_PRELOAD %s\n", getenv("LD_PRELOAD") ? "is there" : "is gone");
	for (int i = 1; i < argc; i++)
		run(argv[i]);
	return 0;
}
