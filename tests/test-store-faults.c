/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* The n-th operation on the disk fails, for every n: what was acknowledged is
 * there afterwards, and the database is sound. */

#include "config.h"

#include "dyno-error.h"
#include "dyno-test-store.h"
#include "dyno-test-vfs.h"
#include "dyno-test.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/mount.h>

/* What the script was told is kept. */
typedef struct
{
  guint    n_settings;
  char    *run_id;     /* (owned) (nullable) */
  guint    n_seconds;
  gboolean is_finished;
} Promises;

static gboolean
set (DynoTestStore *f,
     guint          key,
     GError       **error)
{
  g_autofree char *k = g_strdup_printf ("%u", key);
  const char *keys[] = { k };
  const char *values[] = { k };

  return dyno_test_verb (f, set_settings, error, 1, keys, values);
}

static DynoSecond *
make_second (guint number)
{
  DynoSecond *second = dyno_second_new (number);
  gint64 t_us[20];
  float raw[20];

  for (guint channel = 0; channel < 8; channel++)
    {
      for (guint i = 0; i < 20; i++)
        {
          t_us[i] = number * G_USEC_PER_SEC + i * 50000;
          raw[i] = (float) (channel * 1000 + number * 20 + i);
        }
      dyno_second_add (second, channel, 20, t_us, raw, NULL);
    }

  return second;
}

static DynoRun *
begin (DynoTestStore *f,
       GError       **error)
{
  GPtrArray *channels = g_ptr_array_new_with_free_func ((GDestroyNotify) dyno_run_channel_free);

  for (guint channel = 0; channel < 8; channel++)
    g_ptr_array_add (channels, dyno_run_channel_new (channel, "RPM"));

  return dyno_test_verb (f, begin_run, error, dyno_test_make_run ("pull"), channels);
}

static void
record (DynoTestStore *f,
        Promises      *promises)
{
  g_autoptr(DynoRun) run = begin (f, NULL);
  g_autoptr(DynoRun) done = NULL;
  DynoRun *end;

  if (run == NULL)
    return;
  promises->run_id = g_strdup (run->id);
  while (promises->n_seconds < 3
         && dyno_test_verb (f, append_second, NULL, run->id, make_second (promises->n_seconds)))
    promises->n_seconds++;

  end = dyno_test_make_run (NULL);
  end->id = g_strdup (run->id);
  done = dyno_test_verb (f, finish_run, NULL, end, NULL, NULL, NULL);
  promises->is_finished = done != NULL;
}

/* One life of a store. Whatever fails, it goes on. */
static void
live (DynoTestStore *f,
      Promises      *promises)
{
  g_autoptr(GError) error = NULL;

  dyno_test_store_open (f, DYNO_STORE_CREATE, &error);
  if (f->store == NULL)
    {
      g_assert_true (error->domain == DYNO_ERROR);
      return;
    }
  while (promises->n_settings < 2 && set (f, promises->n_settings, NULL))
    promises->n_settings++;
  record (f, promises);
  dyno_test_store_close (f);
}

static void
assert_kept (DynoTestStore  *f,
             const Promises *promises)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) settings = dyno_test_verb0 (f, list_settings, &error);
  g_autoptr(DynoStoreCheck) check = dyno_test_verb0 (f, check, &error);
  g_autoptr(GPtrArray) seconds = NULL;
  g_autoptr(DynoRun) run = NULL;

  g_assert_no_error (error);
  g_assert_cmpuint (check->findings->len, ==, 0);
  g_assert_cmpuint (settings->len, >=, promises->n_settings);
  if (promises->run_id == NULL)
    return;

  run = dyno_test_verb (f, get_run, &error, promises->run_id);
  g_assert_no_error (error);
  g_assert_true (!promises->is_finished || run->status == DYNO_RUN_COMPLETE);
  seconds = dyno_test_verb (f, load_seconds, &error, promises->run_id, 0, G_MAXINT64);
  g_assert_no_error (error);
  g_assert_cmpuint (seconds->len, >=, promises->n_seconds);
  for (guint i = 0; i < seconds->len; i++)
    {
      g_autoptr(DynoSecond) expected = make_second (i);

      g_assert_true (dyno_second_equal (expected, seconds->pdata[i]));
    }
}

/* Begins each round with `model` (NULL: an empty folder). */
static void
begin_round (DynoTestStore *f,
             const char    *model,
             gsize          size)
{
  g_autofree char *path = NULL;

  dyno_test_remove_folder (f->folder);
  g_free (f->folder);
  f->folder = dyno_test_make_folder ();
  path = g_build_filename (f->folder, "dynoai.db", NULL);
  if (model != NULL)
    g_assert_true (g_file_set_contents (path, model, (gssize) size, NULL));
}

