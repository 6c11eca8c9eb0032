/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Random profiles that are valid, for property tests. Every run has another
 * seed; GLib prints it, and --seed repeats the run. */

#pragma once

#include "make-profile.h"

static inline const char *
pick(const char *const *words)
{
	guint n = g_strv_length((char **) words);

	return words[g_test_rand_int_range(0, (gint32) n)];
}

/* Text that tries to be something else: a comment, a quote, a section. */
static inline char *
random_text(guint max)
{
	static const char *const pieces[] = {"a",        "Z",
										 "0",        " ",
										 "#",        "'",
										 "`",        "$",
										 "\\",       ";",
										 "{",        "}",
										 "(",        "=",
										 "%",        "@",
										 "|",        "&",
										 "<",        "*",
										 "!",        "~",
										 "conn x",   "include /etc/passwd",
										 "\xc3\xbc", "\xe2\x82\xac",
										 "also=x",   "config setup",
										 "%default", "/",
										 ",",        NULL};
	GString *text = g_string_new(NULL);
	guint n = (guint) g_test_rand_int_range(1, 12);

	for (guint i = 0; i < n; i++) {
		const char *piece = pick(pieces);

		if (text->len + strlen(piece) <= max)
			g_string_append(text, piece);
	}
	if (!text->len)
		g_string_append_c(text, 'x');
	return g_string_free(text, FALSE);
}

static inline char *
random_subnet(gboolean ipv6)
{
	if (!ipv6)
		return g_strdup_printf("10.%d.%d.0/%d", g_test_rand_int_range(0, 256),
							   g_test_rand_int_range(0, 256), g_test_rand_int_range(0, 33));
	return g_strdup_printf("2001:db8:%x::/%d", (guint) g_test_rand_int_range(0, 65536),
						   g_test_rand_int_range(0, 129));
}

static inline char *
random_id(void)
{
	static const char *const ids[] = {"joe",       "@joe",   "joe@example.com",       "192.0.2.9",
									  "%fromcert", "@[k 1]", "C=DE, O=Firma, CN=joe", "2001:db8::9",
									  NULL};
	g_autofree char *text = random_text(60);

	if (g_test_rand_bit())
		return g_strdup(pick(ids));
	/* With an equals sign it would be a distinguished name. */
	for (char *equals = text; (equals = strchr(equals, '='));)
		*equals = '-';
	return g_strconcat("@x", text, NULL);
}

