/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a secret agent (GNOME Shell, nm-applet, nmcli) wants to know: its options, and the
 * connection that it writes to our standard input.
 */

#pragma once

#include <gio/gio.h>

typedef struct {
	char *uuid;
	char *name;           /* the connection's, for people */
	char *message;        /* (nullable): of the service, in place of a text of ours */
	char **hints;         /* (nullable): the keys of vpn.secrets that are wanted and none else */
	gboolean external_ui; /* the agent shows the questions itself */
	gboolean may_ask;
	gboolean ask_again;       /* also for what is there: it was refused */
	gboolean without_keyring; /* the agent takes answers of the person's alone: nmcli */
	GHashTable *data;         /* (element-type utf8 utf8): vpn.data */
	GHashTable *secrets;      /* (element-type utf8 utf8): those of vpn.secrets that it has */
} AuthRequest;

/**
 * auth_request_new:
 * @argc: (inout): what the options leave
 * @error: of GOption's, or %G_IO_ERROR_INVALID_ARGUMENT; the message names the option
 *
 * Understands the options that NetworkManager's agents pass (nm-secret-agent-simple.c of nmcli,
 * networkAgent.js of GNOME Shell, applet-vpn-request.c of nm-applet). Of --version and --help the
 * first is the caller's: @show_version.
 *
 * Returns: (transfer full): free with auth_request_free(); NULL with an error
 */
AuthRequest *auth_request_new(int *argc, char ***argv, gboolean *show_version, GError **error);

/**
 * auth_request_read: waits for the connection on @fd, up to its line DONE.
 *
 * @error: %G_IO_ERROR_INVALID_DATA
 */
gboolean auth_request_read(AuthRequest *self, int fd, GError **error);

void auth_request_free(AuthRequest *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AuthRequest, auth_request_free)
