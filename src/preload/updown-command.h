/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

/*
 * The command line that libreswan before 5.4 makes for a shell when it runs leftupdown=
 * (fmt_common_shell_out() and do_command() of programs/pluto/kernel.c in 4.10, of updown.c in 5.2):
 *
 *	2>&1 NAME='VALUE' NAME=VALUE ... LEFTUPDOWN
 *
 * with one blank between two words. In a quoted value everything stands for itself but the quote,
 * which ends it; libreswan writes identities with \ooo for what means something to a shell, which
 * single quotes leave as it is. A bare value is a number, or numbers with a slash (a mark).
 *
 * No dependency but libc, no allocation.
 */

/* libreswan's own limit is 2048 bytes of variables and the updown command. */
#define UPDOWN_COMMAND_MAX 8192
/* 4.10 and 5.2 know some fifty. */
#define UPDOWN_COMMAND_VARIABLES 128

struct updown_command {
	char text[UPDOWN_COMMAND_MAX];                   /* where the others point to */
	char *environment[UPDOWN_COMMAND_VARIABLES + 1]; /* NAME=VALUE, NULL at the end */
	char *arguments[3];                              /* the helper, its socket, NULL */
};

/*
 * updown_command_parse: takes the command apart, if it is exactly of that form.
 *
 * @updown: what it has to end with: an absolute path, a blank, and one argument without blanks
 *
 * Returns: NULL where it is; else a sentence that says what is wrong, and @result is of no use.
 */
const char *
updown_command_parse(struct updown_command *result, const char *command, const char *updown);
