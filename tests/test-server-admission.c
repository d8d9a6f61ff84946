/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-admission.h"
#include "dyno-test.h"

#define MS 1000
#define NEVER G_MAXINT64

typedef struct _Fixture Fixture;

typedef struct
{
  Fixture *f;
  DynoTicket *ticket;
  DynoPriority priority;
  DynoAdmissionAnswer answer;
  int n_answers; /* after a wait */
  int turn;      /* in which it was let in */
  gint64 came_us;
  gint64 done_us;
} Caller;

struct _Fixture
{
  DynoClock *clock;
  DynoAdmission *admission;
  GPtrArray *callers; /* (owned) of Caller */
  int n_let_in;
  guint n_delays;
  gint64 longest_us;
};

static void
delay_cb (DynoPriority  priority,
          gint64        delay_us,
          gpointer      data)
{
  Fixture *f = data;

  f->n_delays++;
  f->longest_us = MAX (f->longest_us, delay_us);
}

static void
begin (Fixture       *f,
       gconstpointer  unused)
{
  f->clock = dyno_clock_new_fake (1000 * MS, 0);
  f->admission = dyno_admission_new (f->clock, delay_cb, f);
  f->callers = g_ptr_array_new_with_free_func (g_free);
}

static void
leave (Caller *caller)
{
  DynoTicket *ticket = g_steal_pointer (&caller->ticket);

  dyno_admission_leave (caller->f->admission, ticket);
}

static void
end (Fixture       *f,
     gconstpointer  unused)
{
  for (guint i = 0; i < f->callers->len; i++)
    {
      Caller *caller = f->callers->pdata[i];

      if (caller->ticket != NULL)
        leave (caller);
    }
  dyno_admission_free (f->admission);
  dyno_clock_free (f->clock);
  g_ptr_array_unref (f->callers);
}

static void
answer_cb (DynoAdmissionAnswer answer,
           gpointer            data)
{
  Caller *caller = data;

  caller->answer = answer;
  caller->n_answers++;
  if (answer == DYNO_ADMISSION_GO)
    caller->turn = ++caller->f->n_let_in;
  else
    caller->ticket = NULL;
}

static Caller *
come_until (Fixture      *f,
            DynoPriority  priority,
            gint64        deadline_us)
{
  Caller *caller = g_new0 (Caller, 1);

  g_ptr_array_add (f->callers, caller);
  caller->f = f;
  caller->priority = priority;
  caller->came_us = dyno_clock_monotonic_us (f->clock);
  caller->answer = dyno_admission_enter (f->admission, priority, deadline_us, answer_cb, caller,
                                         &caller->ticket);
  if (caller->answer == DYNO_ADMISSION_GO)
    caller->turn = ++f->n_let_in;

  return caller;
}

static Caller *
come (Fixture      *f,
      DynoPriority  priority)
{
  return come_until (f, priority, NEVER);
}

static int
come_many (Fixture             *f,
           DynoPriority         priority,
           int                  n,
           DynoAdmissionAnswer  counted)
{
  int n_counted = 0;

  for (int i = 0; i < n; i++)
    n_counted += come (f, priority)->answer == counted;

  return n_counted;
}

static Caller *
caller_at (Fixture *f,
           guint    i)
{
  return f->callers->pdata[i];
}

/* Each priority goes up to its share of the 64 places; the vital go always. */
static void
test_shares_of_places (Fixture       *f,
                       gconstpointer  unused)
{
  g_assert_cmpint (come_many (f, DYNO_PRIORITY_HEAVY, 100, DYNO_ADMISSION_GO), ==, 45);
  g_assert_cmpint (come_many (f, DYNO_PRIORITY_ORDINARY, 20, DYNO_ADMISSION_GO), ==, 10);
  g_assert_cmpint (come_many (f, DYNO_PRIORITY_PROMPT, 10, DYNO_ADMISSION_GO), ==, 6);
  g_assert_cmpint (come_many (f, DYNO_PRIORITY_VITAL, 100, DYNO_ADMISSION_GO), ==, 100);
}

