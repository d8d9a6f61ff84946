/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-live-words.h"

#include "dyno-wording.h"

#include <glib/gi18n.h>
#include <math.h>

/* "86.4 kW · 148 N·m"; "" before a peak. The dyno's own figures. */
static char *
peaks_of (const DynoArmState *arm,
          DynoConfig         *config)
{
  DynoUnitSet units = dyno_wording_units (config);
  g_autoptr(GString) text = g_string_new (NULL);

  if (isfinite (arm->power_kw))
    {
      g_autofree char *power =
          dyno_wording_quantity (units, DYNO_QUANTITY_POWER, arm->power_kw);

      g_string_append (text, power);
    }
  if (isfinite (arm->torque_nm))
    {
      g_autofree char *torque =
          dyno_wording_quantity (units, DYNO_QUANTITY_TORQUE, arm->torque_nm);

      g_string_append_printf (text, "%s%s", text->len > 0 ? " · " : "", torque);
    }

  return g_string_free (g_steal_pointer (&text), FALSE);
}

static char *
name_of (const DynoArmState *arm)
{
  if (arm->run_number > 0)
    return g_strdup_printf (_ ("Run %" G_GINT64_FORMAT), arm->run_number);

  return g_strdup (_ ("Run"));
}

char *
dyno_live_words_run (const DynoArmState *arm,
                     DynoConfig         *config)
{
  g_autofree char *peaks = peaks_of (arm, config);
  g_autofree char *name = name_of (arm);

  return *peaks != '\0' ? g_strdup_printf ("%s · %s", name, peaks) : g_steal_pointer (&name);
}

static char *
recording (const DynoArmState *arm,
           DynoConfig         *config)
{
  static const char *const triggers[] = {
    [DYNO_PULL_BY_DRUM] = N_ ("begun by the drum"),
    [DYNO_PULL_BY_RPM] = N_ ("begun by engine speed"),
    [DYNO_PULL_BY_SAMPLING] = N_ ("begun by the dyno"),
    [DYNO_PULL_BY_HAND] = N_ ("begun by hand"),
  };
  g_autofree char *elapsed = dyno_wording_duration (arm->elapsed_s);
  g_autofree char *samples = dyno_wording_count (arm->n_samples);
  g_autofree char *peaks = peaks_of (arm, config);

  if (*peaks == '\0')
    return g_strdup_printf (_ ("%s · %s samples · %s"), elapsed, samples,
                            _ (triggers[arm->trigger]));

  return g_strdup_printf (_ ("%s · %s samples · best %s"), elapsed, samples, peaks);
}

static char *
armed (DynoConfig *config)
{
  double roll_s = dyno_config_get_number (config, "capture.pre_roll_s");

  return g_strdup_printf (_ ("A pull begins a run by itself. The last %.0f s before it are kept."),
                          roll_s);
}

char *
dyno_live_words_detail (const DynoArmState *arm,
                        DynoConfig         *config)
{
  g_autofree char *name = NULL;

  if (arm == NULL)
    return NULL;

  switch (arm->phase)
    {
    case DYNO_ARM_ARMED:
      return armed (config);
    case DYNO_ARM_RECORDING:
      return recording (arm, config);
    case DYNO_ARM_SAVING:
      name = name_of (arm);
      return g_strdup_printf (_ ("%s is on its way to the disk."), name);
    case DYNO_ARM_SAVED:
      return dyno_live_words_run (arm, config);
    case DYNO_ARM_LINK_LOST:
    case DYNO_ARM_ERROR:
      return g_strdup (arm->message);
    case DYNO_ARM_LIVE:
      return g_strdup (_ ("Values flow. Arm to record the next pull."));
    case DYNO_ARM_NO_DYNO:
    case DYNO_ARM_CONNECTING:
    case DYNO_N_ARM_PHASES:
    default:
      return NULL;
    }
}
