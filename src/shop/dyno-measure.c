/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-measure.h"

#include <math.h>

#include "dyno-metrics.h"

static const char *
ending (const GError *error)
{
  if (error == NULL)
    return "success";

  return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) ? "cancelled" : "error";
}

/* Cells with a correction, each counted by its size. */
static void
measure_corrections (const DynoVeResult *result)
{
  guint n = 0;

  for (guint k = 0; k < DYNO_VE_CYLINDERS; k++)
    {
      const DynoVeCylinder *cylinder = &result->cylinders[k];

      for (guint i = 0; cylinder->has_sensor && i < result->n_cells; i++)
        {
          if (isnan (cylinder->cells[i].limited))
            continue;
          dyno_metrics_observe (DYNO_METRIC_VE_MAGNITUDE, fabs (cylinder->cells[i].limited), NULL);
          n++;
        }
    }
  dyno_metrics_observe (DYNO_METRIC_VE_CORRECTIONS, n, NULL);
}

void
dyno_measure_analysis (const DynoAnalyse *analyse,
                       const char        *source,
                       double             seconds,
                       const GError      *error)
{
  dyno_metrics_add (DYNO_METRIC_ANALYSIS, 1, ending (error), source, NULL);
  dyno_metrics_observe (DYNO_METRIC_ANALYSIS_DURATION, seconds, source, NULL);
  if (analyse != NULL)
    measure_corrections (analyse->result);
}

void
dyno_measure_virtual (const DynoLoop *loop,
                      const GError   *error)
{
  dyno_metrics_add (DYNO_METRIC_VIRTUAL_SESSIONS, 1,
                    loop != NULL ? dyno_loop_outcome_name (loop->outcome) : ending (error), NULL);
  if (loop != NULL)
    dyno_metrics_observe (DYNO_METRIC_VIRTUAL_ITERATIONS, loop->iterations->len, NULL);
}

void
dyno_measure_run (const DynoRun *run,
                  gint64         bytes)
{
  dyno_metrics_add (DYNO_METRIC_RUNS, 1, dyno_run_source_name (run->source),
                    dyno_run_status_name (run->status), NULL);
  if (bytes > 0)
    dyno_metrics_observe (DYNO_METRIC_FILE_UPLOAD, (double) bytes, NULL);
}

void
dyno_measure_changes (GPtrArray *changes)
{
  for (guint i = 0; i < changes->len; i++)
    {
      const DynoChangeRecord *change = g_ptr_array_index (changes, i);

      dyno_metrics_add (DYNO_METRIC_TABLE_CHANGES, 1, dyno_change_record_kind_name (change->kind),
                        NULL);
    }
}

/* Capture */

static guint64
rise (guint64 before,
      guint64 now)
{
  return now > before ? now - before : 0;
}

static const DynoProviderState *
find_host (const DynoCaptureState *state,
           guint16                 host_id)
{
  for (guint i = 0; state != NULL && i < state->n_providers; i++)
    {
      if (state->providers[i].host_id == host_id)
        return &state->providers[i];
    }

  return NULL;
}

static void
measure_provider (const DynoProviderState *before,
                  const DynoProviderState *now)
{
  static const DynoHostCounts none;
  const DynoHostCounts *old = before != NULL ? &before->counts : &none;
  g_autofree char *host = g_strdup_printf ("0x%04X", now->host_id);

  dyno_metrics_add (DYNO_METRIC_CAPTURE_DATAGRAMS, rise (old->received, now->counts.received),
                    host, NULL);
  dyno_metrics_add (DYNO_METRIC_CAPTURE_MALFORMED, rise (old->malformed, now->counts.malformed),
                    host, NULL);
  dyno_metrics_add (DYNO_METRIC_CAPTURE_LOST, rise (old->lost, now->counts.lost), host, NULL);
  dyno_metrics_add (DYNO_METRIC_CAPTURE_SAMPLES, rise (old->samples, now->counts.samples), host,
                    NULL);
}

static void
measure_channels (const DynoCaptureState *before,
                  const DynoCaptureState *now)
{
  for (int channel = 0; channel < DYNO_N_CHANNELS; channel++)
    {
      const DynoChannelState *state = dyno_capture_state_bound (now, channel);

      if (state != NULL)
        dyno_metrics_set (DYNO_METRIC_CAPTURE_CHANNEL_AGE, state->age_s,
                          dyno_channel_info (channel)->name, NULL);
      else if (before != NULL && dyno_capture_state_bound (before, channel) != NULL)
        dyno_metrics_set (DYNO_METRIC_CAPTURE_CHANNEL_AGE, NAN,
                          dyno_channel_info (channel)->name, NULL);
    }
}

void
dyno_measure_capture (const DynoCaptureState *before,
                      const DynoCaptureState *now)
{
  for (guint i = 0; i < now->n_providers; i++)
    measure_provider (find_host (before, now->providers[i].host_id), &now->providers[i]);
  dyno_metrics_add (DYNO_METRIC_CAPTURE_MALFORMED,
                    rise (before != NULL ? before->counts.malformed : 0, now->counts.malformed),
                    "none", NULL);
  measure_channels (before, now);
}

void
dyno_measure_phase (DynoArmPhase phase)
{
  for (DynoArmPhase each = DYNO_ARM_NO_DYNO; each <= DYNO_ARM_ERROR; each++)
    dyno_metrics_set (DYNO_METRIC_CAPTURE_STATE, each == phase, dyno_arm_phase_name (each), NULL);
}
