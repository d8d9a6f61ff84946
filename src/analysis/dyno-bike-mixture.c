/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-bike-mixture.h"

#include <math.h>
#include <string.h>

#define PIPE_MS 2048 /* a power of two: the index is a mask */

struct _DynoBikeMixture
{
  DynoTarget *target;                             /* (owned) */
  DynoGrid   *error_pct;                          /* (owned) (nullable) */
  double      rear_offset_pct;
  DynoGrid   *factor[DYNO_BIKE_CYLINDERS];        /* (owned) (nullable) */
  double      base_ms;
  double      flow_ms_rpm;
  double      lag_gain;                           /* a step's share of the way to the new value */
  double      pipe[DYNO_BIKE_CYLINDERS][PIPE_MS]; /* AFR that left the cylinder, a value a ms */
  guint       now;
  double      sensed_afr[DYNO_BIKE_CYLINDERS];
};

/* 6 sin (π (rpm − 1500)/5000) (k − 20)/80 − 4 (1 − (k − 20)/80), to a tenth. */
static const double demo_error_pct[11 * 9] = {
  -4.0, -3.5, -3.0, -2.5, -2.0, -1.5, -1.0, -0.5, 0.0, /* 1500 */
  -4.0, -3.3, -2.5, -1.8, -1.1, -0.3, 0.4,  1.1,  1.9, /* 2000 */
  -4.0, -3.1, -2.1, -1.2, -0.2, 0.7,  1.6,  2.6,  3.5, /* 2500 */
  -4.0, -2.9, -1.8, -0.7, 0.4,  1.5,  2.6,  3.7,  4.9, /* 3000 */
  -4.0, -2.8, -1.6, -0.4, 0.9,  2.1,  3.3,  4.5,  5.7, /* 3500 */
  -4.0, -2.8, -1.5, -0.2, 1.0,  2.2,  3.5,  4.8,  6.0, /* 4000 */
  -4.0, -2.8, -1.6, -0.4, 0.9,  2.1,  3.3,  4.5,  5.7, /* 4500 */
  -4.0, -2.9, -1.8, -0.7, 0.4,  1.5,  2.6,  3.7,  4.9, /* 5000 */
  -4.0, -3.1, -2.1, -1.2, -0.2, 0.7,  1.6,  2.6,  3.5, /* 5500 */
  -4.0, -3.3, -2.5, -1.8, -1.1, -0.3, 0.4,  1.1,  1.9, /* 6000 */
  -4.0, -3.5, -3.0, -2.5, -2.0, -1.5, -1.0, -0.5, 0.0, /* 6500 */
};

DynoGrid *
dyno_bike_demo_error (void)
{
  DynoGridShape shape;
  DynoGrid *grid;

  dyno_grid_shape_named (&shape, "11x9");
  grid = dyno_grid_new (&shape);
  memcpy (grid->values, demo_error_pct, sizeof demo_error_pct);

  return grid;
}

DynoBikeMixture *
dyno_bike_mixture_new (void)
{
  DynoBikeMixture *self = g_new0 (DynoBikeMixture, 1);

  self->target = dyno_target_new_default ();
  dyno_bike_mixture_set_sensor (self, 40, 180000, 60);

  return self;
}

void
dyno_bike_mixture_free (DynoBikeMixture *self)
{
  if (self == NULL)
    return;

  dyno_target_free (self->target);
  dyno_grid_free (self->error_pct);
  for (guint c = 0; c < DYNO_BIKE_CYLINDERS; c++)
    dyno_grid_free (self->factor[c]);
  g_free (self);
}

/* (transfer full) (nullable) */
static DynoGrid *
copy_filled (const DynoGrid *grid,
             double          empty)
{
  DynoGrid *copy;

  if (grid == NULL)
    return NULL;

  copy = dyno_grid_copy (grid);
  for (guint i = 0; i < dyno_grid_shape_cells (&copy->shape); i++)
    {
      if (isnan (copy->values[i]))
        copy->values[i] = empty;
    }

  return copy;
}

void
dyno_bike_mixture_set_error (DynoBikeMixture *self,
                             const DynoGrid  *front_pct,
                             double           rear_offset_pct)
{
  DynoGrid *copy = copy_filled (front_pct, 0);

  dyno_grid_free (self->error_pct);
  self->error_pct = copy;
  self->rear_offset_pct = rear_offset_pct;
}

void
dyno_bike_mixture_set_factor (DynoBikeMixture *self,
                              const DynoGrid  *front,
                              const DynoGrid  *rear)
{
  const DynoGrid *given[DYNO_BIKE_CYLINDERS] = { front, rear };

  for (guint c = 0; c < DYNO_BIKE_CYLINDERS; c++)
    {
      DynoGrid *copy = copy_filled (given[c], 1);

      dyno_grid_free (self->factor[c]);
      self->factor[c] = copy;
    }
}

void
dyno_bike_mixture_set_sensor (DynoBikeMixture *self,
                              double           base_ms,
                              double           flow_ms_rpm,
                              double           lag_ms)
{
  self->base_ms = base_ms;
  self->flow_ms_rpm = flow_ms_rpm;
  self->lag_gain = lag_ms > 0 ? 1 - exp (-1 / lag_ms) : 1;
}

static void
burn (const DynoBikeMixture *self,
      double                 rpm,
      double                 map_kpa,
      DynoBikeMixtureState  *state)
{
  double front_pct =
      self->error_pct != NULL ? dyno_grid_interpolate (self->error_pct, rpm, map_kpa) : 0;

  state->target_afr = dyno_target_afr (self->target, rpm, map_kpa);
  for (guint c = 0; c < DYNO_BIKE_CYLINDERS; c++)
    {
      state->error_pct[c] = front_pct + (c == 1 ? self->rear_offset_pct : 0);
      state->factor[c] =
          self->factor[c] != NULL ? dyno_grid_interpolate (self->factor[c], rpm, map_kpa) : 1;
      state->afr[c] = state->target_afr * (1 + state->error_pct[c] / 100) / state->factor[c];
    }
}

void
dyno_bike_mixture_settle (DynoBikeMixture      *self,
                          double                rpm,
                          double                map_kpa,
                          DynoBikeMixtureState *state)
{
  burn (self, rpm, map_kpa, state);
  for (guint c = 0; c < DYNO_BIKE_CYLINDERS; c++)
    {
      for (guint i = 0; i < PIPE_MS; i++)
        self->pipe[c][i] = state->afr[c];
      self->sensed_afr[c] = state->afr[c];
      state->sensed_afr[c] = state->afr[c];
    }
}

void
dyno_bike_mixture_step (DynoBikeMixture      *self,
                        double                rpm,
                        double                map_kpa,
                        DynoBikeMixtureState *state)
{
  double delay_ms = CLAMP (self->base_ms + self->flow_ms_rpm / rpm, 0, 2000);
  guint arrived;

  burn (self, rpm, map_kpa, state);
  self->now = (self->now + 1) % PIPE_MS;
  arrived = (self->now + PIPE_MS - (guint) (delay_ms + 0.5)) % PIPE_MS;
  for (guint c = 0; c < DYNO_BIKE_CYLINDERS; c++)
    {
      self->pipe[c][self->now] = state->afr[c];
      self->sensed_afr[c] += (self->pipe[c][arrived] - self->sensed_afr[c]) * self->lag_gain;
      state->sensed_afr[c] = self->sensed_afr[c];
    }
}
