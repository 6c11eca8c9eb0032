/* SPDX-License-Identifier: GPL-2.0-or-later */
/* In a network namespace of the test's. */
#include "config.h"

#include "link-names.h"
#include "own-netns.h"
#include "no-descriptors.h"

#include <gio/gio.h>
#include <glib/gstdio.h>

#define EVIL "';sh${IFS}i*;'"

static const char *no_netns;

/* ip(8) with a name that no shell sees, as %s. */
static void
ip_named(const char *format, const char *name)
{
	g_autofree char *quoted = g_shell_quote(name);
	g_auto(GStrv) parts = g_strsplit(format, "%s", -1);
	g_autofree char *command = g_strjoinv(quoted, parts);

	ip("%s", command);
}

/* @quoted: how it stands in the sentence; NULL for none. */
static void
assert_refused(const char *quoted)
{
	g_autoptr(GError) error = NULL;
	gboolean ok = link_names_check(&error);

	if (!quoted) {
		g_assert_no_error(error);
		g_assert_true(ok);
		return;
	}
	g_assert_error(error, LINK_NAMES_ERROR, LINK_NAMES_ERROR_NAME);
	g_assert_false(ok);
	if (!strstr(error->message, quoted))
		g_error("%s: not in: %s", quoted, error->message);
}

static void
test_links(void)
{
	static const char *const good[] = {"v", "eth0.7", "wlx00c0ca-b_c@d", "123456789012345"};
	static const char *const bad[] = {
		EVIL,  "a'b", "a$b", "a;b", "a`b", "a|b", "a>b",         "a(b",
		"a*b", "a~b", "a#b", "a=b", "a,b", "a+b", "b\xc3\xbcro", "a\\b",
	};

	if (skipped(no_netns))
		return;
	assert_refused(NULL);
	for (guint i = 0; i < G_N_ELEMENTS(good); i++) {
		ip_named("link add name %s type veth peer name peer", good[i]);
		assert_refused(NULL);
		ip_named("link del dev %s", good[i]);
	}
	for (guint i = 0; i < G_N_ELEMENTS(bad); i++) {
		g_test_message("%s", bad[i]);
		ip("link add name good type veth peer name peer");
		assert_refused(NULL);
		ip_named("link set dev good name %s", bad[i]);
		assert_refused(strchr(bad[i], '\\') ? "" : bad[i]);
		ip("link del dev peer");
		assert_refused(NULL);
	}
}

/* pluto has no use for them, so they may be what they like. */
static void
test_alternative_names(void)
{
	if (skipped(no_netns))
		return;
	ip("link add name good type veth peer name peer");
	ip_named("link property add dev good altname %s", EVIL);
	assert_refused(NULL);
	ip("link del dev good");
}

static void
test_labels(void)
{
	if (skipped(no_netns))
		return;
	ip("link add name va type veth peer name peer");
	ip("addr add 192.0.2.1/24 dev va label va:1");
	ip("addr add 192.0.2.2/24 dev va label va:eth-_2.x");
	assert_refused(NULL);
	ip_named("addr add 192.0.2.3/24 dev va label %s", "va:';sh${IFS}i*");
	assert_refused("the address label \"va:';sh${IFS}i*\" has");
	ip("addr del 192.0.2.3/24 dev va");
	assert_refused(NULL);
	ip("link del dev va");
}

/* The watch */

typedef struct {
	GString *told;
	GMainLoop *loop;
} Listener;

static void
on_name(const char *what, gpointer user_data)
{
	Listener *listener = user_data;

	g_string_append(listener->told, what);
	g_main_loop_quit(listener->loop);
}

static gboolean
on_too_late(gpointer user_data)
{
	g_main_loop_quit(user_data);
	return G_SOURCE_CONTINUE;
}

