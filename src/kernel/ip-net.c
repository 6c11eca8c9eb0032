/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "ip-net.h"

#include <arpa/inet.h>
#include <string.h>

guint
ip_net_max_prefix(int family)
{
	switch (family) {
	case AF_INET:
		return 32;
	case AF_INET6:
		return 128;
	default:
		return 0;
	}
}

/* The bytes of a mask of @prefix bits, for byte @i. */
static guint8
mask_byte(guint prefix, guint i)
{
	guint bits = CLAMP((int) prefix - (int) i * 8, 0, 8);

	return (guint8) (0xff00 >> bits);
}

IpNet
ip_net_from_bytes(int family, const void *bytes, guint prefix)
{
	const guint8 *from = bytes;
	guint max = ip_net_max_prefix(family);
	IpNet net = {0};

	if (max == 0 || prefix > max)
		return net;
	net.family = family;
	net.prefix = prefix;
	for (guint i = 0; i < max / 8; i++)
		net.bytes[i] = from[i] & mask_byte(prefix, i);
	return net;
}

static int
parse_address(const char *text, guint8 bytes[16])
{
	memset(bytes, 0, 16);
	if (inet_pton(AF_INET, text, bytes) == 1)
		return AF_INET;
	if (inet_pton(AF_INET6, text, bytes) == 1)
		return AF_INET6;
	return AF_UNSPEC;
}

static gboolean
from_parts(IpNet *net, int family, const guint8 bytes[16], guint prefix)
{
	IpNet parsed = ip_net_from_bytes(family, bytes, prefix);

	if (!ip_net_is_set(&parsed) || memcmp(parsed.bytes, bytes, sizeof(parsed.bytes)) != 0)
		return FALSE;
	*net = parsed;
	return TRUE;
}

gboolean
ip_net_parse(IpNet *net, const char *text)
{
	char address[INET6_ADDRSTRLEN + 1];
	const char *slash = strchr(text, '/');
	gsize len = slash ? (gsize) (slash - text) : strlen(text);
	guint8 bytes[16];
	guint64 prefix;
	int family;

	if (len >= sizeof(address))
		return FALSE;
	memcpy(address, text, len);
	address[len] = '\0';
	family = parse_address(address, bytes);
	prefix = ip_net_max_prefix(family);
	if (slash && !g_ascii_string_to_unsigned(slash + 1, 10, 0, prefix, &prefix, NULL))
		return FALSE;
	return from_parts(net, family, bytes, prefix);
}

gboolean
ip_net_parse_mask(IpNet *net, const char *address, const char *mask)
{
	guint8 bytes[16], mask_bytes[16];
	int family = parse_address(address, bytes);
	guint prefix = 0, max = ip_net_max_prefix(family);

	if (max == 0 || parse_address(mask, mask_bytes) != family)
		return FALSE;
	while (prefix < max && mask_bytes[prefix / 8] & (0x80 >> prefix % 8))
		prefix++;
	for (guint i = 0; i < max / 8; i++) {
		if (mask_bytes[i] != mask_byte(prefix, i))
			return FALSE;
	}
	return from_parts(net, family, bytes, prefix);
}

gboolean
ip_net_equal(const IpNet *a, const IpNet *b)
{
	return memcmp(a, b, sizeof(*a)) == 0;
}

guint
ip_net_hash(gconstpointer net)
{
	const guint8 *bytes = net;
	guint hash = 5381;

	for (gsize i = 0; i < sizeof(IpNet); i++)
		hash = hash * 33 + bytes[i];
	return hash;
}

gboolean
ip_net_hash_equal(gconstpointer a, gconstpointer b)
{
	return ip_net_equal(a, b);
}

gboolean
ip_net_is_host(const IpNet *net)
{
	return ip_net_is_set(net) && net->prefix == ip_net_max_prefix(net->family);
}

gboolean
ip_net_contains(const IpNet *outer, const IpNet *inner)
{
	IpNet cut;

	if (!ip_net_is_set(outer) || outer->family != inner->family || outer->prefix > inner->prefix)
		return FALSE;
	cut = ip_net_from_bytes(inner->family, inner->bytes, outer->prefix);
	return ip_net_equal(&cut, outer);
}

gboolean
ip_net_list_has(const GArray *nets, const IpNet *net)
{
	for (guint i = 0; nets && i < nets->len; i++) {
		if (ip_net_equal(&g_array_index(nets, IpNet, i), net))
			return TRUE;
	}
	return FALSE;
}

const IpNet *
ip_net_list_find_around(const GArray *nets, const IpNet *inner)
{
	for (guint i = 0; nets && i < nets->len; i++) {
		if (ip_net_contains(&g_array_index(nets, IpNet, i), inner))
			return &g_array_index(nets, IpNet, i);
	}
	return NULL;
}

gboolean
ip_net_is_of_link(const IpNet *net)
{
	return net->family == AF_INET6 && net->prefix >= 8 &&
		   (net->bytes[0] == 0xff ||
			(net->prefix >= 10 && net->bytes[0] == 0xfe && (net->bytes[1] & 0xc0) == 0x80));
}

gboolean
ip_net_is_lan(const IpNet *net)
{
	return net->prefix >= (net->family == AF_INET ? 8 : 32);
}

gboolean
ip_net_overlaps(const IpNet *a, const IpNet *b)
{
	return ip_net_contains(a, b) || ip_net_contains(b, a);
}

const char *
ip_net_address_to_string(const IpNet *net, char buffer[IP_NET_STRLEN])
{
	if (!ip_net_is_set(net) || !inet_ntop(net->family, net->bytes, buffer, IP_NET_STRLEN))
		g_strlcpy(buffer, "unset", IP_NET_STRLEN);
	return buffer;
}

const char *
ip_net_to_string(const IpNet *net, char buffer[IP_NET_STRLEN])
{
	ip_net_address_to_string(net, buffer);
	if (ip_net_is_set(net) && !ip_net_is_host(net)) {
		gsize len = strlen(buffer);

		g_snprintf(buffer + len, IP_NET_STRLEN - len, "/%u", net->prefix);
	}
	return buffer;
}
