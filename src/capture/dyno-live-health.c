/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-live-health.h"

#include <math.h>
#include <string.h>

#define PEG_HIGH_AFR 22.38f
#define PEG_LOW_AFR 7.35f
#define PEG_LOW_END_AFR 7.40f
#define PEG_LOW_US (2 * G_USEC_PER_SEC)
#define LIVE_US (5 * G_USEC_PER_SEC)
#define FROZEN_US (2 * G_USEC_PER_SEC)
#define FROZEN_RATE_HZ 5.0
#define INVALID_ABOVE 10
#define INVALID_MOST 20
#define STALE_LEAST_S 1.0
#define SLOW_HZ 1.0
#define JITTER_LOW_US 250000
#define JITTER_HIGH_US 1000000
#define JITTER_SHOWN_US (2 * G_USEC_PER_SEC)
#define UNIT_TIME 0
#define UNIT_TEMPERATURE 6
#define UNIT_RPM 8
#define UNIT_AFR 11
#define UNIT_LAMBDA 13
#define UNIT_NONE 255

static const char *const health_names[DYNO_N_HEALTHS] = {
  [DYNO_HEALTH_OK] = "ok",           [DYNO_HEALTH_SLOW] = "slow",
  [DYNO_HEALTH_FROZEN] = "frozen",   [DYNO_HEALTH_INVALID] = "invalid",
  [DYNO_HEALTH_PEGGED] = "pegged",   [DYNO_HEALTH_STALE] = "stale",
  [DYNO_HEALTH_IDLE] = "idle",       [DYNO_HEALTH_NO_SIGNAL] = "no_signal",
  [DYNO_HEALTH_UNMAPPED] = "unmapped",
};

/* The drum computer's own channels (§3.1): silent while the drum stands. */
static const char *const drum_names[] = {
  "Acceleration", "Correction Factor", "Distance", "Distance 1", "Distance 2", "Force", "Force 1",
  "Force Drum 1", "Gear Ratio", "Power", "Power (uncorrected)", "Power Drum 1",
  "Power Drum 1 (uncorrected)", "Speed", "Speed 1", "Torque", "Torque (uncorrected)",
  "Torque Drum 1", "Torque Drum 1 (uncorrected)", NULL
};

static const char *const atmosphere_names[] = {
  "Humidity", "Pressure", "Temperature 1", "Temperature 2", NULL
};

/* Commanded mixtures; a sensor measures the others. */
static const char *const commanded_words[] = { "Desired", "Warm-up" };

static gboolean
is_commanded (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (commanded_words); i++)
    {
      if (strstr (name, commanded_words[i]) != NULL)
        return TRUE;
    }

  return FALSE;
}

DynoChannelKind
dyno_channel_kind (const char *name,
                   guint8      unit_code)
{
  if (g_strv_contains (drum_names, name))
    return DYNO_KIND_DRUM;
  if (g_strv_contains (atmosphere_names, name))
    return DYNO_KIND_ATMOSPHERE;
  if (unit_code == UNIT_RPM)
    return DYNO_KIND_RPM;
  if ((unit_code == UNIT_AFR || unit_code == UNIT_LAMBDA) && !is_commanded (name))
    return DYNO_KIND_MIXTURE;

  return DYNO_KIND_OTHER;
}

void
dyno_live_health_init (DynoLiveHealth *self,
                       const char     *name,
                       guint8          unit_code)
{
  memset (self, 0, sizeof *self);
  self->kind = dyno_channel_kind (name, unit_code);
  self->unit_code = unit_code;
  self->low = NAN;
  self->high = NAN;
  self->state = DYNO_HEALTH_NO_SIGNAL;
  self->reason = "";
}

void
dyno_live_health_clear (DynoLiveHealth *self)
{
  g_clear_pointer (&self->rings, g_free);
}

static gboolean
same_bits (float a,
           float b)
{
  return memcmp (&a, &b, sizeof a) == 0;
}

static void
note_interval (DynoLiveHealth *self,
               gint64          interval_us)
{
  DynoHealthRings *rings = self->rings;

  rings->intervals_us[rings->n_intervals++ % DYNO_HEALTH_INTERVALS]
    = (guint32) MIN (interval_us, G_MAXUINT32);
  self->period_is_old = TRUE;
}

static void
note_arrival (DynoLiveHealth *self,
              gint64          arrival_us)
{
  DynoHealthRings *rings = self->rings;
  gint64 gap_us = arrival_us - self->last_arrival_us;

  rings->arrivals_us[rings->n_arrivals++ % DYNO_HEALTH_ARRIVALS] = arrival_us;
  if (self->n_samples > 0 && self->period_s > 0 && self->period_s * 1e6 < JITTER_LOW_US / 2
      && gap_us >= JITTER_LOW_US && gap_us <= JITTER_HIGH_US)
    self->jitter_us = arrival_us;
}

