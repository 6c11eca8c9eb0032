/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "config.h"

#include "mobileconfig-import.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "certificate-file.h"
#include "option.h"
#include "pkcs12-import.h"
#include "plist-reader.h"
#include "value-fields.h"

#define VPN     "com.apple.vpn.managed"
#define VPN_APP "com.apple.vpn.managed.applayer"
#define PKCS12  "com.apple.security.pkcs12"

/* What every payload has, and means nothing for the connection. */
static const char *const of_payloads[] = {"PayloadDescription",
										  "PayloadDisplayName",
										  "PayloadEnabled",
										  "PayloadIdentifier",
										  "PayloadOrganization",
										  "PayloadRemovalDisallowed",
										  "PayloadScope",
										  "PayloadType",
										  "PayloadUUID",
										  "PayloadVersion",
										  "PayloadExpirationDate",
										  "ConsentText",
										  "DurationUntilRemoval",
										  "HasRemovalPasscode",
										  "RemovalDate",
										  "TargetDeviceType",
										  NULL};

/* What NetworkManager or libreswan does itself, what is so anyway, and what is of EAP and TLS. */
static const char *const of_vpn[] = {
	"UserDefinedName", "VPNType", "VendorConfig", "PPP", "VPN", NULL};
static const char *const of_ikev2[] = {"CertificateType",
									   "DeadPeerDetectionRate",
									   "DisableMOBIKE",
									   "DisableRedirect",
									   "DisconnectOnIdleTimer",
									   "EnableFallback",
									   "EnforceRoutes",
									   "ExcludeAPNs",
									   "ExcludeCellularServices",
									   "ExcludeDeviceCommunication",
									   "ExcludeLocalNetworks",
									   "IncludeAllNetworks",
									   "NATKeepAliveInterval",
									   "NATKeepAliveOffloadEnable",
									   "OnDemandUserOverrideDisabled",
									   "PPKIdentifier",
									   "ProviderBundleIdentifier",
									   "ProviderDesignatedRequirement",
									   "ProviderType",
									   "TLSMaximumVersion",
									   "TLSMinimumVersion",
									   "AuthName",
									   "AuthPassword",
									   "Password",
									   NULL};
static const char *const of_ipsec[] = {"DisconnectOnIdleTimer", "LocalIdentifierType",
									   "PromptForVPNPIN", "XAuthPasswordEncryption", NULL};
static const char *const of_on_demand[] = {"OnDemandRules", "OnDemandMatchDomainsAlways",
										   "OnDemandMatchDomainsNever",
										   "OnDemandMatchDomainsOnRetry", NULL};

/* The certificates that a gateway's is checked with. */
static const char *const authorities[] = {"com.apple.security.root", "com.apple.security.pkcs1",
										  "com.apple.security.pem", NULL};

static const char *
text_of(Value *payload, const char *key)
{
	const Value *value = value_kind(payload) == VALUE_MAP ? value_find(payload, key) : NULL;

	return value && value_kind(value) == VALUE_TEXT ? value_text(value) : "";
}

/*****************************************************************************/
/* Kinds of VPN that are no business of ours. */

static const struct {
	const char *type, *subtype; /* subtype: how it begins; NULL for any */
	const char *instead;
} other_kinds[] = {
	{"L2TP", NULL, N_("L2TP is a tunnel of its own inside IPsec: NetworkManager-l2tp makes both")},
	{"PPTP", NULL, N_("PPTP is no IPsec: NetworkManager-pptp can do it")},
	{"VPN", "com.cisco.anyconnect",
	 N_("AnyConnect is no IPsec that libreswan can do: NetworkManager-openconnect can")},
	{"VPN", "net.juniper.sslvpn", N_("this is SSL: NetworkManager-openconnect can do it")},
	{"VPN", "net.pulsesecure", N_("this is SSL: NetworkManager-openconnect can do it")},
	{"VPN", "com.paloaltonetworks", N_("this is SSL: NetworkManager-openconnect can do it")},
	{"VPN", "com.f5", N_("this is SSL: NetworkManager-openconnect can do it")},
	{"VPN", "com.fortinet", N_("this is SSL: NetworkManager-fortisslvpn can do it")},
	{"VPN", "net.openvpn", N_("this is OpenVPN: NetworkManager-openvpn can do it")},
	{"VPN", "com.wireguard", N_("this is WireGuard: NetworkManager can do it itself")},
	{"AlwaysOn", NULL, N_("this is for supervised phones alone: ask for a VPN of the type IKEv2")},
};

