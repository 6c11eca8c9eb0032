/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "updown-command.h"

#include <glib.h>
#include <string.h>

#define HELPER "/usr/lib/NetworkManager/nm-libreswan-service-helper"
#define SOCKET "/run/nm-libreswan/6c1f1d5c-8e5f-4d0a-9e4f-2f7f0a3c0001/updown-1"
#define UPDOWN HELPER " " SOCKET

static struct updown_command parsed;

/* What Debian 12's pluto (4.10) and Debian 13's (5.2) handed to popen() for the same tunnel: IKEv1
 * with XAUTH and Mode Config, leftid="@a'$(id)", mark=4/0xffffffff, and a gateway with a banner
 * that means something to a shell. Policy-based, hence no interface. */
static const char v4_10[] =
	"2>&1 PLUTO_VERB='up-client' PLUTO_CONNECTION='vpn' PLUTO_CONNECTION_TYPE='tunnel' "
	"PLUTO_VIRT_INTERFACE='NULL' PLUTO_INTERFACE='uplink0' PLUTO_XFRMI_ROUTE='' "
	"PLUTO_NEXT_HOP='203.0.113.1' PLUTO_ME='192.0.2.2' PLUTO_MY_ID='@a\\047\\044(id)' "
	"PLUTO_MY_CLIENT='10.30.1.1/32' PLUTO_MY_CLIENT_NET='10.30.1.1' "
	"PLUTO_MY_CLIENT_MASK='255.255.255.255' PLUTO_MY_PORT=0 PLUTO_MY_PROTOCOL=0 "
	"PLUTO_SA_REQID=16388 PLUTO_SA_TYPE='ESP' PLUTO_PEER='203.0.113.1' "
	"PLUTO_PEER_ID='@gateway.example' PLUTO_PEER_CLIENT='10.20.0.0/24' "
	"PLUTO_PEER_CLIENT_NET='10.20.0.0' PLUTO_PEER_CLIENT_MASK='255.255.255.0' "
	"PLUTO_PEER_PORT=0 PLUTO_PEER_PROTOCOL=0 PLUTO_PEER_CA='' PLUTO_STACK='xfrm' "
	"PLUTO_MTU=1300 PLUTO_ADDTIME=0 "
	"PLUTO_CONN_POLICY='IKEv1+PSK+ENCRYPT+TUNNEL+PFS+UP+XAUTH+MODECFG_PULL+IKE_FRAG_ALLOW+ESN_NO+"
	"ESN_YES' "
	"PLUTO_CONN_KIND='CK_PERMANENT' PLUTO_CONN_ADDRFAMILY='ipv4' XAUTH_FAILED=0 "
	"PLUTO_USERNAME='joe' PLUTO_MY_SOURCEIP='10.30.1.1' PLUTO_MOBIKE_EVENT='' "
	"PLUTO_IS_PEER_CISCO=1 PLUTO_PEER_DNS_INFO='10.20.0.53' PLUTO_PEER_DOMAIN_INFO='' "
	"PLUTO_PEER_BANNER='Two words; $HOME `id` $(id) it?s' PLUTO_CFG_SERVER=0 "
	"PLUTO_CFG_CLIENT=1 PLUTO_NM_CONFIGURED=0 PLUTO_INBYTES=0 CONNMARK_IN=4/0xffffffff "
	"CONNMARK_OUT=4/0xffffffff VTI_IFACE='' VTI_ROUTING='no' VTI_SHARED='no' SPI_IN=0xd56858ff "
	"SPI_OUT=0x8f791bda " UPDOWN;

static const char v5_2[] =
	"2>&1 PLUTO_VERB='up-client' PLUTO_CONNECTION='vpn' PLUTO_CONNECTION_TYPE='tunnel' "
	"PLUTO_VIRT_INTERFACE='NULL' PLUTO_INTERFACE='uplink0' PLUTO_XFRMI_ROUTE='' "
	"PLUTO_NEXT_HOP='203.0.113.1' PLUTO_ME='192.0.2.2' PLUTO_MY_ID='@a\\047\\044(id)' "
	"PLUTO_CLIENT_FAMILY='ipv4' PLUTO_MY_CLIENT='10.30.1.1/32' PLUTO_MY_CLIENT_NET='10.30.1.1' "
	"PLUTO_MY_CLIENT_MASK='255.255.255.255' PLUTO_MY_PORT=0 PLUTO_MY_PROTOCOL=0 "
	"PLUTO_SA_REQID=16389 PLUTO_SA_TYPE='ESP' PLUTO_PEER='203.0.113.1' "
	"PLUTO_PEER_ID='@gateway.example' PLUTO_PEER_CLIENT='10.20.0.0/24' "
	"PLUTO_PEER_CLIENT_NET='10.20.0.0' PLUTO_PEER_CLIENT_MASK='255.255.255.0' "
	"PLUTO_PEER_PORT=0 PLUTO_PEER_PROTOCOL=0 PLUTO_PEER_CA='' PLUTO_STACK='xfrm' "
	"PLUTO_MTU=1300 PLUTO_ADDTIME=1795772458 "
	"PLUTO_CONN_POLICY='IKEv1+PSK+ENCRYPT+TUNNEL+PFS+UP+XAUTH+MODECFG_PULL+IKE_FRAG_ALLOW+ESN_NO+"
	"ESN_YES' "
	"PLUTO_CONN_KIND='CK_PERMANENT' PLUTO_CONN_ADDRFAMILY='ipv4' XAUTH_FAILED=0 "
	"PLUTO_USERNAME='joe' PLUTO_MY_SOURCEIP='10.30.1.1' PLUTO_MOBIKE_EVENT='' "
	"PLUTO_IS_PEER_CISCO=1 PLUTO_PEER_DNS_INFO='10.20.0.53' PLUTO_PEER_DOMAIN_INFO='' "
	"PLUTO_PEER_BANNER='Two words; $HOME `id` $(id) it?s' PLUTO_CFG_SERVER=0 "
	"PLUTO_CFG_CLIENT=1 PLUTO_NM_CONFIGURED=0 PLUTO_INBYTES=0 CONNMARK_IN=4/0xffffffff "
	"CONNMARK_OUT=4/0xffffffff VTI_IFACE='' VTI_ROUTING='no' VTI_SHARED='no' SPI_IN=0xf02c9152 "
	"SPI_OUT=0xb66939ef " UPDOWN;

