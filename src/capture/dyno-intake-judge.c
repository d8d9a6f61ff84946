/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-intake-private.h"

#include <math.h>
#include <string.h>

/* Health of the channels in the light of each other, and of the whole (jetdrive.md
 * §7). */

#define DROPS_SHOWN_US (10 * G_USEC_PER_SEC)
#define LOSS_TICKS 40
#define LOSS_WARNING 1.0
#define LOSS_CRITICAL 5.0
#define STANDS_KMH 2.0f
#define MOVES_KMH 2.0f
#define MOVES_ACCEL 1.5f
#define MOVES_RPM 0.05f
#define OPEN_PERCENT 20.0f
#define WIDE_OPEN_PERCENT 70.0f
#define RPM_OFF 0.10f
#define LOAD_AFR_LOW 10.0f
#define LOAD_AFR_HIGH 18.0f
#define STOICH_PETROL 14.7f
#define PAIRS_US 1500000
#define PAIRS_LEAST 6
#define PAIRS_SHARE 0.7
#define PAIR_AFR 1.0f

const DynoSlot *
dyno_host_bound_slot (const DynoHost *host,
                      DynoChannel     canonical)
{
  const DynoBound *bound = dyno_binding_bound_to (host->binding, canonical);

  return bound != NULL && bound->is_bound && bound->slot < host->slots->len
           ? g_ptr_array_index (host->slots, bound->slot)
           : NULL;
}

/* The last finite value of a canonical channel; NaN without one. */
static float
last_of (const DynoHost *host,
         DynoChannel     canonical)
{
  const DynoSlot *slot = dyno_host_bound_slot (host, canonical);

  return slot != NULL && slot->health.n_samples > 0 && isfinite (slot->health.last)
           ? slot->health.last
           : NAN;
}

static float
afr_of (const DynoHost *host,
        DynoChannel     canonical)
{
  const DynoSlot *slot = dyno_host_bound_slot (host, canonical);
  float value = last_of (host, canonical);

  if (slot != NULL && slot->health.unit_code == 13 && !slot->health.has_other_unit)
    value *= STOICH_PETROL;

  return value;
}

/* Motion is kept for the provider in use; the others are judged by their last
 * values alone. */
void
dyno_intake_note_motion (DynoIntake *self)
{
  DynoMotion *motion = &self->motion;

  if (self->chosen == NULL)
    {
      motion->n = 0;
      return;
    }
  if (motion->n == G_N_ELEMENTS (motion->rpm))
    {
      memmove (motion->rpm, motion->rpm + 1, sizeof motion->rpm - sizeof *motion->rpm);
      memmove (motion->speed_kmh, motion->speed_kmh + 1,
               sizeof motion->speed_kmh - sizeof *motion->speed_kmh);
      motion->n--;
    }
  motion->speed_kmh[motion->n] = last_of (self->chosen, DYNO_CHANNEL_SPEED);
  motion->rpm[motion->n++] = last_of (self->chosen, DYNO_CHANNEL_RPM);
}

void
dyno_intake_witness (DynoIntake        *self,
                     const DynoHost    *host,
                     DynoHealthWitness *witness)
{
  const DynoSlot *speed_slot = dyno_host_bound_slot (host, DYNO_CHANNEL_SPEED);
  const DynoMotion *motion = &self->motion;
  float speed = last_of (host, DYNO_CHANNEL_SPEED);
  float accel = last_of (host, DYNO_CHANNEL_ACCEL);
  float rpm = last_of (host, DYNO_CHANNEL_RPM);
  float gear = last_of (host, DYNO_CHANNEL_GEAR_RATIO);

  memset (witness, 0, sizeof *witness);
  witness->drum_stands = speed_slot != NULL && !(speed >= STANDS_KMH);
  witness->drum_accelerates = fabsf (accel) > MOVES_ACCEL && speed > STANDS_KMH;
  witness->throttle_is_open = last_of (host, DYNO_CHANNEL_TPS) > OPEN_PERCENT;
  witness->rpm_disagrees
    = speed > 8 && gear > 0 && fabsf (rpm - speed * gear) > RPM_OFF * speed * gear;
  if (host == self->chosen && motion->n > 0)
    {
      witness->drum_accelerates |= fabsf (speed - motion->speed_kmh[0]) > MOVES_KMH;
      witness->rpm_moves = fabsf (rpm - motion->rpm[0]) > MOVES_RPM * fabsf (rpm);
    }
}

void
dyno_intake_judge_channels (DynoIntake *self,
                            DynoHost   *host)
{
  DynoHealthWitness witness;

  dyno_intake_witness (self, host, &witness);
  for (guint i = 0; i < host->slots->len; i++)
    {
      DynoSlot *slot = g_ptr_array_index (host->slots, i);
      DynoHealth health
        = dyno_live_health_judge (&slot->health, slot->canonical, &witness, self->now_us);

      if (health == slot->told_health)
        continue;
      slot->told_health = health;
      dyno_intake_channel_event (self, DYNO_EVENT_CHANNEL_HEALTH, host, slot->channel)->count
        = health;
    }
}

static DynoHealth
health_of (const DynoHost *host,
           DynoChannel     canonical)
{
  const DynoSlot *slot = dyno_host_bound_slot (host, canonical);

  return slot != NULL ? slot->health.state : DYNO_HEALTH_UNMAPPED;
}

