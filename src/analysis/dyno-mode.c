/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-mode.h"

#include "dyno-held.h"
#include "dyno-mode-private.h"
#include "dyno-slope.h"

#define SOAK_RPM 3500
#define SOAK_TPS 15
#define WOT_TPS 85
#define WOT_MAP 85
#define DECEL_TPS 3
#define DECEL_RPM 1500
#define IDLE_RPM 1200
#define IDLE_TPS 5
#define IDLE_MAP 45

static const DynoModeLimits ours = { 54.4, 20, 50, -15, -50 };

const char *
dyno_mode_name (DynoMode mode)
{
  static const char *const names[DYNO_N_MODES] = { "idle", "cruise", "tip_in",   "tip_out",
                                                   "wot",  "decel",  "heat_soak" };

  g_return_val_if_fail (mode < DYNO_N_MODES, NULL);

  return names[mode];
}

DynoMode
dyno_mode_of (const DynoModeLimits *limits,
              const DynoModeState  *s)
{
  if (s->iat_c > limits->soak_c && s->rpm < SOAK_RPM && s->tps < SOAK_TPS)
    return DYNO_MODE_HEAT_SOAK;
  if (s->tps_rate > limits->tip_in_tps || s->map_rate > limits->tip_in_map)
    return DYNO_MODE_TIP_IN;
  if (s->tps_rate < limits->tip_out_tps || s->map_rate < limits->tip_out_map)
    return DYNO_MODE_TIP_OUT;
  if (s->tps >= WOT_TPS || s->map_kpa >= WOT_MAP)
    return DYNO_MODE_WOT;
  if (s->tps <= DECEL_TPS && s->rpm > DECEL_RPM)
    return DYNO_MODE_DECEL;
  if (s->rpm < IDLE_RPM && s->tps < IDLE_TPS && s->map_kpa < IDLE_MAP)
    return DYNO_MODE_IDLE;

  return DYNO_MODE_CRUISE;
}

DynoModes *
dyno_modes_begin (const DynoVeSet *set)
{
  DynoModes *self = g_new0 (DynoModes, 1);

  self->n_rows = set->n_rows;
  self->modes = g_new (guint8, MAX (set->n_rows, 1));
  self->has_rates = set->has_time;
  self->has_tps = self->has_iat = TRUE;
  for (guint i = 0; i < set->n_runs; i++)
    {
      self->has_tps &= dyno_ve_has (&set->runs[i].tps);
      self->has_iat &= dyno_ve_has (&set->runs[i].iat);
    }

  return self;
}

void
dyno_modes_free (DynoModes *self)
{
  if (self == NULL)
    return;

  g_free (self->modes);
  g_free (self);
}

/* A row lasts until the next one, unless a gap lies between. */
void
dyno_modes_end (DynoModes       *self,
                const DynoVeSet *set)
{
  for (guint m = 0; m < DYNO_N_MODES; m++)
    self->seconds[m] = set->has_time ? 0 : NAN;

  for (guint r = 0; r < set->n_runs; r++)
    {
      const DynoVeRun *run = &set->runs[r];

      for (gsize i = 0; i < run->n; i++)
        {
          guint8 mode = self->modes[run->first + i];
          double step = i + 1 < run->n ? run->time_s[i + 1] - run->time_s[i] : 0;

          self->counts[mode]++;
          self->seconds[mode] += step <= run->gap_s ? step : 0;
        }
    }
}

/* Ours */

typedef struct
{
  DynoHeld  tps;
  DynoHeld  iat;
  DynoSlope tps_slope;
  DynoSlope map_slope;
} Follow;

static double
follow_held (DynoHeld        *held,
             const DynoVeRun *run,
             gsize            row)
{
  return dyno_ve_has (held->channel) && dyno_held_follow (held, run, row) ? held->value : NAN;
}

static double
follow_slope (DynoSlope *slope,
              gsize      row)
{
  if (!dyno_ve_has (slope->channel) || !slope->run->has_time)
    return NAN;

  dyno_slope_move (slope, row);

  return dyno_slope_rate (slope);
}

static gboolean
find_in_run (DynoModes          *self,
             const DynoVeRun    *run,
             const DynoProgress *progress)
{
  Follow follow = { dyno_held_begin (&run->tps), dyno_held_begin (&run->iat),
                    dyno_slope_begin (run, &run->tps), dyno_slope_begin (run, &run->map) };

  for (gsize i = 0; i < run->n; i++)
    {
      const DynoVeInstant now = dyno_ve_on_row (run, i);
      DynoModeState state;

      if (dyno_progress_stops (progress, i))
        return FALSE;
      state.rpm = dyno_ve_state (run, &run->rpm, &now);
      state.map_kpa = dyno_ve_state (run, &run->map, &now);
      state.tps = follow_held (&follow.tps, run, i);
      state.iat_c = follow_held (&follow.iat, run, i);
      state.tps_rate = follow_slope (&follow.tps_slope, i);
      state.map_rate = follow_slope (&follow.map_slope, i);
      self->modes[run->first + i] = (guint8) dyno_mode_of (&ours, &state);
    }

  return TRUE;
}

DynoModes *
dyno_modes_find (const DynoVeSet    *set,
                 const DynoProgress *progress)
{
  g_autoptr(DynoModes) self = NULL;

  g_return_val_if_fail (set != NULL, NULL);

  self = dyno_modes_begin (set);
  for (guint i = 0; i < set->n_runs; i++)
    {
      if (!find_in_run (self, &set->runs[i], progress))
        return NULL;
    }
  dyno_modes_end (self, set);

  return g_steal_pointer (&self);
}

/* Advice */

static DynoFinding *
describe_mode (const DynoModes *self,
               DynoMode         mode)
{
  double share = 100.0 * (double) self->counts[mode] / (double) self->n_rows;
  DynoFinding *finding =
      dyno_finding_new (dyno_mode_name (mode), share, DYNO_EVIDENCE_MEASURED,
                        "%.1f %% of the rows are %s.", share, dyno_mode_name (mode));

  dyno_finding_add_number (finding, "rows", (double) self->counts[mode]);
  dyno_finding_add_number (finding, "share_pct", share);
  dyno_finding_add_number (finding, "seconds", self->seconds[mode]);
  if (!self->has_tps)
    dyno_finding_add_check (finding, "Log the throttle position: modes are told by it.");

  return finding;
}

DynoAdvice *
dyno_modes_advise (const DynoModes *self)
{
  DynoAdvice *advice = dyno_advice_new ("modes");

  for (guint mode = 0; mode < DYNO_N_MODES; mode++)
    {
      if (self->counts[mode] > 0)
        dyno_advice_take (advice, describe_mode (self, mode));
    }

  return advice;
}
