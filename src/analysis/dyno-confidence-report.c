/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-confidence-report.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define COVERED_HITS 10
#define GRAVE_SCORE 3
#define GATE_COSTS 3

static const struct
{
  const char *name;
  double      weight;
} parts[DYNO_N_CONFIDENCE_PARTS] = {
  { "coverage", 0.40 },
  { "consistency", 0.30 },
  { "anomalies", 0.15 },
  { "clamping", 0.15 },
};

static const struct
{
  const char *name;
  double      rpm[2]; /* both ends included */
  double      kpa[2];
} regions[DYNO_N_CONFIDENCE_REGIONS] = {
  { "idle", { 1000, 2000 }, { 20, 40 } },
  { "cruise", { 2000, 3500 }, { 40, 70 } },
  { "wot", { 3000, 6500 }, { 85, 105 } },
};

/* What tuners drive in most (analysis.md 3.7). */
static const guint zone_weights[DYNO_N_ZONES] = {
  [DYNO_ZONE_CRUISE] = 5, [DYNO_ZONE_PART] = 4, [DYNO_ZONE_WOT] = 2,
  [DYNO_ZONE_DECEL] = 1,  [DYNO_ZONE_EDGE] = 1,
};

const char *
dyno_confidence_part_name (DynoConfidencePart part)
{
  g_return_val_if_fail (part < DYNO_N_CONFIDENCE_PARTS, NULL);

  return parts[part].name;
}

const char *
dyno_confidence_region_name (DynoConfidenceRegionId region)
{
  g_return_val_if_fail (region < DYNO_N_CONFIDENCE_REGIONS, NULL);

  return regions[region].name;
}

static double
round_to (double value,
          double steps)
{
  return rint (value * steps) / steps;
}

static guint64
hits_in (const DynoConfidenceInput *input,
         guint                      cell)
{
  return (guint64) input->hits[0][cell] + input->hits[1][cell];
}

/* Mean over numbers above 0. */
typedef struct
{
  double sum;
  guint  n;
} MadMean;

static void
mad_add (MadMean                   *mean,
         const DynoConfidenceInput *input,
         guint                      cell)
{
  for (guint c = 0; c < DYNO_VE_CYLINDERS; c++)
    {
      if (!(input->mad[c][cell] > 0))
        continue;
      mean->sum += input->mad[c][cell];
      mean->n++;
    }
}

static double
mad_value (const MadMean *mean)
{
  return mean->n > 0 ? mean->sum / mean->n : NAN;
}

static gboolean
is_inside (const DynoGridShape *shape,
           guint                region,
           guint                cell)
{
  double rpm = shape->rpm.at[cell / shape->load.n];
  double kpa = shape->load.at[cell % shape->load.n];

  return rpm >= regions[region].rpm[0] && rpm <= regions[region].rpm[1]
         && kpa >= regions[region].kpa[0] && kpa <= regions[region].kpa[1];
}

static void
fill_region (DynoConfidenceRegion      *self,
             const DynoConfidenceInput *input,
             guint                      region)
{
  MadMean mad = { 0 };

  for (guint i = 0; i < dyno_grid_shape_cells (&input->shape); i++)
    {
      if (!is_inside (&input->shape, region, i))
        continue;
      self->n_cells++;
      self->n_covered += hits_in (input, i) >= COVERED_HITS;
      mad_add (&mad, input, i);
    }
  self->covered_pct = self->n_cells > 0 ? 100.0 * self->n_covered / self->n_cells : 0;
  self->mean_mad = mad_value (&mad);
}

static double
coverage_score (double covered_pct)
{
  return fmin (100, 1.2 * covered_pct);
}

static double
consistency_score (double   mad,
                   gboolean is_original)
{
  if (isnan (mad))
    return 100;
  if (mad < 0.5)
    return is_original ? 100 : 100 - 20 * mad;
  if (mad < 1)
    return 90 - 40 * (mad - 0.5);
  if (mad < 2)
    return 70 - 40 * (mad - 1);

  return fmax (0, 30 - 15 * (mad - 2));
}

static double
anomaly_score (guint n,
               guint n_grave)
{
  double score = 100;

  if (n > 5)
    score = fmax (0, 70 - 10 * ((double) n - 5));
  else if (n > 0)
    score = n <= 2 ? 85 : 70;

  return fmax (0, score - 10.0 * n_grave);
}

static double
clamping_score (double clamped_pct)
{
  if (clamped_pct == 0)
    return 100;
  if (clamped_pct < 5)
    return 90;
  if (clamped_pct < 10)
    return 75;

  return clamped_pct < 20 ? 50 : fmax (0, 50 - 2 * (clamped_pct - 20));
}

static char
grade_of (double overall)
{
  if (overall >= 85)
    return 'A';
  if (overall >= 70)
    return 'B';

  return overall >= 50 ? 'C' : 'D';
}

