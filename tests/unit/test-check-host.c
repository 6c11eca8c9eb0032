/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "check-host.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/utsname.h>

#include "fake-uplink.h"
#include "kernel-xfrm.h"
#include "make-profile.h"

#define POLICIES "right=" UPLINK_GATEWAY "\nikev2=insist\nipsec-interface=no\nleftmodecfgclient=no"
#define NUMBERED "right=" UPLINK_GATEWAY "\nikev2=insist\nipsec-interface=7"

static const char *no_netns;

static void
take(const char *line, gpointer user_data)
{
	g_string_append(user_data, line);
}

/* (transfer full): what is said; @root: of the kernel's modules. */
static char *
look(const char *text, const Libreswan *libreswan, const char *root, guint *n_problems)
{
	g_autoptr(Profile) profile = make_profile(text);
	GString *said = g_string_new(NULL);
	g_autoptr(CheckReport) report = check_report_new(take, said);

	check_host(report, &(CheckHostParams){
						   .profile = profile,
						   .libreswan = libreswan,
						   .family = AF_INET,
						   .root = root,
					   });
	*n_problems = check_report_count_problems(report);
	g_test_message("%s", said->str);
	return g_string_free(said, FALSE);
}

static void
assert_looks(const char *text, const Libreswan *libreswan, guint n_problems, const char *pattern)
{
	guint n;
	g_autofree char *said = look(text, libreswan, "/nonexistent", &n);

	if (!g_pattern_match_simple(pattern, said))
		g_error("not said: %s: %s", pattern, said);
	g_assert_cmpuint(n, ==, n_problems);
}

static void
test_quiet(void)
{
	if (skipped(no_netns))
		return;
	assert_looks(POLICIES, NULL, 0,
				 "This host\n  no other IPsec tunnel is up\n"
				 "  UDP ports 500 and 4500 are free\n  warning: *modules*");
}

static void
test_others(void)
{
	const Libreswan apart = {.major = 5, .minor = 2, .guarded = TRUE};
	const Libreswan untried = {.major = 5, .minor = 6, .guarded = TRUE};
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(500)};
	int fd;

	if (skipped(no_netns))
		return;
	add_child("10.1.0.0/16", "10.2.0.0/16", 0, 77);
	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (bind(fd, (struct sockaddr *) &address, sizeof(address)) == 0)
		assert_looks(POLICIES, NULL, 2,
					 "*problem: another IPsec tunnel is up on this host*problem: *UDP port 500 *");
	assert_looks(
		POLICIES, &apart, 0,
		"*another IPsec tunnel is up, and stays as it is\n  UDP port 500 or 4500 is taken: *");
	assert_looks(POLICIES, &untried, 0,
				 "*warning: another IPsec tunnel is up * (unless *)\n"
				 "  warning: *UDP port 500 * (unless *)\n*");
	close(fd);
	assert_looks(POLICIES, &apart, 0, "*UDP ports 500 and 4500 are free*");
	assert_looks(POLICIES, NULL, 1, "*UDP ports 500 and 4500 are free*");
	flush_xfrm(XFRM_MSG_FLUSHPOLICY);
	flush_xfrm(XFRM_MSG_FLUSHSA);
}

static void
test_names(void)
{
	if (skipped(no_netns))
		return;
	add_veth("a$b");
	assert_looks(POLICIES, NULL, 1, "*problem: *a$b*");
	ip("link del a$b");
}

static void
test_interface(void)
{
	const Libreswan four = {.major = 4, .minor = 10};

	if (skipped(no_netns))
		return;
	assert_looks(NUMBERED, NULL, 0, "*the tunnel's interface will be ipsec7\n*");
	add_veth("ipsec7");
	assert_looks(NUMBERED, NULL, 1, "*problem: there is an interface ipsec7 already*");
	ip("link del ipsec7");
	assert_looks("right=" UPLINK_GATEWAY "\nikev2=insist\nipsec-interface=1", &four, 0,
				 "*warning: ipsec-interface=1 cannot be had*");
	assert_looks("right=" UPLINK_GATEWAY "\nikev2=insist", &four, 0,
				 "*the tunnel's interface will be ipsec2\n*");
}

static void
test_modules(void)
{
	g_autofree char *root = g_dir_make_tmp("modules-XXXXXX", NULL);
	const char *const remove[] = {"rm", "-r", root, NULL};
	g_autofree char *folder = NULL;
	g_autofree char *list = NULL;
	g_autofree char *said = NULL;
	struct utsname kernel;
	guint n;

	if (skipped(no_netns))
		return;
	uname(&kernel);
	folder = g_build_filename(root, "lib/modules", kernel.release, NULL);
	list = g_build_filename(folder, "modules.dep", NULL);
	g_assert_cmpint(g_mkdir_with_parents(folder, 0755), ==, 0);
	g_assert_true(g_file_set_contents(
		list, "kernel/net/xfrm/xfrm_user.ko:\nkernel/net/ipv4/esp4.ko:\n", -1, NULL));
	said = look(NUMBERED, NULL, root, &n);
	g_assert_cmpuint(n, ==, 1);
	g_assert_nonnull(strstr(said, " has no module xfrm_interface\n"));
	g_assert_null(strstr(said, "warning"));
	g_free(said);
	said = look(POLICIES, NULL, root, &n);
	g_assert_cmpuint(n, ==, 0);
	g_assert_true(g_spawn_sync(NULL, (char **) remove, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL,
							   NULL, NULL, NULL));
}

int
main(int argc, char **argv)
{
	no_netns = fake_uplink_enter();
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/check-host/quiet", test_quiet);
	g_test_add_func("/check-host/others", test_others);
	g_test_add_func("/check-host/names", test_names);
	g_test_add_func("/check-host/interface", test_interface);
	g_test_add_func("/check-host/modules", test_modules);
	return g_test_run();
}
