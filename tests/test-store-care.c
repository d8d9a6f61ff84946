/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-crypt.h"
#include "dyno-error.h"
#include "dyno-test-store.h"
#include "dyno-test.h"

#include <string.h>

/* A captured run of two seconds with its journal, and an imported one. */
static void
fill (DynoTestStore *f)
{
  GPtrArray *channels = g_ptr_array_new_with_free_func ((GDestroyNotify) dyno_run_channel_free);
  GPtrArray *files = g_ptr_array_new_with_free_func ((GDestroyNotify) dyno_run_file_free);
  DynoSamplesBuilder *builder = dyno_samples_builder_new (3);
  g_autoptr(DynoSamples) log = NULL;
  g_autofree char *sum = dyno_crypt_sha256_hex ("j", 1);
  g_autoptr(GError) error = NULL;
  g_autoptr(DynoRun) run = NULL;
  DynoRun *end = dyno_run_new ();
  gint64 t_us[] = { 1, 2, 3 };
  float raw[] = { 1, 2, 3 };

  g_ptr_array_add (channels, dyno_run_channel_new (0, "RPM"));
  run = dyno_test_verb (f, begin_run, &error, dyno_test_make_run ("pull"), channels);
  g_assert_no_error (error);
  for (int i = 0; i < 2; i++)
    {
      DynoSecond *second = dyno_second_new (i);

      dyno_second_add (second, 0, 3, t_us, raw, NULL);
      g_assert_true (dyno_test_verb (f, append_second, &error, run->id, second));
    }
  g_ptr_array_add (files, dyno_run_file_new (DYNO_FILE_JOURNAL, "journal/a", "a", 1, sum));
  end->id = g_strdup (run->id);
  end->status = DYNO_RUN_COMPLETE;
  dyno_run_free (dyno_test_verb (f, finish_run, &error, end, NULL, files, NULL));
  g_assert_no_error (error);

  dyno_samples_builder_take (builder, "x", "", DYNO_CHANNEL_NONE, dyno_unit_none (),
                             g_new0 (double, 3));
  log = dyno_samples_builder_finish (builder);
  dyno_run_free (dyno_test_verb (f, import_run, &error, dyno_test_make_run ("log"), log, NULL, NULL,
                                 NULL));
  g_assert_no_error (error);
}

static void
test_info (DynoTestStore *f,
           gconstpointer  unused)
{
  g_autoptr(DynoStoreInfo) info = NULL;
  g_autoptr(GError) error = NULL;
  gint64 n_runs = -1;
  const char *synchronous = NULL;

  fill (f);
  info = dyno_test_verb0 (f, info, &error);
  g_assert_no_error (error);
  g_assert_cmpint (info->schema, ==, info->schema_known);
  g_assert_cmpuint (info->steps->len, ==, (guint) info->schema);
  g_assert_cmpstr (((DynoStoreStep *) info->steps->pdata[0])->name, ==, "runs");
  g_assert_cmpint (info->bytes + info->wal_bytes, >, 0);
  g_assert_true (g_str_has_suffix (info->path, "/dynoai.db"));
  g_assert_cmpint (info->sqlite_version[0], ==, '3');
  for (guint i = 0; i < info->tables->len; i++)
    {
      const DynoTableCount *t = info->tables->pdata[i];

      if (g_str_equal (t->name, "runs"))
        n_runs = t->n_rows;
    }
  g_assert_cmpint (n_runs, ==, 2);
  for (guint i = 0; i < info->pragmas->len; i++)
    {
      const DynoStorePragma *p = info->pragmas->pdata[i];

      if (g_str_equal (p->name, "synchronous"))
        synchronous = p->value;
    }
  g_assert_cmpstr (synchronous, ==, "2");
}

