/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-run-ledger.h"

#include <math.h>

#include "dyno-analyse-private.h"
#include "dyno-analysis.h"
#include "dyno-errand-load.h"
#include "dyno-error.h"
#include "dyno-shop-private.h"

#define DECIMALS 6

typedef struct
{
  char               *run_id; /* (owned) */
  DynoRunLedgerWanted wanted;
} Order;

static void
order_free (gpointer data)
{
  Order *order = data;

  g_free (order->run_id);
  g_free (order);
}

void
dyno_run_ledger_free (DynoRunLedger *self)
{
  if (self == NULL)
    return;

  g_clear_pointer (&self->analyse, dyno_analyse_unref);
  g_clear_pointer (&self->page, dyno_ledger_page_free);
  g_free (self);
}

/* The kept analysis */

/* NULL without an error where there is none. (transfer full) */
static DynoAnalysisRecord *
load_newest (const DynoErrand *errand,
             const char       *run_id,
             GError          **error)
{
  DynoStore *store = errand->shop->store;
  g_autoptr(GPtrArray) all = NULL;

  dyno_store_list_analyses_async (store, run_id, errand->cancellable, dyno_await_cb,
                                  errand->await);
  all = dyno_store_list_analyses_finish (store, dyno_await_wait (errand->await), error);
  if (all == NULL || all->len == 0)
    return NULL;

  dyno_store_get_analysis_async (store, ((DynoAnalysisRecord *) all->pdata[0])->id,
                                 errand->cancellable, dyno_await_cb, errand->await);

  return dyno_store_get_analysis_finish (store, dyno_await_wait (errand->await), error);
}

static DynoVeOptions *
read_options (const DynoAnalysisRecord *record,
              GError                  **error)
{
  g_autoptr(DynoVeOptions) options = dyno_ve_options_new ();
  g_autoptr(DynoJson) json = dyno_json_parse_limited (record->options, -1, &dyno_json_limits_own,
                                                      error);
  DynoAnalysisError *cause = NULL;

  if (json == NULL)
    return NULL;
  if (dyno_ve_options_set_all (options, json, &cause))
    return g_steal_pointer (&options);
  dyno_analyse_set_error (error, cause);

  return NULL;
}

/* (transfer full) of DynoSamples, in the order of the analysis */
static GPtrArray *
load_runs (const DynoErrand *errand,
           char            **run_ids,
           GError          **error)
{
  g_autoptr(GPtrArray) runs
    = g_ptr_array_new_with_free_func ((GDestroyNotify) dyno_samples_unref);

  for (; *run_ids != NULL; run_ids++)
    {
      DynoSamples *samples = dyno_errand_load_samples (errand, *run_ids, error);

      if (samples == NULL)
        return NULL;
      g_ptr_array_add (runs, samples);
    }

  return g_steal_pointer (&runs);
}

/* The computing */

static gboolean
read_axis (const DynoJson *list,
           DynoAxis       *axis)
{
  guint n = dyno_json_n_elements (list);
  double at[DYNO_AXIS_MAX];

  for (guint i = 0; i < n && n <= DYNO_AXIS_MAX; i++)
    at[i] = dyno_json_number (dyno_json_element (list, i), NAN);

  return n > 0 && n <= DYNO_AXIS_MAX && dyno_axis_init (axis, at, n, NULL);
}

static gboolean
read_shape (const DynoJson *kept,
            DynoGridShape  *shape)
{
  const DynoJson *grid = dyno_json_member (kept, "grid");

  return read_axis (dyno_json_member (grid, "rpm"), &shape->rpm)
         && read_axis (dyno_json_member (grid, "map_kpa"), &shape->load);
}

/* On the axes that it had, whichever table they were of. */
static DynoVeResult *
compute (const DynoErrand         *errand,
         const DynoAnalysisRecord *record,
         const DynoVeOptions      *options,
         GPtrArray                *runs,
         GError                  **error)
{
  g_autoptr(DynoJson) kept = dyno_json_parse_limited (record->result, -1, &dyno_json_limits_own,
                                                      NULL);
  DynoAnalysisError *cause = NULL;
  DynoVeResult *result;
  DynoGridShape shape;
  gint is_cancelled = FALSE;
  DynoProgress progress = { NULL, NULL, &is_cancelled };
  gulong handler = g_cancellable_connect (errand->cancellable,
                                          G_CALLBACK (dyno_analyse_cancelled_cb), &is_cancelled,
                                          NULL);

  result = dyno_analysis_run ((DynoSamples *const *) runs->pdata, runs->len, options,
                              read_shape (kept, &shape) ? &shape : NULL, &progress, &cause);
  g_cancellable_disconnect (errand->cancellable, handler);
  if (result == NULL)
    dyno_analyse_set_error (error, cause);

  return result;
}

static DynoAnalyse *
repeat (const DynoErrand         *errand,
        const DynoAnalysisRecord *record,
        GError                  **error)
{
  g_autoptr(DynoVeOptions) options = read_options (record, error);
  g_autoptr(GPtrArray) runs
    = options != NULL ? load_runs (errand, record->run_ids, error) : NULL;
  DynoVeResult *result = runs != NULL ? compute (errand, record, options, runs, error) : NULL;
  DynoAnalyse *self;

  if (result == NULL)
    return NULL;

  self = g_new0 (DynoAnalyse, 1);
  g_atomic_ref_count_init (&self->n_refs);
  self->result = result;

  return self;
}

/* The page */

