/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-gate-judge.h"

#include "dyno-gate-rows.h"
#include "dyno-ratio.h"
#include "dyno-ve-block.h"

#define MIN_TARGET_AFR (0.6 * DYNO_STOICH_PETROL)
#define MAX_TARGET_AFR (1.2 * DYNO_STOICH_PETROL)

/* What stays the same over a run, in the order the gates ask for it. */
typedef struct
{
  const DynoVeSet     *set;
  const DynoVeRun     *run;
  const DynoVeOptions *options;
  const DynoVeChannel *mix;
  const guint16       *flags;
  guint                cylinder;
  guint16              not_ready;
  guint16              ready_blind;
  guint16              cut;
  guint16              settling;
  guint16              slow;     /* flags that gates 9 to 11 look at */
  guint16              unrest;   /* and 18 to 20 */
  guint64             *blind;
  guint                rpm_hint;
  guint                load_hint;
} Judge;

static inline gboolean
is_on (const Judge *judge,
       DynoGate     gate)
{
  return dyno_ve_options_has_gate (judge->options, gate);
}

/* A row that holds no reading at all, rather than an old one, is judged later. */
static inline gboolean
is_repeated (const Judge *judge,
             gsize        row)
{
  const DynoVeChannel *mix = judge->mix;

  if (mix->is_dense || mix->bits == NULL)
    return FALSE;
  if ((mix->bits[row / 8] >> (row % 8) & 1) != 0)
    return FALSE;

  return !mix->is_guessed || !dyno_numbers_is_missing (&mix->numbers, row);
}

static inline gboolean
is_outside (double        value,
            const double *range)
{
  return value < range[0] || value > range[1];
}

/* A flag of the row, or a note that the gate could not see. */
static inline gboolean
has_flag (Judge   *judge,
          DynoGate gate,
          guint16  row_flags,
          guint16  bad,
          guint16  blind)
{
  if (!is_on (judge, gate))
    return FALSE;
  if ((row_flags & bad) != 0)
    return TRUE;
  if ((row_flags & blind) != 0)
    judge->blind[gate]++;

  return FALSE;
}

/* Gates 9 to 11, at the last row before the engine's instant. */
static inline DynoGate
judge_slow_channels (Judge  *judge,
                     guint16 flags)
{
  if (has_flag (judge, DYNO_GATE_TPS_RANGE, flags, DYNO_ROW_TPS_BAD, DYNO_ROW_TPS_BLIND))
    return DYNO_GATE_TPS_RANGE;
  if (has_flag (judge, DYNO_GATE_IAT_RANGE, flags, DYNO_ROW_IAT_BAD, DYNO_ROW_IAT_BLIND))
    return DYNO_GATE_IAT_RANGE;
  if (has_flag (judge, DYNO_GATE_ENGINE_COLD, flags, DYNO_ROW_COLD, DYNO_ROW_COLD_BLIND))
    return DYNO_GATE_ENGINE_COLD;

  return DYNO_GATE_ACCEPTED;
}

/* Gates 18 to 20, at the row nearest to the engine's instant. */
static inline DynoGate
judge_unrest (Judge  *judge,
              guint16 flags)
{
  if (has_flag (judge, DYNO_GATE_FUEL_CUT, flags, judge->cut, 0))
    return DYNO_GATE_FUEL_CUT;
  if (has_flag (judge, DYNO_GATE_TRANSIENT, flags, DYNO_ROW_TRANSIENT, DYNO_ROW_RATE_BLIND))
    return DYNO_GATE_TRANSIENT;
  if (has_flag (judge, DYNO_GATE_SETTLING, flags, judge->settling, 0))
    return DYNO_GATE_SETTLING;

  return DYNO_GATE_ACCEPTED;
}

/* Gates 21 and 3 to 6: what there is to judge. */
static inline DynoGate
judge_presence (const DynoVeBlock *block,
                guint              i)
{
  if (!block->is_known[i])
    return DYNO_GATE_NO_PARTNER;
  if (isnan (block->rpm[i]))
    return DYNO_GATE_NO_RPM;
  if (isnan (block->map[i]))
    return DYNO_GATE_NO_MAP;
  if (isnan (block->mix[i]))
    return DYNO_GATE_NO_MIXTURE;

  return isnan (block->target[i]) ? DYNO_GATE_NO_TARGET : DYNO_GATE_ACCEPTED;
}