static void
fail_everywhere (DynoTestStore *f,
                 DynoFault      fault,
                 const char    *model,
                 gsize          size)
{
  gboolean has_failed = TRUE;

  for (guint n = 1; has_failed; n++)
    {
      Promises promises = { 0 };
      g_autoptr(GError) error = NULL;

      begin_round (f, model, size);
      dyno_test_vfs_fail_at (fault, n);
      live (f, &promises);
      has_failed = dyno_test_vfs_has_failed ();
      dyno_test_vfs_heal ();

      dyno_test_store_open (f, DYNO_STORE_CREATE, &error);
      g_assert_no_error (error);
      assert_kept (f, &promises);
      g_assert_true (set (f, 7, &error));
      dyno_test_store_close (f);
      g_free (promises.run_id);
      if (!has_failed)
        g_test_message ("%u operations", n);
    }
}

static char *
make_model (DynoTestStore *f,
            gsize         *size)
{
  g_autofree char *path = g_build_filename (f->folder, "dynoai.db", NULL);

  dyno_test_store_close (f);

  return dyno_test_read (path, size);
}

static void
test_once (DynoTestStore *f,
           gconstpointer  unused)
{
  gsize size;
  g_autofree char *model = make_model (f, &size);

  fail_everywhere (f, DYNO_FAULT_ONCE, model, size);
}

static void
test_from_then_on (DynoTestStore *f,
                   gconstpointer  unused)
{
  gsize size;
  g_autofree char *model = make_model (f, &size);

  fail_everywhere (f, DYNO_FAULT_ALWAYS, model, size);
}

static void
test_at_creation (DynoTestStore *f,
                  gconstpointer  unused)
{
  dyno_test_store_close (f);
  fail_everywhere (f, DYNO_FAULT_ALWAYS, NULL, 0);
}

static void
assert_reason (gboolean    ok,
               GError    **error,
               const char *reason)
{
  g_assert_false (ok);
  g_assert_error (*error, DYNO_ERROR, DYNO_ERROR_UNAVAILABLE);
  g_assert_cmpstr (dyno_error_get_reason (*error), ==, reason);
  g_clear_error (error);
}

/* Nothing acknowledged is lost, reading goes on, and writing goes on when there
 * is room again. */
static void
fail_and_recover (DynoTestStore *f,
                  void (*set_failing) (gboolean),
                  const char    *reason)
{
  Promises promises = { 0 };
  g_autoptr(GError) error = NULL;
  g_autoptr(DynoRun) run = begin (f, &error);

  g_assert_no_error (error);
  promises.run_id = run->id;
  g_assert_true (dyno_test_verb (f, append_second, &error, run->id, make_second (0)));
  promises.n_seconds = 1;

  set_failing (TRUE);
  for (guint i = 0; i < 5; i++)
    {
      assert_reason (set (f, i, &error), &error, reason);
      assert_reason (dyno_test_verb (f, append_second, &error, run->id, make_second (1)), &error,
                     reason);
    }
  assert_kept (f, &promises);
  set_failing (FALSE);

  g_assert_true (set (f, 0, &error));
  g_assert_no_error (error);
  g_assert_true (dyno_test_verb (f, append_second, &error, run->id, make_second (1)));
  g_assert_no_error (error);
  promises.n_settings = 1;
  promises.n_seconds = 2;
  assert_kept (f, &promises);
  dyno_test_store_reopen (f);
  assert_kept (f, &promises);
}

static void
test_disk_full (DynoTestStore *f,
                gconstpointer  unused)
{
  fail_and_recover (f, dyno_test_vfs_set_full, "disk_full");
}

static void
test_disk_breaks (DynoTestStore *f,
                  gconstpointer  unused)
{
  fail_and_recover (f, dyno_test_vfs_set_broken, "io");
}

/* Makes the folder a disk of its own, where this process may do that. */
static gboolean
mount_disk (DynoTestStore *f)
{
  dyno_test_store_close (f);
  if (mount ("tmpfs", f->folder, "tmpfs", 0, "size=6m") != 0)
    {
      g_test_skip ("no right to mount a disk");
      return FALSE;
    }
  dyno_test_store_open (f, DYNO_STORE_CREATE, NULL);
  g_assert_nonnull (f->store);

  return TRUE;
}

static void
unmount_disk (DynoTestStore *f)
{
  dyno_test_store_close (f);
  g_assert_cmpint (umount (f->folder), ==, 0);
}

static void
test_real_disk_read_only (DynoTestStore *f,
                          gconstpointer  unused)
{
  Promises promises = { .n_settings = 1 };
  g_autoptr(GError) error = NULL;

  if (!mount_disk (f))
    return;
  g_assert_true (set (f, 0, &error));
  dyno_test_store_close (f);
  g_assert_cmpint (mount (NULL, f->folder, NULL, MS_REMOUNT | MS_RDONLY, "size=6m"), ==, 0);

  dyno_test_store_open (f, DYNO_STORE_DEFAULT, &error);
  assert_reason (f->store != NULL, &error, "read_only");
  dyno_test_store_open (f, DYNO_STORE_READONLY, &error);
  g_assert_no_error (error);
  assert_kept (f, &promises);
  unmount_disk (f);
}