static gboolean
is_bad (DynoHealth health)
{
  return health == DYNO_HEALTH_STALE || health == DYNO_HEALTH_INVALID
         || health == DYNO_HEALTH_FROZEN || health == DYNO_HEALTH_UNMAPPED;
}

/* One mixture is required; which of the two is the bike's affair. */
static gboolean
required_is_bad (const DynoHost *host)
{
  return is_bad (health_of (host, DYNO_CHANNEL_RPM))
         || (is_bad (health_of (host, DYNO_CHANNEL_MIX_F))
             && is_bad (health_of (host, DYNO_CHANNEL_MIX_R)));
}

static gboolean
recommended_is_bad (const DynoHost *host)
{
  return is_bad (health_of (host, DYNO_CHANNEL_MAP)) || is_bad (health_of (host, DYNO_CHANNEL_TPS))
         || (is_bad (health_of (host, DYNO_CHANNEL_TORQUE))
             && is_bad (health_of (host, DYNO_CHANNEL_TORQUE_CORR)))
         || (is_bad (health_of (host, DYNO_CHANNEL_POWER))
             && is_bad (health_of (host, DYNO_CHANNEL_POWER_CORR)));
}

static gboolean
any_bound_is_poor (const DynoHost *host)
{
  for (guint i = 0; i < DYNO_BINDING_ROWS; i++)
    {
      const DynoBindingRow *row = &dyno_binding_rows[i];
      DynoHealth health;

      if (row->need == DYNO_NEED_NONE || !dyno_binding_bound (host->binding, i)->is_bound)
        continue;
      health = health_of (host, row->canonical);
      if (health == DYNO_HEALTH_PEGGED || health == DYNO_HEALTH_SLOW || is_bad (health))
        return TRUE;
    }

  return FALSE;
}

/* Over the last 10 s, or since the first tick. */
static double
recent_loss (const DynoHost *host)
{
  guint n = MIN (host->n_ticks, LOSS_TICKS);
  guint oldest = (host->n_ticks - n) % LOSS_TICKS;
  guint64 lost;

  if (n == 0)
    return 0;
  lost = host->sequence.lost - MIN (host->lost_then[oldest], host->sequence.lost);

  return dyno_sequence_loss_percent (host->sequence.received - host->received_then[oldest], lost);
}

DynoOverall
dyno_intake_judge_overall (DynoIntake *self)
{
  const DynoHost *host = self->chosen;
  DynoHealthWitness witness;
  float rpm;
  double loss;

  if (host == NULL || host->presence != DYNO_HOST_ALIVE)
    return DYNO_OVERALL_STALE;

  loss = recent_loss (host);
  if (required_is_bad (host) || loss > LOSS_CRITICAL)
    return DYNO_OVERALL_CRITICAL;

  dyno_intake_witness (self, host, &witness);
  rpm = last_of (host, DYNO_CHANNEL_RPM);
  if (witness.drum_stands && (rpm == 0 || isnan (rpm)))
    return DYNO_OVERALL_IDLE;
  if (recommended_is_bad (host) || any_bound_is_poor (host) || loss > LOSS_WARNING
      || (self->drops_us != 0 && self->now_us - self->drops_us < DROPS_SHOWN_US))
    return DYNO_OVERALL_WARNING;

  return DYNO_OVERALL_OK;
}

static gboolean
cylinders_differ (const DynoIntake *self)
{
  guint kept = MIN (self->n_pairs, DYNO_INTAKE_PAIRS);
  gint64 newest_us;
  guint n = 0, n_off = 0;

  if (kept == 0)
    return FALSE;
  newest_us = self->pairs[(self->n_pairs - 1) % DYNO_INTAKE_PAIRS].t_us;
  for (guint i = 0; i < kept; i++)
    {
      if (newest_us - self->pairs[i].t_us > PAIRS_US)
        continue;
      n++;
      n_off += fabsf (self->pairs[i].difference) > PAIR_AFR ? 1 : 0;
    }

  return n >= PAIRS_LEAST && n_off >= PAIRS_SHARE * n;
}

static gboolean
is_implausible (float afr)
{
  return afr < LOAD_AFR_LOW || afr > LOAD_AFR_HIGH;
}

static gboolean
mixture_is_implausible (const DynoHost *host)
{
  const DynoSlot *front = dyno_host_bound_slot (host, DYNO_CHANNEL_MIX_F);
  const DynoSlot *rear = dyno_host_bound_slot (host, DYNO_CHANNEL_MIX_R);

  return (front != NULL && !front->health.last_was_pegged
          && is_implausible (afr_of (host, DYNO_CHANNEL_MIX_F)))
         || (rear != NULL && !rear->health.last_was_pegged
             && is_implausible (afr_of (host, DYNO_CHANNEL_MIX_R)));
}

guint
dyno_intake_machine_warnings (DynoIntake *self)
{
  const DynoHost *host = self->chosen;
  float tps;
  guint warnings = 0;

  if (host == NULL || host->presence != DYNO_HOST_ALIVE)
    return 0;

  tps = last_of (host, DYNO_CHANNEL_TPS);
  if (tps > WIDE_OPEN_PERCENT && last_of (host, DYNO_CHANNEL_RPM) <= 0)
    warnings |= DYNO_WARNING_RPM_ZERO_AT_WOT;
  if (tps > WIDE_OPEN_PERCENT && mixture_is_implausible (host))
    warnings |= DYNO_WARNING_AFR_IMPLAUSIBLE;
  if (cylinders_differ (self))
    warnings |= DYNO_WARNING_CYLINDER_IMBALANCE;

  return warnings;
}
