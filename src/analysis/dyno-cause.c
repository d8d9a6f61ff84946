/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-cause.h"

#include "dyno-stat.h"
#include "dyno-ve-block.h"

#define TIP_IN_ROWS 30
#define TIP_IN_ERROR 0.4
#define TIP_IN_SPREAD 0.6
#define VALLEY_DEG 3
#define DEEP_VALLEY_DEG 5
#define DOMINANT_DEG 2
#define KNOCK_SHARE 1.2
#define SOAK_ROWS 20
#define SOAK_SHARE 0.05
#define SOAK_RANGE_DEG 2
#define BROAD_RANGE_DEG 3
#define BROAD_MEAN_DEG 25
#define BROAD_CELLS 5
#define VE_ERROR 0.5
#define VE_SPREAD 2
#define FEW_ROWS 500
#define LOW_COVERAGE_PCT 30

/* What the rules look at. */
typedef struct
{
  const DynoModes    *modes;
  const DynoSurfaces *surfaces;
  const DynoValleys  *valleys;
  DynoMixError        tip_in;
  DynoAdvice         *advice;
} Tree;

static DynoFinding *
take (Tree        *tree,
      DynoFinding *finding)
{
  dyno_advice_take (tree->advice, finding);

  return finding;
}

/* Tip-in */

/* Mixture errors of a block of rows that were made in a tip-in. */
static void
gather (const DynoVeSet *set,
        const DynoVeRun *run,
        const DynoModes *modes,
        guint            cylinder,
        DynoVeBlock     *block,
        GArray          *errors)
{
  const double *window = set->options->mix_window;

  dyno_ve_block_fill (set, run, cylinder, block);
  for (guint i = 0; i < block->n; i++)
    {
      const DynoVeInstant at = { block->at[i], block->time_s[i], block->u[i] };
      double error = block->mix[i] - block->target[i];

      if (block->is_known[i] && !isnan (error) && block->mix[i] >= window[0]
          && block->mix[i] <= window[1]
          && modes->modes[run->first + dyno_ve_nearest_row (&at)] == DYNO_MODE_TIP_IN)
        g_array_append_val (errors, error);
    }
  block->n = 0;
}

static void
gather_run (const DynoVeSet *set,
            const DynoVeRun *run,
            const DynoModes *modes,
            guint            cylinder,
            GArray          *errors)
{
  DynoVeBlock block = { .n = 0 };

  if (run->mix[cylinder].values == NULL)
    return;
  for (gsize i = 0; i < run->n; i++)
    {
      if (!dyno_ve_is_update (&run->mix[cylinder], i) || dyno_ve_is_excluded (run, i))
        continue;
      block.rows[block.n++] = i;
      if (block.n == DYNO_VE_BLOCK)
        gather (set, run, modes, cylinder, &block, errors);
    }
  gather (set, run, modes, cylinder, &block, errors);
}

void
dyno_tip_in_error (const DynoVeSet *set,
                   const DynoModes *modes,
                   guint            cylinder,
                   DynoMixError    *error)
{
  g_autoptr(GArray) errors = g_array_new (FALSE, FALSE, sizeof (double));
  double *values;

  g_return_if_fail (set != NULL && modes != NULL && cylinder < DYNO_VE_CYLINDERS);

  for (guint i = 0; i < set->n_runs; i++)
    gather_run (set, &set->runs[i], modes, cylinder, errors);
  values = (double *) errors->data;
  error->n = errors->len;
  error->mean = dyno_stat_mean (values, errors->len);
  error->p05 = dyno_stat_quantile (values, errors->len, 0.05);
  error->p95 = dyno_stat_quantile (values, errors->len, 0.95);
}

static void
add_tip_in_rows (DynoFinding     *finding,
                 const DynoModes *modes)
{
  for (gsize i = 0; i < modes->n_rows; i++)
    {
      if (modes->modes[i] == DYNO_MODE_TIP_IN)
        dyno_finding_add_row (finding, i);
    }
}