/* And of the 128 that may wait. */
static void
test_shares_of_queue (Fixture       *f,
                      gconstpointer  unused)
{
  come_many (f, DYNO_PRIORITY_VITAL, 64, DYNO_ADMISSION_GO);
  g_assert_cmpint (come_many (f, DYNO_PRIORITY_HEAVY, 200, DYNO_ADMISSION_WAIT), ==, 90);
  g_assert_cmpint (come_many (f, DYNO_PRIORITY_ORDINARY, 200, DYNO_ADMISSION_WAIT), ==, 19);
  g_assert_cmpint (come_many (f, DYNO_PRIORITY_PROMPT, 200, DYNO_ADMISSION_WAIT), ==, 13);
  g_assert_cmpint (come_many (f, DYNO_PRIORITY_PROMPT, 200, DYNO_ADMISSION_SHED), ==, 200);
  g_assert_cmpint (come_many (f, DYNO_PRIORITY_VITAL, 9, DYNO_ADMISSION_GO), ==, 9);
  g_assert_cmpfloat (dyno_admission_get_load (f->admission), >, 1);
}

static void
test_order (Fixture       *f,
            gconstpointer  unused)
{
  Caller *heavy, *ordinary, *second, *prompt;

  come_many (f, DYNO_PRIORITY_VITAL, 64, DYNO_ADMISSION_GO);
  heavy = come (f, DYNO_PRIORITY_HEAVY);
  ordinary = come (f, DYNO_PRIORITY_ORDINARY);
  second = come (f, DYNO_PRIORITY_ORDINARY);
  prompt = come (f, DYNO_PRIORITY_PROMPT);

  for (int i = 0; i < 64; i++)
    leave (caller_at (f, i));
  g_assert_cmpint (prompt->turn, ==, 65);
  g_assert_cmpint (ordinary->turn, ==, 66);
  g_assert_cmpint (second->turn, ==, 67);
  g_assert_cmpint (heavy->turn, ==, 68);
  g_assert_cmpint (heavy->n_answers, ==, 1);
  g_assert_cmpuint (f->n_delays, ==, 68);
}

/* A queue whose longest wait stays over 20 ms for 100 ms is shed, newest first. */
static void
test_sheds_what_does_not_drain (Fixture       *f,
                                gconstpointer  unused)
{
  Caller *oldest, *old, *newer, *newest;
  DynoAdmissionCounts counts;

  come_many (f, DYNO_PRIORITY_VITAL, 64, DYNO_ADMISSION_GO);
  oldest = come (f, DYNO_PRIORITY_ORDINARY);
  dyno_clock_advance (f->clock, 20 * MS);
  old = come (f, DYNO_PRIORITY_ORDINARY);
  dyno_clock_advance (f->clock, 90 * MS);
  newer = come (f, DYNO_PRIORITY_ORDINARY);
  g_assert_false (dyno_admission_is_shedding (f->admission));
  dyno_clock_advance (f->clock, 9 * MS);
  newest = come (f, DYNO_PRIORITY_ORDINARY);
  g_assert_cmpint (newest->answer, ==, DYNO_ADMISSION_WAIT);

  dyno_clock_advance (f->clock, 1 * MS);
  dyno_admission_tick (f->admission);
  g_assert_cmpint (oldest->answer, ==, DYNO_ADMISSION_SHED);
  g_assert_cmpint (old->answer, ==, DYNO_ADMISSION_WAIT);
  g_assert_true (dyno_admission_is_shedding (f->admission));
  g_assert_cmpint (come (f, DYNO_PRIORITY_PROMPT)->answer, ==, DYNO_ADMISSION_SHED);
  g_assert_cmpint (come (f, DYNO_PRIORITY_VITAL)->answer, ==, DYNO_ADMISSION_GO);

  for (int i = 0; i < 11; i++)
    leave (caller_at (f, i));
  g_assert_cmpint (newest->answer, ==, DYNO_ADMISSION_GO);
  g_assert_cmpint (newer->answer, ==, DYNO_ADMISSION_WAIT);
  leave (caller_at (f, 11));
  g_assert_cmpint (newer->answer, ==, DYNO_ADMISSION_GO);
  leave (caller_at (f, 12));
  g_assert_cmpint (old->answer, ==, DYNO_ADMISSION_GO);
  g_assert_false (dyno_admission_is_shedding (f->admission));

  dyno_admission_get_counts (f->admission, DYNO_PRIORITY_ORDINARY, &counts);
  g_assert_cmpuint (counts.shed, ==, 1);
  g_assert_cmpuint (counts.went, ==, 3);
  g_assert_cmpuint (counts.waiting, ==, 0);
  g_assert_cmpuint (counts.in_flight, ==, 3);
}

