/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-clock.h"

G_BEGIN_DECLS

/* A circuit breaker for one outside service (service.md 6): what keeps failing is not
 * called for a while. Carries its own lock, any thread.
 *
 *   if (!dyno_breaker_begin (breaker, &call, &error))
 *     … error is UNAVAILABLE, reason CIRCUIT_OPEN
 *   … the call, which may take its time
 *   dyno_breaker_end (breaker, &call, DYNO_CALL_TIMED_OUT, 0);
 *
 * Each call that began must end, once, on any thread. The end of a call that began
 * before the state last changed tells nothing of the present and is not counted. */

typedef enum
{
  DYNO_BREAKER_CLOSED,      /* calls go out */
  DYNO_BREAKER_HALF_OPEN,   /* one at a time, to see */
  DYNO_BREAKER_OPEN,        /* none, until its time is over */
  DYNO_BREAKER_FORCED_OPEN, /* none, until reset */
  DYNO_BREAKER_DISABLED,    /* all, until reset */
} DynoBreakerState;

/* How a call ended. */
typedef enum
{
  DYNO_CALL_ANSWERED,  /* with a status: 5xx is a failure, any other is not */
  DYNO_CALL_NO_CONNECTION,
  DYNO_CALL_TLS_FAILED,
  DYNO_CALL_TIMED_OUT,
  DYNO_CALL_BROKEN,    /* the stream ended before its end */
  DYNO_CALL_CANCELLED, /* by us: tells nothing of the service */
} DynoCallEnd;

typedef struct
{
  guint  era; /* which state it belongs to */
  gint64 began_us;
} DynoBreakerCall;

/* What is shown, and what survives a restart. Times in µs since 1970, 0 for none. */
typedef struct
{
  char             name[64];
  DynoBreakerState state;
  guint            failures;         /* in a row */
  guint            openings;         /* n: how often it opened since it last was well */
  gint64           opened_at_us;
  gint64           closed_at_us;
  gint64           next_probe_at_us; /* of OPEN */
  guint64          calls;            /* since the start of the program */
  guint64          rejected;
} DynoBreakerStatus;

typedef struct _DynoBreaker DynoBreaker;

/* A number from 0 up to, and without, 1. */
typedef double (*DynoBreakerChance) (gpointer data);

/* `clock` (borrowed). `chance` NULL: GLib's. */
DynoBreaker *dyno_breaker_new        (const char              *name,
                                      DynoClock               *clock,
                                      DynoBreakerChance        chance,
                                      gpointer                 chance_data);
void         dyno_breaker_free       (DynoBreaker             *self);

/* FALSE with DYNO_ERROR_UNAVAILABLE, reason CIRCUIT_OPEN, when there is no calling it
 * now. `retry_after_us` (nullable) then gets the time until it is worth asking again. */
gboolean     dyno_breaker_begin      (DynoBreaker             *self,
                                      DynoBreakerCall         *call,
                                      gint64                  *retry_after_us,
                                      GError                 **error);
/* `status` of DYNO_CALL_ANSWERED; 0 where the service knows none. */
void         dyno_breaker_end        (DynoBreaker             *self,
                                      const DynoBreakerCall   *call,
                                      DynoCallEnd              end,
                                      guint                    status);

void         dyno_breaker_force_open (DynoBreaker             *self);
void         dyno_breaker_disable    (DynoBreaker             *self);
/* Closed and well, whatever it was. */
void         dyno_breaker_reset      (DynoBreaker             *self);

void         dyno_breaker_get_status (DynoBreaker             *self,
                                      DynoBreakerStatus       *status);
/* What an earlier run of the program left. An open one stays open for what is left of
 * its time, at most 12 minutes; a half-open one is asked again at once. */
void         dyno_breaker_restore    (DynoBreaker             *self,
                                      const DynoBreakerStatus *status);

/* "closed", "half_open", "open", "forced_open", "disabled". */
const char  *dyno_breaker_state_name (DynoBreakerState         state);
gboolean     dyno_breaker_find_state (const char              *name,
                                      DynoBreakerState        *state);

/* Connection, TLS, time, 5xx, a broken stream. */
gboolean     dyno_call_is_failure    (DynoCallEnd              end,
                                      guint                    status);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoBreaker, dyno_breaker_free)

/* All breakers of the program by name: model:<provider>, stt, tts, otlp, keyring,
 * jetstream, webhook. There is none for capture, store or a stop. */
typedef struct _DynoBreakerSet DynoBreakerSet;

DynoBreakerSet *dyno_breaker_set_new     (DynoClock      *clock);
void            dyno_breaker_set_free    (DynoBreakerSet *self);
/* Made at the first call; NULL for a name that is none of these. (transfer none) */
DynoBreaker    *dyno_breaker_set_get     (DynoBreakerSet *self,
                                          const char     *name);
/* NULL where it was never made. (transfer none) */
DynoBreaker    *dyno_breaker_set_find    (DynoBreakerSet *self,
                                          const char     *name);
/* One of each, by name. (transfer full) of DynoBreakerStatus */
GArray         *dyno_breaker_set_list    (DynoBreakerSet *self);
gboolean        dyno_breaker_is_name     (const char     *name);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoBreakerSet, dyno_breaker_set_free)

G_END_DECLS
