/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "gateway.h"

#define GATEWAY "203.0.113.1"

typedef struct {
	gboolean finished, found;
	GError *error;
} Outcome;

static void
on_found(GObject *source, GAsyncResult *result, gpointer user_data)
{
	Outcome *outcome = user_data;

	outcome->finished = TRUE;
	outcome->found = gateway_find_finish(result, &outcome->error);
}

static gboolean
on_too_late(gpointer user_data)
{
	g_error("nothing came of it in a minute");
	return G_SOURCE_REMOVE;
}

static gboolean
find(Gateway *gateway, GCancellable *cancellable, GError **error)
{
	Outcome outcome = {0};
	guint source = g_timeout_add_seconds(60, on_too_late, NULL);

	gateway_find_async(gateway, cancellable, on_found, &outcome);
	g_assert_false(outcome.finished); /* never from within */
	while (!outcome.finished)
		g_main_context_iteration(NULL, TRUE);
	g_source_remove(source);
	g_assert_cmpint(outcome.found, ==, !outcome.error);
	if (outcome.error)
		g_propagate_error(error, outcome.error);
	return outcome.found;
}

/* What is in /etc/hosts everywhere. */
static void
test_name(void)
{
	g_autoptr(Gateway) gateway = gateway_new("localhost", AF_INET);
	const GArray *addresses = gateway_get_addresses(gateway);
	g_autoptr(GError) error = NULL;

	g_assert_cmpuint(addresses->len, ==, 0);
	/* What is found again is not there twice. */
	for (guint i = 0; i < 2; i++) {
		g_assert_true(find(gateway, NULL, &error));
		g_assert_true(gateway_get_addresses(gateway) == addresses);
		g_assert_cmpuint(addresses->len, ==, 1);
		g_assert_cmpint(g_array_index(addresses, IpNet, 0).family, ==, AF_INET);
		g_assert_true(ip_net_is_host(&g_array_index(addresses, IpNet, 0)));
	}
}

static void
test_address(void)
{
	g_autoptr(Gateway) gateway = gateway_new(GATEWAY, AF_UNSPEC);
	g_autoptr(GError) error = NULL;
	char text[IP_NET_STRLEN];

	g_assert_true(find(gateway, NULL, &error));
	g_assert_cmpuint(gateway_get_addresses(gateway)->len, ==, 1);
	g_assert_cmpstr(
		ip_net_to_string(&g_array_index(gateway_get_addresses(gateway), IpNet, 0), text), ==,
		GATEWAY);
}

/* RFC 6761: such a name has never an address. */
static void
test_no_address(void)
{
	g_autoptr(Gateway) gateway = gateway_new("nowhere.invalid", AF_INET);
	g_autoptr(GError) error = NULL;
	IpNet address;

	g_assert_false(find(gateway, NULL, &error));
	g_assert_error(error, G_IO_ERROR, G_IO_ERROR_HOST_NOT_FOUND);
	g_assert_true(
		g_str_has_prefix(error->message, "the host name nowhere.invalid has no address of IPv4"));

	/* But where it had one before, that stays. */
	g_assert_true(ip_net_parse(&address, GATEWAY));
	g_array_append_val(gateway_get_addresses(gateway), address);
	g_assert_true(find(gateway, NULL, NULL));
	g_assert_cmpuint(gateway_get_addresses(gateway)->len, ==, 1);
}