static void
test_sound (DynoTestStore *f,
            gconstpointer  unused)
{
  g_autoptr(DynoStoreCheck) check = NULL;
  g_autoptr(GError) error = NULL;

  fill (f);
  check = dyno_test_verb0 (f, check, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (check->findings->len, ==, 0);
  g_assert_true (check->is_ok);
  g_assert_cmpint (check->n_runs, ==, 2);
  g_assert_cmpint (check->n_blocks, ==, 4);
  g_assert_cmpint (check->n_samples, ==, 6);
  g_assert_cmpint (check->n_links, ==, 1);
}

static void
test_findings (DynoTestStore *f,
               gconstpointer  unused)
{
  static const struct
  {
    const char *sql;
    const char *words;
  } damages[] = {
    { "UPDATE sample_seconds SET n_samples = 4 WHERE second = 1", "second 1" },
    { "DELETE FROM sample_blocks WHERE second = 0", "0 blocks" },
    { "DELETE FROM run_channels WHERE run = 1", "no name" },
    { "DELETE FROM sample_chunks WHERE channel = 0", "1 parts" },
    { "UPDATE sample_chunks SET data = x'00' WHERE channel = 0", "damaged" },
    { "UPDATE sample_grids SET n_rows = 2", "damaged" },
    { "DELETE FROM run_text WHERE rowid = 2", "found by its words" },
    { "UPDATE run_files SET sha256 = 'other'", "not the one in the chain" },
    { "UPDATE chain SET run_id = 'run_other'", "breaks at link 1" },
    { "PRAGMA foreign_keys = OFF; DELETE FROM runs WHERE number = 2", "is not there" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (damages); i++)
    {
      g_autoptr(DynoStoreCheck) check = NULL;
      g_autoptr(GError) error = NULL;
      gboolean is_named = FALSE;

      g_test_message ("%s", damages[i].sql);
      fill (f);
      dyno_test_store_close (f);
      dyno_test_store_sql (f, damages[i].sql);
      dyno_test_store_open (f, DYNO_STORE_READONLY, &error);
      g_assert_no_error (error);
      check = dyno_test_verb0 (f, check, &error);
      g_assert_no_error (error);
      g_assert_false (check->is_ok);
      for (guint j = 0; j < check->findings->len; j++)
        {
          g_test_message ("%s", (char *) check->findings->pdata[j]);
          is_named |= strstr (check->findings->pdata[j], damages[i].words) != NULL;
        }
      g_assert_true (is_named);

      dyno_test_store_tear_down (f, NULL);
      dyno_test_store_set_up (f, NULL);
    }
}

static void
test_backup (DynoTestStore *f,
             gconstpointer  unused)
{
  g_autofree char *other = dyno_test_make_folder ();
  g_autofree char *path = g_build_filename (other, "dynoai.db", NULL);
  g_autoptr(GError) error = NULL;
  DynoTestStore copy = { .folder = other, .clock = f->clock, .await = f->await };
  g_autoptr(DynoStoreCheck) check = NULL;

  fill (f);
  g_assert_true (dyno_test_verb (f, backup, &error, path));
  g_assert_no_error (error);
  g_assert_false (dyno_test_verb (f, backup, &error, path));
  g_assert_error (error, DYNO_ERROR, DYNO_ERROR_CONFLICT);
  g_clear_error (&error);

  /* The store goes on; the copy is a whole shop of its own. */
  fill (f);
  dyno_test_store_open (&copy, DYNO_STORE_DEFAULT, &error);
  g_assert_no_error (error);
  check = dyno_test_verb0 (&copy, check, &error);
  g_assert_true (check->is_ok);
  g_assert_cmpint (check->n_runs, ==, 2);
  dyno_test_store_close (&copy);
  dyno_test_remove_folder (other);
}

static void
ignore_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      data)
{
  (*(int *) data)++;
}

/* While it is being written to. */
static void
test_backup_under_writes (DynoTestStore *f,
                          gconstpointer  unused)
{
  g_autofree char *path = g_build_filename (f->folder, "copy.db", NULL);
  g_autoptr(GError) error = NULL;
  const char *keys[] = { "a", "b" };
  int n_done = 0;

  fill (f);
  for (int i = 0; i < 400; i++)
    {
      g_autofree char *value = g_strdup_printf ("%d", i);
      const char *values[] = { value, value };

      dyno_store_set_settings_async (f->store, 2, keys, values, NULL, ignore_cb, &n_done);
    }
  g_assert_true (dyno_test_verb (f, backup, &error, path));
  g_assert_no_error (error);
  while (n_done < 400)
    g_main_context_iteration (g_main_context_get_thread_default (), TRUE);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  DYNO_TEST_STORE_ADD ("/care/info", test_info);
  DYNO_TEST_STORE_ADD ("/care/check/sound", test_sound);
  DYNO_TEST_STORE_ADD ("/care/check/findings", test_findings);
  DYNO_TEST_STORE_ADD ("/care/backup", test_backup);
  DYNO_TEST_STORE_ADD ("/care/backup/writes", test_backup_under_writes);

  return g_test_run ();
}
