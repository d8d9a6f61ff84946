/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-analysis-text.h"

#include "dyno-listing.h"
#include "dyno-notes.h"
#include "dyno-print.h"

#include <math.h>

#define MOST_REASONS 5 /* that are named in a line */
#define MOST_SAMPLES 20 /* of a cell's story */

static const char *const cylinder_names[] = { "Front", "Rear" };

static guint
count_cells (const DynoVeResult *result,
             guint               cylinder)
{
  guint n = 0;

  for (guint i = 0; i < result->n_cells; i++)
    n += !isnan (result->cylinders[cylinder].cells[i].limited);

  return n;
}

/* Readings of the cylinder's sensor: rows that only repeat one are none. */
static guint64
count_readings (const DynoVeResult *result,
                guint               cylinder)
{
  return result->n_rows - result->cylinders[cylinder].counts[DYNO_GATE_NOT_AN_UPDATE];
}

/* Signed: a correction without its sign is half a number. */
static char *
percent_text (double value,
              int    decimals)
{
  g_autofree char *number = NULL;

  if (isnan (value))
    return NULL;
  number = dyno_print_number (value, decimals);

  return g_strdup_printf ("%s%s", value > 0 && *number != '-' ? "+" : "", number);
}

/* Of an axis: whole kPa, tenths of what is larger. */
static char *
pressure_text (double          kpa,
               const DynoUnit *unit)
{
  return dyno_print_number (dyno_unit_from_si (unit, kpa), unit->scale == 1 ? 0 : 1);
}

/* "+5.0*": the readings ask for more than so few of them may. (transfer full) */
static char *
cell_text (const DynoVeCell *cell)
{
  g_autofree char *percent = percent_text (cell->limited, 1);

  if (percent == NULL)
    return g_strdup ("· ");

  return g_strconcat (percent, cell->reason == DYNO_CELL_CLAMPED ? "*" : " ", NULL);
}

static void
append_grid (GString            *text,
             const DynoVeResult *result,
             guint               cylinder,
             DynoUnitSet         units)
{
  const DynoUnit *unit = dyno_unit_shown (units, DYNO_QUANTITY_PRESSURE);
  const DynoGridShape *shape = &result->set->shape;
  g_autoptr(GStrvBuilder) columns = g_strv_builder_new ();
  g_auto(GStrv) names = NULL;
  g_autoptr(DynoListing) listing = NULL;
  g_autofree char *lines = NULL;

  g_strv_builder_add (columns, ">rpm");
  for (guint i = 0; i < shape->load.n; i++)
    {
      g_autofree char *pressure = pressure_text (shape->load.at[i], unit);
      g_autofree char *name
        = g_strdup_printf (">%s%s%s", pressure, i == 0 ? " " : "", i == 0 ? unit->symbol : "");

      g_strv_builder_add (columns, name);
    }
  names = g_strv_builder_end (columns);
  listing = dyno_listing_new ((const char *const *) names);
  for (guint r = 0; r < shape->rpm.n; r++)
    {
      dyno_listing_take (listing, dyno_print_number (shape->rpm.at[r], 0));
      for (guint c = 0; c < shape->load.n; c++)
        {
          const DynoVeCell *cell
            = &result->cylinders[cylinder].cells[r * shape->load.n + c];

          dyno_listing_take (listing, cell_text (cell));
        }
    }
  lines = dyno_listing_format (listing, 0);
  g_string_append (text, lines);
}

typedef struct
{
  DynoGate gate;
  guint64  n;
} GateCount;

static int
compare_counts (gconstpointer a,
                gconstpointer b)
{
  const GateCount *one = a;
  const GateCount *other = b;

  if (one->n != other->n)
    return one->n > other->n ? -1 : 1;

  return (int) one->gate - (int) other->gate;
}

/* "1200 transient, 300 settling, 12 others" */
static char *
reasons_text (const guint64 *counts)
{
  GString *text = g_string_new (NULL);
  GateCount order[DYNO_N_GATES];
  guint64 others = 0;

  for (guint i = 0; i < DYNO_N_GATES; i++)
    {
      gboolean is_reason = i != DYNO_GATE_ACCEPTED && i != DYNO_GATE_NOT_AN_UPDATE;

      order[i] = (GateCount){ i, is_reason ? counts[i] : 0 };
    }
  qsort (order, DYNO_N_GATES, sizeof order[0], compare_counts);
  for (guint i = 0; i < DYNO_N_GATES && order[i].n > 0; i++)
    {
      if (i >= MOST_REASONS)
        others += order[i].n;
      else
        g_string_append_printf (text, "%s%" G_GUINT64_FORMAT " %s", text->len > 0 ? ", " : "",
                                order[i].n, dyno_gate_name (order[i].gate));
    }
  if (others > 0)
    g_string_append_printf (text, ", %" G_GUINT64_FORMAT " for other reasons", others);

  return g_string_free (text, FALSE);
}

