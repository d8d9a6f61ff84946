/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-run-fuel-words.h"

#include "dyno-wording.h"

#include <glib/gi18n.h>
#include <math.h>

const char *
dyno_run_fuel_words_layer (DynoFuelLayer layer)
{
  static const char *const names[DYNO_N_FUEL_LAYERS] = {
    [DYNO_FUEL_LIMITED] = N_ ("Correction"),
    [DYNO_FUEL_SMOOTHED] = N_ ("Before Limits"),
    [DYNO_FUEL_MEASURED] = N_ ("As Measured"),
    [DYNO_FUEL_HITS] = N_ ("Hits"),
  };

  return _ (names[layer]);
}

const char *
dyno_run_fuel_words_gate (DynoGate gate)
{
  static const char *const names[DYNO_N_GATES] = {
    [DYNO_GATE_ACCEPTED] = N_ ("count"),
    [DYNO_GATE_NOT_AN_UPDATE] = N_ ("no new reading"),
    [DYNO_GATE_EXCLUDED] = N_ ("brushed out"),
    [DYNO_GATE_NO_RPM] = N_ ("no engine speed"),
    [DYNO_GATE_NO_MAP] = N_ ("no manifold pressure"),
    [DYNO_GATE_NO_MIXTURE] = N_ ("no mixture"),
    [DYNO_GATE_NO_TARGET] = N_ ("no target"),
    [DYNO_GATE_RPM_RANGE] = N_ ("engine speed out of range"),
    [DYNO_GATE_MAP_RANGE] = N_ ("manifold pressure out of range"),
    [DYNO_GATE_TPS_RANGE] = N_ ("throttle out of range"),
    [DYNO_GATE_IAT_RANGE] = N_ ("intake temperature out of range"),
    [DYNO_GATE_ENGINE_COLD] = N_ ("engine cold"),
    [DYNO_GATE_SENSOR_NOT_READY] = N_ ("sensor still heating"),
    [DYNO_GATE_SENSOR_PEGGED] = N_ ("sensor at its end"),
    [DYNO_GATE_SENSOR_FROZEN] = N_ ("sensor stands still"),
    [DYNO_GATE_MIX_WINDOW] = N_ ("mixture that does not burn"),
    [DYNO_GATE_MIX_NEIGHBOUR] = N_ ("beside a reading that does not burn"),
    [DYNO_GATE_TARGET_IMPLAUSIBLE] = N_ ("target that cannot be one"),
    [DYNO_GATE_FUEL_CUT] = N_ ("fuel cut"),
    [DYNO_GATE_TRANSIENT] = N_ ("engine state changes fast"),
    [DYNO_GATE_SETTLING] = N_ ("not settled yet"),
    [DYNO_GATE_NO_PARTNER] = N_ ("no engine state at that moment"),
    [DYNO_GATE_OUT_OF_GRID] = N_ ("outside the table"),
    [DYNO_GATE_OUTLIER] = N_ ("outlier"),
    [DYNO_GATE_LOW_WEIGHT] = N_ ("too far from any cell"),
  };

  return _ (names[gate]);
}

const char *
dyno_run_fuel_words_reason (DynoCellReason reason)
{
  static const char *const names[DYNO_N_CELL_REASONS] = {
    [DYNO_CELL_OK] = N_ ("applied as measured"),
    [DYNO_CELL_NO_DATA] = N_ ("no reading counts"),
    [DYNO_CELL_FEW_HITS] = N_ ("too few readings"),
    [DYNO_CELL_SKIP] = N_ ("too unsure to be touched"),
    [DYNO_CELL_CLAMPED] = N_ ("limited"),
  };

  return _ (names[reason]);
}

/* Cells. */

/* A provisional number is shown where there is no better one, and never used. */
static double
provisional (const DynoVeCell *cell)
{
  return isfinite (cell->factor) ? (cell->factor - 1) * 100 : NAN;
}

static double
value_of (const DynoVeCell *cell,
          DynoFuelLayer     layer)
{
  double value = NAN;

  switch (layer)
    {
    case DYNO_FUEL_LIMITED:
      value = cell->limited;
      break;
    case DYNO_FUEL_SMOOTHED:
      value = cell->smoothed;
      break;
    case DYNO_FUEL_MEASURED:
      value = cell->raw;
      break;
    case DYNO_FUEL_HITS:
      return cell->hits;
    case DYNO_N_FUEL_LAYERS:
    default:
      g_assert_not_reached ();
    }

  return isfinite (value) ? value : provisional (cell);
}

DynoHeatCell *
dyno_run_fuel_words_cells (const DynoVeResult *result,
                       guint               cylinder,
                       DynoFuelLayer       layer)
{
  DynoHeatCell *cells = g_new0 (DynoHeatCell, result->n_cells);

  for (guint i = 0; i < result->n_cells; i++)
    {
      const DynoVeCell *cell = &result->cylinders[cylinder].cells[i];

      cells[i].value = value_of (cell, layer);
      cells[i].hits = cell->hits;
      cells[i].is_dim = cell->reason == DYNO_CELL_FEW_HITS || cell->reason == DYNO_CELL_SKIP;
      cells[i].is_clamped = layer == DYNO_FUEL_LIMITED && cell->reason == DYNO_CELL_CLAMPED;
      cells[i].note = dyno_run_fuel_words_reason (cell->reason);
    }

  return cells;
}