/* A rush that drains within 100 ms is nobody's fault. */
static void
test_short_rush (Fixture       *f,
                 gconstpointer  unused)
{
  come_many (f, DYNO_PRIORITY_VITAL, 64, DYNO_ADMISSION_GO);
  come_many (f, DYNO_PRIORITY_ORDINARY, 50, DYNO_ADMISSION_WAIT);
  for (int i = 0; i < 64; i++)
    {
      dyno_clock_advance (f->clock, 1 * MS);
      leave (caller_at (f, i));
    }
  g_assert_cmpint (f->n_let_in, ==, 114);
  g_assert_false (dyno_admission_is_shedding (f->admission));
}

static void
test_expired (Fixture       *f,
              gconstpointer  unused)
{
  Caller *soon, *late;
  gint64 now_us = dyno_clock_monotonic_us (f->clock);

  g_assert_cmpint (come_until (f, DYNO_PRIORITY_ORDINARY, now_us)->answer, ==,
                   DYNO_ADMISSION_EXPIRED);
  come_many (f, DYNO_PRIORITY_VITAL, 64, DYNO_ADMISSION_GO);
  soon = come_until (f, DYNO_PRIORITY_ORDINARY, now_us + 10 * MS);
  late = come_until (f, DYNO_PRIORITY_ORDINARY, now_us + 11 * MS);
  dyno_clock_advance (f->clock, 10 * MS);
  dyno_admission_tick (f->admission);
  g_assert_cmpint (soon->answer, ==, DYNO_ADMISSION_EXPIRED);
  g_assert_null (soon->ticket);
  g_assert_cmpint (late->answer, ==, DYNO_ADMISSION_WAIT);
}

static void
test_client_gone (Fixture       *f,
                  gconstpointer  unused)
{
  Caller *gone, *next;

  come_many (f, DYNO_PRIORITY_VITAL, 55, DYNO_ADMISSION_GO);
  gone = come (f, DYNO_PRIORITY_ORDINARY);
  next = come (f, DYNO_PRIORITY_ORDINARY);
  leave (gone);
  g_assert_cmpint (gone->n_answers, ==, 0);
  leave (caller_at (f, 0));
  g_assert_cmpint (gone->n_answers, ==, 0);
  g_assert_cmpint (next->answer, ==, DYNO_ADMISSION_GO);
}

static void
leave_at_once_cb (DynoAdmissionAnswer answer,
                  gpointer            data)
{
  Caller *caller = data;

  answer_cb (answer, data);
  leave (caller);
}

/* Work that is done within its callback makes room for the next. */
static void
test_done_inside (Fixture       *f,
                  gconstpointer  unused)
{
  Caller *callers[20];

  come_many (f, DYNO_PRIORITY_VITAL, 55, DYNO_ADMISSION_GO);
  for (int i = 0; i < 20; i++)
    {
      callers[i] = g_new0 (Caller, 1);
      callers[i]->f = f;
      g_ptr_array_add (f->callers, callers[i]);
      dyno_admission_enter (f->admission, DYNO_PRIORITY_ORDINARY, NEVER, leave_at_once_cb,
                            callers[i], &callers[i]->ticket);
    }
  leave (caller_at (f, 0));
  for (int i = 0; i < 20; i++)
    g_assert_cmpint (callers[i]->turn, ==, 55 + i + 1);
}

static void
test_memory (Fixture       *f,
             gconstpointer  unused)
{
  dyno_admission_set_memory (f->admission, 800, 1000);
  g_assert_cmpint (come (f, DYNO_PRIORITY_HEAVY)->answer, ==, DYNO_ADMISSION_GO);
  dyno_admission_set_memory (f->admission, 801, 1000);
  g_assert_cmpint (come (f, DYNO_PRIORITY_HEAVY)->answer, ==, DYNO_ADMISSION_SHED);
  g_assert_cmpint (come (f, DYNO_PRIORITY_ORDINARY)->answer, ==, DYNO_ADMISSION_GO);
}

