/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* The breaker against its rules told once more, as plainly as can be: a list of all
 * calls that ended since the last change, read from the beginning each time. The number
 * of histories is DYNO_HISTORIES (10⁶ for a long run); a failure is repeated with
 * --seed. */

#include "config.h"

#include "dyno-breaker.h"
#include "dyno-test.h"

#define SECOND ((gint64) G_USEC_PER_SEC)
#define STEPS 120
#define CALLS 8

typedef struct
{
  gint64 at_us;
  gboolean failed, slow;
} Ended;

typedef struct
{
  gint64 now_us;
  DynoBreakerState state;
  Ended ended[STEPS];
  int n_ended;
  int good_probes;
  gboolean is_probing;
  gint64 until_us; /* of OPEN */
  gint64 closed_us; /* −1: since the beginning */
  int n;
  int changes;
  double chance;
} Model;

typedef struct
{
  gboolean is_out;
  DynoBreakerCall call;
  gint64 began_us;
  int changes;
} Call;

static double
draw (gpointer data)
{
  return ((Model *) data)->chance;
}

static void
model_change (Model            *m,
              DynoBreakerState  state)
{
  m->state = state;
  m->n_ended = 0;
  m->good_probes = 0;
  m->is_probing = FALSE;
  m->changes++;
}

static void
model_open (Model    *m,
            gboolean  is_new)
{
  static const int open_s[] = { 60, 120, 240, 480, 600 };

  m->n = is_new ? 1 : m->n + 1;
  model_change (m, DYNO_BREAKER_OPEN);
  m->until_us = m->now_us
                + (gint64) (open_s[MIN (m->n, 5) - 1] * SECOND * (0.8 + 0.4 * m->chance));
}

static gboolean
model_begin (Model *m)
{
  if (m->state == DYNO_BREAKER_OPEN && m->now_us >= m->until_us)
    model_change (m, DYNO_BREAKER_HALF_OPEN);

  if (m->state == DYNO_BREAKER_HALF_OPEN)
    {
      gboolean is_free = !m->is_probing;

      m->is_probing = TRUE;
      return is_free;
    }

  return m->state == DYNO_BREAKER_CLOSED || m->state == DYNO_BREAKER_DISABLED;
}

static gboolean
model_trips (const Model *m)
{
  int total = 0, failed = 0, slow = 0, row = 0;

  for (int i = 0; i < m->n_ended; i++)
    {
      const Ended *ended = &m->ended[i];

      row = ended->failed ? row + 1 : 0;
      if (ended->at_us / (6 * SECOND) + 10 <= m->now_us / (6 * SECOND))
        continue;
      total++;
      failed += ended->failed ? 1 : 0;
      slow += ended->slow ? 1 : 0;
    }

  return row >= 5 || (total >= 20 && (2 * failed >= total || 5 * slow >= 4 * total));
}

static void
model_end (Model      *m,
           const Call *call,
           gboolean    is_cancelled,
           gboolean    failed)
{
  if (call->changes != m->changes)
    return;
  m->is_probing = FALSE;
  if (is_cancelled)
    return;

  if (m->state == DYNO_BREAKER_CLOSED)
    {
      m->ended[m->n_ended++] = (Ended) { m->now_us, failed, m->now_us - call->began_us > 5 * SECOND };
      if (model_trips (m))
        model_open (m, m->closed_us < 0 || m->now_us - m->closed_us >= 600 * SECOND);
    }
  else if (m->state == DYNO_BREAKER_HALF_OPEN && failed)
    model_open (m, FALSE);
  else if (m->state == DYNO_BREAKER_HALF_OPEN && ++m->good_probes == 3)
    {
      model_change (m, DYNO_BREAKER_CLOSED);
      m->closed_us = m->now_us;
    }
}

