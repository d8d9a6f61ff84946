/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-progress.h"
#include "dyno-ve-result.h"

G_BEGIN_DECLS

/* Heat soak (analysis.md 4.8): an intake that grew hot while the engine idled makes
 * the ECU believe in thinner air than the cylinder gets. Advice only. Any thread. */

/* What is looked at, a number a row; NaN where missing. Time in s, never
 * decreasing. */
typedef struct
{
  gsize         n;
  const double *time_s;
  DynoNumbers   rpm;     /* (borrowed) */
  DynoNumbers   iat_c;   /* (borrowed) */
  DynoNumbers   tps_pct; /* (borrowed) */
} DynoHeatRows;

typedef struct
{
  gsize  first;      /* rows, both included */
  gsize  last;
  double duration_s;
  double mean_iat_c;
  double max_iat_c;
  double min_rpm;
  double max_rpm;
  double error;      /* fraction by which the density is misjudged: 0.07 is 7 % */
} DynoHeatEvent;

/* A pull of a session, in order. */
typedef struct
{
  double peak_kw;
  double iat_start_c;
  double iat_end_c;
} DynoHeatPull;

typedef enum
{
  DYNO_HEAT_LOSS_NONE,
  DYNO_HEAT_LOSS_MINOR,    /* above 1.5 % */
  DYNO_HEAT_LOSS_MODERATE, /* above 3 % */
  DYNO_HEAT_LOSS_SEVERE,   /* above 5 % */
} DynoHeatLoss;

typedef struct
{
  guint        n_pulls;
  DynoHeatLoss loss;
  double       loss_pct;   /* of the last against the best; NaN below two pulls */
  double       iat_rise_c; /* from the first's start to the last's end */
  double       confidence; /* 0.5…1 */
} DynoHeatSession;

/* What an adviser of a whole result found. Immutable. */
typedef struct
{
  GArray         *events;  /* (owned) of DynoHeatEvent, rows of the set */
  DynoGrid       *overlay; /* (owned) fraction to take off (≤ 0); NaN: nothing to say */
  DynoHeatSession session;
} DynoHeat;

/* Density of air at that temperature against 77 °F. */
double      dyno_heat_density_ratio (double               temp_f);
/* IAT ≥ 54.4 °C, below 3500 1/min, throttle below 15 %, for more than 2 s. Appends
 * DynoHeatEvent, rows counted from `offset`. */
void        dyno_heat_find          (const DynoHeatRows  *rows,
                                     double               gap_s,
                                     gsize                offset,
                                     GArray              *events);
/* The mean over the events in the cells of their speeds, up to 60 kPa. (transfer
 * full) */
DynoGrid   *dyno_heat_overlay       (const DynoGridShape *shape,
                                     const DynoHeatEvent *events,
                                     guint                n_events);
void        dyno_heat_session       (const DynoHeatPull  *pulls,
                                     guint                n_pulls,
                                     DynoHeatSession     *session);
/* "none", "minor", … */
const char *dyno_heat_loss_name     (DynoHeatLoss         loss);

/* Each run of the result is a pull. A run without time or one of the channels has
 * no events. (transfer full) */
DynoHeat   *dyno_heat_of_result     (const DynoVeResult  *result,
                                     const DynoProgress  *progress);
void        dyno_heat_free          (DynoHeat            *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoHeat, dyno_heat_free)

G_END_DECLS
