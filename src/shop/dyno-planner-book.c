/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-planner-book-private.h"

#include "dyno-analyse-private.h"
#include "dyno-error.h"
#include "dyno-shop-private.h"

void
dyno_planner_view_free (DynoPlannerView *self)
{
  if (self == NULL)
    return;

  g_free (self->vehicle_id);
  g_free (self->vehicle);
  g_free (self->dyno);
  dyno_coverage_free (self->coverage);
  dyno_coverage_summary_free (self->summary);
  dyno_plan_free (self->plan);
  g_free (self);
}

typedef struct
{
  char               *vehicle;     /* (owned) id or label */
  char               *dyno;        /* (owned) (nullable) */
  DynoPlanConstraints constraints; /* of a set */
  gint64              version;     /* of a set: as it was seen; 0: any */
} Request;

static Request *
request_new (const char *vehicle,
             const char *dyno)
{
  Request *request = g_new0 (Request, 1);

  request->vehicle = g_strdup (vehicle);
  request->dyno = g_strdup (dyno);

  return request;
}

static void
request_free (gpointer data)
{
  Request *request = data;

  g_free (request->vehicle);
  g_free (request->dyno);
  g_free (request);
}

/* The vehicle */

static gboolean
is_called (const DynoVehicle *vehicle,
           const char        *word)
{
  g_autofree char *label = g_utf8_casefold (vehicle->label, -1);
  g_autofree char *other = g_utf8_casefold (word, -1);

  return g_str_equal (vehicle->id, word) || g_str_equal (label, other);
}

/* Nothing is made, unlike for a new run. (transfer full) */
static DynoVehicle *
find_vehicle (const DynoErrand *errand,
              const char       *word,
              GError          **error)
{
  DynoStore *store = errand->shop->store;
  g_autoptr(GPtrArray) all = NULL;

  dyno_store_list_vehicles_async (store, NULL, errand->cancellable, dyno_await_cb, errand->await);
  all = dyno_store_list_vehicles_finish (store, dyno_await_wait (errand->await), error);
  if (all == NULL)
    return NULL;
  for (guint i = 0; i < all->len; i++)
    {
      if (is_called (g_ptr_array_index (all, i), word))
        return g_ptr_array_steal_index (all, i);
    }
  dyno_error_set (error, DYNO_ERROR_NOT_FOUND, NULL, "There is no vehicle “%s”.", word);

  return NULL;
}

/* Where its map has its edges. */
static void
read_edges (const DynoVehicle *vehicle,
            double             edge_rpm[2])
{
  g_autoptr(DynoVeOptions) options = dyno_ve_options_new ();
  g_autoptr(DynoJson) data = vehicle->data != NULL ? dyno_json_parse (vehicle->data, -1, NULL)
                                                   : NULL;
  const DynoJson *analysis = dyno_json_member (data, "analysis");

  if (analysis != NULL)
    dyno_ve_options_set_all (options, analysis, NULL);
  edge_rpm[0] = options->edge_rpm[0];
  edge_rpm[1] = options->edge_rpm[1];
}

/* The view */

static GPtrArray *
list_records (const DynoErrand *errand,
              const char       *vehicle_id,
              GError          **error)
{
  DynoStore *store = errand->shop->store;

  dyno_store_list_coverage_async (store, vehicle_id, errand->cancellable, dyno_await_cb,
                                  errand->await);

  return dyno_store_list_coverage_finish (store, dyno_await_wait (errand->await), error);
}

/* Runs on other axes cannot be added to these. `facts` gets what the counted ones
 * remember. */
static void
count_records (DynoPlannerView *view,
               GPtrArray       *records,
               DynoPlanFacts   *facts,
               GPtrArray       *kinds)
{
  DynoGridShape shape;

  dyno_grid_shape_named (&shape, "11x9");
  if (records->len > 0)
    shape = ((const DynoCoverageRecord *) records->pdata[records->len - 1])->shape;
  view->coverage = dyno_coverage_new (&shape);
  for (guint i = 0; i < records->len; i++)
    {
      DynoCoverageRecord *record = g_ptr_array_index (records, i);

      if (!dyno_grid_shape_equal (&record->shape, &shape))
        {
          view->n_other_axes++;
          continue;
        }
      dyno_coverage_add (view->coverage, g_steal_pointer (&record->run));
      dyno_planner_read_facts (record->facts, facts, kinds);
    }
}

