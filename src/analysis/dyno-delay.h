/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <math.h>

#include "dyno-ve-options.h"

G_BEGIN_DECLS

/* How long a mixture needs from the cylinder to the reading (analysis.md 3.4). */

#define DYNO_DELAY_BINS 4
#define DYNO_DELAY_MAX_MS 1500

typedef enum
{
  DYNO_DELAY_ACCEPTED,
  DYNO_DELAY_NOT_MEASURABLE,  /* mixture or load hardly changed */
  DYNO_DELAY_LOW_CORRELATION, /* r < 0.5 */
  DYNO_DELAY_WIDE_INTERVAL,   /* half-width > 60 ms */
  DYNO_DELAY_HOLD_OUT,        /* no better than no delay on the other half of the log */
} DynoDelayVerdict;

/* What `auto` found in one range of flow (rpm · kPa). */
typedef struct
{
  DynoDelayVerdict verdict;
  double           flow_low;
  double           flow_high;
  double           tau_ms;        /* NaN: nothing found */
  double           half_width_ms; /* 95 % */
  double           r;
  double           r_zero;        /* without delay */
  double           variance;      /* of ln f within cells, on the held-out half */
  double           variance_zero; /* the same without delay */
} DynoDelayBin;

typedef struct
{
  DynoDelayMode   mode;   /* NONE where time is missing */
  double          fixed_s;
  double          base_s;
  double          reference; /* s · 1/min · kPa */
  const DynoGrid *table;  /* (borrowed) of the options */
  guint           n_bins; /* of DYNO_DELAY_AUTO; ascending flow without holes */
  DynoDelayBin    bins[DYNO_DELAY_BINS];
} DynoDelay;

/* "accepted", "not-measurable", … */
const char *dyno_delay_verdict_name (DynoDelayVerdict     verdict);
const char *dyno_delay_mode_name    (DynoDelayMode        mode);

/* The mode of the options; for AUTO bins are still to be measured, and without
 * them it is FLOW. `options` must outlive it. */
void        dyno_delay_init         (DynoDelay           *self,
                                     const DynoVeOptions *options,
                                     gboolean             has_time);

/* The model `flow` alone: the gas moves with the flow, within 40…600 ms. */
static inline double
dyno_delay_flow_s (const DynoDelay *self,
                   double           rpm,
                   double           map_kpa)
{
  double flow = rpm * map_kpa;

  if (flow <= 0)
    return 0.6;

  return CLAMP (self->base_s + self->reference / flow, 0.04, 0.6);
}

/* What `auto` measured, or `flow` where it was not accepted. */
static inline double
dyno_delay_measured_s (const DynoDelay *self,
                       double           rpm,
                       double           map_kpa)
{
  double flow = rpm * map_kpa;
  guint i = 0;

  while (i + 1 < self->n_bins && flow > self->bins[i].flow_high)
    i++;
  if (i < self->n_bins && self->bins[i].verdict == DYNO_DELAY_ACCEPTED && !isnan (flow))
    return self->bins[i].tau_ms / 1000;

  return dyno_delay_flow_s (self, rpm, map_kpa);
}

/* For the state of the engine when the mixture was read; NaN where that is needed
 * and not known. Part of the inner loop. */
static inline double
dyno_delay_s (const DynoDelay *self,
              double           rpm,
              double           map_kpa)
{
  switch (self->mode)
    {
    case DYNO_DELAY_AUTO:
      return dyno_delay_measured_s (self, rpm, map_kpa);
    case DYNO_DELAY_FLOW:
      return dyno_delay_flow_s (self, rpm, map_kpa);
    case DYNO_DELAY_FIXED:
      return self->fixed_s;
    case DYNO_DELAY_TABLE:
      return dyno_grid_interpolate (self->table, rpm, map_kpa) / 1000;
    case DYNO_DELAY_NONE:
    default:
      return 0;
    }
}

G_END_DECLS
