/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-analyse-private.h"

#include "dyno-crypt.h"
#include "dyno-error.h"
#include "dyno-fingerprint.h"
#include "dyno-measure.h"
#include "dyno-planner-book-private.h"
#include "dyno-shop-private.h"
#include "dyno-tune-private.h"

/* The axes of the base table, which an own grid may not contradict. */
static gboolean
choose_axes (const DynoAnalyseRequest *request,
             DynoGridShape            *shape,
             GError                  **error)
{
  DynoGridShape wanted;

  if (request->base_tables[0] == NULL)
    return TRUE;
  dyno_table_shape (request->base_tables[0], shape, NULL);
  wanted = request->options->grid;
  if (request->options->grid_choice == DYNO_GRID_11X9)
    dyno_grid_shape_named (&wanted, "11x9");
  else if (request->options->grid_choice == DYNO_GRID_11X5)
    dyno_grid_shape_named (&wanted, "11x5");
  if (request->options->grid_choice == DYNO_GRID_AUTO || dyno_grid_shape_equal (&wanted, shape))
    return TRUE;

  dyno_error_set (error, DYNO_ERROR_INVALID, "GRID_MISMATCH",
                  "The grid that is asked for has other axes than the base table “%s”. Leave one "
                  "of them out: the analysis takes the axes of its base.",
                  request->base_tables[0]->name);

  return FALSE;
}

void
dyno_analyse_tell_cb (double      fraction,
                      const char *stage,
                      gpointer    user_data)
{
  DynoJob *job = user_data;

  dyno_job_set_message (job, stage);
  dyno_job_set_progress (job, 0.3 + 0.6 * fraction, 1);
}

void
dyno_analyse_cancelled_cb (GCancellable *cancellable,
                           gpointer      is_cancelled)
{
  g_atomic_int_set ((gint *) is_cancelled, TRUE);
}

static gboolean
compute (const DynoErrand   *errand,
         DynoAnalyseRequest *request,
         DynoAnalyse        *self,
         GError            **error)
{
  guint n = request->inputs->len;
  g_autofree DynoSamples **runs = g_new0 (DynoSamples *, n);
  gint is_cancelled = FALSE;
  DynoProgress progress = { dyno_analyse_tell_cb, errand->job, &is_cancelled };
  DynoAnalysisError *cause = NULL;
  DynoGridShape base;
  gulong handler;

  if (!choose_axes (request, &base, error))
    return FALSE;
  for (guint i = 0; i < n; i++)
    runs[i] = ((DynoAnalyseInput *) g_ptr_array_index (request->inputs, i))->samples;
  handler = g_cancellable_connect (errand->cancellable, G_CALLBACK (dyno_analyse_cancelled_cb),
                                   &is_cancelled, NULL);
  self->result = dyno_analysis_run (runs, n, request->options,
                                    request->base_tables[0] != NULL ? &base : NULL, &progress, &cause);
  if (self->result != NULL)
    self->counsel = dyno_counsel_take (self->result, &progress, &cause);
  g_cancellable_disconnect (errand->cancellable, handler);
  if (self->counsel == NULL)
    dyno_analyse_set_error (error, cause);

  return self->counsel != NULL;
}

/* Nothing of it comes from the settings of this shop: its curve is one of the files
 * of the fingerprint. */
static DynoPullPower *
make_power (const DynoAnalyseRequest *request)
{
  const DynoAnalyseInput *first = g_ptr_array_index (request->inputs, 0);
  DynoPowerOptions options;

  dyno_power_options_init (&options);
  options.stoich = request->options->afr_stoich;

  return dyno_pull_power_make (first->samples, &options, NULL);
}

/* (transfer container) of borrowed texts */
static GPtrArray *
list_sums (const DynoAnalyse *self)
{
  GPtrArray *sums = g_ptr_array_new ();

  for (guint i = 0; i < self->inputs->len; i++)
    g_ptr_array_add (sums, ((DynoAnalyseInput *) g_ptr_array_index (self->inputs, i))->sha256);

  return sums;
}

static char *
make_fingerprint (const DynoAnalyse *self,
                  const GPtrArray   *sums)
{
  g_autofree DynoFingerprintOutput *outputs = g_new (DynoFingerprintOutput, self->files->len);

  for (guint i = 0; i < self->files->len; i++)
    {
      const DynoArtefact *file = g_ptr_array_index (self->files, i);

      outputs[i] = (DynoFingerprintOutput){ file->name, file->sha256 };
    }

  return dyno_fingerprint (self->math_version, self->result->options,
                           (const char *const *) sums->pdata, sums->len, self->base_sha256, outputs,
                           self->files->len);
}

static char *
sum_inputs (const GPtrArray *sums)
{
  g_autoptr(GString) all = g_string_new (NULL);

  if (sums->len == 1)
    return g_strdup (g_ptr_array_index (sums, 0));
  for (guint i = 0; i < sums->len; i++)
    g_string_append_printf (all, "%s\n", (const char *) g_ptr_array_index (sums, i));

  return dyno_crypt_sha256_hex (all->str, all->len);
}