/* (transfer full): what it is, and what would be right. */
static char *
explain_other(Value *payload)
{
	const char *type = text_of(payload, "VPNType"), *subtype = text_of(payload, "VPNSubType");
	g_autofree char *quoted = option_quote(type);
	g_autofree char *quoted_subtype = option_quote(subtype);
	const char *instead = _("allowed is IKEv2 or IPSec");

	for (guint i = 0; i < G_N_ELEMENTS(other_kinds); i++) {
		if (g_str_equal(type, other_kinds[i].type) &&
			(!other_kinds[i].subtype || g_str_has_prefix(subtype, other_kinds[i].subtype))) {
			instead = _(other_kinds[i].instead);
			break;
		}
	}
	if (*subtype)
		return g_strdup_printf("VPNType=%s, VPNSubType=%s: %s", quoted, quoted_subtype, instead);
	return g_strdup_printf("VPNType=%s: %s", quoted, instead);
}

static gboolean
is_ours(Value *payload)
{
	const char *type = text_of(payload, "VPNType");

	return g_str_equal(type, "IKEv2") || g_str_equal(type, "IPSec");
}

static gboolean
is_vpn(Value *payload)
{
	const char *type = text_of(payload, "PayloadType");

	return g_str_equal(type, VPN) || g_str_equal(type, VPN_APP);
}

/*****************************************************************************/
/* Certificates. */

static Value *
find_payload(Value *content, const char *uuid)
{
	for (guint i = 0; i < value_length(content); i++) {
		Value *payload = value_nth(content, i);

		if (g_ascii_strcasecmp(text_of(payload, "PayloadUUID"), uuid) == 0)
			return payload;
	}
	return NULL;
}

static void
take_identity(const Fields *vpn, Value *content)
{
	const char *uuid = fields_text(vpn, "PayloadCertificateUUID");
	Value *payload = uuid ? find_payload(content, uuid) : NULL;
	Fields fields = {vpn->draft, payload, PKCS12 ": "};
	GBytes *bytes;

	if (!payload) {
		fields_refuse(vpn, "PayloadCertificateUUID",
					  _("the certificate is not in the file: import it as a .p12 file, and enter "
						"the gateway there"));
		return;
	}
	if (!g_str_equal(text_of(payload, "PayloadType"), PKCS12)) {
		fields_refuse(vpn, "PayloadCertificateUUID",
					  _("the certificate is to be fetched from a server (SCEP, ACME, Active "
						"Directory), which is not done here: ask for a .p12 file"));
		return;
	}
	bytes = fields_bytes(&fields, "PayloadContent");
	if (bytes)
		pkcs12_import_into(vpn->draft, PKCS12, bytes, fields_text(&fields, "Password"));
	else
		fields_refuse(&fields, "PayloadContent", _("the certificate is missing"));
}

/* All of them in one file; whose they are is found out when the connection is activated. */
static void
take_authorities(ImportDraft *draft, Value *content)
{
	g_autoptr(GString) pem = g_string_new(NULL);
	g_autoptr(GBytes) file = NULL;
	guint n = 0;

	for (guint i = 0; i < value_length(content); i++) {
		Value *payload = value_nth(content, i);
		const char *type = text_of(payload, "PayloadType");
		Fields fields = {draft, payload, ""};
		g_autoptr(GError) error = NULL;
		GBytes *bytes;

		if (!g_strv_contains(authorities, type))
			continue;
		bytes = fields_bytes(&fields, "PayloadContent");
		if (!bytes || !certificate_file_add_pem(pem, bytes, &n, &error))
			import_draft_refuse(draft, type, error ? error->message : _("it is empty"));
	}
	if (!n)
		return;
	file = g_bytes_new(pem->str, pem->len);
	import_draft_set_file(draft, "ca", "pem", file);
}

/*****************************************************************************/
/* Algorithms. */

static const struct {
	const char *theirs, *ours;
	gboolean aead;
} encryptions[] = {
	{"3DES", "3des", FALSE},
	{"AES-128", "aes128", FALSE},
	{"AES-256", "aes256", FALSE},
	{"AES-128-GCM", "aes_gcm128", TRUE},
	{"AES-256-GCM", "aes_gcm256", TRUE},
	{"ChaCha20Poly1305", "chacha20_poly1305", TRUE},
};

