/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Why is nothing heard? The network part of `dynoctl doctor`: interfaces,
 * multicast, the port, firewalls, IGMP, containers. It joins the group beside a
 * running capture and sends at most one harmless message (a Ping from id 0). */

typedef enum
{
  DYNO_CHECK_OK,
  DYNO_CHECK_WARN,
  DYNO_CHECK_FAIL,
} DynoCheckStatus;

typedef struct
{
  char           *name;   /* (owned) "interface eth0", "port", "probe eth0", … */
  DynoCheckStatus status;
  char           *detail; /* (owned) what was found */
  char           *fix;    /* (owned) what to do; "" where nothing */
} DynoCheck;

typedef struct
{
  const char *group;      /* NULL: 224.0.2.10 */
  guint16     port;       /* 0: 22344 */
  const char *interface;  /* as in DynoCaptureConfig; NULL: auto */
  gint64      listen_us;  /* how long the probe listens; 0: 3 s */
} DynoNetcheckConfig;

/* On the calling thread, for about `listen_us`. (transfer full) of DynoCheck, at
 * least one; cut short where cancelled. */
GPtrArray  *dyno_netcheck_run      (const DynoNetcheckConfig *config,
                                    GCancellable             *cancellable);

/* "ok", "warn", "fail". */
const char *dyno_check_status_name (DynoCheckStatus           status);

void        dyno_check_free        (DynoCheck                *check);

G_END_DECLS