static void
finish_due (Fixture *f,
            gint64   now_us,
            gint64   work_us,
            guint   *first,
            int     *n_useful)
{
  for (guint i = *first; i < f->callers->len; i++)
    {
      Caller *caller = f->callers->pdata[i];

      if (caller->ticket == NULL || caller->turn == 0)
        continue;
      if (caller->done_us == 0)
        caller->done_us = now_us + work_us;
      else if (now_us >= caller->done_us)
        {
          *n_useful += now_us - caller->came_us < 250 * MS;
          leave (caller);
        }
    }
  while (*first < f->callers->len && caller_at (f, *first)->ticket == NULL)
    (*first)++;
}

/* Three times what the house can do for two seconds: what is done is done for people
 * who still wait for it, and the vital never wait. */
static void
test_overload (Fixture       *f,
               gconstpointer  unused)
{
  const gint64 work_us = 10 * MS;
  const int seconds = 2;
  double capacity = 0.85 * DYNO_ADMISSION_PLACES * 1000 / 10 * seconds;
  int n_useful = 0;
  guint first = 0;

  for (int step = 0; step < seconds * 2000; step++)
    {
      come_many (f, DYNO_PRIORITY_ORDINARY, 8, DYNO_ADMISSION_GO);
      if (step % 20 == 0)
        g_assert_cmpint (come (f, DYNO_PRIORITY_VITAL)->answer, ==, DYNO_ADMISSION_GO);
      dyno_clock_advance (f->clock, MS / 2);
      finish_due (f, dyno_clock_monotonic_us (f->clock), work_us, &first, &n_useful);
    }

  g_assert_cmpint (n_useful, >, 0.8 * capacity);
  g_assert_cmpint (f->longest_us, <, 250 * MS);
}

/* Chance comes, goes and waits: the numbers are never passed, and each caller gets one
 * answer. */
static void
test_chance (Fixture       *f,
             gconstpointer  unused)
{
  for (int i = 0; i < 20000; i++)
    {
      guint n_in_flight = 0;
      guint n_waiting = 0;

      if (g_test_rand_int_range (0, 2) == 0)
        come_until (f, g_test_rand_int_range (DYNO_PRIORITY_PROMPT, DYNO_N_PRIORITIES),
                    dyno_clock_monotonic_us (f->clock) + g_test_rand_int_range (1, 300) * MS);
      else if (f->callers->len > 0)
        {
          guint from = MAX (f->callers->len, 400) - 400;
          Caller *caller = caller_at (f, g_test_rand_int_range (from, f->callers->len));

          if (caller->ticket != NULL)
            leave (caller);
        }
      dyno_clock_advance (f->clock, g_test_rand_int_range (0, 500));

      for (int p = 0; p < DYNO_N_PRIORITIES; p++)
        {
          DynoAdmissionCounts counts;

          dyno_admission_get_counts (f->admission, p, &counts);
          n_in_flight += counts.in_flight;
          n_waiting += counts.waiting;
        }
      g_assert_cmpuint (n_in_flight, <=, DYNO_ADMISSION_PLACES);
      g_assert_cmpuint (n_waiting, <=, DYNO_ADMISSION_QUEUE);
    }

  for (guint i = 0; i < f->callers->len; i++)
    g_assert_cmpint (caller_at (f, i)->n_answers, <=, 1);
}

#define ADD(name, function) g_test_add (name, Fixture, NULL, begin, function, end)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD ("/admission/shares-of-places", test_shares_of_places);
  ADD ("/admission/shares-of-queue", test_shares_of_queue);
  ADD ("/admission/order", test_order);
  ADD ("/admission/sheds-what-does-not-drain", test_sheds_what_does_not_drain);
  ADD ("/admission/short-rush", test_short_rush);
  ADD ("/admission/expired", test_expired);
  ADD ("/admission/client-gone", test_client_gone);
  ADD ("/admission/done-inside", test_done_inside);
  ADD ("/admission/memory", test_memory);
  ADD ("/admission/overload", test_overload);
  ADD ("/admission/chance", test_chance);

  return g_test_run ();
}
