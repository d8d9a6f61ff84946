/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* A program that writes with riders is killed at any moment: five times, or as often
 * as DYNO_KILLS says. What it said is done is there, and each write has its row of
 * the audit and its reply, or neither. The program that is killed is this one, called
 * again, which prints the number of each write that was answered. */

#include "config.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "dyno-test-store.h"
#include "dyno-test.h"

#define KEY "0123456789abcdef0123456789abcdef"

/* The child */

static DynoRider *
make_rider (guint64 number)
{
  g_autoptr(GBytes) key = g_bytes_new_static (KEY, 32);
  DynoRider *rider = dyno_rider_new (key);
  DynoAuditRecord *row = g_new0 (DynoAuditRecord, 1);
  DynoReplyRecord *reply = g_new0 (DynoReplyRecord, 1);

  row->event = g_strdup ("settings.changed");
  row->actor = g_strdup ("usr_1");
  row->actor_kind = g_strdup ("user");
  row->action = g_strdup ("update");
  row->is_success = TRUE;
  dyno_rider_add_audit (rider, row);
  reply->principal = g_strdup ("usr_1");
  reply->method = g_strdup ("PATCH");
  reply->route = g_strdup ("/settings");
  reply->key = g_strdup_printf ("%" G_GUINT64_FORMAT, number);
  dyno_rider_set_reply (rider, reply, NULL, NULL, NULL);

  return rider;
}

static void
written_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      number)
{
  g_autofree char *line = g_strdup_printf ("%u\n", GPOINTER_TO_UINT (number));

  if (write (STDOUT_FILENO, line, strlen (line)) != (gssize) strlen (line))
    _exit (2);
}

/* Several at once, so that they come into one commit. */
G_GNUC_NORETURN
static void
write_until_killed (const char *folder,
                    guint       first)
{
  g_autoptr(DynoAwait) await = dyno_await_new ();
  DynoStore *store;

  dyno_store_open_async (folder, DYNO_STORE_CREATE, NULL, NULL, dyno_await_cb, await);
  store = dyno_store_open_finish (dyno_await_wait (await), NULL);
  g_assert_nonnull (store);
  for (guint number = first;; number++)
    {
      g_autofree char *name = g_strdup_printf ("n.%u", number);

      dyno_store_carry (store, make_rider (number));
      dyno_store_set_settings_async (store, 1, (const char *const[]){ name },
                                     (const char *const[]){ "true" }, NULL, written_cb,
                                     GUINT_TO_POINTER (number));
      while (dyno_store_n_waiting (store) > 20)
        g_main_context_iteration (g_main_context_get_thread_default (), TRUE);
    }
}

/* The parent */

/* The last number that it said was written. */
static guint
run_and_kill (DynoTestStore *f,
              guint          first)
{
  g_autofree char *program = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *begin = g_strdup_printf ("%u", first);
  char *argv[] = { program, (char *) "--writer", f->folder, begin, NULL };
  g_autoptr(GString) said = g_string_new (NULL);
  g_auto(GStrv) lines = NULL;
  char buffer[4096];
  int from_child, status;
  gssize n;
  GPid pid;

  g_assert_true (g_spawn_async_with_pipes (NULL, argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL,
                                           &pid, NULL, &from_child, NULL, NULL));
  n = read (from_child, buffer, sizeof buffer);
  g_assert_cmpint (n, >, 0);
  g_string_append_len (said, buffer, n);
  g_usleep ((gulong) g_test_rand_int_range (0, 400000));
  kill (pid, SIGKILL);
  while ((n = read (from_child, buffer, sizeof buffer)) > 0)
    g_string_append_len (said, buffer, n);
  close (from_child);
  g_assert_cmpint (waitpid (pid, &status, 0), ==, pid);
  lines = g_strsplit (said->str, "\n", -1);

  return (guint) g_ascii_strtoull (lines[g_strv_length (lines) - 2], NULL, 10);
}

static gboolean
has_reply (DynoTestStore *f,
           guint          number)
{
  g_autofree char *key = g_strdup_printf ("%u", number);
  g_autoptr(DynoReplyRecord) reply
    = dyno_test_verb (f, get_reply, NULL, "usr_1", "PATCH", "/settings", key);

  return reply != NULL;
}

/* How many there are; all of them together, none alone. */
static guint
check (DynoTestStore *f)
{
  g_autoptr(GBytes) key = g_bytes_new_static (KEY, 32);
  g_autoptr(GPtrArray) settings = dyno_test_verb0 (f, list_settings, NULL);
  g_autoptr(DynoAuditVerdict) verdict = dyno_test_verb (f, verify_audit, NULL, key);

  g_assert_true (verdict->is_good);
  g_assert_cmpuint (verdict->n_rows, ==, settings->len);
  g_assert_cmpuint (verdict->n_waiting, ==, 0);
  for (guint i = 0; i < settings->len; i++)
    g_assert_true (has_reply (f, i));
  g_assert_false (has_reply (f, settings->len));

  return settings->len;
}

static void
test_kill (DynoTestStore *f,
           gconstpointer  unused)
{
  const char *wish = g_getenv ("DYNO_KILLS");
  guint n_kills = wish != NULL ? (guint) g_ascii_strtoull (wish, NULL, 10) : 5;
  guint next = 0;

  /* The clock of the test stands still years before that of the writer. */
  for (guint i = 0; i < n_kills; i++)
    {
      guint last;

      dyno_test_store_close (f);
      last = run_and_kill (f, next);
      dyno_test_store_open (f, DYNO_STORE_DEFAULT, NULL);
      next = check (f);
      g_assert_cmpuint (next, >, last);
    }
}

int
main (int    argc,
      char **argv)
{
  if (argc == 4 && g_str_equal (argv[1], "--writer"))
    write_until_killed (argv[2], (guint) g_ascii_strtoull (argv[3], NULL, 10));

  g_test_init (&argc, &argv, NULL);
  DYNO_TEST_STORE_ADD ("/rider/kill", test_kill);

  return g_test_run ();
}
