/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-virtual-tune-private.h"

#include "dyno-analyse-private.h"
#include "dyno-error.h"
#include "dyno-measure.h"
#include "dyno-metrics.h"
#include "dyno-shop-private.h"

/* "m8_114, m8_131, …" (transfer full) */
static char *
engine_names (void)
{
  GString *names = g_string_new (NULL);

  for (guint i = 0; dyno_bike_engine_at (i) != NULL; i++)
    g_string_append_printf (names, "%s%s", i > 0 ? ", " : "", dyno_bike_engine_at (i)->name);

  return g_string_free (names, FALSE);
}

gboolean
dyno_virtual_tune_name (DynoLoopOptions  *options,
                        const char       *engine,
                        const char       *scenario,
                        GError          **error)
{
  const DynoBikeEngine *found = engine != NULL ? dyno_bike_engine_find (engine) : options->engine;

  if (found == NULL)
    {
      g_autofree char *names = engine_names ();

      dyno_error_set (error, DYNO_ERROR_INVALID, NULL, "No engine is called “%s”; there are %s.",
                      engine, names);
      return FALSE;
    }
  options->engine = found;
  if (scenario == NULL || dyno_loop_scenario_find (scenario, &options->scenario))
    return TRUE;

  dyno_error_set (error, DYNO_ERROR_INVALID, NULL,
                  "No scenario is called “%s”; there are lean, rich and mixed.", scenario);

  return FALSE;
}

static void
tell_cb (double      fraction,
         const char *stage,
         gpointer    user_data)
{
  const DynoErrand *errand = user_data;

  dyno_job_set_message (errand->job, stage);
  dyno_job_set_progress (errand->job, fraction, 1);
}

static void
cancelled_cb (GCancellable *cancellable,
              gpointer      is_cancelled)
{
  g_atomic_int_set ((gint *) is_cancelled, TRUE);
}

static DynoLoop *
run (const DynoErrand      *errand,
     const DynoLoopOptions *options,
     GError               **error)
{
  gint is_cancelled = FALSE;
  DynoProgress progress = { tell_cb, (gpointer) errand, &is_cancelled };
  DynoAnalysisError *cause = NULL;
  g_autoptr(DynoLoop) loop = NULL;
  gulong handler;

  handler = g_cancellable_connect (errand->cancellable, G_CALLBACK (cancelled_cb), &is_cancelled,
                                   NULL);
  loop = dyno_loop_run (options, &progress, &cause);
  g_cancellable_disconnect (errand->cancellable, handler);
  if (loop == NULL)
    {
      dyno_analyse_set_error (error, cause);
      return NULL;
    }
  if (loop->outcome == DYNO_LOOP_STOPPED
      && g_cancellable_set_error_if_cancelled (errand->cancellable, error))
    return NULL;
  dyno_job_set_message (errand->job, loop->sentence);
  dyno_job_set_progress (errand->job, 1, 1);

  return g_steal_pointer (&loop);
}

DynoLoop *
dyno_virtual_tune_run (const DynoErrand      *errand,
                       const DynoLoopOptions *options,
                       GError               **error)
{
  GError *cause = NULL;
  DynoLoop *loop;

  dyno_metrics_shift (DYNO_METRIC_ACTIVE_SESSIONS, 1, NULL);
  loop = run (errand, options, &cause);
  dyno_metrics_shift (DYNO_METRIC_ACTIVE_SESSIONS, -1, NULL);
  dyno_measure_virtual (loop, cause);
  if (cause != NULL)
    g_propagate_error (error, cause);

  return loop;
}

static gpointer
tune (const DynoErrand *errand,
      gpointer          data,
      GError          **error)
{
  return dyno_virtual_tune_run (errand, data, error);
}

static const DynoOperation tune_operation = { "virtual-tune", tune,
                                              (GDestroyNotify) dyno_loop_free, FALSE };

char *
dyno_virtual_tune_write (const DynoLoopOptions *options)
{
  DynoJsonWriter *w = dyno_json_writer_new (FALSE);

  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "profile", options->engine->name);
  dyno_json_writer_add_string (w, "scenario", dyno_loop_scenario_name (options->scenario));
  dyno_json_writer_add_integer (w, "max_iterations", options->max_iterations);
  dyno_json_writer_add_integer (w, "seed", (gint64) options->sensor.seed);
  dyno_json_writer_end_object (w);

  return dyno_json_writer_finish (w);
}

void
dyno_virtual_tune_async (DynoShop              *shop,
                         const DynoLoopOptions *options,
                         char                 **job_id,
                         GCancellable          *cancellable,
                         GAsyncReadyCallback    callback,
                         gpointer               user_data)
{
  g_autofree char *input = dyno_virtual_tune_write (options);
  g_autofree char *title = g_strdup_printf ("Virtual tuning, %s, %s", options->engine->title,
                                            dyno_loop_scenario_name (options->scenario));
  DynoJobOffer offer = { "virtual-tune", title, "share", input, job_id };

  dyno_operation_start_job (shop, &tune_operation, &offer, g_memdup2 (options, sizeof *options),
                            g_free, cancellable, callback, user_data);
}

DynoLoop *
dyno_virtual_tune_finish (GAsyncResult *result,
                          GError      **error)
{
  return dyno_operation_finish (result, &tune_operation, error);
}
