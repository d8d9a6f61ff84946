/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-mode.h"
#include "dyno-test-set.h"

#include <math.h>
#include <string.h>

#define N 500

typedef DynoTestRows Rows;

/* A warm engine at part throttle, everything logged, nothing moving. */
static Rows *
cruising (gsize n)
{
  Rows *rows = dyno_test_rows_new (n);

  dyno_test_rows_fill (rows, 0, n, DYNO_CHANNEL_RPM, 2500);
  dyno_test_rows_fill (rows, 0, n, DYNO_CHANNEL_MAP, 50);
  dyno_test_rows_fill (rows, 0, n, DYNO_CHANNEL_TPS, 20);
  dyno_test_rows_fill (rows, 0, n, DYNO_CHANNEL_IAT, 30);
  dyno_test_rows_fill (rows, 0, n, DYNO_CHANNEL_MIX_F, 13);

  return rows;
}

static DynoModes *
find (Rows     *rows,
      gboolean  has_time)
{
  g_autoptr(DynoVeSet) set =
      dyno_test_make_set (dyno_test_rows_finish (rows, has_time), "11x9");
  DynoModes *modes = dyno_modes_find (set, NULL);
  gsize n = 0;

  for (guint m = 0; m < DYNO_N_MODES; m++)
    n += modes->counts[m];
  g_assert_cmpuint (n, ==, modes->n_rows);

  return modes;
}

/* Every row of a log that stands still in one state. */
static void
assert_all (Rows     *rows,
            DynoMode  wanted)
{
  g_autoptr(DynoModes) modes = find (rows, TRUE);

  for (gsize i = 0; i < modes->n_rows; i++)
    g_assert_cmpstr (dyno_mode_name (modes->modes[i]), ==, dyno_mode_name (wanted));
  dyno_assert_near (modes->seconds[wanted], (double) (N - 1) * 0.02, 1e-9);
}

static void
test_steady_states (void)
{
  Rows *rows = cruising (N);

  assert_all (rows, DYNO_MODE_CRUISE);

  rows = cruising (N);
  dyno_test_rows_fill (rows, 0, N, DYNO_CHANNEL_TPS, 85);
  assert_all (rows, DYNO_MODE_WOT);

  rows = cruising (N);
  dyno_test_rows_fill (rows, 0, N, DYNO_CHANNEL_MAP, 85);
  assert_all (rows, DYNO_MODE_WOT);

  rows = cruising (N);
  dyno_test_rows_fill (rows, 0, N, DYNO_CHANNEL_TPS, 3);
  assert_all (rows, DYNO_MODE_DECEL);

  rows = cruising (N);
  dyno_test_rows_fill (rows, 0, N, DYNO_CHANNEL_TPS, 3);
  dyno_test_rows_fill (rows, 0, N, DYNO_CHANNEL_RPM, 1000);
  dyno_test_rows_fill (rows, 0, N, DYNO_CHANNEL_MAP, 40);
  assert_all (rows, DYNO_MODE_IDLE);
}

/* A log of idle in its own heat, and then a drive: the drive is no soak. */
static void
test_idle_soak (void)
{
  Rows *rows = cruising (N);
  g_autoptr(DynoModes) modes = NULL;

  dyno_test_rows_fill (rows, 0, 250, DYNO_CHANNEL_RPM, 950);
  dyno_test_rows_fill (rows, 0, 250, DYNO_CHANNEL_TPS, 2);
  dyno_test_rows_fill (rows, 0, N, DYNO_CHANNEL_IAT, 60);
  dyno_test_rows_fill (rows, 250, N, DYNO_CHANNEL_RPM, 4000);
  modes = find (rows, TRUE);
  for (gsize i = 0; i < 240; i++)
    g_assert_cmpint (modes->modes[i], ==, DYNO_MODE_HEAT_SOAK);
  for (gsize i = 260; i < N; i++)
    g_assert_cmpint (modes->modes[i], ==, DYNO_MODE_CRUISE);

  rows = cruising (N);
  dyno_test_rows_fill (rows, 0, N, DYNO_CHANNEL_TPS, 10);
  dyno_test_rows_fill (rows, 0, N, DYNO_CHANNEL_IAT, 54.4);
  assert_all (rows, DYNO_MODE_CRUISE);
}

