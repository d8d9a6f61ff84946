/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-breaker.h"

#include <string.h>

#include "dyno-breaker-window.h"
#include "dyno-error.h"

#define SECOND ((gint64) G_USEC_PER_SEC)
#define FAILURES_IN_A_ROW 5
#define ENOUGH_CALLS 20
#define FAILED_PERCENT 50
#define SLOW_PERCENT 80
#define SLOW_US (5 * SECOND)
#define SLOW_MODEL_US (20 * SECOND)
#define OPEN_US (60 * SECOND)
#define MAX_OPEN_US (600 * SECOND)
#define OPEN_JITTER 0.2
#define WELL_AGAIN_US (600 * SECOND)
#define PROBES 3

/* Times are monotonic here; the wall's are made for the status. */
struct _DynoBreaker
{
  GMutex             mutex;
  char              *name;    /* (owned) */
  DynoClock         *clock;   /* (borrowed) */
  gint64             slow_us;
  DynoBreakerChance  chance;  /* (nullable) called with the lock held */
  gpointer           chance_data;

  /* all (lock) */
  DynoBreakerState   state;
  guint              era;
  DynoBreakerWindow  window;
  guint              failures; /* in a row */
  guint              probes;   /* that went well, in HALF_OPEN */
  gboolean           is_probing;
  guint              openings;
  gint64             opened_us;
  gint64             closed_us;
  gint64             probe_us; /* end of OPEN */
  gboolean           was_opened;
  gboolean           was_closed;
  guint64            calls;
  guint64            rejected;
};

DynoBreaker *
dyno_breaker_new (const char        *name,
                  DynoClock         *clock,
                  DynoBreakerChance  chance,
                  gpointer           chance_data)
{
  DynoBreaker *self;

  g_return_val_if_fail (name != NULL && clock != NULL, NULL);

  self = g_new0 (DynoBreaker, 1);
  g_mutex_init (&self->mutex);
  self->name = g_strdup (name);
  self->clock = clock;
  self->slow_us = g_str_has_prefix (name, "model:") ? SLOW_MODEL_US : SLOW_US;
  self->chance = chance;
  self->chance_data = chance_data;

  return self;
}

void
dyno_breaker_free (DynoBreaker *self)
{
  g_mutex_clear (&self->mutex);
  g_free (self->name);
  g_free (self);
}

gboolean
dyno_call_is_failure (DynoCallEnd end,
                      guint       status)
{
  if (end == DYNO_CALL_ANSWERED)
    return status >= 500;

  return end != DYNO_CALL_CANCELLED;
}

/* What was counted belongs to the state that ends here. */
static void
change_state (DynoBreaker      *self,
              DynoBreakerState  state)
{
  self->state = state;
  self->era++;
  self->window = (DynoBreakerWindow) { 0 };
  self->failures = 0;
  self->probes = 0;
  self->is_probing = FALSE;
}

static gint64
draw_open_us (DynoBreaker *self)
{
  gint64 open_us = OPEN_US;
  double chance = self->chance != NULL ? self->chance (self->chance_data) : g_random_double ();

  for (guint n = 1; n < self->openings && open_us < MAX_OPEN_US; n++)
    open_us *= 2;

  return MIN (open_us, MAX_OPEN_US) * (1.0 - OPEN_JITTER + 2 * OPEN_JITTER * chance);
}

static void
open_circuit (DynoBreaker *self,
              gint64       now_us)
{
  guint failures = self->failures;
  gboolean was_well = self->state == DYNO_BREAKER_CLOSED
                      && (!self->was_closed || now_us - self->closed_us >= WELL_AGAIN_US);

  self->openings = was_well ? 1 : MIN (self->openings, 100) + 1;
  change_state (self, DYNO_BREAKER_OPEN);
  self->failures = failures;
  self->opened_us = now_us;
  self->was_opened = TRUE;
  self->probe_us = now_us + draw_open_us (self);
}

static void
close_circuit (DynoBreaker *self,
               gint64       now_us)
{
  change_state (self, DYNO_BREAKER_CLOSED);
  self->closed_us = now_us;
  self->was_closed = TRUE;
}

static gboolean
must_open (DynoBreaker *self,
           gint64       now_us)
{
  DynoBreakerCount total = dyno_breaker_window_total (&self->window, now_us);

  if (self->failures >= FAILURES_IN_A_ROW)
    return TRUE;

  return total.calls >= ENOUGH_CALLS
         && (total.failures * 100 >= total.calls * FAILED_PERCENT
             || total.slow * 100 >= total.calls * SLOW_PERCENT);
}

/* 0 when a call may go out; else the time until it is worth asking again. */
static gint64
wait_us (DynoBreaker *self,
         gint64       now_us)
{
  if (self->state == DYNO_BREAKER_OPEN && now_us >= self->probe_us)
    {
      guint failures = self->failures;

      change_state (self, DYNO_BREAKER_HALF_OPEN);
      self->failures = failures;
    }

  switch (self->state)
    {
    case DYNO_BREAKER_OPEN:
      return self->probe_us - now_us;
    case DYNO_BREAKER_HALF_OPEN:
      return self->is_probing ? SECOND : 0;
    case DYNO_BREAKER_FORCED_OPEN:
      return OPEN_US;
    case DYNO_BREAKER_CLOSED:
    case DYNO_BREAKER_DISABLED:
    default:
      return 0;
    }
}

