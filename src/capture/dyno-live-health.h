/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <glib.h>

#include "dyno-channel.h"

G_BEGIN_DECLS

/* Is a channel alive, and can its number be believed (jetdrive.md §7)? One
 * DynoLiveHealth a channel is fed with each sample and judged on the 250 ms
 * tick; ages are by arrival, periods by sample time. Pure. */

typedef enum
{
  DYNO_HEALTH_OK,
  DYNO_HEALTH_SLOW,
  DYNO_HEALTH_FROZEN,
  DYNO_HEALTH_INVALID,
  DYNO_HEALTH_PEGGED,
  DYNO_HEALTH_STALE,
  DYNO_HEALTH_IDLE,
  DYNO_HEALTH_NO_SIGNAL,
  DYNO_HEALTH_UNMAPPED, /* of a canonical channel that has no candidate */
  DYNO_N_HEALTHS
} DynoHealth;

typedef enum
{
  DYNO_OVERALL_OK,
  DYNO_OVERALL_WARNING,
  DYNO_OVERALL_IDLE,
  DYNO_OVERALL_CRITICAL,
  DYNO_OVERALL_STALE,
} DynoOverall;

/* What a sample is marked with; a set. The raw number is kept whatever it says. */
typedef enum
{
  DYNO_SAMPLE_NOT_FINITE = 1 << 0,
  DYNO_SAMPLE_OUT_OF_RANGE = 1 << 1,           /* of its canonical channel, live */
  DYNO_SAMPLE_LATE = 1 << 2,                   /* older than one already given */
  DYNO_SAMPLE_PEGGED = 1 << 3,                 /* a mixture sensor that cannot tell */
  DYNO_SAMPLE_UNRESOLVED_AT_ARRIVAL = 1 << 4,  /* came before its channel was announced */
  DYNO_SAMPLE_OTHER_PROVIDER = 1 << 5,         /* not of the provider in use */
} DynoSampleFlag;

/* What a name and a unit say about how a channel behaves. */
typedef enum
{
  DYNO_KIND_OTHER,
  DYNO_KIND_DRUM,       /* silent while the drum stands */
  DYNO_KIND_RPM,
  DYNO_KIND_MIXTURE,    /* measured by a sensor that can peg */
  DYNO_KIND_ATMOSPHERE,
} DynoChannelKind;

#define DYNO_HEALTH_ARRIVALS 100
#define DYNO_HEALTH_INTERVALS 20

/* Where the median period and the rate come from; there once a value came. */
typedef struct
{
  gint64  arrivals_us[DYNO_HEALTH_ARRIVALS];
  guint32 intervals_us[DYNO_HEALTH_INTERVALS];
  guint   n_arrivals;  /* ever; a ring's place is its rest */
  guint   n_intervals;
} DynoHealthRings;

typedef struct
{
  DynoChannelKind  kind;
  guint8           unit_code;
  DynoHealthRings *rings;            /* (owned) (nullable) */

  guint64          n_samples;
  guint64          n_invalid;
  guint64          n_late;
  guint64          n_gaps;
  float            last;
  float            low;              /* least and greatest finite value; NaN before one */
  float            high;
  gint64           last_t_us;
  gint64           last_arrival_us;
  gint64           last_finite_us;   /* arrival; meaningful with has_finite */
  gint64           same_since_us;    /* arrival of the first of the equal values up to now */
  gint64           low_peg_since_us; /* sample time; meaningful with is_low_pegged */
  gint64           jitter_us;        /* arrival after the last gap of 0.25…1 s */
  int              invalid_score;    /* 0…20 */
  gboolean         has_finite;
  gboolean         has_changed;      /* two different values were seen */
  gboolean         is_low_pegged;
  gboolean         last_was_pegged;
  gboolean         has_other_unit;   /* λ that carries AFR, s that carries ms */

  double           rate_hz;          /* as of the last judgement */
  double           period_s;         /* median of the intervals; 0 unknown */
  gboolean         period_is_old;
  DynoHealth       state;
  const char      *reason;           /* static word, "" where the state says all */
} DynoLiveHealth;

/* A sample as health sees it. */
typedef struct
{
  gint64      t_us;
  gint64      arrival_us;
  float       value;
  DynoChannel canonical;       /* may be NONE */
  double      low;             /* plausible while live: wire unit, mixture as AFR, pulse */
  double      high;            /* width in s; ±∞ for a channel without a canonical one */
  gboolean    sensor_is_ready; /* FALSE: a "Sensor Ready" of it says 0 */
} DynoHealthSample;

/* What the other channels of the provider say, for IDLE and FROZEN. */
typedef struct
{
  gboolean drum_stands;      /* last speed < 2 km/h, or it never moved */
  gboolean drum_accelerates; /* |a| > 1.5 km/h/s, or speed changed by 2 km/h in 2 s */
  gboolean rpm_moves;        /* changed by 5 % in 2 s */
  gboolean throttle_is_open; /* > 20 % */
  gboolean rpm_disagrees;    /* with speed · gear ratio, by more than 10 % */
} DynoHealthWitness;

void            dyno_live_health_init   (DynoLiveHealth          *self,
                                         const char              *name,
                                         guint8                   unit_code);
void            dyno_live_health_clear  (DynoLiveHealth          *self);

/* The answer is the sample's set of DynoSampleFlag. */
guint           dyno_live_health_take   (DynoLiveHealth          *self,
                                         const DynoHealthSample  *sample);

/* Judges at `now_us`; `canonical` may be NONE. */
DynoHealth      dyno_live_health_judge  (DynoLiveHealth          *self,
                                         DynoChannel              canonical,
                                         const DynoHealthWitness *witness,
                                         gint64                   now_us);

/* A finite value within 5 s, or IDLE: what the resolver calls live. */
gboolean        dyno_live_health_lives  (const DynoLiveHealth    *self,
                                         const DynoHealthWitness *witness,
                                         gint64                   now_us);

/* Samples a second over the last 100 arrivals; 0 before the second. */
double          dyno_live_health_rate   (const DynoLiveHealth    *self);

DynoChannelKind dyno_channel_kind       (const char              *name,
                                         guint8                   unit_code);

/* "ok", "slow", … "no_signal". */
const char     *dyno_health_name        (DynoHealth               health);

G_END_DECLS
