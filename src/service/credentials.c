/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "credentials.h"

#include "cert-import.h"

struct _Credentials {
	char *program;
	CertReport *report;    /* NULL: nothing is imported */
	const char *wanted;    /* the secret that was missing or wrong */
	const char *gateway;   /* how it proves who it is, once it has shown that */
	const char *rightauth; /* how it was to prove it last; NULL: as libreswan finds out */
	gboolean has_looked;   /* at the token, for this connection */
	gboolean is_untried;   /* the secret that is wanted is there, and was not tried */
};

G_DEFINE_QUARK(credentials - error - quark, credentials_error)

Credentials *
credentials_new(const char *program)
{
	Credentials *self = g_new0(Credentials, 1);

	self->program = g_strdup(program);
	return self;
}

void
credentials_free(Credentials *self)
{
	if (!self)
		return;
	credentials_forget(self);
	g_free(self->program);
	g_free(self);
}

void
credentials_forget(Credentials *self)
{
	g_clear_pointer(&self->report, cert_report_free);
	self->wanted = NULL;
	self->gateway = NULL;
	self->rightauth = NULL;
	self->has_looked = FALSE;
	self->is_untried = FALSE;
}

/* Whether somebody has typed the PIN for this attempt: as one that is asked for each time, or as
 * the answer to what was wanted. */
static gboolean
is_typed(const Credentials *self, const Profile *profile)
{
	return g_strcmp0(self->wanted, "pin") == 0 ||
		   (!self->has_looked &&
			profile_get_secret_flags(profile, "pin") & NM_SETTING_SECRET_FLAG_NOT_SAVED);
}

static const char *
find_wanted(const CertReport *report)
{
	return cert_report_is_about_passphrase(report) ? "cert-pass"
		   : cert_report_is_about_pin(report)      ? "pin"
												   : NULL;
}

static GError *
error_of(const CertReport *report, const char *explanation)
{
	if (find_wanted(report))
		return g_error_new_literal(CREDENTIALS_ERROR,
								   report->fault == IMPORT_FAULT_NEEDS_PASSPHRASE ||
										   report->fault == IMPORT_FAULT_NEEDS_PIN
									   ? CREDENTIALS_ERROR_MISSING
									   : CREDENTIALS_ERROR_WRONG,
								   explanation);
	if (report->fault == IMPORT_FAULT_DATABASE || report->fault == IMPORT_FAULT_BAD_REQUEST)
		return g_error_new_literal(G_IO_ERROR, G_IO_ERROR_FAILED, explanation);
	return g_error_new_literal(PROFILE_ERROR, PROFILE_ERROR_INVALID, explanation);
}

static void
on_imported(GObject *source, GAsyncResult *result, gpointer user_data)
{
	g_autoptr(GTask) task = user_data;
	g_autofree char *explanation = NULL;
	g_autoptr(CertReport) report = NULL;
	Credentials *self;
	GError *error = NULL;

	report = cert_import_finish(result, &explanation, &error);
	/* Then there may be no Credentials any more. */
	if (g_task_return_error_if_cancelled(task)) {
		g_clear_error(&error);
		return;
	}
	if (!report) {
		g_task_return_error(task, error);
		return;
	}
	self = g_task_get_task_data(task);
	if (report->has_fault) {
		self->wanted = find_wanted(report);
		self->is_untried = report->fault == IMPORT_FAULT_FINAL_TRY;
		g_task_return_error(task, error_of(report, explanation));
		return;
	}
	self->wanted = NULL;
	self->is_untried = FALSE;
	if (!self->report)
		self->report = g_steal_pointer(&report);
	g_task_return_boolean(task, TRUE);
}

void
credentials_import_async(Credentials *self, RunDirectory *directory, const Profile *profile,
						 GCancellable *cancellable, GAsyncReadyCallback callback,
						 gpointer user_data)
{
	g_autoptr(GTask) task = g_task_new(NULL, cancellable, callback, user_data);

	if (!profile_needs_import(profile) || (self->report && !profile_get_token(profile))) {
		g_task_return_boolean(task, TRUE);
		return;
	}
	g_task_set_task_data(task, self, NULL);
	cert_import_async(self->program, self->report ? NULL : directory, profile,
					  is_typed(self, profile), cancellable, on_imported, g_steal_pointer(&task));
	self->has_looked = TRUE;
}

gboolean
credentials_import_finish(GAsyncResult *result, GError **error)
{
	return g_task_propagate_boolean(G_TASK(result), error);
}

const char *
credentials_get_wanted(const Credentials *self)
{
	return self->wanted;
}

gboolean
credentials_is_untried(const Credentials *self)
{
	return self->is_untried;
}

gboolean
credentials_find(Credentials *self, const Profile *profile, IpsecConfCertificates *certificates,
				 GError **error)
{
	*certificates = (IpsecConfCertificates){NULL};
	self->rightauth = NULL;
	if (!self->report)
		return cert_policy_check_ours(profile, error);
	if (!cert_policy_find(profile, self->report, self->gateway, certificates, error))
		return FALSE;
	self->rightauth = certificates->rightauth;
	return TRUE;
}

gboolean
credentials_learn(Credentials *self, const char *text)
{
	const char *gateway = self->rightauth && !self->gateway ? cert_policy_of_gateway(text) : NULL;

	if (!gateway || g_str_equal(gateway, self->rightauth))
		return FALSE;
	self->gateway = gateway;
	return TRUE;
}
