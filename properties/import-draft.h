/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A connection on its way out of a file of another program's: its keys, secrets and certificates as
 * they are found, and what is to be said about the rest. Everything is checked where it comes in;
 * nothing is written to the disk before the whole is known to be good.
 */

#pragma once

#include <NetworkManager.h>

typedef struct _ImportDraft ImportDraft;

/* Who imports. */
typedef enum {
	/* nmcli: what cannot be taken is an error. A secret goes where NetworkManager keeps it, as
	 * there may be nobody else to ask for it. */
	IMPORT_HOST_TERMINAL,
	/* A program with an editor: what can be taken is, and the editor says what cannot, as the error
	 * of an import is not always shown. A secret goes into the user's keyring. */
	IMPORT_HOST_DESKTOP,
} ImportHost;

/* How long a list of what is wrong gets. */
#define IMPORT_DRAFT_LINES_MAX 20

/**
 * import_draft_new:
 * @name: the connection's name where the file has none: any bytes
 *
 * Returns: (transfer full): free with import_draft_free(), which wipes the secrets
 */
ImportDraft *import_draft_new(const char *name);
void import_draft_free(ImportDraft *draft);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ImportDraft, import_draft_free)

/* The name that the file gives; one that is empty or cannot be shown does not count. */
void import_draft_set_name(ImportDraft *draft, const char *name);

/**
 * import_draft_set:
 * @draft: the draft
 * @label: what the file calls it, a word of ours
 * @key: of vpn.data
 * @value: (nullable): any bytes; nothing, or none, sets nothing
 *
 * A value that the key cannot have is refused as by import_draft_refuse().
 */
void import_draft_set(ImportDraft *draft, const char *label, const char *key, const char *value);

/* (nullable) (transfer none): what is set. */
const char *import_draft_get(const ImportDraft *draft, const char *key);

/* Who somebody is, as other programs write it: leftid or rightid. What means something to libreswan
 * alone is refused. */
void import_draft_set_id(ImportDraft *draft, const char *label, const char *key, const char *id);

/* The name of a group, which gateways know as a key ID: leftid. */
void import_draft_set_group(ImportDraft *draft, const char *label, const char *name);

/* The same for a key of vpn.secrets. The value never is in a message. */
void
import_draft_set_secret(ImportDraft *draft, const char *label, const char *key, const char *value);

/* A secret that is not in the file: kept once it was given, or asked for each time. */
void import_draft_want_secret(ImportDraft *draft, const char *key, gboolean each_time);

/**
 * import_draft_set_file:
 * @draft: the draft
 * @key: of an %OPTION_FILE
 * @suffix: of the file's name, such as "p12"
 * @bytes: what will be in it
 *
 * import_draft_finish() puts it into the user's folder for certificates (cert-folder.h).
 */
void import_draft_set_file(ImportDraft *draft, const char *key, const char *suffix, GBytes *bytes);

/* Asks this DNS server, and not those of the gateway. */
void import_draft_add_dns(ImportDraft *draft, const char *label, const char *address);

/* Only these networks go through the tunnel. */
void import_draft_add_route(ImportDraft *draft, const char *label, const char *subnet);

/* What is taken otherwise than it is meant, or left out, and the connection does without.
 * @label: a word of ours, or what option_quote() has made of the file's. */
void import_draft_note(ImportDraft *draft, const char *label, const char *why);

/* What the connection does not do without. */
void import_draft_refuse(ImportDraft *draft, const char *label, const char *why);

/* One that only the user knows: who edits the connection is told. */
void import_draft_lack_gateway(ImportDraft *draft);

/**
 * import_draft_finish:
 * @draft: the draft, which is used up
 * @host: who imports
 * @notes: (nullable) (element-type utf8): gets what is to be said although there is a connection;
 *   its free function is g_free()
 * @error: %PROFILE_ERROR, with a line for each thing that is wrong; %G_FILE_ERROR where a
 *   certificate cannot be written
 *
 * Returns: (transfer full): the connection
 */
NMConnection *
import_draft_finish(ImportDraft *draft, ImportHost host, GPtrArray *notes, GError **error);
