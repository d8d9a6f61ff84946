/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* A writer is killed at any moment, fifty times: what it was told is stored is
 * there. The program calls itself as the writer, which prints a line for each
 * acknowledgement:
 *
 *   begin RUN     second RUN N     finish RUN
 */

#include "config.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "dyno-crypt.h"
#include "dyno-error.h"
#include "dyno-test-store.h"
#include "dyno-test.h"

#define N_CHANNELS 24
#define N_SECONDS 12

static DynoSecond *
make_second (guint number)
{
  DynoSecond *second = dyno_second_new (number);
  gint64 t_us[20];
  float raw[20];

  for (guint channel = 0; channel < N_CHANNELS; channel++)
    {
      for (guint i = 0; i < 20; i++)
        {
          t_us[i] = number * G_USEC_PER_SEC + i * 50000 + channel;
          raw[i] = (float) (channel * 1000 + number * 20 + i) / 7;
        }
      dyno_second_add (second, channel, 20, t_us, raw, NULL);
    }

  return second;
}

typedef struct
{
  char run_id[40];
  guint number;
  int  *n_open;
} Appended;

static void
appended_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      data)
{
  Appended *appended = data;

  if (dyno_store_append_second_finish (NULL, result, NULL))
    dyno_test_say ("second %s %u\n", appended->run_id, appended->number);
  (*appended->n_open)--;
  g_free (appended);
}

static void
append (DynoTestStore *f,
        const char    *run_id,
        guint          number,
        int           *n_open)
{
  Appended *appended = g_new0 (Appended, 1);

  g_strlcpy (appended->run_id, run_id, sizeof appended->run_id);
  appended->number = number;
  appended->n_open = n_open;
  (*n_open)++;
  dyno_store_append_second_async (f->store, run_id, make_second (number), NULL, appended_cb,
                                  appended);
}

static GPtrArray *
journal_of (const char *run_id)
{
  GPtrArray *files = g_ptr_array_new_with_free_func ((GDestroyNotify) dyno_run_file_free);
  g_autofree char *sum = dyno_crypt_sha256_hex (run_id, strlen (run_id));

  g_ptr_array_add (files, dyno_run_file_new (DYNO_FILE_JOURNAL, run_id, run_id, 1, sum));

  return files;
}

/* A recording, its seconds sent without waiting, as the recorder does. */
static void
record (DynoTestStore *f)
{
  GPtrArray *channels = g_ptr_array_new_with_free_func ((GDestroyNotify) dyno_run_channel_free);
  g_autoptr(DynoRun) run = NULL;
  g_autoptr(DynoRun) done = NULL;
  DynoRun *end = dyno_test_make_run (NULL);
  int n_open = 0;

  for (guint channel = 0; channel < N_CHANNELS; channel++)
    g_ptr_array_add (channels, dyno_run_channel_new (channel, "RPM"));
  run = dyno_test_verb (f, begin_run, NULL, dyno_test_make_run ("pull"), channels);
  dyno_test_say ("begin %s\n", run->id);
  for (guint i = 0; i < N_SECONDS; i++)
    {
      append (f, run->id, i, &n_open);
      if (i % 4 == 3)
        while (n_open > 0)
          g_main_context_iteration (g_main_context_get_thread_default (), TRUE);
    }
  end->id = g_strdup (run->id);
  done = dyno_test_verb (f, finish_run, NULL, end, NULL, journal_of (run->id), NULL);
  if (done != NULL)
    dyno_test_say ("finish %s\n", run->id);
}

static int
write_until_killed (const char *folder)
{
  DynoTestStore f = { .folder = (char *) folder, .await = dyno_await_new () };

  dyno_test_store_open (&f, DYNO_STORE_CREATE, NULL);
  if (f.store == NULL)
    return 3;
  for (;;)
    record (&f);
}

static GPid
start_writer (const char *folder,
              int        *from_child)
{
  char *argv[] = { (char *) "/proc/self/exe", (char *) "--writer", (char *) folder, NULL };
  g_autofree char *program = g_file_read_link ("/proc/self/exe", NULL);
  g_autoptr(GError) error = NULL;
  GPid pid;

  argv[0] = program;
  g_spawn_async_with_pipes (NULL, argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL, &pid, NULL,
                            from_child, NULL, &error);
  g_assert_no_error (error);

  return pid;
}

/* Kills at some moment: early (it may still be opening), or after its first
 * acknowledgement. What it said is (transfer full). */
