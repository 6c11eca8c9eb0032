/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the import program might say if it were not ours any more: nothing is believed that is not
 * of its form, and what is believed can be written into ipsec.conf. */
#include "config.h"

#include "cert-report.h"
#include "ipsec-conf.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

static void
look(CertReportKind kind, const char *text, gsize size)
{
	static const char *const fields[IMPORT_N_FIELDS] = {"joe", "/ca", "/cert", "/key",
														"/db", "",    "",      ""};
	g_autoptr(GError) error = NULL;
	g_autoptr(CertReport) report = cert_report_parse(kind, text, size, &error);
	g_autoptr(GString) conf = g_string_new(NULL);

	g_assert((report == NULL) == (error != NULL));
	if (!report)
		return;
	if (report->has_fault) {
		g_autofree char *sentence = cert_report_explain(report, fields);

		g_assert(option_text_is_safe(sentence) || strchr(sentence, '"'));
		g_assert(!strchr(sentence, '\n'));
	}
	if (report->root_name)
		g_assert(ipsec_conf_append(conf, "rightca", report->root_name, NULL));
	if (report->ckaid)
		g_assert(ipsec_conf_append(conf, "leftckaid", report->ckaid, NULL));
}

int
LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
	for (guint kind = 0; kind < CERT_REPORT_N_KINDS; kind++)
		look((CertReportKind) kind, (const char *) data, size);
	return 0;
}
