/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <gio/gio.h>

#include "dyno-units.h"

G_BEGIN_DECLS

/* One axis of a chart: the range in view, in SI, and where its values lie on a
 * length in px. Ticks and texts are in the unit shown. Main thread.
 *
 * A lying ruler (x) is divided into pixel columns and begins at a whole one: its
 * range is [first · dx, (first + n) · dx]. An upright one (y) has its least
 * value at the bottom, at place `length`. The range is never empty or NaN.
 *
 * Signal `changed`: range, length, unit or limits are others. */

#define DYNO_TYPE_RULER (dyno_ruler_get_type ())
G_DECLARE_FINAL_TYPE (DynoRuler, dyno_ruler, DYNO, RULER, GObject)

typedef struct
{
  double place; /* px from the left or the top */
  char  *text;  /* (owned) by the caller */
} DynoRulerTick;

DynoRuler      *dyno_ruler_new          (DynoQuantity     quantity,
                                         gboolean         is_upright);

DynoQuantity    dyno_ruler_get_quantity (DynoRuler       *self);
const DynoUnit *dyno_ruler_get_unit     (DynoRuler       *self);
void            dyno_ruler_set_unit     (DynoRuler       *self,
                                         const DynoUnit  *unit);
void            dyno_ruler_set_quantity (DynoRuler       *self,
                                         DynoQuantity     quantity);

/* Texts count back from the right end: 0 is now. */
void            dyno_ruler_set_relative (DynoRuler       *self,
                                         gboolean         is_relative);
gboolean        dyno_ruler_get_relative (DynoRuler       *self);

/* Place. `n_columns` are device pixels, 0 for an upright ruler. */
void            dyno_ruler_set_length   (DynoRuler       *self,
                                         double           length,
                                         guint            n_columns);
double          dyno_ruler_get_length   (DynoRuler       *self);
double          dyno_ruler_place        (DynoRuler       *self,
                                         double           value);
double          dyno_ruler_value        (DynoRuler       *self,
                                         double           place);
/* First column, their number and their width in SI. */
double          dyno_ruler_get_columns  (DynoRuler       *self,
                                         gint64          *first,
                                         guint           *n_columns);

/* Range in view. What is empty, exchanged or not finite is widened. */
void            dyno_ruler_set_range    (DynoRuler       *self,
                                         double           min,
                                         double           max);
void            dyno_ruler_get_range    (DynoRuler       *self,
                                         double          *min,
                                         double          *max);
/* Where there is data; not a number: unlimited. Nothing moves. */
void            dyno_ruler_set_limits   (DynoRuler       *self,
                                         double           min,
                                         double           max);
/* The whole data: lying exactly, upright rounded to ticks, from zero where
 * zero is near. FALSE without limits. */
gboolean        dyno_ruler_fit          (DynoRuler       *self);
/* As fit, but grows at once and shrinks only when less than 60 % is used: for a
 * range that follows live values. */
void            dyno_ruler_follow       (DynoRuler       *self,
                                         double           min,
                                         double           max);
/* factor > 1 shows less; `at` keeps its place. */
void            dyno_ruler_zoom         (DynoRuler       *self,
                                         double           factor,
                                         double           at);
/* By a distance in px, positive shows what lies to the right or above; lying by
 * whole columns. A tenth of the data stays in view. */
void            dyno_ruler_pan          (DynoRuler       *self,
                                         double           distance);
/* Moves the right end to the column that holds `x`; TRUE when it moved. */
gboolean        dyno_ruler_scroll_to    (DynoRuler       *self,
                                         double           x);

/* At most `max` ticks within the length, in order of their values. */
guint           dyno_ruler_ticks        (DynoRuler       *self,
                                         DynoRulerTick   *ticks,
                                         guint            max);
void            dyno_ruler_clear_ticks  (DynoRulerTick   *ticks,
                                         guint            n);

/* "4350 rpm": a value of this axis for people, without and with the unit. */
char           *dyno_ruler_format       (DynoRuler       *self,
                                         double           value,
                                         gboolean         with_unit);

/* "Power, kW" */
char           *dyno_ruler_label        (DynoRuler       *self);

G_END_DECLS
