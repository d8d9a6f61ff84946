/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-cycle.h"

#include <math.h>

#define FIRST_PULL_MS 5000
#define REST_MS 5000
#define SETTLE_MS 2000
#define AFTER_LAST_MS 5000 /* the post-roll of the last pull belongs to it */
#define LONGEST_PULL_MS 120000
#define ROLL_KMH_S 2.5     /* too slow to be taken for a run */
#define BACK_KMH_S (-20)
#define BRAKE_N 800
#define REDLINE_SHARE 0.98
#define RAMP_MS 1000
#define HOLD_MS 3000

static const double cell_rpm[] = { 2000, 2500, 3000, 3500, 4000, 4500, 5000, 5500 };
static const double cell_kpa[] = { 30, 40, 50, 60, 70, 80, 90 };

#define N_CELLS (G_N_ELEMENTS (cell_rpm) * G_N_ELEMENTS (cell_kpa))

typedef enum
{
  REST,
  ROLL,
  SETTLE,
  PULL,
  COAST,
  BACK,
  RAMP,
  HOLD,
  LAST, /* rolls out behind the last pull or cell */
  DRIVEN,
  STOPPED,
} Act;

struct _DynoCycle
{
  DynoBike      *bike;       /* (borrowed) */
  DynoCycleSetup setup;
  Act            act;
  gint64         act_ms;     /* when it began */
  gint64         next_pull_ms;
  guint          n_done;
  guint          cell;
  gint64         sampling_ms; /* since when; −1: not */
  double         tps_pct;    /* of DRIVEN */
  double         brake_n;
};

static const char *const names[] = { "pulls", "pull", "cells", "idle", NULL };

gboolean
dyno_cycle_find (const char    *name,
                 DynoCycleKind *kind)
{
  for (guint i = 0; names[i] != NULL; i++)
    {
      if (g_strcmp0 (names[i], name) == 0)
        {
          *kind = (DynoCycleKind) i;
          return TRUE;
        }
    }

  return FALSE;
}

const char *const *
dyno_cycle_names (void)
{
  return names;
}

static gint64
now_ms (const DynoCycle *self)
{
  return dyno_bike_time_ms (self->bike);
}

static void
enter (DynoCycle *self,
       Act        act)
{
  self->act = act;
  self->act_ms = now_ms (self);
}

static double
start_kmh (const DynoCycle *self)
{
  return dyno_bike_engine (self->bike)->start_rpm / dyno_bike_state (self->bike)->rpm_per_kmh;
}

static void
settle (DynoCycle *self)
{
  dyno_bike_command_accel (self->bike, 0);
  enter (self, SETTLE);
}

static void
rest (DynoCycle *self)
{
  dyno_bike_command_throttle (self->bike, 0, 0);
  enter (self, REST);
}

static void
roll (DynoCycle *self)
{
  dyno_bike_command_accel (self->bike, ROLL_KMH_S);
  enter (self, ROLL);
}

/* Serpentine: neighbours follow each other. */
static void
find_cell (const DynoCycle *self,
           double          *rpm,
           double          *map_kpa)
{
  guint row = self->cell / G_N_ELEMENTS (cell_kpa);
  guint column = self->cell % G_N_ELEMENTS (cell_kpa);

  *rpm = cell_rpm[row];
  *map_kpa = cell_kpa[row % 2 == 0 ? column : G_N_ELEMENTS (cell_kpa) - 1 - column];
}

static void
approach_cell (DynoCycle *self)
{
  double rpm, map_kpa;

  find_cell (self, &rpm, &map_kpa);
  dyno_bike_command_hold (self->bike, rpm, map_kpa, RAMP_MS / 1000.0);
  enter (self, RAMP);
}

static void
begin_cells (DynoCycle *self)
{
  self->cell = 0;
  self->sampling_ms = now_ms (self);
  approach_cell (self);
}

