/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-error.h"
#include "dyno-reader.h"
#include "dyno-test-store.h"
#include "dyno-test.h"

#include <glib/gstdio.h>

/* Answers that were not waited for one by one. */
typedef struct
{
  GThread *thread;
  int      n_ok;
  int      n_cancelled;
  int      n_not_found;
  int      n_unavailable;
} Tally;

static void
count (Tally        *tally,
       const GError *error)
{
  g_assert_true (tally->thread == g_thread_self ());
  if (error == NULL)
    tally->n_ok++;
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    tally->n_cancelled++;
  else if (g_error_matches (error, DYNO_ERROR, DYNO_ERROR_NOT_FOUND))
    tally->n_not_found++;
  else
    {
      g_assert_error (error, DYNO_ERROR, DYNO_ERROR_UNAVAILABLE);
      tally->n_unavailable++;
    }
}

static void
set_cb (GObject      *source,
        GAsyncResult *result,
        gpointer      data)
{
  g_autoptr(GError) error = NULL;

  dyno_store_set_settings_finish (NULL, result, &error);
  count (data, error);
}

static void
save_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      data)
{
  g_autoptr(GError) error = NULL;

  dyno_store_save_run_finish (NULL, result, &error);
  count (data, error);
}

static void
set (DynoTestStore *f,
     int            key,
     int            value,
     GCancellable  *cancellable,
     Tally         *tally)
{
  g_autofree char *k = g_strdup_printf ("key %d", key);
  g_autofree char *v = g_strdup_printf ("%d", value);
  const char *keys[] = { k };
  const char *values[] = { v };

  dyno_store_set_settings_async (f->store, 1, keys, values, cancellable, set_cb, tally);
}

static void
wait_until (int *n,
            int  expected)
{
  while (*n < expected)
    g_main_context_iteration (g_main_context_get_thread_default (), TRUE);
  g_assert_cmpint (*n, ==, expected);
}

static void
test_groups (DynoTestStore *f,
             gconstpointer  unused)
{
  Tally tally = { .thread = g_thread_self () };
  g_autoptr(DynoStoreInfo) before = dyno_test_verb0 (f, info, NULL);
  g_autoptr(DynoStoreInfo) after = NULL;
  g_autoptr(GPtrArray) all = NULL;

  for (int i = 0; i < 640; i++)
    set (f, i, i, NULL, &tally);
  wait_until (&tally.n_ok, 640);
  after = dyno_test_verb0 (f, info, NULL);
  g_assert_cmpuint (after->n_writes - before->n_writes, ==, 640);
  g_assert_cmpuint (after->n_commits - before->n_commits, >=, 10);
  g_assert_cmpuint (after->n_commits - before->n_commits, <, 320);
  all = dyno_test_verb0 (f, list_settings, NULL);
  g_assert_cmpuint (all->len, ==, 640);
}

static void
test_order (DynoTestStore *f,
            gconstpointer  unused)
{
  Tally tally = { .thread = g_thread_self () };
  g_autoptr(GPtrArray) all = NULL;

  for (int i = 0; i < 200; i++)
    set (f, 0, i, NULL, &tally);
  wait_until (&tally.n_ok, 200);
  all = dyno_test_verb0 (f, list_settings, NULL);
  g_assert_cmpuint (all->len, ==, 1);
  g_assert_cmpstr (((DynoSetting *) all->pdata[0])->value, ==, "199");
}

/* A verb that fails undoes itself and nothing else of its group. */
static void
test_one_fails (DynoTestStore *f,
                gconstpointer  unused)
{
  Tally tally = { .thread = g_thread_self () };
  g_autoptr(GPtrArray) all = NULL;

  for (int i = 0; i < 60; i++)
    {
      DynoRun *nobody = dyno_test_make_run ("x");

      set (f, i, i, NULL, &tally);
      nobody->id = g_strdup ("run_nobody");
      dyno_store_save_run_async (f->store, nobody, NULL, save_cb, &tally);
    }
  wait_until (&tally.n_ok, 60);
  wait_until (&tally.n_not_found, 60);
  all = dyno_test_verb0 (f, list_settings, NULL);
  g_assert_cmpuint (all->len, ==, 60);
}

static void
test_cancelled (DynoTestStore *f,
                gconstpointer  unused)
{
  Tally tally = { .thread = g_thread_self () };
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GPtrArray) all = NULL;

  g_cancellable_cancel (cancellable);
  set (f, 1, 1, cancellable, &tally);
  set (f, 2, 2, NULL, &tally);
  wait_until (&tally.n_ok, 1);
  wait_until (&tally.n_cancelled, 1);
  all = dyno_test_verb0 (f, list_settings, NULL);
  g_assert_cmpuint (all->len, ==, 1);
}