static inline char *
random_value(const Option *option)
{
	static const char *const addresses[] = {"gw.example.com", "192.0.2.1", "2001:db8::1", NULL};
	static const char *const yes_no[] = {"yes", "no", "true", "off", NULL};
	static const char *const proposals[] = {"aes256-sha2_256;modp2048", "aes128-sha1;modp1536",
											"aes_gcm256, aes256-sha1", NULL};
	static const char *const esp[] = {"aes256-sha2_256", "aes_gcm256-null", "aes128-sha1", NULL};
	static const char *const units[] = {"", "s", "m", NULL};
	static const char *const ports[] = {"17/1701", "tcp/443", "icmp", "6/%any", NULL};
	static const char *const keys[] = {"%cert", NULL};
	static const char *const domains[] = {"example.com", "a.example, b.example", "~lan", NULL};

	switch (option->kind) {
	case OPTION_ADDRESS:
		return g_strdup(pick(addresses));
	case OPTION_ID:
		return random_id();
	case OPTION_STRING:
	case OPTION_ANY:
		return random_text(option->max ? (guint) option->max : 120);
	case OPTION_DOMAINS:
		return g_strdup(pick(domains));
	case OPTION_SUBNET:
		return random_subnet(g_test_rand_bit());
	case OPTION_SUBNETS: {
		gboolean ipv6 = g_test_rand_bit(); /* libreswan 4 cannot mix them */
		g_autofree char *one = random_subnet(ipv6);
		g_autofree char *two = random_subnet(ipv6);

		return g_strdup_printf("%s, %s", one, two);
	}
	case OPTION_YES_NO:
		return g_strdup(pick(yes_no));
	case OPTION_ENUM: {
		guint n = 0;

		while (option->words[n].word)
			n++;
		return g_strdup(option->words[g_test_rand_int_range(0, (gint32) n)].word);
	}
	case OPTION_AUTHBY:
		return g_strdup("secret");
	case OPTION_DURATION: {
		guint64 max = MIN(option->max / 60, 1000);

		/* Zero is special where it is allowed, so it comes often. */
		if (option->min == 0 && g_test_rand_int_range(0, 4) == 0)
			return g_strdup_printf("0%s", pick(units));
		return g_strdup_printf("%d%s", g_test_rand_int_range(1, (gint32) max + 1), pick(units));
	}
	case OPTION_NUMBER:
		return g_strdup_printf(
			"%d", g_test_rand_int_range((gint32) option->min, (gint32) option->max + 1));
	case OPTION_INTERFACE:
		return g_strdup(g_test_rand_bit() ? "yes" : "12");
	case OPTION_PROPOSALS:
		return g_strdup(pick(g_str_equal(option->key, "ike") ? proposals : esp));
	case OPTION_PROTOPORT:
		return g_strdup(pick(ports));
	case OPTION_PUBLIC_KEY:
		return g_strdup(pick(keys));
	case OPTION_KEY_ID:
		return g_strdup("0123456789abcdef0123456789abcdef01234567");
	case OPTION_FILE:
	case OPTION_OBJECT: {
		g_autofree char *text = random_text(60);

		return g_strconcat("/", text, "x", NULL);
	}
	case OPTION_SECRET:
		return g_strdup("secret");
	}
	g_assert_not_reached();
}

/* Whether a key may stand beside those that are there. */
static inline gboolean
goes_with(const Option *option, const char *text, gboolean ikev2)
{
	if (g_str_equal(option->key, "ikev2") || g_str_equal(option->key, "right"))
		return FALSE; /* are there already */
	if (ikev2 && (g_str_equal(option->key, "aggressive") || g_str_equal(option->key, "aggrmode")))
		return FALSE;
	if (g_str_has_suffix(option->key, "subnets"))
		return !strstr(text, g_str_has_prefix(option->key, "left") ? "leftsubnet" : "rightsubnet");
	return TRUE;
}

/* What each key alone may be; some cannot be together. */
static inline char *
random_keys(void)
{
	static const char *const versions[] = {"ikev2=insist", "ikev2=never", NULL};
	static const char *const gateways[] = {"gw.example.com", "192.0.2.1", "2001:db8::1", NULL};
	GString *text = g_string_new(NULL);
	const char *version = pick(versions);
	guint n;
	const Option *options = option_all(&n);

	g_string_append_printf(text, "%s\nright=%s\n", version, pick(gateways));
	for (guint i = 0; i < n; i++) {
		g_autofree char *value = NULL;

		if (g_test_rand_int_range(0, 4) != 0 ||
			!goes_with(&options[i], text->str, g_str_equal(version, "ikev2=insist")))
			continue;
		value = random_value(&options[i]);
		g_string_append_printf(text, "%s=%s\n", options[i].key, value);
	}
	return g_string_free(text, FALSE);
}

static inline gboolean
is_profile(const char *text, const char *more)
{
	g_autofree char *all = g_strconcat(text, more, NULL);
	g_autoptr(Profile) profile = make_profile_checked(all, "joe", NULL);

	return profile != NULL;
}

/**
 * random_profile:
 *
 * Returns: (transfer full): key=value lines for make_profile(), right with nm-auto-defaults=no too
 */
static inline char *
random_profile(void)
{
	for (;;) {
		g_autofree char *text = random_keys();

		if (is_profile(text, "") && is_profile(text, "nm-auto-defaults=no\n"))
			return g_steal_pointer(&text);
	}
}