DynoCycle *
dyno_cycle_new (DynoBike             *bike,
                const DynoCycleSetup *setup)
{
  DynoCycle *self = g_new0 (DynoCycle, 1);

  self->bike = bike;
  self->setup = *setup;
  self->sampling_ms = -1;
  if (self->setup.kind == DYNO_CYCLE_PULL && self->setup.n_pulls == 0)
    self->setup.n_pulls = 1;

  switch (setup->kind)
    {
    case DYNO_CYCLE_PULLS:
      dyno_bike_place (bike, dyno_bike_engine (bike)->start_rpm);
      self->next_pull_ms = now_ms (self) + FIRST_PULL_MS;
      settle (self);
      break;
    case DYNO_CYCLE_CELLS:
      dyno_bike_place (bike, cell_rpm[0]);
      begin_cells (self);
      break;
    case DYNO_CYCLE_PULL:
    case DYNO_CYCLE_IDLE:
    default:
      dyno_bike_place (bike, 0);
      rest (self);
      break;
    }

  return self;
}

void
dyno_cycle_free (DynoCycle *self)
{
  g_free (self);
}

static DynoCycleNews
open_throttle (DynoCycle *self)
{
  self->next_pull_ms = now_ms (self) + (gint64) llround (self->setup.period_s * 1000);
  self->sampling_ms = now_ms (self);
  dyno_bike_begin_figures (self->bike);
  dyno_bike_command_throttle (self->bike, 100, 0);
  enter (self, PULL);

  return DYNO_CYCLE_PULL_STARTS;
}

static DynoCycleNews
shut_throttle (DynoCycle *self)
{
  self->n_done++;
  self->sampling_ms = -1;
  if (self->setup.kind == DYNO_CYCLE_PULLS)
    {
      dyno_bike_command_accel (self->bike, BACK_KMH_S);
      enter (self, BACK);
    }
  else
    {
      dyno_bike_command_throttle (self->bike, 0, 0);
      enter (self, COAST);
    }

  return DYNO_CYCLE_PULL_ENDS;
}

static gboolean
all_pulls_done (const DynoCycle *self)
{
  return self->setup.n_pulls > 0 && self->n_done >= self->setup.n_pulls;
}

/* A bike without a cycle of pulls settles for one pull and waits. */
static DynoCycleNews
act_settle (DynoCycle *self,
            gint64     since_ms)
{
  gboolean is_due = self->setup.kind != DYNO_CYCLE_PULLS || now_ms (self) >= self->next_pull_ms;
  gboolean has_settled = since_ms >= SETTLE_MS || self->n_done == 0;

  if (self->setup.kind == DYNO_CYCLE_PULL)
    has_settled = since_ms >= SETTLE_MS;

  return is_due && has_settled ? open_throttle (self) : DYNO_CYCLE_NOTHING;
}

static DynoCycleNews
act_pull (DynoCycle *self,
          gint64     since_ms)
{
  double redline = dyno_bike_engine (self->bike)->redline_rpm;

  if (dyno_bike_state (self->bike)->rpm >= REDLINE_SHARE * redline || since_ms >= LONGEST_PULL_MS)
    return shut_throttle (self);

  return DYNO_CYCLE_NOTHING;
}

/* In gear until the engine would stall, then on the brake to rest. */
static DynoCycleNews
act_coast (DynoCycle *self)
{
  const DynoBikeState *state = dyno_bike_state (self->bike);

  if (state->is_slipping)
    dyno_bike_command_throttle (self->bike, 0, BRAKE_N);
  if (state->speed_kmh > 0)
    return DYNO_CYCLE_NOTHING;

  rest (self);
  if (all_pulls_done (self))
    enter (self, LAST);

  return DYNO_CYCLE_NOTHING;
}

static DynoCycleNews
act_back (DynoCycle *self)
{
  if (dyno_bike_state (self->bike)->speed_kmh > start_kmh (self))
    return DYNO_CYCLE_NOTHING;

  settle (self);
  if (all_pulls_done (self))
    enter (self, LAST);

  return DYNO_CYCLE_NOTHING;
}

static DynoCycleNews
act_hold (DynoCycle *self,
          gint64     since_ms)
{
  if (since_ms < HOLD_MS)
    return DYNO_CYCLE_NOTHING;

  self->cell++;
  if (self->cell < N_CELLS)
    {
      approach_cell (self);
      return DYNO_CYCLE_NOTHING;
    }
  self->sampling_ms = -1;
  dyno_bike_command_throttle (self->bike, 0, 0);
  enter (self, LAST);

  return DYNO_CYCLE_NOTHING;
}

