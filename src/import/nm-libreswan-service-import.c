/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Makes the NSS database of one connection from the files that its profile names, says what is in
 * it, and ends. The service starts it for each activation: ASN.1 of strangers is not read in a
 * process that lives long and has root's rights, and what NSS keeps of secrets in memory goes with
 * this one.
 *
 * Files are read by processes of the user whose profile it is (user-file.h); then every capability
 * is given up, and only then looked at what is in them, and at the token.
 */
#include "config.h"

#include <linux/capability.h>
#include <nspr.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "bundle.h"
#include "credential.h"
#include "key-kind.h"
#include "nss-database.h"
#include "request.h"
#include "token.h"
#include "user-file.h"

#define PROGRAM "nm-libreswan-service-import"

/* The profile's files, in the order in which they are read. */
enum { FILE_CA, FILE_CERT, FILE_KEY, N_FILES };

static const struct {
	ImportField field;
	unsigned wants;
} files[N_FILES] = {
	[FILE_CA] = {IMPORT_FIELD_CA, BUNDLE_CERTIFICATES},
	[FILE_CERT] = {IMPORT_FIELD_CERT, BUNDLE_CERTIFICATES | BUNDLE_KEY},
	[FILE_KEY] = {IMPORT_FIELD_KEY, BUNDLE_KEY},
};

typedef struct {
	Request request;
	UserFile bytes[N_FILES];
	Bundle bundles[N_FILES];
	Credential credential;
	Fault fault;
} Import;

static bool
begin_private(void)
{
	const struct rlimit none = {0, 0};

	umask(077);
	return setrlimit(RLIMIT_CORE, &none) == 0 && prctl(PR_SET_DUMPABLE, 0) == 0;
}

static bool
give_up_capabilities(void)
{
	struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
	const struct __user_cap_data_struct none[2] = {{0}};

	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && syscall(SYS_capset, &header, none) == 0;
}

static const char *
path_of(const Import *self, unsigned file)
{
	return self->request.fields[files[file].field];
}

/* As a file: what is on a token is none. */
static bool
is_named(const Import *self, unsigned file)
{
	return path_of(self, file)[0] == '/';
}

static bool
read_files(Import *self)
{
	for (unsigned i = 0; i < N_FILES; i++) {
		if (is_named(self, i) &&
			!user_file_read(&self->bytes[i], self->request.fields[IMPORT_FIELD_USER],
							path_of(self, i), IMPORT_READ_MS, files[i].field, &self->fault))
			return false;
	}
	return true;
}

/* Where the key is in a file of its own nothing is said of another that the certificate's has. */
static bool
read_bundles(Import *self)
{
	for (unsigned i = 0; i < N_FILES; i++) {
		unsigned wants = files[i].wants;

		if (i == FILE_CERT && is_named(self, FILE_KEY))
			wants &= ~(unsigned) BUNDLE_KEY;
		if (is_named(self, i) &&
			!bundle_read(&self->bundles[i], self->bytes[i].bytes, self->bytes[i].len,
						 self->request.fields[IMPORT_FIELD_PASSPHRASE], wants, files[i].field,
						 &self->fault))
			return false;
	}
	return true;
}

/* Into the place of the file. */
static bool
read_token(Import *self)
{
	const char *const *fields = self->request.fields;
	const TokenParams params = {.cert = fields[IMPORT_FIELD_CERT],
								.key = fields[IMPORT_FIELD_KEY],
								.pin = fields[IMPORT_FIELD_PIN],
								.final_try = fields[IMPORT_FIELD_FINAL_TRY][0] != '\0'};

	return !request_is_token(&self->request) ||
		   token_read(&params, &self->bundles[FILE_CERT], &self->fault);
}

/* A key that the gateway knows, without a certificate. */
static bool
import_key(Import *self)
{
	const gnutls_x509_privkey_t key = self->bundles[FILE_KEY].key;
	char ckaid[NSS_DATABASE_CKAID_SIZE];
	ImportKey kind;

	if (!key)
		return fault_set(&self->fault, IMPORT_FIELD_KEY, IMPORT_FAULT_NO_KEY, 0);
	if (!key_kind_of_private(key, &kind, IMPORT_FIELD_KEY, &self->fault))
		return false;
	if (kind != IMPORT_KEY_RSA)
		return fault_set(&self->fault, IMPORT_FIELD_KEY, IMPORT_FAULT_NO_RSA_KEY, 0);
	return nss_database_make_for_key(self->request.fields[IMPORT_FIELD_DATABASE], key, ckaid,
									 &self->fault) &&
		   printf("key %s\nend\n", ckaid) >= 0;
}

static const Bundle *
bundle_or_null(const Import *self, unsigned file)
{
	return is_named(self, file) ? &self->bundles[file] : NULL;
}

static bool
import(Import *self)
{
	const char *database;
	CredentialFiles found;

	if (!begin_private() || !request_read(&self->request, STDIN_FILENO))
		return fault_set(&self->fault, IMPORT_FIELD_DATABASE, IMPORT_FAULT_BAD_REQUEST, 0);
	if (!read_files(self))
		return false;
	if (!give_up_capabilities())
		return fault_set(&self->fault, IMPORT_FIELD_DATABASE, IMPORT_FAULT_BAD_REQUEST, 0);
	if (!read_bundles(self) || !read_token(self))
		return false;
	if (request_is_key(&self->request))
		return import_key(self);
	database = self->request.fields[IMPORT_FIELD_DATABASE];
	if (database[0] == '\0')
		return puts("end") >= 0;
	found = (CredentialFiles){.ca = bundle_or_null(self, FILE_CA),
							  .cert = &self->bundles[FILE_CERT],
							  .key = bundle_or_null(self, FILE_KEY),
							  .on_token = request_is_token(&self->request)};
	return credential_find(&self->credential, &found, time(NULL), &self->fault) &&
		   nss_database_make(database, &self->credential, &self->fault) &&
		   credential_print(&self->credential, &self->fault);
}

int
main(int argc, char **argv)
{
	static const char usage[] =
		"Usage: " PROGRAM " < REQUEST\n"
		"Imports the certificates of a connection for nm-libreswan-service, which starts it.\n";
	static Import self;
	bool ok;

	if (argc == 2 && strcmp(argv[1], "--help") == 0)
		return fputs(usage, stdout) < 0;
	if (argc == 2 && strcmp(argv[1], "--version") == 0)
		return puts(PROGRAM " " PACKAGE_VERSION) < 0;
	if (argc != 1) {
		fputs(usage, stderr);
		return 2;
	}
	ok = import(&self);
	if (!ok)
		fault_print(&self.fault);
	for (unsigned i = 0; i < N_FILES; i++) {
		bundle_clear(&self.bundles[i]);
		user_file_free(&self.bytes[i]);
	}
	request_wipe(&self.request);
	PR_Cleanup();
	return fflush(stdout) != 0 || !ok;
}