static const char *
value_of(const char *name)
{
	gsize len = strlen(name);

	for (char **variable = parsed.environment; *variable; variable++) {
		if (strncmp(*variable, name, len) == 0 && (*variable)[len] == '=')
			return *variable + len + 1;
	}
	return NULL;
}

/* What means something to a shell is what it is. */
static void
check_real(const char *command, guint n)
{
	g_assert_null(updown_command_parse(&parsed, command, UPDOWN));
	g_assert_cmpstr(parsed.arguments[0], ==, HELPER);
	g_assert_cmpstr(parsed.arguments[1], ==, SOCKET);
	g_assert_null(parsed.arguments[2]);
	g_assert_cmpstr(parsed.environment[0], ==, "PLUTO_VERB=up-client");
	g_assert_cmpstr(value_of("PLUTO_MY_ID"), ==, "@a\\047\\044(id)");
	g_assert_cmpstr(value_of("PLUTO_PEER_BANNER"), ==, "Two words; $HOME `id` $(id) it?s");
	g_assert_cmpstr(value_of("PLUTO_PEER_CA"), ==, "");
	g_assert_cmpstr(value_of("PLUTO_MTU"), ==, "1300");
	g_assert_cmpstr(value_of("PLUTO_CFG_CLIENT"), ==, "1");
	g_assert_cmpstr(value_of("CONNMARK_IN"), ==, "4/0xffffffff");
	g_assert_true(g_str_has_prefix(value_of("SPI_OUT"), "0x"));
	g_assert_cmpuint(g_strv_length(parsed.environment), ==, n);
}

static void
test_real(void)
{
	check_real(v4_10, 49);
	check_real(v5_2, 50);
	g_assert_cmpstr(value_of("PLUTO_CLIENT_FAMILY"), ==, "ipv4");

	g_assert_null(updown_command_parse(&parsed, "2>&1 " UPDOWN, UPDOWN));
	g_assert_null(parsed.environment[0]);
}

/* What they can say beside that: a number in quotes, and variables of other configurations. */
static void
test_form(void)
{
	g_assert_null(
		updown_command_parse(&parsed,
							 "2>&1 PLUTO_MY_PORT='0' PLUTO_MTU=1300 CAT='YES' SPI_OUT=0x0 "
							 "NFLOG=1 IPSEC_INIT_SCRIPT_DEBUG='yes' " UPDOWN,
							 UPDOWN));
	g_assert_cmpstr(value_of("PLUTO_MY_PORT"), ==, "0");
	g_assert_cmpstr(value_of("CAT"), ==, "YES");
	g_assert_cmpstr(value_of("SPI_OUT"), ==, "0x0");
	g_assert_cmpstr(value_of("NFLOG"), ==, "1");
	g_assert_cmpuint(g_strv_length(parsed.environment), ==, 6);
}

