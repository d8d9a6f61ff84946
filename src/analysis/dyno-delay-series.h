/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-ve-set.h"

G_BEGIN_DECLS

/* A log as the measuring of its delay sees it: logarithms of wanted and read mixture
 * on a grid of 10 ms, with the cell and the flow of each point. Where something is
 * missing a segment ends. Of a log above five minutes ten stretches are taken. */

#define DYNO_DELAY_GRID_S 0.01
#define DYNO_DELAY_LAGS (DYNO_DELAY_MAX_MS / 10 + 1)
#define DYNO_DELAY_CHANGE 5  /* grid points of a change; no segment is shorter */
#define DYNO_DELAY_BLOCKS 10 /* of time, for the jackknife */
#define DYNO_DELAY_T 2.262   /* Student's t for 95 % and nine degrees of freedom */

typedef struct
{
  gsize begin; /* of the grid arrays */
  gsize end;
} DynoDelaySegment;

typedef struct
{
  const DynoVeSet *set;
  guint            cylinder;
  GArray          *u;        /* (owned) of double: ln of the wanted mixture, or of load by fuel */
  GArray          *y;        /* (owned) of double: ln of the mixture read */
  GArray          *target;   /* (owned) of double: ln of the target */
  GArray          *flow;     /* (owned) of double */
  GArray          *cell;     /* (owned) of guint16 */
  GArray          *fine;     /* (owned) of guint16: cells of 250 rpm and 5 kPa, numbered as met */
  guint            n_fine;
  guint16         *numbers;  /* (owned) of the fine cells, by place; 0: not met */
  GArray          *segments; /* (owned) of DynoDelaySegment */
} DynoDelaySeries;

/* `set` is borrowed. */
void dyno_delay_series_init  (DynoDelaySeries *series,
                              const DynoVeSet *set,
                              guint            cylinder);
void dyno_delay_series_clear (DynoDelaySeries *series);

static inline double
dyno_delay_number (const GArray *array,
                   gsize         i)
{
  return g_array_index (array, double, i);
}

/* The block of time that a point lies in. */
static inline guint
dyno_delay_block (const DynoDelaySeries *series,
                  gsize                  i)
{
  return (guint) (i * DYNO_DELAY_BLOCKS / series->u->len);
}

/* One behind the last point of a block. */
static inline gsize
dyno_delay_block_end (const DynoDelaySeries *series,
                      guint                  block)
{
  return ((block + 1) * (gsize) series->u->len + DYNO_DELAY_BLOCKS - 1) / DYNO_DELAY_BLOCKS;
}

G_END_DECLS
