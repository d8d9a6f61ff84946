/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-compare.h"

#include <math.h>

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

static DynoCompareSeries *
series_at (const DynoCompare *self,
           guint              index)
{
  return g_ptr_array_index (self->series, index);
}

/* Runs and files */

static char *
run_name (const DynoErrand *errand,
          const char       *run_id,
          GError          **error)
{
  DynoStore *store = errand->shop->store;
  g_autoptr(DynoRun) run = NULL;

  dyno_store_get_run_async (store, run_id, errand->cancellable, dyno_await_cb, errand->await);
  run = dyno_store_get_run_finish (store, dyno_await_wait (errand->await), error);
  if (run == NULL)
    return NULL;
  if (*run->title != '\0')
    return g_strdup (run->title);

  return g_strdup_printf ("Run %" G_GINT64_FORMAT, run->number);
}

static gboolean
load_series (const DynoErrand       *errand,
             const DynoCompareInput *input,
             const DynoPowerOptions *options,
             DynoCompareSeries      *series,
             GError                **error)
{
  series->is_before = input->is_before;
  series->run_id = g_strdup (input->run_id);
  if (input->run_id == NULL)
    {
      series->name = g_strdup (input->name != NULL ? input->name : "");
      series->power = dyno_pull_power_of (errand, input->samples, options);
      return TRUE;
    }
  if (errand->shop->store == NULL)
    {
      g_propagate_error (error, g_error_copy (errand->shop->trouble));
      return FALSE;
    }
  series->name = run_name (errand, input->run_id, error);
  if (series->name != NULL)
    series->power = dyno_pull_power_load (errand, input->run_id, options, error);

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
      if (series_at (self, i)->power->power->correction.standard != wanted)
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

/* Curves */

/* The same points over the speed of the drum. (transfer full) */
static DynoCurve *
curve_over_speed (const DynoPower *power)
{
  DynoCurve *curve = dyno_curve_smooth (power->curve, 0);

  curve->level = power->curve->level;
  if (curve->is_over_speed)
    return curve;

  curve->is_over_speed = TRUE;
  for (gsize i = 0; i < curve->n; i++)
    curve->x[i] /= power->ratio;

  return curve;
}

static gboolean
make_curve (DynoCompareSeries *series,
            DynoCompareX       x,
            GError           **error)
{
  const DynoPower *power = series->power->power;

  if (power->curve->n == 0)
    dyno_error_set (error, DYNO_ERROR_INVALID, "no_pull",
                    "There is no pull in “%s”; leave it out of the comparison.", series->name);
  else if (x == DYNO_COMPARE_OVER_RPM && power->curve->is_over_speed)
    dyno_error_set (error, DYNO_ERROR_INVALID, "no_rpm",
                    "“%s” has no engine speed; compare over speed.", series->name);
  else if (x == DYNO_COMPARE_OVER_SPEED && !power->curve->is_over_speed && isnan (power->ratio))
    dyno_error_set (error, DYNO_ERROR_INVALID, "no_speed",
                    "“%s” has no drum speed; compare over rpm.", series->name);
  else
    {
      series->curve = x == DYNO_COMPARE_OVER_SPEED ? curve_over_speed (power)
                                                   : dyno_curve_smooth (power->curve, 0);
      series->curve->level = power->curve->level;
      return TRUE;
    }

  return FALSE;
}

/* The curves of a group. (transfer container) */
static GPtrArray *
collect_curves (const DynoCompare *self,
                gboolean         (*is_member) (const DynoCompare *, guint))
{
  GPtrArray *curves = g_ptr_array_new ();

  for (guint i = 0; i < self->series->len; i++)
    {
      if (is_member (self, i))
        g_ptr_array_add (curves, series_at (self, i)->curve);
    }

  return curves;
}

static gboolean
is_any (const DynoCompare *self,
        guint              index)
{
  return TRUE;
}

static gboolean
is_before (const DynoCompare *self,
           guint              index)
{
  return series_at (self, index)->is_before;
}

static gboolean
is_after (const DynoCompare *self,
          guint              index)
{
  return !series_at (self, index)->is_before;
}

static gboolean
find_window (DynoCompare *self,
             GError     **error)
{
  g_autoptr(GPtrArray) curves = collect_curves (self, is_any);

  if (dyno_curve_window ((const DynoCurve *const *) curves->pdata, curves->len, &self->from,
                         &self->to))
    return TRUE;

  dyno_error_set (error, DYNO_ERROR_INVALID, "no_common_range",
                  "The pulls have no common range of %s; compare fewer of them.",
                  self->x == DYNO_COMPARE_OVER_RPM ? "engine speed" : "speed");

  return FALSE;
}

/* Figures */

static DynoRepeat *
repeat_of (const DynoCompare *self,
           const GPtrArray   *curves)
{
  if (curves->len < DYNO_REPEAT_FEWEST)
    return NULL;

  return dyno_repeat_new ((const DynoCurve *const *) curves->pdata, curves->len, self->from,
                          self->to);
}

static void
compute (DynoCompare *self)
{
  g_autoptr(GPtrArray) all = collect_curves (self, is_any);
  g_autoptr(GPtrArray) before = collect_curves (self, is_before);
  g_autoptr(GPtrArray) after = collect_curves (self, is_after);
  const DynoCurve *baseline = series_at (self, self->baseline)->curve;

  for (guint i = 0; i < self->series->len; i++)
    {
      if (i != self->baseline)
        series_at (self, i)->gain = dyno_curve_compare_over (baseline, series_at (self, i)->curve,
                                                             self->from, self->to);
    }
  self->all = repeat_of (self, all);
  self->before = repeat_of (self, before);
  self->after = repeat_of (self, after);
  self->gain = dyno_gain_new ((const DynoCurve *const *) before->pdata, before->len,
                              (const DynoCurve *const *) after->pdata, after->len);
}

/* Without groups the baseline alone is what the others are held against. */
static void
choose_groups (DynoCompare              *self,
               const DynoCompareRequest *request)
{
  g_autoptr(GPtrArray) before = collect_curves (self, is_before);

  self->baseline = request->baseline >= 0 ? (guint) request->baseline : 0;
  self->has_groups = before->len > 0;
  if (!self->has_groups)
    {
      series_at (self, self->baseline)->is_before = TRUE;
      return;
    }
  for (guint i = 0; request->baseline < 0 && i < self->series->len; i++)
    {
      if (!series_at (self, i)->is_before)
        continue;
      self->baseline = i;
      return;
    }
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
  if (!load_alike (errand, request, self, error))
    return NULL;
  for (guint i = 0; i < self->series->len; i++)
    {
      if (!make_curve (series_at (self, i), self->x, error))
        return NULL;
    }
  if (!find_window (self, error))
    return NULL;
  choose_groups (self, request);
  compute (self);

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
