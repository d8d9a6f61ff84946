/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-samples.h"

G_BEGIN_DECLS

/* Finds runs in a stream of samples (jetdrive.md 6), live or in a log. Samples go
 * in one by one, events come out of the same call. All durations are by sample
 * time; nothing here reads a clock. One thread at a time.
 *
 * Three triggers: by hand, the dyno's own Sampling channel, the drum. A run of a
 * lower one is taken over by a higher one and keeps its start. Where no speed is
 * bound, engine speed alone decides.
 *
 * A drum's run that ended is not over for 1.5 s: a gear change resumes it. Its
 * verdict comes after that. Pre-roll (2 s) and post-roll (3 s) are the caller's. */

#define DYNO_PULLS_PRE_ROLL_US (2 * G_USEC_PER_SEC)
#define DYNO_PULLS_POST_ROLL_US (3 * G_USEC_PER_SEC)

typedef struct _DynoPulls DynoPulls;

typedef enum
{
  DYNO_PULL_ARMED,      /* the drum turns: a run may begin */
  DYNO_PULL_DISARMED,
  DYNO_PULL_STARTED,
  DYNO_PULL_TAKEN_OVER, /* by the trigger named in the event */
  DYNO_PULL_ENDED,
  DYNO_PULL_RESUMED,    /* a gear change: the end was none */
  DYNO_PULL_KEPT,
  DYNO_PULL_DISCARDED,
} DynoPullEventKind;

typedef enum
{
  DYNO_PULL_BY_DRUM,
  DYNO_PULL_BY_RPM,
  DYNO_PULL_BY_SAMPLING,
  DYNO_PULL_BY_HAND,
} DynoPullTrigger;

typedef enum
{
  DYNO_PULL_END_NONE, /* still running */
  DYNO_PULL_END_DECEL,
  DYNO_PULL_END_THROTTLE,
  DYNO_PULL_END_SILENT,
  DYNO_PULL_END_MAX,
  DYNO_PULL_END_RPM,
  DYNO_PULL_END_SAMPLING,
  DYNO_PULL_END_MANUAL,
  DYNO_PULL_END_PROVIDER,
} DynoPullEnd;

typedef enum
{
  DYNO_PULL_DISCARD_NONE,
  DYNO_PULL_DISCARD_SHORT, /* under 1.5 s */
  DYNO_PULL_DISCARD_SPAN,  /* under 800 rpm; without engine speed under 25 km/h */
} DynoPullDiscard;

typedef struct
{
  DynoPullEventKind kind;
  guint             run;      /* from 1; 0 for ARMED and DISARMED */
  gint64            t_us;     /* the sample or tick that brought it about */
  gint64            start_us; /* first sample of the run */
  gint64            end_us;   /* last sample; the start while it runs */
  DynoPullTrigger   trigger;
  DynoPullEnd       end;
  DynoPullDiscard   discard;
  double            span_rpm; /* NaN without engine speed */
  double            span_kmh; /* NaN without speed */
} DynoPullEvent;

/* Must not call back into the detector. */
typedef void (*DynoPullsFunc) (const DynoPullEvent *event,
                               gpointer             user_data);

/* "drum", "decel", "short": the spelling of files and wire; "" for the none. */
const char *dyno_pull_trigger_name (DynoPullTrigger trigger);
const char *dyno_pull_end_name     (DynoPullEnd     end);
const char *dyno_pull_discard_name (DynoPullDiscard discard);

DynoPulls *dyno_pulls_new           (DynoPullsFunc   func,
                                     gpointer        user_data);
void       dyno_pulls_free          (DynoPulls      *self);

/* Which of DYNO_CHANNEL_SPEED and _ACCEL there are: without speed engine speed
 * alone decides, without acceleration it is taken from the speed. Nothing is
 * bound at first. */
void       dyno_pulls_set_bound     (DynoPulls      *self,
                                     DynoChannel     channel,
                                     gboolean        is_bound);

/* A sample in the SI unit of its canonical channel (speed km/h, accel m/s², tps
 * %, rpm 1/min). Other channels are ignored, as is a value that is not finite. */
void       dyno_pulls_push          (DynoPulls      *self,
                                     DynoChannel     channel,
                                     gint64          t_us,
                                     double          value);
/* The same for one of up to eight channels called Sampling; 0 is that of _push (). */
void       dyno_pulls_push_sampling (DynoPulls      *self,
                                     guint           candidate,
                                     gint64          t_us,
                                     double          value);
/* Time went on without a sample: silence and verdicts fall due. */
void       dyno_pulls_tick          (DynoPulls      *self,
                                     gint64          t_us);

void       dyno_pulls_start         (DynoPulls      *self,
                                     gint64          t_us);
/* Ends the run in hand, whoever began it; kept if it was begun by hand. */
void       dyno_pulls_stop          (DynoPulls      *self,
                                     gint64          t_us);
/* Clear or restart of the provider: a run in hand ends, old values are forgotten. */
void       dyno_pulls_provider_gone (DynoPulls      *self,
                                     gint64          t_us);
/* The stream is over: a run in hand ends at its last sample, with its verdict. */
void       dyno_pulls_finish        (DynoPulls      *self);

/* The run in hand (also in its 1.5 s after the end); FALSE without one. */
gboolean   dyno_pulls_run           (const DynoPulls *self,
                                     DynoPullEvent   *event);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoPulls, dyno_pulls_free)

/* The verdicts (KEPT or DISCARDED) over a log in the order of the runs; times
 * in µs of its time column. Empty without time. (transfer full): DynoPullEvent. */
GArray    *dyno_pulls_find          (const DynoSamples *samples);

G_END_DECLS
