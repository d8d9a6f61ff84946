/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-picture.h"
#include "dyno-units.h"

G_BEGIN_DECLS

/* One side of a pane that grows with the lines that are hung on it: how the exported
 * chart of a run and the customer's sheet draw power, torque and mixture. Numbers come
 * in SI and are shown in the axis' unit. Pure, one thread at a time. */

typedef struct
{
  DynoPicture    *picture; /* (borrowed) */
  guint           pane;
  DynoSide        side;
  const DynoUnit *unit;
  double          low;     /* of the lines, in that unit; above `high`: there is none */
  double          high;
} DynoPictureAxis;

DynoPictureAxis dyno_picture_axis       (DynoPicture            *picture,
                                         guint                   pane,
                                         DynoSide                side,
                                         const DynoUnit         *unit);

/* A line of n points; its numbers count for the ends of the axis unless it is RAW, which
 * lies behind. `x`, in the picture's unit, is taken over. */
void            dyno_picture_axis_take  (DynoPictureAxis        *self,
                                         DynoLayerKind           kind,
                                         DynoDash                dash,
                                         guint                   trace,
                                         const char             *name,
                                         gsize                   n,
                                         double                 *x,
                                         const double           *si);

/* Where an axis ends that holds zero: over the lines by 6 % of it. */
double          dyno_picture_axis_top   (const DynoPictureAxis  *self);
/* Labels it "Power, kW", from `low` to `high`. */
void            dyno_picture_axis_close (const DynoPictureAxis  *self,
                                         const char             *title,
                                         double                  low,
                                         double                  high);

/* (transfer full) n numbers in that unit. */
double         *dyno_picture_shown      (const DynoUnit         *unit,
                                         const double           *si,
                                         gsize                   n);

G_END_DECLS
