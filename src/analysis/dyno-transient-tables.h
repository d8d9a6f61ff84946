/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* From transient events to enrichment tables and the X-τ film model (analysis.md
 * 4.7). Percent of fuel; a bin without events is NaN. Plain values, any thread. */

#define DYNO_TRANSIENT_RATE_BINS 11
#define DYNO_TRANSIENT_SPEED_BINS 7 /* 0, 2000, then every 1000 … 8000 1/min */
#define DYNO_TRANSIENT_GRID_RATES 5 /* 0, 50, 100, 150, 200 … 300 kPa/s */
#define DYNO_TRANSIENT_BANDS 5      /* idle, low, mid, high, redline */

typedef enum
{
  DYNO_TRANSIENT_MILD,
  DYNO_TRANSIENT_MODERATE,   /* above 100 kPa/s or 40 %/s */
  DYNO_TRANSIENT_AGGRESSIVE, /* above 150 kPa/s or 60 %/s */
} DynoTransientSeverity;

typedef enum
{
  DYNO_TRANSIENT_COLD, /* below 10 °C */
  DYNO_TRANSIENT_COOL, /* below 25 °C */
  DYNO_TRANSIENT_WARM, /* below 45 °C */
  DYNO_TRANSIENT_HOT,
} DynoTransientAir;

typedef struct
{
  gsize                 first;       /* rows, both included */
  gsize                 last;
  double                start_s;
  double                end_s;
  gboolean              is_accel;
  DynoTransientSeverity severity;
  double                peak_map_rate; /* kPa/s, without sign */
  double                peak_tps_rate; /* %/s, without sign */
  double                mean_rpm;
  double                mean_error;    /* measured − target, AFR; NaN without mixture */
  double                peak_error;    /* without sign */
  double                mean_target;   /* AFR */
  double                mean_iat_c;    /* 25 when nobody measured */
} DynoTransientEvent;

typedef struct
{
  double enrichment_pct;
  double mean_iat_c;
  guint  n_events;
} DynoTransientBin;

/* The wall takes `x` of the fuel and gives it back with `tau_s`. Without events the
 * cautious 0.15 and 1 s, and no wall factor. */
typedef struct
{
  guint            n_events;
  double           x;
  double           tau_s;
  double           wall; /* factor 0.85…1.25; NaN without events */
  DynoTransientAir air;
} DynoTransientBand;

typedef struct
{
  DynoTransientBin  map_rate[DYNO_TRANSIENT_RATE_BINS]; /* the most of the bin's events */
  DynoTransientBin  tps_rate[DYNO_TRANSIENT_RATE_BINS];
  DynoTransientBin  by_speed[DYNO_TRANSIENT_SPEED_BINS][DYNO_TRANSIENT_GRID_RATES]; /* mean */
  double            decel_cut_pct[DYNO_TRANSIENT_SPEED_BINS];
  DynoTransientBand bands[DYNO_TRANSIENT_BANDS];
} DynoTransientTables;

/* `target_afr` is what errors are measured against, NaN: each event's own target. */
void        dyno_transient_tables_init    (DynoTransientTables      *tables,
                                           const DynoTransientEvent *events,
                                           guint                     n_events,
                                           double                    target_afr);

/* Bounds of the bins, one more than bins. */
const double *dyno_transient_map_bounds   (void);
const double *dyno_transient_tps_bounds   (void);
const double *dyno_transient_speed_bounds (void);
const double *dyno_transient_grid_bounds  (void);

/* "mild", …; "cold", …; "idle", … */
const char *dyno_transient_severity_name  (DynoTransientSeverity     severity);
const char *dyno_transient_air_name       (DynoTransientAir          air);
const char *dyno_transient_band_name      (guint                     band);
DynoTransientAir dyno_transient_air_of    (double                    iat_c);

/* Air weighs more in the cold, and more fuel stays on the wall; both 1 at 25 °C. */
double      dyno_transient_density        (double                    iat_c);
double      dyno_transient_wetting        (double                    iat_c);
/* Percent of fuel for a mean error in AFR, 0…25. */
double      dyno_transient_enrichment     (double                    error_afr,
                                           double                    target_afr,
                                           double                    iat_c);
/* What the film model asks for at that rate in kPa/s, 0…25 %. */
double      dyno_transient_film_pct       (const DynoTransientBand  *band,
                                           double                    map_rate);

G_END_DECLS
