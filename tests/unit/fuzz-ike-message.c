/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * libFuzzer: any answer of a gateway to the probe's message; the first byte says which version was
 * asked. What is read is a choice among what was offered, or a notification.
 */
#include "config.h"

#include "ike-message.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const guint8 *data, gsize len);

static gboolean
is_offered(const GPtrArray *proposals, const IkeTransform *chosen)
{
	for (guint p = 0; p < proposals->len; p++) {
		const GArray *transforms = proposals->pdata[p];

		for (guint i = 0; i < transforms->len; i++) {
			const IkeTransform *transform = &g_array_index(transforms, IkeTransform, i);

			if (transform->type == chosen->type && transform->id == chosen->id &&
				transform->bits == chosen->bits)
				return TRUE;
		}
	}
	return FALSE;
}

int
LLVMFuzzerTestOneInput(const guint8 *data, gsize len)
{
	static const guint8 spi[IKE_SPI_LEN] = "initiato";
	IkeRequest request = {.ikev2 = len > 0 && data[0] & 1, .auth = IKE_AUTH_PSK, .group = 14};
	static GPtrArray *offers[2]; /* of IKEv1 and IKEv2, for all runs */
	GPtrArray **proposals = &offers[request.ikev2];
	IkeAnswer answer;
	const char *why;

	if (len == 0)
		return 0;
	if (!*proposals)
		*proposals =
			ike_transforms_parse(ike_transforms_default(request.ikev2, 5), request.ikev2, 5, NULL);
	request.proposals = *proposals;
	memcpy(request.spi, spi, sizeof(spi));
	if (!ike_message_read(data + 1, len - 1, &request, &answer, &why)) {
		if (!why)
			abort();
		return 0;
	}
	if (answer.cookie_len > IKE_COOKIE_MAX || answer.n_chosen > G_N_ELEMENTS(answer.chosen) ||
		(answer.kind == IKE_ANSWER_CHOICE && answer.n_chosen == 0))
		abort();
	for (guint i = 0; answer.kind == IKE_ANSWER_CHOICE && i < answer.n_chosen; i++) {
		if (!is_offered(*proposals, &answer.chosen[i]))
			abort();
	}
	return 0;
}
