/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "config.h"

#include "editor-field.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "duration.h"

static const EditorWord words_yes_no[] = {
	/* Translators: a setting of a VPN that is switched on or off. */
	{"yes", N_("On")},
	{"no", N_("Off")},
	{NULL, NULL},
};

static const EditorWord words_family[] = {
	{"ipv4", N_("IPv4")},
	{"ipv6", N_("IPv6")},
	{NULL, NULL},
};

static const EditorWord words_ikev2[] = {
	{"insist", N_("IKEv2")},
	{"never", N_("IKEv1")},
	{NULL, NULL},
};

static const EditorWord words_type[] = {
	{"tunnel", N_("Tunnel")},
	/* Translators: IPsec's transport mode: from computer to computer, without networks. */
	{"transport", N_("Transport")},
	{NULL, NULL},
};

static const EditorWord words_sendcert[] = {
	/* Translators: when a certificate is sent. */
	{"always", N_("Always")},
	{"sendifasked", N_("When asked for")},
	{"never", N_("Never")},
	{NULL, NULL},
};

static const EditorWord words_fragmentation[] = {
	{"yes", N_("On")},
	{"no", N_("Off")},
	/* Translators: large messages are fragmented even where the gateway did not offer it. */
	{"force", N_("Always")},
	{NULL, NULL},
};

static const EditorWord words_encapsulation[] = {
	/* Translators: IPsec packets go in UDP packets behind address translation. */
	{"auto", N_("Behind NAT")},
	{"yes", N_("Always")},
	{"no", N_("Never")},
	{NULL, NULL},
};

static const EditorWord words_connect_mode[] = {
	/* Translators: when a VPN is connected: as soon as it is switched on. */
	{"up", N_("At once")},
	/* Translators: when a VPN is connected: as soon as the first packet is for it. */
	{"ondemand", N_("When needed")},
	{NULL, NULL},
};

static const EditorWord words_interface[] = {
	/* Translators: a VPN tunnel has a network interface of its own. */
	{"yes", N_("Own interface")},
	/* Translators: a VPN tunnel has no network interface; IPsec policies choose what goes into it.
	 */
	{"no", N_("Policies alone")},
	{NULL, NULL},
};

static const EditorWord words_peer_type[] = {
	{"cisco", N_("On")},
	{NULL, NULL},
};

static const EditorWord words_vendor[] = {
	{"Cisco", N_("Cisco")},
	{NULL, NULL},
};

static const EditorWord words_networks[] = {
	/* Translators: which networks are reached through the VPN: all. */
	{"0.0.0.0/0", N_("All traffic")},
	{"::/0", N_("All IPv6 traffic")},
	{"0.0.0.0/0,::/0", N_("All traffic")},
	{NULL, NULL},
};

static const EditorWord words_id[] = {
	/* Translators: as who one signs in: as whom the certificate is for. */
	{"%fromcert", N_("as in the certificate")},
	{NULL, NULL},
};

static const EditorWord words_left[] = {
	/* Translators: which of this computer's addresses is used: the one towards the gateway. */
	{"%defaultroute", N_("towards the gateway")},
	{NULL, NULL},
};

#define SECTION_TRAFFIC  N_("Traffic")
#define SECTION_ADDRESS  N_("Address")
#define SECTION_UNUSUAL  N_("Rarely Needed")
#define SECTION_PROTOCOL N_("Protocol")
#define SECTION_CERTS    N_("Certificates")
#define SECTION_VENDOR   N_("Vendor")
#define SECTION_ALIVE    N_("Gateway That Falls Silent")
#define SECTION_PACKETS  N_("Packets")

