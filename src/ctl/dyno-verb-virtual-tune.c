/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-verb-files.h"

#include <math.h>

#include "dyno-failure.h"
#include "dyno-listing.h"
#include "dyno-print.h"
#include "dyno-progress-bar.h"
#include "dyno-shape-virtual-tune.h"

static char   *scenario;
static char   *profile;
static int     max_iterations = DYNO_LOOP_MAX_ITERATIONS;
static gint64  seed = 1;
static double  delay_ms;
static double  noise_afr;

const GOptionEntry dyno_verb_virtual_tune_entries[] = {
  { "scenario", 0, 0, G_OPTION_ARG_STRING, &scenario, "How the table is wrong (lean)",
    "lean|rich|mixed" },
  { "profile", 0, 0, G_OPTION_ARG_STRING, &profile, "The engine (m8_114)", "NAME" },
  { "max-iterations", 0, 0, G_OPTION_ARG_INT, &max_iterations, "At most so many (10)", "N" },
  { "seed", 0, 0, G_OPTION_ARG_INT64, &seed, "Of the start table and the noise (1)", "N" },
  { "delay", 0, 0, G_OPTION_ARG_DOUBLE, &delay_ms, "From the engine to the sensor (0)", "MS" },
  { "noise", 0, 0, G_OPTION_ARG_DOUBLE, &noise_afr, "Of the sensor, standard deviation (0)",
    "AFR" },
  { NULL },
};

static gboolean
fill_options (DynoLoopOptions  *options,
              GError          **error)
{
  g_autoptr(GError) cause = NULL;

  if (!dyno_ctl_check_number ("--max-iterations", max_iterations, 1, DYNO_LOOP_MOST_ITERATIONS,
                              error)
      || !dyno_ctl_check_number ("--delay", delay_ms, 0, 1000, error)
      || !dyno_ctl_check_number ("--noise", noise_afr, 0, 2, error))
    return FALSE;

  dyno_loop_options_init (options);
  if (!dyno_virtual_tune_name (options, profile, scenario, &cause))
    {
      dyno_failure_set_usage (error, "%s", cause->message);
      return FALSE;
    }
  options->max_iterations = (guint) max_iterations;
  options->sensor.seed = (guint64) seed;
  options->sensor.delay_s = delay_ms / 1000;
  options->sensor.noise_afr = noise_afr;

  return TRUE;
}

static DynoLoop *
tune (DynoCtl               *ctl,
      const DynoLoopOptions *options,
      GError               **error)
{
  DynoShop *shop = dyno_ctl_open_shop (ctl, DYNO_SHOP_NO_STORE | DYNO_SHOP_NO_CAPTURE, error);
  g_autoptr(DynoProgressBar) bar = NULL;

  if (shop == NULL)
    return NULL;
  bar = dyno_progress_bar_new (ctl, "Tuning");
  dyno_progress_bar_watch (bar);
  dyno_virtual_tune_async (shop, options, NULL, ctl->cancellable, dyno_await_cb, ctl->await);

  return dyno_virtual_tune_finish (dyno_await_wait (ctl->await), error);
}

static void
take_number (DynoListing *listing,
             double       value,
             int          decimals)
{
  dyno_listing_take (listing, dyno_print_number (value, decimals));
}

static void
print_iterations (const DynoLoop *loop,
                  DynoUnitSet     units)
{
  static const char *const columns[] = { ">iteration", ">max AFR", ">mean AFR", ">rms AFR",
                                         ">max %", ">mean %", ">in tune", ">corrected", ">power",
                                         NULL };
  g_autoptr(DynoListing) listing = dyno_listing_new (columns);

  for (guint i = 0; i < loop->iterations->len; i++)
    {
      const DynoLoopIteration *one = &g_array_index (loop->iterations, DynoLoopIteration, i);

      dyno_listing_add_f (listing, "%u", i + 1);
      take_number (listing, one->max_afr_error, 2);
      take_number (listing, one->mean_afr_error, 2);
      take_number (listing, one->rms_afr_error, 2);
      take_number (listing, one->max_error_pct, 1);
      take_number (listing, one->mean_error_pct, 1);
      dyno_listing_add_f (listing, "%u/%u", one->cells_converged, one->cells);
      dyno_listing_add_f (listing, "%u", one->cells_corrected);
      dyno_listing_take (listing, dyno_print_quantity (one->peak_power_kw, DYNO_QUANTITY_POWER,
                                                       units));
    }
  dyno_listing_print (listing);
}

gboolean
dyno_verb_virtual_tune (DynoCtl  *ctl,
                        int      *status,
                        GError  **error)
{
  g_autoptr(DynoLoop) loop = NULL;
  DynoLoopOptions options;

  if (!dyno_ctl_want (ctl, 0, 0, "nothing", error) || !fill_options (&options, error))
    return FALSE;
  loop = tune (ctl, &options, error);
  if (loop == NULL)
    return FALSE;

  if (ctl->is_json)
    {
      DynoJsonWriter *w = dyno_json_writer_new (FALSE);

      dyno_shape_virtual_tune (w, loop, &options);
      dyno_print_json (w);
    }
  else
    {
      print_iterations (loop, dyno_ctl_units (ctl));
      dyno_print_line ("\n%s", loop->sentence);
    }

  return TRUE;
}