/* The same with a real disk, where this process may mount one. */
static void
test_real_disk_full (DynoTestStore *f,
                     gconstpointer  unused)
{
  g_autofree char *filler = NULL;
  g_autofree char *much = g_strnfill (16 * 1024 * 1024, 'x');
  Promises promises = { .n_settings = 3 };
  g_autoptr(GError) error = NULL;

  if (!mount_disk (f))
    return;
  for (guint i = 0; i < 3; i++)
    g_assert_true (set (f, i, &error));

  filler = g_build_filename (f->folder, "filler", NULL);
  g_file_set_contents_full (filler, much, 16 * 1024 * 1024, G_FILE_SET_CONTENTS_NONE, 0600, NULL);
  for (guint i = 0; i < 400 && set (f, 100 + i, &error); i++)
    promises.n_settings++;
  assert_reason (error == NULL, &error, "disk_full");
  assert_kept (f, &promises);

  g_assert_cmpint (g_unlink (filler), ==, 0);
  g_assert_true (set (f, 1000, &error));
  dyno_test_store_reopen (f);
  assert_kept (f, &promises);
  unmount_disk (f);
}

/* One that does not fit does not take the others of its group with it. */
static void
any_cb (GObject      *source,
        GAsyncResult *result,
        gpointer      data)
{
  int *n = data;

  n[dyno_store_set_settings_finish (NULL, result, NULL) ? 0 : 1]++;
}

static void
test_large_beside_small (DynoTestStore *f,
                         gconstpointer  unused)
{
  g_autofree char *large = g_strnfill (4 * 1024 * 1024, 'x');
  const char *small_value[] = { "1" };
  const char *large_value[] = { large };
  const char *large_key[] = { "large" };
  int n[2] = { 0, 0 };
  g_autoptr(GError) error = NULL;

  /* Room in the log for something small: it has been written before. */
  for (guint i = 0; i < 40; i++)
    g_assert_true (set (f, 1000 + i, &error));
  dyno_test_vfs_set_full (TRUE);
  for (guint i = 0; i < 10; i++)
    {
      g_autofree char *key = g_strdup_printf ("%u", i);
      const char *keys[] = { key };

      dyno_store_set_settings_async (f->store, 1, keys, small_value, NULL, any_cb, n);
      if (i == 4)
        dyno_store_set_settings_async (f->store, 1, large_key, large_value, NULL, any_cb, n);
    }
  while (n[0] + n[1] < 11)
    g_main_context_iteration (g_main_context_get_thread_default (), TRUE);
  dyno_test_vfs_set_full (FALSE);
  g_assert_cmpint (n[1], >=, 1);
  g_assert_true (set (f, 0, &error));
}

/* A full disk does not keep the shop shut. */
static void
test_opens_on_a_full_disk (DynoTestStore *f,
                           gconstpointer  unused)
{
  DynoJobRecord *job = g_new0 (DynoJobRecord, 1);
  g_autoptr(GError) error = NULL;

  job->id = g_strdup ("job_1");
  job->kind = g_strdup ("import");
  job->state = DYNO_JOB_RECORD_RUNNING;
  g_assert_true (dyno_test_verb (f, put_job, &error, job));
  dyno_test_store_close (f);
  dyno_test_vfs_set_full (TRUE);
  dyno_test_store_open (f, DYNO_STORE_DEFAULT, &error);
  g_assert_no_error (error);
  assert_reason (set (f, 0, &error), &error, "disk_full");
  dyno_test_vfs_set_full (FALSE);
  g_assert_true (set (f, 0, &error));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  dyno_test_vfs_install ();
  DYNO_TEST_STORE_ADD ("/faults/full", test_disk_full);
  DYNO_TEST_STORE_ADD ("/faults/full/real", test_real_disk_full);
  DYNO_TEST_STORE_ADD ("/faults/broken", test_disk_breaks);
  DYNO_TEST_STORE_ADD ("/faults/read-only/real", test_real_disk_read_only);
  DYNO_TEST_STORE_ADD ("/faults/large-beside-small", test_large_beside_small);
  DYNO_TEST_STORE_ADD ("/faults/opens-when-full", test_opens_on_a_full_disk);
  DYNO_TEST_STORE_ADD ("/faults/once", test_once);
  DYNO_TEST_STORE_ADD ("/faults/from-then-on", test_from_then_on);
  DYNO_TEST_STORE_ADD ("/faults/at-creation", test_at_creation);

  return g_test_run ();
}
