/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "request.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

static bool
read_all(Request *self, int fd)
{
	for (;;) {
		ssize_t n = read(fd, self->bytes + self->len, sizeof(self->bytes) - self->len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n == 0;
		self->len += (size_t) n;
		if (self->len == sizeof(self->bytes))
			return false;
	}
}

/* A relative path would be one of nobody knows which directory. */
static bool
is_path_or_empty(const char *text)
{
	return text[0] == '\0' || text[0] == '/';
}

static bool
is_uri(const char *text)
{
	return strncmp(text, IMPORT_TOKEN_BEGINS, strlen(IMPORT_TOKEN_BEGINS)) == 0;
}

bool
request_is_token(const Request *self)
{
	return is_uri(self->fields[IMPORT_FIELD_CERT]);
}

bool
request_is_key(const Request *self)
{
	return self->fields[IMPORT_FIELD_CERT][0] == '\0';
}

/* With a token the key is on it as well, and there may be nothing to make. */
static bool
fields_are_right(const Request *self)
{
	const char *key = self->fields[IMPORT_FIELD_KEY];

	if (!is_path_or_empty(self->fields[IMPORT_FIELD_CA]) ||
		!is_path_or_empty(self->fields[IMPORT_FIELD_DATABASE]))
		return false;
	if (request_is_token(self))
		return (key[0] == '\0' || is_uri(key)) && (self->fields[IMPORT_FIELD_DATABASE][0] == '\0' ||
												   self->fields[IMPORT_FIELD_CA][0] == '/');
	if (self->fields[IMPORT_FIELD_DATABASE][0] != '/')
		return false;
	if (request_is_key(self))
		return key[0] == '/' && self->fields[IMPORT_FIELD_CA][0] == '\0';
	return self->fields[IMPORT_FIELD_CERT][0] == '/' && is_path_or_empty(key);
}

bool
request_read(Request *self, int fd)
{
	const char *at = self->bytes;

	self->len = 0;
	if (!read_all(self, fd))
		return false;
	for (unsigned i = 0; i < IMPORT_N_FIELDS; i++) {
		const char *nul = memchr(at, '\0', self->len - (size_t) (at - self->bytes));

		if (!nul)
			return false;
		self->fields[i] = at;
		at = nul + 1;
	}
	return at == self->bytes + self->len && fields_are_right(self);
}

void
request_wipe(Request *self)
{
	explicit_bzero(self, sizeof(*self));
}
