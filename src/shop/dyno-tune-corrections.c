/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-tune-private.h"

#include "dyno-error.h"

/* Where the corrections of a request come from: an analysis at hand or kept, a folder
 * that one wrote, a grid of percents. */

/* An analysis of the store */

static DynoAnalysisRecord *
load_analysis (const DynoErrand *errand,
               const char       *id,
               GError          **error)
{
  DynoStore *store = errand->shop->store;

  if (store == NULL)
    {
      g_propagate_error (error, g_error_copy (errand->shop->trouble));
      return NULL;
    }
  dyno_store_get_analysis_async (store, id, errand->cancellable, dyno_await_cb, errand->await);

  return dyno_store_get_analysis_finish (store, dyno_await_wait (errand->await), error);
}

static gboolean
fits (const DynoCorrections *corrections,
      const DynoTuneSubject *subject)
{
  DynoGridShape shape;

  return subject->n_tables == 0 || !dyno_table_shape (subject->tables[0], &shape, NULL)
         || dyno_grid_shape_equal (&shape, &corrections->shape);
}

/* The same runs and options, on the axes of the table. */
static DynoAnalyse *
analyse_again (const DynoErrand      *errand,
               char                 **run_ids,
               const char            *options,
               const DynoTuneSubject *subject,
               GError               **error)
{
  g_autoptr(DynoJson) json = dyno_json_parse (options, -1, NULL);
  g_autoptr(DynoAnalyseRequest) request = dyno_analyse_request_new ();

  if (!dyno_tune_give_base (request, subject, error))
    return NULL;
  for (char **id = run_ids; *id != NULL; id++)
    dyno_analyse_request_add_run (request, *id);
  request->options = dyno_ve_options_new ();
  dyno_ve_options_set_all (request->options, json, NULL);
  request->options->grid_choice = DYNO_GRID_AUTO;
  dyno_analyse_async (errand->shop, g_steal_pointer (&request), NULL, errand->cancellable,
                      dyno_await_cb, errand->await);

  return dyno_analyse_finish (dyno_await_wait (errand->await), error);
}

static DynoCorrections *
take_analyse (const DynoAnalyse *analyse)
{
  DynoCorrections *corrections = dyno_corrections_from_result (
    analyse->result, analyse->math_version, analyse->fingerprint, analyse->id);

  corrections->base_sha256 = g_strdup (analyse->base_sha256);

  return corrections;
}

static DynoCorrections *
take_again (const DynoErrand      *errand,
            char                 **run_ids,
            const char            *options,
            const DynoTuneSubject *subject,
            GError               **error)
{
  g_autoptr(DynoAnalyse) again = analyse_again (errand, run_ids, options, subject, error);

  return again != NULL ? take_analyse (again) : NULL;
}

static DynoCorrections *
from_analyse (const DynoErrand      *errand,
              const DynoAnalyse     *analyse,
              const DynoTuneSubject *subject,
              GError               **error)
{
  g_autoptr(DynoCorrections) corrections = take_analyse (analyse);

  if (fits (corrections, subject) || analyse->run_ids == NULL || *analyse->run_ids == NULL
      || errand->shop->store == NULL)
    return g_steal_pointer (&corrections);

  return take_again (errand, analyse->run_ids, analyse->result->options, subject, error);
}

static DynoCorrections *
from_kept (const DynoErrand      *errand,
           const char            *id,
           const DynoTuneSubject *subject,
           GError               **error)
{
  g_autoptr(DynoAnalysisRecord) record = load_analysis (errand, id, error);
  g_autoptr(DynoJson) json = NULL;
  g_autoptr(DynoCorrections) corrections = NULL;
  DynoAnalysisError *cause = NULL;

  if (record == NULL)
    return NULL;
  json = dyno_json_parse_limited (record->result, -1, &dyno_json_limits_own, error);
  if (json == NULL)
    return NULL;
  corrections = dyno_corrections_from_json (json, &cause);
  if (corrections == NULL)
    dyno_tune_set_error (error, cause, NULL);
  else if (!fits (corrections, subject))
    return take_again (errand, record->run_ids, record->options, subject, error);

  return g_steal_pointer (&corrections);
}

/* A file */

static DynoCorrections *
from_file (const DynoErrand *errand,
           const char       *path,
           GError          **error)
{
  g_autoptr(GBytes) bytes = dyno_tune_read_bytes (path, errand->cancellable, error);
  g_autoptr(DynoTable) table = NULL;
  g_autofree char *sum = NULL;
  g_autofree char *fingerprint = NULL;
  DynoAnalysisError *cause = NULL;
  DynoCorrections *corrections;

  if (bytes == NULL || !dyno_tune_folder_allows (errand, path, error))
    return NULL;
  table = dyno_table_parse (bytes, &cause);
  if (table == NULL)
    {
      dyno_tune_set_error (error, cause, NULL);
      return NULL;
    }
  sum = dyno_table_bytes_sha256 (table);
  fingerprint = g_strconcat ("sha256:", sum, NULL);
  corrections = dyno_corrections_from_table (table, DYNO_TABLE_BOTH, fingerprint, &cause);
  if (corrections == NULL)
    dyno_tune_set_error (error, cause, NULL);

  return corrections;
}

DynoCorrections *
dyno_tune_corrections_load (const DynoErrand      *errand,
                            const DynoTuneRequest *request,
                            const DynoTuneSubject *subject,
                            GError               **error)
{
  if (request->analyse != NULL)
    return from_analyse (errand, request->analyse, subject, error);
  if (request->analysis_id != NULL)
    return from_kept (errand, request->analysis_id, subject, error);
  if (request->corrections == NULL)
    {
      dyno_error_set (error, DYNO_ERROR_INVALID, NULL,
                      "Say which correction: an analysis, a folder of one, or a grid of percents.");
      return NULL;
    }
  if (g_file_test (request->corrections, G_FILE_TEST_IS_DIR))
    return dyno_tune_folder_load (errand, request->corrections, error);

  return from_file (errand, request->corrections, error);
}
