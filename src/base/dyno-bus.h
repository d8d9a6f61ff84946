/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* News between the parts of the program: "run run_… changed". A subscriber
 * gets the news in his own main context, at a moment of his own; when he is
 * slower than the news, the newest of a (topic, subject) replaces the older one
 * that he has not seen yet. So a bus tells that something is different, never
 * how often; who needs each step reads it from its owner.
 *
 * Any thread may publish. */

typedef struct _DynoBus DynoBus;

typedef enum
{
  DYNO_TOPIC_RUN     = 1 << 0, /* subject: run id; detail "added", "changed", "removed" */
  DYNO_TOPIC_JOB     = 1 << 1, /* subject: job id */
  DYNO_TOPIC_VEHICLE = 1 << 2, /* subject: vehicle id */
  DYNO_TOPIC_CAPTURE = 1 << 3, /* subject: "state", "arm", "preflight", "mapping" */
  DYNO_TOPIC_CONFIG  = 1 << 4, /* subject: key */
  DYNO_TOPIC_STORE   = 1 << 5, /* subject: "failed", "recovered" */
  DYNO_TOPIC_HEALTH  = 1 << 6, /* subject: component */
  DYNO_TOPIC_ACCESS  = 1 << 7, /* subject: user id; detail "changed", "login", "stolen". Or a */
                               /* pairing's id: "asked", "over" */
  DYNO_TOPIC_ALERT   = 1 << 8, /* subject: alert id; detail "raised", "cleared" */
  DYNO_TOPIC_KEY     = 1 << 9, /* subject: key id, or "" for many; detail "created", … */
  DYNO_TOPIC_NOTICE  = 1 << 10, /* subject: cause; detail: a sentence, NULL: it has ended */
} DynoTopic;

typedef void (*DynoBusFunc) (DynoTopic   topic,
                             const char *subject,
                             const char *detail,
                             gpointer    user_data);

DynoBus *dyno_bus_new         (void);
DynoBus *dyno_bus_ref         (DynoBus        *self);
void     dyno_bus_unref       (DynoBus        *self);

/* `detail` may be NULL. */
void     dyno_bus_publish     (DynoBus        *self,
                               DynoTopic       topic,
                               const char     *subject,
                               const char     *detail);

/* `func` is called in `context` (NULL: the thread's default). `topics` is a set
 * of DynoTopic. The answer is for dyno_bus_unsubscribe (). */
guint    dyno_bus_subscribe   (DynoBus        *self,
                               guint           topics,
                               GMainContext   *context,
                               DynoBusFunc     func,
                               gpointer        user_data,
                               GDestroyNotify  destroy);

/* In the subscriber's own context: after this call `func` is not called again. */
void     dyno_bus_unsubscribe (DynoBus        *self,
                               guint           id);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoBus, dyno_bus_unref)

G_END_DECLS
