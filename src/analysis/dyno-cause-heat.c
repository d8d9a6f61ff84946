/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* Heat and spark that it takes away; part of the cause tree. */

#include "config.h"

#include "dyno-cause-private.h"

#include <math.h>

#define SOAK_ROWS 20
#define SOAK_SHARE 0.05
#define SOAK_RANGE_DEG 2
#define BROAD_RANGE_DEG 3
#define BROAD_MEAN_DEG 25
#define BROAD_CELLS 5

/* The mean spark per engine speed at high load. */
typedef struct
{
  guint n_cells;
  guint n_rows;
  double sum;
  double min;
  double max;
} HighLoad;

static void
add_high_load_row (HighLoad       *high,
                   const DynoGrid *spark,
                   guint           row)
{
  const DynoAxis *load = &spark->shape.load;
  double sum = 0;
  guint n = 0;

  for (guint c = 0; c < load->n; c++)
    {
      double value = spark->values[row * load->n + c];

      if (load->at[c] < DYNO_VALLEY_MAP || isnan (value))
        continue;
      sum += value;
      n++;
    }
  if (n == 0)
    return;

  high->n_cells += n;
  high->n_rows++;
  high->sum += sum / n;
  high->min = fmin (high->min, sum / n);
  high->max = fmax (high->max, sum / n);
}

static HighLoad
look_at_high_load (const DynoCauseTree *tree)
{
  const DynoGrid *front = tree->surfaces->surfaces[DYNO_SURFACE_SPARK_F].grid;
  const DynoGrid *spark
      = front != NULL ? front : tree->surfaces->surfaces[DYNO_SURFACE_SPARK_R].grid;
  HighLoad high = { .min = NAN, .max = NAN };

  for (guint row = 0; spark != NULL && row < spark->shape.rpm.n; row++)
    add_high_load_row (&high, spark, row);

  return high;
}

static void
look_at_soak (DynoCauseTree  *tree,
              const HighLoad *high)
{
  gsize rows = tree->modes->counts[DYNO_MODE_HEAT_SOAK];
  double confidence = 0.5;
  DynoFinding *finding;

  if (rows < SOAK_ROWS && !((double) rows > SOAK_SHARE * (double) tree->modes->n_rows))
    return;

  confidence += high->max - high->min > SOAK_RANGE_DEG ? 0.15 : 0;
  confidence += tree->modes->has_iat ? 0.1 : -0.1;
  finding = dyno_finding_new ("temp_trim_high_load", CLAMP (confidence, 0.4, 0.8),
                              DYNO_EVIDENCE_INFERRED,
                              "The engine stood in its own heat for %" G_GSIZE_FORMAT
                              " rows: temperature trims may rule spark and fuel.",
                              rows);
  dyno_advice_take (tree->advice, finding);
  dyno_finding_add_number (finding, "heat_soak_rows", (double) rows);
  dyno_finding_add_number (finding, "spark_range_deg", high->max - high->min);
  dyno_finding_add_check (finding, "Compare a pull on a cool engine with one right after "
                                   "standing: same speed, same load.");
}

void
dyno_cause_heat (DynoCauseTree *tree)
{
  HighLoad high = look_at_high_load (tree);
  DynoFinding *finding;

  look_at_soak (tree, &high);
  if (high.n_cells < BROAD_CELLS || !(high.max - high.min < BROAD_RANGE_DEG)
      || !(high.sum / high.n_rows < BROAD_MEAN_DEG))
    return;

  finding = dyno_finding_new ("temp_trim_broad", 0.55, DYNO_EVIDENCE_INFERRED,
                              "Spark is low at every speed of high load (%.1f° on the "
                              "mean): a trim may take it away everywhere.",
                              high.sum / high.n_rows);
  dyno_advice_take (tree->advice, finding);
  dyno_finding_add_number (finding, "spark_mean_deg", high.sum / high.n_rows);
  dyno_finding_add_number (finding, "spark_range_deg", high.max - high.min);
  dyno_finding_add_check (finding, "Log intake air and engine temperature beside the spark.");
}
