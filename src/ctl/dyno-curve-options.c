/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-curve-options.h"

#include "dyno-failure.h"
#include "dyno-pull-power.h"

static char   *correction;
static int     smoothing = -1;
static double  step;

const GOptionEntry dyno_curve_option_entries[] = {
  { "correction", 0, 0, G_OPTION_ARG_STRING, &correction, "Weather that power is corrected to",
    "none|sae1990|sae2004|std|din|eec|jis" },
  { "smoothing", 0, 0, G_OPTION_ARG_INT, &smoothing, "Level 0 to 5", "N" },
  { "step", 0, 0, G_OPTION_ARG_DOUBLE, &step, "From row to row of the table (250)", "RPM" },
  { NULL },
};

gboolean
dyno_curve_options_check (GError **error)
{
  DynoStandard standard;

  if (correction != NULL && !dyno_standard_find (correction, &standard))
    {
      dyno_failure_set_usage (error, "--correction takes none, sae1990, sae2004, std, din, eec or "
                                     "jis, not “%s”.", correction);
      return FALSE;
    }

  return (smoothing == -1 || dyno_ctl_check_number ("--smoothing", smoothing, 0, 5, error))
         && (step == 0 || dyno_ctl_check_number ("--step", step, 5, 5000, error));
}

void
dyno_curve_options_fill (DynoShop         *shop,
                         DynoPowerOptions *options)
{
  dyno_pull_power_defaults (shop, options);
  if (correction != NULL)
    dyno_standard_find (correction, &options->standard);
  if (smoothing >= 0)
    options->level = (guint) smoothing;
}

double
dyno_curve_options_step (void)
{
  return step;
}
