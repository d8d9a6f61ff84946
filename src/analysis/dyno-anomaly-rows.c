/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-anomaly-rows.h"

#include "dyno-factors.h"
#include "dyno-rowwise.h"
#include "dyno-stat.h"
#include "dyno-steps.h"

#define MAX_R (-0.4)
#define LOAD_NM 6.779089741657 /* 5 lbf·ft */
#define LOAD_KPA 50
#define SENSOR_SHARE 0.10
#define IRREGULAR_SHARE 0.05
#define HELD_SHARE 0.30

/* Corrections beside voltages, for the rows with load of one run after the other. */
typedef struct
{
  const DynoVeSet *set;
  const DynoVeRun *run;    /* NULL: none yet */
  DynoRowwise      volts;  /* (owned) of that run */
  DynoRowwise      torque; /* (owned) */
  DynoStatPairs    pairs;
} Supply;

static void
supply_follow (Supply *self,
               gsize   row)
{
  if (self->run != NULL && row >= self->run->first && row < self->run->first + self->run->n)
    return;

  self->run = dyno_ve_set_run_of (self->set, row);
  dyno_rowwise_clear (&self->volts);
  dyno_rowwise_clear (&self->torque);
  self->volts = dyno_rowwise_open (self->run->samples, DYNO_CHANNEL_VBATT);
  self->torque = dyno_rowwise_open (self->run->samples, DYNO_CHANNEL_TORQUE);
}

static gboolean
has_load (const Supply *self,
          gsize         run_row)
{
  const DynoVeInstant at = dyno_ve_on_row (self->run, run_row);

  if (!dyno_numbers_is_null (&self->torque.numbers))
    return dyno_numbers_at (&self->torque.numbers, run_row) > LOAD_NM;

  return dyno_ve_state (self->run, &self->run->map, &at) >= LOAD_KPA;
}

static void
pair (gsize    row,
      double   factor_pct,
      gpointer user_data)
{
  Supply *self = user_data;
  double volts;
  gsize run_row;

  supply_follow (self, row);
  run_row = row - self->run->first;
  if (dyno_numbers_is_null (&self->volts.numbers))
    return;
  volts = dyno_numbers_at (&self->volts.numbers, run_row);
  if (!isnan (volts) && has_load (self, run_row))
    dyno_stat_pairs_add (&self->pairs, factor_pct, volts);
}

/* Of both cylinders together. */
static DynoStatPairs
pair_all (const DynoVeResult *result,
          const DynoProgress *progress)
{
  Supply supply = { .set = result->set };

  for (guint c = 0; c < DYNO_VE_CYLINDERS; c++)
    dyno_factors_each (result, c, pair, &supply, progress);
  dyno_rowwise_clear (&supply.volts);
  dyno_rowwise_clear (&supply.torque);

  return supply.pairs;
}

void
dyno_anomaly_electrical (DynoAdvice         *advice,
                         const DynoVeResult *result,
                         const DynoProgress *progress)
{
  DynoStatPairs pairs = pair_all (result, progress);
  double r = dyno_stat_pairs_pearson (&pairs);
  DynoFinding *finding;

  if (!(r <= MAX_R))
    return;

  finding = dyno_finding_new ("electrical", -r, DYNO_EVIDENCE_INFERRED,
                              "The engine runs leaner where the battery is lower (r = %.2f): "
                              "pump or injectors may lack voltage.", r);
  dyno_finding_add_number (finding, "r", r);
  dyno_finding_add_number (finding, "pairs", (double) pairs.n);
  dyno_finding_add_check (finding, "Measure the voltage at pump and injectors under load.");
  dyno_finding_add_check (finding, "Check grounds and charging.");
  dyno_advice_take (advice, finding);
}

static const struct
{
  DynoGate    gate;
  const char *number;
  const char *text;
} sensor_gates[] = {
  { DYNO_GATE_SENSOR_NOT_READY, "not_ready_pct", "was not warm yet" },
  { DYNO_GATE_SENSOR_PEGGED, "pegged_pct", "stood at the end of its range" },
  { DYNO_GATE_SENSOR_FROZEN, "frozen_pct", "stood still while the engine moved" },
  { DYNO_GATE_MIX_WINDOW, "window_pct", "read what no engine burns" },
  { DYNO_GATE_MIX_NEIGHBOUR, "neighbour_pct", "was beside readings that cannot be" },
};

/* Rows of the reasons 12 to 16. */
static void
add_sensor_rows (DynoFinding        *finding,
                 const DynoVeResult *result,
                 guint               cylinder)
{
  for (gsize i = 0; i < result->n_rows; i++)
    {
      guint8 reason = result->reasons[cylinder][i];

      if (reason >= DYNO_GATE_SENSOR_NOT_READY && reason <= DYNO_GATE_MIX_NEIGHBOUR)
        dyno_finding_add_row (finding, i);
    }
}

