/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* Spark valleys and knock; part of the cause tree. */

#include "config.h"

#include "dyno-cause-private.h"

#include <math.h>

#define VALLEY_DEG 3
#define DEEP_VALLEY_DEG 5
#define DOMINANT_DEG 2
#define KNOCK_SHARE 1.2

/* Knock at high load, inside a band of engine speed and outside of it. */
typedef struct
{
  double in_sum, out_sum;
  guint n_in, n_out;
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
valley_confidence (const DynoCauseTree *tree,
                   const DynoValley    *valley,
                   gboolean            *is_confirmed)
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
look_at_valley (DynoCauseTree    *tree,
                const DynoValley *valley)
{
  static const char *const kinds[]
      = { "knock_limit_valley_front", "knock_limit_valley_rear", "knock_limit_valley_both" };
  gboolean is_confirmed;
  double confidence;
  DynoFinding *finding;

  if (valley->depth_deg < VALLEY_DEG)
    return;

  confidence = valley_confidence (tree, valley, &is_confirmed);
  finding = dyno_finding_new (kinds[valley->cylinder], confidence, DYNO_EVIDENCE_INFERRED,
                              "Spark drops by %.1f° around %.0f rpm at high load%s: "
                              "the engine may run at its knock limit there.",
                              valley->depth_deg, valley->rpm,
                              is_confirmed ? " and knock is logged in that band" : "");
  dyno_advice_take (tree->advice, finding);
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
look_at_dominance (DynoCauseTree *tree)
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

  finding = more > 0 ? dyno_finding_new ("knock_rear_dominant",
                                         tree->surfaces->has_knock ? 0.75 : 0.75 - 0.1,
                                         DYNO_EVIDENCE_INFERRED,
                                         "The rear cylinder's spark valley is %.1f° deeper: "
                                         "it may knock first, being the hotter one.",
                                         more)
                     : dyno_finding_new ("knock_front_dominant", 0.6, DYNO_EVIDENCE_INFERRED,
                                         "The front cylinder's spark valley is %.1f° "
                                         "deeper, which is unusual: look at its cooling "
                                         "and its sensors.",
                                         -more);
  dyno_advice_take (tree->advice, finding);
  dyno_finding_add_number (finding, "front_depth_deg", front->depth_deg);
  dyno_finding_add_number (finding, "rear_depth_deg", rear->depth_deg);
  dyno_finding_add_check (finding, "Log knock per cylinder.");
}

void
dyno_cause_knock (DynoCauseTree *tree)
{
  for (guint i = 0; i < tree->valleys->n; i++)
    look_at_valley (tree, &tree->valleys->valleys[i]);
  look_at_dominance (tree);
}