/* Engine speed and load through the whole map within 30 s, as on a braked dyno, with
 * the noise of real sensors. The original found transients in 79 % of such a log. */
static void
test_smooth_sweep (void)
{
  const gsize n = 1500;
  Rows *rows = cruising (n);
  g_autoptr(DynoModes) modes = NULL;
  guint32 noise = 1;

  for (gsize i = 0; i < n; i++)
    {
      double at = (double) i / (double) n;

      noise = noise * 1664525u + 1013904223u;
      dyno_test_rows_set (rows, i, DYNO_CHANNEL_RPM, 1500 + 4500 * at);
      dyno_test_rows_set (rows, i, DYNO_CHANNEL_TPS, 15 + 65 * at);
      dyno_test_rows_set (rows, i, DYNO_CHANNEL_MAP,
                          35 + 48 * at + ((double) (noise >> 16) / 65536 - 0.5));
    }
  modes = find (rows, TRUE);
  g_assert_cmpuint (modes->counts[DYNO_MODE_TIP_IN] + modes->counts[DYNO_MODE_TIP_OUT], <, n / 100);
}

/* A throttle that opens within 0.4 s is a tip-in exactly while it does. */
static void
test_tip_in_and_out (void)
{
  Rows *rows = cruising (N);
  g_autoptr(DynoModes) modes = NULL;

  for (gsize i = 0; i < N; i++)
    {
      double open = i < 200 ? 0 : i < 220 ? (double) (i - 200) / 20 : i < 400 ? 1 : 0;

      dyno_test_rows_set (rows, i, DYNO_CHANNEL_TPS, 20 + 40 * open);
    }
  modes = find (rows, TRUE);
  g_assert_cmpint (modes->modes[190], ==, DYNO_MODE_CRUISE);
  for (gsize i = 200; i < 220; i++)
    g_assert_cmpint (modes->modes[i], ==, DYNO_MODE_TIP_IN);
  g_assert_cmpint (modes->modes[300], ==, DYNO_MODE_CRUISE);
  g_assert_cmpint (modes->modes[400], ==, DYNO_MODE_TIP_OUT);
  g_assert_cmpint (modes->modes[420], ==, DYNO_MODE_CRUISE);
}

/* Without time nothing has a rate. */
static void
test_no_time (void)
{
  Rows *rows = cruising (N);
  g_autoptr(DynoModes) modes = NULL;

  dyno_test_rows_fill (rows, 250, N, DYNO_CHANNEL_TPS, 60);
  modes = find (rows, FALSE);
  g_assert_false (modes->has_rates);
  g_assert_cmpuint (modes->counts[DYNO_MODE_CRUISE], ==, N);
  g_assert_true (isnan (modes->seconds[DYNO_MODE_CRUISE]));
}

/* An absent channel makes its conditions false: no throttle, no idle. */
static void
test_absent_channels (void)
{
  Rows *rows = dyno_test_rows_new (N);
  g_autoptr(DynoModes) modes = NULL;
  g_autoptr(DynoAdvice) advice = NULL;
  const DynoFinding *finding;

  dyno_test_rows_fill (rows, 0, N, DYNO_CHANNEL_RPM, 900);
  dyno_test_rows_fill (rows, 0, N, DYNO_CHANNEL_MAP, 35);
  dyno_test_rows_fill (rows, 0, N, DYNO_CHANNEL_MIX_F, 13);
  modes = find (rows, TRUE);
  g_assert_cmpuint (modes->counts[DYNO_MODE_CRUISE], ==, N);
  g_assert_false (modes->has_tps);
  g_assert_false (modes->has_iat);

  advice = dyno_modes_advise (modes);
  g_assert_cmpuint (advice->findings->len, ==, 1);
  finding = g_ptr_array_index (advice->findings, 0);
  g_assert_cmpstr (finding->kind, ==, "cruise");
  dyno_assert_near (finding->score, 100, 1e-12);
  g_assert_cmpuint (finding->next_checks->len, ==, 1);
}

