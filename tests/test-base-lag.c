/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-lag.h"
#include "dyno-test.h"

static gboolean
has_turned (gpointer unused)
{
  DynoLagState state;

  dyno_lag_look (&state);

  return state.p99_s > 0.2;
}

/* A loop that is held up for a while is seen to be late, and gone when it is freed. */
static void
test_late_loop (void)
{
  g_autoptr(DynoLag) lag = NULL;
  DynoLagState state;

  dyno_lag_look (&state);
  g_assert_cmpuint (state.n_loops, ==, 0);
  lag = dyno_lag_new (NULL, "test");
  g_usleep (600000); /* due after 250 ms: 350 ms late */
  dyno_lag_look (&state);
  g_assert_cmpuint (state.n_loops, ==, 1);
  g_assert_cmpfloat (state.still_s, >=, 0.6);
  dyno_assert_near (state.p99_s, 0, 0);
  dyno_test_wait_for (has_turned, NULL, 10);
  g_clear_pointer (&lag, dyno_lag_free);
  dyno_lag_look (&state);
  g_assert_cmpuint (state.n_loops, ==, 0);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/base/lag/late-loop", test_late_loop);

  return g_test_run ();
}