static gboolean
choose_cell (const DynoRunLedgerWanted *wanted,
             const DynoGridShape       *shape,
             guint                     *cell,
             GError                   **error)
{
  if (isnan (wanted->rpm))
    return TRUE;
  if (dyno_axis_holds (&shape->rpm, wanted->rpm) && dyno_axis_holds (&shape->load, wanted->map_kpa))
    {
      *cell = dyno_axis_nearest (&shape->rpm, wanted->rpm) * shape->load.n
              + dyno_axis_nearest (&shape->load, wanted->map_kpa);
      return TRUE;
    }

  dyno_error_set (error, DYNO_ERROR_INVALID, "out_of_grid",
                  "The grid of this analysis reaches from %g to %g rpm and from %g to %g kPa.",
                  shape->rpm.at[0], shape->rpm.at[shape->rpm.n - 1], shape->load.at[0],
                  shape->load.at[shape->load.n - 1]);

  return FALSE;
}

/* The rows of this run among those of all that were analysed together. */
static void
choose_rows (const DynoVeSet          *set,
             const DynoAnalysisRecord *record,
             const char               *run_id,
             DynoLedgerQuery          *query)
{
  for (guint i = 0; i < set->n_runs; i++)
    {
      if (!g_str_equal (record->run_ids[i], run_id))
        continue;
      query->first_row = set->runs[i].first;
      query->end_row = set->runs[i].first + set->runs[i].n;
      return;
    }
}

static gpointer
read_ledger (const DynoErrand *errand,
             gpointer          data,
             GError          **error)
{
  const Order *order = data;
  g_autoptr(DynoRun) run = dyno_errand_load_run (errand, order->run_id, error);
  g_autoptr(DynoRunLedger) self = g_new0 (DynoRunLedger, 1);
  g_autoptr(DynoAnalysisRecord) record = NULL;
  g_autoptr(GError) cause = NULL;
  DynoLedgerQuery query;

  if (run == NULL)
    return NULL;
  record = load_newest (errand, order->run_id, &cause);
  if (record == NULL && cause == NULL)
    return g_steal_pointer (&self);
  self->analyse = record != NULL ? repeat (errand, record, &cause) : NULL;
  dyno_ledger_query_init (&query);
  if (self->analyse == NULL
      || !choose_cell (&order->wanted, &self->analyse->result->set->shape, &query.cell, &cause))
    {
      g_propagate_error (error, g_steal_pointer (&cause));
      return NULL;
    }
  choose_rows (self->analyse->result->set, record, order->run_id, &query);
  query.cylinders = order->wanted.cylinders;
  query.offset = order->wanted.offset;
  query.limit = order->wanted.limit;
  self->page = dyno_analyse_ledger (self->analyse, &query);

  return g_steal_pointer (&self);
}

static const DynoOperation operation = { "run-ledger", read_ledger,
                                         (GDestroyNotify) dyno_run_ledger_free, TRUE };

void
dyno_run_ledger_async (DynoShop                  *shop,
                       const char                *run_id,
                       const DynoRunLedgerWanted *wanted,
                       GCancellable              *cancellable,
                       GAsyncReadyCallback        callback,
                       gpointer                   user_data)
{
  Order *order = g_new0 (Order, 1);

  order->run_id = g_strdup (run_id);
  order->wanted = *wanted;
  dyno_operation_start (shop, &operation, order, order_free, cancellable, callback, user_data);
}

DynoRunLedger *
dyno_run_ledger_finish (GAsyncResult *result,
                        GError      **error)
{
  return dyno_operation_finish (result, &operation, error);
}

/* On the wire */

static void
write_cell (DynoJsonWriter      *w,
            const DynoGridShape *shape,
            guint                cell)
{
  dyno_json_writer_name (w, "cell");
  if (cell == DYNO_NO_CELL)
    {
      dyno_json_writer_null (w);
      return;
    }
  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_number (w, "rpm", shape->rpm.at[cell / shape->load.n]);
  dyno_json_writer_add_number (w, "map_kpa", shape->load.at[cell % shape->load.n]);
  dyno_json_writer_end_object (w);
}

static void
write_values (DynoJsonWriter     *w,
              const DynoVeSample *sample)
{
  dyno_json_writer_name (w, "values");
  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_rounded (w, "t_s", sample->time_s, DECIMALS);
  dyno_json_writer_add_rounded (w, "delay_ms", sample->delay_s * 1000, 3);
  dyno_json_writer_add_rounded (w, "rpm", sample->rpm, DECIMALS);
  dyno_json_writer_add_rounded (w, "map_kpa", sample->map_kpa, DECIMALS);
  dyno_json_writer_add_rounded (w, "afr", sample->mix_afr, DECIMALS);
  dyno_json_writer_add_rounded (w, "target_afr", sample->target_afr, DECIMALS);
  dyno_json_writer_add_rounded (w, "factor", sample->factor, DECIMALS);
  dyno_json_writer_end_object (w);
}

void
dyno_run_ledger_shape (DynoJsonWriter      *w,
                       const DynoRunLedger *self,
                       guint                i)
{
  const DynoVeResult *result = self->analyse->result;
  const DynoVeSample *sample = &g_array_index (self->page->samples, DynoVeSample, i);

  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_integer (w, "seq", (gint64) self->page->query.offset + i + 1);
  dyno_json_writer_add_string (w, "action", sample->cell != DYNO_NO_CELL ? "accepted" : "rejected");
  dyno_json_writer_add_string (w, "reason", dyno_gate_name (sample->reason));
  write_cell (w, &result->set->shape, sample->cell);
  dyno_json_writer_add_string (w, "cylinder", dyno_ve_cylinder_name (sample->cylinder));
  write_values (w, sample);
  dyno_json_writer_end_object (w);
}
