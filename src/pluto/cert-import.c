/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "cert-import.h"

#include <string.h>

#include "libreswan.h"
#include "secret.h"

/* Three files that are slow, and what comes after them; NetworkManager gives up a connection after
 * 60 s. */
#define DEADLINE_MS (3 * IMPORT_READ_MS + 6000)

typedef struct {
	GSubprocess *process;
	GCancellable *deadline; /* cancelled by the other, too */
	GCancellable *outer;
	gulong outer_id;
	guint source;
	CertReportKind kind;
	char *fields[IMPORT_N_FIELDS]; /* without the passphrase and the PIN themselves */
} Import;

static void
import_free(gpointer data)
{
	Import *self = data;

	g_clear_handle_id(&self->source, g_source_remove);
	if (self->outer)
		g_cancellable_disconnect(self->outer, self->outer_id);
	g_clear_object(&self->outer);
	g_clear_object(&self->deadline);
	if (self->process)
		libreswan_kill(self->process);
	g_clear_object(&self->process);
	for (guint i = 0; i < IMPORT_N_FIELDS; i++)
		g_free(self->fields[i]);
	g_free(self);
}

static void
on_outer_cancelled(GCancellable *outer, gpointer user_data)
{
	Import *self = user_data;

	g_clear_handle_id(&self->source, g_source_remove);
	g_cancellable_cancel(self->deadline);
}

static gboolean
on_deadline(gpointer user_data)
{
	Import *self = user_data;

	self->source = 0;
	g_cancellable_cancel(self->deadline);
	return G_SOURCE_REMOVE;
}

static void
wipe_request(gpointer data)
{
	GByteArray *request = data;

	explicit_bzero(request->data, request->len);
	g_byte_array_unref(request);
}

/* In one allocation of the final size, as a buffer that grows leaves copies behind. */
static GBytes *
write_request(const char *const fields[IMPORT_N_FIELDS])
{
	GByteArray *request;
	gsize size = 0;

	for (guint i = 0; i < IMPORT_N_FIELDS; i++)
		size += strlen(fields[i]) + 1;
	request = g_byte_array_sized_new((guint) size);
	for (guint i = 0; i < IMPORT_N_FIELDS; i++)
		g_byte_array_append(request, (const guint8 *) fields[i], (guint) strlen(fields[i]) + 1);
	return g_bytes_new_with_free_func(request->data, size, wipe_request, request);
}

static void
on_ended(GObject *source, GAsyncResult *result, gpointer user_data)
{
	g_autoptr(GTask) task = user_data;
	Import *self = g_task_get_task_data(task);
	g_autoptr(GBytes) text = NULL;
	GError *error = NULL;
	CertReport *report = NULL;

	if (g_subprocess_communicate_finish(G_SUBPROCESS(source), result, &text, NULL, &error))
		report = cert_report_parse(self->kind, g_bytes_get_data(text, NULL), g_bytes_get_size(text),
								   &error);
	else if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_BROKEN_PIPE)) {
		g_clear_error(&error);
		g_set_error_literal(
			&error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
			"the program that imports certificates has ended before it knew what to "
			"import");
	} else if (!g_cancellable_is_cancelled(self->outer) &&
			   g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
		g_clear_error(&error);
		g_set_error(&error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT,
					"the program that imports certificates has not ended in %d s and was killed",
					DEADLINE_MS / 1000);
	}
	if (report)
		g_task_return_pointer(task, report, (GDestroyNotify) cert_report_free);
	else
		g_task_return_error(task, error);
}

static void
set_fields(Import *self, const Profile *profile, const char *database, gboolean may_use_final_try)
{
	const char *owner = profile_get_owner(profile), *ca = profile_get(profile, "ca");
	const char *cert = profile_get(profile, "cert"), *key = profile_get(profile, "key");

	self->fields[IMPORT_FIELD_USER] = g_strdup(owner ? owner : "");
	self->kind = !database                       ? CERT_REPORT_CHECK
				 : profile_has_key_file(profile) ? CERT_REPORT_KEY
												 : CERT_REPORT_CERTIFICATES;
	self->fields[IMPORT_FIELD_CA] = g_strdup(ca && database ? ca : "");
	self->fields[IMPORT_FIELD_CERT] = g_strdup(cert ? cert : "");
	self->fields[IMPORT_FIELD_KEY] = g_strdup(key ? key : "");
	self->fields[IMPORT_FIELD_DATABASE] = g_strdup(database ? database : "");
	self->fields[IMPORT_FIELD_PASSPHRASE] = g_strdup("");
	self->fields[IMPORT_FIELD_PIN] = g_strdup("");
	self->fields[IMPORT_FIELD_FINAL_TRY] = g_strdup(may_use_final_try ? "yes" : "");
}

static GBytes *
make_request(const Import *self, const Profile *profile)
{
	const char *passphrase = profile_get_secret(profile, "cert-pass");
	const char *pin = secret_get(secret_find("pin"), profile);
	const char *fields[IMPORT_N_FIELDS];

	for (guint i = 0; i < IMPORT_N_FIELDS; i++)
		fields[i] = self->fields[i];
	fields[IMPORT_FIELD_PASSPHRASE] = passphrase ? passphrase : "";
	fields[IMPORT_FIELD_PIN] = pin ? pin : "";
	return write_request(fields);
}

static void
follow_cancellable(Import *self, GCancellable *cancellable)
{
	self->deadline = g_cancellable_new();
	if (!cancellable)
		return;
	self->outer = g_object_ref(cancellable);
	self->outer_id = g_cancellable_connect(cancellable, G_CALLBACK(on_outer_cancelled), self, NULL);
}

void
cert_import_async(const char *program, RunDirectory *directory, const Profile *profile,
				  gboolean may_use_final_try, GCancellable *cancellable,
				  GAsyncReadyCallback callback, gpointer user_data)
{
	g_autoptr(GTask) task = g_task_new(NULL, cancellable, callback, user_data);
	g_autofree char *database = directory ? run_directory_file(directory, "nss") : NULL;
	const char *const argv[] = {program, NULL};
	Import *self = g_new0(Import, 1);
	g_autoptr(GBytes) request = NULL;
	GError *error = NULL;

	g_task_set_task_data(task, self, import_free);
	set_fields(self, profile, database, may_use_final_try);
	if (!directory || run_directory_mkdir(directory, "nss", &error))
		self->process = libreswan_spawn_import(argv, database, &error);
	if (!self->process) {
		g_task_return_error(task, error);
		return;
	}
	self->source = g_timeout_add(DEADLINE_MS, on_deadline, self);
	follow_cancellable(self, cancellable);
	request = make_request(self, profile);
	g_subprocess_communicate_async(self->process, request, self->deadline, on_ended,
								   g_steal_pointer(&task));
}

CertReport *
cert_import_finish(GAsyncResult *result, char **explanation, GError **error)
{
	const Import *self = g_task_get_task_data(G_TASK(result));
	CertReport *report = g_task_propagate_pointer(G_TASK(result), error);

	*explanation = report && report->has_fault
					   ? cert_report_explain(report, (const char *const *) self->fields)
					   : NULL;
	return report;
}
