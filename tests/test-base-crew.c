/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-crew.h"

#define N_PIECES 1000

typedef struct
{
  gint     times[N_PIECES]; /* (atomic) each piece was done */
  GThread *asker;
  gint     n_elsewhere;     /* (atomic) pieces done by another thread than the asker's */
} Work;

static void
count_piece (guint    index,
             gpointer data)
{
  Work *work = data;

  g_atomic_int_inc (&work->times[index]);
  if (g_thread_self () != work->asker)
    g_atomic_int_inc (&work->n_elsewhere);
}

static void
assert_each_once (const Work *work,
                  guint       n)
{
  for (guint i = 0; i < N_PIECES; i++)
    g_assert_cmpint (work->times[i], ==, i < n ? 1 : 0);
}

static void
test_each_once (void)
{
  for (guint n_helpers = 1; n_helpers < 8; n_helpers++)
    {
      g_autoptr(DynoCrew) crew = dyno_crew_new (n_helpers);
      Work work = { .asker = g_thread_self () };

      dyno_crew_start (crew, N_PIECES, count_piece, &work);
      dyno_crew_join (crew);
      assert_each_once (&work, N_PIECES);
    }
}

/* The same crew for one task after the other, with and without pieces. */
static void
test_again (void)
{
  g_autoptr(DynoCrew) crew = dyno_crew_new (2);

  for (guint n = 0; n < 50; n++)
    {
      Work work = { .asker = g_thread_self () };

      dyno_crew_start (crew, n, count_piece, &work);
      dyno_crew_join (crew);
      assert_each_once (&work, n);
    }
  dyno_crew_join (crew);
}

static void
test_share (void)
{
  Work large = { .asker = g_thread_self () };
  Work small = { .asker = g_thread_self () };

  dyno_crew_share (N_PIECES, TRUE, count_piece, &large);
  assert_each_once (&large, N_PIECES);
  dyno_crew_share (N_PIECES, FALSE, count_piece, &small);
  assert_each_once (&small, N_PIECES);
  g_assert_cmpint (small.n_elsewhere, ==, 0);
}

/* A piece may itself be shared out. */
static void
share_piece (guint    index,
             gpointer data)
{
  Work *works = data;

  dyno_crew_share (N_PIECES, TRUE, count_piece, &works[index]);
}

static void
test_nested (void)
{
  g_autofree Work *works = g_new0 (Work, 5);

  dyno_crew_share (5, TRUE, share_piece, works);
  for (guint i = 0; i < 5; i++)
    assert_each_once (&works[i], N_PIECES);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/base/crew/each-once", test_each_once);
  g_test_add_func ("/base/crew/again", test_again);
  g_test_add_func ("/base/crew/share", test_share);
  g_test_add_func ("/base/crew/nested", test_nested);

  return g_test_run ();
}
