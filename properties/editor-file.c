/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "config.h"

#include "editor-file.h"

#include <glib/gi18n-lib.h>

static const char *const with_certificates[] = {"p12", "pfx", "pem", "crt", "cer", "der", NULL};
static const char *const with_keys[] = {"pem", "key", "der", "p12", "pfx", NULL};
static const char *const with_authorities[] = {"pem", "crt", "cer", "der", NULL};

static const EditorFile files[] = {
	/* Translators: the title of a file chooser, and what the button is called that opens it. */
	{"cert", N_("Choose Certificate File"), N_("Certificates (PKCS#12, PEM, DER)"),
	 with_certificates},
	{"key", N_("Choose Private Key File"), N_("Private keys (PEM, DER, PKCS#12)"), with_keys},
	{"ca", N_("Choose CA Certificate File"), N_("CA certificates (PEM, DER)"), with_authorities},
};

const char *
editor_file_any(void)
{
	return _("All files");
}

const EditorFile *
editor_file_find(const EditorField *field)
{
	for (guint i = 0; i < G_N_ELEMENTS(files); i++) {
		if (g_str_equal(files[i].key, field->key))
			return &files[i];
	}
	return NULL;
}

char *
editor_file_pattern(const char *suffix)
{
	g_autoptr(GString) pattern = g_string_new("*.");

	for (; *suffix; suffix++) {
		if (g_ascii_isalpha(*suffix))
			g_string_append_printf(pattern, "[%c%c]", *suffix, g_ascii_toupper(*suffix));
		else
			g_string_append_c(pattern, *suffix);
	}
	return g_string_free(g_steal_pointer(&pattern), FALSE);
}

char *
editor_file_name(GFile *file)
{
	return g_file_get_path(file) ?: g_file_get_uri(file);
}
