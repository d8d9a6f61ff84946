/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-counsel.h"

DynoCounsel *
dyno_counsel_take (const DynoVeResult  *result,
                   const DynoProgress  *progress,
                   DynoAnalysisError  **error)
{
  g_autoptr(DynoCounsel) self = g_new0 (DynoCounsel, 1);

  dyno_progress_tell (progress, 0.7, "advise");
  self->spark = dyno_spark_new (result);
  self->advices = dyno_advise_run (result, progress, error);
  if (self->advices == NULL)
    return NULL;
  self->outlook = dyno_outlook_make (result, NULL, progress);
  if (self->outlook == NULL)
    {
      dyno_analysis_error_set (error, DYNO_ANALYSIS_CANCELLED, "The analysis was cancelled.");
      return NULL;
    }

  return g_steal_pointer (&self);
}

void
dyno_counsel_free (DynoCounsel *self)
{
  if (self == NULL)
    return;

  g_clear_pointer (&self->spark, dyno_spark_free);
  g_clear_pointer (&self->advices, dyno_advices_free);
  g_clear_pointer (&self->outlook, dyno_outlook_free);
  g_free (self);
}

GPtrArray *
dyno_counsel_list (const DynoCounsel *self)
{
  GPtrArray *all = g_ptr_array_new ();

  for (guint i = 0; i < self->advices->advice->len; i++)
    g_ptr_array_add (all, g_ptr_array_index (self->advices->advice, i));
  g_ptr_array_add (all, self->outlook->causes);

  return all;
}
