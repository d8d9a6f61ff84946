/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <gtk/gtk.h>

#include "dyno-picture.h"
#include "dyno-series.h"

G_BEGIN_DECLS

/* A chart: panes one above the other over one x axis, in each pane layers of
 * series. Main thread; ui.md 4.1 says what each pointer and key does.
 *
 * Review: give series their points, or give samples to series of a channel.
 * Live: give the ring; the chart then follows it once a frame, while mapped and
 * following, and draws only when a pixel column is full.
 *
 * Values are SI; what is shown is in the units of the reader.
 *
 * Properties: title, following, active-series. Signals:
 *   cursor-moved (guint which, double x)          which is 0 or 1; x NaN: off
 *   range-changed (double min, double max)        of x, by hand or by the program
 *   series-dropped (guint pane, const char *name) a channel's name was dropped
 *
 * Actions: chart.zoom-in, .zoom-out, .pan-left, .pan-right, .fit, .fit-x, .fit-y,
 * .undo-zoom, .zoom-to-cursors, .mark, .clear-cursors, .swap-cursor,
 * .cursor-to-start, .cursor-to-end, .next-peak, .next-valley, .next-gap,
 * .previous-series, .next-series, .hide-series, .pin-series, .copy, .picture,
 * .menu; chart.move-cursor (i: px) and chart.move-sample (i: −1 or 1). */

#define DYNO_TYPE_CHART (dyno_chart_get_type ())
G_DECLARE_FINAL_TYPE (DynoChart, dyno_chart, DYNO, CHART, GtkWidget)

typedef enum
{
  DYNO_FIT_ALL,
  DYNO_FIT_X,
  DYNO_FIT_Y,
} DynoFit;

/* Counted since the chart was made; for tests and benches. */
typedef struct
{
  guint64 n_ticks;      /* frames in which it looked for something to do */
  guint64 n_folded;     /* columns looked at */
  guint64 n_drawn;      /* times that curves were drawn, over all panes */
  guint64 n_whole;      /* times that a pane's were all drawn anew */
  guint   n_lines;      /* curves in the last drawing of all panes */
  guint   n_points;     /* points in it */
  gint64  fold_us;      /* time of the last fold */
} DynoChartStats;

GtkWidget  *dyno_chart_new           (void);
void        dyno_chart_set_title     (DynoChart        *self,
                                      const char       *title);
/* Below a picture: correction, smoothing. */
void        dyno_chart_set_caption   (DynoChart        *self,
                                      const char       *caption);
void        dyno_chart_set_units     (DynoChart        *self,
                                      DynoUnitSet       units);

/* The answer is the pane's index. A pane has the axis of `y` on the left, and
 * one on the right for the first series of another quantity. */
guint       dyno_chart_add_pane      (DynoChart        *self,
                                      const char       *title,
                                      DynoQuantity      y,
                                      double            weight);
/* Both axes of the pane have one scale in the units shown, so that power in hp
 * and torque in lbf·ft cross at 5252 rpm. */
void        dyno_chart_link_axes     (DynoChart        *self,
                                      guint             pane,
                                      gboolean          is_linked);
/* The answer names the layer, never 0; 0 for a series of a third quantity,
 * which has no axis in that pane. Keeps a reference to the series. */
guint       dyno_chart_add_layer     (DynoChart        *self,
                                      guint             pane,
                                      DynoLayerKind     kind,
                                      DynoSeries       *series);
void        dyno_chart_remove_layer  (DynoChart        *self,
                                      guint             layer);
void        dyno_chart_clear         (DynoChart        *self); /* panes too */

/* Each series once, in the order of its first layer. For a legend those with a
 * layer of lines, bars or points; all of them: bands and raw curves too. */
GListModel *dyno_chart_get_series    (DynoChart        *self);
GListModel *dyno_chart_get_all_series (DynoChart       *self);
DynoSeries *dyno_chart_get_active    (DynoChart        *self); /* (nullable) */
void        dyno_chart_set_active    (DynoChart        *self,
                                      DynoSeries       *series);

/* Fills every series made for a channel. Review; NaN is a gap. */
void        dyno_chart_set_samples   (DynoChart        *self,
                                      DynoSamples      *samples);
/* Every series made for a channel follows the ring; `span_us` of it are seen.
 * NULL ends it. */
void        dyno_chart_set_live      (DynoChart        *self,
                                      DynoLive         *live,
                                      gint64            span_us);
/* Off: the view stands still while the ring goes on. */
gboolean    dyno_chart_get_following (DynoChart        *self);
void        dyno_chart_set_following (DynoChart        *self,
                                      gboolean          is_following);
/* How far the right end is behind the newest, in µs; 0 while following. */
gint64      dyno_chart_get_behind_us (DynoChart        *self);

/* NaN for both ends: all there is. */
void        dyno_chart_set_x         (DynoChart        *self,
                                      DynoQuantity      x,
                                      double            min,
                                      double            max);
void        dyno_chart_get_x         (DynoChart        *self,
                                      double           *min,
                                      double           *max);
void        dyno_chart_get_y         (DynoChart        *self,
                                      guint             pane,
                                      DynoSide          side,
                                      double           *min,
                                      double           *max);
void        dyno_chart_set_cursor    (DynoChart        *self,
                                      guint             which,
                                      double            x); /* NaN: off */
double      dyno_chart_get_cursor    (DynoChart        *self,
                                      guint             which);
void        dyno_chart_fit           (DynoChart        *self,
                                      DynoFit           fit);

/* What there is to see, in words: title, range, peak and ends of each series,
 * gaps, lean and rich stretches. (transfer full) */
char       *dyno_chart_describe      (DynoChart        *self);
/* "4 350 rpm; A 86.4 kW; B 85.9 kW"; with two cursors the differences too. */
char       *dyno_chart_describe_cursor (DynoChart      *self,
                                        guint           which);

/* What is in view as a picture. (transfer full) */
DynoPicture *dyno_chart_make_picture (DynoChart        *self,
                                      DynoLook          look);
gboolean    dyno_chart_export        (DynoChart        *self,
                                      DynoPictureKind   kind,
                                      GFile            *file,
                                      GError          **error);

void        dyno_chart_get_stats     (DynoChart        *self,
                                      DynoChartStats   *stats);

G_END_DECLS
