/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is cleaned after a service that died, and what is another's by then. In a network namespace
 * of the test's own; states without keys, as a kernel without ESP has them.
 */
#include "config.h"

#include "host-resources.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>

#include "fake-xfrm-interface.h"
#include "kernel-xfrm.h"
#include "make-profile.h"
#include "own-netns.h"

#define UUID "6f1c3a5e-57a5-4bd8-8d4c-0f7a3a1b2c3d" /* make_profile()'s */

static const char *no_netns;
static Libreswan libreswan = {.major = 5, .minor = 2};

typedef struct {
	char *base;
	guint32 if_id;
} Fixture;

static void
set_up(Fixture *f, gconstpointer unused)
{
	f->base = g_dir_make_tmp("resources-XXXXXX", NULL);
}

static void
tear_down(Fixture *f, gconstpointer unused)
{
	if (!no_netns) {
		flush_xfrm(XFRM_MSG_FLUSHSA);
		flush_xfrm(XFRM_MSG_FLUSHPOLICY);
	}
	g_rmdir(f->base);
	g_free(f->base);
}

static void
assert_kernel(guint states, guint policies)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(XfrmTable) table = xfrm_table_read(&error);

	g_assert_no_error(error);
	g_assert_cmpuint(table->states->len, ==, states);
	g_assert_cmpuint(table->policies->len, ==, policies);
}

static HostResources *
take(const Fixture *f)
{
	g_autoptr(Profile) profile =
		make_profile("right=198.51.100.1\npskvalue=x\nxauthpassword=x\nleftxauthusername=joe\n");
	g_autoptr(GError) error = NULL;
	HostResources *resources = host_resources_take(f->base, profile, &libreswan, NULL, &error);

	g_assert_no_error(error);
	return resources;
}

/* A tunnel is up: what pluto has put into the kernel, and has said. */
static void
come_up(HostResources *resources)
{
	const XfrmOwnership record = {
		.child = child("10.30.1.1/32", "10.20.0.0/24"),
		.me = net("192.0.2.2"),
		.peer = net("198.51.100.1"),
		.reqid = 16389,
	};
	guint32 if_id = host_resources_if_id(resources);

	g_assert_cmpuint(if_id, >, 0);
	add_child("10.30.1.1/32", "10.20.0.0/24", if_id, 16389);
	add_state("198.51.100.1", "192.0.2.2", 0x100, if_id, 16389);
	add_state("192.0.2.2", "198.51.100.1", 0x101, if_id, 16389);
	host_resources_own(resources, &record);
}

/* A service with a tunnel that is up, and its death. */
static void
die(Fixture *f)
{
	int fds[2], status;
	pid_t pid;

	g_assert_cmpint(pipe(fds), ==, 0);
	pid = fork();
	if (pid == 0) {
		HostResources *resources = take(f);
		guint32 if_id = host_resources_if_id(resources);

		come_up(resources);
		if (write(fds[1], &if_id, sizeof(if_id)) != sizeof(if_id))
			_exit(1);
		kill(getpid(), SIGKILL);
	}
	close(fds[1]);
	g_assert_cmpint(read(fds[0], &f->if_id, sizeof(f->if_id)), ==, sizeof(f->if_id));
	close(fds[0]);
	g_assert_cmpint(waitpid(pid, &status, 0), ==, pid);
	g_assert_true(WIFSIGNALED(status));
	assert_kernel(2, 3);
}

static void
remove_interface(guint32 if_id)
{
	g_autofree char *command = g_strdup_printf("link del ipsec%u", if_id);

	ip("%s", command);
}

/* Another program's interface of that number, with a tunnel of its own. */
static void
make_others(guint32 if_id)
{
	const char *uuid = "00000000-0000-4000-8000-000000000000";
	g_autofree char *unmark = g_strdup_printf("link set ipsec%u alias other", if_id);
	g_autofree char *rename = g_strdup_printf("link set ipsec%u down name other0", if_id);
	g_autoptr(GError) error = NULL;
	XfrmInterface other;

	g_assert_true(xfrm_interface_create_numbered(uuid, if_id, 0, &other, &error));
	g_assert_no_error(error);
	ip("%s", unmark);
	ip("%s", rename);
	add_policy(XFRM_POLICY_OUT, "198.18.0.2/32", "198.18.9.0/24", if_id, 16389, 0);
	add_state("198.18.0.1", "198.18.0.2", 0x77, if_id, 16389);
}

static char *
said_by(const char *command)
{
	char *text = NULL;

	g_assert_true(g_spawn_command_line_sync(command, &text, NULL, NULL, NULL));
	return text;
}

static char *
view(const char *what)
{
	g_autofree char *command = g_strdup_printf("ip -d xfrm %s", what);

	return said_by(command);
}

