/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-explain-losses.h"

#define MOSTLY 0.7

/* Held copies are no readings. */
static guint64
count_readings (const DynoVeResult *result,
                guint               cylinder)
{
  return result->n_rows - result->cylinders[cylinder].counts[DYNO_GATE_NOT_AN_UPDATE];
}

static void
add (DynoVeResult *result,
     const char   *what,
     guint         cylinder,
     const char   *text)
{
  g_autofree char *code = g_strdup_printf ("%s-%s", what, dyno_ve_cylinder_name (cylinder));

  dyno_notes_add (result->warnings, code, "%s", text);
}

/* Of the readings one reason may take most. */
static void
explain_most (DynoVeResult *result,
              guint         cylinder)
{
  const guint64 *counts = result->cylinders[cylinder].counts;
  double readings = (double) count_readings (result, cylinder);

  for (guint i = DYNO_GATE_EXCLUDED; i < DYNO_N_GATES; i++)
    {
      const char *name = dyno_gate_name ((DynoGate) i);
      g_autofree char *what = NULL;
      g_autofree char *text = NULL;

      if ((double) counts[i] <= MOSTLY * readings)
        continue;
      what = g_strdup_printf ("mostly-%s", name);
      text = g_strdup_printf ("%.0f %% %s: %s", 100.0 * (double) counts[i] / readings, name,
                              dyno_gate_explanation ((DynoGate) i));
      add (result, what, cylinder, text);
    }
}

/* The reason that took most of those that `is_told` leaves; ACCEPTED when there is none. */
static DynoGate
find_largest (const guint64  *counts,
              const gboolean *is_told)
{
  guint largest = DYNO_GATE_ACCEPTED;

  for (guint i = DYNO_GATE_EXCLUDED; i < DYNO_N_GATES; i++)
    {
      if (!is_told[i] && counts[i] > 0
          && (largest == DYNO_GATE_ACCEPTED || counts[i] > counts[largest]))
        largest = i;
    }

  return (DynoGate) largest;
}

/* "383 transient, 11 no-partner", the most first. */
static char *
list_counts (const guint64 *counts)
{
  gboolean is_told[DYNO_N_GATES] = { FALSE };
  GString *text = g_string_new (NULL);
  DynoGate gate;

  while ((gate = find_largest (counts, is_told)) != DYNO_GATE_ACCEPTED)
    {
      g_string_append_printf (text, "%s%" G_GUINT64_FORMAT " %s", text->len > 0 ? ", " : "",
                              counts[gate], dyno_gate_name (gate));
      is_told[gate] = TRUE;
    }

  return g_string_free (text, FALSE);
}

static void
explain_nothing (DynoVeResult *result,
                 guint         cylinder)
{
  static const gboolean none_told[DYNO_N_GATES] = { FALSE };
  const guint64 *counts = result->cylinders[cylinder].counts;
  DynoGate gate = find_largest (counts, none_told);
  g_autofree char *list = list_counts (counts);
  g_autofree char *text
    = g_strdup_printf ("None of the %" G_GUINT64_FORMAT " readings of the %s cylinder counts: %s. "
                       "%s", count_readings (result, cylinder), dyno_ve_cylinder_name (cylinder),
                       list, dyno_gate_remedy (gate));

  if (gate != DYNO_GATE_ACCEPTED)
    add (result, "nothing-counts", cylinder, text);
}

static void
explain_no_cell (DynoVeResult *result,
                 guint         cylinder)
{
  const DynoVeCylinder *made = &result->cylinders[cylinder];
  g_autofree char *text = NULL;

  for (guint i = 0; i < result->n_cells; i++)
    {
      if (!isnan (made->cells[i].raw))
        return;
    }
  text = g_strdup_printf ("%" G_GUINT64_FORMAT " readings of the %s cylinder count, but no cell "
                          "has the %.0f that it needs: hold speed and load longer in each cell, "
                          "or analyse several runs together.",
                          made->counts[DYNO_GATE_ACCEPTED], dyno_ve_cylinder_name (cylinder),
                          result->set->options->min_hits);
  add (result, "no-cell", cylinder, text);
}

/* Rows of one run in which the channel was dead. */
static void
explain_frozen (DynoVeResult        *result,
                const DynoVeRun     *run,
                const DynoVeChannel *channel,
                const char          *code,
                const char          *what)
{
  char since[G_ASCII_DTOSTR_BUF_SIZE];
  gsize first = 0;
  gsize n = 0;

  for (gsize i = run->n; channel->frozen != NULL && i-- > 0;)
    {
      if (!dyno_ve_is_frozen (channel, i))
        continue;
      n++;
      first = i;
    }
  if (n == 0)
    return;
  g_ascii_formatd (since, sizeof since, "%.1f", run->time_s[first]);
  dyno_notes_add (result->warnings, code,
                  "%s stood still while the engine moved, from %s s on in run %u: %" G_GSIZE_FORMAT
                  " rows do not count (sensor-frozen). Check its sensor.", what, since,
                  (guint) (run - result->set->runs) + 1, n);
}

static void
explain_frozen_runs (DynoVeResult *result)
{
  if (!dyno_ve_options_has_gate (result->set->options, DYNO_GATE_SENSOR_FROZEN))
    return;
  for (guint i = 0; i < result->set->n_runs; i++)
    {
      const DynoVeRun *run = &result->set->runs[i];

      explain_frozen (result, run, &run->rpm, "frozen-rpm", "The engine speed");
      explain_frozen (result, run, &run->map, "frozen-map", "The manifold pressure");
    }
}

void
dyno_ve_explain_losses (DynoVeResult *result)
{
  explain_frozen_runs (result);
  for (guint c = 0; c < DYNO_VE_CYLINDERS; c++)
    {
      if (!result->cylinders[c].has_sensor)
        continue;
      explain_most (result, c);
      if (result->cylinders[c].counts[DYNO_GATE_ACCEPTED] == 0)
        explain_nothing (result, c);
      else
        explain_no_cell (result, c);
    }
}
