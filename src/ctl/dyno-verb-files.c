/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-verb-files.h"

#include "dyno-failure.h"
#include "dyno-import-job.h"
#include "dyno-power-text.h"
#include "dyno-print.h"
#include "dyno-progress-bar.h"
#include "dyno-pull-power.h"
#include "dyno-run-text.h"
#include "dyno-shape.h"
#include "dyno-subject.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* import */

static char    *vehicle;
static gboolean again;
static gboolean dry_run;

const GOptionEntry dyno_verb_import_entries[] = {
  { "vehicle", 0, 0, G_OPTION_ARG_STRING, &vehicle, "Whose runs these are; a new label makes a "
    "vehicle", "ID|LABEL" },
  { "again", 0, 0, G_OPTION_ARG_NONE, &again, "Also what was imported before", NULL },
  { "dry-run", 0, 0, G_OPTION_ARG_NONE, &dry_run, "Say what would be read, keep nothing", NULL },
  { NULL },
};

/* A packet journal has no report: what can be said of it stands in its run. */
static void
print_journal_json (const char              *path,
                    const DynoImportOutcome *outcome)
{
  DynoJsonWriter *w = dyno_json_writer_new (FALSE);
  g_autofree char *name = g_path_get_basename (path);
  const DynoRun *run = outcome->run;

  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "file", name);
  dyno_json_writer_add_string (w, "sha256", outcome->sha256);
  dyno_json_writer_add_string (w, "run_id", run != NULL ? run->id : NULL);
  dyno_json_writer_add_string (w, "dialect", "jetdrive-journal");
  dyno_json_writer_name (w, "rows");
  dyno_json_writer_null (w);
  dyno_json_writer_name (w, "columns");
  dyno_json_writer_null (w);
  dyno_json_writer_add_number (w, "duration_s", run != NULL ? run->duration_s : NAN);
  dyno_json_writer_add_number (w, "rate_hz", NAN);
  dyno_json_writer_name (w, "channels");
  dyno_json_writer_begin_array (w);
  dyno_json_writer_end_array (w);
  dyno_json_writer_name (w, "assumptions");
  dyno_json_writer_begin_array (w);
  dyno_json_writer_end_array (w);
  dyno_json_writer_name (w, "warnings");
  dyno_json_writer_begin_array (w);
  dyno_json_writer_end_array (w);
  dyno_json_writer_name (w, "rejected");
  dyno_json_writer_begin_object (w);
  dyno_json_writer_end_object (w);
  dyno_json_writer_end_object (w);
  dyno_print_json (w);
}

static void
print_outcome (DynoCtl                 *ctl,
               const char              *path,
               const DynoImportOutcome *outcome)
{
  const char *run_id = outcome->run != NULL ? outcome->run->id : NULL;

  if (ctl->is_json && outcome->report == NULL)
    {
      print_journal_json (path, outcome);
    }
  else if (ctl->is_json)
    {
      g_autofree char *json = dyno_import_report_to_json (outcome->report, run_id);

      printf ("%s\n", json);
      fflush (stdout);
    }
  else
    {
      g_autofree char *text
        = outcome->report != NULL ? dyno_import_report_to_text (outcome->report) : g_strdup (path);
      g_autofree char *line
        = outcome->run != NULL ? dyno_run_text_line (outcome->run, dyno_ctl_units (ctl)) : NULL;

      dyno_print_line ("%s", g_strchomp (text));
      if (line != NULL)
        dyno_print_line ("%s", line);
    }
}

static gboolean
import_file (DynoCtl     *ctl,
             DynoShop    *shop,
             const char  *path,
             GError     **error)
{
  DynoImportRequest *request = dyno_subject_request (path, error);
  g_autoptr(DynoImportOutcome) outcome = NULL;
  g_autoptr(DynoProgressBar) bar = NULL;
  g_autofree char *name = g_path_get_basename (path);

  if (request == NULL)
    return FALSE;
  request->vehicle = g_strdup (vehicle);
  request->again = again;

  bar = dyno_progress_bar_new (ctl, name);
  dyno_progress_bar_watch (bar);
  if (dry_run)
    dyno_import_job_preview_async (shop, request, ctl->cancellable, dyno_await_cb, ctl->await);
  else
    dyno_import_job_async (shop, request, NULL, ctl->cancellable, dyno_await_cb, ctl->await);
  outcome = dyno_import_job_finish (dyno_await_wait (ctl->await), error);
  dyno_progress_bar_hide (bar);
  if (outcome == NULL)
    return FALSE;
  print_outcome (ctl, path, outcome);

  return TRUE;
}

