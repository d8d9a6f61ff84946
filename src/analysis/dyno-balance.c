/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-balance.h"

#include "dyno-ratio.h"

#define MIN_AFR 10
#define MAX_AFR 18
#define MIN_SAMPLES 3
#define LOW_AFR 0.5
#define MEDIUM_AFR 0.7
#define HIGH_AFR 1.0
#define HARD_LIMIT 0.05
#define EDGE_AFR 1e-9 /* means are sums of printed numbers */

void
dyno_balance_add (const DynoGridShape *shape,
                  guint                cylinder,
                  double               rpm,
                  double               map_kpa,
                  double               afr,
                  DynoBalanceSum      *sums)
{
  guint cell;

  if (isnan (rpm) || isnan (map_kpa) || !(afr >= MIN_AFR && afr <= MAX_AFR))
    return;

  cell = dyno_axis_nearest (&shape->rpm, rpm) * shape->load.n
         + dyno_axis_nearest (&shape->load, map_kpa);
  sums[cell].sum_afr[cylinder] += afr;
  sums[cell].n[cylinder]++;
}

static DynoBalanceSeverity
severity_of (double delta_afr)
{
  double apart = fabs (delta_afr) + EDGE_AFR;

  if (apart < LOW_AFR)
    return DYNO_BALANCE_EVEN;
  if (apart < MEDIUM_AFR)
    return DYNO_BALANCE_LOW;

  return apart < HIGH_AFR ? DYNO_BALANCE_MEDIUM : DYNO_BALANCE_HIGH;
}

/* f − 1 within the limits; 0 for a mixture that the formula does not know. */
static double
factor_of (DynoMathVersion version,
           double          afr,
           double          wanted_afr,
           double          limit)
{
  double change = dyno_ratio_factor (version, afr, wanted_afr) - 1;

  if (isnan (change))
    return 0;

  return CLAMP (CLAMP (change, -limit, limit), -HARD_LIMIT, HARD_LIMIT);
}

static void
balance_cell (DynoBalanceCell *cell,
              DynoMathVersion  version,
              DynoBalanceMode  mode,
              double           limit)
{
  double mean = (cell->afr[0] + cell->afr[1]) / 2;
  guint model = mode == DYNO_BALANCE_MATCH_FRONT ? 0 : 1;
  double wanted = mode == DYNO_BALANCE_EQUALIZE ? mean : cell->afr[model];

  for (guint c = 0; c < DYNO_VE_CYLINDERS; c++)
    cell->factor[c] = factor_of (version, cell->afr[c], wanted, limit);
}

static void
fill_cell (DynoBalanceCell      *cell,
           const DynoBalanceSum *sum)
{
  gboolean has_both = sum->n[0] >= MIN_SAMPLES && sum->n[1] >= MIN_SAMPLES;

  for (guint c = 0; c < DYNO_VE_CYLINDERS; c++)
    {
      cell->afr[c] = sum->n[c] >= MIN_SAMPLES ? sum->sum_afr[c] / sum->n[c] : NAN;
      cell->factor[c] = has_both ? 0 : NAN;
    }
  cell->delta_afr = cell->afr[1] - cell->afr[0];
  cell->severity = has_both ? severity_of (cell->delta_afr) : DYNO_BALANCE_NO_DATA;
}

static void
count_cell (DynoBalance           *self,
            const DynoBalanceCell *cell)
{
  self->n_by_severity[cell->severity]++;
  if (cell->severity == DYNO_BALANCE_NO_DATA)
    return;

  self->n_imbalanced += cell->severity != DYNO_BALANCE_EVEN;
  self->max_abs_afr = fmax (self->max_abs_afr, fabs (cell->delta_afr));
  self->mean_abs_afr = self->n_analysed++ == 0 ? fabs (cell->delta_afr)
                                               : self->mean_abs_afr + fabs (cell->delta_afr);
}

