/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-valley.h"

#include <math.h>

#define LEAST_POINTS 5
#define LEAST_DROP_DEG 2

/* The mean spark of each engine speed at high load; NaN without data. */
typedef struct
{
  guint   n;
  guint   n_valid;
  double  raw[DYNO_AXIS_MAX];
  double  spark[DYNO_AXIS_MAX]; /* filled up and smoothed */
  guint64 hits[DYNO_AXIS_MAX];
  double  map_kpa;
} Curve;

const char *
dyno_valley_cylinder_name (DynoValleyCylinder cylinder)
{
  static const char *const names[] = { "front", "rear", "both" };

  g_return_val_if_fail (cylinder < G_N_ELEMENTS (names), NULL);

  return names[cylinder];
}

static guint
first_column (const DynoGrid *spark)
{
  guint column = 0;

  while (column < spark->shape.load.n && spark->shape.load.at[column] < DYNO_VALLEY_MAP)
    column++;

  return column;
}

static void
read_row (Curve          *curve,
          const DynoGrid *spark,
          guint           first,
          guint           row)
{
  guint columns = spark->shape.load.n;
  double sum = 0;
  guint n = 0;

  for (guint c = first; c < columns; c++)
    {
      double value = spark->values[row * columns + c];

      curve->hits[row] += spark->hits[row * columns + c];
      if (isnan (value))
        continue;
      sum += value;
      n++;
    }
  curve->raw[row] = n > 0 ? sum / n : NAN;
  curve->n_valid += n > 0;
}

static void
read_curve (Curve          *curve,
            const DynoGrid *spark)
{
  guint first = first_column (spark);
  guint columns = spark->shape.load.n;

  curve->n = spark->shape.rpm.n;
  for (guint row = 0; row < curve->n; row++)
    read_row (curve, spark, first, row);
  for (guint c = first; c < columns; c++)
    curve->map_kpa += spark->shape.load.at[c] / (columns - first);
}

/* The nearest value on one side; NaN without. */
static double
look (const Curve *curve,
      guint        from,
      int          step)
{
  int i = (int) from + step;

  while (i >= 0 && i < (int) curve->n && isnan (curve->raw[i]))
    i += step;

  return i >= 0 && i < (int) curve->n ? curve->raw[i] : NAN;
}

/* A hole gets the mean of its neighbours, or the one there is. */
static double
filled (const Curve *curve,
        guint        i)
{
  double left = look (curve, i, -1);
  double right = look (curve, i, 1);

  if (!isnan (curve->raw[i]))
    return curve->raw[i];
  if (isnan (left) || isnan (right))
    return isnan (left) ? right : left;

  return (left + right) / 2;
}

static void
smooth (Curve *curve)
{
  for (guint i = 0; i < curve->n; i++)
    {
      guint first = i > 0 ? i - 1 : 0;
      guint last = MIN (i + 1, curve->n - 1);
      double sum = 0;

      for (guint k = first; k <= last; k++)
        sum += filled (curve, k);
      curve->spark[i] = sum / (last - first + 1);
    }
}

static double
most (const Curve *curve,
      guint        first,
      guint        end)
{
  double most = -INFINITY;

  for (guint i = first; i < end; i++)
    most = MAX (most, curve->spark[i]);

  return most;
}

/* The deepest point of the middle speeds; n: none. */
static guint
find_lowest (const Curve *curve)
{
  guint begin = MAX (1, (guint) (0.2 * curve->n));
  guint end = MIN (curve->n - 1, (guint) (0.8 * curve->n));
  guint lowest = curve->n;
  double deepest = 0;

  for (guint i = begin; i < end; i++)
    {
      double drop = most (curve, 0, i) - curve->spark[i];
      double rise = most (curve, i + 1, curve->n) - curve->spark[i];

      if (drop < LEAST_DROP_DEG || rise < LEAST_DROP_DEG || drop + rise <= deepest)
        continue;
      deepest = drop + rise;
      lowest = i;
    }

  return lowest;
}

/* How far the curve stays within half of the depth, to one side. */
static guint
band_end (const Curve *curve,
          guint        lowest,
          double       limit,
          int          step)
{
  int i = (int) lowest;

  while (i + step >= 0 && i + step < (int) curve->n && curve->spark[i + step] <= limit)
    i += step;

  return (guint) i;
}

static double
confidence_of (const Curve *curve,
               guint        lowest,
               double       depth)
{
  double coverage = 100.0 * curve->n_valid / curve->n;
  guint64 hits = curve->hits[lowest - 1] + curve->hits[lowest] + curve->hits[lowest + 1];
  double confidence = coverage >= 80 ? 0.4 : coverage >= 60 ? 0.3 : coverage >= 40 ? 0.2 : 0.1;

  confidence += depth >= 6 ? 0.3 : depth >= 4 ? 0.25 : depth >= 2 ? 0.15 : 0.05;
  confidence += hits >= 30 ? 0.3 : hits >= 15 ? 0.2 : hits >= 5 ? 0.1 : 0;

  return MIN (confidence, 1);
}

