/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What an import had to say about a file whose connection is shown in an editor next: the program
 * that imports asks the plugin for a connection first, and for an editor of it later, and shows
 * nothing of its own in between. Until then the plugin object keeps it; the profile never has it.
 */

#pragma once

#include <NetworkManager.h>

/**
 * import_notices_keep:
 * @plugin: whoever makes the editor
 * @connection: what was imported; its UUID tells which it is, also of a copy
 * @notices: (element-type utf8): a sentence for each thing, in the order of the file; of very many
 *   the first
 */
void import_notices_keep(GObject *plugin, NMConnection *connection, const GPtrArray *notices);

/**
 * import_notices_get:
 * @plugin: the same
 * @connection: what is to be edited
 *
 * Returns: (transfer none) (array zero-terminated=1): one for each line of a banner, or %NULL for
 *   nothing; good for as long as nothing else is imported
 */
const char *const *import_notices_get(GObject *plugin, NMConnection *connection);