/* What was asked before the close is done; what is asked after it is refused. */
static void
test_close_drains (DynoTestStore *f,
                   gconstpointer  unused)
{
  Tally tally = { .thread = g_thread_self () };
  g_autoptr(GPtrArray) all = NULL;
  g_autoptr(GError) error = NULL;

  for (int i = 0; i < 300; i++)
    set (f, i, i, NULL, &tally);
  dyno_store_close_async (f->store, NULL, dyno_await_cb, f->await);
  g_assert_true (dyno_store_close_finish (f->store, dyno_await_wait (f->await), &error));
  wait_until (&tally.n_ok, 300);

  set (f, 0, 0, NULL, &tally);
  wait_until (&tally.n_unavailable, 1);
  g_assert_null (dyno_test_verb0 (f, list_settings, &error));
  g_assert_error (error, DYNO_ERROR, DYNO_ERROR_UNAVAILABLE);
  g_clear_pointer (&f->store, dyno_store_free);

  dyno_test_store_open (f, DYNO_STORE_DEFAULT, NULL);
  all = dyno_test_verb0 (f, list_settings, NULL);
  g_assert_cmpuint (all->len, ==, 300);
}

static gint64
log_bytes (DynoTestStore *f)
{
  g_autofree char *path = g_build_filename (f->folder, "dynoai.db-wal", NULL);
  GStatBuf info;

  return g_stat (path, &info) == 0 ? (gint64) info.st_size : 0;
}

static gboolean
log_is_empty (gpointer data)
{
  return log_bytes (data) == 0;
}

