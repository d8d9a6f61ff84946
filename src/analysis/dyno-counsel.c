/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-counsel.h"

#include "dyno-crew.h"

typedef struct
{
  DynoCounsel        *counsel;
  const DynoVeResult *result;
  DynoProgress        progress; /* for any thread */
} Taking;

/* On any thread; none needs another. */
static void
take_part (guint    index,
           gpointer data)
{
  Taking *taking = data;
  DynoCounsel *self = taking->counsel;

  if (index == 0)
    self->advices = dyno_advise_run (taking->result, &taking->progress, NULL);
  else
    self->outlook = dyno_outlook_make (taking->result, NULL, &taking->progress);
}

DynoCounsel *
dyno_counsel_take (const DynoVeResult  *result,
                   const DynoProgress  *progress,
                   DynoAnalysisError  **error)
{
  g_autoptr(DynoCounsel) self = g_new0 (DynoCounsel, 1);
  Taking taking = { self, result, dyno_progress_quiet (progress) };

  dyno_progress_tell (progress, 0.7, "advise");
  dyno_crew_share (2, result->n_rows > DYNO_VE_CHUNK, take_part, &taking);
  if (self->advices != NULL && self->outlook != NULL)
    {
      self->spark = dyno_spark_new (result, self->advices->knock);
      return g_steal_pointer (&self);
    }

  dyno_analysis_error_set (error, DYNO_ANALYSIS_CANCELLED, "The analysis was cancelled.");

  return NULL;
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