static const struct {
	const char *theirs, *ours;
} hashes[] = {
	{"SHA1-96", "sha1"},      {"SHA1-160", "sha1"},     {"SHA2-256", "sha2_256"},
	{"SHA2-384", "sha2_384"}, {"SHA2-512", "sha2_512"},
};

static const struct {
	const char *theirs, *ours;
} groups[] = {
	{"2", "modp1024"},  {"5", "modp1536"},  {"14", "modp2048"}, {"15", "modp3072"},
	{"16", "modp4096"}, {"17", "modp6144"}, {"18", "modp8192"}, {"19", "dh19"},
	{"20", "dh20"},     {"21", "dh21"},     {"31", "dh31"},
};

static const char *
find_hash(const char *theirs)
{
	for (guint i = 0; i < G_N_ELEMENTS(hashes); i++) {
		if (g_str_equal(hashes[i].theirs, theirs))
			return hashes[i].ours;
	}
	return NULL;
}

static const char *
find_group(const char *theirs)
{
	for (guint i = 0; i < G_N_ELEMENTS(groups); i++) {
		if (g_str_equal(groups[i].theirs, theirs))
			return groups[i].ours;
	}
	return NULL;
}

/* With @aead; NULL where libreswan has none such. */
static const char *
find_encryption(const char *theirs, gboolean *aead)
{
	for (guint i = 0; i < G_N_ELEMENTS(encryptions); i++) {
		*aead = encryptions[i].aead;
		if (g_str_equal(encryptions[i].theirs, theirs))
			return encryptions[i].ours;
	}
	return NULL;
}

static void
take_algorithms(const Fields *sa, const char *option, const char *lifetime, gboolean is_ike,
				gboolean has_group)
{
	const char *encryption, *hash, *group;
	const char *minutes = fields_text(sa, "LifeTimeInMinutes");
	g_autofree char *label = fields_label(sa, "LifeTimeInMinutes");
	g_autofree char *seconds = minutes ? g_strconcat(minutes, "m", NULL) : NULL;
	g_autoptr(GString) proposal = g_string_new(NULL);
	gboolean aead = FALSE;

	if (!sa->map)
		return;
	import_draft_set(sa->draft, label, lifetime, seconds);
	/* Apple's defaults where only some are given. */
	encryption = find_encryption(fields_text(sa, "EncryptionAlgorithm") ?: "AES-256", &aead);
	hash = find_hash(fields_text(sa, "IntegrityAlgorithm") ?: "SHA2-256");
	group = find_group(fields_text(sa, "DiffieHellmanGroup") ?: "14");
	fields_note_unseen(sa);
	if (!encryption)
		fields_refuse(sa, "EncryptionAlgorithm", _("libreswan has no such algorithm"));
	if (!hash)
		fields_refuse(sa, "IntegrityAlgorithm", _("libreswan has no such algorithm"));
	if (!group)
		fields_refuse(sa, "DiffieHellmanGroup", _("libreswan has no such group"));
	if (!encryption || !hash || !group)
		return;
	g_string_append(proposal, encryption);
	if (is_ike || !aead)
		g_string_append_printf(proposal, "-%s", hash);
	if (has_group)
		g_string_append_printf(proposal, ";%s", group);
	import_draft_set(sa->draft, sa->path, option, proposal->str);
	if (g_str_equal(group, "modp1024") && has_group)
		fields_note(sa, "DiffieHellmanGroup",
					_("group 2 is too weak for many builds of libreswan, which refuse the "
					  "connection for it"));
}

static void
take_all_algorithms(const Fields *ikev2)
{
	Fields ike =
		fields_map(ikev2, "IKESecurityAssociationParameters", "IKESecurityAssociationParameters.");
	Fields child = fields_map(ikev2, "ChildSecurityAssociationParameters",
							  "ChildSecurityAssociationParameters.");
	gboolean pfs = fields_switch(ikev2, "EnablePFS", FALSE);

	if (ikev2->map && value_find(ikev2->map, "EnablePFS"))
		import_draft_set(ikev2->draft, "EnablePFS", "pfs", pfs ? "yes" : "no");
	take_algorithms(&ike, "ike", "ikelifetime", TRUE, TRUE);
	take_algorithms(&child, "esp", "salifetime", FALSE, pfs);
}

/*****************************************************************************/

static gboolean
fail(GError **error, const char *why)
{
	g_set_error_literal(error, PROFILE_ERROR, PROFILE_ERROR_UNSUPPORTED, why);
	return FALSE;
}

