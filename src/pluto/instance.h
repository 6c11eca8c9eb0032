/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One instance: one pluto with one connection in it, its files and its updown socket.
 */
#pragma once

#include "ipsec-conf.h"
#include "libreswan.h"
#include "pluto.h"
#include "prompt-proxy.h"
#include "profile.h"
#include "run-directory.h"
#include "updown-listener.h"

typedef struct _Instance Instance;

typedef struct {
	void (*log_line)(const PlutoLogLine *line, gpointer user_data);
	/* pluto waits until this has returned. */
	void (*updown)(const UpdownEvent *event, gpointer user_data);
	/* ipsec.conf or ipsec.secrets cannot be written; pluto waits for them in vain. The instance
	 * may be freed in here, as in the next. */
	void (*unwritten)(const GError *error, gpointer user_data);
	/* pluto wanted to run another command than the updown helper, which was not done. */
	void (*refused)(const char *what, gpointer user_data);
	/* pluto was not seen to be kept from flushing what others have in the kernel, and does not get
	 * its ports. */
	void (*unproven)(gpointer user_data);
	/* With InstanceParams.prompts: pluto waits for instance_answer(), as PromptFunc has it. */
	void (*asks)(PromptKind kind, const char *message, gpointer user_data);
	/* pluto lives and answers no more. Once. */
	void (*hangs)(gpointer user_data);
	/* pluto is gone. The instance may be freed in here. */
	void (*ended)(const char *how, gpointer user_data);
} InstanceCallbacks;

typedef struct {
	const Libreswan *libreswan; /* with its version known */
	RunDirectory *directory;
	const Profile *profile;
	guint32 if_id; /* of the XFRM interface, 0 for none */
	guint32 reqid; /* see IpsecConfParams, as for the next */
	guint32 acq_expires;
	const char *helper;   /* full path */
	guint number;         /* 1, 2, ...: each has an updown socket of its own */
	const char *gateway;  /* its address */
	const char *listen;   /* see IpsecConfParams; NULL: all addresses */
	gboolean xauth_again; /* see IpsecConfParams */
	/* pluto has no XAUTH password of its own, and asks with each question of the gateway's. Not on
	 * demand, where it is a packet that begins. */
	gboolean prompts;
	/* Where the profile uses files: what is in the database, which is there already. */
	const IpsecConfCertificates *certificates;
	const char *const *nss_places; /* of the system's database: see system_nss_copy_async() */
} InstanceParams;

/* The connection's name in ipsec.conf. */
#define INSTANCE_CONN PLUTO_LOG_CONN

/**
 * instance_start_async: makes the NSS database where there is none, listens for the helper and
 * starts pluto; ipsec.conf and ipsec.secrets are written when pluto has shown that it has no shell
 * (pluto-guard.h). @params are read at once, but @libreswan and @directory have to outlive the
 * instance; where it is cancelled, only until then.
 */
void instance_start_async(const InstanceParams *params, const InstanceCallbacks *callbacks,
						  gpointer user_data, GCancellable *cancellable, GAsyncReadyCallback ready,
						  gpointer ready_data);

/**
 * instance_start_finish: (transfer full)
 *
 * Returns: NULL with an error for people; nothing runs then. G_IO_ERROR_CANCELLED: whoever has
 * cancelled it may be gone.
 */
Instance *instance_start_finish(GAsyncResult *result, GError **error);

/** instance_get_pid: of its pluto; 0 where it is gone. */
pid_t instance_get_pid(const Instance *self);

/** instance_initiate: @connection, one of those that libreswan makes of several subnets, is to
 * be negotiated. What comes of it the updown events tell. */
void instance_initiate(Instance *self, const char *connection);

/** instance_answer: to what pluto asks; as prompt_proxy_answer(). */
gboolean instance_answer(Instance *self, const char *answer);

/** instance_stop: tells the gateway and ends. ended() follows, never from within this call. */
void instance_stop(Instance *self);

/** instance_kill: ends at once; ended() follows likewise. */
void instance_kill(Instance *self);

/** instance_free: kills what still runs. */
void instance_free(Instance *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Instance, instance_free)