/* Words. */

char *
dyno_run_fuel_words_summary (const DynoVeResult *result,
                         guint               cylinder)
{
  guint n_corrected = 0;
  guint n_clamped = 0;
  double largest = 0;
  g_autofree char *number = NULL;

  if (!result->cylinders[cylinder].has_sensor)
    return g_strdup (cylinder == 0 ? _ ("The front cylinder has no mixture sensor.")
                                   : _ ("The rear cylinder has no mixture sensor."));

  for (guint i = 0; i < result->n_cells; i++)
    {
      const DynoVeCell *cell = &result->cylinders[cylinder].cells[i];

      n_corrected += isfinite (cell->limited);
      n_clamped += cell->reason == DYNO_CELL_CLAMPED;
      if (isfinite (cell->limited) && fabs (cell->limited) > fabs (largest))
        largest = cell->limited;
    }
  if (n_corrected == 0)
    return g_strdup (_ ("No cell has enough readings for a correction."));

  number = dyno_heatmap_text (largest, 1);

  return g_strdup_printf (_ ("%u of %u cells get a correction, %u of them limited; the largest is "
                             "%s %%."),
                          n_corrected, result->n_cells, n_clamped, number);
}

static void
append_value (GString          *text,
              const DynoVeCell *cell)
{
  g_autofree char *measured = dyno_heatmap_text (cell->raw, 1);
  g_autofree char *smoothed = dyno_heatmap_text (cell->smoothed, 1);
  g_autofree char *limited = dyno_heatmap_text (cell->limited, 1);

  g_string_append_printf (text, _ ("Measured %s %%, smoothed %s %%"), measured, smoothed);
  if (cell->reason == DYNO_CELL_SKIP)
    g_string_append (text, _ ("; too unsure to be touched."));
  else if (cell->reason == DYNO_CELL_CLAMPED)
    g_string_append_printf (text, _ ("; limited to %s %%."), limited);
  else
    g_string_append_printf (text, _ ("; the cell gets %s %%."), limited);
}

/* The reasons of the readings that do not count, the most frequent first. */
static void
append_counts (GString           *text,
               const DynoVeStory *story)
{
  gboolean is_said[DYNO_N_GATES] = { [DYNO_GATE_ACCEPTED] = TRUE,
                                     [DYNO_GATE_NOT_AN_UPDATE] = TRUE };
  const char *between = _ ("Left out: ");

  for (guint n = 0; n < DYNO_N_GATES; n++)
    {
      guint most = 0;
      g_autofree char *count = NULL;

      for (guint gate = 1; gate < DYNO_N_GATES; gate++)
        {
          if (!is_said[gate] && (most == 0 || story->counts[gate] > story->counts[most]))
            most = gate;
        }
      if (most == 0 || story->counts[most] == 0)
        break;
      is_said[most] = TRUE;
      count = dyno_wording_count (story->counts[most]);
      g_string_append_printf (text, "%s%s %s", between, count, dyno_run_fuel_words_gate (most));
      between = ", ";
    }
}

char *
dyno_run_fuel_words_story (const DynoVeStory *story)
{
  GString *text = g_string_new (NULL);
  g_autofree char *rpm = dyno_wording_count ((guint64) lround (story->rpm));
  g_autofree char *seen = dyno_wording_count (story->seen);

  g_string_append_printf (text, _ ("%s rpm, %.0f kPa, %s: "), rpm, story->map,
                          story->cylinder == 0 ? _ ("front") : _ ("rear"));
  g_string_append_printf (text, _ ("%s readings, %u count (%s). "), seen, story->value.hits,
                          dyno_run_fuel_words_reason (story->value.reason));
  if (story->value.reason != DYNO_CELL_NO_DATA && story->value.reason != DYNO_CELL_FEW_HITS)
    {
      append_value (text, &story->value);
      g_string_append_printf (text, _ (" Zone %s, confidence %s. "),
                              dyno_zone_name (story->value.zone),
                              dyno_confidence_name (story->value.confidence));
    }
  append_counts (text, story);

  return g_string_free (text, FALSE);
}

static void
append_notes (GString   *text,
              GPtrArray *notes)
{
  for (guint i = 0; i < notes->len; i++)
    {
      const DynoNote *note = g_ptr_array_index (notes, i);

      g_string_append_printf (text, "%s%s", text->len > 0 ? "\n" : "", note->text);
    }
}

char *
dyno_run_fuel_words_notes (const DynoVeResult *result)
{
  GString *text = g_string_new (NULL);

  append_notes (text, result->warnings);
  append_notes (text, result->assumptions);

  return g_string_free (text, FALSE);
}