/* What both kinds have. */
static void
take_common(const Fields *fields)
{
	if (fields_text(fields, "RemoteAddress"))
		fields_set(fields, "RemoteAddress", "right");
	else
		fields_refuse(fields, "RemoteAddress", _("the gateway is missing"));
	if (fields_switch(fields, "OnDemandEnabled", FALSE))
		fields_note(fields, "OnDemandEnabled",
					_("is left out: the connection does not start by itself where its rules "
					  "say so"));
	if (fields_switch(fields, "DisconnectOnIdle", FALSE))
		fields_note(fields, "DisconnectOnIdle", _("is left out: the connection stays"));
	fields_ignore(fields, of_on_demand);
}

/* What there is where a gateway is known by its certificate's names. */
static void
note_names(const Fields *fields)
{
	const char *const keys[] = {"ServerCertificateIssuerCommonName", "ServerCertificateCommonName"};

	if (fields_text(fields, keys[0]) && !import_draft_get(fields->draft, "ca"))
		fields_note(fields, keys[0],
					_("the certificate of this authority is not in the file: choose it (ca)"));
	if (fields_text(fields, keys[1]) &&
		g_strcmp0(fields_text(fields, keys[1]), fields_text(fields, "RemoteIdentifier")) != 0)
		fields_note(fields, keys[1],
					_("is left out: the gateway has to show the identity in RemoteIdentifier"));
}

static gboolean
take_ikev2_auth(const Fields *fields, Value *content, GError **error)
{
	const char *method = fields_text(fields, "AuthenticationMethod");

	if (fields_switch(fields, "ExtendedAuthEnabled", FALSE) || g_strcmp0(method, "None") == 0)
		return fail(error, _("IKEv2.ExtendedAuthEnabled: libreswan cannot do EAP; "
							 "NetworkManager-strongswan can, or the administrator has a "
							 "certificate or shared secret for you"));
	if (g_strcmp0(method, "SharedSecret") == 0) {
		import_draft_set(fields->draft, "IKEv2.AuthenticationMethod", "authby", "secret");
		import_draft_want_secret(fields->draft, "pskvalue", FALSE);
		fields_set_secret(fields, "SharedSecret", "pskvalue");
		fields_text(fields, "PayloadCertificateUUID");
	} else if (g_strcmp0(method, "Certificate") == 0) {
		take_identity(fields, content);
		take_authorities(fields->draft, content);
		fields_text(fields, "SharedSecret");
	} else {
		fields_refuse(fields, "AuthenticationMethod", _("allowed is Certificate or SharedSecret"));
	}
	return TRUE;
}

static void
take_ppk(const Fields *fields)
{
	if (!fields_bytes(fields, "PPK"))
		return;
	if (fields_switch(fields, "PPKMandatory", TRUE))
		fields_refuse(fields, "PPK",
					  _("a post-quantum preshared key cannot be used; ask for a profile where it "
						"is not mandatory"));
	else
		fields_note(fields, "PPK", _("is left out: a post-quantum preshared key cannot be used"));
}

static gboolean
take_ikev2(const Fields *vpn, Value *content, GError **error)
{
	Fields fields = fields_map(vpn, "IKEv2", "IKEv2.");

	if (!take_ikev2_auth(&fields, content, error))
		return FALSE;
	import_draft_set(vpn->draft, "VPNType", "ikev2", "insist");
	take_common(&fields);
	fields_set_id(&fields, "LocalIdentifier", "leftid");
	fields_set_id(&fields, "RemoteIdentifier", "rightid");
	fields_set(&fields, "MTU", "mtu");
	take_all_algorithms(&fields);
	note_names(&fields);
	take_ppk(&fields);
	if (fields_switch(&fields, "UseConfigurationAttributeInternalIPSubnet", FALSE))
		fields_note(&fields, "UseConfigurationAttributeInternalIPSubnet",
					_("is left out: the networks are those that the tunnel is agreed upon for"));
	if (fields_switch(&fields, "EnableCertificateRevocationCheck", FALSE))
		fields_note(&fields, "EnableCertificateRevocationCheck",
					_("is left out: a certificate is not looked up in lists of revoked ones"));
	fields_switch(&fields, "PPKMandatory", TRUE);
	fields_ignore(&fields, of_ikev2);
	fields_note_unseen(&fields);
	return TRUE;
}