/* Gates 7 and 8. */
static inline DynoGate
judge_ranges (const Judge *judge,
              double       rpm,
              double       map)
{
  if (is_on (judge, DYNO_GATE_RPM_RANGE) && is_outside (rpm, judge->options->rpm_range))
    return DYNO_GATE_RPM_RANGE;
  if (is_on (judge, DYNO_GATE_MAP_RANGE) && is_outside (map, judge->options->map_range))
    return DYNO_GATE_MAP_RANGE;

  return DYNO_GATE_ACCEPTED;
}

/* Outside 9…20 AFR a ratio has no value, whatever the gates are set to. */
static inline DynoGate
judge_ratio (const Judge *judge,
             double       mix,
             double       target)
{
  if (!dyno_ratio_has_value (mix))
    return DYNO_GATE_MIX_WINDOW;
  if (is_on (judge, DYNO_GATE_TARGET_IMPLAUSIBLE)
      && !(target >= MIN_TARGET_AFR && target <= MAX_TARGET_AFR))
    return DYNO_GATE_TARGET_IMPLAUSIBLE;
  if (!dyno_ratio_has_value (target))
    return DYNO_GATE_TARGET_IMPLAUSIBLE;

  return DYNO_GATE_ACCEPTED;
}

static inline guint
nearest_index (const DynoAxis *axis,
               double          value,
               guint          *hint)
{
  double fraction;

  *hint = dyno_axis_locate (axis, value, *hint, &fraction);

  return dyno_axis_nearer (axis, value, *hint);
}

/* Gate 22, or the cell. */
static inline DynoGate
find_home (Judge   *judge,
           double   rpm,
           double   map,
           guint16 *home)
{
  const DynoGridShape *shape = &judge->set->shape;

  if (!dyno_axis_holds (&shape->rpm, rpm) || !dyno_axis_holds (&shape->load, map))
    return DYNO_GATE_OUT_OF_GRID;

  *home = (guint16) (nearest_index (&shape->rpm, rpm, &judge->rpm_hint) * shape->load.n
                     + nearest_index (&shape->load, map, &judge->load_hint));

  return DYNO_GATE_ACCEPTED;
}

/* Gates 1 and 2, for which the engine does not count. */
static inline DynoGate
judge_reading (const Judge *judge,
               gsize        row)
{
  if (is_on (judge, DYNO_GATE_NOT_AN_UPDATE) && is_repeated (judge, row))
    return DYNO_GATE_NOT_AN_UPDATE;

  return dyno_ve_is_excluded (judge->run, row) ? DYNO_GATE_EXCLUDED : DYNO_GATE_ACCEPTED;
}

/* Gate 14 for the engine's own sensors, at the last row before its instant. */
static inline gboolean
is_engine_frozen (const Judge *judge,
                  gsize        row)
{
  const DynoVeRun *run = judge->run;

  return (dyno_ve_is_frozen (&run->rpm, row) || dyno_ve_is_frozen (&run->map, row))
         && is_on (judge, DYNO_GATE_SENSOR_FROZEN);
}

/* Gates 12 to 17: the reading. `mark` is what gates 13 to 16 found. */
static inline DynoGate
judge_mixture (Judge             *judge,
               const DynoVeBlock *block,
               guint              i,
               DynoGate           mark)
{
  if (has_flag (judge, DYNO_GATE_SENSOR_NOT_READY, judge->flags[block->rows[i]], judge->not_ready,
                judge->ready_blind))
    return DYNO_GATE_SENSOR_NOT_READY;
  if (mark != DYNO_GATE_SENSOR_PEGGED && is_engine_frozen (judge, block->at[i]))
    return DYNO_GATE_SENSOR_FROZEN;
  if (mark != DYNO_GATE_ACCEPTED)
    return mark;

  return judge_ratio (judge, block->mix[i], block->target[i]);
}