gboolean
dyno_breaker_begin (DynoBreaker      *self,
                    DynoBreakerCall  *call,
                    gint64           *retry_after_us,
                    GError          **error)
{
  g_autoptr(GMutexLocker) locker = NULL;
  gint64 now_us;
  gint64 wait;

  g_return_val_if_fail (self != NULL && call != NULL, FALSE);

  locker = g_mutex_locker_new (&self->mutex);
  now_us = dyno_clock_monotonic_us (self->clock);
  wait = wait_us (self, now_us);
  if (wait > 0)
    {
      self->rejected++;
      if (retry_after_us != NULL)
        *retry_after_us = wait;
      dyno_error_set (error, DYNO_ERROR_UNAVAILABLE, "CIRCUIT_OPEN",
                      "“%s” has failed too often and is left alone for now. Try again in "
                      "%" G_GINT64_FORMAT " seconds.",
                      self->name, (wait + SECOND - 1) / SECOND);
      return FALSE;
    }

  self->calls++;
  self->is_probing = self->state == DYNO_BREAKER_HALF_OPEN;
  *call = (DynoBreakerCall) { self->era, now_us };
  return TRUE;
}

static void
end_probe (DynoBreaker *self,
           gint64       now_us,
           gboolean     is_failure)
{
  if (is_failure)
    {
      self->failures++;
      open_circuit (self, now_us);
    }
  else if (++self->probes >= PROBES)
    close_circuit (self, now_us);
}

static void
end_ordinary (DynoBreaker *self,
              gint64       now_us,
              gboolean     is_failure,
              gboolean     is_slow)
{
  self->failures = is_failure ? self->failures + 1 : 0;
  dyno_breaker_window_add (&self->window, now_us, is_failure, is_slow);
  if (must_open (self, now_us))
    open_circuit (self, now_us);
}

void
dyno_breaker_end (DynoBreaker           *self,
                  const DynoBreakerCall *call,
                  DynoCallEnd            end,
                  guint                  status)
{
  g_autoptr(GMutexLocker) locker = NULL;
  gboolean is_failure = dyno_call_is_failure (end, status);
  gint64 now_us;

  g_return_if_fail (self != NULL && call != NULL);

  locker = g_mutex_locker_new (&self->mutex);
  if (call->era != self->era)
    return;
  self->is_probing = FALSE;
  if (end == DYNO_CALL_CANCELLED)
    return;

  now_us = dyno_clock_monotonic_us (self->clock);
  if (self->state == DYNO_BREAKER_HALF_OPEN)
    end_probe (self, now_us, is_failure);
  else if (self->state == DYNO_BREAKER_CLOSED)
    end_ordinary (self, now_us, is_failure, now_us - call->began_us > self->slow_us);
}

void
dyno_breaker_force_open (DynoBreaker *self)
{
  g_autoptr(GMutexLocker) locker = NULL;

  g_return_if_fail (self != NULL);

  locker = g_mutex_locker_new (&self->mutex);
  change_state (self, DYNO_BREAKER_FORCED_OPEN);
  self->opened_us = dyno_clock_monotonic_us (self->clock);
  self->was_opened = TRUE;
}

void
dyno_breaker_disable (DynoBreaker *self)
{
  g_autoptr(GMutexLocker) locker = NULL;

  g_return_if_fail (self != NULL);

  locker = g_mutex_locker_new (&self->mutex);
  change_state (self, DYNO_BREAKER_DISABLED);
}

void
dyno_breaker_reset (DynoBreaker *self)
{
  g_autoptr(GMutexLocker) locker = NULL;

  g_return_if_fail (self != NULL);

  locker = g_mutex_locker_new (&self->mutex);
  change_state (self, DYNO_BREAKER_CLOSED);
  self->openings = 0;
  self->was_closed = FALSE;
}

void
dyno_breaker_get_status (DynoBreaker       *self,
                         DynoBreakerStatus *status)
{
  g_autoptr(GMutexLocker) locker = NULL;
  gint64 to_wall_us;

  g_return_if_fail (self != NULL && status != NULL);

  locker = g_mutex_locker_new (&self->mutex);
  to_wall_us = dyno_clock_real_us (self->clock) - dyno_clock_monotonic_us (self->clock);
  *status = (DynoBreakerStatus) {
    .state = self->state,
    .failures = self->failures,
    .openings = self->openings,
    .opened_at_us = self->was_opened ? self->opened_us + to_wall_us : 0,
    .closed_at_us = self->was_closed ? self->closed_us + to_wall_us : 0,
    .next_probe_at_us = self->state == DYNO_BREAKER_OPEN ? self->probe_us + to_wall_us : 0,
    .calls = self->calls,
    .rejected = self->rejected,
  };
  g_strlcpy (status->name, self->name, sizeof status->name);
}

/* A moment of the wall as one of the monotonic clock; not later than `latest_us`. */
static gint64
from_wall (DynoBreaker *self,
           gint64       at_us,
           gint64       latest_us)
{
  gint64 now_us = dyno_clock_monotonic_us (self->clock);
  gint64 wall_us = dyno_clock_real_us (self->clock);

  return now_us + CLAMP (at_us - wall_us, -10 * MAX_OPEN_US, latest_us);
}

void
dyno_breaker_restore (DynoBreaker             *self,
                      const DynoBreakerStatus *status)
{
  g_autoptr(GMutexLocker) locker = NULL;

  g_return_if_fail (self != NULL && status != NULL);

  locker = g_mutex_locker_new (&self->mutex);
  change_state (self, status->state);
  self->openings = MIN (status->openings, 100);
  self->was_opened = status->opened_at_us > 0;
  self->opened_us = from_wall (self, status->opened_at_us, 0);
  self->was_closed = status->closed_at_us > 0;
  self->closed_us = from_wall (self, status->closed_at_us, 0);
  self->probe_us = from_wall (self, status->next_probe_at_us, MAX_OPEN_US * (1 + OPEN_JITTER));
  if (status->state != DYNO_BREAKER_CLOSED)
    self->failures = status->failures;
}
