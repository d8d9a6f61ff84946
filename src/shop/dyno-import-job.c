/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-import-job.h"

#include <glib/gstdio.h>

#include "dyno-analyse-private.h"
#include "dyno-analyse.h"
#include "dyno-error.h"
#include "dyno-archive-inside.h"
#include "dyno-import-archive.h"
#include "dyno-import-describe.h"
#include "dyno-import-keep.h"
#include "dyno-import-known.h"
#include "dyno-import-read.h"
#include "dyno-measure.h"
#include "dyno-metrics.h"
#include "dyno-reference.h"
#include "dyno-shop-private.h"
#include "dyno-summary.h"

/* Read, then kept: file first, run second. What is cut between the two is a file
 * without a run, which retention sweeps; never a run without its file. */

/* The vehicle */

/* Looked for without making one: a log that is refused leaves no vehicle behind. */
static double
stoich_for (const DynoErrand *errand,
            const char       *vehicle)
{
  DynoStore *store = errand->shop->store;
  g_autoptr(GPtrArray) all = NULL;

  if (store == NULL || vehicle == NULL)
    return DYNO_STOICH_PETROL;

  dyno_store_list_vehicles_async (store, NULL, errand->cancellable, dyno_await_cb, errand->await);
  all = dyno_store_list_vehicles_finish (store, dyno_await_wait (errand->await), NULL);
  for (guint i = 0; all != NULL && i < all->len; i++)
    {
      const DynoVehicle *known = g_ptr_array_index (all, i);

      if (g_str_equal (known->id, vehicle) || g_ascii_strcasecmp (known->label, vehicle) == 0)
        return dyno_summary_stoich (known->data);
    }

  return DYNO_STOICH_PETROL;
}

static gboolean
ensure_vehicle (const DynoErrand  *errand,
                const char        *id_or_label,
                DynoVehicle      **vehicle,
                GError           **error)
{
  DynoStore *store = errand->shop->store;

  if (id_or_label == NULL)
    return TRUE;

  dyno_store_ensure_vehicle_async (store, id_or_label, errand->cancellable, dyno_await_cb,
                                   errand->await);
  *vehicle = dyno_store_ensure_vehicle_finish (store, dyno_await_wait (errand->await), error);

  return *vehicle != NULL;
}

/* Into the book */

static GPtrArray *
list_file (const DynoRun           *run,
           const DynoImportRequest *request,
           const char              *sha256,
           gint64                   size)
{
  GPtrArray *files = g_ptr_array_new_with_free_func ((GDestroyNotify) dyno_run_file_free);
  g_autofree char *relative = g_build_filename ("source", run->id, NULL);
  g_autofree char *name = dyno_import_name (request);

  g_ptr_array_add (files, dyno_run_file_new (DYNO_FILE_SOURCE, relative, name, size, sha256));

  return files;
}

/* `run` is taken over. */
static DynoRun *
put_run (const DynoErrand        *errand,
         const DynoImportRequest *request,
         DynoRun                 *run,
         const DynoImportOutcome *outcome,
         GError                 **error)
{
  DynoStore *store = errand->shop->store;
  g_autofree double *confidences = dyno_import_confidences (outcome);
  g_autofree char *kept = g_build_filename (errand->shop->folders->data, "source", run->id, NULL);
  DynoRun *answer;
  gint64 size = 0;

  if (!dyno_import_keep (request->path, kept, outcome->sha256, &size, errand->cancellable, error))
    {
      dyno_run_free (run);
      return NULL;
    }
  if (errand->asker->once_key != NULL)
    dyno_store_carry (store, dyno_audit_new_rider (errand, run->id));
  dyno_store_import_run_async (store, run, outcome->samples, confidences,
                               list_file (run, request, outcome->sha256, size),
                               dyno_import_marks (outcome->report), errand->cancellable,
                               dyno_await_cb, errand->await);
  answer = dyno_store_import_run_finish (store, dyno_await_wait (errand->await), error);
  if (answer == NULL)
    g_unlink (kept);
  else
    dyno_measure_run (answer, size);

  return answer;
}

static gpointer
import_log (const DynoErrand *errand,
            gpointer          data,
            GError          **error)
{
  const DynoImportRequest *request = data;
  double stoich = stoich_for (errand, request->vehicle);
  g_autoptr(DynoImportReading) reading = dyno_import_read (errand, request, stoich, FALSE, error);
  g_autoptr(DynoVehicle) vehicle = NULL;
  DynoImportOutcome *outcome;
  DynoRun *run;

  if (reading == NULL || !dyno_import_is_new (errand, request, reading->outcome->sha256, error)
      || !ensure_vehicle (errand, request->vehicle, &vehicle, error))
    return NULL;

  outcome = reading->outcome;
  run = put_run (errand, request,
                 dyno_import_describe (errand, request, reading, vehicle, stoich), outcome, error);
  if (run == NULL)
    return NULL;

  if (outcome->report != NULL)
    dyno_import_remember (errand, request, outcome->report);
  dyno_job_set_subject (errand->job, run->id);
  dyno_bus_publish (errand->shop->bus, DYNO_TOPIC_RUN, run->id, "added");
  if (vehicle != NULL)
    dyno_bus_publish (errand->shop->bus, DYNO_TOPIC_VEHICLE, vehicle->id, "changed");
  outcome->run = run;

  return g_steal_pointer (&reading->outcome);
}

