/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-picture-axis.h"

#include <math.h>

#define AIR 0.06

double *
dyno_picture_shown (const DynoUnit *unit,
                    const double   *si,
                    gsize           n)
{
  double *shown = g_new (double, MAX (n, 1));

  for (gsize i = 0; i < n; i++)
    shown[i] = dyno_unit_from_si (unit, si[i]);

  return shown;
}

DynoPictureAxis
dyno_picture_axis (DynoPicture    *picture,
                   guint           pane,
                   DynoSide        side,
                   const DynoUnit *unit)
{
  return (DynoPictureAxis){ picture, pane, side, unit, INFINITY, -INFINITY };
}

void
dyno_picture_axis_take (DynoPictureAxis *self,
                        DynoLayerKind    kind,
                        DynoDash         dash,
                        guint            trace,
                        const char      *name,
                        gsize            n,
                        double          *x,
                        const double    *si)
{
  double *shown = dyno_picture_shown (self->unit, si, n);

  for (gsize i = 0; kind != DYNO_LAYER_RAW && i < n; i++)
    {
      self->low = fmin (self->low, shown[i]);
      self->high = fmax (self->high, shown[i]);
    }
  dyno_picture_take_curve (self->picture, self->pane, self->side, kind, dash, trace, name, n, x,
                           shown, NULL);
}

double
dyno_picture_axis_top (const DynoPictureAxis *self)
{
  double high = fmax (self->high, 0);

  return high + AIR * (high - fmin (self->low, 0));
}

void
dyno_picture_axis_close (const DynoPictureAxis *self,
                         const char            *title,
                         double                 low,
                         double                 high)
{
  g_autofree char *label = g_strdup_printf ("%s, %s", title, self->unit->symbol);

  dyno_picture_set_y (self->picture, self->pane, self->side, label, low, high);
}
