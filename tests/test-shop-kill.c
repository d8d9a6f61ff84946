/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* A recording program is killed at any moment: six times, or as often as DYNO_KILLS
 * says. At the next start its run is there, marked incomplete, with at most a second
 * missing, and everything can still be proved. The dyno is simulated here; the
 * program that is killed is this one, called again, which prints a line for each run:
 *
 *   ready     run ID MONOTONIC_US
 */

#include "config.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "dyno-test-shop.h"
#include "dyno-test.h"

#define MOST_MISSING_US (G_USEC_PER_SEC + 100 * 1000) /* a flush of the dyno is 50 ms */
#define CERTAIN_US (500 * 1000) /* a run that began so long ago must be there */

/* The child */

/* One run by hand after the other. */
static void
record_by_hand (DynoTestShop *f)
{
  for (;;)
    {
      g_autofree char *run_id = dyno_test_ask (f, dyno_arm_start, NULL, "Killed");

      dyno_test_say ("run %s %" G_GINT64_FORMAT "\n", run_id, g_get_monotonic_time ());
      g_usleep (3 * G_USEC_PER_SEC);
      g_free (dyno_test_ask0 (f, dyno_arm_stop, NULL));
    }
}

/* Every pull, as it comes. */
static void
record_pulls (DynoTestShop *f)
{
  g_autofree char *last = NULL;

  dyno_test_shop_arm (f, 0);
  for (;;)
    {
      g_autoptr(DynoArmState) state = dyno_live_ref_arm (dyno_shop_get_live (f->shop));

      if (state->phase == DYNO_ARM_RECORDING && g_strcmp0 (state->run_id, last) != 0)
        {
          g_free (last);
          last = g_strdup (state->run_id);
          dyno_test_say ("run %s %" G_GINT64_FORMAT "\n", last, g_get_monotonic_time ());
        }
      g_usleep (5000);
    }
}

static int
record_until_killed (const char *folder,
                     const char *port,
                     const char *how)
{
  DynoTestShop f = { NULL };

  dyno_test_shop_use_port ((guint16) g_ascii_strtoull (port, NULL, 10));
  dyno_test_shop_prepare (&f, g_strdup (folder));
  dyno_test_shop_open (&f, DYNO_SHOP_DEFAULT);
  g_assert_no_error (dyno_shop_get_trouble (f.shop));
  dyno_test_shop_wait_phase (&f, DYNO_ARM_LIVE, 20);
  dyno_test_say ("ready\n");
  if (g_str_equal (how, "hand"))
    record_by_hand (&f);
  else
    record_pulls (&f);

  return 0;
}

/* The parent */

static GPid
start_recorder (DynoTestShop *f,
                gboolean      is_by_hand,
                int          *from_child)
{
  g_autofree char *program = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *port = g_strdup_printf ("%u", dyno_test_shop_port ());
  char *argv[] = { program, (char *) "--recorder", f->folder, port,
                   (char *) (is_by_hand ? "hand" : "pulls"), NULL };
  g_autoptr(GError) error = NULL;
  GPid pid;

  g_spawn_async_with_pipes (NULL, argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL, &pid, NULL,
                            from_child, NULL, &error);
  g_assert_no_error (error);

  return pid;
}

/* What it said is (transfer full); when it was killed is in `killed_us`. */
static char *
record_and_kill (DynoTestShop *f,
                 gboolean      is_by_hand,
                 gint64       *killed_us)
{
  GString *said = g_string_new (NULL);
  int from_child, status;
  GPid pid = start_recorder (f, is_by_hand, &from_child);
  char buffer[4096];
  gssize n = read (from_child, buffer, sizeof buffer);

  g_assert_cmpint (n, >, 0);
  g_string_append_len (said, buffer, n);
  g_usleep ((gulong) g_test_rand_int_range (0, is_by_hand ? 7000000 : 9000000));
  *killed_us = g_get_monotonic_time ();
  kill (pid, SIGKILL);
  while ((n = read (from_child, buffer, sizeof buffer)) > 0)
    g_string_append_len (said, buffer, n);
  close (from_child);
  g_assert_cmpint (waitpid (pid, &status, 0), ==, pid);
  g_assert_true (WIFSIGNALED (status));

  return g_string_free (said, FALSE);
}