/* One bad file does not keep the others out; the first failure gives the status. */
gboolean
dyno_verb_import (DynoCtl  *ctl,
                  int      *status,
                  GError  **error)
{
  DynoShopFlags flags = DYNO_SHOP_NO_CAPTURE | (dry_run ? DYNO_SHOP_NO_STORE : DYNO_SHOP_DEFAULT);
  guint n = dyno_ctl_n_arguments (ctl);
  DynoShop *shop;

  if (!dyno_ctl_want (ctl, 1, G_MAXUINT, "at least one file", error))
    return FALSE;
  shop = dyno_ctl_open_shop (ctl, flags, error);
  if (shop == NULL)
    return FALSE;

  for (guint i = 0; i < n && !dyno_ctl_is_over (ctl); i++)
    {
      g_autoptr(GError) cause = NULL;
      int its_status;

      if (import_file (ctl, shop, ctl->arguments[i], &cause))
        continue;
      if (n > 1)
        g_prefix_error (&cause, "%s: ", ctl->arguments[i]);
      its_status = dyno_failure_print (cause, ctl->is_json);
      if (*status == DYNO_EXIT_DONE)
        *status = its_status;
    }

  return TRUE;
}

/* power */

static char    *correction;
static int      smoothing = -1;
static double   step_rpm;
static gboolean as_logged;

const GOptionEntry dyno_verb_power_entries[] = {
  { "correction", 0, 0, G_OPTION_ARG_STRING, &correction, "Weather that power is corrected to",
    "none|sae1990|sae2004|std|din|eec|jis" },
  { "smoothing", 0, 0, G_OPTION_ARG_INT, &smoothing, "Level 0 to 5", "N" },
  { "step", 0, 0, G_OPTION_ARG_DOUBLE, &step_rpm, "From row to row of the table (250)", "RPM" },
  { "as-logged", 0, 0, G_OPTION_ARG_NONE, &as_logged, "The log's own power and torque, not derived",
    NULL },
  { NULL },
};

static gboolean
power_options_are_good (GError **error)
{
  DynoStandard standard;

  if (correction != NULL && !dyno_standard_find (correction, &standard))
    {
      dyno_failure_set_usage (error, "--correction takes none, sae1990, sae2004, std, din, eec or "
                                     "jis, not “%s”.", correction);
      return FALSE;
    }

  return (smoothing == -1 || dyno_ctl_check_number ("--smoothing", smoothing, 0, 5, error))
         && (step_rpm == 0 || dyno_ctl_check_number ("--step", step_rpm, 5, 5000, error));
}

static void
fill_power_options (DynoShop         *shop,
                    DynoPowerOptions *options)
{
  dyno_pull_power_defaults (shop, options);
  if (correction != NULL)
    dyno_standard_find (correction, &options->standard);
  if (smoothing >= 0)
    options->level = (guint) smoothing;
  options->as_logged = as_logged;
}

static DynoPullPower *
power_of_file (DynoCtl     *ctl,
               const char  *path,
               GError     **error)
{
  g_autoptr(DynoImportOutcome) outcome = dyno_subject_read_file (ctl, path, error);
  DynoPowerOptions options;

  if (outcome == NULL)
    return NULL;
  fill_power_options (ctl->shop, &options);
  dyno_pull_power_samples_async (ctl->shop, outcome->samples, &options, ctl->cancellable,
                                 dyno_await_cb, ctl->await);

  return dyno_pull_power_finish (dyno_await_wait (ctl->await), error);
}

static DynoPullPower *
power_of_run (DynoCtl     *ctl,
              const char  *run,
              GError     **error)
{
  DynoShop *shop = dyno_subject_open_runs (ctl, error);
  g_autoptr(DynoRunDetail) detail = NULL;
  DynoPowerOptions options;

  if (shop == NULL)
    return NULL;
  dyno_runbook_get_async (shop, run, ctl->cancellable, dyno_await_cb, ctl->await);
  detail = dyno_runbook_get_finish (dyno_await_wait (ctl->await), error);
  if (detail == NULL)
    return NULL;

  fill_power_options (shop, &options);
  dyno_pull_power_run_async (shop, detail->run->id, &options, ctl->cancellable, dyno_await_cb,
                             ctl->await);

  return dyno_pull_power_finish (dyno_await_wait (ctl->await), error);
}

gboolean
dyno_verb_power (DynoCtl  *ctl,
                 int      *status,
                 GError  **error)
{
  g_autoptr(DynoPullPower) power = NULL;
  const char *word;

  if (!dyno_ctl_want (ctl, 1, 1, "a run or a file", error) || !power_options_are_good (error))
    return FALSE;
  word = ctl->arguments[0];
  power = dyno_subject_is_file (word) ? power_of_file (ctl, word, error)
                                      : power_of_run (ctl, word, error);
  if (power == NULL)
    return FALSE;

  if (ctl->is_json)
    {
      DynoJsonWriter *w = dyno_json_writer_new (FALSE);

      dyno_shape_power (w, power, step_rpm);
      dyno_print_json (w);
    }
  else
    {
      g_autofree char *text = dyno_power_text (power, step_rpm, dyno_ctl_units (ctl));

      fputs (text, stdout);
    }

  return TRUE;
}