/* @quoted: NULL where nothing is to be told, for which a tenth of a second is waited. */
static void
assert_told(Listener *listener, const char *quoted)
{
	guint source = g_timeout_add(quoted ? 10000 : 100, on_too_late, listener->loop);

	if (listener->told->len == 0)
		g_main_loop_run(listener->loop);
	g_source_remove(source);
	if (!quoted)
		g_assert_cmpstr(listener->told->str, ==, "");
	else if (!strstr(listener->told->str, quoted))
		g_error("%s: not in: %s", quoted, listener->told->str);
	g_string_truncate(listener->told, 0);
}

static void
test_watch(void)
{
	Listener listener = {g_string_new(NULL), g_main_loop_new(NULL, FALSE)};
	g_autoptr(GError) error = NULL;
	LinkNames *names;

	if (!skipped(no_netns)) {
		names = link_names_watch(on_name, &listener, &error);
		g_assert_no_error(error);
		ip("link add name va type veth peer name peer");
		ip("link set dev va up");
		ip("addr add 192.0.2.1/24 dev va label va:1");
		assert_told(&listener, NULL);

		ip_named("link add name %s type veth peer name evil-peer", EVIL);
		assert_told(&listener, "the network interface \"" EVIL "\" has other characters");
		ip("link del dev evil-peer");
		assert_told(&listener, NULL); /* what goes is no news */

		ip("link set dev va down");
		assert_told(&listener, NULL);
		ip_named("link set dev va name %s", "a;b");
		assert_told(&listener, "the network interface \"a;b\"");
		ip_named("link set dev %s name va", "a;b");
		assert_told(&listener, NULL);

		ip_named("addr add 192.0.2.2/24 dev va label %s", "va:`b`");
		assert_told(&listener, "the address label \"va:`b`\"");
		link_names_free(names);
		ip_named("link set dev va name %s", "a;b");
		assert_told(&listener, NULL);
		ip("link del dev peer");
	}
	g_string_free(listener.told, TRUE);
	g_main_loop_unref(listener.loop);
	link_names_free(NULL);
}

/* More messages than the socket takes while nobody reads: it looks for itself. */
static void
test_overflow(void)
{
	Listener listener = {g_string_new(NULL), g_main_loop_new(NULL, FALSE)};
	g_autoptr(GError) error = NULL;
	g_autoptr(LinkNames) names = NULL;
	g_autofree char *path = NULL, *command = NULL;

	if (!skipped(no_netns)) {
		names = link_names_watch(on_name, &listener, &error);
		g_assert_no_error(error);
		ip("link add name va type veth peer name peer");
		close(g_file_open_tmp("link-names-XXXXXX", &path, &error));
		g_assert_no_error(error);
		command = g_strdup_printf("-batch %s", path);
		for (guint i = 0; i < 4; i++) {
			g_autoptr(GString) batch = g_string_new(NULL);

			for (guint j = 0; j < 250; j++)
				g_string_append_printf(batch, "link set dev va mtu %u\n", 1400 + j % 2);
			g_assert_true(g_file_set_contents(path, batch->str, -1, NULL));
			ip("%s", command);
		}
		ip_named("link set dev va name %s", "a;b");
		assert_told(&listener, "a;b");
		ip("link del dev peer");
		g_unlink(path);
	}
	g_string_free(listener.told, TRUE);
	g_main_loop_unref(listener.loop);
}

/* A name that cannot be read is not trusted. */
static void
test_no_descriptor(void)
{
	g_autoptr(GError) error = NULL;

	no_descriptors_begin();
	assert_no_descriptor(link_names_check(&error), error);
	assert_no_descriptor(link_names_watch(on_name, NULL, &error), error);
	no_descriptors_end();
}

int
main(int argc, char **argv)
{
	no_netns = own_netns_enter();
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/link-names/links", test_links);
	g_test_add_func("/link-names/alternative-names", test_alternative_names);
	g_test_add_func("/link-names/labels", test_labels);
	g_test_add_func("/link-names/watch", test_watch);
	g_test_add_func("/link-names/overflow", test_overflow);
	g_test_add_func("/link-names/no-descriptor", test_no_descriptor);
	return g_test_run();
}
