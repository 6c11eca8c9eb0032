/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One incarnation: one pluto with one connection in it, its files and its updown socket.
 */
#pragma once

#include "libreswan.h"
#include "pluto.h"
#include "profile.h"
#include "run-directory.h"
#include "updown-listener.h"

typedef struct _Incarnation Incarnation;

typedef struct {
	void (*log_line)(const PlutoLogLine *line, gpointer user_data);
	/* pluto waits until this has returned. */
	void (*updown)(const UpdownEvent *event, gpointer user_data);
	/* ipsec.conf or ipsec.secrets cannot be written; pluto waits for them in vain. The incarnation
	 * may be freed in here, as in the next. */
	void (*unwritten)(const GError *error, gpointer user_data);
	/* pluto wanted to run another command than the updown helper, which was not done. */
	void (*refused)(const char *what, gpointer user_data);
	/* pluto lives and answers no more. Once. */
	void (*hangs)(gpointer user_data);
	/* pluto is gone, @asked by incarnation_stop() or not. The incarnation may be freed in here. */
	void (*ended)(gboolean asked, const char *how, gpointer user_data);
} IncarnationCallbacks;

typedef struct {
	const Libreswan *libreswan; /* with its version known */
	RunDirectory *directory;    /* with the NSS database in nss/ */
	const Profile *profile;
	guint32 if_id;       /* of the XFRM interface, 0 for none */
	const char *helper;  /* full path */
	guint number;        /* 1, 2, ...: each has an updown socket of its own */
	const char *gateway; /* its address */
	const char *listen;  /* see IpsecConfParams; NULL: all addresses */
	bool xauth_again;    /* see IpsecConfParams */
} IncarnationParams;

/* The connection's name in ipsec.conf. */
#define INCARNATION_CONN PLUTO_LOG_CONN

/**
 * incarnation_start: listens for the helper and starts pluto; ipsec.conf and ipsec.secrets are
 * written when pluto has shown that it has no shell (pluto-guard.h).
 *
 * Returns: NULL with an error for people; nothing runs then.
 */
Incarnation *
incarnation_start(const IncarnationParams *params, const IncarnationCallbacks *callbacks,
				  gpointer user_data, GError **error);

/** incarnation_get_pid: of its pluto; 0 where it is gone. */
pid_t incarnation_get_pid(const Incarnation *self);

/** incarnation_initiate: @connection, one of those that libreswan makes of several subnets, is to
 * be negotiated. What comes of it the updown events tell. */
void incarnation_initiate(Incarnation *self, const char *connection);

/** incarnation_stop: tells the gateway and ends. ended() follows, never from within this call. */
void incarnation_stop(Incarnation *self);

/** incarnation_kill: ends at once; ended() follows likewise. */
void incarnation_kill(Incarnation *self);

/** incarnation_free: kills what still runs. */
void incarnation_free(Incarnation *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Incarnation, incarnation_free)
