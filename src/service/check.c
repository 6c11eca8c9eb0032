/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "check.h"

#include <glib/gi18n-lib.h>

#include "check-host.h"
#include "endpoints.h"
#include "ike-probe.h"
#include "ipsec-conf.h"
#include "libreswan.h"
#include "proposals.h"
#include "secret.h"
#include "underlay-route.h"
#include "xfrm-interface.h"

/* For the name of the gateway. A resolver gives up by itself, but not always soon. */
#define LOOK_UP_S 10

/* Of what libreswan the file is, where none is found. */
#define ASSUMED_MAJOR 5
#define ASSUMED_MINOR 2

typedef struct {
	CheckReport *report;
	const CheckParams *params;
	Profile *profile;
	Libreswan *libreswan;
	gboolean has_version;
	Ends *ends;
	gboolean has_ends;
} Check;

/* An asynchronous call that is waited for. */
typedef struct {
	GAsyncResult *result;
} Answer;

static void
on_answer(GObject *source, GAsyncResult *result, gpointer user_data)
{
	Answer *answer = user_data;

	answer->result = g_object_ref(result);
}

static GAsyncResult *
await(Answer *answer)
{
	while (!answer->result)
		g_main_context_iteration(NULL, TRUE);
	return answer->result;
}

static void
say_tunnel(Check *self)
{
	const Profile *profile = self->profile;

	check_report_say(self->report, _("to %s with %s, %s"), profile_get(profile, "right"),
					 profile_is_ikev2(profile)        ? "IKEv2"
					 : profile_is_aggressive(profile) ? _("IKEv1, aggressive mode")
													  : _("IKEv1, main mode"),
					 profile_wants_interface(profile) ? _("on an interface of its own")
													  : _("without an interface (policies)"));
}

/* What is stored with the connection is to be seen in a file alone: NetworkManager is not asked for
 * secrets. */
static void
check_secret(Check *self, const Secret *secret)
{
	const NMSettingSecretFlags flags = profile_get_secret_flags(self->profile, secret->key);

	if (!secret->is_needed(self->profile) || flags & NM_SETTING_SECRET_FLAG_NOT_REQUIRED ||
		(secret->is_optional && flags == NM_SETTING_SECRET_FLAG_NONE))
		return;
	if (flags & NM_SETTING_SECRET_FLAG_NOT_SAVED)
		check_report_say(self->report, _("%s is asked for each time"), secret->key);
	else if (flags & NM_SETTING_SECRET_FLAG_AGENT_OWNED)
		check_report_say(self->report, _("%s is kept by the user's keyring"), secret->key);
	else if (!self->params->has_secrets)
		check_report_say(self->report, _("%s is needed"), secret->key);
	else if (secret_is_missing(secret, self->profile))
		check_report_warn(self->report,
						  _("%s is needed and not stored: somebody has to be there to be asked "
							"(nmcli --ask)"),
						  secret->key);
}

static void
check_proposals(Check *self, const char *key)
{
	g_autofree char *rare = proposals_find_rare(profile_get(self->profile, key));

	if (rare)
		check_report_warn(
			self->report,
			_("%s: %s is not in many builds of libreswan, Debian's and Fedora's among "
			  "them, which refuse the connection for it"),
			key, rare);
}

static void
check_profile(Check *self)
{
	const char *id = nm_connection_get_id(self->params->connection);
	const char *uuid = nm_connection_get_uuid(self->params->connection);
	g_autoptr(GError) error = NULL;
	const Secret *secrets;
	guint n;

	check_report_head(self->report, _("Connection \"%s\"%s%s"), id ? id : "?", uuid ? " " : "",
					  uuid ? uuid : "");
	for (guint i = 0; self->params->notes && i < self->params->notes->len; i++)
		check_report_say(self->report, "%s", (const char *) self->params->notes->pdata[i]);
	self->profile = profile_new(self->params->connection, &error);
	if (!self->profile) {
		check_report_problem(self->report, "%s", error->message);
		return;
	}
	say_tunnel(self);
	if (profile_needs_import(self->profile))
		check_report_say(
			self->report,
			_("what is in the files of its certificates and keys is looked at when it connects"));
	if (profile_find_weakness(self->profile))
		check_report_warn(self->report, "%s", profile_find_weakness(self->profile));
	check_proposals(self, "ike");
	check_proposals(self, "esp");
	secrets = secret_all(&n);
	for (guint i = 0; i < n; i++)
		check_secret(self, &secrets[i]);
}

