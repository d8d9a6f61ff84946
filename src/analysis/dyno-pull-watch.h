/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-channel.h"

G_BEGIN_DECLS

/* What the channels say about a run, without knowing whether there is one: last
 * values, conditions and for how long they hold. dyno-pulls makes runs of it.
 * All numbers are those of jetdrive.md 6. */

#define DYNO_PULL_NEVER G_MININT64
#define DYNO_PULL_SAMPLING_CHANNELS 8
#define DYNO_PULL_TRAIL 512

typedef struct
{
  gint64 t_us; /* NEVER: no value yet */
  double value;
} DynoPullReading;

typedef struct
{
  double low; /* above `high`: empty */
  double high;
} DynoPullRange;

typedef struct
{
  gint64 since_us; /* first sample of the hold; NEVER: it does not hold */
  guint  n;        /* samples since */
} DynoPullHold;

typedef struct
{
  gint64   t_us;
  gint64   fell_us;
  gboolean is_high;
} DynoPullSampling;

typedef struct
{
  gboolean         has_speed;
  gboolean         has_accel;
  gint64           newest_us;      /* of the samples */
  gint64           now_us;         /* the same, or the tick after it */
  DynoPullReading  speed;          /* km/h */
  DynoPullReading  accel;          /* km/h/s */
  DynoPullReading  tps;            /* % */
  DynoPullReading  rpm;
  DynoPullReading  trail[DYNO_PULL_TRAIL]; /* speeds of the last 300 ms, a ring */
  guint            trail_first;
  guint            trail_n;
  DynoPullSampling sampling[DYNO_PULL_SAMPLING_CHANNELS];

  DynoPullHold     wants;          /* the drum's start condition */
  DynoPullHold     slows;          /* a < −0.5 km/h/s */
  DynoPullHold     fast;           /* engine speed ≥ 1500 */
  DynoPullHold     slow;           /* engine speed ≤ 1200 */
  gboolean         is_blocked;     /* wants and fast wait until they were false once */
  DynoPullRange    candidate_rpm;  /* since wants or fast holds */
  DynoPullRange    candidate_kmh;
} DynoPullWatch;

void     dyno_pull_watch_init        (DynoPullWatch         *self);
/* As after the start, but for the bindings and the time; the next sample may be
 * earlier. */
void     dyno_pull_watch_forget      (DynoPullWatch         *self);
void     dyno_pull_watch_block       (DynoPullWatch         *self);

/* Time goes on without a sample; conditions on a silent channel end. */
void     dyno_pull_watch_tick        (DynoPullWatch         *self,
                                      gint64                 t_us);
/* A sample came: what ticks said of the time since the one before was only that
 * nothing came, and is taken back where the sample is older (a backlog). */
void     dyno_pull_watch_see         (DynoPullWatch         *self,
                                      gint64                 t_us);
/* A finite value in SI; FALSE for a channel that says nothing about runs. */
gboolean dyno_pull_watch_push        (DynoPullWatch         *self,
                                      DynoChannel            channel,
                                      gint64                 t_us,
                                      double                 value);

/* Heard within the last second. */
gboolean dyno_pull_watch_is_fresh    (const DynoPullWatch   *self,
                                      const DynoPullReading *reading);
gboolean dyno_pull_watch_turns       (const DynoPullWatch   *self);
gboolean dyno_pull_watch_is_open     (const DynoPullWatch   *self); /* throttle ≥ 20 % */
gboolean dyno_pull_watch_is_shut     (const DynoPullWatch   *self); /* known and < 20 % */
gboolean dyno_pull_watch_pulls       (const DynoPullWatch   *self); /* wants, for 300 ms */
gboolean dyno_pull_watch_brakes      (const DynoPullWatch   *self); /* slows, for 300 ms */
gboolean dyno_pull_watch_revs        (const DynoPullWatch   *self); /* fast, 5 samples, 250 ms */
gboolean dyno_pull_watch_idles       (const DynoPullWatch   *self); /* slow, 5 samples, 250 ms */
/* TRUE while one is high; `fell_us` is the last falling edge of them all. */
gboolean dyno_pull_watch_samples     (const DynoPullWatch   *self,
                                      gint64                *fell_us);

void     dyno_pull_range_clear       (DynoPullRange         *range);
/* Adds what the watch last read, where it is fresh. */
void     dyno_pull_watch_widen       (const DynoPullWatch   *self,
                                      DynoPullRange         *rpm,
                                      DynoPullRange         *kmh);
double   dyno_pull_range_span        (const DynoPullRange   *range); /* NaN when empty */

G_END_DECLS
