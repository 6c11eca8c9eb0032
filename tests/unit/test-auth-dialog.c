/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The program itself, called as GNOME Shell, nm-applet and nmcli call it, each with its own way of
 * writing a connection.
 */
#include "config.h"

#include "auth-caller.h"

/* Each pair in three lines, the last one empty. */
#define SHELL(kind, key, value) kind "_KEY=" key "\n" kind "_VAL=" value "\n\n"
/* In two. */
#define APPLET(kind, key, value) kind "_KEY=" key "\n" kind "_VAL=" value "\n"

#define HEAD(description)                                                                          \
	"[VPN Plugin UI]\nVersion=2\nTitle=Sign In to VPN\nDescription=" description "\n"
#define GROUP(key, value, label, asks)                                                             \
	"\n[" key "]\nValue=" value "\nLabel=" label "\nIsSecret=true\nShouldAsk=" asks "\n"
#define PASSWORD(value, asks) GROUP("xauthpassword", value, "Password of alice", asks)
#define PSK(value, asks)      GROUP("pskvalue", value, "Pre-shared key (group password)", asks)

/* IKEv1 with a stored key and a password that an agent has, or nobody. */
#define PROFILE(PAIR, flags)                                                                       \
	PAIR("DATA", "right", "vpn.example.com")                                                       \
	PAIR("DATA", "leftusername", "alice")                                                          \
	PAIR("DATA", "xauthpassword-flags", flags) PAIR("SECRET", "pskvalue", "group key")

typedef struct {
	const char *name, *caller, *options, *input, *output;
} Case;

static const Case cases[] = {
	{"shell/agent-owned-not-there", "gnome-shell", "--external-ui-mode -i",
	 PROFILE(SHELL, "1") "DONE\n\n",
	 HEAD("“office” asks for your password.") PASSWORD("", "true") PSK("group key", "false")},
	{"shell/agent-owned-there", "gnome-shell", "--external-ui-mode -i",
	 PROFILE(SHELL, "1") SHELL("SECRET", "xauthpassword", "s3cret") "DONE\n\n",
	 HEAD("All that is needed to sign in to “office” is there.") PASSWORD("s3cret", "false")
		 PSK("group key", "false")},
	{"shell/no-interaction", "gnome-shell", "--external-ui-mode", PROFILE(SHELL, "1") "DONE\n\n",
	 HEAD("All that is needed to sign in to “office” is there.") PSK("group key", "false")},
	{"shell/reprompt", "gnome-shell", "-r --external-ui-mode -i",
	 PROFILE(SHELL, "1") SHELL("SECRET", "xauthpassword", "s3cret") "DONE\n\n",
	 HEAD("“office” asks for what you sign in with.") PASSWORD("s3cret", "true")
		 PSK("group key", "true")},
	{"shell/not-saved", "gnome-shell", "--external-ui-mode -i",
	 PROFILE(SHELL, "2") SHELL("SECRET", "xauthpassword", "an old code") "DONE\n\n",
	 HEAD("“office” asks for your password.") PASSWORD("", "true") PSK("group key", "false")},
	{"shell/second-question", "gnome-shell",
	 "--external-ui-mode -i -t xauthpassword -t x-vpn-message:Next-code",
	 PROFILE(SHELL, "1") SHELL("SECRET", "xauthpassword", "s3cret") "DONE\n\n",
	 HEAD("Next-code") PASSWORD("", "true") PSK("group key", "false")},
	{"shell/unknown-hint", "gnome-shell", "--external-ui-mode -i -t otherpassword",
	 PROFILE(SHELL, "2") "DONE\n\n",
	 HEAD("“office” asks for your password.") PASSWORD("", "true") PSK("group key", "false")},
	{"applet/agent-owned-there", "nm-applet", "-i --external-ui-mode",
	 PROFILE(APPLET, "1") APPLET("SECRET", "xauthpassword", "s3cret") "DONE\n\nQUIT\n\n",
	 HEAD("All that is needed to sign in to “office” is there.") PASSWORD("s3cret", "false")
		 PSK("group key", "false")},
	{"nmcli/not-there", "nmcli", "--external-ui-mode -i", PROFILE(APPLET, "1") "DONE\nQUIT\n",
	 HEAD("“office” asks for your password.") PASSWORD("", "true") PSK("group key", "false")},
	/* It takes no answer of ours: the person has to give it once more. */
	{"nmcli/there", "nmcli", "--external-ui-mode -i",
	 PROFILE(APPLET, "1") APPLET("SECRET", "xauthpassword", "s3cret") "DONE\nQUIT\n",
	 HEAD("“office” asks for your password.") PASSWORD("s3cret", "true") PSK("group key", "false")},
	{"nmcli/several-lines", "nmcli", "--external-ui-mode -i",
	 PROFILE(APPLET, "1") "SECRET_KEY=xauthpassword\nSECRET_VAL=one\n=two\nDONE\nQUIT\n",
	 HEAD("“office” asks for your password.") PASSWORD("one\\ntwo", "true")
		 PSK("group key", "false")},
	{"ikev2", "gnome-shell", "--external-ui-mode -i",
	 SHELL("DATA", "right", "vpn.example.com") SHELL("DATA", "ikev2", "insist")
		 SHELL("DATA", "leftusername", "alice") SHELL("DATA", "pskvalue-flags", "1") "DONE\n\n",
	 HEAD("“office” asks for its pre-shared key, also called group password.") PSK("", "true")},
	{"not-required", "gnome-shell", "--external-ui-mode -i", PROFILE(SHELL, "4") "DONE\n\n",
	 HEAD("All that is needed to sign in to “office” is there.") PSK("group key", "false")},
	/* In the words of agents without external UI mode. */
	{"old/there", "an-agent", "-i",
	 PROFILE(SHELL, "1") SHELL("SECRET", "xauthpassword", "s3cret") "DONE\n\nQUIT\n\n",
	 "xauthpassword\ns3cret\npskvalue\ngroup key\n\n\n"},
};