static void
note_time (DynoLiveHealth *self,
           gint64          t_us)
{
  gint64 interval_us = t_us - self->last_t_us;

  if (self->n_samples > 0)
    {
      if (self->period_s > 0 && interval_us > JITTER_LOW_US
          && (double) interval_us > 3e6 * self->period_s)
        self->n_gaps++;
      note_interval (self, interval_us);
    }
  self->last_t_us = t_us;
}

/* The value as AFR: λ by 14.7 unless it carries AFR already. */
static float
as_afr (const DynoLiveHealth *self,
        float                 value)
{
  return self->unit_code == UNIT_LAMBDA && !self->has_other_unit ? value * 14.7f : value;
}

static gboolean
is_pegged (DynoLiveHealth         *self,
           const DynoHealthSample *sample)
{
  float afr = as_afr (self, sample->value);
  gboolean is_low = afr >= PEG_LOW_AFR && afr <= PEG_LOW_END_AFR;

  if (self->kind != DYNO_KIND_MIXTURE)
    return FALSE;

  if (is_low && !self->is_low_pegged)
    self->low_peg_since_us = sample->t_us;
  self->is_low_pegged = is_low;

  return !sample->sensor_is_ready || afr >= PEG_HIGH_AFR
         || (is_low && sample->t_us - self->low_peg_since_us >= PEG_LOW_US);
}

/* A λ above 3 is an AFR; an injector time without a unit above 0.05 is in ms. */
static void
note_unit (DynoLiveHealth *self,
           float           value)
{
  if (self->unit_code == UNIT_LAMBDA && value > 3)
    self->has_other_unit = TRUE;
  if ((self->unit_code == UNIT_NONE || self->unit_code > 16) && value > 0.05f)
    self->has_other_unit = TRUE;
}

/* The value in the unit of the plausible range. */
static float
as_ranged (const DynoLiveHealth   *self,
           const DynoHealthSample *sample)
{
  gboolean is_pulse
    = sample->canonical == DYNO_CHANNEL_PW_F || sample->canonical == DYNO_CHANNEL_PW_R;

  if (is_pulse && self->has_other_unit)
    return sample->value * 1e-3f;

  return as_afr (self, sample->value);
}

static void
note_value (DynoLiveHealth *self,
            float           value,
            gint64          arrival_us)
{
  if (self->n_samples == 0 || !same_bits (value, self->last))
    {
      self->has_changed = self->n_samples > 0;
      self->same_since_us = arrival_us;
    }
  self->last = value;
  if (!isfinite (value))
    return;

  self->has_finite = TRUE;
  self->last_finite_us = arrival_us;
  self->low = fminf (self->low, value);
  self->high = fmaxf (self->high, value);
}

static guint
flags_of (DynoLiveHealth         *self,
          const DynoHealthSample *sample)
{
  float value;

  if (!isfinite (sample->value))
    return DYNO_SAMPLE_NOT_FINITE;
  note_unit (self, sample->value);
  if (is_pegged (self, sample))
    return DYNO_SAMPLE_PEGGED;
  value = as_ranged (self, sample);

  return value < (float) sample->low || value > (float) sample->high ? DYNO_SAMPLE_OUT_OF_RANGE : 0;
}

static void
score (DynoLiveHealth *self,
       guint           flags)
{
  gboolean is_bad = (flags & (DYNO_SAMPLE_NOT_FINITE | DYNO_SAMPLE_OUT_OF_RANGE)) != 0;

  if (is_bad)
    self->n_invalid++;
  if ((flags & DYNO_SAMPLE_PEGGED) == 0)
    self->invalid_score = CLAMP (self->invalid_score + (is_bad ? 1 : -1), 0, INVALID_MOST);
}

guint
dyno_live_health_take (DynoLiveHealth         *self,
                       const DynoHealthSample *sample)
{
  guint flags;

  if (self->rings == NULL)
    self->rings = g_new0 (DynoHealthRings, 1);

  flags = flags_of (self, sample);
  score (self, flags);
  note_arrival (self, sample->arrival_us);
  if (self->n_samples > 0 && sample->t_us < self->last_t_us)
    {
      self->n_late++;
      flags |= DYNO_SAMPLE_LATE;
    }
  else
    {
      self->last_was_pegged = (flags & DYNO_SAMPLE_PEGGED) != 0;
      note_time (self, sample->t_us);
      note_value (self, sample->value, sample->arrival_us);
    }
  self->last_arrival_us = sample->arrival_us;
  self->n_samples++;

  return flags;
}

/* A handful of numbers, nearly in order: each goes to its place. */
static void
sort_few (guint32 *values,
          guint    n)
{
  for (guint i = 1; i < n; i++)
    {
      guint32 value = values[i];
      guint j = i;

      for (; j > 0 && values[j - 1] > value; j--)
        values[j] = values[j - 1];
      values[j] = value;
    }
}

static void
update_period (DynoLiveHealth *self)
{
  guint32 sorted[DYNO_HEALTH_INTERVALS];
  guint n;

  if (self->rings == NULL || !self->period_is_old)
    return;

  n = MIN (self->rings->n_intervals, DYNO_HEALTH_INTERVALS);
  memcpy (sorted, self->rings->intervals_us, n * sizeof *sorted);
  sort_few (sorted, n);
  self->period_s = n > 0 ? sorted[n / 2] * 1e-6 : 0;
  self->period_is_old = FALSE;
}

