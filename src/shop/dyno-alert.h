/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* What a person has to know now (service.md 7.6). One alert a cause, until the cause
 * ends. Raised and cleared are told on the bus (DYNO_TOPIC_ALERT, subject: the alert's
 * id; detail: "raised", "cleared"), and to the webhook of the settings. What is raised
 * by itself, once dyno_alert_watch () runs:
 *
 *   component.<name>       it is unhealthy, or degraded for 60 s
 *   run.incomplete.<id>    until the next run begins
 *   limit.<channel>        beyond a red limit of the vehicle while a run is recorded,
 *                          until the run ends; limits stand in the vehicle's data as
 *                          {"limits":{"rpm":{"red_low":…,"red_high":…}}}, in the unit
 *                          of the channel list
 *
 * and whatever is told as DYNO_TOPIC_NOTICE (subject: the cause; detail: a sentence, NULL
 * where it has ended). Messages go to others: no names of people, no folders. */

typedef struct _DynoShop DynoShop;
typedef struct _DynoAlerts DynoAlerts;

typedef enum
{
  DYNO_ALERT_WARNING,
  DYNO_ALERT_CRITICAL,
} DynoAlertSeverity;

/* Immutable, reference counted, any thread. */
typedef struct
{
  char             *id;       /* (owned) alr_… */
  char             *name;     /* (owned) the cause */
  DynoAlertSeverity severity;
  gboolean          is_open;  /* "raised"; else "cleared" */
  char             *message;  /* (owned) a sentence */
  gint64            at_us;    /* UTC, of the state */
  gatomicrefcount   n_refs;
} DynoAlert;

DynoAlert  *dyno_alert_ref           (DynoAlert         *self);
void        dyno_alert_unref         (DynoAlert         *self);
const char *dyno_alert_severity_name (DynoAlertSeverity  severity);

/* Any thread. A cause that is raised already stays as it is unless it has become
 * graver; clearing what is not open is nothing. */
void        dyno_alert_raise         (DynoShop          *shop,
                                      const char        *name,
                                      DynoAlertSeverity  severity,
                                      const char        *message);
void        dyno_alert_clear         (DynoShop          *shop,
                                      const char        *name);
/* Those that are open, the newest first. (transfer full) (element-type DynoAlert) */
GPtrArray  *dyno_alert_list          (DynoShop          *shop);
/* Also one of the last 100 that were cleared; NULL unknown. (transfer full) */
DynoAlert  *dyno_alert_find          (DynoShop          *shop,
                                      const char        *id);

/* From now to the closing: raises and clears by itself, and calls the webhook, on
 * `context` (NULL: the default one), which somebody must run and which must be the
 * caller's thread-default one. Once for a shop. */
void        dyno_alert_watch         (DynoShop          *shop,
                                      GMainContext      *context);
/* Ends it; on the thread of the context. The closing does it where nobody did. */
void        dyno_alert_end_watch     (DynoShop          *shop);

/* For the shop alone. */
DynoAlerts *dyno_alerts_new          (void);
void        dyno_alerts_free         (DynoAlerts        *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoAlert, dyno_alert_unref)

G_END_DECLS
