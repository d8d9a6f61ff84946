/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-analyse-private.h"

#include "dyno-error.h"
#include "dyno-shop-private.h"

/* The samples of an analysis and what is known of their source; part of dyno-analyse.h. */

static gboolean
is_countable (const DynoAnalyseRequest *request,
              GError                  **error)
{
  if (request->inputs->len == 0)
    dyno_error_set (error, DYNO_ERROR_INVALID, NULL, "Name at least one run to be analysed.");
  else if (request->inputs->len > DYNO_VE_MAX_RUNS)
    dyno_error_set (error, DYNO_ERROR_TOO_LARGE, NULL,
                    "At most %d runs are analysed together; %u were named.", DYNO_VE_MAX_RUNS,
                    request->inputs->len);
  else
    return TRUE;

  return FALSE;
}

static void
add_numbers (GChecksum        *sum,
             const DynoColumn *column,
             gsize             n_rows)
{
  double values[1024];

  for (gsize first = 0; first < n_rows; first += G_N_ELEMENTS (values))
    {
      gsize n = MIN (G_N_ELEMENTS (values), n_rows - first);

      dyno_column_copy (column, first, n, values);
      g_checksum_update (sum, (const guchar *) values, (gssize) (n * sizeof *values));
    }
}

/* The sum of the numbers themselves, for samples whose source is not known. */
static char *
sum_samples (const DynoSamples *samples)
{
  g_autoptr(GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  gsize n = dyno_samples_n_rows (samples);

  g_checksum_update (sum, (const guchar *) dyno_samples_time (samples),
                     (gssize) (n * sizeof (double)));
  for (guint i = 0; i < dyno_samples_n_columns (samples); i++)
    {
      const DynoColumn *column = dyno_samples_column (samples, i);

      g_checksum_update (sum, (const guchar *) column->name, -1);
      add_numbers (sum, column, n);
    }

  return g_strdup (g_checksum_get_string (sum));
}

/* Journal or source of a run: the first file that it has. */
static void
read_source (const DynoErrand *errand,
             DynoAnalyseInput *input)
{
  DynoStore *store = errand->shop->store;
  g_autoptr(GPtrArray) files = NULL;
  const DynoRunFile *first;

  dyno_store_list_run_files_async (store, input->run_id, NULL, NULL, dyno_await_cb, errand->await);
  files = dyno_store_list_run_files_finish (store, dyno_await_wait (errand->await), NULL);
  if (files == NULL || files->len == 0)
    return;

  first = g_ptr_array_index (files, 0);
  input->name = g_strdup (first->name);
  input->bytes = first->bytes;
  input->sha256 = g_strdup (first->sha256);
}

/* What its import found, for the manifest. */
static void
read_report (const DynoErrand *errand,
             DynoAnalyseInput *input)
{
  DynoStore *store = errand->shop->store;
  g_autoptr(DynoRun) run = NULL;

  dyno_store_get_run_async (store, input->run_id, NULL, dyno_await_cb, errand->await);
  run = dyno_store_get_run_finish (store, dyno_await_wait (errand->await), NULL);
  if (run == NULL)
    return;

  input->report = g_strdup (run->report);
  input->source = dyno_run_source_name (run->source);
}

static gboolean
load_input (const DynoErrand *errand,
            DynoAnalyseInput *input,
            GError          **error)
{
  DynoStore *store = errand->shop->store;

  if (input->samples == NULL)
    {
      if (store == NULL)
        {
          g_propagate_error (error, g_error_copy (errand->shop->trouble));
          return FALSE;
        }
      dyno_store_load_samples_async (store, input->run_id, NULL, errand->cancellable,
                                     dyno_await_cb, errand->await);
      input->samples = dyno_store_load_samples_finish (store, dyno_await_wait (errand->await),
                                                       error);
      if (input->samples == NULL)
        return FALSE;
      read_source (errand, input);
      read_report (errand, input);
    }
  if (input->sha256 == NULL)
    input->sha256 = sum_samples (input->samples);

  return TRUE;
}

static gboolean
load_inputs (const DynoErrand   *errand,
             DynoAnalyseRequest *request,
             GError            **error)
{
  for (guint i = 0; i < request->inputs->len; i++)
    {
      if (!load_input (errand, g_ptr_array_index (request->inputs, i), error))
        return FALSE;
      dyno_job_set_progress (errand->job, 0.3 * (i + 1) / request->inputs->len, 1);
    }

  return TRUE;
}

gboolean
dyno_analyse_take_inputs (const DynoErrand   *errand,
                          DynoAnalyseRequest *request,
                          GError            **error)
{
  return is_countable (request, error) && load_inputs (errand, request, error);
}
