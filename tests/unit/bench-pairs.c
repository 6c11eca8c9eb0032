/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How long 64, 128 and 256 pairs of nets take to come up, without an interface: pluto stands still
 * at each updown event. Each is told as a ratio to the first, in one run; twice as many pairs
 * should take twice as long. The pause is the longest that the service's main loop has dealt with
 * anything.
 */
#include "config.h"

#include "tunnel.h"

#include <glib/gstdio.h>

#include "fake-libreswan.h"
#include "fake-uplink.h"
#include "make-profile.h"

#define HELPER BUILDDIR "/nm-libreswan-service-helper"

typedef struct {
	guint n_reports, n_idle;
	gint64 longest_us;
} Seen;

typedef struct {
	double up_s, down_s;
	double up_ms, down_ms; /* longest pauses */
} Figures;

static void
on_report(const IpReport *report, gpointer user_data)
{
	((Seen *) user_data)->n_reports++;
}

static void
on_ask(const char *key, const char *message, const IpReport *last, gpointer user_data)
{
	g_assert_not_reached();
}

static void
on_failed(MachineFailure failure, const char *message, gpointer user_data)
{
	g_error("%s", message);
}

static void
on_idle(gpointer user_data)
{
	((Seen *) user_data)->n_idle++;
}

static const TunnelCallbacks callbacks = {on_report, on_ask, on_failed, on_idle};

static void
iterate(Seen *seen)
{
	gint64 began = g_get_monotonic_time();

	if (g_main_context_iteration(NULL, FALSE))
		seen->longest_us = MAX(seen->longest_us, g_get_monotonic_time() - began);
	else
		g_usleep(50);
}

static char *
list_nets(const char *format, guint n)
{
	g_autoptr(GString) list = g_string_new(NULL);

	for (guint i = 0; i < n; i++)
		g_string_append_printf(list, "%s10.%s.%u.0/24", i ? "," : "", format, i);
	return g_string_free(g_steal_pointer(&list), FALSE);
}

static void
send_up(FakeProcess *pluto, guint left, guint right)
{
	fake_send(pluto,
			  "updown up-client PLUTO_CONNECTION='vpn/%ux%u' PLUTO_CONNECTION_TYPE='tunnel' "
			  "PLUTO_VIRT_INTERFACE='NULL' PLUTO_XFRMI_ROUTE='' PLUTO_ME='" UPLINK_ME "' "
			  "PLUTO_MY_CLIENT='10.1.%u.0/24' PLUTO_SA_REQID=%u PLUTO_PEER='" UPLINK_GATEWAY "' "
			  "PLUTO_PEER_CLIENT='10.2.%u.0/24' PLUTO_CONN_ADDRFAMILY='ipv4' PLUTO_CFG_CLIENT=0",
			  left + 1, right + 1, left, 16388 + 4 * (left * 16 + right), right);
}

static Figures
run(guint n_left, guint n_right)
{
	g_autoptr(FakeLibreswan) fake = fake_libreswan_new();
	Libreswan *libreswan = fake_libreswan_open(fake);
	g_autofree char *directory = g_dir_make_tmp("bench-XXXXXX", NULL);
	g_autofree char *base = g_build_filename(directory, "run", NULL);
	g_autofree char *lefts = list_nets("1", n_left);
	g_autofree char *rights = list_nets("2", n_right);
	g_autofree char *profile =
		g_strdup_printf("right=" UPLINK_GATEWAY "\nikev2=insist\npskvalue=secret\nleft=" UPLINK_ME
						"\nleftmodecfgclient=no\nleftsubnets=%s\nrightsubnets=%s",
						lefts, rights);
	const TunnelParams params = {.helper = HELPER, .libreswan = libreswan, .base = base};
	Seen seen = {0};
	Tunnel *tunnel = tunnel_new(&params, &callbacks, &seen);
	Figures figures;
	FakeProcess *pluto;
	gint64 began;

	tunnel_connect(tunnel, make_profile(profile), FALSE);
	pluto = fake_next(fake, "pluto");
	seen = (Seen){0};
	began = g_get_monotonic_time();
	for (guint i = 0; i < n_left; i++) {
		for (guint j = 0; j < n_right; j++) {
			send_up(pluto, i, j);
			while (!fake_is_idle(pluto))
				iterate(&seen);
			g_assert_cmpint(fake_status(pluto), ==, 0);
		}
	}
	figures.up_s = (double) (g_get_monotonic_time() - began) / G_USEC_PER_SEC;
	while (seen.n_reports == 0)
		iterate(&seen);
	figures.up_ms = (double) seen.longest_us / 1000;
	seen.longest_us = 0;
	began = g_get_monotonic_time();
	tunnel_disconnect(tunnel);
	while (seen.n_idle == 0)
		iterate(&seen);
	figures.down_s = (double) (g_get_monotonic_time() - began) / G_USEC_PER_SEC;
	figures.down_ms = (double) seen.longest_us / 1000;
	tunnel_free(tunnel);
	g_clear_pointer(&fake, fake_libreswan_free);
	until(libreswan->asking == NULL);
	libreswan_free(libreswan);
	g_rmdir(directory);
	return figures;
}

static GLogWriterOutput
write_nothing(GLogLevelFlags level, const GLogField *fields, gsize n_fields, gpointer user_data)
{
	return level & (G_LOG_LEVEL_WARNING | G_LOG_LEVEL_CRITICAL)
			   ? g_log_writer_default(level, fields, n_fields, user_data)
			   : G_LOG_WRITER_HANDLED;
}

int
main(int argc, char **argv)
{
	static const guint sizes[] = {4, 8, 16};
	const char *no_netns = fake_uplink_enter();
	Figures first = {0};

	g_setenv("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nonexistent/bus", TRUE);
	if (no_netns) {
		g_printerr("bench-pairs needs a network namespace: %s\n", no_netns);
		return 77;
	}
	g_log_set_writer_func(write_nothing, NULL, NULL);
	run(1, 16); /* warm */
	g_print("pairs  up, s  ratio  per pair, ms  longest pause, ms  down, s  ratio  longest pause, "
			"ms\n");
	for (guint i = 0; i < G_N_ELEMENTS(sizes); i++) {
		const guint n = 16 * sizes[i];
		Figures figures = run(sizes[i], 16);

		if (i == 0)
			first = figures;
		g_print("%5u  %5.2f  %5.2f  %12.2f  %17.1f  %7.2f  %5.2f  %17.1f\n", n, figures.up_s,
				figures.up_s / first.up_s, 1000 * figures.up_s / n, figures.up_ms, figures.down_s,
				figures.down_s / first.down_s, figures.down_ms);
	}
	return 0;
}