double
dyno_live_health_rate (const DynoLiveHealth *self)
{
  const DynoHealthRings *rings = self->rings;
  guint n;
  gint64 span_us;

  if (rings == NULL || rings->n_arrivals < 2)
    return 0;

  n = MIN (rings->n_arrivals, DYNO_HEALTH_ARRIVALS);
  span_us = rings->arrivals_us[(rings->n_arrivals - 1) % DYNO_HEALTH_ARRIVALS]
            - rings->arrivals_us[(rings->n_arrivals - n) % DYNO_HEALTH_ARRIVALS];

  return span_us > 0 ? (n - 1) * 1e6 / (double) span_us : 0;
}

static gboolean
is_idle (const DynoLiveHealth    *self,
         const DynoHealthWitness *witness)
{
  if (self->kind == DYNO_KIND_DRUM)
    return witness->drum_stands;

  return self->kind == DYNO_KIND_RPM && self->last == 0;
}

static gboolean
is_stale (const DynoLiveHealth *self,
          gint64                now_us)
{
  double age_s = (double) (now_us - self->last_arrival_us) * 1e-6;

  return self->n_samples >= 2 && age_s > MAX (STALE_LEAST_S, 5 * self->period_s);
}

/* Channels that cannot stand still bit for bit while the machine moves. Gear
 * ratio and correction factor may, and so may all that only report. */
static gboolean
can_freeze (const DynoLiveHealth *self,
            DynoChannel           canonical)
{
  if (!self->has_changed || canonical == DYNO_CHANNEL_GEAR_RATIO
      || canonical == DYNO_CHANNEL_CORRECTION)
    return FALSE;
  if (self->kind == DYNO_KIND_MIXTURE || self->kind == DYNO_KIND_RPM)
    return TRUE;

  return canonical == DYNO_CHANNEL_MAP
         || (self->kind == DYNO_KIND_DRUM && self->unit_code != UNIT_NONE && self->unit_code != 9);
}

static gboolean
is_frozen (const DynoLiveHealth    *self,
           DynoChannel              canonical,
           const DynoHealthWitness *witness,
           gint64                   now_us)
{
  gboolean moves = witness->drum_accelerates || (witness->throttle_is_open && witness->rpm_moves);

  if (self->kind == DYNO_KIND_RPM)
    moves |= witness->rpm_disagrees;

  return moves && can_freeze (self, canonical) && now_us - self->same_since_us >= FROZEN_US
         && self->last_arrival_us - self->same_since_us >= FROZEN_US * 3 / 4
         && self->rate_hz >= FROZEN_RATE_HZ;
}

static DynoHealth
judge (DynoLiveHealth          *self,
       DynoChannel              canonical,
       const DynoHealthWitness *witness,
       gint64                   now_us)
{
  self->reason = "";
  if (self->n_samples == 0)
    return DYNO_HEALTH_NO_SIGNAL;
  if (is_idle (self, witness))
    return DYNO_HEALTH_IDLE;
  if (is_stale (self, now_us))
    return DYNO_HEALTH_STALE;
  if (self->last_was_pegged)
    return DYNO_HEALTH_PEGGED;
  if (self->invalid_score > INVALID_ABOVE)
    {
      self->reason = isfinite (self->last) ? "out_of_range" : "not_finite";
      return DYNO_HEALTH_INVALID;
    }
  if (is_frozen (self, canonical, witness, now_us))
    return DYNO_HEALTH_FROZEN;
  if (self->n_samples > 5 && self->rate_hz > 0 && self->rate_hz < SLOW_HZ && self->period_s > 0
      && self->period_s < 1 / SLOW_HZ)
    {
      self->reason = "rate";
      return DYNO_HEALTH_SLOW;
    }
  if (self->jitter_us != 0 && now_us - self->jitter_us <= JITTER_SHOWN_US)
    {
      self->reason = "jitter";
      return DYNO_HEALTH_SLOW;
    }

  return DYNO_HEALTH_OK;
}

DynoHealth
dyno_live_health_judge (DynoLiveHealth          *self,
                        DynoChannel              canonical,
                        const DynoHealthWitness *witness,
                        gint64                   now_us)
{
  update_period (self);
  self->rate_hz = dyno_live_health_rate (self);
  self->state = judge (self, canonical, witness, now_us);

  return self->state;
}

gboolean
dyno_live_health_lives (const DynoLiveHealth    *self,
                        const DynoHealthWitness *witness,
                        gint64                   now_us)
{
  if (self->has_finite && now_us - self->last_finite_us <= LIVE_US)
    return TRUE;

  return self->n_samples > 0 && is_idle (self, witness);
}

const char *
dyno_health_name (DynoHealth health)
{
  return health < DYNO_N_HEALTHS ? health_names[health] : "";
}