static void
count_cells (DynoConfidenceReport      *self,
             const DynoConfidenceInput *input,
             gboolean                  *has_data)
{
  MadMean mad = { 0 };

  *has_data = FALSE;
  self->n_cells = dyno_grid_shape_cells (&input->shape);
  for (guint i = 0; i < self->n_cells; i++)
    {
      self->n_covered += hits_in (input, i) >= COVERED_HITS;
      *has_data |= hits_in (input, i) > 0;
      mad_add (&mad, input, i);
    }
  self->covered_pct = 100.0 * self->n_covered / self->n_cells;
  self->mean_mad = round_to (mad_value (&mad), 1000);
  self->n_mads = mad.n;
  self->clamped_pct = 100.0 * input->n_clamped / self->n_cells;
}

static void
count_anomalies (DynoConfidenceReport      *self,
                 const DynoConfidenceInput *input)
{
  self->n_anomalies = input->n_anomalies;
  for (guint i = 0; i < input->n_anomalies; i++)
    self->n_grave += input->anomaly_scores[i] > GRAVE_SCORE;
}

static double
weigh (const double scores[DYNO_N_CONFIDENCE_PARTS])
{
  double sum = 0;

  for (guint p = 0; p < DYNO_N_CONFIDENCE_PARTS; p++)
    sum += parts[p].weight * scores[p];

  return sum;
}

/* A cell that could be covered yet. */
typedef struct
{
  guint cell;
  guint hits;
  guint zone_weight;
} Candidate;

static int
compare_candidates (const void *a,
                    const void *b)
{
  const Candidate *left = a;
  const Candidate *right = b;

  if (left->hits != right->hits)
    return left->hits < right->hits ? -1 : 1;
  if (left->zone_weight != right->zone_weight)
    return left->zone_weight > right->zone_weight ? -1 : 1;

  return (left->cell > right->cell) - (left->cell < right->cell);
}

/* Each cell counts the same: the one with the fewest hits to go is the cheapest. */
static void
find_gains (DynoConfidenceReport      *self,
            const DynoConfidenceInput *input)
{
  static const double default_edges[2] = { 1200, 5500 };
  const double *edges = input->edge_rpm != NULL ? input->edge_rpm : default_edges;
  g_autofree Candidate *candidates = g_new (Candidate, MAX (self->n_cells, 1));
  double step = coverage_score (100.0 * (self->n_covered + 1) / self->n_cells)
                - coverage_score (self->covered_pct);
  guint n = 0;

  for (guint i = 0; i < self->n_cells && step > 0; i++)
    {
      const DynoGridShape *shape = &input->shape;
      DynoZone zone = dyno_zone_of (shape->rpm.at[i / shape->load.n],
                                    shape->load.at[i % shape->load.n], edges);

      if (hits_in (input, i) < COVERED_HITS)
        candidates[n++] =
            (Candidate){ i, COVERED_HITS - (guint) hits_in (input, i), zone_weights[zone] };
    }
  qsort (candidates, n, sizeof *candidates, compare_candidates);
  self->n_gains = MIN (n, DYNO_CONFIDENCE_GAINS);
  for (guint i = 0; i < self->n_gains; i++)
    self->gains[i] = (DynoConfidenceGain){ candidates[i].cell, candidates[i].hits,
                                           parts[DYNO_CONFIDENCE_PART_COVERAGE].weight * step };
}

void
dyno_confidence_report_init (DynoConfidenceReport      *self,
                             const DynoConfidenceInput *input)
{
  double scores[DYNO_N_CONFIDENCE_PARTS];
  double overall;
  gboolean has_data;

  memset (self, 0, sizeof *self);
  count_cells (self, input, &has_data);
  count_anomalies (self, input);
  for (guint r = 0; r < DYNO_N_CONFIDENCE_REGIONS; r++)
    fill_region (&self->regions[r], input, r);
  scores[DYNO_CONFIDENCE_PART_COVERAGE] = coverage_score (self->covered_pct);
  scores[DYNO_CONFIDENCE_PART_CONSISTENCY] =
      consistency_score (self->mean_mad, input->is_original);
  scores[DYNO_CONFIDENCE_PART_ANOMALIES] = anomaly_score (self->n_anomalies, self->n_grave);
  scores[DYNO_CONFIDENCE_PART_CLAMPING] = clamping_score (self->clamped_pct);

  overall = weigh (scores);
  if (!input->is_original)
    {
      self->n_gates_unavailable = input->n_gates_unavailable;
      overall = has_data ? fmax (0, overall - GATE_COSTS * (double) self->n_gates_unavailable) : 0;
    }
  self->overall = round_to (overall, 10);
  self->grade = grade_of (self->overall);
  for (guint p = 0; p < DYNO_N_CONFIDENCE_PARTS; p++)
    self->parts[p] = round_to (scores[p], 10);
  find_gains (self, input);
}
