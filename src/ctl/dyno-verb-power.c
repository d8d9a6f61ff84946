/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-verb-files.h"

#include "dyno-failure.h"
#include "dyno-power-text.h"
#include "dyno-print.h"
#include "dyno-pull-power.h"
#include "dyno-runbook.h"
#include "dyno-shape.h"
#include "dyno-subject.h"

#define INDENT 12 /* of what goes on in a next line */

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

      dyno_print_wrapped (text, INDENT);
    }

  return TRUE;
}
