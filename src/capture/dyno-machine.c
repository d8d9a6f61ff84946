/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-machine.h"

#include <math.h>

#include "dyno-bike-sensors.h"
#include "dyno-signal.h"

#define PERIOD_S 12
#define PERIOD_CAR_S 30
#define REAR_OFFSET_PCT 1.5
#define TRUTH_MS 50
#define MOVES_KMH 0.5
#define COUNT_WRAP (1 << 24) /* whole numbers that a float holds */
#define MOST_GROUPS 16

/* Channels of one rate are read in the same millisecond, so that what belongs
 * together agrees. */
typedef struct
{
  double  period_ms;
  double  due_ms;
  GArray *channels; /* (owned) of guint */
} Group;

typedef struct
{
  guint  n;
  double sum[DYNO_BIKE_CYLINDERS];
} Cell;

struct _DynoMachine
{
  const DynoProfile *profile;
  DynoBike          *bike;      /* (owned) */
  DynoCycle         *cycle;     /* (owned) */
  DynoBikeSensors   *sensors;   /* (owned) */
  DynoMachineFunc    func;
  gpointer           user_data; /* (borrowed) */
  gint64             t_ms;
  gboolean           drum_has_moved;
  Group              groups[MOST_GROUPS];
  guint              n_groups;
  DynoSignal        *signals;   /* (owned) one a channel */
  guint32           *counters;  /* (owned) one a channel, for load tests */
  DynoGridShape      shape;     /* of the truth */
  Cell              *cells;     /* (owned) */
};

static Group *
find_group (DynoMachine *self,
            double       rate_hz)
{
  double period_ms = 1000 / rate_hz;

  for (guint i = 0; i < self->n_groups; i++)
    {
      if (self->groups[i].period_ms == period_ms)
        return &self->groups[i];
    }

  g_assert (self->n_groups < MOST_GROUPS);
  self->groups[self->n_groups].period_ms = period_ms;
  self->groups[self->n_groups].channels = g_array_new (FALSE, FALSE, sizeof (guint));

  return &self->groups[self->n_groups++];
}

static void
lay_out_channels (DynoMachine *self,
                  double       rate_scale)
{
  guint n = dyno_profile_n_channels (self->profile);

  self->signals = g_new0 (DynoSignal, n);
  self->counters = g_new0 (guint32, n);
  for (guint i = 0; i < n; i++)
    {
      char name[64];
      DynoProfileChannel channel = dyno_profile_channel (self->profile, i, name);

      if (channel.rate_hz <= 0)
        continue;
      self->signals[i] = dyno_signal_find (channel.name, channel.unit);
      g_array_append_val (find_group (self, MIN (channel.rate_hz * rate_scale, 1000))->channels, i);
    }
}

static gboolean
fail_name (GError            **error,
           const char         *what,
           const char         *name,
           const char *const  *known)
{
  g_autofree char *list = known != NULL ? g_strjoinv (", ", (char **) known) : NULL;

  dyno_error_set (error, DYNO_ERROR_INVALID, "simulator", "There is no %s %s.%s%s%s", what, name,
                  list != NULL ? " Known are " : "", list != NULL ? list : "",
                  list != NULL ? "." : "");

  return FALSE;
}

static void
set_mixture (DynoMachine            *self,
             const DynoMachineSetup *setup)
{
  DynoBikeMixture *mixture = dyno_bike_mixture (self->bike);
  g_autoptr(DynoGrid) demo = dyno_bike_demo_error ();

  if (setup->ve_error != NULL)
    dyno_bike_mixture_set_error (mixture, setup->ve_error, 0);
  else if (!setup->is_exact)
    dyno_bike_mixture_set_error (mixture, demo, REAR_OFFSET_PCT);
  dyno_bike_mixture_set_factor (mixture, setup->table,
                                setup->table_rear != NULL ? setup->table_rear : setup->table);
}

static gboolean
build_bike (DynoMachine             *self,
            const DynoMachineSetup  *setup,
            GError                 **error)
{
  const char *name = setup->engine != NULL ? setup->engine : dyno_profile_engine (self->profile);
  const DynoBikeEngine *engine = dyno_bike_engine_find (name);
  DynoCycleSetup cycle = { .n_pulls = setup->n_pulls };

  if (engine == NULL)
    return fail_name (error, "engine", name, NULL);
  if (!dyno_cycle_find (setup->cycle != NULL ? setup->cycle : "pulls", &cycle.kind))
    return fail_name (error, "cycle", setup->cycle, dyno_cycle_names ());

  self->bike = dyno_bike_new (engine);
  if (setup->gear != 0 && !dyno_bike_set_gear (self->bike, setup->gear))
    {
      dyno_error_set (error, DYNO_ERROR_INVALID, "simulator", "The engine %s has no gear %d.", name,
                      setup->gear);
      return FALSE;
    }
  cycle.period_s = setup->period_s > 0                ? setup->period_s
                   : g_str_equal (name, "four20") ? PERIOD_CAR_S
                                                  : PERIOD_S;
  set_mixture (self, setup);
  self->cycle = dyno_cycle_new (self->bike, &cycle);
  self->sensors = dyno_bike_sensors_new (setup->seed, setup->noise);

  return TRUE;
}

