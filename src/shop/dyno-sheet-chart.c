/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-sheet-private.h"

#include <math.h>

#include "dyno-picture-axis.h"

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

/* In the legend, beside the line of its power. (transfer full) */
static char *
name_of (const DynoSheet *self,
         guint            index)
{
  const DynoSheetRun *run = g_ptr_array_index (self->runs, index);

  return g_strdup_printf ("%s%s%s%s", run->name,
                          dyno_sheet_is_baseline (self, index) ? " (baseline)" : "",
                          *run->date != '\0' ? ", " : "", run->date);
}

static void
add_line (const DynoSheet *self,
          DynoPictureAxis *axis,
          DynoQuantity     quantity,
          DynoDash         dash,
          guint            index)
{
  const DynoCurve *whole = curve_of (self, index);
  const DynoUnit *speed = dyno_unit_shown (self->units, DYNO_QUANTITY_SPEED);
  g_autoptr(DynoCurve) curve
    = dyno_curve_resample (whole, whole->is_over_speed ? STEP_KMH : STEP_RPM);
  const double *values = column_of (curve, quantity);
  g_autofree char *name = quantity == DYNO_QUANTITY_POWER ? name_of (self, index) : NULL;

  if (has_value (values, curve->n))
    dyno_picture_axis_take (axis, DYNO_LAYER_LINE, dash, index, name, curve->n,
                            curve->is_over_speed
                              ? dyno_picture_shown (speed, curve->x, curve->n)
                              : g_memdup2 (curve->x, curve->n * sizeof (double)),
                            values);
}

/* All runs' curves of a quantity on one side of a pane; power and torque from zero on,
 * mixture between whole numbers. */
static void
add_quantity (const DynoSheet *self,
              DynoPicture     *picture,
              guint            pane,
              DynoSide         side,
              DynoQuantity     quantity,
              DynoDash         dash,
              const char      *title)
{
  DynoPictureAxis axis
    = dyno_picture_axis (picture, pane, side, dyno_unit_shown (self->units, quantity));

  for (guint i = 0; i < self->runs->len; i++)
    add_line (self, &axis, quantity, dash, i);
  if (axis.low > axis.high)
    return;
  if (quantity == DYNO_QUANTITY_AFR)
    dyno_picture_axis_close (&axis, title, floor (axis.low), ceil (axis.high));
  else
    dyno_picture_axis_close (&axis, title, fmin (axis.low, 0), dyno_picture_axis_top (&axis));
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
  double first = INFINITY;
  double last = -INFINITY;

  for (guint i = 0; i < self->runs->len; i++)
    {
      const DynoCurve *curve = curve_of (self, i);

      first = curve->n > 0 ? fmin (first, curve->x[0]) : first;
      last = curve->n > 0 ? fmax (last, curve->x[curve->n - 1]) : last;
    }
  dyno_picture_set_x (picture, label, FALSE, dyno_unit_from_si (unit, first),
                      dyno_unit_from_si (unit, last));
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
  add_quantity (self, picture, pane, DYNO_SIDE_LEFT, DYNO_QUANTITY_POWER, DYNO_DASH_SOLID,
                "Power");
  add_quantity (self, picture, pane, DYNO_SIDE_RIGHT, DYNO_QUANTITY_TORQUE, DYNO_DASH_TORQUE,
                "Torque (dashed)");
  if (has_mixture (self))
    {
      pane = dyno_picture_add_pane (picture, "", MIXTURE_WEIGHT);
      add_quantity (self, picture, pane, DYNO_SIDE_LEFT, DYNO_QUANTITY_AFR, DYNO_DASH_SOLID,
                    "Mixture");
    }

  return picture;
}
