/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-sheet-private.h"

#include <math.h>
#include <string.h>

/* The quantity is the line, the run is the colour and the letter. */

#define STEP_RPM 10.0
#define STEP_KMH 0.5
#define POWER_WEIGHT 95.0 /* of the panes, mm */
#define MIXTURE_WEIGHT 40.0

static const DynoCurve *
curve_of (const DynoSheet *self,
          guint            index)
{
  const DynoSheetRun *run = g_ptr_array_index (self->runs, index);

  return run->power->power->curve;
}

/* A range that grows with what it is shown. */
typedef struct
{
  double min;
  double max;
} Range;

static void
range_add (Range        *range,
           const double *values,
           gsize         n)
{
  for (gsize i = 0; i < n; i++)
    {
      range->min = fmin (range->min, values[i]);
      range->max = fmax (range->max, values[i]);
    }
}

static double *
to_shown (const DynoUnit *unit,
          const double   *values,
          gsize           n)
{
  double *shown = g_new (double, MAX (n, 1));

  for (gsize i = 0; i < n; i++)
    shown[i] = dyno_unit_from_si (unit, values[i]);

  return shown;
}

static gboolean
has_value (const double *values,
           gsize         n)
{
  for (gsize i = 0; i < n; i++)
    {
      if (!isnan (values[i]))
        return TRUE;
    }

  return FALSE;
}

/* Where the values of a quantity are in a curve. */
static const double *
column_of (const DynoCurve *curve,
           DynoQuantity     quantity)
{
  if (quantity == DYNO_QUANTITY_POWER)
    return curve->power_kw;

  return quantity == DYNO_QUANTITY_TORQUE ? curve->torque_nm : curve->afr;
}

/* All runs' curves of a quantity on one side of a pane, from `low` on or what they need. */
static void
add_quantity (const DynoSheet *self,
              DynoPicture     *picture,
              guint            pane,
              DynoSide         side,
              DynoQuantity     quantity,
              DynoDash         dash,
              double           low,
              const char      *label)
{
  const DynoUnit *unit = dyno_unit_shown (self->units, quantity);
  const DynoUnit *axis = dyno_unit_shown (self->units, DYNO_QUANTITY_SPEED);
  g_autofree char *title = g_strdup_printf ("%s, %s", label, unit->symbol);
  Range range = { low, -INFINITY };

  for (guint i = 0; i < self->runs->len; i++)
    {
      const DynoSheetRun *run = g_ptr_array_index (self->runs, i);
      double step = run->power->power->curve->is_over_speed ? STEP_KMH : STEP_RPM;
      g_autoptr(DynoCurve) curve = dyno_curve_resample (run->power->power->curve, step);
      const double *values = column_of (curve, quantity);
      g_autofree char *name = NULL;
      double *shown;

      if (!has_value (values, curve->n))
        continue;
      shown = to_shown (unit, values, curve->n);
      range_add (&range, shown, curve->n);
      name = g_strdup_printf ("%s%s%s%s", run->name, dyno_sheet_is_baseline (self, i) ? " (baseline)" : "",
                              *run->date != '\0' ? ", " : "", run->date);
      dyno_picture_take_curve (picture, pane, side, DYNO_LAYER_LINE, dash, i,
                               dash == DYNO_DASH_SOLID && quantity == DYNO_QUANTITY_POWER ? name
                                                                                          : NULL,
                               curve->n,
                               curve->is_over_speed ? to_shown (axis, curve->x, curve->n)
                                                    : g_memdup2 (curve->x, curve->n * sizeof (double)),
                               shown, NULL);
    }
  if (range.max > -INFINITY)
    {
      if (low == INFINITY)
        range = (Range) { floor (range.min), ceil (range.max) };
      else
        range.max += (range.max - range.min) * 0.06;
      dyno_picture_set_y (picture, pane, side, title, range.min, range.max);
    }
}

/* From the first point of any curve to the last. */
static void
set_x (const DynoSheet *self,
       DynoPicture     *picture)
{
  gboolean is_over_speed = self->runs->len > 0 && curve_of (self, 0)->is_over_speed;
  const DynoUnit *unit = dyno_unit_shown (self->units, is_over_speed ? DYNO_QUANTITY_SPEED
                                                                     : DYNO_QUANTITY_ROTATION);
  g_autofree char *label = g_strdup_printf ("%s, %s", is_over_speed ? "Speed" : "Engine speed",
                                            unit->symbol);
  Range range = { INFINITY, -INFINITY };

  for (guint i = 0; i < self->runs->len; i++)
    {
      const DynoCurve *curve = curve_of (self, i);

      if (curve->n > 0)
        range_add (&range, (const double[]) { curve->x[0], curve->x[curve->n - 1] }, 2);
    }
  dyno_picture_set_x (picture, label, FALSE, dyno_unit_from_si (unit, range.min),
                      dyno_unit_from_si (unit, range.max));
}

static gboolean
has_mixture (const DynoSheet *self)
{
  for (guint i = 0; i < self->runs->len; i++)
    {
      const DynoCurve *curve = curve_of (self, i);

      if (has_value (curve->afr, curve->n))
        return TRUE;
    }

  return FALSE;
}

DynoPicture *
dyno_sheet_chart (const DynoSheet *self)
{
  DynoPicture *picture = dyno_picture_new (DYNO_LOOK_LIGHT, "");
  guint pane = dyno_picture_add_pane (picture, "", POWER_WEIGHT);

  set_x (self, picture);
  add_quantity (self, picture, pane, DYNO_SIDE_LEFT, DYNO_QUANTITY_POWER, DYNO_DASH_SOLID, 0,
                "Power");
  add_quantity (self, picture, pane, DYNO_SIDE_RIGHT, DYNO_QUANTITY_TORQUE, DYNO_DASH_TORQUE, 0,
                "Torque (dashed)");
  if (has_mixture (self))
    {
      pane = dyno_picture_add_pane (picture, "", MIXTURE_WEIGHT);
      add_quantity (self, picture, pane, DYNO_SIDE_LEFT, DYNO_QUANTITY_AFR, DYNO_DASH_SOLID,
                    INFINITY, "Mixture");
    }

  return picture;
}