static gboolean
ask_version(Check *self, GError **error)
{
	Answer answer = {0};
	g_autoptr(GAsyncResult) result = NULL;

	libreswan_set_guard(self->libreswan, self->params->guard);
	libreswan_query_version_async(self->libreswan, NULL, on_answer, &answer);
	result = await(&answer);
	return libreswan_query_version_finish(result, error);
}

static void
check_libreswan(Check *self)
{
	g_autoptr(GError) error = NULL;

	check_report_head(self->report, "libreswan");
	self->libreswan = libreswan_new(self->params->libreswan_dir, &error);
	if (!self->libreswan || !ask_version(self, &error)) {
		check_report_problem(self->report, "%s", error->message);
		return;
	}
	self->has_version = TRUE;
	check_report_say(self->report, _("libreswan %u.%u in %s"), self->libreswan->major,
					 self->libreswan->minor, self->params->libreswan_dir);
	check_report_say(self->report,
					 self->libreswan->guarded ? _("it loads the guard library %s")
											  : _("it goes without the guard library %s"),
					 self->params->guard);
	if (!self->libreswan->certutil)
		check_report_problem(self->report,
							 _("NSS's certutil is not there: libreswan needs it too"));
	if (profile_wants_interface(self->profile) &&
		!libreswan_supports_interface(self->libreswan, &error))
		check_report_problem(self->report, "%s", error->message);
}

static gboolean
on_deadline(gpointer user_data)
{
	g_cancellable_cancel(user_data);
	return G_SOURCE_CONTINUE;
}

static void
say_route(Check *self)
{
	const IpNet *gateway = ends_get_gateway(self->ends);
	char address[IP_NET_STRLEN];
	UnderlayRoute underlay;
	g_autofree char *route = NULL;

	if (underlay_route_find(gateway, 0, &underlay, NULL))
		route = underlay_route_to_string(&underlay);
	if (g_str_equal(ip_net_to_string(gateway, address), profile_get(self->profile, "right")))
		check_report_say(self->report, _("%s, by %s"), address, route ? route : "?");
	else
		check_report_say(self->report, _("%s is %s, by %s"), profile_get(self->profile, "right"),
						 address, route ? route : "?");
}

static void
check_gateway(Check *self)
{
	g_autoptr(GCancellable) cancellable = g_cancellable_new();
	g_autoptr(GAsyncResult) result = NULL;
	g_autoptr(GError) error = NULL;
	Answer answer = {0};
	guint deadline;

	check_report_head(self->report, _("The gateway"));
	self->ends = ends_new(self->profile);
	deadline = g_timeout_add_seconds(LOOK_UP_S, on_deadline, cancellable);
	ends_find_async(self->ends, TRUE, 0, cancellable, on_answer, &answer);
	result = await(&answer);
	g_source_remove(deadline);
	self->has_ends = ends_find_finish(result, &error);
	if (self->has_ends)
		say_route(self);
	else if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
		check_report_problem(self->report, _("%s: no name server answers within %d s"),
							 profile_get(self->profile, "right"), LOOK_UP_S);
	else
		check_report_problem(self->report, "%s", error->message);
}

static guint16
auth_of(const Profile *profile)
{
	const gboolean psk = profile_needs_psk(profile);

	if (profile_get_xauth_user(profile) || profile_needs_xauthpassword(profile))
		return psk ? IKE_AUTH_XAUTH_PSK : IKE_AUTH_XAUTH_RSA;
	return psk ? IKE_AUTH_PSK : IKE_AUTH_RSA;
}

