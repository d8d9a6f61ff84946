/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-store-runs.h"

#include <math.h>

static const char *const status_names[DYNO_N_RUN_STATUSES] = {
  "pending", "processing", "complete", "error", "interrupted",
};

static const char *const source_names[DYNO_N_RUN_SOURCES] = {
  "capture", "upload", "simulator", "jetstream", "watch",
};

static int
find_name (const char *const *names,
           int                n,
           const char        *name)
{
  for (int i = 0; i < n; i++)
    {
      if (g_strcmp0 (names[i], name) == 0)
        return i;
    }

  return -1;
}

const char *
dyno_run_status_name (DynoRunStatus status)
{
  g_return_val_if_fail (status < DYNO_N_RUN_STATUSES, NULL);

  return status_names[status];
}

int
dyno_run_status_find (const char *name)
{
  return find_name (status_names, DYNO_N_RUN_STATUSES, name);
}

const char *
dyno_run_source_name (DynoRunSource source)
{
  g_return_val_if_fail (source < DYNO_N_RUN_SOURCES, NULL);

  return source_names[source];
}

int
dyno_run_source_find (const char *name)
{
  return find_name (source_names, DYNO_N_RUN_SOURCES, name);
}

DynoRun *
dyno_run_new (void)
{
  DynoRun *self = g_new0 (DynoRun, 1);

  self->trim_start_s = self->trim_end_s = NAN;
  self->duration_s = NAN;
  self->loss_pct = NAN;
  self->origin_us = DYNO_NO_STAMP;
  self->roll_start_us = self->roll_end_us = DYNO_NO_STAMP;
  self->run_start_us = self->run_end_us = DYNO_NO_STAMP;
  self->peaks = (DynoRunPeaks) {
    .power_kw = NAN,
    .power_rpm = NAN,
    .torque_nm = NAN,
    .torque_rpm = NAN,
    .mean_afr = NAN,
    .smoothing = -1,
    .factor = NAN,
  };

  return self;
}

void
dyno_run_free (DynoRun *self)
{
  if (self == NULL)
    return;

  g_free (self->id);
  g_free (self->vehicle_label);
  g_free (self->customer_id);
  g_free (self->customer_name);
  g_free (self->title);
  g_free (self->notes);
  g_strfreev (self->tags);
  g_free (self->vehicle_id);
  g_free (self->error);
  g_free (self->provider);
  g_free (self->peaks.correction);
  g_free (self->discarded);
  g_free (self->origin_run_id);
  g_free (self->derivation);
  g_free (self->config);
  g_free (self->results);
  g_free (self->mapping);
  g_free (self->report);
  g_free (self->gaps);
  g_free (self);
}

void
dyno_run_note_free (DynoRunNote *self)
{
  if (self == NULL)
    return;

  g_free (self->text);
  g_free (self);
}

DynoRunMark *
dyno_run_mark_new (gint64      t_us,
                   const char *kind,
                   int         n,
                   const char *text)
{
  DynoRunMark *self = g_new0 (DynoRunMark, 1);

  self->t_us = t_us;
  self->kind = g_strdup (kind);
  self->n = n;
  self->text = g_strdup (text != NULL ? text : "");

  return self;
}

void
dyno_run_mark_free (DynoRunMark *self)
{
  if (self == NULL)
    return;

  g_free (self->kind);
  g_free (self->text);
  g_free (self);
}

void
dyno_run_tag_free (DynoRunTag *self)
{
  if (self == NULL)
    return;

  g_free (self->tag);
  g_free (self);
}