static void
make_plan (DynoPlannerView *view,
           DynoPlanFacts   *facts)
{
  g_autofree guint32 *hits = dyno_coverage_summary_hits (view->summary);

  facts->shape = &view->coverage->shape;
  facts->hits = hits;
  facts->coverage_pct = view->summary->pct;
  view->plan = dyno_plan_make (facts, &view->constraints);
}

static gboolean
read_constraints (const DynoErrand *errand,
                  DynoPlannerView  *view,
                  GError          **error)
{
  DynoStore *store = errand->shop->store;
  g_autofree DynoKeptConstraints *kept = NULL;

  dyno_store_get_constraints_async (store, view->vehicle_id, view->dyno, errand->cancellable,
                                    dyno_await_cb, errand->await);
  kept = dyno_store_get_constraints_finish (store, dyno_await_wait (errand->await), error);
  if (kept == NULL)
    return FALSE;
  view->constraints = kept->constraints;
  view->is_default = kept->is_default;
  view->version = kept->version;

  return TRUE;
}

static DynoPlannerView *
make_view (const DynoErrand  *errand,
           const DynoVehicle *vehicle,
           const char        *dyno,
           GError           **error)
{
  g_autoptr(DynoPlannerView) view = g_new0 (DynoPlannerView, 1);
  g_autoptr(GPtrArray) records = NULL;
  g_autoptr(GPtrArray) kinds = g_ptr_array_new_with_free_func (g_free);
  DynoPlanFacts facts = { .n_causes = 0 };
  double edge_rpm[2];

  view->vehicle_id = g_strdup (vehicle->id);
  view->vehicle = g_strdup (vehicle->label);
  view->dyno = g_strdup (dyno);
  if (!read_constraints (errand, view, error))
    return NULL;
  records = list_records (errand, vehicle->id, error);
  if (records == NULL)
    return NULL;

  count_records (view, records, &facts, kinds);
  read_edges (vehicle, edge_rpm);
  view->summary = dyno_coverage_summarise (view->coverage, edge_rpm);
  make_plan (view, &facts);

  return g_steal_pointer (&view);
}

static gpointer
get (const DynoErrand *errand,
     gpointer          data,
     GError          **error)
{
  const Request *request = data;
  g_autoptr(DynoVehicle) vehicle = find_vehicle (errand, request->vehicle, error);

  return vehicle != NULL ? make_view (errand, vehicle, request->dyno, error) : NULL;
}

static const DynoOperation get_operation = { "planner-get", get,
                                             (GDestroyNotify) dyno_planner_view_free, TRUE };

void
dyno_planner_get_async (DynoShop            *shop,
                        const char          *vehicle,
                        const char          *dyno,
                        GCancellable        *cancellable,
                        GAsyncReadyCallback  callback,
                        gpointer             user_data)
{
  dyno_operation_start (shop, &get_operation, request_new (vehicle, dyno), request_free,
                        cancellable, callback, user_data);
}

DynoPlannerView *
dyno_planner_get_finish (GAsyncResult *result,
                         GError      **error)
{
  return dyno_operation_finish (result, &get_operation, error);
}

/* Constraints */

static void
publish (const DynoErrand *errand,
         const char       *vehicle_id)
{
  dyno_bus_publish (errand->shop->bus, DYNO_TOPIC_VEHICLE, vehicle_id, "changed");
}

