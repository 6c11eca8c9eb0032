/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "updown-command.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* What libreswan exports; nothing that the dynamic linker or libc would listen to. */
static const char *const prefixes[] = {"PLUTO_", "VTI_", "CONNMARK_", "SPI_"};
static const char *const names[] = {
	"XAUTH_FAILED", "NFLOG", "CAT", "INTERFACE_IP", "IPSEC_INIT_SCRIPT_DEBUG",
};

static const char upper[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789";
static const char bare[] = "0123456789abcdefxX/";

static bool
is_known(const char *name, size_t len)
{
	for (size_t i = 0; i < COUNT(prefixes); i++) {
		size_t n = strlen(prefixes[i]);

		if (len > n && memcmp(name, prefixes[i], n) == 0)
			return true;
	}
	for (size_t i = 0; i < COUNT(names); i++) {
		if (len == strlen(names[i]) && memcmp(name, names[i], len) == 0)
			return true;
	}
	return false;
}

/* @text: begins with NAME=. */
static bool
is_there(char *const *environment, size_t n, const char *text, size_t len)
{
	for (size_t i = 0; i < n; i++) {
		if (strncmp(environment[i], text, len) == 0 && environment[i][len] == '=')
			return true;
	}
	return false;
}

/* Copies @len bytes and a NUL; the caller knows that there is room. */
static char *
put(char **at, const char *from, size_t len)
{
	char *begin = *at;

	memcpy(begin, from, len);
	begin[len] = '\0';
	*at = begin + len + 1;
	return begin;
}

/* Reads `NAME='VALUE' ` or `NAME=VALUE ` at *@command into *@at as NAME=VALUE. */
static const char *
take_variable(char **at, const char **command, char *const *environment, size_t n)
{
	const char *name = *command, *value, *end;
	size_t len = strspn(name, upper);

	if (name[len] != '=')
		return "a word is no variable";
	if (!is_known(name, len))
		return "a variable is none of libreswan's";
	if (is_there(environment, n, name, len))
		return "a variable is there twice";
	value = name + len + 1;
	if (*value == '\'') {
		value++;
		end = strchr(value, '\'');
		if (!end)
			return "a value has no end";
		*command = end + 1;
	} else {
		end = value + strspn(value, bare);
		if (end == value)
			return "a value is neither quoted nor a number";
		*command = end;
	}
	if (**command != ' ')
		return "a value is not followed by a blank";
	++*command;
	memcpy(*at, name, len + 1);
	*at += len + 1;
	put(at, value, (size_t) (end - value));
	return NULL;
}

/* The updown command itself, cut in two. */
static const char *
take_arguments(char **at, char **arguments, const char *updown)
{
	const char *blank = strchr(updown, ' ');

	if (*updown != '/' || !blank || !blank[1] || strchr(blank + 1, ' '))
		return "there is no updown command that may be executed";
	arguments[0] = put(at, updown, (size_t) (blank - updown));
	arguments[1] = put(at, blank + 1, strlen(blank + 1));
	arguments[2] = NULL;
	return NULL;
}

const char *
updown_command_parse(struct updown_command *result, const char *command, const char *updown)
{
	static const char begin[] = "2>&1 ";
	char *at = result->text;
	const char *wrong;
	size_t n = 0;

	/* Each word becomes shorter or stays: there is room for all. */
	if (strlen(command) + strlen(updown) + 2 > sizeof(result->text))
		return "it is too long";
	if (strncmp(command, begin, strlen(begin)) != 0)
		return "it does not begin as libreswan's updown command does";
	command += strlen(begin);
	wrong = take_arguments(&at, result->arguments, updown);
	while (!wrong && strcmp(command, updown) != 0) {
		if (n == UPDOWN_COMMAND_VARIABLES)
			return "it has too many variables";
		result->environment[n] = at;
		wrong = take_variable(&at, &command, result->environment, n);
		n++;
	}
	result->environment[wrong ? 0 : n] = NULL;
	return wrong;
}