static void
describe (DynoAnalyse              *self,
          const DynoAnalyseRequest *request)
{
  g_autoptr(GPtrArray) sums = NULL;

  self->inputs = g_ptr_array_ref (request->inputs);
  sums = list_sums (self);
  self->math_version = g_strdup (dyno_math_version_name (request->options->math_version));
  self->input_sha256 = sum_inputs (sums);
  self->base_sha256 = g_strdup (request->base_sha256);
  self->base_sums = g_strdupv (request->base_sums);
  self->files = dyno_artefacts_make (self->result, self->power, self->counsel, request->base_tables,
                                     request->units);
  self->fingerprint = make_fingerprint (self, sums);
}

static char **
list_runs (const DynoAnalyseRequest *request)
{
  GStrvBuilder *ids = g_strv_builder_new ();
  char **all;

  for (guint i = 0; i < request->inputs->len; i++)
    {
      const DynoAnalyseInput *input = g_ptr_array_index (request->inputs, i);

      if (input->run_id != NULL)
        g_strv_builder_add (ids, input->run_id);
    }
  all = g_strv_builder_end (ids);
  g_strv_builder_unref (ids);

  return all;
}

static DynoAnalyse *
run (const DynoErrand   *errand,
     DynoAnalyseRequest *request,
     GError            **error)
{
  g_autoptr(DynoAnalyse) self = g_new0 (DynoAnalyse, 1);

  g_atomic_ref_count_init (&self->n_refs);
  dyno_job_set_message (errand->job, "load");
  if (!dyno_analyse_take_inputs (errand, request, error)
      || !dyno_analyse_choose_options (errand, request, error)
      || !dyno_tune_take_base (errand, request, error))
    return NULL;
  if (!compute (errand, request, self, error))
    return NULL;

  dyno_job_set_message (errand->job, "export");
  self->power = make_power (request);
  describe (self, request);
  self->run_ids = list_runs (request);
  if (!dyno_analyse_keep (errand, self, error))
    return NULL;
  if (self->id != NULL)
    dyno_planner_count (errand, self);
  dyno_job_set_subject (errand->job, self->id);
  dyno_job_set_progress (errand->job, 1, 1);

  return g_steal_pointer (&self);
}

static const char *
first_source (const DynoAnalyseRequest *request)
{
  const DynoAnalyseInput *first
    = request->inputs->len > 0 ? g_ptr_array_index (request->inputs, 0) : NULL;

  return first != NULL && first->source != NULL ? first->source : "file";
}

DynoAnalyse *
dyno_analyse_run (const DynoErrand   *errand,
                  DynoAnalyseRequest *request,
                  GError            **error)
{
  gint64 begin_us = g_get_monotonic_time ();
  GError *cause = NULL;
  DynoAnalyse *self = run (errand, request, &cause);

  dyno_measure_analysis (self, first_source (request),
                         (double) (g_get_monotonic_time () - begin_us) / G_USEC_PER_SEC, cause);
  if (cause != NULL)
    g_propagate_error (error, cause);

  return self;
}

static gpointer
analyse (const DynoErrand *errand,
         gpointer          data,
         GError          **error)
{
  return dyno_analyse_run (errand, data, error);
}

static const DynoOperation operation = { "analyse", analyse, (GDestroyNotify) dyno_analyse_unref,
                                         FALSE };

/* What it takes to do it again. (transfer full) (nullable) */
static char *
request_json (const DynoAnalyseRequest *request)
{
  g_auto(GStrv) run_ids = list_runs (request);
  DynoJsonWriter *w = dyno_json_writer_new (FALSE);

  dyno_json_writer_begin_object (w);
  dyno_json_writer_name (w, "run_ids");
  dyno_json_writer_begin_array (w);
  for (char **id = run_ids; *id != NULL; id++)
    dyno_json_writer_string (w, *id);
  dyno_json_writer_end_array (w);
  if (request->options != NULL)
    {
      g_autofree char *options = dyno_ve_options_canonical (request->options);

      dyno_json_writer_name (w, "options");
      dyno_json_writer_raw (w, options);
    }
  dyno_json_writer_name (w, "settings");
  dyno_json_writer_begin_array (w);
  for (guint i = 0; i < request->settings->len; i++)
    dyno_json_writer_string (w, g_ptr_array_index (request->settings, i));
  dyno_json_writer_end_array (w);
  dyno_json_writer_end_object (w);

  return dyno_json_writer_finish (w);
}

void
dyno_analyse_async (DynoShop            *shop,
                    DynoAnalyseRequest  *request,
                    char               **job_id,
                    GCancellable        *cancellable,
                    GAsyncReadyCallback  callback,
                    gpointer             user_data)
{
  g_autofree char *input = request_json (request);
  g_autofree char *title = g_strdup (request->title != NULL ? request->title : "VE analysis");
  DynoJobOffer offer = { "analyse", title, "share", input, job_id };

  dyno_operation_start_job (shop, &operation, &offer, request,
                            (GDestroyNotify) dyno_analyse_request_free, cancellable, callback,
                            user_data);
}

DynoAnalyse *
dyno_analyse_finish (GAsyncResult *result,
                     GError      **error)
{
  return dyno_operation_finish (result, &operation, error);
}