static void
add_error_numbers (DynoFinding        *finding,
                   const DynoMixError *error)
{
  dyno_finding_add_number (finding, "mean_error_afr", error->mean);
  dyno_finding_add_number (finding, "p05_error_afr", error->p05);
  dyno_finding_add_number (finding, "p95_error_afr", error->p95);
}

static double
hesitation_confidence (const Tree *tree,
                       gboolean    is_lean,
                       gboolean    is_spread)
{
  const DynoSurface *knock = &tree->surfaces->surfaces[DYNO_SURFACE_KNOCK];
  double confidence = 0.5;

  confidence += is_lean ? 0.15 : 0;
  confidence += is_spread ? 0.1 : 0;
  if (!tree->surfaces->has_knock)
    confidence -= 0.05;
  else if (knock->max > 0)
    confidence += 0.1;

  return MIN (confidence, 0.85);
}

static void
look_at_hesitation (Tree *tree)
{
  const DynoMixError *error = &tree->tip_in;
  gboolean is_lean = error->mean > TIP_IN_ERROR;
  gboolean is_spread = error->p95 - error->p05 > TIP_IN_SPREAD;
  DynoFinding *finding;

  if (!is_lean && !is_spread)
    return;

  finding = take (tree, dyno_finding_new ("transient_tipin_hesitation",
                                          hesitation_confidence (tree, is_lean, is_spread),
                                          DYNO_EVIDENCE_INFERRED,
                                          "The mixture is off by %+.2f AFR on the mean while the "
                                          "throttle opens: the engine may hesitate there for "
                                          "want of transient fuel.", error->mean));
  add_error_numbers (finding, error);
  add_tip_in_rows (finding, tree->modes);
  dyno_finding_add_check (finding, "Roll the throttle on within 2 to 3 s from a steady cruise, "
                                   "five times the same way.");
  dyno_finding_add_check (finding, "Compare with steady full load at the same speed and load.");
}

static void
look_at_tip_in (Tree *tree)
{
  const DynoMixError *error = &tree->tip_in;
  DynoFinding *finding;

  if (tree->modes->counts[DYNO_MODE_TIP_IN] < TIP_IN_ROWS || error->n == 0)
    return;

  look_at_hesitation (tree);
  if (!(error->mean < -TIP_IN_ERROR))
    return;
  finding = take (tree, dyno_finding_new ("transient_tipin_rich", 0.6, DYNO_EVIDENCE_INFERRED,
                                          "The mixture is %.2f AFR rich on the mean while the "
                                          "throttle opens: transient fuel may be too much.",
                                          -error->mean));
  add_error_numbers (finding, error);
  add_tip_in_rows (finding, tree->modes);
  dyno_finding_add_check (finding, "Open the throttle at different rates and see whether the "
                                   "rich spell grows with the rate.");
}

/* Knock */

/* Knock at high load, inside a band of engine speed and outside of it. */
typedef struct
{
  double in_sum, out_sum;
  guint  n_in, n_out;
  double peak;
  double peak_rpm;
} Knock;

static void
count_knock (Knock            *knock,
             const DynoValley *valley,
             double            rpm,
             double            value)
{
  if (!(value > 0))
    return;

  if (rpm >= valley->rpm_low && rpm <= valley->rpm_high)
    {
      knock->in_sum += value;
      knock->n_in++;
    }
  else
    {
      knock->out_sum += value;
      knock->n_out++;
    }
  if (value > knock->peak)
    {
      knock->peak = value;
      knock->peak_rpm = rpm;
    }
}

static gboolean
knocks_in_band (const DynoGrid   *grid,
                const DynoValley *valley)
{
  const DynoAxis *load = &grid->shape.load;
  Knock knock = { 0 };
  double outside;

  for (guint row = 0; row < grid->shape.rpm.n; row++)
    {
      for (guint c = 0; c < load->n; c++)
        {
          if (load->at[c] >= DYNO_VALLEY_MAP)
            count_knock (&knock, valley, grid->shape.rpm.at[row], grid->values[row * load->n + c]);
        }
    }
  if (knock.n_in == 0)
    return FALSE;

  outside = knock.n_out > 0 ? knock.out_sum / knock.n_out : 0;

  return knock.in_sum / knock.n_in > KNOCK_SHARE * outside
         || (knock.peak_rpm >= valley->rpm_low && knock.peak_rpm <= valley->rpm_high);
}