static const EditorField fields[] = {
	/* How a person signs in. */
	{"right", EDITOR_PAGE_SIGN_IN, NULL, N_("Gateway"), EDITOR_TEXT},
	/* Translators: in "Automatic (your login name)". */
	{"leftusername", EDITOR_PAGE_SIGN_IN, NULL, N_("User Name"), EDITOR_TEXT,
	 .otherwise = N_("your login name")},
	{"xauthpassword", EDITOR_PAGE_SIGN_IN, NULL, N_("Password"), EDITOR_SECRET},
	{"cert", EDITOR_PAGE_SIGN_IN, NULL, N_("Certificate File"), EDITOR_TEXT},
	{"cert-pass", EDITOR_PAGE_SIGN_IN, NULL, N_("Passphrase"), EDITOR_SECRET},
	{"pin", EDITOR_PAGE_SIGN_IN, NULL, N_("PIN of the Smart Card"), EDITOR_SECRET},
	/* Translators: in "Automatic (in the same file)": where the certificate is. */
	{"key", EDITOR_PAGE_SIGN_IN, NULL, N_("Private Key File"), EDITOR_TEXT,
	 .otherwise = N_("in the same file")},
	{"ca", EDITOR_PAGE_SIGN_IN, NULL, N_("CA Certificate File"), EDITOR_TEXT,
	 .otherwise = N_("in the same file")},
	/* Translators: in "Automatic (your address)". */
	{"leftid", EDITOR_PAGE_SIGN_IN, NULL, N_("Your Identity"), EDITOR_TEXT, words_id,
	 .otherwise = N_("your address")},
	{"pskvalue", EDITOR_PAGE_SIGN_IN, NULL, N_("Shared Key"), EDITOR_SECRET},
	{"authby", EDITOR_PAGE_SIGN_IN, NULL, N_("Authentication"), EDITOR_TEXT},
	/* Translators: in "Automatic (its address)", of the gateway. */
	{"rightid", EDITOR_PAGE_SIGN_IN, NULL, N_("Gateway’s Identity"), EDITOR_TEXT,
	 .otherwise = N_("its address")},
	/* Translators: in "Automatic (the CA certificate)". */
	{"rightca", EDITOR_PAGE_SIGN_IN, NULL, N_("Gateway’s CA"), EDITOR_TEXT,
	 .otherwise = N_("the CA certificate")},
	{"leftcert", EDITOR_PAGE_SIGN_IN, NULL,
	 /* Translators: the name of a certificate in the database of libreswan, instead of a file. */
	 N_("Certificate Name in Database"), EDITOR_TEXT},

	/* What goes through the tunnel. */
	{"rightsubnet", EDITOR_PAGE_NETWORK, SECTION_TRAFFIC, N_("Networks Behind the Gateway"),
	 EDITOR_TEXT, words_networks, "rightsubnets"},
	{"leftsubnet", EDITOR_PAGE_NETWORK, SECTION_TRAFFIC, N_("Local Networks"), EDITOR_TEXT,
	 words_networks, "leftsubnets"},
	{"leftmodecfgclient", EDITOR_PAGE_NETWORK, SECTION_ADDRESS, N_("Get Address From Gateway"),
	 EDITOR_SWITCH},
	{"Domain", EDITOR_PAGE_NETWORK, SECTION_ADDRESS, N_("Search Domains"), EDITOR_TEXT},
	{"ipsec-interface", EDITOR_PAGE_NETWORK, SECTION_ADDRESS, N_("Interface"), EDITOR_CHOICE,
	 words_interface},
	{"mtu", EDITOR_PAGE_NETWORK, SECTION_ADDRESS, N_("Packet Size (MTU)"), EDITOR_TEXT},
	{"left", EDITOR_PAGE_NETWORK, SECTION_UNUSUAL, N_("Local Address for IKE"), EDITOR_TEXT,
	 words_left},
	{"hostaddrfamily", EDITOR_PAGE_NETWORK, SECTION_UNUSUAL, N_("Outside the Tunnel"),
	 EDITOR_CHOICE, words_family},
	{"clientaddrfamily", EDITOR_PAGE_NETWORK, SECTION_UNUSUAL, N_("Inside the Tunnel"),
	 EDITOR_CHOICE, words_family},
	{"leftprotoport", EDITOR_PAGE_NETWORK, SECTION_UNUSUAL, N_("Local Protocol and Port"),
	 EDITOR_TEXT},
	{"rightprotoport", EDITOR_PAGE_NETWORK, SECTION_UNUSUAL, N_("Gateway’s Protocol and Port"),
	 EDITOR_TEXT},
	{"narrowing", EDITOR_PAGE_NETWORK, SECTION_UNUSUAL, N_("Gateway May Give Fewer Networks"),
	 EDITOR_CHOICE, words_yes_no},
	{"type", EDITOR_PAGE_NETWORK, SECTION_UNUSUAL, N_("IPsec Mode"), EDITOR_CHOICE, words_type},

	/* How it is protected. */
	{"ikev2", EDITOR_PAGE_SECURITY, SECTION_PROTOCOL, N_("IKE Version"), EDITOR_CHOICE,
	 words_ikev2},
	{"aggressive", EDITOR_PAGE_SECURITY, SECTION_PROTOCOL, N_("Aggressive Mode"), EDITOR_CHOICE,
	 words_yes_no},
	{"ike", EDITOR_PAGE_SECURITY, SECTION_PROTOCOL, N_("IKE Algorithms"), EDITOR_TEXT},
	{"esp", EDITOR_PAGE_SECURITY, SECTION_PROTOCOL, N_("Tunnel Algorithms (ESP)"), EDITOR_TEXT},
	{"pfs", EDITOR_PAGE_SECURITY, SECTION_PROTOCOL, N_("Perfect Forward Secrecy"), EDITOR_SWITCH},
	{"ikelifetime", EDITOR_PAGE_SECURITY, SECTION_PROTOCOL, N_("New IKE Keys After"), EDITOR_TEXT},
	{"salifetime", EDITOR_PAGE_SECURITY, SECTION_PROTOCOL, N_("New Tunnel Keys After"),
	 EDITOR_TEXT},
	{"rekey", EDITOR_PAGE_SECURITY, SECTION_PROTOCOL, N_("Renew Keys Before They Expire"),
	 EDITOR_SWITCH},
	{"require-id-on-certificate", EDITOR_PAGE_SECURITY, SECTION_CERTS,
	 N_("Gateway’s Identity Must Be in Its Certificate"), EDITOR_SWITCH},
	{"leftsendcert", EDITOR_PAGE_SECURITY, SECTION_CERTS, N_("Send Our Certificate"), EDITOR_CHOICE,
	 words_sendcert},
	{"rightcert", EDITOR_PAGE_SECURITY, SECTION_CERTS, N_("Gateway’s Certificate Name"),
	 EDITOR_TEXT},
	{"leftrsasigkey", EDITOR_PAGE_SECURITY, SECTION_CERTS, N_("Our Public Key"), EDITOR_TEXT},
	/* Translators: by what a database finds a key, its "CKAID". */
	{"leftckaid", EDITOR_PAGE_SECURITY, SECTION_CERTS, N_("ID of Our Key"), EDITOR_TEXT},
	{"rightrsasigkey", EDITOR_PAGE_SECURITY, SECTION_CERTS, N_("Gateway’s Public Key"),
	 EDITOR_TEXT},
	{"vendor", EDITOR_PAGE_SECURITY, SECTION_VENDOR, N_("Vendor"), EDITOR_CHOICE, words_vendor},
	{"cisco-unity", EDITOR_PAGE_SECURITY, SECTION_VENDOR, N_("Cisco Unity"), EDITOR_CHOICE,
	 words_yes_no},
	{"remote-peer-type", EDITOR_PAGE_SECURITY, SECTION_VENDOR, N_("Sign In Only Once (Cisco)"),
	 EDITOR_CHOICE, words_peer_type},

	/* How it is kept. */
	{"nm-connect-mode", EDITOR_PAGE_CONNECTION, NULL, N_("Connect"), EDITOR_CHOICE,
	 words_connect_mode},
	{"nm-recovery-timeout", EDITOR_PAGE_CONNECTION, NULL, N_("Try to Reconnect For"), EDITOR_TEXT},
	{"dpddelay", EDITOR_PAGE_CONNECTION, SECTION_ALIVE, N_("Ask Whether It Is There After"),
	 EDITOR_TEXT},
	{"dpdtimeout", EDITOR_PAGE_CONNECTION, SECTION_ALIVE, N_("Wait for Its Answer"), EDITOR_TEXT},
	{"retransmit-timeout", EDITOR_PAGE_CONNECTION, SECTION_ALIVE, N_("Repeat an IKE Message For"),
	 EDITOR_TEXT},
	{"mobike", EDITOR_PAGE_CONNECTION, SECTION_PACKETS, N_("Move to Another Address (MOBIKE)"),
	 EDITOR_SWITCH},
	{"encapsulation", EDITOR_PAGE_CONNECTION, SECTION_PACKETS, N_("Send in UDP Packets"),
	 EDITOR_CHOICE, words_encapsulation},
	{"fragmentation", EDITOR_PAGE_CONNECTION, SECTION_PACKETS, N_("Fragment Large IKE Messages"),
	 EDITOR_CHOICE, words_fragmentation},
	{"initial-contact", EDITOR_PAGE_CONNECTION, SECTION_PACKETS, N_("Forget My Earlier Tunnels"),
	 EDITOR_SWITCH},

	/* What is decided elsewhere, or by itself. */
	{"leftxauthclient", EDITOR_PAGE_KEPT},
	{"rightxauthserver", EDITOR_PAGE_KEPT},
	{"rightmodecfgserver", EDITOR_PAGE_KEPT},
	{"modecfgpull", EDITOR_PAGE_KEPT},
	{"keyingtries", EDITOR_PAGE_KEPT},
	{"dpdaction", EDITOR_PAGE_KEPT},
	{"nm-auto-defaults", EDITOR_PAGE_KEPT},
	{"dhgroup", EDITOR_PAGE_KEPT},
	{"pfsgroup", EDITOR_PAGE_KEPT},
	{"xauthcode", EDITOR_PAGE_KEPT, .kind = EDITOR_SECRET},
	{"xauthcode-flags", EDITOR_PAGE_KEPT},
};

