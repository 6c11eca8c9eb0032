/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "config.h"

#include "sswan-import.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "certificate-file.h"
#include "json-reader.h"
#include "option.h"
#include "pkcs12-import.h"
#include "value-fields.h"

/* What NetworkManager or libreswan does itself, and what is of a phone. */
static const char *const top_without_meaning[] = {"uuid", "nat-keepalive", "ipv6-transport", NULL};
static const char *const remote_without_meaning[] = {"certreq", NULL};
static const char *const local_without_meaning[] = {"eap_id", "shared_secret", "rsa-pss", NULL};

/*****************************************************************************/
/* Proposals: strongSwan's words in libreswan's order of ENCRYPTION-HASH;GROUP. */

static const struct {
	const char *theirs, *ours;
} words[] = {
	{"aes128gcm16", "aes_gcm128"},
	{"aes192gcm16", "aes_gcm192"},
	{"aes256gcm16", "aes_gcm256"},
	{"aes128gcm128", "aes_gcm128"},
	{"aes256gcm128", "aes_gcm256"},
	{"chacha20poly1305", "chacha20_poly1305"},
	{"sha256", "sha2_256"},
	{"sha2_256", "sha2_256"},
	{"sha384", "sha2_384"},
	{"sha512", "sha2_512"},
	{"sha", "sha1"},
	{"prfsha1", "sha1"},
	{"prfsha256", "sha2_256"},
	{"prfsha384", "sha2_384"},
	{"prfsha512", "sha2_512"},
	{"ecp256", "dh19"},
	{"ecp384", "dh20"},
	{"ecp521", "dh21"},
	{"x25519", "dh31"},
	{"curve25519", "dh31"},
};

static const char *
translate(const char *word)
{
	for (guint i = 0; i < G_N_ELEMENTS(words); i++) {
		if (g_ascii_strcasecmp(word, words[i].theirs) == 0)
			return words[i].ours;
	}
	return word;
}

static gboolean
is_group(const char *word)
{
	return g_str_has_prefix(word, "modp") || g_str_has_prefix(word, "dh");
}

/* (transfer full): it is checked as libreswan's afterwards. */
static char *
translate_proposal(const char *text)
{
	g_auto(GStrv) parts = g_strsplit(text, "-", -1);
	g_autoptr(GString) proposal = g_string_new(NULL);
	gboolean has_group = FALSE;

	for (guint i = 0; parts[i]; i++) {
		const char *word = translate(parts[i]);

		/* The PRF that follows an integrity algorithm is the same in all that anybody uses, and
		 * libreswan takes it for another hash. */
		if (i >= 2 && g_ascii_strncasecmp(parts[i], "prf", 3) == 0)
			continue;
		if (i)
			g_string_append_c(proposal, !is_group(word) ? '-' : has_group ? '+' : ';');
		has_group = has_group || is_group(word);
		g_string_append(proposal, word);
	}
	return g_string_free(g_steal_pointer(&proposal), FALSE);
}

static void
take_proposal(const Fields *top, const char *key, const char *option)
{
	const char *text = fields_text(top, key);
	g_autofree char *proposal = text ? translate_proposal(text) : NULL;

	import_draft_set(top->draft, key, option, proposal);
}

/*****************************************************************************/

static void
take_ca(const Fields *remote)
{
	const char *text = fields_text(remote, "cert");
	g_autoptr(GBytes) bytes = text ? value_decode_base64(text) : NULL;
	g_autoptr(GString) pem = g_string_new(NULL);
	g_autoptr(GBytes) file = NULL;
	g_autoptr(GError) error = NULL;
	guint n = 0;

	if (!text)
		return;
	if (!bytes) {
		fields_refuse(remote, "cert", _("is no base64"));
		return;
	}
	if (!certificate_file_add_pem(pem, bytes, &n, &error)) {
		fields_refuse(remote, "cert", error->message);
		return;
	}
	file = g_bytes_new(pem->str, pem->len);
	import_draft_set_file(remote->draft, "ca", "pem", file);
}

static void
take_remote(const Fields *top)
{
	Fields remote = fields_map(top, "remote", "remote.");
	Fields revocation = fields_map(&remote, "revocation", "remote.revocation.");
	const char *port = fields_text(&remote, "port");

	if (fields_text(&remote, "addr"))
		fields_set(&remote, "addr", "right");
	else
		fields_refuse(&remote, "addr", _("the gateway is missing"));
	fields_set_id(&remote, "id", "rightid");
	if (port && !g_str_equal(port, "500"))
		fields_refuse(&remote, "port", _("IKE is spoken on port 500, and 4500 behind NAT"));
	take_ca(&remote);
	if (fields_switch(&revocation, "strict", FALSE))
		fields_note(&revocation, "strict",
					_("is left out: a certificate is not looked up in lists of revoked ones"));
	fields_switch(&revocation, "crl", TRUE);
	fields_switch(&revocation, "ocsp", TRUE);
	fields_ignore(&remote, remote_without_meaning);
	fields_note_unseen(&revocation);
	fields_note_unseen(&remote);
}