static DynoCycleNews
act (DynoCycle *self)
{
  gint64 since_ms = now_ms (self) - self->act_ms;

  switch (self->act)
    {
    case REST:
      if (self->setup.kind == DYNO_CYCLE_PULL && since_ms >= REST_MS)
        roll (self);
      break;
    case ROLL:
      if (dyno_bike_state (self->bike)->speed_kmh >= start_kmh (self))
        settle (self);
      break;
    case SETTLE:
      return act_settle (self, since_ms);
    case PULL:
      return act_pull (self, since_ms);
    case COAST:
      return act_coast (self);
    case BACK:
      return act_back (self);
    case RAMP:
      if (since_ms < RAMP_MS)
        break;
      enter (self, HOLD);
      return DYNO_CYCLE_CELL_HELD;
    case HOLD:
      return act_hold (self, since_ms);
    case LAST:
      if (since_ms < AFTER_LAST_MS)
        break;
      enter (self, STOPPED);
      return DYNO_CYCLE_OVER;
    case DRIVEN:
    case STOPPED:
    default:
      break;
    }

  return DYNO_CYCLE_NOTHING;
}

DynoCycleNews
dyno_cycle_step (DynoCycle *self)
{
  DynoCycleNews news = act (self);

  dyno_bike_advance (self->bike, 1);

  return news;
}

gboolean
dyno_cycle_is_sampling (const DynoCycle *self)
{
  return self->sampling_ms >= 0;
}

double
dyno_cycle_sampling_s (const DynoCycle *self)
{
  return self->sampling_ms >= 0 ? (double) (now_ms (self) - self->sampling_ms) / 1000 : 0;
}

gboolean
dyno_cycle_cell (const DynoCycle *self,
                 double          *rpm,
                 double          *map_kpa)
{
  if (self->act != HOLD)
    return FALSE;
  find_cell (self, rpm, map_kpa);

  return TRUE;
}

/* A pull on demand: at once where the bike rolls, else it rolls up first. It is the last one
 * but where pulls without end are made. */
static void
drive_pull (DynoCycle *self)
{
  gboolean rolls = dyno_bike_state (self->bike)->speed_kmh >= 0.9 * start_kmh (self);
  gboolean is_endless = self->setup.kind == DYNO_CYCLE_PULLS && self->setup.n_pulls == 0;

  self->setup.kind = rolls ? DYNO_CYCLE_PULLS : DYNO_CYCLE_PULL;
  self->setup.n_pulls = is_endless && rolls ? 0 : self->n_done + 1;
  self->next_pull_ms = now_ms (self);
  if (!rolls)
    roll (self);
  else if (self->act != PULL)
    {
      settle (self);
      self->act_ms -= SETTLE_MS;
    }
}

void
dyno_cycle_drive (DynoCycle     *self,
                  DynoCycleKind  kind)
{
  self->sampling_ms = -1;
  if (kind == DYNO_CYCLE_PULL || kind == DYNO_CYCLE_PULLS)
    {
      drive_pull (self);
      return;
    }

  self->setup.kind = kind;
  if (kind == DYNO_CYCLE_CELLS)
    begin_cells (self);
  else
    {
      dyno_bike_command_throttle (self->bike, 0, BRAKE_N);
      enter (self, DRIVEN);
    }
}

static void
drive_by_hand (DynoCycle *self)
{
  self->sampling_ms = -1;
  dyno_bike_command_throttle (self->bike, self->tps_pct, self->brake_n);
  enter (self, DRIVEN);
}

void
dyno_cycle_throttle (DynoCycle *self,
                     double     tps_pct)
{
  self->tps_pct = tps_pct;
  drive_by_hand (self);
}

void
dyno_cycle_brake (DynoCycle *self,
                  double     brake_n)
{
  self->brake_n = brake_n;
  drive_by_hand (self);
}

gboolean
dyno_cycle_gear (DynoCycle *self,
                 int        gear)
{
  return dyno_bike_set_gear (self->bike, gear);
}
