/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-transient-tables.h"

#include <math.h>

#define REFERENCE_C 25.0
#define CAUTION 0.65 /* share of an error that is put right */
#define MOST_PCT 25

static const double map_bounds[DYNO_TRANSIENT_RATE_BINS + 1] = { -200, -150, -100, -50, -25, 0,
                                                                 25,   50,   100,  150, 200, 300 };
static const double tps_bounds[DYNO_TRANSIENT_RATE_BINS + 1] = { -100, -75, -50, -25, -10, 0,
                                                                 10,   25,  50,  75,  100, 150 };
static const double speed_bounds[DYNO_TRANSIENT_SPEED_BINS + 1] = { 0,    2000, 3000, 4000,
                                                                    5000, 6000, 7000, 8000 };
static const double grid_bounds[DYNO_TRANSIENT_GRID_RATES + 1] = { 0, 50, 100, 150, 200, 300 };
static const double band_bounds[DYNO_TRANSIENT_BANDS + 1] = { 0, 1500, 3000, 5000, 8000, 20000 };

const double *
dyno_transient_map_bounds (void)
{
  return map_bounds;
}

const double *
dyno_transient_tps_bounds (void)
{
  return tps_bounds;
}

const double *
dyno_transient_speed_bounds (void)
{
  return speed_bounds;
}

const double *
dyno_transient_grid_bounds (void)
{
  return grid_bounds;
}

const char *
dyno_transient_severity_name (DynoTransientSeverity severity)
{
  static const char *const names[] = { "mild", "moderate", "aggressive" };

  return names[severity];
}

const char *
dyno_transient_air_name (DynoTransientAir air)
{
  static const char *const names[] = { "cold", "cool", "warm", "hot" };

  return names[air];
}

const char *
dyno_transient_band_name (guint band)
{
  static const char *const names[DYNO_TRANSIENT_BANDS] = { "idle", "low", "mid", "high",
                                                           "redline" };

  g_return_val_if_fail (band < DYNO_TRANSIENT_BANDS, NULL);

  return names[band];
}

DynoTransientAir
dyno_transient_air_of (double iat_c)
{
  if (iat_c < 10)
    return DYNO_TRANSIENT_COLD;
  if (iat_c < 25)
    return DYNO_TRANSIENT_COOL;

  return iat_c < 45 ? DYNO_TRANSIENT_WARM : DYNO_TRANSIENT_HOT;
}

double
dyno_transient_density (double iat_c)
{
  return CLAMP (1 + 0.0035 * (REFERENCE_C - iat_c), 0.85, 1.2);
}

double
dyno_transient_wetting (double iat_c)
{
  return CLAMP (1 + 0.025 * (REFERENCE_C - iat_c), 0.3, 2.5);
}

double
dyno_transient_enrichment (double error_afr,
                           double target_afr,
                           double iat_c)
{
  double percent = error_afr / target_afr * 100 * CAUTION * dyno_transient_density (iat_c);

  return CLAMP (percent, 0, MOST_PCT);
}

double
dyno_transient_film_pct (const DynoTransientBand *band,
                         double                   map_rate)
{
  if (!(map_rate > 0))
    return 0;

  return CLAMP (band->x * band->tau_s * map_rate, 0, MOST_PCT);
}

/* The bin that holds a value, lower bounds included; `n` when none does. */
static guint
bin_of (const double *bounds,
        guint         n,
        double        value)
{
  guint bin = 0;

  while (bin < n && !(value >= bounds[bin] && value < bounds[bin + 1]))
    bin++;

  return bin;
}

/* Sums over the events of a bin, and their means. */
typedef struct
{
  guint  n;
  double error;
  double iat_c;
  double target;
  double seconds;
  double map_rate;
} Sums;

static void
sums_add (Sums                     *sums,
          const DynoTransientEvent *event,
          double                    target_afr)
{
  sums->n++;
  sums->error += event->mean_error;
  sums->iat_c += event->mean_iat_c;
  sums->target += isnan (target_afr) ? event->mean_target : target_afr;
  sums->seconds += event->end_s - event->start_s;
  sums->map_rate += event->peak_map_rate;
}

static void
sums_to_means (Sums *sums)
{
  sums->error /= sums->n;
  sums->iat_c /= sums->n;
  sums->target /= sums->n;
  sums->seconds /= sums->n;
  sums->map_rate /= sums->n;
}

static double
round_to (double value,
          double steps)
{
  return rint (value * steps) / steps;
}

static DynoTransientBin
empty_bin (void)
{
  return (DynoTransientBin){ NAN, NAN, 0 };
}

/* An acceleration into the table by its peak rate. */
static void
put_peak (DynoTransientBin         *bins,
          const double             *bounds,
          double                    rate,
          const DynoTransientEvent *event,
          double                    target_afr)
{
  guint i = bin_of (bounds, DYNO_TRANSIENT_RATE_BINS, rate);
  double target = isnan (target_afr) ? event->mean_target : target_afr;
  double enrichment = dyno_transient_enrichment (event->mean_error, target, event->mean_iat_c);
  DynoTransientBin *bin = &bins[i];

  if (i == DYNO_TRANSIENT_RATE_BINS)
    return;

  bin->enrichment_pct = fmax (bin->enrichment_pct, enrichment);
  bin->mean_iat_c = bin->n_events == 0 ? event->mean_iat_c
                    : (bin->mean_iat_c * bin->n_events + event->mean_iat_c) / (bin->n_events + 1);
  bin->n_events++;
}