static void
take_local(const Fields *top)
{
	Fields local = fields_map(top, "local", "local.");
	const char *text = fields_text(&local, "p12");
	g_autoptr(GBytes) bytes = text ? value_decode_base64(text) : NULL;

	if (!text)
		fields_refuse(&local, "p12",
					  _("the file has no certificate of yours: import it as a .p12 file, and enter "
						"the gateway there"));
	else if (!bytes)
		fields_refuse(&local, "p12", _("is no base64"));
	else
		pkcs12_import_into(top->draft, "local.p12", bytes, NULL);
	fields_set_id(&local, "id", "leftid");
	fields_ignore(&local, local_without_meaning);
	fields_note_unseen(&local);
}

/*****************************************************************************/

static void
take_dns(const Fields *top)
{
	Value *value = top->map ? value_find(top->map, "dns-servers") : NULL;
	g_auto(GStrv) addresses = NULL;

	if (!value)
		return;
	if (value_kind(value) == VALUE_TEXT) {
		addresses = g_strsplit(value_text(value), " ", -1);
		for (guint i = 0; addresses[i]; i++) {
			if (*addresses[i])
				import_draft_add_dns(top->draft, "dns-servers", addresses[i]);
		}
		return;
	}
	fields_list(top, "dns-servers");
	for (guint i = 0; i < value_length(value); i++) {
		const char *address = value_text(value_nth(value, i));

		import_draft_add_dns(top->draft, "dns-servers", address ? address : "");
	}
}

static void
take_split(const Fields *top)
{
	Fields split = fields_map(top, "split-tunneling", "split-tunneling.");
	Value *subnets = fields_list(&split, "subnets");
	Value *excluded = fields_list(&split, "excluded");

	for (guint i = 0; subnets && i < value_length(subnets); i++) {
		const char *subnet = value_text(value_nth(subnets, i));

		if (subnet && strchr(subnet, '-'))
			fields_refuse(&split, "subnets",
						  _("a range of addresses has to be written as subnets (10.1.0.0/16)"));
		else
			import_draft_add_route(top->draft, "split-tunneling.subnets", subnet ? subnet : "");
	}
	if (excluded && value_length(excluded))
		fields_note(&split, "excluded",
					_("is left out: add routes for what is not to go through the tunnel to another "
					  "connection"));
	/* Nothing leaves in plaintext that the tunnel is for. */
	fields_switch(&split, "block-ipv4", FALSE);
	fields_switch(&split, "block-ipv6", FALSE);
	fields_note_unseen(&split);
}

static void
take_apps(const Fields *top)
{
	const char *const keys[] = {"apps", "excluded-apps"};

	for (guint i = 0; i < G_N_ELEMENTS(keys); i++) {
		Value *apps = fields_list(top, keys[i]);

		if (apps && value_length(apps))
			fields_note(top, keys[i], _("is left out: the tunnel is for all programs"));
	}
	if (fields_map(top, "proxy", "proxy.").map)
		fields_note(top, "proxy", _("is left out: set the proxy of the connection instead"));
}

/* What the file is for, as nothing else in it counts where that cannot be done. */
static gboolean
take_type(const Fields *top, GError **error)
{
	const char *type = fields_text(top, "type");
	g_autofree char *quoted = option_quote(type ? type : "");

	if (g_strcmp0(type, "ikev2-cert") == 0)
		return TRUE;
	if (type && strstr(type, "eap"))
		g_set_error(error, PROFILE_ERROR, PROFILE_ERROR_UNSUPPORTED,
					_("type=%s: libreswan cannot do EAP; NetworkManager-strongswan can, or the "
					  "administrator has a certificate for you (ikev2-cert)"),
					quoted);
	else
		g_set_error(error, PROFILE_ERROR, PROFILE_ERROR_INVALID,
					_("type=%s: this is no profile of strongSwan's app, whose type is ikev2-cert"),
					quoted);
	return FALSE;
}

static void
take_all(const Fields *top)
{
	import_draft_set_name(top->draft, fields_text(top, "name"));
	import_draft_set(top->draft, "type", "ikev2", "insist");
	take_remote(top);
	take_local(top);
	take_proposal(top, "ike-proposal", "ike");
	take_proposal(top, "esp-proposal", "esp");
	fields_set(top, "mtu", "mtu");
	take_dns(top);
	take_split(top);
	take_apps(top);
	fields_ignore(top, top_without_meaning);
	fields_note_unseen(top);
}

gboolean
sswan_import(const char *text, ImportDraft *draft, GError **error)
{
	g_autoptr(Value) file = json_read(text, error);
	Fields top = {draft, file, ""};

	if (!file || !take_type(&top, error))
		return FALSE;
	take_all(&top);
	return TRUE;
}
