/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-replay.h"

#include "dyno-intake.h"

#define BATCH_US 50000

/* What one derivation carries. */
typedef struct
{
  DynoIntake       *intake; /* (owned) */
  DynoBatchSink     sink;
  gpointer          sink_data;
  DynoReplayReport *report; /* (borrowed) */
  gint64            flush_us; /* arrival at which the batch is full */
} Derivation;

static void
flush (Derivation *self,
       gint64      now_us)
{
  DynoBatch *batch;
  DynoOutgoing unheard;

  while (dyno_intake_next_outgoing (self->intake, &unheard))
    ; /* nobody listens to what we would say now */
  self->flush_us = now_us + BATCH_US;
  while ((batch = dyno_intake_take_batch (self->intake, now_us)) != NULL)
    {
      self->report->n_samples += batch->n_samples;
      self->sink (batch, self->sink_data);
      dyno_batch_unref (batch);
    }
}

static void
take (Derivation              *self,
      const DynoJournalRecord *record)
{
  if (record->arrival_us >= self->flush_us)
    flush (self, record->arrival_us);
  if (self->report->n_records++ == 0)
    self->report->first_us = record->arrival_us;
  if (record->type == DYNO_JOURNAL_RECEIVED)
    self->report->n_received++;
  self->report->last_us = MAX (self->report->last_us, record->arrival_us);

  dyno_intake_record (self->intake, record);
}

/* Waits until `wall_us` of the machine's clock; FALSE when cancelled before. */
static gboolean
wait_until (gint64        wall_us,
            GCancellable *cancellable)
{
  GPollFD poll = { 0 };
  gboolean has_fd = cancellable != NULL && g_cancellable_make_pollfd (cancellable, &poll);
  gint64 left_us;

  while ((left_us = wall_us - g_get_monotonic_time ()) > 0
         && !g_cancellable_is_cancelled (cancellable))
    g_poll (&poll, has_fd ? 1 : 0, (int) MIN (left_us / 1000 + 1, 1000));
  if (has_fd)
    g_cancellable_release_fd (cancellable);

  return !g_cancellable_is_cancelled (cancellable);
}

/* Follows the recorded pace; `speed` 0 never waits. */
static gboolean
keep_pace (gint64                   begin_us,
           const DynoReplayReport  *report,
           const DynoJournalRecord *record,
           double                   speed,
           GCancellable            *cancellable)
{
  gint64 since_us = record->arrival_us - report->first_us;

  if (speed <= 0 || report->n_records == 0 || since_us <= 0)
    return !g_cancellable_is_cancelled (cancellable);

  return wait_until (begin_us + (gint64) ((double) since_us / speed), cancellable);
}

gboolean
dyno_replay_derive_from (DynoJournalReader  *reader,
                         double              speed,
                         DynoBatchSink       sink,
                         gpointer            sink_data,
                         GCancellable       *cancellable,
                         DynoReplayReport   *report,
                         GError            **error)
{
  Derivation self = { .intake = dyno_intake_new (FALSE),
                      .sink = sink,
                      .sink_data = sink_data,
                      .report = report,
                      .flush_us = G_MININT64 };
  gint64 begin_us = g_get_monotonic_time ();
  const DynoJournalRecord *record;

  *report = (DynoReplayReport){ 0 };
  while ((record = dyno_journal_reader_next (reader)) != NULL
         && keep_pace (begin_us, report, record, speed, cancellable))
    take (&self, record);

  dyno_intake_advance (self.intake, report->last_us);
  flush (&self, report->last_us);
  dyno_intake_free (self.intake);
  report->is_complete = dyno_journal_reader_is_complete (reader);
  report->complaint = g_strdup (dyno_journal_reader_complaint (reader));

  return !g_cancellable_set_error_if_cancelled (cancellable, error);
}

gboolean
dyno_replay_derive (const char        *path,
                    double             speed,
                    DynoBatchSink      sink,
                    gpointer           sink_data,
                    GCancellable      *cancellable,
                    DynoReplayReport  *report,
                    GError           **error)
{
  g_autoptr(DynoJournalReader) reader = dyno_journal_reader_open (path, error);

  *report = (DynoReplayReport){ 0 };
  if (reader == NULL)
    return FALSE;

  return dyno_replay_derive_from (reader, speed, sink, sink_data, cancellable, report, error);
}

void
dyno_replay_report_clear (DynoReplayReport *report)
{
  g_clear_pointer (&report->complaint, g_free);
}