static void
describe (const Curve    *curve,
          guint           lowest,
          const DynoAxis *rpm,
          DynoValley     *valley)
{
  double least = curve->spark[lowest];
  double before = most (curve, 0, lowest);
  double behind = most (curve, lowest + 1, curve->n);
  double depth = (before + behind) / 2 - least;

  *valley = (DynoValley){ .rpm = rpm->at[lowest],
                          .rpm_low = rpm->at[band_end (curve, lowest, least + depth / 2, -1)],
                          .rpm_high = rpm->at[band_end (curve, lowest, least + depth / 2, 1)],
                          .depth_deg = depth,
                          .least_deg = least,
                          .before_deg = before,
                          .behind_deg = behind,
                          .map_kpa = curve->map_kpa,
                          .confidence = confidence_of (curve, lowest, depth) };
}

gboolean
dyno_valley_find (const DynoGrid *spark,
                  DynoValley     *valley)
{
  Curve curve = { 0 };
  guint lowest;

  g_return_val_if_fail (spark != NULL && valley != NULL, FALSE);

  read_curve (&curve, spark);
  if (curve.n_valid < LEAST_POINTS)
    return FALSE;
  smooth (&curve);
  lowest = find_lowest (&curve);
  if (lowest == curve.n)
    return FALSE;
  describe (&curve, lowest, &spark->shape.rpm, valley);

  return TRUE;
}

static void
find_one (DynoValleys       *self,
          const DynoSurface *surface,
          DynoValleyCylinder cylinder)
{
  DynoValley *valley = &self->valleys[self->n];

  if (surface->grid == NULL || !dyno_valley_find (surface->grid, valley))
    return;

  valley->cylinder = cylinder;
  self->n++;
}

void
dyno_valleys_find (const DynoSurfaces *surfaces,
                   DynoValleys        *valleys)
{
  const DynoSurface *front = &surfaces->surfaces[DYNO_SURFACE_SPARK_F];
  const DynoSurface *rear = &surfaces->surfaces[DYNO_SURFACE_SPARK_R];

  *valleys = (DynoValleys){ .n = 0 };
  if (front->is_shared && rear->is_shared)
    {
      find_one (valleys, front, DYNO_VALLEY_BOTH);
      return;
    }
  find_one (valleys, front, DYNO_VALLEY_FRONT);
  find_one (valleys, rear, DYNO_VALLEY_REAR);
}

const DynoValley *
dyno_valleys_get (const DynoValleys *self,
                  DynoValleyCylinder cylinder)
{
  for (guint i = 0; i < self->n; i++)
    {
      if (self->valleys[i].cylinder == cylinder)
        return &self->valleys[i];
    }

  return NULL;
}

static DynoFinding *
advise_one (const DynoValley *valley)
{
  DynoFinding *finding = dyno_finding_new (
      "spark-valley", valley->depth_deg, DYNO_EVIDENCE_MEASURED,
      "Spark drops by %.1f° around %.0f rpm at high load (%s).", valley->depth_deg, valley->rpm,
      valley->cylinder == DYNO_VALLEY_BOTH ? "one channel for both cylinders"
                                           : dyno_valley_cylinder_name (valley->cylinder));

  dyno_finding_add_number (finding, "rpm", valley->rpm);
  dyno_finding_add_number (finding, "rpm_low", valley->rpm_low);
  dyno_finding_add_number (finding, "rpm_high", valley->rpm_high);
  dyno_finding_add_number (finding, "depth_deg", valley->depth_deg);
  dyno_finding_add_number (finding, "least_deg", valley->least_deg);
  dyno_finding_add_number (finding, "before_deg", valley->before_deg);
  dyno_finding_add_number (finding, "behind_deg", valley->behind_deg);
  dyno_finding_add_number (finding, "map_kpa", valley->map_kpa);
  dyno_finding_add_number (finding, "confidence", valley->confidence);
  dyno_finding_add_check (finding, "Log knock at full load through this band.");

  return finding;
}

/* The cells of the band at high load. */
static void
add_cells (DynoFinding         *finding,
           const DynoValley    *valley,
           const DynoGridShape *shape)
{
  for (guint row = 0; row < shape->rpm.n; row++)
    {
      if (shape->rpm.at[row] < valley->rpm_low || shape->rpm.at[row] > valley->rpm_high)
        continue;
      for (guint c = 0; c < shape->load.n; c++)
        {
          if (shape->load.at[c] >= DYNO_VALLEY_MAP)
            dyno_finding_add_cell (finding, row * shape->load.n + c);
        }
    }
}

DynoAdvice *
dyno_valleys_advise (const DynoValleys  *self,
                     const DynoSurfaces *surfaces)
{
  DynoAdvice *advice = dyno_advice_new ("spark-valley");
  const DynoGrid *front = surfaces->surfaces[DYNO_SURFACE_SPARK_F].grid;
  const DynoGrid *rear = surfaces->surfaces[DYNO_SURFACE_SPARK_R].grid;
  const DynoGrid *any = front != NULL ? front : rear;

  if (any == NULL)
    dyno_advice_lacks (advice, "spark");
  for (guint i = 0; i < self->n; i++)
    {
      DynoFinding *finding = advise_one (&self->valleys[i]);

      add_cells (finding, &self->valleys[i], &any->shape);
      dyno_advice_take (advice, finding);
    }

  return advice;
}