static void
look_at_sensor (DynoAdvice         *advice,
                const DynoVeResult *result,
                guint               cylinder)
{
  const guint64 *counts = result->cylinders[cylinder].counts;
  guint64 readings = result->n_rows - counts[DYNO_GATE_NOT_AN_UPDATE]
                     - counts[DYNO_GATE_NO_MIXTURE];
  guint64 rejected = 0;
  gsize worst = 0;
  DynoFinding *finding;

  for (gsize i = 0; i < G_N_ELEMENTS (sensor_gates); i++)
    {
      rejected += counts[sensor_gates[i].gate];
      if (counts[sensor_gates[i].gate] > counts[sensor_gates[worst].gate])
        worst = i;
    }
  if (!((double) rejected > SENSOR_SHARE * (double) readings))
    return;

  finding = dyno_finding_new ("sensor", 100.0 * (double) rejected / (double) readings,
                              DYNO_EVIDENCE_MEASURED,
                              "%.0f %% of the %s mixture readings do not count; mostly the "
                              "sensor %s.",
                              100.0 * (double) rejected / (double) readings,
                              dyno_ve_cylinder_name (cylinder), sensor_gates[worst].text);
  dyno_finding_add_number (finding, "cylinder", cylinder);
  for (gsize i = 0; i < G_N_ELEMENTS (sensor_gates); i++)
    dyno_finding_add_number (finding, sensor_gates[i].number,
                             100.0 * (double) counts[sensor_gates[i].gate] / (double) readings);
  add_sensor_rows (finding, result, cylinder);
  dyno_finding_add_check (finding, "Warm the sensor up and check it in free air.");
  dyno_advice_take (advice, finding);
}

void
dyno_anomaly_sensor (DynoAdvice         *advice,
                     const DynoVeResult *result)
{
  for (guint c = 0; c < DYNO_VE_CYLINDERS; c++)
    {
      if (result->set->has_sensor[c])
        look_at_sensor (advice, result, c);
    }
}

void
dyno_clock_count (const double    *time_s,
                  gsize            n,
                  double           gap_s,
                  DynoClockCounts *counts)
{
  double median = dyno_steps_median (time_s, n);

  for (gsize i = 1; i < n; i++)
    {
      double step = time_s[i] - time_s[i - 1];

      counts->n_steps++;
      if (step < 0)
        counts->n_backward++;
      else if (step > gap_s)
        counts->n_gaps++;
      else if (step < median / 2 || step > 2 * median)
        counts->n_irregular++;
    }
}

/* The stamps of the engine speed's readings: where several time bases were joined,
 * the rows themselves are not even. (transfer full) */
static double *
speed_stamps (const DynoVeRun *run,
              gsize           *n)
{
  double *stamps = g_new (double, MAX (run->n, 1));

  *n = 0;
  for (gsize i = 0; i < run->n; i++)
    {
      if (dyno_ve_is_update (&run->rpm, i))
        stamps[(*n)++] = run->time_s[i];
    }

  return stamps;
}

static void
count_run (const DynoVeRun *run,
           DynoClockCounts *counts)
{
  g_autofree double *stamps = NULL;
  gsize n;

  if (run->rpm.is_dense || run->rpm.is_guessed)
    {
      dyno_clock_count (run->time_s, run->n, run->gap_s, counts);
      return;
    }

  stamps = speed_stamps (run, &n);
  dyno_clock_count (stamps, n, MAX (run->gap_s, run->rpm.gap_s), counts);
}

static void
add_clock (DynoAdvice            *advice,
           const DynoClockCounts *counts)
{
  gsize bad = counts->n_gaps + counts->n_backward + counts->n_irregular;
  DynoFinding *finding = dyno_finding_new (
      "clock", 100.0 * (double) bad / (double) counts->n_steps, DYNO_EVIDENCE_MEASURED,
      "The log's clock has %" G_GSIZE_FORMAT " gaps, %" G_GSIZE_FORMAT " steps back and %"
      G_GSIZE_FORMAT " uneven steps.", counts->n_gaps, counts->n_backward, counts->n_irregular);

  dyno_finding_add_number (finding, "gaps", (double) counts->n_gaps);
  dyno_finding_add_number (finding, "backward", (double) counts->n_backward);
  dyno_finding_add_number (finding, "irregular", (double) counts->n_irregular);
  dyno_finding_add_number (finding, "steps", (double) counts->n_steps);
  dyno_finding_add_check (finding, "Record again with fewer channels, or from the dyno itself.");
  dyno_advice_take (advice, finding);
}

void
dyno_anomaly_clock (DynoAdvice         *advice,
                    const DynoVeResult *result)
{
  DynoClockCounts counts = { 0 };

  for (guint r = 0; r < result->set->n_runs; r++)
    count_run (&result->set->runs[r], &counts);
  if (counts.n_gaps + counts.n_backward > 0
      || (double) counts.n_irregular > IRREGULAR_SHARE * (double) counts.n_steps)
    add_clock (advice, &counts);
}

/* Share of a mixture's rows that repeat an older reading. */
static double
held_share (const DynoVeResult *result,
            guint               cylinder)
{
  gsize n = 0;
  gsize held = 0;

  for (guint r = 0; r < result->set->n_runs; r++)
    {
      const DynoVeRun *run = &result->set->runs[r];
      const DynoVeChannel *mix = &run->mix[cylinder];

      for (gsize i = 0; dyno_ve_has (mix) && i < run->n; i++)
        {
          gboolean is_there = !dyno_numbers_is_missing (&mix->numbers, i);

          n += is_there;
          held += is_there && !dyno_ve_is_update (mix, i);
        }
    }

  return n > 0 ? (double) held / (double) n : 0;
}

void
dyno_anomaly_held (DynoAdvice         *advice,
                   const DynoVeResult *result)
{
  for (guint c = 0; c < DYNO_VE_CYLINDERS; c++)
    {
      double share = held_share (result, c);
      DynoFinding *finding;

      if (!(share > HELD_SHARE))
        continue;

      finding = dyno_finding_new ("held", share * 100, DYNO_EVIDENCE_MEASURED,
                                  "%.0f %% of the %s mixture rows repeat an older reading.",
                                  share * 100, dyno_ve_cylinder_name (c));
      dyno_finding_add_number (finding, "cylinder", c);
      dyno_finding_add_number (finding, "held_pct", share * 100);
      dyno_finding_add_check (finding, "Log the mixture faster, or fewer channels.");
      dyno_advice_take (advice, finding);
    }
}