DynoMachine *
dyno_machine_new (const DynoMachineSetup  *setup,
                  DynoMachineFunc          func,
                  gpointer                 user_data,
                  GError                 **error)
{
  g_autoptr(DynoMachine) self = g_new0 (DynoMachine, 1);
  const char *profile = setup->profile != NULL ? setup->profile : dyno_profile_names ()[0];

  self->profile = dyno_profile_find (profile);
  if (self->profile == NULL)
    {
      fail_name (error, "profile", profile, dyno_profile_names ());
      return NULL;
    }
  if (!build_bike (self, setup, error))
    return NULL;

  lay_out_channels (self, setup->rate_scale > 0 ? setup->rate_scale : 1);
  dyno_grid_shape_named (&self->shape, "11x9");
  self->cells = g_new0 (Cell, dyno_grid_shape_cells (&self->shape));
  self->func = func;
  self->user_data = user_data;

  return g_steal_pointer (&self);
}

void
dyno_machine_free (DynoMachine *self)
{
  if (self == NULL)
    return;

  for (guint i = 0; i < self->n_groups; i++)
    g_array_unref (self->groups[i].channels);
  dyno_cycle_free (self->cycle);
  dyno_bike_free (self->bike);
  dyno_bike_sensors_free (self->sensors);
  g_free (self->signals);
  g_free (self->counters);
  g_free (self->cells);
  g_free (self);
}

static void
count_up (DynoMachine *self,
          const Group *group)
{
  for (guint i = 0; i < group->channels->len; i++)
    {
      guint channel = g_array_index (group->channels, guint, i);

      self->func (channel, self->t_ms, (float) (self->counters[channel]++ % COUNT_WRAP),
                  self->user_data);
    }
}

static void
read_group (DynoMachine           *self,
            const Group           *group,
            const DynoSignalInput *input)
{
  for (guint i = 0; i < group->channels->len; i++)
    {
      guint channel = g_array_index (group->channels, guint, i);
      double value = dyno_signal_value (self->signals[channel], input);

      if (!isnan (value))
        self->func (channel, self->t_ms, (float) value, self->user_data);
    }
}

static void
fill_input (DynoMachine     *self,
            DynoBikeReading *reading,
            DynoSignalInput *input)
{
  dyno_bike_sensors_read (self->sensors, dyno_bike_state (self->bike), reading);
  *input = (DynoSignalInput){ .reading = reading,
                              .t_s = (double) self->t_ms / 1000,
                              .drum_has_moved = self->drum_has_moved,
                              .is_sampling = dyno_cycle_is_sampling (self->cycle),
                              .sampling_s = dyno_cycle_sampling_s (self->cycle) };
}

static void
read_instruments (DynoMachine *self)
{
  gboolean is_load = dyno_profile_is_load (self->profile);
  gboolean is_read = FALSE;
  DynoBikeReading reading;
  DynoSignalInput input;

  for (guint i = 0; i < self->n_groups; i++)
    {
      Group *group = &self->groups[i];

      if ((double) self->t_ms < group->due_ms)
        continue;
      group->due_ms += group->period_ms;
      if (is_load)
        {
          count_up (self, group);
          continue;
        }
      if (!is_read)
        fill_input (self, &reading, &input);
      is_read = TRUE;
      read_group (self, group, &input);
    }
}

static void
note_truth (DynoMachine *self)
{
  const DynoBikeState *state = dyno_bike_state (self->bike);
  Cell *cell;

  if (self->t_ms % TRUTH_MS != 0 || !dyno_axis_holds (&self->shape.rpm, state->rpm)
      || !dyno_axis_holds (&self->shape.load, state->map_kpa))
    return;

  cell = &self->cells[dyno_axis_nearest (&self->shape.rpm, state->rpm) * self->shape.load.n
                      + dyno_axis_nearest (&self->shape.load, state->map_kpa)];
  cell->n++;
  for (guint c = 0; c < DYNO_BIKE_CYLINDERS; c++)
    cell->sum[c] += 1 + state->mixture.error_pct[c] / 100;
}

DynoCycleNews
dyno_machine_step (DynoMachine *self)
{
  DynoCycleNews news = DYNO_CYCLE_NOTHING;

  if (!dyno_profile_is_load (self->profile))
    {
      news = dyno_cycle_step (self->cycle);
      self->drum_has_moved |= dyno_bike_state (self->bike)->speed_kmh > MOVES_KMH;
      note_truth (self);
    }
  read_instruments (self);
  self->t_ms++;

  return news;
}

gint64
dyno_machine_time_ms (const DynoMachine *self)
{
  return self->t_ms;
}

const DynoProfile *
dyno_machine_profile (const DynoMachine *self)
{
  return self->profile;
}

DynoBike *
dyno_machine_bike (DynoMachine *self)
{
  return self->bike;
}

DynoCycle *
dyno_machine_cycle (DynoMachine *self)
{
  return self->cycle;
}

void
dyno_machine_tell_truth (const DynoMachine *self,
                         DynoMachineTruth   func,
                         gpointer           user_data)
{
  for (guint i = 0; i < dyno_grid_shape_cells (&self->shape); i++)
    {
      const Cell *cell = &self->cells[i];

      if (cell->n > 0)
        func (self->shape.rpm.at[i / self->shape.load.n],
              self->shape.load.at[i % self->shape.load.n], cell->n, cell->sum[0] / cell->n,
              cell->sum[1] / cell->n, user_data);
    }
}
