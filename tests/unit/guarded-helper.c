/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the updown helper is given, for the tests of the library that is preloaded into pluto. */
#include <fcntl.h>
#include <stdio.h>

extern char **environ;

int
main(int argc, char **argv)
{
	printf("argument %s\n", argc == 2 ? argv[1] : "?");
	for (char **variable = environ; *variable; variable++)
		printf("%s\n", *variable);
	printf("descriptors");
	for (int fd = 0; fd < 256; fd++) {
		if (fcntl(fd, F_GETFD) >= 0)
			printf(" %d", fd);
	}
	printf("\n");
	return 7;
}
