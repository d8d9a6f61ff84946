/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <gio/gio.h>

#include "dyno-live.h"
#include "dyno-plot.h"
#include "dyno-samples.h"

G_BEGIN_DECLS

/* What a layer of a chart shows: a name, a trace, and points (x, y) with x never
 * decreasing. The points come from arrays, from a column of DynoSamples or from
 * the live ring; all are SI of the series' quantity. Main thread.
 *
 * Between two points lies a gap, over which no line is drawn, where a NaN stands
 * or x steps by more than the gap width (time: max (0.5 s, 10 median steps)).
 *
 * Properties: name, trace, visible, pinned (the baseline). Signal `changed` when
 * points were exchanged or more of them can be seen; live points that arrive
 * are asked for with dyno_series_pull () and tell nobody. */

#define DYNO_TYPE_SERIES (dyno_series_get_type ())
G_DECLARE_FINAL_TYPE (DynoSeries, dyno_series, DYNO, SERIES, GObject)

/* Points kept of a live channel: ten minutes at 50 Hz. */
#define DYNO_SERIES_LIVE_POINTS 32768

/* The points as they lie in memory, valid until the series changes. SI of y is
 * y · scale + offset. `n` may grow while a long series is still being reduced. */
typedef struct
{
  const double *x;
  const double *y;
  const double *y_high; /* (nullable) the upper edge of a band */
  gsize         n;
  double        scale;
  double        offset;
  double        gap_x;  /* a greater step is a gap */
} DynoSeriesData;

DynoSeries  *dyno_series_new           (const char        *name,
                                        DynoQuantity       quantity);
/* Named and measured as the canonical channel; dyno_chart_set_samples () and
 * dyno_chart_set_live () fill it. Without a canonical channel: by its name. */
DynoSeries  *dyno_series_new_channel   (DynoChannel        channel);

const char  *dyno_series_get_name      (DynoSeries        *self);
void         dyno_series_set_name      (DynoSeries        *self,
                                        const char        *name);
DynoQuantity dyno_series_get_quantity  (DynoSeries        *self);
DynoChannel  dyno_series_get_channel   (DynoSeries        *self);
/* Which channel fills it from now on; NONE: that of its name. */
void         dyno_series_set_channel   (DynoSeries        *self,
                                        DynoChannel        channel);
guint        dyno_series_get_trace     (DynoSeries        *self);
void         dyno_series_set_trace     (DynoSeries        *self,
                                        guint              trace);
DynoDash     dyno_series_get_dash      (DynoSeries        *self);
void         dyno_series_set_dash      (DynoSeries        *self,
                                        DynoDash           dash);
gboolean     dyno_series_get_visible   (DynoSeries        *self);
void         dyno_series_set_visible   (DynoSeries        *self,
                                        gboolean           is_visible);
gboolean     dyno_series_get_pinned    (DynoSeries        *self);
void         dyno_series_set_pinned    (DynoSeries        *self,
                                        gboolean           is_pinned);

/* Points. `x` that is not in order is sorted. Copies; NaN in x is left out. */
void         dyno_series_set_arrays    (DynoSeries        *self,
                                        gsize              n,
                                        const double      *x,
                                        const double      *y);
void         dyno_series_set_band      (DynoSeries        *self,
                                        gsize              n,
                                        const double      *x,
                                        const double      *low,
                                        const double      *high);
/* `x` NULL: time. Keeps a reference; copies only where it must. A column with
 * update bits has a point where it was read anew, one without where it has rows. */
void         dyno_series_set_samples   (DynoSeries        *self,
                                        DynoSamples       *samples,
                                        const DynoColumn  *y,
                                        const DynoColumn  *x);
/* Follows the series' channel in the ring; x is the stamp in seconds. While the
 * channel is away its points stay; a new generation of the ring begins anew. */
void         dyno_series_set_live      (DynoSeries        *self,
                                        DynoLive          *live);
void         dyno_series_clear         (DynoSeries        *self);

/* Takes over what the ring has; TRUE when points came. */
gboolean     dyno_series_pull          (DynoSeries        *self);
/* Reduces a long series a piece further; TRUE when nothing is left to do. */
gboolean     dyno_series_reduce        (DynoSeries        *self);

void         dyno_series_get_data      (DynoSeries        *self,
                                        DynoSeriesData    *data);
/* Counts every change of points. _touched_since () answers the least x of what
 * changed after `serial`: −∞ all of it, +∞ nothing. */
guint        dyno_series_serial        (DynoSeries        *self);
double       dyno_series_touched_since (DynoSeries        *self,
                                        guint              serial);

/* First point with x not below `x`; n where there is none. */
gsize        dyno_series_find          (DynoSeries        *self,
                                        double             x);
double       dyno_series_x             (DynoSeries        *self,
                                        gsize              index);
double       dyno_series_y             (DynoSeries        *self,
                                        gsize              index);
gboolean     dyno_series_is_gap        (DynoSeries        *self,
                                        gsize              index); /* before this point */
/* Over first ≤ i < last; +∞ and −∞ without a number. A band: of both edges. */
void         dyno_series_range         (DynoSeries        *self,
                                        gsize              first,
                                        gsize              last,
                                        double            *min,
                                        double            *max);
/* On the line between the neighbours; NaN in a gap and beyond the ends. */
double       dyno_series_value_at      (DynoSeries        *self,
                                        double             x);
gboolean     dyno_series_has_points    (DynoSeries        *self);
/* Of all points, reduced or not; FALSE without any. */
gboolean     dyno_series_extent        (DynoSeries        *self,
                                        double            *x_min,
                                        double            *x_max);

G_END_DECLS