static void
fill_rates (DynoTransientTables      *tables,
            const DynoTransientEvent *events,
            guint                     n,
            double                    target_afr)
{
  for (guint i = 0; i < DYNO_TRANSIENT_RATE_BINS; i++)
    tables->map_rate[i] = tables->tps_rate[i] = empty_bin ();

  for (guint i = 0; i < n; i++)
    {
      if (!events[i].is_accel || isnan (events[i].mean_error))
        continue;
      put_peak (tables->map_rate, map_bounds, events[i].peak_map_rate, &events[i], target_afr);
      put_peak (tables->tps_rate, tps_bounds, events[i].peak_tps_rate, &events[i], target_afr);
    }
}

static void
fill_by_speed (DynoTransientTables      *tables,
               const DynoTransientEvent *events,
               guint                     n,
               double                    target_afr)
{
  Sums sums[DYNO_TRANSIENT_SPEED_BINS + 1][DYNO_TRANSIENT_GRID_RATES + 1] = { 0 };

  for (guint i = 0; i < n; i++)
    {
      guint s = bin_of (speed_bounds, DYNO_TRANSIENT_SPEED_BINS, events[i].mean_rpm);
      guint r = bin_of (grid_bounds, DYNO_TRANSIENT_GRID_RATES, events[i].peak_map_rate);

      if (events[i].is_accel && !isnan (events[i].mean_error))
        sums_add (&sums[s][r], &events[i], target_afr);
    }
  for (guint i = 0; i < DYNO_TRANSIENT_SPEED_BINS * DYNO_TRANSIENT_GRID_RATES; i++)
    {
      Sums *bin = &sums[i / DYNO_TRANSIENT_GRID_RATES][i % DYNO_TRANSIENT_GRID_RATES];
      DynoTransientBin *into =
          &tables->by_speed[i / DYNO_TRANSIENT_GRID_RATES][i % DYNO_TRANSIENT_GRID_RATES];

      *into = empty_bin ();
      if (bin->n == 0)
        continue;
      sums_to_means (bin);
      *into = (DynoTransientBin){
        dyno_transient_enrichment (bin->error, bin->target, bin->iat_c), bin->iat_c, bin->n
      };
    }
}

static void
fill_decel_cut (DynoTransientTables      *tables,
                const DynoTransientEvent *events,
                guint                     n)
{
  Sums sums[DYNO_TRANSIENT_SPEED_BINS + 1] = { 0 };

  for (guint i = 0; i < n; i++)
    {
      if (!events[i].is_accel && !isnan (events[i].mean_error))
        sums_add (&sums[bin_of (speed_bounds, DYNO_TRANSIENT_SPEED_BINS, events[i].mean_rpm)],
                  &events[i], NAN);
    }
  for (guint s = 0; s < DYNO_TRANSIENT_SPEED_BINS; s++)
    tables->decel_cut_pct[s] =
        sums[s].n > 0 ? CLAMP (-5 * sums[s].error / sums[s].n, 0, 50) : NAN;
}

static DynoTransientBand
band_of (Sums *sums)
{
  double share;
  double wetting;
  double haste;

  if (sums->n == 0)
    return (DynoTransientBand){ 0, 0.15, 1.0, NAN, DYNO_TRANSIENT_WARM };

  sums_to_means (sums);
  share = sums->error / sums->target * CAUTION;
  wetting = dyno_transient_wetting (sums->iat_c);
  haste = CLAMP (100 / fmax (sums->map_rate, 50), 0.5, 2);

  return (DynoTransientBand){
    .n_events = sums->n,
    .x = round_to (CLAMP (share * wetting, 0.05, 0.5), 1000),
    .tau_s = round_to (CLAMP (sums->seconds / 3 * haste * wetting, 0.2, 8), 100),
    .wall = round_to (CLAMP (1 + share * dyno_transient_density (sums->iat_c) * wetting, 0.85,
                             1.25), 1000),
    .air = dyno_transient_air_of (sums->iat_c),
  };
}

static void
fill_bands (DynoTransientTables      *tables,
            const DynoTransientEvent *events,
            guint                     n,
            double                    target_afr)
{
  Sums sums[DYNO_TRANSIENT_BANDS + 1] = { 0 };

  for (guint i = 0; i < n; i++)
    {
      if (events[i].is_accel && !isnan (events[i].mean_error))
        sums_add (&sums[bin_of (band_bounds, DYNO_TRANSIENT_BANDS, events[i].mean_rpm)], &events[i],
                  target_afr);
    }
  for (guint b = 0; b < DYNO_TRANSIENT_BANDS; b++)
    tables->bands[b] = band_of (&sums[b]);
}

void
dyno_transient_tables_init (DynoTransientTables      *tables,
                            const DynoTransientEvent *events,
                            guint                     n_events,
                            double                    target_afr)
{
  fill_rates (tables, events, n_events, target_afr);
  fill_by_speed (tables, events, n_events, target_afr);
  fill_decel_cut (tables, events, n_events);
  fill_bands (tables, events, n_events, target_afr);
}