DynoBalance *
dyno_balance_new (const DynoGridShape  *shape,
                  const DynoBalanceSum *sums,
                  DynoMathVersion       version,
                  DynoBalanceMode       mode,
                  double                max_pct)
{
  DynoBalance *self = g_new0 (DynoBalance, 1);
  guint n_cells = dyno_grid_shape_cells (shape);

  self->shape = *shape;
  self->mode = mode;
  self->cells = g_new0 (DynoBalanceCell, MAX (n_cells, 1));
  self->max_abs_afr = self->mean_abs_afr = NAN;
  for (guint i = 0; i < n_cells; i++)
    {
      fill_cell (&self->cells[i], &sums[i]);
      if (self->cells[i].severity > DYNO_BALANCE_EVEN)
        balance_cell (&self->cells[i], version, mode, max_pct / 100);
      count_cell (self, &self->cells[i]);
    }
  if (self->n_analysed > 0)
    self->mean_abs_afr /= self->n_analysed;

  return self;
}

DynoBalance *
dyno_balance_of_result (const DynoVeResult *result)
{
  const DynoVeOptions *options = result->set->options;
  g_autofree DynoBalanceSum *sums = g_new0 (DynoBalanceSum, MAX (result->n_cells, 1));

  for (guint c = 0; c < DYNO_VE_CYLINDERS; c++)
    {
      for (guint i = 0; i < result->n_cells; i++)
        {
          const DynoVeCell *cell = &result->cylinders[c].cells[i];

          if (!(cell->mean_mix >= MIN_AFR && cell->mean_mix <= MAX_AFR))
            continue;
          sums[i].sum_afr[c] = cell->mean_mix * cell->hits;
          sums[i].n[c] = cell->hits;
        }
    }

  return dyno_balance_new (&result->set->shape, sums, options->math_version,
                           options->balance_mode, options->balance_max_pct);
}

void
dyno_balance_free (DynoBalance *self)
{
  if (self == NULL)
    return;

  g_free (self->cells);
  g_free (self);
}

static DynoFinding *
finding_of (const DynoBalance *self,
            guint              index)
{
  const DynoBalanceCell *cell = &self->cells[index];
  double rpm = self->shape.rpm.at[index / self->shape.load.n];
  double kpa = self->shape.load.at[index % self->shape.load.n];
  DynoFinding *finding = dyno_finding_new (
      "imbalance", fabs (cell->delta_afr), DYNO_EVIDENCE_MEASURED,
      "At %g rpm, %g kPa the rear runs %.2f AFR %s than the front.", rpm, kpa,
      fabs (cell->delta_afr), cell->delta_afr > 0 ? "leaner" : "richer");

  dyno_finding_add_cell (finding, index);
  dyno_finding_add_number (finding, "front_afr", cell->afr[0]);
  dyno_finding_add_number (finding, "rear_afr", cell->afr[1]);
  dyno_finding_add_number (finding, "delta_afr", cell->delta_afr);
  dyno_finding_add_number (finding, "front_change_pct", cell->factor[0] * 100);
  dyno_finding_add_number (finding, "rear_change_pct", cell->factor[1] * 100);
  dyno_finding_add_check (finding, "Swap the two mixture sensors: does the difference move along?");

  return finding;
}

static int
compare_scores (gconstpointer a,
                gconstpointer b)
{
  const DynoFinding *left = *(const DynoFinding *const *) a;
  const DynoFinding *right = *(const DynoFinding *const *) b;
  guint left_cell = g_array_index (left->cells, guint, 0);
  guint right_cell = g_array_index (right->cells, guint, 0);

  if (left->score != right->score)
    return left->score < right->score ? 1 : -1;

  return (left_cell > right_cell) - (left_cell < right_cell);
}

DynoAdvice *
dyno_balance_advise (const DynoBalance  *self,
                     const DynoVeResult *result)
{
  static const DynoChannel sensors[DYNO_VE_CYLINDERS] = { DYNO_CHANNEL_MIX_F,
                                                          DYNO_CHANNEL_MIX_R };
  DynoAdvice *advice = dyno_advice_new ("balance");

  for (guint c = 0; c < DYNO_VE_CYLINDERS; c++)
    {
      if (!result->set->has_sensor[c])
        dyno_advice_lacks (advice, dyno_channel_info (sensors[c])->name);
    }
  for (guint i = 0; i < result->n_cells && dyno_advice_is_available (advice); i++)
    {
      if (self->cells[i].severity > DYNO_BALANCE_EVEN)
        dyno_advice_take (advice, finding_of (self, i));
    }
  g_ptr_array_sort (advice->findings, compare_scores);

  return advice;
}
