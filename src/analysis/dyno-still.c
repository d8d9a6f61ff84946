/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-still.h"

#include "dyno-stat.h"

#define LEAST_READINGS 20
#define LEAST_OBSERVED 50 /* readings elsewhere */
#define LEAST_TURNS 0.2   /* of them */
#define TURN_DIGITS 2.5   /* to and fro; a last digit that flickers makes 2 */
#define RUNNING_RPM 400   /* below it pressure is the weather's */
#define MOVED_RPM 300
#define MOVED_KPA 10
#define MOVED_TPS 10
#define MOVED_AFR 1
#define THROTTLE_IDLE 5   /* %, what passes a shut throttle */
#define THROTTLE_LOW 20   /* %, below it pressure follows the throttle at any speed */
#define THROTTLE_TIMES 3

gboolean
dyno_still_next (DynoStill          *self,
                 const DynoProgress *progress)
{
  const DynoVeRun *run = self->run;
  double value;
  gsize i = self->next;

  if (i >= run->n)
    return FALSE;
  value = dyno_ve_raw (self->channel, i);
  self->first = self->last = i;
  self->n = 1;
  for (i++; i < run->n; i++)
    {
      double here = dyno_ve_raw (self->channel, i);
      gboolean is_reading = dyno_ve_is_update (self->channel, i);

      if (dyno_progress_stops (progress, i))
        return FALSE;
      if (run->time_s[i] - run->time_s[i - 1] > run->gap_s || (here != value && is_reading))
        break;
      if (here == value)
        {
          self->last = i;
          self->n += (gsize) is_reading;
        }
    }
  self->next = i;

  return TRUE;
}

double
dyno_still_duration (const DynoStill *self)
{
  return self->run->time_s[self->last] - self->run->time_s[self->first];
}

typedef struct
{
  double low;
  double high;
} Extent;

static void
extent_add (Extent *self,
            double  value)
{
  if (value < self->low)
    self->low = value;
  if (value > self->high)
    self->high = value;
}

gboolean
dyno_still_other_moves (const DynoStill     *self,
                        const DynoVeChannel *other,
                        double               far)
{
  Extent extent = { INFINITY, -INFINITY };

  if (!dyno_ve_has (other))
    return FALSE;
  for (gsize i = self->first; i <= self->last; i++)
    extent_add (&extent, dyno_ve_raw (other, i));

  return extent.high - extent.low >= far;
}

static gboolean
any_moves (const DynoStill *self)
{
  const DynoVeRun *run = self->run;
  const struct
  {
    const DynoVeChannel *channel;
    double               far;
  } others[] = {
    { &run->rpm, MOVED_RPM },    { &run->map, MOVED_KPA },    { &run->tps, MOVED_TPS },
    { &run->mix[0], MOVED_AFR }, { &run->mix[1], MOVED_AFR },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (others); i++)
    {
      if (others[i].channel != self->channel
          && dyno_still_other_moves (self, others[i].channel, others[i].far))
        return TRUE;
    }

  return FALSE;
}

/* Without the tenth at either end: a throttle reading may jump for a row. */
static gboolean
throttle_contradicts (const DynoStill *self)
{
  const DynoVeRun *run = self->run;
  gsize n_rows = self->last - self->first + 1;
  g_autofree double *throttle = NULL;
  g_autofree double *opening = NULL;
  gsize n = 0;

  if (self->channel != &run->map || !dyno_ve_has (&run->tps))
    return FALSE;
  throttle = g_new (double, n_rows);
  opening = g_new (double, n_rows);
  for (gsize i = self->first; i <= self->last; i++)
    {
      double tps = dyno_ve_raw (&run->tps, i);
      double rpm = dyno_ve_raw (&run->rpm, i);

      if (!(rpm >= RUNNING_RPM) || isnan (tps))
        continue;
      throttle[n] = MAX (tps, 0);
      opening[n] = (throttle[n] + THROTTLE_IDLE) / rpm;
      n++;
    }

  return n >= LEAST_READINGS && dyno_stat_quantile (throttle, n, 0.1) <= THROTTLE_LOW
         && dyno_stat_quantile (opening, n, 0.9)
              >= THROTTLE_TIMES * dyno_stat_quantile (opening, n, 0.1);
}

