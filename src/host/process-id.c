/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "process-id.h"

#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/* starttime is number 22; state, number 3, follows the name, in which anything may stand. */
#define FIELDS_AFTER_NAME 20

gboolean
process_id_of(pid_t pid, ProcessId *id)
{
	g_autofree char *path = g_strdup_printf("/proc/%d/stat", (int) pid);
	g_autofree char *text = NULL;
	g_auto(GStrv) fields = NULL;
	const char *name_end;

	memset(id, 0, sizeof(*id));
	if (pid <= 0 || !g_file_get_contents(path, &text, NULL, NULL))
		return FALSE;
	name_end = strrchr(text, ')');
	fields = g_strsplit(name_end ? name_end + 1 : "", " ", FIELDS_AFTER_NAME + 2);
	if (g_strv_length(fields) < FIELDS_AFTER_NAME + 1 ||
		!g_ascii_string_to_unsigned(fields[FIELDS_AFTER_NAME], 10, 0, G_MAXUINT64, &id->start,
									NULL))
		return FALSE;
	id->pid = pid;
	return TRUE;
}

/* The descriptor is taken before the look: what it names cannot become another process between the
 * look and the signal. pidfd_open(2), Linux 5.3. */
gboolean
process_id_kill(const ProcessId *id, int wait_ms)
{
	int fd = id->pid > 0 ? (int) syscall(SYS_pidfd_open, id->pid, 0) : -1;
	struct pollfd gone = {.fd = fd, .events = POLLIN};
	ProcessId now;
	gboolean killed;

	if (fd < 0)
		return FALSE;
	killed = process_id_of(id->pid, &now) && now.start == id->start &&
			 syscall(SYS_pidfd_send_signal, fd, SIGKILL, NULL, 0) == 0;
	if (killed)
		poll(&gone, 1, wait_ms);
	close(fd);
	return killed;
}
