/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Stands between whack and pluto on pluto's control socket. What whack asks of pluto, whose form is
 * another with each libreswan, goes through unread; of what pluto says the lines that ask a person
 * for something are taken out, and answered from here. So each question of a gateway's XAUTH gets
 * an answer of its own: from ipsec.secrets pluto gives the same to all of them, and 5.2's whack
 * does so too.
 *
 * pluto reads the answer in its main loop: until then it does nothing else.
 */
#pragma once

#include <gio/gio.h>

typedef struct _PromptProxy PromptProxy;

typedef enum {
	PROMPT_USER,     /* who signs in */
	PROMPT_PASSWORD, /* his password, or whatever else the gateway has asked for */
} PromptKind;

/* Bytes of an answer: pluto has room for so many (XAUTH_MAX_PASS_LENGTH of its whack.h). */
#define PROMPT_ANSWER_MAX 127
/* Letters of the gateway's message that are shown; pluto cuts it to 80 bytes. */
#define PROMPT_MESSAGE_MAX 80

/**
 * PromptFunc: pluto asks, and waits for prompt_proxy_answer(), which may come from within this
 * call; prompt_proxy_free() may not.
 * @message: (nullable): what the gateway says to it: any text, in one line and cut (one-line.h)
 */
typedef void (*PromptFunc)(PromptKind kind, const char *message, gpointer user_data);

/**
 * prompt_proxy_new:
 * @path: of the socket that whack is told of, which is made here; in a directory of ours alone
 * @control: the path of pluto's
 * @connection: the conn whose questions these are
 *
 * The first whack that comes is served, and no other.
 *
 * Returns: (transfer full): NULL with an error that names the socket
 */
PromptProxy *prompt_proxy_new(const char *path, const char *control, const char *connection,
							  PromptFunc func, gpointer user_data, GError **error);

/** prompt_proxy_free: pluto, where it waits, reads the end of the file, and ends the negotiation.
 */
void prompt_proxy_free(PromptProxy *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PromptProxy, prompt_proxy_free)

/** prompt_proxy_is_asking: pluto waits for an answer. */
gboolean prompt_proxy_is_asking(const PromptProxy *self);

/**
 * prompt_proxy_answer: once for each question.
 * @answer: not empty; nothing keeps it
 *
 * Returns: FALSE where nobody asks, where it is longer than pluto can read, or where pluto has gone
 */
gboolean prompt_proxy_answer(PromptProxy *self, const char *answer);