/* A slow channel counts for two seconds behind its last reading. */
static void
test_held_channels (void)
{
  Rows *rows = cruising (N);
  g_autoptr(DynoModes) modes = NULL;

  dyno_test_rows_fill (rows, 0, N, DYNO_CHANNEL_TPS, 5);
  dyno_test_rows_fill (rows, 0, N, DYNO_CHANNEL_IAT, NAN);
  dyno_test_rows_set (rows, 0, DYNO_CHANNEL_IAT, 70);
  modes = find (rows, TRUE);
  g_assert_cmpint (modes->modes[100], ==, DYNO_MODE_HEAT_SOAK);
  g_assert_cmpint (modes->modes[101], ==, DYNO_MODE_CRUISE);
}

static void
test_degenerate (void)
{
  Rows *rows = cruising (1);
  g_autoptr(DynoModes) one = find (rows, TRUE);
  g_autoptr(DynoModes) nothing = NULL;
  g_autoptr(DynoVeSet) set = NULL;
  gint is_cancelled = TRUE;
  DynoProgress progress = { .is_cancelled = &is_cancelled };

  g_assert_cmpuint (one->counts[DYNO_MODE_CRUISE], ==, 1);
  rows = cruising (N);
  for (guint c = DYNO_CHANNEL_RPM; c <= DYNO_CHANNEL_TPS; c++)
    dyno_test_rows_fill (rows, 0, N, c, NAN);
  nothing = find (rows, TRUE);
  g_assert_cmpuint (nothing->counts[DYNO_MODE_CRUISE], ==, N);

  set = dyno_test_make_set (dyno_test_rows_finish (cruising (N), TRUE), "11x9");
  g_assert_null (dyno_modes_find (set, &progress));
}

/* The original's modes, row by row. */
static void
test_golden_compat (void)
{
  DynoSamples *samples = dyno_test_read_nextgen ();
  g_autofree char *path = samples != NULL
                              ? dyno_test_shared_file ("golden/nextgen_full/modes.csv") : NULL;
  g_autofree char *text = path != NULL ? dyno_test_read (path, NULL) : NULL;
  g_auto(GStrv) lines = NULL;
  g_autoptr(DynoVeSet) set = NULL;
  g_autoptr(DynoModes) modes = NULL;
  g_autoptr(DynoModes) own = NULL;

  if (text == NULL)
    return;

  lines = g_strsplit (text, "\n", -1);
  set = dyno_test_make_set (samples, "11x5");
  modes = dyno_modes_find_compat (set);
  g_assert_cmpuint (modes->n_rows, ==, 2640);
  for (gsize i = 0; i < modes->n_rows; i++)
    {
      g_auto(GStrv) cells = g_strsplit (lines[i + 1], ",", -1);

      g_assert_cmpstr (dyno_mode_name (modes->modes[i]), ==, cells[0]);
    }

  /* Ours calls far less of it a transient. */
  own = dyno_modes_find (set, NULL);
  g_assert_cmpuint (own->counts[DYNO_MODE_TIP_IN] + own->counts[DYNO_MODE_TIP_OUT], <,
                    (modes->counts[DYNO_MODE_TIP_IN] + modes->counts[DYNO_MODE_TIP_OUT]) / 3);
  g_assert_cmpuint (own->counts[DYNO_MODE_TIP_IN], >, 0);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/analysis/mode/steady-states", test_steady_states);
  g_test_add_func ("/analysis/mode/idle-soak", test_idle_soak);
  g_test_add_func ("/analysis/mode/smooth-sweep", test_smooth_sweep);
  g_test_add_func ("/analysis/mode/tip-in-and-out", test_tip_in_and_out);
  g_test_add_func ("/analysis/mode/no-time", test_no_time);
  g_test_add_func ("/analysis/mode/absent-channels", test_absent_channels);
  g_test_add_func ("/analysis/mode/held-channels", test_held_channels);
  g_test_add_func ("/analysis/mode/degenerate", test_degenerate);
  g_test_add_func ("/analysis/mode/golden-compat", test_golden_compat);

  return g_test_run ();
}
