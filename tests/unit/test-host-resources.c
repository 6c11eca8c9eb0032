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
#include "fallback-routes.h"
#include "block-policies.h"
#include "host-check.h"
#include "kernel-xfrm.h"
#include "make-profile.h"
#include "own-netns.h"
#include "underlay-route.h"

#define OTHER_UUID "0b0f6f1e-3c52-4b8a-9d0e-2f4f3f0f9a11"
#define UUID       "6f1c3a5e-57a5-4bd8-8d4c-0f7a3a1b2c3d" /* make_profile()'s */

static const char *no_netns;
static Libreswan libreswan = {.major = 5, .minor = 2};
static Libreswan kept_apart = {.major = 5, .minor = 2, .guarded = TRUE};

typedef struct {
	char *base;
	guint32 if_id;
	pid_t pluto; /* of the service that dies; 0 for none */
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

/* @more: lines of the profile. */
static HostResources *
try_to_take(const Fixture *f, const char *more, const Libreswan *with, GError **error)
{
	g_autofree char *text = g_strconcat("right=198.51.100.1\npskvalue=x\nxauthpassword=x\n"
										"leftxauthusername=joe\n",
										more, NULL);
	g_autoptr(Profile) profile = make_profile(text);

	return host_resources_take(f->base, profile, with, NULL, NULL, error);
}

static HostResources *
take(const Fixture *f)
{
	g_autoptr(GError) error = NULL;
	HostResources *resources = try_to_take(f, "", &kept_apart, &error);

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
	const IpNet gateway = net("198.51.100.1");
	guint32 if_id = host_resources_if_id(resources);

	g_assert_cmpuint(if_id, >, 0);
	host_resources_set_gateway(resources, &gateway);
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
		if (f->pluto)
			host_resources_note_pluto(resources, f->pluto);
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

static char *
routes(void)
{
	return said_by("ip route show table all");
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

/* Its pluto goes with it, and the routes that it has left in the kernel; where nobody has died they
 * are somebody's. */
static void
test_dead_pluto(Fixture *f, gconstpointer unused)
{
	const char *argv[] = {"sleep", "1000", NULL};
	g_autofree char *before = NULL;
	g_autofree char *after = NULL;
	int status;

	if (skipped(no_netns))
		return;
	ip("route add unreachable 198.18.1.0/24 metric 51 proto " G_STRINGIFY(
		FALLBACK_ROUTES_PROTOCOL));
	ip("route add 198.18.2.1/32 dev lo metric 1 proto " G_STRINGIFY(UNDERLAY_ROUTE_PROTOCOL));
	host_resources_clean_dead(f->base);
	before = routes();
	g_assert_nonnull(strstr(before, "198.18.1.0/24"));
	g_assert_nonnull(strstr(before, "198.18.2.1"));
	g_assert_true(g_spawn_async(NULL, (char **) argv, NULL,
								G_SPAWN_SEARCH_PATH | G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL,
								&f->pluto, NULL));
	die(f);
	host_resources_clean_dead(f->base);
	g_assert_cmpint(waitpid(f->pluto, &status, 0), ==, f->pluto);
	g_assert_true(WIFSIGNALED(status));
	g_assert_cmpint(WTERMSIG(status), ==, SIGKILL);
	after = routes();
	g_assert_null(strstr(after, "198.18.1."));
	g_assert_nonnull(strstr(after, "198.18.2.1")); /* another's, by all that is known */
	ip("route del 198.18.2.1");
}

/* A connection of ours beside this one, that lives. */
static RunDirectory *
open_other(const Fixture *f)
{
	RunDirectory *other = run_directory_open(f->base, OTHER_UUID, NULL);

	g_assert_nonnull(other);
	return other;
}

static void
close_other(RunDirectory *other)
{
	g_assert_true(run_directory_remove(other, NULL));
	run_directory_close(other);
}

static void
write_other(RunDirectory *other, const char *name, const char *text)
{
	g_assert_true(run_directory_write(other, name, text, strlen(text), NULL));
}

static gboolean
dead_leaves_route(Fixture *f)
{
	g_autofree char *file = g_build_filename(f->base, UUID, "host-route", NULL);
	g_autofree char *after = NULL;

	ip("route replace 198.18.2.1/32 dev lo metric 1 proto " G_STRINGIFY(UNDERLAY_ROUTE_PROTOCOL));
	die(f);
	g_assert_true(g_file_set_contents(file, "198.18.2.1", -1, NULL));
	host_resources_clean_dead(f->base);
	after = routes();
	return strstr(after, "198.18.2.1") != NULL;
}

/* The host route to the gateway, too, unless a living one has it. */
static void
test_dead_host_route(Fixture *f, gconstpointer unused)
{
	RunDirectory *other;

	if (skipped(no_netns))
		return;
	g_assert_false(dead_leaves_route(f));
	other = open_other(f);
	g_assert_false(dead_leaves_route(f));
	write_other(other, "host-route", "198.18.2.1");
	g_assert_true(dead_leaves_route(f));
	write_other(other, "host-route", "198.18.2.9");
	g_assert_false(dead_leaves_route(f));
	close_other(other);
}

/* An SPI that a dead service's pluto had taken for a negotiation that never ended; not those with
 * another gateway. */
static void
test_dead_negotiation(Fixture *f, gconstpointer unused)
{
	if (skipped(no_netns))
		return;
	die(f);
	add_state("198.51.100.1", "192.0.2.2", 0x1000, 0, 16389);
	add_state("198.51.100.9", "192.0.2.2", 0x1001, 0, 16389);
	host_resources_clean_dead(f->base);
	assert_kernel(1, 0);
}

/* A state that names no process is said, and the rest is cleaned all the same. */
static void
test_dead_with_bad_state(Fixture *f, gconstpointer unused)
{
	g_autofree char *state = g_build_filename(f->base, UUID, "state", NULL);

	if (skipped(no_netns))
		return;
	die(f);
	g_assert_true(g_file_set_contents(state, "nonsense", -1, NULL));
	g_test_expect_message(G_LOG_DOMAIN, G_LOG_LEVEL_WARNING, "*/state does not name a process*");
	host_resources_clean_dead(f->base);
	g_test_assert_expected_messages();
	assert_kernel(0, 0);
	g_assert_false(g_file_test(state, G_FILE_TEST_EXISTS));
}

/* As pluto 4.x makes when it starts: one that lets neighbour discovery pass. */
static void
put_hole(guint16 type)
{
	const XfrmPolicy hole = {.src = net("::/0"),
							 .dst = net("::/0"),
							 .sport = type,
							 .proto = IPPROTO_ICMPV6,
							 .family = AF_INET6,
							 .dir = XFRM_POLICY_OUT,
							 .action = XFRM_POLICY_ALLOW,
							 .priority = 1};
	g_autoptr(XfrmTable) table = xfrm_table_new();

	g_array_append_val(table->policies, hole);
	g_assert_true(xfrm_table_put(table, NULL));
}

/* An IKE daemon of somebody else's, as far as one can see. */
static int
start_daemon(void)
{
	const struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(500)};
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	g_assert_cmpint(bind(fd, (const struct sockaddr *) &address, sizeof(address)), ==, 0);
	return fd;
}

/* What others have in the kernel stays, whatever becomes of a connection of ours. */
static void
test_beside_others(Fixture *f, gconstpointer unused)
{
	const IpNet gateway = net("198.51.100.1");
	g_autoptr(GError) error = NULL;
	HostResources *resources;
	RunDirectory *other;
	int fd;

	if (skipped(no_netns))
		return;
	other = open_other(f);
	fd = start_daemon();
	put_hole(135);
	put_hole(136);
	add_child("10.30.7.1/32", "10.20.0.0/24", 0, 16389);
	add_state("198.51.100.1", "192.0.2.2", 0x1000, 0, 16389);
	resources = try_to_take(f, "", &kept_apart, &error);
	g_assert_no_error(error);
	come_up(resources);
	host_resources_set_gateway(resources, &gateway);
	host_resources_sweep(resources);
	assert_kernel(1, 5);
	come_up(resources);
	host_resources_remove(resources);
	assert_kernel(1, 5);
	close(fd);
	close_other(other);
}

static void
assert_refused(const Fixture *f, const char *more, const Libreswan *with, const IpNet *gateway,
			   const char *why)
{
	g_autofree char *text =
		g_strconcat("right=198.51.100.1\npskvalue=x\nikev2=insist\n", more, NULL);
	g_autofree char *path = g_build_filename(f->base, UUID, NULL);
	g_autoptr(Profile) profile = make_profile(text);
	g_autoptr(GError) error = NULL;

	g_assert_null(host_resources_take(f->base, profile, with, NULL, gateway, &error));
	g_assert_true(error->domain == HOST_CHECK_ERROR);
	g_test_message("%s", error->message);
	g_assert_true(g_pattern_match_simple(why, error->message));
	g_assert_false(g_file_test(path, G_FILE_TEST_EXISTS));
}

/* A pluto that cannot be kept from others is not started beside them, and nothing is touched. */
static void
test_alone(Fixture *f, gconstpointer unused)
{
	const Libreswan untried = {.major = 5, .minor = 6, .guarded = TRUE};
	HostResources *resources;
	RunDirectory *other;
	int fd;

	if (skipped(no_netns))
		return;
	other = open_other(f);
	assert_refused(f, "", &libreswan, NULL,
				   "another connection of this kind is up, * (pluto cannot be kept from it: *");
	assert_refused(f, "", &untried, NULL, "* (* was not tried with libreswan 5.6)");
	close_other(other);
	add_state("198.51.100.1", "192.0.2.2", 0x1000, 0, 16389);
	assert_refused(f, "", &untried, NULL, "another IPsec tunnel is up on this host * (* 5.6)");
	flush_xfrm(XFRM_MSG_FLUSHSA);
	fd = start_daemon();
	assert_refused(f, "", &untried, NULL, "* uses UDP port 500 * (* 5.6)");
	close(fd);
	resources = try_to_take(f, "", &untried, NULL);
	g_assert_nonnull(resources);
	host_resources_remove(resources);
}

/* Of a tunnel without an interface, and of one pair of nets. */
static void
test_reqid(Fixture *f, gconstpointer unused)
{
	static const char *const without[] = {
		"",
		"ikev2=insist\nipsec-interface=no\nrightsubnet=10.1.0.0/16,10.2.0.0/16",
		"ipsec-interface=no\nrightsubnets=10.1.0.0/16,10.2.0.0/16",
		"ipsec-interface=no\nremote-peer-type=cisco",
	};
	RunDirectory *other;
	HostResources *resources;
	guint32 first;
	char text[16];

	if (skipped(no_netns))
		return;
	for (guint i = 0; i < G_N_ELEMENTS(without); i++) {
		resources = try_to_take(f, without[i], &kept_apart, NULL);
		g_assert_nonnull(resources);
		g_assert_cmpuint(host_resources_reqid(resources), ==, 0);
		host_resources_remove(resources);
	}
	g_random_set_seed(1);
	resources = try_to_take(f, "ipsec-interface=no", &kept_apart, NULL);
	first = host_resources_reqid(resources);
	g_assert_cmpuint(first, >, 0);
	g_assert_cmpuint(first, <=, LIBRESWAN_MAX_REQID);
	host_resources_remove(resources);

	/* The same chance, and another connection has it; then a state; then a policy. */
	other = open_other(f);
	g_snprintf(text, sizeof(text), "%u", first);
	write_other(other, "reqid", text);
	g_random_set_seed(1);
	resources = try_to_take(f, "ipsec-interface=no", &kept_apart, NULL);
	g_assert_cmpuint(host_resources_reqid(resources), !=, first);
	g_assert_cmpuint(host_resources_reqid(resources), >, 0);
	host_resources_remove(resources);
	close_other(other);
	add_state("198.51.100.7", "192.0.2.2", 0x1000, 0, first);
	g_random_set_seed(1);
	resources = try_to_take(f, "ipsec-interface=no", &kept_apart, NULL);
	g_assert_cmpuint(host_resources_reqid(resources), !=, first);
	host_resources_remove(resources);
	flush_xfrm(XFRM_MSG_FLUSHSA);
	add_child("10.30.7.1/32", "10.20.0.0/24", 0, first);
	g_random_set_seed(1);
	resources = try_to_take(f, "ipsec-interface=no", &kept_apart, NULL);
	g_assert_cmpuint(host_resources_reqid(resources), !=, first);
	host_resources_remove(resources);
}

/* Where pluto has to choose, another tunnel to that gateway without an interface is in the way. */
static void
test_same_gateway(Fixture *f, gconstpointer unused)
{
	const char *several = "ipsec-interface=no\nrightsubnets=10.1.0.0/16,10.2.0.0/16";
	const IpNet gateway = net("198.51.100.1");
	g_autofree char *noted = NULL;
	HostResources *resources;
	RunDirectory *other;

	if (skipped(no_netns))
		return;
	add_state("192.0.2.2", "198.51.100.1", 0x1000, 0, 16389);
	assert_refused(f, several, &kept_apart, &gateway,
				   "another IPsec tunnel to the gateway 198.51.100.1 is up without an interface*");
	host_resources_remove(try_to_take(f, "ipsec-interface=no", &kept_apart, NULL));
	host_resources_remove(try_to_take(f, several, &kept_apart, NULL));
	/* One that has none in the kernel yet, or none any more. */
	flush_xfrm(XFRM_MSG_FLUSHSA);
	other = open_other(f);
	write_other(other, "chooses-reqids", "198.51.100.1");
	assert_refused(f, several, &kept_apart, &gateway, "another IPsec tunnel to the gateway *");
	write_other(other, "chooses-reqids", "198.51.100.2");
	resources = try_to_take(f, several, &kept_apart, NULL);
	host_resources_set_gateway(resources, &gateway);
	noted = g_build_filename(f->base, UUID, "chooses-reqids", NULL);
	g_assert_true(g_file_test(noted, G_FILE_TEST_EXISTS));
	host_resources_remove(resources);
	close_other(other);
}

static void
test_host_route(Fixture *f, gconstpointer unused)
{
	const IpNet gateway = net("198.51.100.1");
	g_autofree char *file = g_build_filename(f->base, UUID, "host-route", NULL);
	g_autofree char *text = NULL;
	HostResources *resources;
	RunDirectory *other;

	if (skipped(no_netns))
		return;
	resources = take(f);
	other = open_other(f);
	host_resources_claim_route(resources, &gateway);
	g_assert_true(g_file_get_contents(file, &text, NULL, NULL));
	g_assert_cmpstr(text, ==, "198.51.100.1");
	g_assert_false(host_resources_route_is_anothers(resources, &gateway));
	write_other(other, "host-route", "198.51.100.2");
	g_assert_false(host_resources_route_is_anothers(resources, &gateway));
	write_other(other, "host-route", "198.51.100.1");
	g_assert_true(host_resources_route_is_anothers(resources, &gateway));
	host_resources_claim_route(resources, NULL);
	g_assert_false(g_file_test(file, G_FILE_TEST_EXISTS));
	close_other(other);
	host_resources_remove(resources);
}

/* SPIs that a pluto has taken for negotiations are its own, unless there is another one. */
static void
test_negotiated(Fixture *f, gconstpointer unused)
{
	g_autoptr(HostResources) resources = NULL;
	const IpNet gateway = net("198.51.100.1");
	RunDirectory *other;
	int fd;

	if (skipped(no_netns))
		return;
	resources = take(f);
	add_state("198.51.100.1", "192.0.2.2", 0x1000, 0, 16389);
	add_state("198.51.100.1", "192.0.2.2", 0x1001, 0, 5);
	add_state("198.51.100.2", "192.0.2.2", 0x1002, 0, 16389);
	host_resources_sweep(resources);
	assert_kernel(3, 0); /* its pluto talks to nobody */
	host_resources_set_gateway(resources, &gateway);
	fd = start_daemon();
	host_resources_sweep(resources);
	assert_kernel(3, 0);
	close(fd);
	other = open_other(f);
	write_other(other, "gateway", "198.51.100.1");
	host_resources_sweep(resources);
	assert_kernel(3, 0);
	write_other(other, "gateway", "198.51.100.7");
	host_resources_sweep(resources);
	assert_kernel(2, 0);
	close_other(other);
}

static void
assert_interface(const Fixture *f, const char *more, guint major, guint minor, guint32 if_id)
{
	const Libreswan with = {.major = major, .minor = minor};
	g_autofree char *name = g_strdup_printf("ipsec%u", if_id);
	g_autoptr(GError) error = NULL;
	HostResources *resources = try_to_take(f, more, &with, &error);

	g_assert_no_error(error);
	g_assert_cmpuint(host_resources_if_id(resources), ==, if_id);
	g_assert_cmpstr(host_resources_interface(resources), ==, if_id ? name : NULL);
	host_resources_remove(resources);
	g_assert_cmpuint(if_nametoindex(name), ==, 0);
}

/* The number that is asked for, or the lowest that this libreswan can have. */
static void
test_number(Fixture *f, gconstpointer unused)
{
	const Libreswan between = {.major = 5, .minor = 1};
	g_autoptr(GError) error = NULL;

	if (skipped(no_netns))
		return;
	assert_interface(f, "", 5, 2, 1);
	assert_interface(f, "", 4, 10, 2);
	assert_interface(f, "ipsec-interface=7", 5, 2, 7);
	assert_interface(f, "ipsec-interface=1", 5, 2, 1);
	assert_interface(f, "ipsec-interface=2", 4, 10, 2);
	g_test_expect_message(G_LOG_DOMAIN, G_LOG_LEVEL_WARNING, "ipsec-interface=1 *libreswan 4.10*");
	assert_interface(f, "ipsec-interface=1", 4, 10, 2);
	g_test_assert_expected_messages();
	assert_interface(f, "ipsec-interface=no", 5, 1, 0);
	g_assert_null(try_to_take(f, "", &between, &error));
	g_assert_error(error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED);
	/* And what was taken by then is given back: tear_down() can remove the base. */
	g_assert_cmpuint(if_nametoindex("ipsec1"), ==, 0);
}

static gboolean
mend(HostResources *resources, gboolean *mended, GError **error)
{
	g_autoptr(Profile) profile =
		make_profile("right=198.51.100.1\npskvalue=x\nxauthpassword=x\nleftxauthusername=joe");

	return host_resources_mend(resources, profile, &libreswan, mended, error);
}

static void
test_mend(Fixture *f, gconstpointer unused)
{
	static const char *const harms[] = {"link set ipsec1 down", "link set ipsec1 down name other0",
										"link del ipsec1"};
	g_autoptr(HostResources) resources = NULL;
	g_autoptr(GError) error = NULL;
	gboolean mended = TRUE;

	if (skipped(no_netns))
		return;
	resources = take(f);
	g_assert_true(host_resources_is_well(resources));
	g_assert_true(mend(resources, &mended, &error));
	g_assert_false(mended);
	for (guint i = 0; i < G_N_ELEMENTS(harms); i++) {
		ip("%s", harms[i]);
		g_assert_false(host_resources_is_well(resources));
		g_test_expect_message(G_LOG_DOMAIN, G_LOG_LEVEL_MESSAGE, "ipsec1 is made anew");
		g_assert_true(mend(resources, &mended, &error));
		g_test_assert_expected_messages();
		g_assert_true(mended);
		g_assert_true(host_resources_is_well(resources));
		g_assert_cmpuint(host_resources_if_id(resources), ==, 1);
		g_assert_cmpuint(if_nametoindex("other0"), ==, 0);
	}
	/* Somebody has its name by now: another number. */
	ip("link del ipsec1");
	ip("link add ipsec1 type bridge");
	g_test_expect_message(G_LOG_DOMAIN, G_LOG_LEVEL_MESSAGE, "ipsec2 is made anew");
	g_assert_true(mend(resources, &mended, &error));
	g_test_assert_expected_messages();
	g_assert_cmpstr(host_resources_interface(resources), ==, "ipsec2");
	g_assert_cmpuint(host_resources_if_id(resources), ==, 2);
	ip("link del ipsec1");
}

/* One that cannot be made is still to be made. */
static void
test_not_mended(Fixture *f, gconstpointer unused)
{
	const Libreswan between = {.major = 5, .minor = 1};
	g_autoptr(HostResources) resources = NULL;
	g_autoptr(Profile) profile =
		make_profile("right=198.51.100.1\npskvalue=x\nxauthpassword=x\nleftxauthusername=joe");
	g_autoptr(Profile) numbered = make_profile("right=198.51.100.1\npskvalue=x\nxauthpassword=x\n"
											   "leftxauthusername=joe\nipsec-interface=1");
	g_autoptr(GError) error = NULL;
	gboolean mended = TRUE;

	if (skipped(no_netns))
		return;
	resources = take(f);
	ip("link del ipsec1");
	ip("link add ipsec1 type bridge");
	g_assert_false(host_resources_mend(resources, profile, &between, &mended, &error));
	g_assert_error(error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED);
	g_assert_false(mended);
	g_assert_cmpstr(host_resources_interface(resources), ==, "ipsec1");
	g_assert_false(host_resources_is_well(resources));
	/* Nor can one of the number that the profile wants. */
	g_assert_false(host_resources_mend(resources, numbered, &libreswan, &mended, NULL));
	g_assert_cmpstr(host_resources_interface(resources), ==, "ipsec1");
	g_assert_false(host_resources_is_well(resources));
	ip("link del ipsec1");
	g_test_expect_message(G_LOG_DOMAIN, G_LOG_LEVEL_MESSAGE, "ipsec1 is made anew");
	g_assert_true(mend(resources, &mended, NULL));
	g_test_assert_expected_messages();
	g_assert_true(host_resources_is_well(resources));
}

/* Of the address of another connection's gateway within our network the routing table knows. */
static void
test_gateway_of_another(Fixture *f, gconstpointer unused)
{
	HostResources *resources;
	RunDirectory *other;
	g_autofree char *rules = NULL;

	if (skipped(no_netns))
		return;
	other = open_other(f);
	write_other(other, "gateways", "10.20.0.5\n198.51.100.8\n");
	resources = take(f);
	ip("link set ipsec1 up");
	ip("route add 10.20.0.0/24 dev ipsec1");
	ip("route add 10.20.0.5 via 192.0.2.9 dev lo onlink proto 214");
	host_resources_settle(resources);
	rules = said_by("ip rule show to 10.20.0.5");
	g_assert_nonnull(strstr(rules, "ipproto tcp"));
	host_resources_remove(resources);
	ip("route del 10.20.0.5 via 192.0.2.9 dev lo proto 214");
	close_other(other);
}

/* Where the interface is gone what is protected is refused, and only then. */
static void
test_stand_in(Fixture *f, gconstpointer unused)
{
	const XfrmChild former = child("10.30.1.1/32", "10.21.0.0/24");
	const XfrmChild protected = child("10.30.1.1/32", "10.20.0.0/24");
	g_autoptr(GArray) children = g_array_new(FALSE, FALSE, sizeof(XfrmChild));
	HostResources *resources;
	g_autofree char *well = NULL;
	g_autofree char *gone = NULL;
	g_autofree char *after = NULL;

	if (skipped(no_netns))
		return;
	resources = take(f);
	g_array_append_val(children, former);
	host_resources_block_low(resources, children);
	/* What it is now takes the place of what it was. */
	g_array_index(children, XfrmChild, 0) = protected;
	host_resources_block_low(resources, children);
	assert_kernel(0, 0);
	host_resources_block_sub(resources);
	well = routes();
	g_assert_null(strstr(well, "10.20.0.0/24"));
	ip("link del ipsec1");
	host_resources_block_sub(resources);
	gone = routes();
	g_assert_nonnull(strstr(gone, "unreachable 10.20.0.0/24"));
	g_assert_null(strstr(gone, "10.21.0.0/24"));
	host_resources_remove(resources);
	after = routes();
	g_assert_null(strstr(after, "10.20.0.0/24"));
}

/* Without an interface the policies that block are put and taken away. */
static void
test_policies(Fixture *f, gconstpointer unused)
{
	const XfrmChild protected = child("10.30.1.1/32", "10.20.0.0/24");
	g_autoptr(GArray) children = g_array_new(FALSE, FALSE, sizeof(XfrmChild));
	g_autoptr(XfrmTable) low = NULL;
	g_autoptr(XfrmTable) sub = NULL;
	HostResources *resources;

	if (skipped(no_netns))
		return;
	resources = try_to_take(f, "ipsec-interface=no", &libreswan, NULL);
	g_assert_true(host_resources_is_well(resources));
	g_array_append_val(children, protected);
	host_resources_block_low(resources, children);
	low = xfrm_table_read(NULL);
	g_assert_cmpuint(low->policies->len, >, 0);
	host_resources_block_sub(resources);
	sub = xfrm_table_read(NULL);
	g_assert_cmpuint(sub->policies->len, >, low->policies->len);
	host_resources_remove(resources);
	assert_kernel(0, 0);
}

/* Returns: the number of the policies that block, as it is noted. */
static char *
noted_number(const Fixture *f)
{
	g_autofree char *file = g_build_filename(f->base, UUID, "block-policies", NULL);
	char *text = NULL;

	g_assert_true(g_file_get_contents(file, &text, NULL, NULL));
	return text;
}

static void
block(HostResources *resources)
{
	const XfrmChild protected = child("10.30.1.1/32", "10.20.0.0/24");
	g_autoptr(GArray) children = g_array_new(FALSE, FALSE, sizeof(XfrmChild));

	g_array_append_val(children, protected);
	host_resources_block_low(resources, children);
}

/* The number is nobody else's: neither another connection's nor of a policy that is there. */
static void
test_block_number(Fixture *f, gconstpointer unused)
{
	HostResources *resources;
	RunDirectory *other;
	g_autofree char *first = NULL;
	g_autofree char *second = NULL;
	g_autofree char *third = NULL;
	g_autoptr(BlockPolicies) anothers = NULL;

	if (skipped(no_netns))
		return;
	g_random_set_seed(1);
	resources = try_to_take(f, "ipsec-interface=no", &kept_apart, NULL);
	first = noted_number(f);
	host_resources_remove(resources);

	other = open_other(f);
	write_other(other, "block-policies", first);
	g_random_set_seed(1);
	resources = try_to_take(f, "ipsec-interface=no", &kept_apart, NULL);
	second = noted_number(f);
	g_assert_cmpstr(second, !=, first);
	host_resources_remove(resources);
	close_other(other);

	anothers = block_policies_new((guint32) g_ascii_strtoull(first, NULL, 10), NULL);
	g_assert_true(block_policies_set_low(
		anothers, &(XfrmChild){.my_client = net("10.30.7.1"), .peer_client = net("10.20.0.0/24")},
		1, NULL));
	g_random_set_seed(1);
	resources = try_to_take(f, "ipsec-interface=no", &kept_apart, NULL);
	third = noted_number(f);
	g_assert_cmpstr(third, !=, first);
	host_resources_remove(resources);
}

/* A service without an interface dies, and has noted this number or, where it is NULL, its own. */
static void
die_blocking(const Fixture *f, const char *number)
{
	g_autofree char *file = g_build_filename(f->base, UUID, "block-policies", NULL);
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		block(try_to_take(f, "ipsec-interface=no", &kept_apart, NULL));
		kill(getpid(), SIGKILL);
	}
	g_assert_cmpint(waitpid(pid, &status, 0), ==, pid);
	g_assert_true(WIFSIGNALED(status));
	if (number)
		g_assert_true(g_file_set_contents(file, number, -1, NULL));
}

/* Its blocks go; those of a living one do not, though it died with that one's number noted. */
static void
test_dead_block(Fixture *f, gconstpointer unused)
{
	g_autoptr(BlockPolicies) living = NULL;
	RunDirectory *other;

	if (skipped(no_netns))
		return;
	die_blocking(f, NULL);
	assert_kernel(0, 3);
	host_resources_clean_dead(f->base);
	assert_kernel(0, 0);

	other = open_other(f);
	write_other(other, "block-policies", "77");
	living = block_policies_new(77, NULL);
	g_assert_true(block_policies_set_low(
		living, &(XfrmChild){.my_client = net("10.30.1.1"), .peer_client = net("10.20.0.0/24")}, 1,
		NULL));
	die_blocking(f, "77");
	assert_kernel(0, 6);
	host_resources_clean_dead(f->base);
	assert_kernel(0, 6);
	close_other(other);
}

/* One record for one Child SA, however often pluto says it. */
static void
test_owned_once(Fixture *f, gconstpointer unused)
{
	g_autoptr(HostResources) resources = NULL;
	g_autofree char *file = g_build_filename(f->base, UUID, "xfrm-ownership", NULL);
	g_autofree char *once = NULL;
	g_autofree char *twice = NULL;
	g_autofree char *another = NULL;
	XfrmOwnership record = {.child = child("10.30.1.1/32", "10.20.0.0/24"),
							.me = net("192.0.2.2"),
							.peer = net("198.51.100.1"),
							.reqid = 16389};

	if (skipped(no_netns))
		return;
	resources = take(f);
	host_resources_own(resources, &record);
	g_assert_true(g_file_get_contents(file, &once, NULL, NULL));
	host_resources_own(resources, &record);
	g_assert_true(g_file_get_contents(file, &twice, NULL, NULL));
	g_assert_cmpstr(twice, ==, once);
	record.reqid = 16393;
	host_resources_own(resources, &record);
	g_assert_true(g_file_get_contents(file, &another, NULL, NULL));
	g_assert_true(g_str_has_prefix(another, once));
	g_assert_nonnull(strstr(another + strlen(once), "16393"));
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
	ADD("dead/pluto", test_dead_pluto);
	ADD("dead/negotiation", test_dead_negotiation);
	ADD("dead/bad-state", test_dead_with_bad_state);
	ADD("dead/host-route", test_dead_host_route);
	ADD("beside-others", test_beside_others);
	ADD("alone", test_alone);
	ADD("reqid", test_reqid);
	ADD("same-gateway", test_same_gateway);
	ADD("host-route", test_host_route);
	ADD("negotiated", test_negotiated);
	ADD("number", test_number);
	ADD("mend", test_mend);
	ADD("mend/not", test_not_mended);
	ADD("gateway-of-another", test_gateway_of_another);
	ADD("stand-in", test_stand_in);
	ADD("policies", test_policies);
	ADD("block-number", test_block_number);
	ADD("dead-block", test_dead_block);
	ADD("owned-once", test_owned_once);
	return g_test_run();
}