static void
test_cancelled(void)
{
	static const char *const hosts[] = {"localhost", GATEWAY};

	for (guint i = 0; i < G_N_ELEMENTS(hosts); i++) {
		g_autoptr(GCancellable) cancellable = g_cancellable_new();
		Gateway *gateway = gateway_new(hosts[i], AF_UNSPEC);
		Outcome outcome = {0};

		gateway_find_async(gateway, cancellable, on_found, &outcome);
		g_cancellable_cancel(cancellable);
		gateway_free(gateway);
		while (!outcome.finished)
			g_main_context_iteration(NULL, TRUE);
		g_assert_error(outcome.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
		g_clear_error(&outcome.error);
	}
	gateway_free(NULL);
}

/* A resolver that says what the test wants, in the place of the host's. */

typedef GResolver FakeResolver;
typedef GResolverClass FakeResolverClass;

static const char *answers; /* a blank between addresses; NULL: an error */
static GResolverNameLookupFlags asked_flags;

GType fake_resolver_get_type(void);
G_DEFINE_TYPE(FakeResolver, fake_resolver, G_TYPE_RESOLVER)

static void
free_addresses(gpointer list)
{
	g_resolver_free_addresses(list);
}

static void
fake_look_up(GResolver *resolver, const char *name, GResolverNameLookupFlags flags,
			 GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
	g_autoptr(GTask) task = g_task_new(resolver, cancellable, callback, user_data);
	g_auto(GStrv) texts = g_strsplit(answers ? answers : "", " ", -1);
	GList *addresses = NULL;

	asked_flags = flags;
	for (char **text = texts; *text; text++)
		addresses = g_list_append(addresses, g_inet_address_new_from_string(*text));
	if (addresses)
		g_task_return_pointer(task, addresses, free_addresses);
	else
		g_task_return_new_error(task, G_RESOLVER_ERROR, G_RESOLVER_ERROR_NOT_FOUND, "no such name");
}

/* What GLib calls where there are no flags. */
static void
fake_look_up_any(GResolver *resolver, const char *name, GCancellable *cancellable,
				 GAsyncReadyCallback callback, gpointer user_data)
{
	fake_look_up(resolver, name, G_RESOLVER_NAME_LOOKUP_FLAGS_DEFAULT, cancellable, callback,
				 user_data);
}

static GList *
fake_look_up_finish(GResolver *resolver, GAsyncResult *result, GError **error)
{
	return g_task_propagate_pointer(G_TASK(result), error);
}

static void
fake_resolver_class_init(FakeResolverClass *class)
{
	class->lookup_by_name_async = fake_look_up_any;
	class->lookup_by_name_finish = fake_look_up_finish;
	class->lookup_by_name_with_flags_async = fake_look_up;
	class->lookup_by_name_with_flags_finish = fake_look_up_finish;
}

static void
fake_resolver_init(FakeResolver *self)
{
}

/* @expected: the addresses that are kept, a blank after each, or the error. */
static void
assert_found(int family, const char *answer, GResolverNameLookupFlags flags, const char *expected)
{
	g_autoptr(Gateway) gateway = gateway_new("vpn.example", family);
	g_autoptr(GString) kept = g_string_new(NULL);
	g_autoptr(GError) error = NULL;

	answers = answer;
	if (find(gateway, NULL, &error)) {
		const GArray *addresses = gateway_get_addresses(gateway);

		for (guint i = 0; i < addresses->len; i++) {
			char text[IP_NET_STRLEN];

			g_string_append_printf(kept, "%s ",
								   ip_net_to_string(&g_array_index(addresses, IpNet, i), text));
		}
	}
	g_assert_cmpstr(error ? error->message : kept->str, ==, expected);
	g_assert_cmpint(asked_flags, ==, flags);
}

/* What cannot be a gateway's address is none, and the family is asked for. */
static void
test_answers(void)
{
	const GResolverNameLookupFlags any = G_RESOLVER_NAME_LOOKUP_FLAGS_DEFAULT;
	g_autoptr(GResolver) before = g_resolver_get_default();
	g_autoptr(GResolver) fake = g_object_new(fake_resolver_get_type(), NULL);

	g_resolver_set_default(fake);
	assert_found(AF_UNSPEC, "203.0.113.1 2001:db8::1 203.0.113.2", any,
				 "203.0.113.1 2001:db8::1 203.0.113.2 ");
	assert_found(AF_UNSPEC, "0.0.0.0 203.0.113.1 224.0.0.1 :: ff02::1", any, "203.0.113.1 ");
	assert_found(AF_UNSPEC, "0.0.0.0", any, "the host name vpn.example has no address");
	assert_found(AF_INET, "203.0.113.1", G_RESOLVER_NAME_LOOKUP_FLAGS_IPV4_ONLY, "203.0.113.1 ");
	assert_found(AF_INET6, NULL, G_RESOLVER_NAME_LOOKUP_FLAGS_IPV6_ONLY,
				 "the host name vpn.example has no address of IPv6: no such name");
	assert_found(AF_INET, "::", G_RESOLVER_NAME_LOOKUP_FLAGS_IPV4_ONLY,
				 "the host name vpn.example has no address of IPv4");
	g_resolver_set_default(before);
}

static void
test_used(void)
{
	g_autoptr(Gateway) gateway = gateway_new("localhost", AF_UNSPEC);
	IpNet address;

	g_assert_false(ip_net_is_set(gateway_get_used(gateway)));
	g_assert_true(ip_net_parse(&address, GATEWAY));
	gateway_use(gateway, &address);
	g_assert_true(ip_net_equal(gateway_get_used(gateway), &address));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/gateway/name", test_name);
	g_test_add_func("/gateway/address", test_address);
	g_test_add_func("/gateway/no-address", test_no_address);
	g_test_add_func("/gateway/cancelled", test_cancelled);
	g_test_add_func("/gateway/answers", test_answers);
	g_test_add_func("/gateway/used", test_used);
	return g_test_run();
}
