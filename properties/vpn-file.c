/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "config.h"

#include "vpn-file.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "file-format.h"
#include "ipsec-conf-reader.h"
#include "ipsec-import.h"
#include "mobileconfig-import.h"
#include "pcf-import.h"
#include "pkcs12-import.h"
#include "regular-file.h"
#include "sswan-import.h"
#include "value-tree.h"

/* A connection is named after its file, without these. */
static const char *const suffixes[] = {".conf", ".pcf", ".p12", ".pfx", ".sswan", ".mobileconfig"};

/* (transfer full): as UTF-8; of before that, what Windows had. NULL where it is no text. */
static char *
as_utf8(const char *bytes, gsize len, GError **error)
{
	char *text = NULL;

	if (g_str_has_prefix(bytes, "\xef\xbb\xbf")) {
		bytes += 3;
		len -= 3;
	}
	if (!memchr(bytes, '\0', len))
		text = g_utf8_validate(bytes, (gssize) len, NULL)
				   ? g_strndup(bytes, len)
				   : g_convert(bytes, (gssize) len, "UTF-8", "WINDOWS-1252", NULL, NULL, NULL);
	if (!text)
		g_set_error_literal(error, PROFILE_ERROR, PROFILE_ERROR_INVALID,
							_("the file is no text, which a file of its kind is"));
	return text;
}

static gboolean
import_text(gboolean (*import)(const char *text, ImportDraft *draft, GError **error),
			const char *bytes, gsize len, ImportDraft *draft, GError **error)
{
	char *text = as_utf8(bytes, len, error);
	gboolean ok = text && import(text, draft, error);

	if (text)
		explicit_bzero(text, strlen(text));
	g_free(text);
	return ok;
}

static gboolean
import_pkcs12(const char *bytes, gsize len, ImportDraft *draft, GError **error)
{
	guint8 *copy = g_malloc(len);
	g_autoptr(GBytes) file = value_take_bytes(copy, len);

	memcpy(copy, bytes, len);
	return pkcs12_import(file, draft, error);
}

static gboolean
refuse_other(const char *bytes, gsize len, GError **error)
{
	g_set_error_literal(error, PROFILE_ERROR, PROFILE_ERROR_UNSUPPORTED,
						file_format_explain(bytes, len));
	return FALSE;
}

NMConnection *
vpn_file_import_bytes(const char *bytes, gsize len, const char *name, ImportHost host,
					  GPtrArray *notes, GError **error)
{
	g_autoptr(ImportDraft) draft = import_draft_new(name);
	gboolean ok = FALSE;

	switch (file_format_find(bytes, len)) {
	case FILE_FORMAT_IPSEC_CONF:
		return (host == IMPORT_HOST_DESKTOP && notes ? ipsec_import_what_can_be : ipsec_import)(
			bytes, (gssize) len, name, notes, error);
	case FILE_FORMAT_PCF:
		ok = import_text(pcf_import, bytes, len, draft, error);
		break;
	case FILE_FORMAT_MOBILECONFIG:
		ok = import_text(mobileconfig_import, bytes, len, draft, error);
		break;
	case FILE_FORMAT_SSWAN:
		ok = import_text(sswan_import, bytes, len, draft, error);
		break;
	case FILE_FORMAT_PKCS12:
		ok = import_pkcs12(bytes, len, draft, error);
		break;
	case FILE_FORMAT_OTHER:
		ok = refuse_other(bytes, len, error);
		break;
	}
	return ok ? import_draft_finish(draft, host, notes, error) : NULL;
}

NMConnection *
vpn_file_import(const char *path, ImportHost host, GPtrArray *notes, GError **error)
{
	g_autofree char *name = g_path_get_basename(path);
	gsize len;
	char *bytes = regular_file_read(path, IPSEC_CONF_MAX, &len, error);
	NMConnection *connection;

	if (!bytes)
		return NULL;
	for (guint i = 0; i < G_N_ELEMENTS(suffixes); i++) {
		gsize keep = strlen(name) - MIN(strlen(name), strlen(suffixes[i]));

		if (keep && g_ascii_strcasecmp(name + keep, suffixes[i]) == 0)
			name[keep] = '\0';
	}
	connection = vpn_file_import_bytes(bytes, len, name, host, notes, error);
	/* There may be secrets in it. */
	explicit_bzero(bytes, len);
	g_free(bytes);
	return connection;
}