static void
compare (Model       *m,
         DynoBreaker *breaker)
{
  DynoBreakerStatus status;

  dyno_breaker_get_status (breaker, &status);
  g_assert_cmpint (status.state, ==, m->state);
  if (m->state == DYNO_BREAKER_OPEN)
    g_assert_cmpint (ABS (status.next_probe_at_us - m->until_us), <=, 1);
}

static void
step_call (Model       *m,
           DynoBreaker *breaker,
           Call        *call,
           int          failing)
{
  static const DynoCallEnd failures[] = {
    DYNO_CALL_NO_CONNECTION, DYNO_CALL_TLS_FAILED, DYNO_CALL_TIMED_OUT, DYNO_CALL_BROKEN,
    DYNO_CALL_ANSWERED,
  };
  gboolean failed = g_test_rand_int_range (0, 100) < failing;
  gboolean is_cancelled = g_test_rand_int_range (0, 20) == 0;
  DynoCallEnd end = DYNO_CALL_ANSWERED;

  if (!call->is_out)
    {
      call->is_out = dyno_breaker_begin (breaker, &call->call, NULL, NULL);
      g_assert_cmpint (call->is_out, ==, model_begin (m));
      call->began_us = m->now_us;
      call->changes = m->changes;
      return;
    }

  if (is_cancelled)
    end = DYNO_CALL_CANCELLED;
  else if (failed)
    end = failures[g_test_rand_int_range (0, G_N_ELEMENTS (failures))];
  dyno_breaker_end (breaker, &call->call, end, failed ? 502 : 404);
  model_end (m, call, is_cancelled, failed);
  call->is_out = FALSE;
}

static void
step_by_hand (Model       *m,
              DynoBreaker *breaker)
{
  switch (g_test_rand_int_range (0, 3))
    {
    case 0:
      dyno_breaker_force_open (breaker);
      model_change (m, DYNO_BREAKER_FORCED_OPEN);
      break;
    case 1:
      dyno_breaker_disable (breaker);
      model_change (m, DYNO_BREAKER_DISABLED);
      break;
    default:
      dyno_breaker_reset (breaker);
      model_change (m, DYNO_BREAKER_CLOSED);
      m->closed_us = -1;
      m->n = 0;
      break;
    }
}

static gint64
random_pause (void)
{
  switch (g_test_rand_int_range (0, 24))
    {
    case 0:
      return g_test_rand_int_range (0, 700) * SECOND;
    case 1 ... 5:
      return g_test_rand_double () * 8 * SECOND;
    default:
      return g_test_rand_double () * SECOND;
    }
}

static int
live_one_history (void)
{
  Model m = { .closed_us = -1, .now_us = g_test_rand_int_range (0, 100) * SECOND };
  g_autoptr(DynoClock) clock = dyno_clock_new_fake (m.now_us, m.now_us);
  g_autoptr(DynoBreaker) breaker = dyno_breaker_new ("stt", clock, draw, &m);
  Call calls[CALLS] = { 0 };
  int failing = g_test_rand_int_range (0, 100);

  for (int i = 0; i < STEPS; i++)
    {
      gint64 pause_us = random_pause ();

      m.now_us += pause_us;
      m.chance = g_test_rand_double ();
      dyno_clock_advance (clock, pause_us);
      if (g_test_rand_int_range (0, 150) == 0)
        step_by_hand (&m, breaker);
      else
        step_call (&m, breaker, &calls[g_test_rand_int_range (0, CALLS)], failing);
      compare (&m, breaker);
    }

  return m.changes;
}

static void
test_histories (void)
{
  const char *text = g_getenv ("DYNO_HISTORIES");
  gint64 n = text != NULL ? g_ascii_strtoll (text, NULL, 10) : 10000;
  gint64 n_changes = 0;

  for (gint64 i = 0; i < n; i++)
    n_changes += live_one_history ();

  g_assert_cmpint (n_changes, >, n);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/breaker-model/histories", test_histories);

  return g_test_run ();
}