static void
test_checkpoints (DynoTestStore *f,
                  gconstpointer  unused)
{
  g_autofree char *large = g_strnfill (512 * 1024, 'x');
  const char *keys[] = { "large" };
  const char *values[] = { large };
  g_autoptr(DynoStoreInfo) info = NULL;
  g_autoptr(GError) error = NULL;

  for (int i = 0; i < 80; i++)
    {
      large[0] = (char) ('a' + i % 26);
      g_assert_true (dyno_test_verb (f, set_settings, &error, 1, keys, values));
      g_assert_cmpint (log_bytes (f), <, 12 * 1024 * 1024);
    }
  info = dyno_test_verb0 (f, info, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (info->n_checkpoints, >=, 5);

  /* With nothing to do the log is emptied; closing removes it. */
  dyno_test_wait_for (log_is_empty, f, 20);
}

typedef struct
{
  GMutex   lock;
  GCond    changed;
  gboolean is_let_go;
} Gate;

static gpointer
wait_at_gate (DynoTurn     *turn,
              gconstpointer args,
              GError      **error)
{
  Gate *gate = (Gate *) args;

  g_mutex_lock (&gate->lock);
  while (!gate->is_let_go)
    g_cond_wait (&gate->changed, &gate->lock);
  g_mutex_unlock (&gate->lock);

  return DYNO_VERB_DONE;
}

static gpointer
open_gate (DynoTurn     *turn,
           gconstpointer args,
           GError      **error)
{
  Gate *gate = (Gate *) args;

  g_mutex_lock (&gate->lock);
  gate->is_let_go = TRUE;
  g_cond_broadcast (&gate->changed);
  g_mutex_unlock (&gate->lock);

  return DYNO_VERB_DONE;
}

static gpointer
pass (DynoTurn     *turn,
      gconstpointer args,
      GError      **error)
{
  return DYNO_VERB_DONE;
}

static gpointer
count_for_ever (DynoTurn     *turn,
                gconstpointer args,
                GError      **error)
{
  g_cancellable_cancel (turn->cancellable);
  dyno_db_exec (turn->db,
                "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)"
                " SELECT count (*) FROM n",
                error);

  return NULL;
}

static const DynoVerb wait_verb = { "wait", wait_at_gate, NULL };
static const DynoVerb open_verb = { "open", open_gate, NULL };
static const DynoVerb pass_verb = { "pass", pass, NULL };
static const DynoVerb endless_verb = { "endless", count_for_ever, NULL };

static void
any_cb (GObject      *source,
        GAsyncResult *result,
        gpointer      data)
{
  g_autoptr(GError) error = NULL;

  g_task_propagate_pointer (G_TASK (result), &error);
  count (data, error);
}

static void
ask (DynoReader     *reader,
     const DynoVerb *verb,
     gpointer        args,
     GCancellable   *cancellable,
     Tally          *tally)
{
  g_autoptr(GTask) call = dyno_call_new_task (verb, args, NULL, cancellable, any_cb, tally);

  dyno_reader_push (reader, call);
}

/* One reader is held; the other serves all that comes, and lets it go. */
static void
test_free_reader_takes_next (DynoTestStore *f,
                             gconstpointer  unused)
{
  g_autofree char *path = g_build_filename (f->folder, "dynoai.db", NULL);
  g_autoptr(DynoReader) reader = dyno_reader_new (path, DYNO_DB_READ, f->clock, NULL);
  Tally tally = { .thread = g_thread_self () };
  Gate gate = { .is_let_go = FALSE };

  g_mutex_init (&gate.lock);
  g_cond_init (&gate.changed);
  ask (reader, &wait_verb, &gate, NULL, &tally);
  for (int i = 0; i < 50; i++)
    ask (reader, &pass_verb, NULL, NULL, &tally);
  wait_until (&tally.n_ok, 50);
  ask (reader, &open_verb, &gate, NULL, &tally);
  wait_until (&tally.n_ok, 52);

  dyno_reader_stop (reader);
  ask (reader, &pass_verb, NULL, NULL, &tally);
  wait_until (&tally.n_unavailable, 1);
  g_cond_clear (&gate.changed);
  g_mutex_clear (&gate.lock);
}

static void
test_cancelled_in_the_middle (DynoTestStore *f,
                              gconstpointer  unused)
{
  g_autofree char *path = g_build_filename (f->folder, "dynoai.db", NULL);
  g_autoptr(DynoReader) reader = dyno_reader_new (path, DYNO_DB_READ, f->clock, NULL);
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  Tally tally = { .thread = g_thread_self () };

  ask (reader, &endless_verb, NULL, cancellable, &tally);
  wait_until (&tally.n_cancelled, 1);
  ask (reader, &pass_verb, NULL, NULL, &tally);
  wait_until (&tally.n_ok, 1);
}

typedef struct
{
  DynoTestStore *f;
  int            first_key;
} Asker;

/* A thread of its own, with a context of its own: answered there. */
static gpointer
asker_thread (gpointer data)
{
  Asker *asker = data;
  g_autoptr(GMainContext) context = g_main_context_new ();
  Tally tally = { .thread = g_thread_self () };

  g_main_context_push_thread_default (context);
  for (int i = 0; i < 100; i++)
    set (asker->f, asker->first_key + i, i, NULL, &tally);
  wait_until (&tally.n_ok, 100);
  g_main_context_pop_thread_default (context);

  return NULL;
}

static void
test_answered_where_asked (DynoTestStore *f,
                           gconstpointer  unused)
{
  GThread *threads[4];
  Asker askers[4];
  g_autoptr(GPtrArray) all = NULL;

  for (int i = 0; i < 4; i++)
    {
      askers[i] = (Asker) { f, i * 1000 };
      threads[i] = g_thread_new ("asker", asker_thread, &askers[i]);
    }
  for (int i = 0; i < 4; i++)
    g_thread_join (threads[i]);
  all = dyno_test_verb0 (f, list_settings, NULL);
  g_assert_cmpuint (all->len, ==, 400);
}

/* What was answered is what the next reader sees. */
static void
test_reads_see_writes (DynoTestStore *f,
                       gconstpointer  unused)
{
  for (int i = 0; i < 50; i++)
    {
      g_autoptr(DynoRun) kept = dyno_test_keep_run (f, dyno_test_make_run ("x"));
      g_autoptr(GError) error = NULL;
      g_autoptr(DynoRun) seen = dyno_test_verb (f, get_run, &error, kept->id);

      g_assert_no_error (error);
      g_assert_cmpint (seen->number, ==, i + 1);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  DYNO_TEST_STORE_ADD ("/writer/groups", test_groups);
  DYNO_TEST_STORE_ADD ("/writer/order", test_order);
  DYNO_TEST_STORE_ADD ("/writer/one-fails", test_one_fails);
  DYNO_TEST_STORE_ADD ("/writer/cancelled", test_cancelled);
  DYNO_TEST_STORE_ADD ("/writer/close", test_close_drains);
  DYNO_TEST_STORE_ADD ("/writer/checkpoints", test_checkpoints);
  DYNO_TEST_STORE_ADD ("/writer/threads", test_answered_where_asked);
  DYNO_TEST_STORE_ADD ("/reader/free-one", test_free_reader_takes_next);
  DYNO_TEST_STORE_ADD ("/reader/cancelled", test_cancelled_in_the_middle);
  DYNO_TEST_STORE_ADD ("/reader/sees-writes", test_reads_see_writes);

  return g_test_run ();
}