static void
test_refused(void)
{
	static const struct {
		const char *command, *why;
	} cases[] = {
		/* The name of an interface: each form in which a shell would run something. */
		{"2>&1 PLUTO_INTERFACE='';sh${IFS}i*;'' " UPDOWN, "a value is not followed by a blank"},
		{"2>&1 PLUTO_INTERFACE='';id>pwn;'' " UPDOWN, "a value is not followed by a blank"},
		{"2>&1 PLUTO_INTERFACE='''a' " UPDOWN, "a value is not followed by a blank"},
		{"2>&1 PLUTO_INTERFACE='a " UPDOWN, "a value has no end"},
		{"2>&1 PLUTO_INTERFACE='a'\tPLUTO_ME='b' " UPDOWN, "a value is not followed by a blank"},
		{"2>&1 PLUTO_INTERFACE='a'\n" UPDOWN, "a value is not followed by a blank"},
		{"2>&1 PLUTO_INTERFACE=a$(id) " UPDOWN, "a value is not followed by a blank"},
		{"2>&1 PLUTO_INTERFACE=$(id) " UPDOWN, "a value is neither quoted nor a number"},
		{"2>&1 PLUTO_INTERFACE= " UPDOWN, "a value is neither quoted nor a number"},
		/* What the dynamic linker, libc or a shell would listen to. */
		{"2>&1 LD_PRELOAD='/tmp/x' " UPDOWN, "a variable is none of libreswan's"},
		{"2>&1 GLIBC_TUNABLES='x' " UPDOWN, "a variable is none of libreswan's"},
		{"2>&1 PATH='/tmp' " UPDOWN, "a variable is none of libreswan's"},
		{"2>&1 PLUTO_='x' " UPDOWN, "a variable is none of libreswan's"},
		{"2>&1 ='x' " UPDOWN, "a variable is none of libreswan's"},
		{"2>&1 NFLOGX=1 " UPDOWN, "a variable is none of libreswan's"},
		{"2>&1 pluto_me='x' " UPDOWN, "a word is no variable"},
		{"2>&1 PLUTO_ME='a' PLUTO_ME='b' " UPDOWN, "a variable is there twice"},
		{"2>&1 PLUTO_ME='a' PLUTO_M='b' PLUTO_ME='a' " UPDOWN, "a variable is there twice"},
		/* Other commands. */
		{"2>&1 PLUTO_ME='a' /bin/sh " SOCKET, "a word is no variable"},
		{"2>&1 PLUTO_ME='a' " HELPER, "a word is no variable"},
		{"2>&1 PLUTO_ME='a' " UPDOWN "2", "a word is no variable"},
		{"2>&1 PLUTO_ME='a' " UPDOWN ";id", "a word is no variable"},
		{"2>&1 PLUTO_ME='a'  " UPDOWN, "a word is no variable"},
		{"2>&1 PLUTO_ME='a' ", "a word is no variable"},
		{"2>&1 ", "a word is no variable"},
		{"2>&1  " UPDOWN, "a word is no variable"},
		{UPDOWN, "it does not begin as libreswan's updown command does"},
		{"PLUTO_ME='a' " UPDOWN, "it does not begin as libreswan's updown command does"},
		{"'" HELPER "' '" SOCKET "'", "it does not begin as libreswan's updown command does"},
		{"", "it does not begin as libreswan's updown command does"},
	};

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++)
		g_assert_cmpstr(updown_command_parse(&parsed, cases[i].command, UPDOWN), ==, cases[i].why);
}

/* Without a command that the service has allowed there is none. */
static void
test_nothing_allowed(void)
{
	static const char *const updowns[] = {"", "/bin/sh", "/bin/sh ", "sh /x", " /x y", "/a b c"};

	for (guint i = 0; i < G_N_ELEMENTS(updowns); i++) {
		g_autofree char *command = g_strconcat("2>&1 ", updowns[i], NULL);

		g_assert_cmpstr(updown_command_parse(&parsed, command, updowns[i]), ==,
						"there is no updown command that may be executed");
	}
}

static void
test_bounds(void)
{
	g_autoptr(GString) many = g_string_new("2>&1 ");
	g_autofree char *value =
		g_strnfill(UPDOWN_COMMAND_MAX - strlen("2>&1 PLUTO_A='' ") - 2 * strlen(UPDOWN) - 2, 'x');
	g_autofree char *longest = g_strdup_printf("2>&1 PLUTO_A='%s' %s", value, UPDOWN);
	g_autofree char *longer = g_strdup_printf("2>&1 PLUTO_AB='%s' %s", value, UPDOWN);

	g_assert_null(updown_command_parse(&parsed, longest, UPDOWN));
	g_assert_cmpuint(strlen(value_of("PLUTO_A")), ==, strlen(value));
	g_assert_cmpstr(updown_command_parse(&parsed, longer, UPDOWN), ==, "it is too long");

	for (guint i = 0; i < UPDOWN_COMMAND_VARIABLES; i++)
		g_string_append_printf(many, "PLUTO_%u=1 ", i);
	g_string_append(many, UPDOWN);
	g_assert_null(updown_command_parse(&parsed, many->str, UPDOWN));
	g_assert_cmpuint(g_strv_length(parsed.environment), ==, UPDOWN_COMMAND_VARIABLES);
	g_string_insert(many, strlen("2>&1 "), "PLUTO_X=1 ");
	g_assert_cmpstr(updown_command_parse(&parsed, many->str, UPDOWN), ==,
					"it has too many variables");
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/updown-command/real", test_real);
	g_test_add_func("/updown-command/form", test_form);
	g_test_add_func("/updown-command/refused", test_refused);
	g_test_add_func("/updown-command/nothing-allowed", test_nothing_allowed);
	g_test_add_func("/updown-command/bounds", test_bounds);
	return g_test_run();
}
