/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "config.h"

#include <string.h>

#include "file-format.h"

static const struct {
	const char *text;
	FileFormat format;
	const char *explanation; /* a part of it */
} samples[] = {
	{"", FILE_FORMAT_IPSEC_CONF, NULL},
	{"conn office\n right=x\n", FILE_FORMAT_IPSEC_CONF, NULL},
	{"# [main]\nconn office\n", FILE_FORMAT_IPSEC_CONF, NULL},
	{"conn office\n[main]\n", FILE_FORMAT_IPSEC_CONF, NULL},
	{"[main]\nHost=x\n", FILE_FORMAT_PCF, NULL},
	{"\xef\xbb\xbf\r\n[Main]\r\n", FILE_FORMAT_PCF, NULL},
	{"; made by hand\n;\n[main]\n", FILE_FORMAT_PCF, NULL},
	{"-----BEGIN PKCS7-----\n", FILE_FORMAT_OTHER, "signed or encrypted"},
	{"-----BEGIN CERTIFICATE-----\n", FILE_FORMAT_OTHER, "a certificate or a key"},
	{"[Interface]\nAddress=x\n", FILE_FORMAT_OTHER, "WireGuard"},
	{"client\nremote x\n", FILE_FORMAT_OTHER, "OpenVPN"},
};

static void
test_samples(void)
{
	for (guint i = 0; i < G_N_ELEMENTS(samples); i++) {
		const char *text = samples[i].text, *why;

		g_test_message("%s", text);
		g_assert_cmpint(file_format_find(text, strlen(text)), ==, samples[i].format);
		why = file_format_explain(text, strlen(text));
		g_assert_true((why != NULL) == (samples[i].format == FILE_FORMAT_OTHER));
		g_assert_true(!why || strstr(why, samples[i].explanation));
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/file-format/samples", test_samples);
	return g_test_run();
}