static gint64
last_stamp (DynoTestShop *f,
            const char   *run_id)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(DynoRunDetail) detail = dyno_test_ask (f, dyno_runbook_get, &error, run_id);
  g_autoptr(DynoSamples) samples = dyno_test_ask (f, dyno_runbook_load, &error, run_id, NULL);
  gsize n;

  g_assert_no_error (error);
  n = dyno_samples_n_rows (samples);
  g_assert_cmpuint (n, >, 0);

  return detail->run->origin_us
         + (gint64) (dyno_samples_time (samples)[n - 1] * G_USEC_PER_SEC);
}

/* One that had ended before is complete, or ends with its roll. */
static void
assert_run (DynoTestShop *f,
            const char   *run_id,
            gint64        killed_us)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(DynoRunDetail) detail = dyno_test_ask (f, dyno_runbook_get, &error, run_id);
  gint64 missing_us;

  g_assert_no_error (error);
  if (detail->run->status == DYNO_RUN_COMPLETE || detail->run->discarded != NULL)
    return;
  g_assert_cmpint (detail->run->status, ==, DYNO_RUN_INTERRUPTED);
  g_assert_nonnull (detail->run->error);
  g_assert_cmpuint (detail->files->len, ==, 1);
  missing_us = killed_us - last_stamp (f, run_id);
  g_test_message ("run %" G_GINT64_FORMAT ": %.0f ms missing", detail->run->number,
                  (double) missing_us / 1000);
  if (detail->run->roll_end_us - detail->run->run_end_us < 3 * G_USEC_PER_SEC)
    g_assert_cmpint (missing_us, <=, MOST_MISSING_US);
}

static void
assert_said (DynoTestShop *f,
             const char   *said,
             gint64        killed_us)
{
  g_auto(GStrv) lines = g_strsplit (said, "\n", -1);

  for (guint i = 0; lines[i] != NULL; i++)
    {
      g_auto(GStrv) words = g_strsplit (lines[i], " ", -1);

      if (g_strv_length (words) == 3
          && g_ascii_strtoll (words[2], NULL, 10) < killed_us - CERTAIN_US)
        assert_run (f, words[1], killed_us);
    }
}

static void
assert_sound (DynoTestShop *f)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(DynoStoreCheck) check = dyno_test_ask0 (f, dyno_database_check, &error);
  g_autoptr(GPtrArray) runs = dyno_test_shop_runs (f);

  g_assert_no_error (error);
  g_assert_true (check->is_ok);
  dyno_test_shop_assert_verified (f);
  for (guint i = 0; i < runs->len; i++)
    g_assert_cmpint (((DynoRun *) runs->pdata[i])->status, >=, DYNO_RUN_COMPLETE);
}

static void
test_killed (void)
{
  const char *wanted = g_getenv ("DYNO_KILLS");
  guint n = wanted != NULL ? (guint) g_ascii_strtoull (wanted, NULL, 10) : 6;
  DynoSimulatorConfig config = dyno_test_dyno_config ();
  DynoTestShop f = { NULL };
  DynoTestDyno *dyno;

  if (!dyno_test_shop_has_wire ())
    return;
  dyno_test_shop_prepare (&f, dyno_test_make_folder ());
  config.period_s = 7;
  dyno = dyno_test_dyno_start (&config);
  for (guint i = 0; i < n; i++)
    {
      gint64 killed_us;
      g_autofree char *said = record_and_kill (&f, i % 2 == 0, &killed_us);

      g_test_message ("kill %u:\n%s", i + 1, said);
      dyno_test_shop_open (&f, DYNO_SHOP_NO_CAPTURE);
      g_assert_no_error (dyno_shop_get_trouble (f.shop));
      assert_said (&f, said, killed_us);
      assert_sound (&f);
      dyno_test_shop_close (&f);
    }
  dyno_test_dyno_free (dyno);
  dyno_test_shop_tear_down (&f, NULL);
}

int
main (int    argc,
      char **argv)
{
  if (argc == 5 && g_str_equal (argv[1], "--recorder"))
    return record_until_killed (argv[2], argv[3], argv[4]);

  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/shop/kill/at-any-moment", test_killed);

  return g_test_run ();
}
