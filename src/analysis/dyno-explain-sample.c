/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-explain-sample.h"

#include <math.h>

#include "dyno-bin.h"
#include "dyno-ve-block.h"

#define N_(text) text

/* Why a single row does not count. */
static const char *const sentences[DYNO_N_GATES] = {
  [DYNO_GATE_NOT_AN_UPDATE] = N_ ("The sensor gave no new reading here: the log repeats the last."),
  [DYNO_GATE_EXCLUDED] = N_ ("This row was brushed out."),
  [DYNO_GATE_NO_RPM] = N_ ("The engine speed is missing when this mixture was made."),
  [DYNO_GATE_NO_MAP] = N_ ("The manifold pressure is missing when this mixture was made."),
  [DYNO_GATE_NO_MIXTURE] = N_ ("There is no mixture in this row."),
  [DYNO_GATE_NO_TARGET] = N_ ("There is no target for this mixture."),
  [DYNO_GATE_RPM_RANGE] = N_ ("The engine speed is outside of what is analysed."),
  [DYNO_GATE_MAP_RANGE] = N_ ("The manifold pressure is outside of what is analysed."),
  [DYNO_GATE_TPS_RANGE] = N_ ("The throttle position cannot be right."),
  [DYNO_GATE_IAT_RANGE] = N_ ("The intake temperature cannot be right."),
  [DYNO_GATE_ENGINE_COLD] = N_ ("The engine was not warm yet."),
  [DYNO_GATE_SENSOR_NOT_READY] = N_ ("The mixture sensor was still heating."),
  [DYNO_GATE_SENSOR_PEGGED] = N_ ("The mixture sensor stood at its end or at an error code."),
  [DYNO_GATE_SENSOR_FROZEN] = N_ ("A sensor did not move while the engine did."),
  [DYNO_GATE_MIX_WINDOW] = N_ ("The mixture is beyond what an engine burns."),
  [DYNO_GATE_MIX_NEIGHBOUR] = N_ ("The mixture sensor had dropped out right before or after."),
  [DYNO_GATE_TARGET_IMPLAUSIBLE] = N_ ("The commanded mixture is no target that one would tune to."),
  [DYNO_GATE_FUEL_CUT] = N_ ("The fuel was cut on overrun."),
  [DYNO_GATE_TRANSIENT] = N_ ("The throttle or the load was moving."),
  [DYNO_GATE_SETTLING] = N_ ("The engine had not settled since the last change."),
  [DYNO_GATE_NO_PARTNER] = N_ ("The log has a gap where this mixture was made."),
  [DYNO_GATE_OUT_OF_GRID] = N_ ("The engine ran outside of the table."),
  [DYNO_GATE_OUTLIER] = N_ ("It disagrees with the other readings of its cell."),
  [DYNO_GATE_LOW_WEIGHT] = N_ ("It lies too far from the middle of any cell."),
};

static DynoVeSample
take_entry (const DynoVeResult *result,
            const DynoVeRun    *run,
            guint               cylinder,
            const DynoVeBlock  *block,
            guint               entry)
{
  const DynoVeSet *set = result->set;
  gsize row = block->rows[entry];
  gsize at = run->first + row;
  gboolean is_known = block->is_known[entry];
  DynoGate reason = (DynoGate) result->reasons[cylinder][at];

  return (DynoVeSample){
    .cylinder = cylinder,
    .run = (guint) (run - set->runs),
    .row = row,
    .time_s = run->time_s[row],
    .delay_s = is_known ? run->time_s[row] - block->time_s[entry] : NAN,
    .rpm = is_known ? block->rpm[entry] : NAN,
    .map_kpa = is_known ? block->map[entry] : NAN,
    .mix_afr = block->mix[entry],
    .target_afr = is_known ? block->target[entry] : NAN,
    .reason = reason,
    .cell = result->homes[cylinder][at],
    .factor = reason == DYNO_GATE_ACCEPTED ? dyno_ve_block_factor (set, run, block, entry) : NAN,
  };
}

void
dyno_ve_read_samples (const DynoVeResult *result,
                      guint               cylinder,
                      const gsize        *rows,
                      gsize               n,
                      DynoVeSample       *samples)
{
  DynoVeBlock block = { 0 };

  g_return_if_fail (result->cylinders[cylinder].has_sensor);

  for (gsize begin = 0; begin < n; begin += block.n)
    {
      const DynoVeRun *run = dyno_ve_set_run_of (result->set, rows[begin]);

      block.n = (guint) MIN (n - begin, DYNO_VE_BLOCK);
      for (guint i = 0; i < block.n; i++)
        block.rows[i] = rows[begin + i] - run->first;
      if (begin == 0)
        block.hint = block.rows[0];
      dyno_ve_block_fill (result->set, run, cylinder, &block);
      for (guint i = 0; i < block.n; i++)
        samples[begin + i] = take_entry (result, run, cylinder, &block, i);
    }
}

gboolean
dyno_ve_result_find_moment (const DynoVeResult *result,
                            guint               run,
                            double              time_s,
                            gsize              *row)
{
  const DynoVeRun *source = &result->set->runs[run];
  const double *t = source->time_s;
  gsize low = 0;
  gsize high = source->n - 1;

  if (!(time_s >= t[0] - source->gap_s && time_s <= t[high] + source->gap_s))
    return FALSE;

  /* The first row that is not before it. */
  while (low < high)
    {
      gsize middle = low + (high - low) / 2;

      if (t[middle] < time_s)
        low = middle + 1;
      else
        high = middle;
    }
  if (low > 0 && time_s - t[low - 1] < t[low] - time_s)
    low--;
  *row = source->first + low;

  return TRUE;
}

static char *
accepted_sentence (const DynoVeResult *result,
                   const DynoVeSample *sample)
{
  const DynoGridShape *shape = &result->set->shape;
  guint n_columns = shape->load.n;
  char rpm[G_ASCII_DTOSTR_BUF_SIZE];
  char map[G_ASCII_DTOSTR_BUF_SIZE];
  char percent[G_ASCII_DTOSTR_BUF_SIZE];

  g_ascii_formatd (rpm, sizeof rpm, "%.0f", shape->rpm.at[sample->cell / n_columns]);
  g_ascii_formatd (map, sizeof map, "%.0f", shape->load.at[sample->cell % n_columns]);
  g_ascii_formatd (percent, sizeof percent, "%.1f", fabs (sample->factor - 1) * 100);

  if (g_str_equal (percent, "0.0"))
    return g_strdup_printf ("It counts for the cell of %s rpm and %s kPa and asks for no change.",
                            rpm, map);

  return g_strdup_printf ("It counts for the cell of %s rpm and %s kPa and asks for %s %% %s fuel.",
                          rpm, map, percent, sample->factor >= 1 ? "more" : "less");
}

char *
dyno_ve_sample_sentence (const DynoVeResult *result,
                         const DynoVeSample *sample)
{
  if (sample->reason == DYNO_GATE_ACCEPTED)
    return accepted_sentence (result, sample);

  return g_strdup (sentences[sample->reason]);
}
