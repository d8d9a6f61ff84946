/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-pyramid.h"
#include "dyno-series.h"

G_BEGIN_DECLS

#define DYNO_SERIES_N_TOUCHES 64

struct _DynoSeries
{
  GObject         parent_instance;

  char           *name;         /* (owned) */
  DynoQuantity    quantity;
  DynoChannel     channel;
  guint           trace;
  DynoDash        dash;
  gboolean        is_visible;
  gboolean        is_pinned;

  DynoSeriesData  data;         /* points into what follows */
  gsize           n_all;        /* points given; data.n of them can be seen */
  DynoSamples    *samples;      /* (owned) (nullable) */
  double         *own_x;        /* (owned) (nullable) */
  double         *own_y;        /* (owned) (nullable) */
  double         *own_high;     /* (owned) (nullable) */
  gsize           n_room;       /* of own_x and own_y, when live */
  DynoPyramid    *low;          /* (owned) */
  DynoPyramid    *high;         /* (owned) (nullable) of a band */

  DynoLive       *live;         /* (owned) (nullable) */
  DynoLiveCursor  cursor;
  int             live_channel; /* −1: not found yet */
  gboolean        is_bound;     /* it is there now */

  guint           serial;
  double          touched[DYNO_SERIES_N_TOUCHES]; /* of serial s at s % N */
};

/* Begins anew: no points, no source. */
void dyno_series_drop_points (DynoSeries *self);
/* Points from `x` on are different from what they were. */
void dyno_series_touch       (DynoSeries *self,
                              double      x);

G_END_DECLS
