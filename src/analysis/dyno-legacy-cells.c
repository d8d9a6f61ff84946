/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-legacy-cells.h"

#include <math.h>

#include "dyno-stat.h"

#define LEAST_WEIGHT 5.0

typedef struct
{
  double  error; /* Σ error · weight; the next two alike */
  double  torque;
  double  hp;
  double  weight;
  double  knock;
  double  iat_f;
  GArray *errors; /* (owned) of double */
} Sums;

struct _DynoLegacyCells
{
  DynoLegacyRole target;
  DynoLegacyRole mix;
  DynoLegacyRole knock;
  DynoLegacyRole weight;
  Sums           sums[DYNO_LEGACY_CELLS];
  guint64        counts[DYNO_N_GATES];
};

DynoLegacyCells *
dyno_legacy_cells_new (guint          cylinder,
                       DynoLegacyRole weight)
{
  DynoLegacyCells *self = g_new0 (DynoLegacyCells, 1);

  self->target = cylinder == DYNO_LEGACY_FRONT ? DYNO_LEGACY_TARGET_F : DYNO_LEGACY_TARGET_R;
  self->mix = cylinder == DYNO_LEGACY_FRONT ? DYNO_LEGACY_MIX_F : DYNO_LEGACY_MIX_R;
  self->knock = cylinder == DYNO_LEGACY_FRONT ? DYNO_LEGACY_KNOCK_F : DYNO_LEGACY_KNOCK_R;
  self->weight = weight;
  for (guint i = 0; i < DYNO_LEGACY_CELLS; i++)
    {
      self->sums[i].iat_f = NAN;
      self->sums[i].errors = g_array_new (FALSE, FALSE, sizeof (double));
    }

  return self;
}

void
dyno_legacy_cells_free (DynoLegacyCells *self)
{
  if (self == NULL)
    return;

  for (guint i = 0; i < DYNO_LEGACY_CELLS; i++)
    g_array_unref (self->sums[i].errors);
  g_free (self);
}

static gboolean
is_afr (double value)
{
  return value >= 9 && value <= 18;
}

/* A channel that may be absent, and its range. */
static gboolean
is_absent_or_in (double value,
                 double low,
                 double high)
{
  return isnan (value) || (value >= low && value <= high);
}

/* In the order of the original: the first that fails is the reason. */
static DynoGate
judge (const DynoLegacyCells *self,
       const double           row[DYNO_LEGACY_N_ROLES])
{
  if (isnan (row[self->target]))
    return DYNO_GATE_NO_TARGET;
  if (!is_afr (row[self->mix]) || !is_afr (row[self->target]))
    return DYNO_GATE_MIX_WINDOW;
  if (!is_absent_or_in (row[DYNO_LEGACY_IAT], 30, 300))
    return DYNO_GATE_IAT_RANGE;
  if (!is_absent_or_in (row[DYNO_LEGACY_MAP], 10, 110))
    return DYNO_GATE_MAP_RANGE;
  if (!is_absent_or_in (row[DYNO_LEGACY_TPS], 0, 100))
    return DYNO_GATE_TPS_RANGE;

  return row[self->weight] >= LEAST_WEIGHT ? DYNO_GATE_ACCEPTED : DYNO_GATE_LOW_WEIGHT;
}

void
dyno_legacy_cells_add (DynoLegacyCells *self,
                       const double     row[DYNO_LEGACY_N_ROLES],
                       guint            cell)
{
  DynoGate reason = judge (self, row);
  double weight = row[self->weight];
  Sums *sums = &self->sums[cell];
  double error;

  self->counts[reason]++;
  if (reason != DYNO_GATE_ACCEPTED)
    return;

  error = (row[self->target] - row[self->mix]) / row[self->mix] * 100;
  sums->error += error * weight;
  sums->torque += row[DYNO_LEGACY_TORQUE] * weight;
  if (!isnan (row[DYNO_LEGACY_HP]))
    sums->hp += row[DYNO_LEGACY_HP] * weight;
  sums->weight += weight;
  sums->knock = fmax (sums->knock, row[self->knock]);
  sums->iat_f = fmax (sums->iat_f, row[DYNO_LEGACY_IAT]);
  g_array_append_val (sums->errors, error);
}

static void
finish_cell (Sums               *sums,
             DynoLegacyCylinder *cylinder,
             guint               cell)
{
  double *errors = (double *) (gpointer) sums->errors->data;
  guint n = sums->errors->len;

  cylinder->error_pct[cell] = n > 0 ? sums->error / sums->weight : NAN;
  cylinder->torque[cell] = sums->torque > 0 ? sums->torque / sums->weight : NAN;
  cylinder->hp[cell] = sums->hp > 0 ? sums->hp / sums->weight : NAN;
  cylinder->mad_pct[cell] = n > 0 ? dyno_stat_mad (errors, n, dyno_stat_median (errors, n)) : NAN;
  cylinder->knock[cell] = sums->knock;
  cylinder->iat_f[cell] = sums->iat_f;
  cylinder->hits[cell] = n;
}

void
dyno_legacy_cells_finish (DynoLegacyCells    *self,
                          DynoLegacyCylinder *cylinder)
{
  for (guint i = 0; i < DYNO_LEGACY_CELLS; i++)
    finish_cell (&self->sums[i], cylinder, i);
  for (guint i = 0; i < DYNO_N_GATES; i++)
    cylinder->counts[i] = self->counts[i];
}
