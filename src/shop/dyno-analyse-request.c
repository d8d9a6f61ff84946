/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-analyse-private.h"

#include "dyno-error.h"

/* What is asked for, what is answered, and the story of a cell; part of
 * dyno-analyse.h. */

DynoAnalyseInput *
dyno_analyse_input_new (void)
{
  DynoAnalyseInput *self = g_new0 (DynoAnalyseInput, 1);

  self->bytes = -1;

  return self;
}

void
dyno_analyse_input_free (DynoAnalyseInput *self)
{
  if (self == NULL)
    return;

  g_free (self->run_id);
  g_clear_pointer (&self->samples, dyno_samples_unref);
  g_free (self->name);
  g_free (self->sha256);
  g_free (self->report);
  g_free (self);
}

DynoAnalyseRequest *
dyno_analyse_request_new (void)
{
  DynoAnalyseRequest *self = g_new0 (DynoAnalyseRequest, 1);

  self->inputs = g_ptr_array_new_with_free_func ((GDestroyNotify) dyno_analyse_input_free);
  self->settings = g_ptr_array_new_with_free_func (g_free);

  return self;
}

void
dyno_analyse_request_free (DynoAnalyseRequest *self)
{
  if (self == NULL)
    return;

  g_ptr_array_unref (self->inputs);
  g_ptr_array_unref (self->settings);
  dyno_ve_options_free (self->options);
  g_free (self->base_sha256);
  g_strfreev (self->base_sums);
  for (guint i = 0; i < DYNO_VE_CYLINDERS; i++)
    {
      g_free (self->bases[i]);
      g_clear_pointer (&self->base_tables[i], dyno_table_unref);
    }
  g_free (self->title);
  g_free (self->id);
  g_free (self);
}

void
dyno_analyse_request_add_run (DynoAnalyseRequest *self,
                              const char         *run_id)
{
  DynoAnalyseInput *input = dyno_analyse_input_new ();

  input->run_id = g_strdup (run_id);
  g_ptr_array_add (self->inputs, input);
}

void
dyno_analyse_request_add_samples (DynoAnalyseRequest *self,
                                  DynoSamples        *samples,
                                  const char         *name,
                                  const char         *sha256)
{
  DynoAnalyseInput *input = dyno_analyse_input_new ();

  input->samples = dyno_samples_ref (samples);
  input->name = g_strdup (name);
  input->sha256 = g_strdup (sha256);
  g_ptr_array_add (self->inputs, input);
}

void
dyno_analyse_request_add_log (DynoAnalyseRequest      *self,
                              const DynoImportOutcome *log,
                              const char              *name)
{
  DynoAnalyseInput *input;

  dyno_analyse_request_add_samples (self, log->samples, name, log->sha256);
  if (log->report == NULL)
    return;
  input = g_ptr_array_index (self->inputs, self->inputs->len - 1);
  input->bytes = (gint64) log->report->bytes;
  input->report = dyno_import_report_to_json (log->report, NULL);
}

void
dyno_analyse_set_error (GError            **error,
                        DynoAnalysisError  *cause)
{
  if (cause->reason == DYNO_ANALYSIS_CANCELLED)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, cause->message);
  else
    dyno_error_set (error,
                    cause->reason == DYNO_ANALYSIS_REFUSED ? DYNO_ERROR_CONFLICT
                                                           : DYNO_ERROR_INVALID,
                    dyno_analysis_reason_name (cause->reason), "%s", cause->message);
  dyno_analysis_error_free (cause);
}

gboolean
dyno_analyse_request_set (DynoAnalyseRequest *self,
                          const char         *option,
                          const char         *value,
                          GError            **error)
{
  g_autoptr(DynoVeOptions) trial = dyno_ve_options_new ();
  DynoAnalysisError *cause = NULL;

  if (!dyno_ve_options_set_text (trial, option, value, &cause))
    {
      dyno_analyse_set_error (error, cause);
      return FALSE;
    }
  g_ptr_array_add (self->settings, g_strdup (option));
  g_ptr_array_add (self->settings, g_strdup (value));

  return TRUE;
}

gboolean
dyno_analyse_apply_settings (const DynoAnalyseRequest  *self,
                             DynoVeOptions             *options,
                             GError                   **error)
{
  for (guint i = 0; i + 1 < self->settings->len; i += 2)
    {
      DynoAnalysisError *cause = NULL;

      if (dyno_ve_options_set_text (options, self->settings->pdata[i],
                                    self->settings->pdata[i + 1], &cause))
        continue;
      dyno_analyse_set_error (error, cause);
      return FALSE;
    }

  return TRUE;
}

gboolean
dyno_analyse_request_is_legacy (const DynoAnalyseRequest *self)
{
  g_autoptr(DynoVeOptions) options = dyno_ve_options_new ();

  return dyno_analyse_apply_settings (self, options, NULL)
         && options->math_version == DYNO_MATH_LEGACY_CLI_1_2;
}

DynoAnalyse *
dyno_analyse_ref (DynoAnalyse *self)
{
  g_atomic_ref_count_inc (&self->n_refs);

  return self;
}

void
dyno_analyse_unref (DynoAnalyse *self)
{
  if (self == NULL || !g_atomic_ref_count_dec (&self->n_refs))
    return;

  g_free (self->id);
  g_strfreev (self->run_ids);
  g_free (self->math_version);
  g_free (self->input_sha256);
  g_free (self->fingerprint);
  g_free (self->base_sha256);
  g_strfreev (self->base_sums);
  g_clear_pointer (&self->result, dyno_ve_result_free);
  g_clear_pointer (&self->power, dyno_pull_power_unref);
  g_clear_pointer (&self->counsel, dyno_counsel_free);
  g_clear_pointer (&self->inputs, g_ptr_array_unref);
  g_clear_pointer (&self->files, g_ptr_array_unref);
  g_free (self);
}

DynoVeStory *
dyno_analyse_explain (DynoAnalyse *self,
                      guint        cylinder,
                      double       rpm,
                      double       map_kpa,
                      GError     **error)
{
  const DynoGridShape *shape = &self->result->set->shape;

  g_return_val_if_fail (cylinder < DYNO_VE_CYLINDERS, NULL);

  if (!dyno_axis_holds (&shape->rpm, rpm) || !dyno_axis_holds (&shape->load, map_kpa))
    {
      dyno_error_set (error, DYNO_ERROR_INVALID, "out_of_grid",
                      "The grid of this analysis reaches from %g to %g rpm and from %g to "
                      "%g kPa.",
                      shape->rpm.at[0], shape->rpm.at[shape->rpm.n - 1], shape->load.at[0],
                      shape->load.at[shape->load.n - 1]);
      return NULL;
    }

  return dyno_ve_explain_cell (self->result, cylinder,
                               dyno_axis_nearest (&shape->rpm, rpm) * shape->load.n
                                 + dyno_axis_nearest (&shape->load, map_kpa));
}
