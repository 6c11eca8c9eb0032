/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * nm-libreswan-service --check: what would be wrong with a connection, before anybody connects. It
 * changes nothing, and sends nothing unless it is asked to (ike-probe.h).
 */
#pragma once

#include <NetworkManager.h>

#include "check-report.h"

/* What the program ends with. */
enum {
	CHECK_GOOD = 0,
	CHECK_PROBLEMS = 1,
	CHECK_FAILED = 2, /* there is nothing to be checked, or it cannot be read */
};

typedef struct {
	NMConnection *connection;  /* of our type */
	const GPtrArray *notes;    /* of char *: what import left out */
	guint16 probe_port;        /* where the gateway is asked (500, but in tests); 0: it is not */
	gboolean has_secrets;      /* those that are stored with the connection are in it */
	const char *libreswan_dir; /* as for libreswan_new() */
	const char *guard;         /* the guard library */
	const char *helper;        /* the updown helper */
	const char *base;          /* of the run directories */
} CheckParams;

/**
 * check_run: with iterations of the default main context.
 *
 * Returns: CHECK_GOOD or CHECK_PROBLEMS; the report has it all.
 */
int check_run(CheckReport *report, const CheckParams *params);
