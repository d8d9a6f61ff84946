/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <gio/gio.h>

#include "dyno-netcheck.h"

G_BEGIN_DECLS

/* How the program is (service.md 7.4), and the doctor: what is wrong with this
 * machine, each with the one thing that mends it. */

typedef struct _DynoShop DynoShop;

typedef enum
{
  DYNO_COMPONENT_HEALTHY,
  DYNO_COMPONENT_DEGRADED,
  DYNO_COMPONENT_UNHEALTHY,
} DynoComponentStatus;

typedef struct
{
  char                *name;       /* (owned) "database", "disk_space", "data_dir",
                                      "keyring", "capture", "jobs", "clock", "libraries" */
  DynoComponentStatus  status;
  char                *message;    /* (owned) a sentence */
  char                *fix;        /* (owned) (nullable) what to do */
  gint64               since_us;   /* UTC, when it came to this status; 0: before the start */
  double               latency_ms; /* of the look */
} DynoComponent;

typedef struct
{
  DynoComponentStatus  status;        /* the worst */
  gint64               time_us;       /* UTC */
  double               uptime_s;
  guint64              rss_bytes;     /* of the process; 0 unknown */
  GPtrArray           *components;    /* (owned) of DynoComponent */
} DynoHealthReport;

void              dyno_health_report_free    (DynoHealthReport     *self);
const char       *dyno_component_status_name (DynoComponentStatus   status);

/* Looks at every owner. Never fails but by cancelling. A component that comes to
 * another status is told on the bus (DYNO_TOPIC_HEALTH, subject: its name; detail:
 * its status). */
void              dyno_health_report_async   (DynoShop             *shop,
                                              GCancellable         *cancellable,
                                              GAsyncReadyCallback   callback,
                                              gpointer              user_data);
DynoHealthReport *dyno_health_report_finish  (GAsyncResult         *result,
                                              GError              **error);

/* Network (by dyno-netcheck, about 3 s, beside a running capture), keyring, disk,
 * clock, permissions, each a DynoCheck with status, detail and fix. `interface`
 * NULL: that of the settings. As a job (kind "doctor"). (element-type DynoCheck) */
void              dyno_health_doctor_async   (DynoShop             *shop,
                                              const char           *interface,
                                              GCancellable         *cancellable,
                                              GAsyncReadyCallback   callback,
                                              gpointer              user_data);
GPtrArray        *dyno_health_doctor_finish  (GAsyncResult         *result,
                                              GError              **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoHealthReport, dyno_health_report_free)

G_END_DECLS