static gpointer
import_run (const DynoErrand *errand,
            gpointer          data,
            GError          **error)
{
  const DynoImportRequest *request = data;
  g_autoptr(GBytes) archive = NULL;
  gpointer outcome;

  if (!dyno_archive_inside_path (request->path, &archive, error))
    return NULL;
  if (archive == NULL)
    return import_log (errand, data, error);

  outcome = dyno_import_archive (errand, request, archive, error);
  if (outcome != NULL)
    dyno_metrics_observe (DYNO_METRIC_FILE_UPLOAD, (double) g_bytes_get_size (archive), NULL);

  return outcome;
}

/* A run that cannot be analysed is a run all the same: the log says why. */
static void
analyse_run (const DynoErrand *errand,
             const char       *run_id)
{
  g_autoptr(DynoAnalyseRequest) request = dyno_analyse_request_new ();
  g_autoptr(DynoAnalyse) analyse = NULL;
  g_autoptr(GError) error = NULL;

  dyno_analyse_request_add_run (request, run_id);
  analyse = dyno_analyse_run (errand, request, &error);
  dyno_job_set_subject (errand->job, run_id);
  if (analyse == NULL)
    g_info ("Run %s is not analysed: %s", run_id, error->message);
}

static gpointer
import_and_analyse (const DynoErrand *errand,
                    gpointer          data,
                    GError          **error)
{
  const DynoImportRequest *request = data;
  DynoImportOutcome *outcome = import_run (errand, data, error);

  if (outcome != NULL && request->analyses)
    analyse_run (errand, outcome->run->id);

  return outcome;
}

/* Files alone */

static gpointer
preview_file (const DynoErrand *errand,
              gpointer          data,
              GError          **error)
{
  const DynoImportRequest *request = data;
  double stoich = stoich_for (errand, request->vehicle);
  g_autoptr(DynoImportReading) reading = dyno_import_read (errand, request, stoich, TRUE, error);

  return reading != NULL ? g_steal_pointer (&reading->outcome) : NULL;
}

static gpointer
read_file (const DynoErrand *errand,
           gpointer          data,
           GError          **error)
{
  const DynoImportRequest *request = data;
  double stoich = stoich_for (errand, request->vehicle);
  g_autoptr(DynoImportReading) reading = dyno_import_read (errand, request, stoich, FALSE, error);

  return reading != NULL ? g_steal_pointer (&reading->outcome) : NULL;
}

static const DynoOperation preview_operation = { "preview-import", preview_file,
                                                 (GDestroyNotify) dyno_import_outcome_free, FALSE };
static const DynoOperation read_operation = { "read-file", read_file,
                                              (GDestroyNotify) dyno_import_outcome_free, FALSE };
static const DynoOperation import_operation = { "import", import_and_analyse,
                                                (GDestroyNotify) dyno_import_outcome_free, TRUE };

void
dyno_import_job_preview_async (DynoShop            *shop,
                               DynoImportRequest   *request,
                               GCancellable        *cancellable,
                               GAsyncReadyCallback  callback,
                               gpointer             user_data)
{
  dyno_operation_start (shop, &preview_operation, request,
                        (GDestroyNotify) dyno_import_request_free, cancellable, callback,
                        user_data);
}

void
dyno_import_job_read_async (DynoShop            *shop,
                            DynoImportRequest   *request,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  dyno_operation_start (shop, &read_operation, request, (GDestroyNotify) dyno_import_request_free,
                        cancellable, callback, user_data);
}

void
dyno_import_job_async (DynoShop            *shop,
                       DynoImportRequest   *request,
                       char               **job_id,
                       GCancellable        *cancellable,
                       GAsyncReadyCallback  callback,
                       gpointer             user_data)
{
  g_autofree char *name = dyno_import_name (request);
  DynoJobOffer offer = { .kind = "import", .title = name, .unit = "bytes", .job_id = job_id };

  dyno_operation_start_job (shop, &import_operation, &offer, request,
                            (GDestroyNotify) dyno_import_request_free, cancellable, callback,
                            user_data);
}

DynoImportOutcome *
dyno_import_job_finish (GAsyncResult *result,
                        GError      **error)
{
  static const DynoOperation *const operations[] = { &import_operation, &read_operation,
                                                     &preview_operation };

  for (guint i = 0; i < G_N_ELEMENTS (operations); i++)
    {
      if (g_async_result_is_tagged (result, (gpointer) operations[i]))
        return dyno_operation_finish (result, operations[i], error);
    }
  g_return_val_if_reached (NULL);
}