/* How a channel behaves where it is alive; stretches of 2 s and more, dead or held, are
 * left out but for the extent. */
typedef struct
{
  gsize  n_readings;
  gsize  n_turns; /* of them higher or lower than both neighbours, by more than a digit */
  double digit;   /* the least step between readings */
  Extent extent;
} Life;

/* One stretch after the other, with the steps before and behind the one in hand. */
typedef struct
{
  double last;   /* value of the stretch before the newest; NaN: none */
  double step;   /* that led to it */
  gboolean was_single; /* it is one reading long */
} Steps;

static double
steps_take (Steps           *self,
            const DynoStill *still)
{
  double value = dyno_ve_raw (still->channel, still->first);
  gboolean is_dead = dyno_still_duration (still) >= DYNO_STILL_S;
  double step = value - self->last;

  *self = (Steps){ is_dead ? NAN : value, is_dead ? NAN : step, still->n == 1 };

  return step;
}

static Life
observe (const DynoVeRun     *run,
         const DynoVeChannel *channel)
{
  DynoStill still = { .run = run, .channel = channel };
  Steps steps = { .last = NAN };
  Life life = { .digit = INFINITY, .extent = { INFINITY, -INFINITY } };

  while (dyno_still_next (&still, NULL))
    {
      double step = fabs (steps_take (&steps, &still));

      extent_add (&life.extent, dyno_ve_raw (channel, still.first));
      if (step > 0 && step < life.digit)
        life.digit = step;
    }

  return life;
}

static void
count_turns (const DynoVeRun     *run,
             const DynoVeChannel *channel,
             Life                *life)
{
  DynoStill still = { .run = run, .channel = channel };
  Steps steps = { .last = NAN };

  while (dyno_still_next (&still, NULL))
    {
      const Steps before = steps;
      double step = steps_take (&steps, &still);

      if (before.was_single && before.step * step < 0
          && fabs (before.step) + fabs (step) > TURN_DIGITS * life->digit)
        life->n_turns++;
      if (dyno_still_duration (&still) < DYNO_STILL_S)
        life->n_readings += still.n;
    }
}

static gboolean
noise_contradicts (const DynoStill *self,
                   const Life      *life)
{
  double value = dyno_ve_raw (self->channel, self->first);

  return self->n >= LEAST_READINGS && life->n_readings >= LEAST_OBSERVED
         && (double) life->n_turns >= LEAST_TURNS * (double) life->n_readings
         && value > life->extent.low && value < life->extent.high;
}

static void
mark (DynoVeChannel   *channel,
      const DynoStill *still)
{
  if (channel->frozen == NULL)
    channel->frozen = g_malloc0 (still->run->n / 8 + 1);
  for (gsize i = still->first; i <= still->last; i++)
    channel->frozen[i / 8] |= (guint8) (1 << i % 8);
}

static void
find_frozen (const DynoVeRun *run,
             DynoVeChannel   *channel)
{
  DynoStill still = { .run = run, .channel = channel };
  gboolean is_observed = FALSE;
  Life life = { 0 };

  while (dyno_still_next (&still, NULL))
    {
      if (!(dyno_still_duration (&still) >= DYNO_STILL_S) || !any_moves (&still))
        continue;
      if (!is_observed)
        {
          life = observe (run, channel);
          count_turns (run, channel, &life);
        }
      is_observed = TRUE;
      if (noise_contradicts (&still, &life) || throttle_contradicts (&still))
        mark (channel, &still);
    }
}

void
dyno_still_find_frozen (DynoVeRun *run)
{
  if (!run->has_time)
    return;
  find_frozen (run, &run->rpm);
  find_frozen (run, &run->map);
}
