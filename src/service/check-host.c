/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "check-host.h"

#include <glib/gi18n-lib.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "host-check.h"
#include "kernel-module.h"
#include "link-names.h"
#include "xfrm-interface.h"

/* (transfer full) (element-type guint32): of interfaces that a service of ours has made. @apart:
 * they are in nobody's way. */
static GArray *
say_ours(CheckReport *report, gboolean apart)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GArray) ours = xfrm_interface_list_ours(NULL, &error);
	GArray *if_ids = g_array_new(FALSE, FALSE, sizeof(guint32));

	for (guint i = 0; ours && i < ours->len; i++) {
		const XfrmInterface *interface = &g_array_index(ours, XfrmInterface, i);

		if (!apart)
			check_report_warn(
				report,
				_("%s is there, of the connection %s, which is up, or whose service has "
				  "died; one connection at a time is possible with this libreswan"),
				interface->name, interface->uuid);
		g_array_append_val(if_ids, interface->if_id);
	}
	return if_ids;
}

/* What another IPsec user of the host means to this libreswan. */
typedef enum {
	OTHERS_STAY,    /* it leaves them alone */
	OTHERS_UNKNOWN, /* that is found out when it connects */
	OTHERS_REFUSE,  /* it is not started beside them */
} Others;

static Others
look_at_libreswan(const Libreswan *libreswan)
{
	if (!libreswan)
		return OTHERS_REFUSE;
	if (libreswan_wants_trial(libreswan))
		return OTHERS_UNKNOWN;
	return libreswan_is_kept_apart(libreswan, NULL) ? OTHERS_STAY : OTHERS_REFUSE;
}

static void
say_other(CheckReport *report, Others others, const char *stays, const GError *error)
{
	if (others == OTHERS_STAY)
		check_report_say(report, "%s", stays);
	else if (others == OTHERS_UNKNOWN)
		check_report_warn(report,
						  _("%s (unless this libreswan leaves others alone, which is tried out "
							"when it connects)"),
						  error->message);
	else
		check_report_problem(report, "%s", error->message);
}

static void
check_tunnels(CheckReport *report, Others others, const GArray *ours)
{
	g_autoptr(GError) unread = NULL;
	g_autoptr(GError) error = NULL;
	g_autoptr(XfrmTable) table = xfrm_table_read(&unread);

	if (!table)
		check_report_warn(report, "%s%s", unread->message,
						  geteuid() == 0 ? "" : _(" (root can look)"));
	else if (host_check_xfrm(table, (const guint32 *) ours->data, ours->len, &error))
		check_report_say(report, _("no other IPsec tunnel is up"));
	else
		say_other(report, others, _("another IPsec tunnel is up, and stays as it is"), error);
}

static void
check_ports(CheckReport *report, Others others, const HostCheckListen *listen)
{
	g_autoptr(GError) error = NULL;

	if (host_check_ports(&host_check_places, listen, 0, &error))
		check_report_say(report, _("UDP ports 500 and 4500 are free"));
	else if (error->domain == HOST_CHECK_ERROR)
		say_other(report, others,
				  _("UDP port 500 or 4500 is taken: others will be used, and ESP will be in UDP"),
				  error);
	else
		check_report_problem(report, "%s", error->message);
}

static void
check_others(CheckReport *report, const CheckHostParams *params)
{
	const Others others = look_at_libreswan(params->libreswan);
	g_autoptr(GArray) ours = say_ours(report, others != OTHERS_REFUSE);

	check_tunnels(report, others, ours);
	/* Of connections of ours it is their pluto that has the ports. */
	if (others == OTHERS_STAY || ours->len == 0)
		check_ports(report, others, params->listen);
}

static void
check_names(CheckReport *report)
{
	g_autoptr(GError) error = NULL;

	if (!link_names_check(&error))
		check_report_problem(report, "%s", error->message);
}

static void
check_interface(CheckReport *report, const CheckHostParams *params)
{
	const guint32 lowest = params->libreswan ? libreswan_lowest_if_id(params->libreswan) : 1;
	g_autoptr(GError) error = NULL;
	g_autofree char *name = NULL;
	guint32 number;

	if (!profile_wants_interface(params->profile))
		return;
	if (!profile_get_interface_number(params->profile, &number)) {
		number = xfrm_interface_find_free(lowest, &error);
		if (number)
			check_report_say(report, _("the tunnel's interface will be ipsec%u"), number);
		else
			check_report_warn(report, "%s", error->message);
		return;
	}
	name = g_strdup_printf("ipsec%u", number);
	if (number < lowest)
		check_report_warn(report,
						  _("ipsec-interface=%u cannot be had with this libreswan: another number "
							"will be taken"),
						  number);
	else if (if_nametoindex(name))
		check_report_problem(report, _("there is an interface %s already (ipsec-interface=%u)"),
							 name, number);
	else
		check_report_say(report, _("the tunnel's interface will be %s"), name);
}

static void
check_modules(CheckReport *report, const CheckHostParams *params)
{
	const struct {
		const char *name;
		gboolean wanted;
	} modules[] = {
		{"xfrm_user", TRUE},
		{"esp4", params->family != AF_INET6},
		{"esp6", params->family == AF_INET6},
		{"xfrm_interface", profile_wants_interface(params->profile)},
	};
	struct utsname kernel;
	gboolean unknown = FALSE;

	if (uname(&kernel) != 0)
		return;
	for (guint i = 0; i < G_N_ELEMENTS(modules); i++) {
		KernelModule found;

		if (!modules[i].wanted)
			continue;
		found = kernel_module_find(params->root, kernel.release, modules[i].name);
		unknown |= found == KERNEL_MODULE_UNKNOWN;
		if (found == KERNEL_MODULE_MISSING)
			check_report_problem(report, _("the kernel %s has no module %s"), kernel.release,
								 modules[i].name);
	}
	if (unknown)
		check_report_warn(report,
						  _("whether the kernel %s has all that IPsec needs is not known: its "
							"modules are not here"),
						  kernel.release);
}

void
check_host(CheckReport *report, const CheckHostParams *params)
{
	check_report_head(report, _("This host"));
	check_others(report, params);
	check_names(report);
	check_interface(report, params);
	check_modules(report, params);
}
