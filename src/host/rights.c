/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "rights.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/landlock.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define BIT(capability) (UINT64_C(1) << (capability))

/* Raw and ESP sockets; IKE's port 500; the kernel's tables; and pluto, without the audit log, ends
 * when the first SA is established ("audit log failed: Operation not permitted"). */
#define OF_PLUTO                                                                                   \
	(BIT(CAP_NET_ADMIN) | BIT(CAP_NET_RAW) | BIT(CAP_NET_BIND_SERVICE) | BIT(CAP_AUDIT_WRITE))

/* To become a user, to end his process where it hangs, and to read a file of anybody's where the
 * connection is one of the whole system: so does root for every other plugin of NetworkManager's.
 */
#define OF_IMPORT (BIT(CAP_SETUID) | BIT(CAP_SETGID) | BIT(CAP_KILL) | BIT(CAP_DAC_OVERRIDE))

static const struct {
	uint64_t permitted;
	uint64_t effective;
	bool confined;
} kinds[] = {
	/* Links, routes, policies. Signals to pluto need nothing: it has our uid. */
	[RIGHTS_SERVICE] = {OF_PLUTO | OF_IMPORT, BIT(CAP_NET_ADMIN), false},
	[RIGHTS_REAPER] = {BIT(CAP_NET_ADMIN), BIT(CAP_NET_ADMIN), false},
	[RIGHTS_PLUTO] = {OF_PLUTO, OF_PLUTO, true},
	[RIGHTS_IMPORT] = {OF_IMPORT, OF_IMPORT, true},
	[RIGHTS_TOOL] = {0, 0, true},
};

/* Everything that changes what is in a directory or a file, as far as the kernel can forbid it;
 * mode and owner of a file that is there it cannot. In the order of Landlock's versions; older
 * headers have only the first. */
#define WRITE_V1                                                                                   \
	(LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_REMOVE_DIR |                               \
	 LANDLOCK_ACCESS_FS_REMOVE_FILE | LANDLOCK_ACCESS_FS_MAKE_CHAR | LANDLOCK_ACCESS_FS_MAKE_DIR | \
	 LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_MAKE_SOCK | LANDLOCK_ACCESS_FS_MAKE_FIFO |   \
	 LANDLOCK_ACCESS_FS_MAKE_BLOCK | LANDLOCK_ACCESS_FS_MAKE_SYM)
#define WRITE_V2_REFER    (UINT64_C(1) << 13)
#define WRITE_V3_TRUNCATE (UINT64_C(1) << 14)
#define SCOPE_V6_ABSTRACT (UINT64_C(1) << 0)
#define SCOPE_V6_SIGNAL   (UINT64_C(1) << 1)

/* struct landlock_ruleset_attr as of version 6, of which older kernels take the beginning. */
struct ruleset {
	uint64_t handled_access_fs;
	uint64_t handled_access_net;
	uint64_t scoped;
};

static bool
read_capabilities(struct __user_cap_data_struct data[2])
{
	struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};

	return syscall(SYS_capget, &header, data) == 0;
}

static bool
set_capabilities(uint64_t permitted, uint64_t effective)
{
	struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
	const struct __user_cap_data_struct data[2] = {
		{(uint32_t) effective, (uint32_t) permitted, 0},
		{(uint32_t) (effective >> 32), (uint32_t) (permitted >> 32), 0},
	};

	return syscall(SYS_capset, &header, data) == 0;
}

bool
rights_begin(void)
{
	const struct rlimit none = {0, 0};

	umask(077);
	return setrlimit(RLIMIT_CORE, &none) == 0 && prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0;
}

bool
rights_with_selinux(void)
{
	char context[8] = "";
	ssize_t n = 0;
	int fd;

	if (access("/sys/fs/selinux/enforce", F_OK) != 0)
		return false;
	/* Without a policy, as on Debian by default, everything is "kernel": no exec changes that. */
	fd = open("/proc/self/attr/current", O_RDONLY | O_CLOEXEC);
	if (fd >= 0) {
		n = read(fd, context, sizeof(context) - 1);
		close(fd);
	}
	return n > 0 && strcmp(context, "kernel") != 0;
}

/* A child would have the bounding set again after exec, and a process that gains capabilities by
 * exec loses the signal that it is to get when we die (PR_SET_PDEATHSIG): so with SELinux nothing
 * is taken from what is permitted, neither from the child nor from us. */
Rights
rights_plan(RightsKind kind, bool with_selinux, const char *writable)
{
	struct __user_cap_data_struct data[2] = {{0}};
	Rights rights = {.no_new_privs = !with_selinux,
					 .confined = !with_selinux && kinds[kind].confined,
					 .writable = writable};
	bool is_child = kinds[kind].confined;
	uint64_t have;

	if (!read_capabilities(data))
		memset(data, 0, sizeof(data));
	have = data[0].permitted | (uint64_t) data[1].permitted << 32;
	rights.permitted = with_selinux ? have : have & kinds[kind].permitted;
	rights.effective = with_selinux && is_child ? have : have & kinds[kind].effective;
	return rights;
}

static bool
allow(int ruleset, const char *path, uint64_t access)
{
	struct landlock_path_beneath_attr beneath = {
		.allowed_access = access,
		.parent_fd = open(path, O_PATH | O_CLOEXEC),
	};
	bool ok;

	if (beneath.parent_fd < 0)
		return false;
	ok = syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &beneath, 0) == 0;
	close(beneath.parent_fd);
	return ok;
}

static uint64_t
writing(long version)
{
	return WRITE_V1 | (version >= 2 ? WRITE_V2_REFER : 0) | (version >= 3 ? WRITE_V3_TRUNCATE : 0);
}

static int
make_ruleset(long version)
{
	const struct ruleset rules = {
		.handled_access_fs = writing(version),
		/* It has no business with other processes either. */
		.scoped = version >= 6 ? SCOPE_V6_ABSTRACT | SCOPE_V6_SIGNAL : 0,
	};
	size_t size = version >= 6 ? sizeof(rules) : sizeof(rules.handled_access_fs);

	return (int) syscall(SYS_landlock_create_ruleset, &rules, size, 0);
}

static const char *
confine(const char *writable)
{
	long version = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
	const char *failed = NULL;
	int ruleset;

	/* ENOSYS: an older kernel, or one without it; EOPNOTSUPP: not switched on at boot. */
	if (version < 1)
		return NULL;
	ruleset = make_ruleset(version);
	if (ruleset < 0)
		return "landlock_create_ruleset";
	/* Not all of /dev: the disks are there. */
	if (!allow(ruleset, "/dev/null", LANDLOCK_ACCESS_FS_WRITE_FILE) ||
		(writable && !allow(ruleset, writable, writing(version))))
		failed = "landlock_add_rule";
	else if (syscall(SYS_landlock_restrict_self, ruleset, 0) < 0)
		failed = "landlock_restrict_self";
	close(ruleset);
	return failed;
}

const char *
rights_take(const Rights *rights)
{
	const char *failed;

	if (rights->no_new_privs && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return "prctl(PR_SET_NO_NEW_PRIVS)";
	failed = rights->confined ? confine(rights->writable) : NULL;
	if (failed)
		return failed;
	return set_capabilities(rights->permitted, rights->effective) ? NULL : "capset";
}
