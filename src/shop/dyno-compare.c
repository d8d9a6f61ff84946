/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-compare-private.h"

#include "dyno-errand-load.h"
#include "dyno-error.h"
#include "dyno-pull-power-private.h"
#include "dyno-shop-private.h"

static const char *const x_names[] = { "rpm", "speed" };

gboolean
dyno_compare_x_find (const char   *name,
                     DynoCompareX *x)
{
  for (guint i = 0; i < G_N_ELEMENTS (x_names); i++)
    {
      if (g_strcmp0 (name, x_names[i]) != 0)
        continue;
      *x = i;
      return TRUE;
    }

  return FALSE;
}

const char *
dyno_compare_x_name (DynoCompareX x)
{
  g_return_val_if_fail (x < G_N_ELEMENTS (x_names), NULL);

  return x_names[x];
}

static void
series_free (gpointer data)
{
  DynoCompareSeries *series = data;

  g_free (series->run_id);
  g_free (series->name);
  g_clear_pointer (&series->power, dyno_pull_power_unref);
  dyno_curve_free (series->curve);
  dyno_curve_gain_free (series->gain);
  g_free (series);
}

DynoCompare *
dyno_compare_ref (DynoCompare *self)
{
  g_atomic_ref_count_inc (&self->n_refs);

  return self;
}

void
dyno_compare_unref (DynoCompare *self)
{
  if (self == NULL || !g_atomic_ref_count_dec (&self->n_refs))
    return;

  g_ptr_array_unref (self->series);
  dyno_repeat_free (self->all);
  dyno_repeat_free (self->before);
  dyno_repeat_free (self->after);
  dyno_gain_free (self->gain);
  g_free (self);
}

/* Runs and files */

static gboolean
load_series (const DynoErrand       *errand,
             const DynoCompareInput *input,
             const DynoPowerOptions *options,
             DynoCompareSeries      *series,
             GError                **error)
{
  g_autoptr(DynoRun) run = NULL;

  series->is_before = input->is_before;
  if (input->run_id == NULL)
    {
      series->name = g_strdup (input->name != NULL ? input->name : "");
      series->power = dyno_pull_power_of_samples (errand, input->samples, options);
      return TRUE;
    }

  run = dyno_errand_load_run (errand, input->run_id, error);
  if (run == NULL)
    return FALSE;
  series->run_id = g_strdup (run->id);
  series->name = *run->title != '\0' ? g_strdup (run->title)
                                     : g_strdup_printf ("Run %" G_GINT64_FORMAT, run->number);
  series->is_pinned = run->is_baseline;
  series->power = dyno_pull_power_of_run (errand, run, options, error);

  return series->power != NULL;
}

/* All of them with these options, in place of what was there. */
static gboolean
load_all (const DynoErrand         *errand,
          const DynoCompareRequest *request,
          const DynoPowerOptions   *options,
          DynoCompare              *self,
          GError                  **error)
{
  g_ptr_array_set_size (self->series, 0);
  for (guint i = 0; i < request->inputs->len; i++)
    {
      DynoCompareSeries *series = g_new0 (DynoCompareSeries, 1);

      g_ptr_array_add (self->series, series);
      if (g_cancellable_set_error_if_cancelled (errand->cancellable, error)
          || !load_series (errand, g_ptr_array_index (request->inputs, i), options, series, error))
        return FALSE;
    }

  return TRUE;
}

static gboolean
have_weather (const DynoCompare *self,
              DynoStandard       wanted)
{
  for (guint i = 0; i < self->series->len; i++)
    {
      const DynoCompareSeries *series = g_ptr_array_index (self->series, i);

      if (series->power->power->correction.standard != wanted)
        return FALSE;
    }

  return TRUE;
}

/* With one correction: a run without weather has none, and then none has. */
static gboolean
load_alike (const DynoErrand         *errand,
            const DynoCompareRequest *request,
            DynoCompare              *self,
            GError                  **error)
{
  DynoPowerOptions options = request->options;

  if (!request->has_options)
    dyno_pull_power_defaults (errand->shop, &options);
  self->standard = options.standard;
  if (!load_all (errand, request, &options, self, error))
    return FALSE;
  if (have_weather (self, options.standard))
    return TRUE;

  self->is_uncorrected = TRUE;
  self->standard = options.standard = DYNO_STANDARD_NONE;

  return load_all (errand, request, &options, self, error);
}

static gboolean
request_is_good (const DynoCompareRequest *request,
                 GError                  **error)
{
  guint n = request->inputs->len;
  guint n_before = 0;

  for (guint i = 0; i < n; i++)
    n_before += ((DynoCompareInput *) g_ptr_array_index (request->inputs, i))->is_before;
  if (n < DYNO_COMPARE_FEWEST || n_before == n)
    dyno_error_set (error, DYNO_ERROR_INVALID, NULL, "Name at least two runs to be compared.");
  else if (n > DYNO_COMPARE_MOST)
    dyno_error_set (error, DYNO_ERROR_TOO_LARGE, NULL,
                    "At most %d runs are compared; %u were named.", DYNO_COMPARE_MOST, n);
  else if (request->baseline >= (gint) n)
    dyno_error_set (error, DYNO_ERROR_INVALID, NULL,
                    "The baseline is not one of the runs compared.");
  else
    return TRUE;

  return FALSE;
}

static gpointer
compare (const DynoErrand *errand,
         gpointer          data,
         GError          **error)
{
  const DynoCompareRequest *request = data;
  g_autoptr(DynoCompare) self = NULL;

  if (!request_is_good (request, error))
    return NULL;

  self = g_new0 (DynoCompare, 1);
  g_atomic_ref_count_init (&self->n_refs);
  self->series = g_ptr_array_new_with_free_func (series_free);
  self->x = request->x;
  if (!load_alike (errand, request, self, error)
      || !dyno_compare_compute (self, request->baseline, error))
    return NULL;

  return g_steal_pointer (&self);
}

static const DynoOperation compare_operation = { "compare", compare,
                                                 (GDestroyNotify) dyno_compare_unref, FALSE };

void
dyno_compare_async (DynoShop            *shop,
                    DynoCompareRequest  *request,
                    GCancellable        *cancellable,
                    GAsyncReadyCallback  callback,
                    gpointer             user_data)
{
  dyno_operation_start (shop, &compare_operation, request,
                        (GDestroyNotify) dyno_compare_request_free, cancellable, callback,
                        user_data);
}

DynoCompare *
dyno_compare_finish (GAsyncResult *result,
                     GError      **error)
{
  return dyno_operation_finish (result, &compare_operation, error);
}
