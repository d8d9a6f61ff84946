/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-verb-files.h"

#include "dyno-curve-options.h"
#include "dyno-power-text.h"
#include "dyno-print.h"
#include "dyno-pull-power.h"
#include "dyno-runbook.h"
#include "dyno-shape.h"
#include "dyno-subject.h"

#define INDENT 12 /* of what goes on in a next line */

static gboolean as_logged;

const GOptionEntry dyno_verb_power_entries[] = {
  { "as-logged", 0, 0, G_OPTION_ARG_NONE, &as_logged, "The log's own power and torque, not derived",
    NULL },
  { NULL },
};

static void
fill_power_options (DynoShop         *shop,
                    DynoPowerOptions *options)
{
  dyno_curve_options_fill (shop, options);
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

  if (!dyno_ctl_want (ctl, 1, 1, "a run or a file", error) || !dyno_curve_options_check (error))
    return FALSE;
  word = ctl->arguments[0];
  power = dyno_subject_is_file (word) ? power_of_file (ctl, word, error)
                                      : power_of_run (ctl, word, error);
  if (power == NULL)
    return FALSE;

  if (ctl->is_json)
    {
      DynoJsonWriter *w = dyno_json_writer_new (FALSE);

      dyno_shape_power (w, power, dyno_curve_options_step ());
      dyno_print_json (w);
    }
  else
    {
      g_autofree char *text = dyno_power_text (power, dyno_curve_options_step (),
                                               dyno_ctl_units (ctl));

      dyno_print_wrapped (text, INDENT);
    }

  return TRUE;
}
