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
  char                *name;       /* (owned) "database", "disk_space", "data_dir", "memory",
                                      "event_loop", "keyring", "capture", "jobs", "backup",
                                      "clock", "libraries", and what was added */
  DynoComponentStatus  status;
  char                *message;    /* (owned) a sentence */
  char                *fix;        /* (owned) (nullable) what to do */
  gint64               since_us;   /* UTC, when it came to this status; 0: before the start */
  double               latency_ms; /* of the look */
  gboolean             is_news;    /* it came to this status by this look */
} DynoComponent;

/* Immutable, reference counted, any thread. */
typedef struct
{
  DynoComponentStatus  status;        /* the worst */
  gint64               time_us;       /* UTC */
  double               uptime_s;
  guint64              rss_bytes;     /* of the process; 0 unknown */
  guint64              budget_bytes;  /* of the settings */
  GPtrArray           *components;    /* (owned) of DynoComponent */
  gatomicrefcount      n_refs;
} DynoHealthReport;

DynoHealthReport *dyno_health_report_ref     (DynoHealthReport     *self);
void              dyno_health_report_unref   (DynoHealthReport     *self);
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

/* The last report, at once and without waiting for any owner; NULL before the first.
 * (transfer full) */
DynoHealthReport *dyno_health_last           (DynoShop             *shop);
/* From now to the closing: a report now and every 10 s, started on `context` (NULL: the
 * default one), which somebody must run. Once for a shop, again moves it. */
void              dyno_health_watch          (DynoShop             *shop,
                                              GMainContext         *context);

/* A component of somebody else: `func` says how it is by dyno_component_set (). It is
 * called on a thread of the pool, one look at a time, and may block for a short while;
 * without a word it is healthy. */
typedef void (*DynoHealthFunc) (DynoComponent *component,
                                gpointer       data);

void              dyno_health_add            (DynoShop             *shop,
                                              const char           *name,
                                              DynoHealthFunc        func,
                                              gpointer              data);
/* Waits for a look that runs; afterwards `func` is not called again. */
void              dyno_health_remove         (DynoShop             *shop,
                                              const char           *name);
/* `fix` NULL where nothing is to be done; `message` is a sentence. */
void              dyno_component_set         (DynoComponent        *self,
                                              DynoComponentStatus   status,
                                              const char           *fix,
                                              const char           *format,
                                              ...) G_GNUC_PRINTF (4, 5);

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

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoHealthReport, dyno_health_report_unref)

G_END_DECLS