static gpointer
set (const DynoErrand *errand,
     gpointer          data,
     GError          **error)
{
  const Request *request = data;
  DynoStore *store = errand->shop->store;
  DynoAnalysisError *cause = NULL;
  g_autoptr(DynoVehicle) vehicle = NULL;

  if (!dyno_plan_constraints_check (&request->constraints, &cause))
    {
      dyno_analyse_set_error (error, cause);
      return NULL;
    }
  vehicle = find_vehicle (errand, request->vehicle, error);
  if (vehicle == NULL)
    return NULL;

  dyno_store_set_constraints_async (store, vehicle->id, request->dyno, &request->constraints,
                                    request->version, errand->cancellable, dyno_await_cb, errand->await);
  if (!dyno_store_set_constraints_finish (store, dyno_await_wait (errand->await), error))
    return NULL;
  publish (errand, vehicle->id);

  return make_view (errand, vehicle, request->dyno, error);
}

static const DynoOperation set_operation = { "planner-set", set,
                                             (GDestroyNotify) dyno_planner_view_free, TRUE, TRUE };

void
dyno_planner_set_constraints_async (DynoShop                  *shop,
                                    const char                *vehicle,
                                    const char                *dyno,
                                    const DynoPlanConstraints *constraints,
                                    gint64                     version,
                                    GCancellable              *cancellable,
                                    GAsyncReadyCallback        callback,
                                    gpointer                   user_data)
{
  Request *request = request_new (vehicle, dyno);

  request->constraints = *constraints;
  request->version = version;
  dyno_operation_start (shop, &set_operation, request, request_free, cancellable, callback,
                        user_data);
}

DynoPlannerView *
dyno_planner_set_constraints_finish (GAsyncResult *result,
                                     GError      **error)
{
  return dyno_operation_finish (result, &set_operation, error);
}

static gpointer
reset (const DynoErrand *errand,
       gpointer          data,
       GError          **error)
{
  const Request *request = data;
  DynoStore *store = errand->shop->store;
  g_autoptr(DynoVehicle) vehicle = find_vehicle (errand, request->vehicle, error);

  if (vehicle == NULL)
    return NULL;

  dyno_store_reset_constraints_async (store, vehicle->id, request->dyno, errand->cancellable,
                                      dyno_await_cb, errand->await);
  if (!dyno_store_reset_constraints_finish (store, dyno_await_wait (errand->await), error))
    return NULL;
  publish (errand, vehicle->id);

  return make_view (errand, vehicle, request->dyno, error);
}

static const DynoOperation reset_operation = { "planner-reset", reset,
                                               (GDestroyNotify) dyno_planner_view_free, TRUE,
                                               TRUE };

void
dyno_planner_reset_async (DynoShop            *shop,
                          const char          *vehicle,
                          const char          *dyno,
                          GCancellable        *cancellable,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  dyno_operation_start (shop, &reset_operation, request_new (vehicle, dyno), request_free,
                        cancellable, callback, user_data);
}

DynoPlannerView *
dyno_planner_reset_finish (GAsyncResult *result,
                           GError      **error)
{
  return dyno_operation_finish (result, &reset_operation, error);
}

/* Runs */

static gpointer
forget_run (const DynoErrand *errand,
            gpointer          run_id,
            GError          **error)
{
  DynoStore *store = errand->shop->store;

  dyno_store_forget_coverage_async (store, run_id, errand->cancellable, dyno_await_cb,
                                    errand->await);
  if (!dyno_store_forget_coverage_finish (store, dyno_await_wait (errand->await), error))
    return NULL;
  dyno_bus_publish (errand->shop->bus, DYNO_TOPIC_RUN, run_id, "changed");

  return DYNO_OPERATION_DONE;
}

static const DynoOperation forget_operation = { "planner-forget", forget_run, NULL, TRUE, TRUE };

void
dyno_planner_forget_run_async (DynoShop            *shop,
                               const char          *run_id,
                               GCancellable        *cancellable,
                               GAsyncReadyCallback  callback,
                               gpointer             user_data)
{
  dyno_operation_start (shop, &forget_operation, g_strdup (run_id), g_free, cancellable, callback,
                        user_data);
}

gboolean
dyno_planner_forget_run_finish (GAsyncResult *result,
                                GError      **error)
{
  return dyno_operation_finish (result, &forget_operation, error) != NULL;
}