static void
test_dead(Fixture *f, gconstpointer unused)
{
	if (skipped(no_netns))
		return;
	die(f);
	/* Of another reqid too: the link says that all of this number is ours. */
	add_child("10.30.1.1/32", "10.99.0.0/24", f->if_id, 16401);
	host_resources_clean_dead(f->base);
	assert_kernel(0, 0);
}

/* Of the routing table nothing is left, whatever has become of the interface. */
static void
test_dead_table(Fixture *f, gconstpointer unused)
{
	g_autofree char *rules = NULL, *rules_after = NULL, *routes = NULL;

	if (skipped(no_netns))
		return;
	rules = said_by("ip rule");
	die(f);
	ip("route add throw 10.20.0.1 table 213000001 proto 215");
	/* Of another service, which lives. */
	ip("rule add priority 19213 lookup 213000003 protocol 215");
	ip("route add throw 10.20.0.1 table 213000003 proto 215");
	ip("route add unreachable 10.20.0.0/24 table 213000001 proto 213");
	host_resources_clean_dead(f->base);
	ip("rule del priority 19213 lookup 213000003 protocol 215");
	ip("route del throw 10.20.0.1 table 213000003 proto 215");
	rules_after = said_by("ip rule");
	g_assert_cmpstr(rules_after, ==, rules);
	routes = said_by("ip route show table all");
	g_assert_null(strstr(routes, "21300000"));
}

/* Somebody has removed the interface, and nobody else has the number. */
static void
test_dead_without_interface(Fixture *f, gconstpointer unused)
{
	if (skipped(no_netns))
		return;
	die(f);
	remove_interface(f->if_id);
	host_resources_clean_dead(f->base);
	assert_kernel(0, 0);
}

static void
test_dead_and_taken(Fixture *f, gconstpointer unused)
{
	g_autofree char *states = NULL;
	g_autofree char *policies = NULL;
	g_autofree char *states_after = NULL;
	g_autofree char *policies_after = NULL;

	if (skipped(no_netns))
		return;
	die(f);
	remove_interface(f->if_id);
	flush_xfrm(XFRM_MSG_FLUSHSA);
	flush_xfrm(XFRM_MSG_FLUSHPOLICY);
	make_others(f->if_id);
	states = view("state");
	policies = view("policy");
	/* And ours. */
	add_child("10.30.1.1/32", "10.20.0.0/24", f->if_id, 16389);
	add_state("192.0.2.2", "198.51.100.1", 0x101, f->if_id, 16389);
	host_resources_clean_dead(f->base);
	states_after = view("state");
	policies_after = view("policy");
	g_assert_cmpstr(states_after, ==, states);
	g_assert_cmpstr(policies_after, ==, policies);
	assert_kernel(1, 1);
	ip("link del other0");
}

/* While the service lives. */
static void
test_living_and_taken(Fixture *f, gconstpointer unused)
{
	g_autoptr(HostResources) resources = NULL;
	guint32 if_id;

	if (skipped(no_netns))
		return;
	resources = take(f);
	if_id = host_resources_if_id(resources);
	come_up(resources);
	host_resources_sweep(resources);
	assert_kernel(0, 0);
	remove_interface(if_id);
	/* Nobody's, as far as one can see: ours. */
	add_child("10.30.1.1/32", "10.99.0.0/24", if_id, 16401);
	host_resources_sweep(resources);
	assert_kernel(0, 0);
	make_others(if_id);
	come_up(resources);
	host_resources_sweep(resources);
	assert_kernel(1, 1);
	ip("link del other0");
}

/* A swept claim is no claim for ever. */
static void
test_records_are_forgotten(Fixture *f, gconstpointer unused)
{
	g_autoptr(HostResources) resources = NULL;
	g_autofree char *file = g_build_filename(f->base, UUID, "xfrm-ownership", NULL);

	if (skipped(no_netns))
		return;
	resources = take(f);
	g_assert_false(g_file_test(file, G_FILE_TEST_EXISTS));
	come_up(resources);
	g_assert_true(g_file_test(file, G_FILE_TEST_EXISTS));
	host_resources_sweep(resources);
	g_assert_false(g_file_test(file, G_FILE_TEST_EXISTS));
	come_up(resources);
	g_assert_true(g_file_test(file, G_FILE_TEST_EXISTS));
}

#define ADD(name, test) g_test_add("/host-resources/" name, Fixture, NULL, set_up, test, tear_down)

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	no_netns = own_netns_enter();
	if (!no_netns)
		ip("link set lo up");
	ADD("dead", test_dead);
	ADD("dead/table", test_dead_table);
	ADD("dead/without-interface", test_dead_without_interface);
	ADD("dead/taken", test_dead_and_taken);
	ADD("living/taken", test_living_and_taken);
	ADD("records-are-forgotten", test_records_are_forgotten);
	return g_test_run();
}
