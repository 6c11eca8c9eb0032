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
	{" {\"type\": 1}", FILE_FORMAT_SSWAN, NULL},
	{"<?xml version=\"1.0\"?>\n<plist>", FILE_FORMAT_MOBILECONFIG, NULL},
	{"<?xml?>\n<forticlient_configuration>", FILE_FORMAT_OTHER, "<localid>"},
	{"/*\n * C:\\x\n */\n\nvpncfg {\n", FILE_FORMAT_OTHER, "FRITZ!Box"},
	{"vpncfg {\n", FILE_FORMAT_OTHER, "FRITZ!Box"},
	{"/* never closed", FILE_FORMAT_IPSEC_CONF, NULL},
	{"<html>", FILE_FORMAT_OTHER, "is XML"},
	{"bplist00", FILE_FORMAT_OTHER, "binary plist"},
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

static const struct {
	const char *bytes;
	gsize len;
	FileFormat format;
	const char *explanation;
} binaries[] = {
	{"\x30\x82\x03\xf9\x02\x01\x03\x30\x82\x03", 10, FILE_FORMAT_PKCS12, NULL},
	{"\x30\x80\x02\x01\x03\x30\x80\x06\x09", 9, FILE_FORMAT_PKCS12, NULL},
	{"\x30\x82\x03\xf9\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02\xa0", 16, FILE_FORMAT_OTHER,
	 "is signed"},
	{"\x30\x80\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x03\xa0", 14, FILE_FORMAT_OTHER,
	 "is encrypted"},
	{"\x30\x82\x03\xf9\x30\x82\x03\x01\x01\x02", 10, FILE_FORMAT_OTHER, "a certificate"},
	{"\x30\x82\x03\xf9\x02\x01\x00\x30\x82\x03", 10, FILE_FORMAT_OTHER, "a certificate"},
	{"\x30", 1, FILE_FORMAT_IPSEC_CONF, NULL},
	{"\x30\x84\x03\xf9\x02\x01\x03\x30", 8, FILE_FORMAT_IPSEC_CONF, NULL},
	{"\x30\x84\x03\xf9\x02\x01\x05\x01\x03", 9, FILE_FORMAT_IPSEC_CONF, NULL},
};

/* With the zero that follows, and nothing behind that ASan would not see being read. */
static char *
copy(const char *bytes, gsize len)
{
	char *made = g_malloc(len + 1);

	memcpy(made, bytes, len + 1);
	return made;
}

static void
test_binaries(void)
{
	for (guint i = 0; i < G_N_ELEMENTS(binaries); i++) {
		const char *why = file_format_explain(binaries[i].bytes, binaries[i].len);
		g_autofree char *bytes = copy(binaries[i].bytes, binaries[i].len);

		g_assert_cmpint(file_format_find(bytes, binaries[i].len), ==, binaries[i].format);
		g_assert_true((why != NULL) == (binaries[i].format == FILE_FORMAT_OTHER));
		g_assert_true(!why || strstr(why, binaries[i].explanation));
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/file-format/samples", test_samples);
	g_test_add_func("/file-format/binaries", test_binaries);
	return g_test_run();
}