/* Gate 21 and the rest; the first that fails is the reason. */
static DynoGate
judge_sample (Judge             *judge,
              const DynoVeBlock *block,
              guint              i,
              DynoGate           mark,
              guint16           *home)
{
  guint16 before = judge->flags[block->at[i]];
  guint16 nearest = judge->flags[block->at[i] + (block->u[i] > 0.5)];
  DynoGate reason = judge_presence (block, i);

  if (reason == DYNO_GATE_ACCEPTED)
    reason = judge_ranges (judge, block->rpm[i], block->map[i]);
  if (reason == DYNO_GATE_ACCEPTED && (before & judge->slow) != 0)
    reason = judge_slow_channels (judge, before);
  if (reason == DYNO_GATE_ACCEPTED)
    reason = judge_mixture (judge, block, i, mark);
  if (reason == DYNO_GATE_ACCEPTED && (nearest & judge->unrest) != 0)
    reason = judge_unrest (judge, nearest);
  if (reason == DYNO_GATE_ACCEPTED)
    reason = find_home (judge, block->rpm[i], block->map[i], home);

  return reason;
}

static void
judge_block (Judge       *judge,
             DynoVeBlock *block,
             guint8      *reasons,
             guint16     *homes,
             double      *factors)
{
  dyno_ve_block_fill (judge->set, judge->run, judge->cylinder, block);
  for (guint i = 0; i < block->n; i++)
    {
      gsize row = block->rows[i];

      reasons[row] =
          (guint8) judge_sample (judge, block, i, (DynoGate) reasons[row], &homes[row]);
      if (reasons[row] == DYNO_GATE_ACCEPTED)
        factors[row] = dyno_ve_block_factor (judge->set, judge->run, block, i);
    }
  block->n = 0;
}

static void
judge_init (Judge           *judge,
            const DynoVeSet *set,
            const DynoVeRun *run,
            guint            cylinder,
            const guint16   *flags,
            guint64         *blind)
{
  *judge = (Judge){
    .set = set,
    .run = run,
    .options = set->options,
    .mix = &run->mix[cylinder],
    .flags = flags,
    .cylinder = cylinder,
    .not_ready = DYNO_ROW_OF (DYNO_ROW_NOT_READY, cylinder),
    .ready_blind = DYNO_ROW_OF (DYNO_ROW_READY_BLIND, cylinder),
    .cut = DYNO_ROW_OF (DYNO_ROW_CUT, cylinder),
    .settling = DYNO_ROW_OF (DYNO_ROW_SETTLING, cylinder),
    .slow = DYNO_ROW_TPS_BAD | DYNO_ROW_TPS_BLIND | DYNO_ROW_IAT_BAD | DYNO_ROW_IAT_BLIND
            | DYNO_ROW_COLD | DYNO_ROW_COLD_BLIND,
    .unrest = DYNO_ROW_TRANSIENT | DYNO_ROW_RATE_BLIND | DYNO_ROW_OF (DYNO_ROW_CUT, cylinder)
              | DYNO_ROW_OF (DYNO_ROW_SETTLING, cylinder),
    .blind = blind,
  };
}

void
dyno_gate_judge (const DynoVeSet *set,
                 const DynoVeRun *run,
                 guint            cylinder,
                 const guint16   *flags,
                 gsize            begin,
                 gsize            end,
                 guint8          *reasons,
                 guint16         *homes,
                 double          *factors,
                 DynoGateCounts   blind)
{
  DynoVeBlock block = { .hint = begin };
  Judge judge;

  judge_init (&judge, set, run, cylinder, flags, blind);
  for (gsize i = begin; i < end; i++)
    {
      DynoGate reason = judge_reading (&judge, i);

      homes[i] = DYNO_NO_CELL;
      if (reason != DYNO_GATE_ACCEPTED)
        {
          reasons[i] = (guint8) reason;
          continue;
        }
      block.rows[block.n++] = i;
      if (block.n == DYNO_VE_BLOCK)
        judge_block (&judge, &block, reasons, homes, factors);
    }
  judge_block (&judge, &block, reasons, homes, factors);
}
