/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <errno.h>
#include <glib-unix.h>
#include <glib/gi18n.h>
#include <locale.h>
#include <signal.h>
#include <stdlib.h>

#include "check.h"
#include "check-source.h"
#include "host-resources.h"
#include "log.h"
#include "one-line.h"
#include "plugin.h"
#include "reaper.h"
#include "rights.h"
#include "run-directory.h"

#define IKE_PORT 500

typedef struct {
	GMainLoop *loop;
	Plugin *plugin;
	int exit_status;
} Program;

static void
on_shut_down(gpointer user_data)
{
	Program *program = user_data;

	g_main_loop_quit(program->loop);
}

static gboolean
on_signal(gpointer user_data)
{
	Program *program = user_data;

	plugin_shut_down(program->plugin, on_shut_down, program);
	return G_SOURCE_CONTINUE;
}

static void
on_quit(NMVpnServicePlugin *plugin, gpointer user_data)
{
	Program *program = user_data;

	plugin_quit(program->plugin, on_shut_down, program);
}

/* The version is asked for while NetworkManager still sends its request. */
static void
on_version(GObject *source, GAsyncResult *result, gpointer user_data)
{
	g_autoptr(GError) error = NULL;

	if (!libreswan_query_version_finish(result, &error))
		g_warning("%s", error->message);
}

static gboolean
wants_debug(gboolean option)
{
	const char *level = g_getenv("NM_VPN_LOG_LEVEL"); /* syslog(3); from NetworkManager */

	return option || g_getenv("NM_LIBRESWAN_DEBUG") || (level && atoi(level) >= 7);
}

static void
clean_dead(void)
{
	host_resources_clean_dead(RUN_DIRECTORY_BASE);
}

static int
run(const char *bus_name, gboolean persist)
{
	g_autoptr(Libreswan) libreswan = NULL;
	g_autoptr(GError) error = NULL;
	TunnelParams params = {
		.helper = LIBEXECDIR "/nm-libreswan-service-helper",
		.import = LIBEXECDIR "/nm-libreswan-service-import",
		.base = RUN_DIRECTORY_BASE,
	};
	Program program = {0};
	guint terminate, interrupt;

	libreswan = libreswan_new(LIBRESWAN_DIR, &error);
	if (!libreswan) {
		g_warning("%s", error->message);
		return EXIT_FAILURE;
	}
	params.libreswan = libreswan;
	/* Before anything that takes long: NetworkManager waits five seconds for the name, and may
	 * start many services at once. What it then asks waits for the main loop. */
	program.plugin = plugin_new(bus_name, &params, &error);
	if (!program.plugin) {
		g_warning("cannot be the D-Bus service %s: %s", bus_name, error->message);
		return EXIT_FAILURE;
	}
	libreswan_set_guard(libreswan, PKGLIBDIR "/pluto-guard.so");
	libreswan_query_version_async(libreswan, NULL, on_version, NULL);
	clean_dead();
	program.loop = g_main_loop_new(NULL, FALSE);
	if (!persist)
		g_signal_connect(program.plugin, "quit", G_CALLBACK(on_quit), &program);
	terminate = g_unix_signal_add(SIGTERM, on_signal, &program);
	interrupt = g_unix_signal_add(SIGINT, on_signal, &program);
	g_main_loop_run(program.loop);
	g_source_remove(terminate);
	g_source_remove(interrupt);
	plugin_end(program.plugin);
	g_main_loop_unref(program.loop);
	return EXIT_SUCCESS;
}

/* Before there is another thread: the kernel keeps capabilities for each. */
static gboolean
give_up_rights(void)
{
	const Rights rights = rights_plan(RIGHTS_SERVICE, rights_with_selinux(), NULL);
	const char *failed = rights_take(&rights);

	if (failed)
		g_warning("cannot give up what is not needed: %s: %s", failed, g_strerror(errno));
	return !failed;
}

static void
print_line(const char *line, gpointer unused)
{
	g_print("%s", line);
}

/* A file's faults are in a line each. */
static void
print_error(const char *message)
{
	g_auto(GStrv) lines = g_strsplit(message, "\n", -1);

	for (char **line = lines; *line; line++) {
		g_autofree char *shown = one_line(*line, 0);

		g_printerr("%s%s\n", line == lines ? "nm-libreswan-service: " : "", shown);
	}
}