static double
valley_confidence (const Tree       *tree,
                   const DynoValley *valley,
                   gboolean         *is_confirmed)
{
  const DynoSurface *knock = &tree->surfaces->surfaces[DYNO_SURFACE_KNOCK];
  double confidence = 0.5;

  *is_confirmed = tree->surfaces->has_knock && knocks_in_band (knock->grid, valley);
  confidence += valley->depth_deg >= DEEP_VALLEY_DEG ? 0.15 : 0;
  if (*is_confirmed)
    confidence += 0.2;
  else if (!tree->surfaces->has_knock)
    confidence -= 0.1;

  return CLAMP (confidence, 0.4, 0.9);
}

static void
look_at_valley (Tree             *tree,
                const DynoValley *valley)
{
  static const char *const kinds[] = { "knock_limit_valley_front", "knock_limit_valley_rear",
                                       "knock_limit_valley_both" };
  gboolean is_confirmed;
  double confidence;
  DynoFinding *finding;

  if (valley->depth_deg < VALLEY_DEG)
    return;

  confidence = valley_confidence (tree, valley, &is_confirmed);
  finding = take (tree, dyno_finding_new (kinds[valley->cylinder], confidence,
                                          DYNO_EVIDENCE_INFERRED,
                                          "Spark drops by %.1f° around %.0f rpm at high load%s: "
                                          "the engine may run at its knock limit there.",
                                          valley->depth_deg, valley->rpm,
                                          is_confirmed ? " and knock is logged in that band"
                                                       : ""));
  dyno_finding_add_number (finding, "depth_deg", valley->depth_deg);
  dyno_finding_add_number (finding, "rpm", valley->rpm);
  dyno_finding_add_number (finding, "rpm_low", valley->rpm_low);
  dyno_finding_add_number (finding, "rpm_high", valley->rpm_high);
  dyno_finding_add_check (finding, tree->surfaces->has_knock
                                       ? "Look whether the valley deepens when the intake air "
                                         "is hotter."
                                       : "Log a knock channel through this band at full load.");
}

static void
look_at_dominance (Tree *tree)
{
  const DynoValley *front = dyno_valleys_get (tree->valleys, DYNO_VALLEY_FRONT);
  const DynoValley *rear = dyno_valleys_get (tree->valleys, DYNO_VALLEY_REAR);
  double more;
  DynoFinding *finding;

  if (front == NULL || rear == NULL)
    return;
  more = rear->depth_deg - front->depth_deg;
  if (fabs (more) < DOMINANT_DEG)
    return;

  finding = take (tree, more > 0
                            ? dyno_finding_new ("knock_rear_dominant",
                                                tree->surfaces->has_knock ? 0.75 : 0.75 - 0.1,
                                                DYNO_EVIDENCE_INFERRED,
                                                "The rear cylinder's spark valley is %.1f° deeper: "
                                                "it may knock first, being the hotter one.", more)
                            : dyno_finding_new ("knock_front_dominant", 0.6,
                                                DYNO_EVIDENCE_INFERRED,
                                                "The front cylinder's spark valley is %.1f° "
                                                "deeper, which is unusual: look at its cooling "
                                                "and its sensors.", -more));
  dyno_finding_add_number (finding, "front_depth_deg", front->depth_deg);
  dyno_finding_add_number (finding, "rear_depth_deg", rear->depth_deg);
  dyno_finding_add_check (finding, "Log knock per cylinder.");
}

/* Heat */