/* "83 ms measured (r 0.91)", or the model that was used instead. */
static char *
delay_text (const DynoDelay *delay)
{
  GString *text = NULL;
  guint n_measured = 0;

  if (delay->mode != DYNO_DELAY_AUTO)
    return g_strdup (dyno_delay_mode_name (delay->mode));

  text = g_string_new (NULL);
  for (guint i = 0; i < delay->n_bins; i++)
    {
      const DynoDelayBin *bin = &delay->bins[i];
      g_autofree char *tau = dyno_print_number (bin->tau_ms, 0);

      if (bin->verdict != DYNO_DELAY_ACCEPTED)
        continue;
      g_string_append_printf (text, "%s%s", n_measured++ > 0 ? ", " : "", tau);
    }
  if (n_measured > 0)
    g_string_append (text, " ms measured");
  else
    g_string_append_printf (text, "by gas flow (not measured: %s)",
                            delay->n_bins > 0
                              ? dyno_delay_verdict_name (delay->bins[0].verdict)
                              : "too little");

  return g_string_free (text, FALSE);
}

static guint
count_limited (const DynoVeResult *result,
               guint               cylinder)
{
  guint n = 0;

  for (guint k = 0; k < result->n_cells; k++)
    n += result->cylinders[cylinder].cells[k].reason == DYNO_CELL_CLAMPED ? 1 : 0;

  return n;
}

static void
append_cylinder (GString            *text,
                 const DynoVeResult *result,
                 guint               cylinder,
                 DynoUnitSet         units)
{
  const DynoVeCylinder *side = &result->cylinders[cylinder];
  g_autofree char *reasons = reasons_text (side->counts);
  g_autofree char *delay = delay_text (&side->delay);

  if (!side->has_sensor)
    {
      g_string_append_printf (text, "%s: no mixture sensor.\n\n", cylinder_names[cylinder]);
      return;
    }

  g_string_append_printf (text,
                          "%s: %" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT
                          " readings count, %u of %u cells.\n",
                          cylinder_names[cylinder], (guint64) side->counts[DYNO_GATE_ACCEPTED],
                          count_readings (result, cylinder), count_cells (result, cylinder),
                          result->n_cells);
  append_grid (text, result, cylinder, units);
  if (count_limited (result, cylinder) > 0)
    g_string_append_printf (text, "* limited, %u in all: the readings ask for more than they are "
                            "sure of.\n", count_limited (result, cylinder));
  if (*reasons != '\0')
    g_string_append_printf (text, "Not counted: %s.\n", reasons);
  g_string_append_printf (text, "Delay of the mixture: %s. Wanted mixture: %s.\n\n", delay,
                          side->target == DYNO_VE_TARGET_COMMANDED ? "as commanded"
                                                                   : "by the table");
}

static void
append_notes (GString    *text,
              const char *title,
              GPtrArray  *notes)
{
  for (guint i = 0; i < notes->len; i++)
    {
      const DynoNote *note = notes->pdata[i];
      g_autofree char *clean = dyno_print_clean (note->text);

      g_string_append_printf (text, "%s: %s\n", title, clean);
    }
}

static void
append_balance (GString             *text,
                const DynoVeBalance *balance)
{
  g_autofree char *mean = percent_text (balance->mean_pct, 2);

  if (balance->bias == DYNO_BIAS_UNKNOWN)
    return;
  g_string_append_printf (text, "Rear against front: %s %% on average over %u cells (%s bias).\n",
                          mean, balance->n_cells,
                          balance->bias == DYNO_BIAS_NONE ? "no" : dyno_bias_name (balance->bias));
}