static void
take_ipsec_secret(const Fields *fields)
{
	GBytes *bytes = fields_bytes(fields, "SharedSecret");
	gsize len = 0;
	const char *data = bytes ? g_bytes_get_data(bytes, &len) : NULL;
	char *text;

	import_draft_want_secret(fields->draft, "pskvalue", FALSE);
	if (!data)
		return;
	if (memchr(data, '\0', len)) {
		fields_refuse(fields, "SharedSecret", _("has a zero byte in it"));
		return;
	}
	text = g_strndup(data, len);
	import_draft_set_secret(fields->draft, "IPSec.SharedSecret", "pskvalue", text);
	explicit_bzero(text, len);
	g_free(text);
}

static gboolean
take_ipsec_auth(const Fields *fields, Value *content, GError **error)
{
	const char *method = fields_text(fields, "AuthenticationMethod");
	const char *id = fields_text(fields, "LocalIdentifier");

	if (id && g_str_has_suffix(id, "[hybrid]"))
		return fail(error, _("IPSec.LocalIdentifier ends with [hybrid]: libreswan cannot do hybrid "
							 "authentication; NetworkManager-vpnc can"));
	if (!method || g_str_equal(method, "SharedSecret")) {
		import_draft_set(fields->draft, "IPSec.AuthenticationMethod", "authby", "secret");
		import_draft_set_group(fields->draft, "IPSec.LocalIdentifier", id);
		take_ipsec_secret(fields);
		fields_text(fields, "PayloadCertificateUUID");
	} else if (g_str_equal(method, "Certificate")) {
		fields_set_id(fields, "LocalIdentifier", "leftid");
		take_identity(fields, content);
		take_authorities(fields->draft, content);
		fields_bytes(fields, "SharedSecret");
	} else {
		fields_refuse(fields, "AuthenticationMethod", _("allowed is Certificate or SharedSecret"));
	}
	return TRUE;
}

static void
take_xauth(const Fields *fields)
{
	const char *user = fields_text(fields, "XAuthName");
	const char *prompt = fields_text(fields, "XAuthPasswordEncryption");

	fields_set(fields, "XAuthName", "leftusername");
	if (!fields_switch(fields, "XAuthEnabled", user != NULL)) {
		import_draft_set(fields->draft, "IPSec.XAuthEnabled", "leftxauthclient", "no");
		fields_text(fields, "XAuthPassword");
		return;
	}
	import_draft_want_secret(fields->draft, "xauthpassword", g_strcmp0(prompt, "Prompt") == 0);
	fields_set_secret(fields, "XAuthPassword", "xauthpassword");
}

static gboolean
take_ipsec(const Fields *vpn, Value *content, GError **error)
{
	Fields fields = fields_map(vpn, "IPSec", "IPSec.");

	if (!take_ipsec_auth(&fields, content, error))
		return FALSE;
	import_draft_set(vpn->draft, "VPNType", "ikev2", "never");
	take_common(&fields);
	take_xauth(&fields);
	fields_ignore(&fields, of_ipsec);
	fields_note_unseen(&fields);
	return TRUE;
}

/*****************************************************************************/

static void
take_dns(const Fields *vpn)
{
	Fields dns = fields_map(vpn, "DNS", "DNS.");
	Value *addresses = fields_list(&dns, "ServerAddresses");
	Value *domains = fields_list(&dns, "SearchDomains");
	Value *supplemental = fields_list(&dns, "SupplementalMatchDomains");
	const char *protocol = fields_text(&dns, "DNSProtocol");
	g_autoptr(GString) list = g_string_new(NULL);

	for (guint i = 0; addresses && i < value_length(addresses); i++) {
		const char *address = value_text(value_nth(addresses, i));

		import_draft_add_dns(vpn->draft, "DNS.ServerAddresses", address ? address : "");
	}
	for (guint i = 0; domains && i < value_length(domains); i++)
		g_string_append_printf(list, "%s%s", i ? " " : "", value_text(value_nth(domains, i)) ?: "");
	import_draft_set(vpn->draft, "DNS.SearchDomains", "Domain", list->str);
	if (!list->len)
		fields_set(&dns, "DomainName", "Domain");
	if (supplemental && value_length(supplemental))
		fields_note(&dns, "SupplementalMatchDomains",
					_("is left out: the servers are asked for all names; see ipv4.dns-search"));
	if (protocol && !g_str_equal(protocol, "Cleartext"))
		fields_note(&dns, "DNSProtocol",
					_("is left out: the servers are asked in the clear, through "
					  "the tunnel"));
	fields_text(&dns, "DomainName");
	fields_switch(&dns, "SupplementalMatchDomainsNoSearch", FALSE);
	fields_note_unseen(&dns);
}