/* What may take root's rights is read first; what is in it is looked at without them. */
static int
check(const char *what, gboolean probe)
{
	g_autoptr(CheckReport) report = check_report_new(print_line, NULL);
	g_autoptr(GPtrArray) notes = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GError) error = NULL;
	g_autoptr(CheckSource) source = check_source_open(what, &error);
	g_autoptr(NMConnection) connection = NULL;

	if (source && !give_up_rights())
		return CHECK_FAILED;
	connection = source ? check_source_get(source, notes, &error) : NULL;
	if (!connection) {
		print_error(error->message);
		/* A file that cannot be a connection is what was asked about. */
		return source && error->domain == PROFILE_ERROR ? CHECK_PROBLEMS : CHECK_FAILED;
	}
	return check_run(report, &(CheckParams){
								 .connection = connection,
								 .notes = notes,
								 .probe_port = probe ? IKE_PORT : 0,
								 .has_secrets = check_source_has_secrets(source),
								 .libreswan_dir = LIBRESWAN_DIR,
								 .guard = PKGLIBDIR "/pluto-guard.so",
								 .helper = LIBEXECDIR "/nm-libreswan-service-helper",
								 .base = RUN_DIRECTORY_BASE,
							 });
}

int
main(int argc, char **argv)
{
	gboolean persist = FALSE, debug = FALSE, version = FALSE;
	g_autofree char *bus_name = NULL;
	g_autofree char *what = NULL;
	gboolean probe = FALSE;
	const GOptionEntry entries[] = {
		{"bus-name", 0, 0, G_OPTION_ARG_STRING, &bus_name, N_("D-Bus name to own"), N_("NAME")},
		{"persist", 0, 0, G_OPTION_ARG_NONE, &persist,
		 N_("Stay when NetworkManager needs the service no more"), NULL},
		{"debug", 0, 0, G_OPTION_ARG_NONE, &debug,
		 N_("Log every event, state and action, and each line of pluto"), NULL},
		{"check", 0, 0, G_OPTION_ARG_FILENAME, &what,
		 N_("Say what would be wrong with a connection, without connecting, and exit"),
		 N_("NAME|UUID|FILE")},
		{"probe", 0, 0, G_OPTION_ARG_NONE, &probe,
		 N_("With --check: ask the gateway whether it takes the proposals; no login is tried"),
		 NULL},
		{"version", 0, 0, G_OPTION_ARG_NONE, &version, N_("Print the version and exit"), NULL},
		{NULL},
	};
	g_autoptr(GOptionContext) context = g_option_context_new(NULL);
	g_autoptr(GError) error = NULL;

	setlocale(LC_ALL, "");
	bindtextdomain(GETTEXT_PACKAGE, LOCALEDIR);
	bind_textdomain_codeset(GETTEXT_PACKAGE, "UTF-8");
	textdomain(GETTEXT_PACKAGE);

	g_option_context_add_main_entries(context, entries, GETTEXT_PACKAGE);
	g_option_context_set_summary(
		context, _("The service through which NetworkManager runs IPsec tunnels with libreswan. "
				   "NetworkManager starts it by itself."));
	if (!g_option_context_parse(context, &argc, &argv, &error)) {
		g_printerr("%s\n", error->message);
		return EXIT_FAILURE;
	}
	if (version) {
		g_print("%s\n", PACKAGE_STRING);
		return EXIT_SUCCESS;
	}
	if (argc > 1) {
		g_printerr(_("%s: no arguments are taken, but \"%s\" was given\n"), g_get_prgname(),
				   argv[1]);
		return EXIT_FAILURE;
	}
	if (probe && !what) {
		g_printerr(_("%s: --probe belongs to --check\n"), g_get_prgname());
		return EXIT_FAILURE;
	}
	log_start(wants_debug(debug));
	/* Of a program that ends before it has read what it is told. */
	signal(SIGPIPE, SIG_IGN);
	if (!rights_begin()) {
		g_warning("cannot keep memory and files private: %s", g_strerror(errno));
		return EXIT_FAILURE;
	}
	if (what)
		return check(what, probe);
	if (!reaper_start(clean_dead)) {
		g_warning("no second process: %s", g_strerror(errno));
		return EXIT_FAILURE;
	}
	if (!give_up_rights())
		return EXIT_FAILURE;
	return run(bus_name ? bus_name : PLUGIN_BUS_NAME, persist);
}