char *
dyno_analysis_text (const DynoVeResult *result,
                    DynoUnitSet         units)
{
  GString *text = g_string_new ("Fuel correction in percent; + asks for more fuel, "
                                "· has no data.\n\n");

  for (guint i = 0; i < DYNO_VE_CYLINDERS; i++)
    append_cylinder (text, result, i, units);
  append_balance (text, &result->balance);
  append_notes (text, "Warning", result->warnings);
  append_notes (text, "Assumed", result->assumptions);

  return g_string_free (text, FALSE);
}

static void
append_samples (GString           *text,
                DynoVeResult      *result,
                const DynoVeStory *story,
                const DynoUnit    *unit)
{
  g_autofree char *pressure = g_strconcat (">", unit->symbol, NULL);
  const char *columns[]
    = { ">run", ">row", ">s", ">rpm", pressure, ">weight", ">factor", NULL };
  g_autoptr(DynoVeSamples) samples
    = dyno_ve_result_cell_samples (result, story->cylinder, story->cell);
  g_autoptr(DynoListing) listing = dyno_listing_new (columns);
  g_autofree char *lines = NULL;

  for (gsize i = 0; i < MIN (samples->n, MOST_SAMPLES); i++)
    {
      gsize row;
      guint run = dyno_ve_result_run_of (result, samples->rows[i], &row);
      DynoSamples *source = result->set->runs[run].samples;

      dyno_listing_add_f (listing, "%u", run + 1);
      dyno_listing_add_f (listing, "%" G_GSIZE_FORMAT, row + 1);
      dyno_listing_take (listing, dyno_print_number (dyno_samples_time (source)[row], 3));
      dyno_listing_take (listing, dyno_print_number (samples->rpm[i], 0));
      dyno_listing_take (listing,
                         dyno_print_number (dyno_unit_from_si (unit, samples->map[i]), 1));
      dyno_listing_take (listing, dyno_print_number (samples->weights[i], 3));
      dyno_listing_take (listing, dyno_print_number (samples->factors[i], 4));
    }
  lines = dyno_listing_format (listing, 0);
  g_string_append (text, lines);
  if (samples->n > MOST_SAMPLES)
    g_string_append_printf (text, "… and %" G_GSIZE_FORMAT " more; --json has all of them.\n",
                            samples->n - MOST_SAMPLES);
}

char *
dyno_analysis_text_story (DynoVeResult      *result,
                          const DynoVeStory *story,
                          DynoUnitSet        units)
{
  const DynoUnit *unit = dyno_unit_shown (units, DYNO_QUANTITY_PRESSURE);
  GString *text = g_string_new (NULL);
  g_autofree char *rpm = dyno_print_number (story->rpm, 0);
  g_autofree char *map = pressure_text (story->map, unit);
  g_autofree char *reasons = reasons_text (story->counts);

  g_string_append_printf (text, "%s, %s rpm, %s %s\n%s\n", cylinder_names[story->cylinder], rpm,
                          map, unit->symbol, story->sentence);
  if (*reasons != '\0')
    g_string_append_printf (text, "Near it and not counted: %s.\n", reasons);
  append_samples (text, result, story, unit);

  return g_string_free (text, FALSE);
}

/* "12.35 s, row 618 of run 1, front" and what was seen there. */
char *
dyno_analysis_text_sample (const DynoVeResult *result,
                           const DynoVeSample *sample,
                           DynoUnitSet         units)
{
  const DynoUnit *unit = dyno_unit_shown (units, DYNO_QUANTITY_PRESSURE);
  g_autofree char *time = dyno_print_number (sample->time_s, 3);
  g_autofree char *delay = dyno_print_number (sample->delay_s * 1000, 0);
  g_autofree char *rpm = dyno_print_number (sample->rpm, 0);
  g_autofree char *map = pressure_text (sample->map_kpa, unit);
  g_autofree char *mix = dyno_print_number (sample->mix_afr, 2);
  g_autofree char *target = dyno_print_number (sample->target_afr, 2);
  g_autofree char *sentence = dyno_ve_sample_sentence (result, sample);

  return g_strdup_printf ("%s, run %u, row %" G_GSIZE_FORMAT " at %s s: %s\n%s\n"
                          "%s rpm, %s %s, AFR %s where %s is wanted; made %s ms before it was "
                          "read.\n",
                          cylinder_names[sample->cylinder], sample->run + 1, sample->row + 1, time,
                          dyno_gate_name (sample->reason), sentence, rpm, map, unit->symbol, mix,
                          target, delay);
}