static char *
run_and_kill (const char *folder,
              gboolean    is_early)
{
  GString *said = g_string_new (NULL);
  int from_child;
  GPid pid = start_writer (folder, &from_child);
  char buffer[4096];
  gssize n;
  int status;

  if (!is_early)
    {
      n = read (from_child, buffer, sizeof buffer);
      g_assert_cmpint (n, >, 0);
      g_string_append_len (said, buffer, n);
    }
  g_usleep ((gulong) g_test_rand_int_range (0, is_early ? 40000 : 120000));
  kill (pid, SIGKILL);
  while ((n = read (from_child, buffer, sizeof buffer)) > 0)
    g_string_append_len (said, buffer, n);
  close (from_child);
  g_assert_cmpint (waitpid (pid, &status, 0), ==, pid);
  g_assert_true (WIFSIGNALED (status));

  return g_string_free (said, FALSE);
}

static void
assert_seconds (DynoTestStore *f,
                const char    *run_id,
                guint          n_told)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) seconds =
      dyno_test_verb (f, load_seconds, &error, run_id, 0, G_MAXINT64);

  g_assert_no_error (error);
  g_assert_cmpuint (seconds->len, >=, n_told);
  for (guint i = 0; i < seconds->len; i++)
    {
      g_autoptr(DynoSecond) expected = make_second (i);

      g_assert_true (dyno_second_equal (expected, seconds->pdata[i]));
    }
}

static void
assert_said (DynoTestStore *f,
             const char    *said)
{
  g_auto(GStrv) lines = g_strsplit (said, "\n", -1);

  for (guint i = 0; lines[i] != NULL; i++)
    {
      g_auto(GStrv) words = g_strsplit (lines[i], " ", -1);
      g_autoptr(GError) error = NULL;
      g_autoptr(DynoRun) run = NULL;

      if (words[0] == NULL || words[1] == NULL)
        continue;
      run = dyno_test_verb (f, get_run, &error, words[1]);
      g_assert_no_error (error);
      if (g_str_equal (words[0], "finish"))
        g_assert_cmpint (run->status, ==, DYNO_RUN_COMPLETE);
      if (g_str_equal (words[0], "finish"))
        assert_seconds (f, words[1], N_SECONDS);
      if (g_str_equal (words[0], "second"))
        assert_seconds (f, words[1], (guint) atoi (words[2]) + 1);
    }
}

/* What was cut short is named, and at most one; it is ended as incomplete. */
static void
recover (DynoTestStore *f)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) left = dyno_test_verb0 (f, list_unfinished, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (left->len, <=, 1);
  for (guint i = 0; i < left->len; i++)
    {
      DynoRun *end = dyno_run_new ();

      end->id = g_strdup (((DynoRun *) left->pdata[i])->id);
      end->status = DYNO_RUN_INTERRUPTED;
      dyno_run_free (dyno_test_verb (f, finish_run, &error, end, NULL, journal_of (end->id), NULL));
      g_assert_no_error (error);
    }
}

static void
assert_sound (DynoTestStore *f)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(DynoStoreCheck) check = dyno_test_verb0 (f, check, &error);

  g_assert_no_error (error);
  if (check->findings->len > 0)
    g_test_message ("%s", (char *) check->findings->pdata[0]);
  g_assert_true (check->is_ok);
}

static void
one_crash (DynoTestStore *f,
           gboolean       is_early,
           gboolean       is_new)
{
  g_autofree char *said = NULL;
  g_autoptr(GError) error = NULL;

  dyno_test_store_close (f);
  if (is_new)
    dyno_test_remove_folder (f->folder);
  said = run_and_kill (f->folder, is_early);
  dyno_test_store_open (f, DYNO_STORE_CREATE, &error);
  g_assert_no_error (error);
  assert_said (f, said);
  recover (f);
  assert_sound (f);
}

static void
test_killed_while_recording (DynoTestStore *f,
                             gconstpointer  unused)
{
  for (int i = 0; i < 50; i++)
    one_crash (f, FALSE, FALSE);
}

/* While it makes the database, or opens it. */
static void
test_killed_while_opening (DynoTestStore *f,
                           gconstpointer  unused)
{
  for (int i = 0; i < 40; i++)
    one_crash (f, TRUE, i % 2 == 0);
}

int
main (int    argc,
      char **argv)
{
  if (argc == 3 && g_str_equal (argv[1], "--writer"))
    return write_until_killed (argv[2]);

  g_test_init (&argc, &argv, NULL);
  DYNO_TEST_STORE_ADD ("/crash/recording", test_killed_while_recording);
  DYNO_TEST_STORE_ADD ("/crash/opening", test_killed_while_opening);

  return g_test_run ();
}