const EditorField *
editor_field_all(guint *n)
{
	*n = G_N_ELEMENTS(fields);
	return fields;
}

char *
editor_field_modes_key(const char *secret)
{
	gsize len = strlen(secret) - (g_str_has_suffix(secret, "value") ? strlen("value") : 0);

	return g_strdup_printf("%.*sinputmodes", (int) len, secret);
}

/* Whether key is what says how the secret is kept, or where it comes from. */
static gboolean
belongs_to_secret(const char *key, const EditorField *field)
{
	g_autofree char *flags = NULL, *modes = NULL;

	if (field->kind != EDITOR_SECRET)
		return FALSE;
	flags = g_strconcat(field->key, "-flags", NULL);
	modes = editor_field_modes_key(field->key);
	return g_str_equal(key, flags) || g_str_equal(key, modes);
}

const EditorField *
editor_field_find(const char *key)
{
	const Option *option = option_find(key);

	if (!option)
		return NULL;
	if (option->same_as)
		key = option->same_as;
	for (guint i = 0; i < G_N_ELEMENTS(fields); i++) {
		if (g_str_equal(key, fields[i].key) || g_strcmp0(key, fields[i].list) == 0 ||
			belongs_to_secret(key, &fields[i]))
			return &fields[i];
	}
	return NULL;
}

