/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <gio/gio.h>

#include "dyno-batch.h"
#include "dyno-journal.h"

G_BEGIN_DECLS

/* A packet journal played again, in one of two ways.
 *
 * Derived: through the same intake as live, without a wire and without waiting,
 * into a sink. The same journal gives the same samples, bit for bit: t_us, raw,
 * flags, and channels by (provider, generation, id, name, unit, occurrence); and
 * channel indices, for a journal that begins with a key frame of the session.
 *
 * On the wire: its providers speak again, each as a provider of ours with an id
 * of its own, at recorded speed, faster, or as fast as it goes. */

typedef struct
{
  guint64  n_records;
  guint64  n_received;
  guint64  n_samples;
  gint64   first_us;     /* arrivals; 0 without records */
  gint64   last_us;
  gboolean is_complete;  /* the file ends with its end record */
  char    *complaint;    /* (owned) "" or why it is not */
} DynoReplayReport;

/* Derives on the calling thread. `batch_us` of arrival time make a batch (0: 50
 * ms); batches carry no records. A cut file is no error: what is whole is given.
 * `speed` 0 does not wait; 1 waits as recorded; others in between. */
gboolean      dyno_replay_derive       (const char        *path,
                                        double             speed,
                                        DynoBatchSink      sink,
                                        gpointer           sink_data,
                                        GCancellable      *cancellable,
                                        DynoReplayReport  *report,
                                        GError           **error);
/* The same over a reader that is already open. */
gboolean      dyno_replay_derive_from  (DynoJournalReader *reader,
                                        double             speed,
                                        DynoBatchSink      sink,
                                        gpointer           sink_data,
                                        GCancellable      *cancellable,
                                        DynoReplayReport  *report,
                                        GError           **error);
void          dyno_replay_report_clear (DynoReplayReport  *report);

typedef struct
{
  const char *group;     /* NULL: 224.0.2.10 */
  guint16     port;      /* 0: 22344 */
  const char *interface; /* NULL: lo */
  int         ttl;       /* −1: 0 on lo, 1 elsewhere */
  double      speed;     /* 1 as recorded; 0 unthrottled */
} DynoReplayWireConfig;

/* Plays onto the wire on the calling thread until the end or until cancelled. */
gboolean      dyno_replay_send         (const char                 *path,
                                        const DynoReplayWireConfig *config,
                                        GCancellable               *cancellable,
                                        DynoReplayReport           *report,
                                        GError                    **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (DynoReplayReport, dyno_replay_report_clear)

G_END_DECLS
