/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <cairo.h>

#include "dyno-palette.h"

G_BEGIN_DECLS

/* How a curve gets onto a cairo context: the mathematics of an axis and the
 * strokes, the same for window, picture and report. Values are in the unit
 * shown, places in px (or pt) of the context. Pure, any thread. */

/* Axis. `min` < `max`; `from` and `to` are their places (an upright axis has
 * `from` below, so the greater place). */
typedef struct
{
  double min;
  double max;
  double from;
  double to;
} DynoPlotScale;

double      dyno_plot_place     (const DynoPlotScale *scale,
                                 double               value);
double      dyno_plot_value     (const DynoPlotScale *scale,
                                 double               place);

/* Makes a range of anything: exchanged ends, a single value, NaN, infinities.
 * Afterwards both are finite and min < max by more than rounding. */
void        dyno_plot_widen     (double              *min,
                                 double              *max);

/* Ticks at multiples of 1, 2 or 5 × 10ⁿ (time: also of 30 s and of minutes and
 * hours), the closest that are at least 60 px apart, so at most 150. Tick i is
 * (first + i) · step. */
typedef struct
{
  gint64 first;
  double step;
  guint  n;
} DynoPlotTicks;

#define DYNO_PLOT_MAX_TICKS 256

DynoPlotTicks dyno_plot_ticks   (double               min,
                                 double               max,
                                 double               length,
                                 gboolean             is_time);
double      dyno_plot_tick      (const DynoPlotTicks *ticks,
                                 guint                index);
/* As many decimals as the step needs, U+2212, thin groups of three from 10 000
 * on; time from a minute on as "1:40". (transfer full) */
char       *dyno_plot_tick_text (const DynoPlotTicks *ticks,
                                 guint                index,
                                 gboolean             is_time);
/* Moves both ends outward to the ticks of an axis of that length. */
void        dyno_plot_round     (double              *min,
                                 double              *max,
                                 double               length);

/* What a layer of a chart is. */
typedef enum
{
  DYNO_LAYER_LINE,
  DYNO_LAYER_RAW,    /* the same curve before smoothing, faint, behind */
  DYNO_LAYER_BAND,   /* between two curves: a target with its tolerance */
  DYNO_LAYER_BARS,   /* from zero */
  DYNO_LAYER_POINTS,
  DYNO_N_LAYER_KINDS
} DynoLayerKind;

/* Quantity is the line style (ui.md 1.1): solid power and front mixture, 6-3
 * torque, 2-2 rear mixture, 1-3 target. */
typedef enum
{
  DYNO_DASH_SOLID,
  DYNO_DASH_TORQUE,
  DYNO_DASH_REAR,
  DYNO_DASH_TARGET,
  DYNO_DASH_DOTS, /* raw in high contrast */
  DYNO_N_DASHES
} DynoDash;

typedef struct
{
  DynoColour colour;
  double     width;
  DynoDash   dash;
  gboolean   is_marked; /* a disc each 60 px, for traces A′…H′ */
  double     phase;     /* px of curve that lie before the first point: the dashes */
                        /* of a curve drawn in parts go on where they were */
  double     anchor;    /* place x where a marker could be */
} DynoPlotStyle;

typedef struct
{
  double x;
  double y; /* NaN lifts the pen */
} DynoPlotPoint;

/* Colour, width and dash of a kind of layer for a trace. `width` is that of a
 * line: 2, in shop mode and high contrast 3. */
DynoPlotStyle dyno_plot_style   (DynoLook             look,
                                 DynoLayerKind        kind,
                                 guint                trace,
                                 DynoDash             dash,
                                 double               width);

/* Length of a dash and the space behind it, px; 0 for a solid line. */
double      dyno_plot_period    (const DynoPlotStyle *style);

void        dyno_plot_curve     (cairo_t             *cr,
                                 const DynoPlotStyle *style,
                                 const DynoPlotPoint *points,
                                 gsize                n);
/* Filled between points of the same place x; `low` and `high` have the same n. */
void        dyno_plot_band      (cairo_t             *cr,
                                 const DynoPlotStyle *style,
                                 const DynoPlotPoint *low,
                                 const DynoPlotPoint *high,
                                 gsize                n);
/* `base` is the place of zero. */
void        dyno_plot_bars      (cairo_t             *cr,
                                 const DynoPlotStyle *style,
                                 const DynoPlotPoint *points,
                                 gsize                n,
                                 double               base);
void        dyno_plot_points    (cairo_t             *cr,
                                 const DynoPlotStyle *style,
                                 const DynoPlotPoint *points,
                                 gsize                n);
/* No data: the ground with 45° lines, 1 px each 6 px. */
void        dyno_plot_hatch     (cairo_t             *cr,
                                 DynoLook             look,
                                 double               x,
                                 double               y,
                                 double               width,
                                 double               height);

void        dyno_plot_set_colour (cairo_t            *cr,
                                  DynoColour          colour);

G_END_DECLS