static void
test_case(gconstpointer data)
{
	const Case *one = data;
	g_autofree char *output = NULL, *said = NULL;
	int status;

	output = auth_dialog_say(one->caller, one->options, one->input, NULL, &status, &said);
	g_assert_cmpstr(said, ==, "");
	g_assert_cmpstr(output, ==, one->output);
	g_assert_cmpint(status, ==, 0);
}

static void
assert_refused(const char *options, const char *input, const char *wanted)
{
	g_autofree char *output = NULL, *said = NULL;
	int status;

	output = auth_dialog_say("gnome-shell", options, input, NULL, &status, &said);
	g_assert_cmpstr(output, ==, "");
	g_assert_cmpint(status, ==, 1);
	if (!strstr(said, wanted))
		g_error("'%s' instead of '%s'", said, wanted);
}

static void
test_refused(void)
{
	assert_refused("-i --external-ui-mode", "DONE\n\n", "standard input has no key");
	assert_refused("-i --external-ui-mode", "", "standard input has no key");
	assert_refused("-i --external-ui-mode -s org.freedesktop.NetworkManager.vpnc", "DONE\n",
				   "org.freedesktop.NetworkManager.vpnc is not the VPN service");
	assert_refused("-i --external-ui-mode --nonsense", "DONE\n", "--nonsense");
	assert_refused(
		"-i --external-ui-mode",
		SHELL("DATA", "right", "vpn.example.com") SHELL("DATA", "ike", "nonsense") "DONE\n", "ike");
	assert_refused("-i",
				   PROFILE(SHELL, "1") "SECRET_KEY=xauthpassword\nSECRET_VAL=one\n=two\nDONE\n\n",
				   "several lines");
	/* Nobody is asked by a program without a window. */
	assert_refused("-i", PROFILE(SHELL, "2") "DONE\n\nQUIT\n\n", "--external-ui-mode");
}

static void
test_alone(void)
{
	g_autofree char *version = NULL, *help = NULL;
	int status;

	g_assert_true(
		g_spawn_command_line_sync(AUTH_DIALOG " --version", &version, NULL, &status, NULL));
	g_assert_cmpstr(version, ==, PACKAGE_STRING "\n");
	g_assert_true(g_spawn_command_line_sync(AUTH_DIALOG " --help", &help, NULL, &status, NULL));
	g_assert_nonnull(strstr(help, "--external-ui-mode"));
	g_assert_cmpint(status, ==, 0);
}

/* It has to start where there is no desktop. */
static void
test_no_toolkit(void)
{
	g_autofree char *libraries = NULL;

	g_assert_true(g_spawn_command_line_sync("ldd " AUTH_DIALOG, &libraries, NULL, NULL, NULL) &&
				  *libraries);
	g_assert_null(strstr(libraries, "libgtk"));
	g_assert_null(strstr(libraries, "libX11"));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *path = g_strconcat("/auth-dialog/", cases[i].name, NULL);

		g_test_add_data_func(path, &cases[i], test_case);
	}
	g_test_add_func("/auth-dialog/refused", test_refused);
	g_test_add_func("/auth-dialog/alone", test_alone);
	g_test_add_func("/auth-dialog/no-toolkit", test_no_toolkit);
	return g_test_run();
}
