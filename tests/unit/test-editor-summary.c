/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "config.h"

#include "editor-summary.h"
#include "make-connection.h"

static void
test_sentences(void)
{
	static const struct {
		EditorPage page;
		const char *text, *sentence;
	} cases[] = {
		{EDITOR_PAGE_NETWORK, "", "All traffic, address from the gateway"},
		{EDITOR_PAGE_NETWORK, "right=gw\nrightsubnet=10.20.0.0/24\nleftmodecfgclient=no",
		 "Only 10.20.0.0/24, this computer’s own address, no interface"},
		{EDITOR_PAGE_NETWORK, "right=gw\nrightsubnets=10.20.0.0/24,10.30.0.0/24",
		 "Only 10.20.0.0/24 and 1 more network, address from the gateway"},
		{EDITOR_PAGE_NETWORK, "right=gw\nrightsubnets=10.1.0.0/24,10.2.0.0/24,10.3.0.0/24",
		 "Only 10.1.0.0/24 and 2 more networks, address from the gateway"},
		{EDITOR_PAGE_NETWORK, "right=gw\ntype=transport\nleftmodecfgclient=no",
		 "The gateway itself, this computer’s own address, no interface"},
		{EDITOR_PAGE_SECURITY, "right=gw", "IKEv1, main mode"},
		{EDITOR_PAGE_SECURITY, "right=gw\nleftid=@[group]", "IKEv1, aggressive mode"},
		{EDITOR_PAGE_SECURITY, "right=gw\nikev2=yes\nike=aes256-sha2_256;modp2048\npfs=no",
		 "IKEv2, algorithms of your choice, no perfect forward secrecy"},
		{EDITOR_PAGE_CONNECTION, "right=gw",
		 "Notices a silent gateway after 25 seconds, reconnects for 5 minutes"},
		{EDITOR_PAGE_CONNECTION,
		 "right=gw\ndpddelay=0\nnm-recovery-timeout=1d\nnm-connect-mode=ondemand",
		 "Connects when needed, Does not notice a silent gateway, reconnects for 24 hours"},
		{EDITOR_PAGE_CONNECTION, "right=gw\nikev2=yes\ndpddelay=40",
		 "Notices a silent gateway after 1 minute, reconnects for 5 minutes"},
		/* What is wrong by itself does not hide the rest; what is wrong together does. */
		{EDITOR_PAGE_NETWORK, "right=a b\nmtu=x", "All traffic, address from the gateway"},
		{EDITOR_PAGE_NETWORK, "right=gw\nikev2=insist\naggressive=yes",
		 "Two of the settings do not fit together"},
	};

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(NMConnection) connection = make_connection(cases[i].text);
		g_autoptr(EditorModel) model = editor_model_new(connection);
		g_autofree char *sentence = editor_summary(model, cases[i].page);

		g_assert_cmpstr(sentence, ==, cases[i].sentence);
	}
}

static void
test_persistent(void)
{
	g_autoptr(NMConnection) connection = make_connection("right=gw");
	g_autoptr(EditorModel) model = editor_model_new(connection);
	g_autofree char *sentence = NULL;

	editor_model_set_persistent(model, TRUE);
	sentence = editor_summary(model, EDITOR_PAGE_CONNECTION);
	g_assert_cmpstr(sentence, ==, "Notices a silent gateway after 25 seconds, reconnects for ever");
}

static void
test_warnings(void)
{
	static const struct {
		const char *text, *begins;
	} cases[] = {
		{"right=gw", NULL},
		{"right=gw\nikev2=insist\nleftcert=joe", NULL},
		{"right=gw\nleftid=@[group]", "Aggressive mode lets whoever listens"},
		{"right=gw\nikev2=insist\nleftcert=joe\nrightid=%any",
		 "“Gateway’s Identity” asks for no identity"},
		{"right=gw\nikev2=insist\nauthby=null", "“Authentication” has null in it"},
	};

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(NMConnection) connection = make_connection(cases[i].text);
		g_autoptr(EditorModel) model = editor_model_new(connection);
		g_autofree char *warning = editor_summary_warning(model);

		g_test_message("%s: %s", cases[i].text, warning);
		if (!cases[i].begins)
			g_assert_null(warning);
		else
			g_assert_true(g_str_has_prefix(warning, cases[i].begins));
	}
}

static void
test_kept(void)
{
	static const struct {
		const char *text, *sentence;
	} cases[] = {
		{"right=gw\nmtu=1400", NULL},
		{"right=gw\ndpdaction=hold", "1 further setting is kept as it is; nmcli shows it."},
		{"right=gw\ndpdaction=hold\nfoo=bar\nleftxauthclient=yes",
		 "3 further settings are kept as they are; nmcli shows them."},
	};

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(NMConnection) connection = make_connection(cases[i].text);
		g_autoptr(EditorModel) model = editor_model_new(connection);
		g_autofree char *sentence = editor_summary_kept(model);

		g_assert_cmpstr(sentence, ==, cases[i].sentence);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/editor-summary/sentences", test_sentences);
	g_test_add_func("/editor-summary/persistent", test_persistent);
	g_test_add_func("/editor-summary/warnings", test_warnings);
	g_test_add_func("/editor-summary/kept", test_kept);
	return g_test_run();
}
