/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-ve-run.h"

G_BEGIN_DECLS

/* The rate of a channel at a row (analysis.md 3.3): the least-squares straight line
 * through the rows within ±100 ms, in a window that slides over the run. Times and
 * values count from an origin nearby, which moves on every 512 rows: what rounding
 * has left is then dropped. */

#define DYNO_SLOPE_HALF_S 0.1
#define DYNO_SLOPE_ROWS 3
#define DYNO_SLOPE_EDGE_S 1e-9 /* stamps are printed numbers */

typedef struct
{
  const DynoVeRun     *run;
  const DynoVeChannel *channel;
  gsize                first; /* of the window */
  gsize                end;   /* one behind it */
  double               t0;
  double               y0;
  double               n, t, tt, y, ty;
} DynoSlope;

#define DYNO_SLOPE_MOVE_ORIGIN 511

static inline void
dyno_slope_count (DynoSlope *self,
                  gsize      row,
                  double     sign)
{
  double t = self->run->time_s[row] - self->t0;
  double y = dyno_ve_raw (self->channel, row) - self->y0;

  if (isnan (y))
    return;
  self->n += sign;
  self->t += sign * t;
  self->tt += sign * t * t;
  self->y += sign * y;
  self->ty += sign * t * y;
}

static inline void
dyno_slope_restart (DynoSlope *self,
                    gsize      row)
{
  double y0 = dyno_ve_raw (self->channel, row);

  self->t0 = self->run->time_s[row];
  self->y0 = isnan (y0) ? 0 : y0;
  self->n = self->t = self->tt = self->y = self->ty = 0;
  for (gsize i = self->first; i < self->end; i++)
    dyno_slope_count (self, i, 1);
}

/* A channel with values, in a run with time. */
static inline DynoSlope
dyno_slope_begin (const DynoVeRun     *run,
                  const DynoVeChannel *channel)
{
  DynoSlope slope = { .run = run, .channel = channel };

  return slope;
}

/* Puts the window around a row, as far as no gap parts the rows from it. */
static inline void
dyno_slope_move (DynoSlope *self,
                 gsize      row)
{
  const DynoVeRun *run = self->run;
  const double *t = run->time_s;

  if (row > 0 && t[row] - t[row - 1] > run->gap_s)
    {
      self->first = self->end = row;
      dyno_slope_restart (self, row);
    }
  while (t[row] - t[self->first] > DYNO_SLOPE_HALF_S + DYNO_SLOPE_EDGE_S)
    dyno_slope_count (self, self->first++, -1);
  while (self->end < run->n && t[self->end] - t[row] <= DYNO_SLOPE_HALF_S + DYNO_SLOPE_EDGE_S
         && (self->end == row || t[self->end] - t[self->end - 1] <= run->gap_s))
    dyno_slope_count (self, self->end++, 1);
  if ((row & DYNO_SLOPE_MOVE_ORIGIN) == 0)
    dyno_slope_restart (self, row);
}

/* Where the window stands, in units a second; NaN with fewer than three rows, or all
 * at one instant. */
static inline double
dyno_slope_rate (const DynoSlope *self)
{
  double spread = self->n * self->tt - self->t * self->t;

  if (self->n < DYNO_SLOPE_ROWS || !(spread > 1e-9))
    return NAN;

  return (self->n * self->ty - self->t * self->y) / spread;
}

G_END_DECLS