/* Under the same heading as its address. */
static void
probe(Check *self)
{
	const IkeProbeParams params = {
		.gateway = *ends_get_gateway(self->ends),
		.port = self->params->probe_port,
		.ikev2 = profile_is_ikev2(self->profile),
		.auth = auth_of(self->profile),
		.proposals = profile_get(self->profile, "ike"),
		.major = self->has_version ? self->libreswan->major : 5,
		.deadline_ms = IKE_PROBE_DEADLINE_MS,
		.retransmit_ms = IKE_PROBE_RETRANSMIT_MS,
	};
	g_auto(IkeProbeResult) result = {0};

	if (profile_is_aggressive(self->profile))
		check_report_warn(self->report, _("the probe asks in main mode; aggressive mode would say "
										  "who we are, and is not tried"));
	ike_probe(&params, &result);
	for (guint i = 0; i < result.notes->len; i++)
		check_report_say(self->report, "%s", (const char *) result.notes->pdata[i]);
	if (result.verdict == IKE_PROBE_ACCEPTED)
		check_report_say(self->report, "%s", result.text);
	else if (result.verdict == IKE_PROBE_NOT_ASKED || profile_is_aggressive(self->profile))
		check_report_warn(self->report, "%s", result.text);
	else
		check_report_problem(self->report, "%s", result.text);
}

/* A number that is free now; 0 where the profile wants no interface. */
static guint32
choose_if_id(const Check *self)
{
	guint32 number;

	if (!profile_wants_interface(self->profile))
		return 0;
	if (profile_get_interface_number(self->profile, &number))
		return number;
	number = xfrm_interface_find_free(
		self->has_version ? libreswan_lowest_if_id(self->libreswan) : 1, NULL);
	return number ? number : 1;
}

static void
show_conf(Check *self)
{
	const char *uuid = profile_get_uuid(self->profile);
	g_autofree char *directory = g_build_filename(self->params->base, uuid ? uuid : "UUID", NULL);
	g_autofree char *working = g_build_filename(directory, "pluto", NULL);
	g_autofree char *nss = g_build_filename(directory, "nss", NULL);
	g_autofree char *secrets = g_build_filename(directory, "ipsec.secrets", NULL);
	g_autofree char *updown = g_strdup_printf("%s %s/updown-1", self->params->helper, directory);
	const IpNet *listen = self->has_ends ? ends_get_listen(self->ends) : NULL;
	char gateway_text[IP_NET_STRLEN], listen_text[IP_NET_STRLEN];
	const IpsecConfParams params = {
		.libreswan_major = self->has_version ? self->libreswan->major : ASSUMED_MAJOR,
		.libreswan_minor = self->has_version ? self->libreswan->minor : ASSUMED_MINOR,
		.conn_name = "vpn",
		.dumpdir = working,
		.nssdir = nss,
		.secretsfile = secrets,
		.gateway =
			self->has_ends ? ip_net_to_string(ends_get_gateway(self->ends), gateway_text) : NULL,
		.listen = listen ? ip_net_to_string(listen, listen_text) : NULL,
		.if_id = choose_if_id(self),
		.updown = updown,
		.auto_mode = profile_is_on_demand(self->profile) ? "ondemand" : "start",
	};
	g_autoptr(GError) error = NULL;
	g_autofree char *conf = ipsec_conf_write(self->profile, &params, &error);

	check_report_head(self->report,
					  _("ipsec.conf for libreswan %u.%u (secrets are in another file)"),
					  params.libreswan_major, params.libreswan_minor);
	if (conf)
		check_report_text(self->report, conf);
	else
		check_report_problem(self->report, "%s", error->message);
}

static void
check_rest(Check *self)
{
	check_libreswan(self);
	check_gateway(self);
	if (self->has_ends && self->params->probe_port)
		probe(self);
	show_conf(self);
	check_host(self->report,
			   &(CheckHostParams){
				   .profile = self->profile,
				   .libreswan = self->has_version ? self->libreswan : NULL,
				   .listen = self->has_ends ? ends_get_ports(self->ends) : NULL,
				   .family = self->has_ends ? ends_get_gateway(self->ends)->family : AF_UNSPEC,
				   .root = "/",
			   });
}

int
check_run(CheckReport *report, const CheckParams *params)
{
	Check self = {.report = report, .params = params};
	guint n;

	check_profile(&self);
	if (self.profile)
		check_rest(&self);
	ends_free(self.ends);
	profile_free(self.profile);
	libreswan_free(self.libreswan);
	n = check_report_count_problems(report);
	if (n == 0)
		check_report_head(report, _("No problem was found."));
	else
		check_report_head(report, _("Problems: %u."), n);
	return n == 0 ? CHECK_GOOD : CHECK_PROBLEMS;
}