static void
take_proxies(const Fields *vpn)
{
	const char *const keys[] = {"HTTPEnable", "HTTPSEnable", "ProxyAutoConfigEnable"};
	Fields proxies = fields_map(vpn, "Proxies", "Proxies.");
	gboolean on = FALSE;

	for (guint i = 0; i < G_N_ELEMENTS(keys); i++)
		on = fields_switch(&proxies, keys[i], FALSE) || on;
	if (on)
		fields_note(vpn, "Proxies", _("is left out: set the proxy of the connection instead"));
}

static gboolean
take_vpn(ImportDraft *draft, Value *payload, Value *content, GError **error)
{
	Fields vpn = {draft, payload, ""};
	gboolean is_ikev2 = g_str_equal(text_of(payload, "VPNType"), "IKEv2");

	import_draft_set_name(draft, text_of(payload, "UserDefinedName"));
	if (!(is_ikev2 ? take_ikev2 : take_ipsec)(&vpn, content, error))
		return FALSE;
	take_dns(&vpn);
	take_proxies(&vpn);
	if (g_str_equal(text_of(payload, "PayloadType"), VPN_APP))
		import_draft_note(draft, VPN_APP, _("is for some programs alone: the tunnel is for all"));
	/* Which traffic goes through the tunnel the gateway says. */
	fields_map(&vpn, "IPv4", "IPv4.");
	if (fields_text(&vpn, "VPNSubType"))
		fields_note(&vpn, "VPNSubType", _("is left out: it has to be empty here"));
	fields_ignore(&vpn, of_vpn);
	fields_ignore(&vpn, of_payloads);
	fields_ignore(&vpn, (const char *const[]){is_ikev2 ? "IPSec" : "IKEv2", NULL});
	fields_note_unseen(&vpn);
	return TRUE;
}

/* What is in the file beside the VPN. */
static void
note_others(ImportDraft *draft, Value *content, const Value *vpn)
{
	for (guint i = 0; i < value_length(content); i++) {
		Value *payload = value_nth(content, i);
		const char *type = text_of(payload, "PayloadType");
		g_autofree char *quoted = option_quote(type);

		if (payload == vpn || g_strv_contains(authorities, type) || g_str_equal(type, PKCS12))
			continue;
		if (!is_vpn(payload)) {
			import_draft_note(draft, quoted, _("is no VPN, and left out"));
		} else if (is_ours(payload)) {
			g_autofree char *name = option_quote(text_of(payload, "UserDefinedName"));

			import_draft_refuse(draft, name,
								_("is another VPN in the file, and one alone is imported: take the "
								  "others out of it"));
		} else {
			g_autofree char *what = explain_other(payload);

			import_draft_note(draft, quoted, what);
		}
	}
}

static Value *
find_vpn(Value *content, GError **error)
{
	Value *other = NULL;

	for (guint i = 0; i < value_length(content); i++) {
		Value *payload = value_nth(content, i);

		if (is_vpn(payload) && is_ours(payload))
			return payload;
		if (is_vpn(payload) && !other)
			other = payload;
	}
	if (other) {
		g_autofree char *why = explain_other(other);

		fail(error, why);
	} else {
		fail(error,
			 _("there is no VPN in this profile (a payload of the type com.apple.vpn.managed)"));
	}
	return NULL;
}

gboolean
mobileconfig_import(const char *text, ImportDraft *draft, GError **error)
{
	g_autoptr(Value) file = plist_read(text, error);
	Fields top = {draft, file, ""};
	Value *content, *vpn;

	if (!file)
		return FALSE;
	if (value_find(file, "EncryptedPayloadContent"))
		return fail(error,
					_("EncryptedPayloadContent: the profile is encrypted for the device that "
					  "it was made for; ask for one that is not"));
	content = fields_list(&top, "PayloadContent");
	if (!content)
		return fail(error, _("PayloadContent is missing: this is no configuration profile"));
	vpn = find_vpn(content, error);
	if (!vpn || !take_vpn(draft, vpn, content, error))
		return FALSE;
	note_others(draft, content, vpn);
	fields_ignore(&top, of_payloads);
	fields_note_unseen(&top);
	return TRUE;
}