/* The mean spark per engine speed at high load. */
typedef struct
{
  guint  n_cells;
  guint  n_rows;
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
look_at_high_load (const Tree *tree)
{
  const DynoGrid *front = tree->surfaces->surfaces[DYNO_SURFACE_SPARK_F].grid;
  const DynoGrid *spark = front != NULL ? front
                                        : tree->surfaces->surfaces[DYNO_SURFACE_SPARK_R].grid;
  HighLoad high = { .min = NAN, .max = NAN };

  for (guint row = 0; spark != NULL && row < spark->shape.rpm.n; row++)
    add_high_load_row (&high, spark, row);

  return high;
}

static void
look_at_soak (Tree           *tree,
              const HighLoad *high)
{
  gsize rows = tree->modes->counts[DYNO_MODE_HEAT_SOAK];
  double confidence = 0.5;
  DynoFinding *finding;

  if (rows < SOAK_ROWS && !((double) rows > SOAK_SHARE * (double) tree->modes->n_rows))
    return;

  confidence += high->max - high->min > SOAK_RANGE_DEG ? 0.15 : 0;
  confidence += tree->modes->has_iat ? 0.1 : -0.1;
  finding = take (tree, dyno_finding_new ("temp_trim_high_load", CLAMP (confidence, 0.4, 0.8),
                                          DYNO_EVIDENCE_INFERRED,
                                          "The engine stood in its own heat for %" G_GSIZE_FORMAT
                                          " rows: temperature trims may rule spark and fuel.",
                                          rows));
  dyno_finding_add_number (finding, "heat_soak_rows", (double) rows);
  dyno_finding_add_number (finding, "spark_range_deg", high->max - high->min);
  dyno_finding_add_check (finding, "Compare a pull on a cool engine with one right after "
                                   "standing: same speed, same load.");
}

static void
look_at_heat (Tree *tree)
{
  HighLoad high = look_at_high_load (tree);
  DynoFinding *finding;

  look_at_soak (tree, &high);
  if (high.n_cells < BROAD_CELLS || !(high.max - high.min < BROAD_RANGE_DEG)
      || !(high.sum / high.n_rows < BROAD_MEAN_DEG))
    return;

  finding = take (tree, dyno_finding_new ("temp_trim_broad", 0.55, DYNO_EVIDENCE_INFERRED,
                                          "Spark is low at every speed of high load (%.1f° on the "
                                          "mean): a trim may take it away everywhere.",
                                          high.sum / high.n_rows));
  dyno_finding_add_number (finding, "spark_mean_deg", high.sum / high.n_rows);
  dyno_finding_add_number (finding, "spark_range_deg", high.max - high.min);
  dyno_finding_add_check (finding, "Log intake air and engine temperature beside the spark.");
}

/* Fuel */

static void
look_at_fuel (Tree              *tree,
              const DynoSurface *surface,
              guint              cylinder)
{
  static const char *const lean[] = { "ve_lean_front", "ve_lean_rear" };
  static const char *const rich[] = { "ve_rich_front", "ve_rich_rear" };
  static const char *const names[] = { "front", "rear" };
  gboolean is_lean = surface->mean > 0;
  DynoFinding *finding;

  if (!(fabs (surface->mean) > VE_ERROR))
    return;

  finding = take (tree, dyno_finding_new (is_lean ? lean[cylinder] : rich[cylinder],
                                          MIN (0.85, 0.4 + fabs (surface->mean) / 5),
                                          DYNO_EVIDENCE_INFERRED,
                                          "The %s cylinder is %.2f AFR %s on the mean of the map: "
                                          "its VE table may be too %s.", names[cylinder],
                                          fabs (surface->mean), is_lean ? "lean" : "rich",
                                          is_lean ? "low" : "high"));
  dyno_finding_add_number (finding, "mean_error_afr", surface->mean);
  dyno_finding_add_check (finding, "Check the mixture sensor in free air before trusting it.");
}

static double
spread_of (const DynoSurface *surface)
{
  return surface->p95 - surface->p05;
}

static void
look_at_spread (Tree *tree)
{
  double spread = fmax (spread_of (&tree->surfaces->surfaces[DYNO_SURFACE_MIX_ERROR_F]),
                        spread_of (&tree->surfaces->surfaces[DYNO_SURFACE_MIX_ERROR_R]));
  DynoFinding *finding;

  if (!(spread > VE_SPREAD))
    return;

  finding = take (tree, dyno_finding_new ("ve_inconsistent", 0.6, DYNO_EVIDENCE_INFERRED,
                                          "The mixture error differs by %.1f AFR over the map: the "
                                          "shape of the VE table may not be this engine's.",
                                          spread));
  dyno_finding_add_number (finding, "spread_afr", spread);
  dyno_finding_add_check (finding, "Look for the cells with the largest errors and fill those "
                                   "around them.");
}

/* Data */

static void
look_at_data (Tree *tree)
{
  double least = INFINITY;

  if (tree->modes->n_rows < FEW_ROWS)
    take (tree, dyno_finding_new ("low_sample_count", 0.9, DYNO_EVIDENCE_MEASURED,
                                  "There are only %" G_GSIZE_FORMAT " rows: log more before "
                                  "judging.", tree->modes->n_rows));
  /* Knock is drawn at full load only: it never covers much. */
  for (guint i = 0; i < DYNO_SURFACE_KNOCK; i++)
    {
      if (tree->surfaces->surfaces[i].grid != NULL)
        least = MIN (least, tree->surfaces->surfaces[i].coverage_pct);
    }
  if (least < LOW_COVERAGE_PCT)
    take (tree, dyno_finding_new ("low_coverage", 0.7, DYNO_EVIDENCE_MEASURED,
                                  "Only %.0f %% of the map has data: log a wider range of speed "
                                  "and load.", least));
}

static int
compare_scores (gconstpointer a,
                gconstpointer b)
{
  const DynoFinding *left = *(DynoFinding *const *) a;
  const DynoFinding *right = *(DynoFinding *const *) b;

  return left->score < right->score ? 1 : left->score > right->score ? -1 : 0;
}

static DynoAdvice *
grow (Tree *tree)
{
  tree->advice = dyno_advice_new ("causes");
  look_at_tip_in (tree);
  for (guint i = 0; i < tree->valleys->n; i++)
    look_at_valley (tree, &tree->valleys->valleys[i]);
  look_at_dominance (tree);
  look_at_heat (tree);
  look_at_fuel (tree, &tree->surfaces->surfaces[DYNO_SURFACE_MIX_ERROR_F], 0);
  look_at_fuel (tree, &tree->surfaces->surfaces[DYNO_SURFACE_MIX_ERROR_R], 1);
  look_at_spread (tree);
  look_at_data (tree);
  g_ptr_array_sort (tree->advice->findings, compare_scores);

  return tree->advice;
}

DynoAdvice *
dyno_causes_find (const DynoVeSet    *set,
                  const DynoModes    *modes,
                  const DynoSurfaces *surfaces,
                  const DynoValleys  *valleys)
{
  Tree tree = { .modes = modes, .surfaces = surfaces, .valleys = valleys };
  DynoMixError rear;

  g_return_val_if_fail (set != NULL && modes != NULL && surfaces != NULL && valleys != NULL, NULL);

  /* The cylinder that is further off. */
  dyno_tip_in_error (set, modes, 0, &tree.tip_in);
  dyno_tip_in_error (set, modes, 1, &rear);
  if (tree.tip_in.n == 0 || fabs (rear.mean) > fabs (tree.tip_in.mean))
    tree.tip_in = rear;

  return grow (&tree);
}

DynoAdvice *
dyno_causes_find_compat (const DynoModes    *modes,
                         const DynoSurfaces *surfaces,
                         const DynoValleys  *valleys)
{
  const DynoSurface *error = &surfaces->surfaces[DYNO_SURFACE_MIX_ERROR_F];
  Tree tree = { .modes = modes, .surfaces = surfaces, .valleys = valleys };

  if (error->grid == NULL)
    error = &surfaces->surfaces[DYNO_SURFACE_MIX_ERROR_R];
  tree.tip_in = (DynoMixError){ error->n_samples, error->mean, error->p05, error->p95 };

  return grow (&tree);
}