const Option *
editor_field_option(const EditorField *field)
{
	return option_find(field->key);
}

char *
editor_field_tooltip(const EditorField *field)
{
	const Option *option = editor_field_option(field);
	const char *keyword = option->conf5 ?: option->conf4;

	if (keyword)
		return g_strdup_printf("%s\nipsec.conf: %s", _(option->help), keyword);
	return g_strdup_printf("%s\nnmcli: %s %s", _(option->help),
						   option->flags & OPTION_SECRET_KEY ? "vpn.secrets" : "vpn.data",
						   option->key);
}

/*****************************************************************************/

char *
editor_field_describe_seconds(guint64 seconds)
{
	guint days = (guint) (seconds / (24 * 3600)), hours = (guint) (seconds / 3600);
	guint minutes = (guint) (seconds / 60);

	if (days > 1 && seconds % (24 * 3600) == 0)
		return g_strdup_printf(g_dngettext(GETTEXT_PACKAGE, "%u day", "%u days", days), days);
	if (hours && seconds % 3600 == 0)
		return g_strdup_printf(g_dngettext(GETTEXT_PACKAGE, "%u hour", "%u hours", hours), hours);
	if (minutes && seconds % 60 == 0)
		return g_strdup_printf(g_dngettext(GETTEXT_PACKAGE, "%u minute", "%u minutes", minutes),
							   minutes);
	return g_strdup_printf(
		g_dngettext(GETTEXT_PACKAGE, "%u second", "%u seconds", (gulong) seconds), (guint) seconds);
}

static const char *
find_label(const EditorWord *words, const char *value)
{
	for (const EditorWord *w = words; w && w->word; w++) {
		if (g_str_equal(w->word, value))
			return w->label;
	}
	return NULL;
}

char *
editor_field_describe(const EditorField *field, const char *value)
{
	const Option *option = editor_field_option(field);
	const char *label = find_label(field->words, value);
	guint64 seconds;

	if (!label && option->kind == OPTION_YES_NO)
		label = find_label(words_yes_no, value);
	if (label)
		return g_strdup(_(label));
	if (option->kind == OPTION_DURATION && duration_parse(value, &seconds))
		/* Translators: instead of a time: a check is never made. */
		return seconds ? editor_field_describe_seconds(seconds) : g_strdup(_("Never"));
	return g_strdup(value);
}

const char *
editor_page_title(EditorPage page)
{
	switch (page) {
	case EDITOR_PAGE_SIGN_IN:
		return _("Sign In");
	case EDITOR_PAGE_NETWORK:
		return _("Network");
	case EDITOR_PAGE_SECURITY:
		return _("Security");
	case EDITOR_PAGE_CONNECTION:
		return _("Connection");
	case EDITOR_PAGE_KEPT:
		break;
	}
	g_return_val_if_reached(NULL);
}

const char *
editor_persistent_title(void)
{
	/* Translators: a switch: a VPN is tried again until somebody switches it off. */
	return _("Never Give Up");
}

const char *
editor_persistent_help(void)
{
	return _("A tunnel that went down is tried again until somebody switches the VPN off; until "
			 "then nothing leaves by another way.\nnmcli: vpn.persistent");
}
