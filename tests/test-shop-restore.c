/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* Backups become data folders again. A restore that is killed at any moment leaves the
 * old data or the new: six times, or as often as DYNO_KILLS says; the program that is
 * killed is this one, called again with the folder. */

#include "config.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "dyno-backup.h"
#include "dyno-error.h"
#include "dyno-lock.h"
#include "dyno-restore.h"
#include "dyno-test-shop.h"
#include "dyno-test-vault.h"
#include "dyno-test.h"

static const char *program;

static void
set_up (DynoTestShop  *f,
        gconstpointer  flags)
{
  dyno_test_shop_set_up (f, flags);
  dyno_test_shop_close (f);
  dyno_test_vault_give (f);
  dyno_test_shop_open (f, DYNO_SHOP_NO_CAPTURE);
  dyno_test_vault_open (f);
}

static void
reopen (DynoTestShop *f)
{
  dyno_test_shop_open (f, DYNO_SHOP_NO_CAPTURE);
  dyno_test_vault_open (f);
}

/* With the settings of `f`, into a folder. */
static DynoRestoreReport *
restore_into (DynoTestShop  *f,
              const char    *folder,
              const char    *backup,
              const char    *code,
              GError       **error)
{
  DynoRestoreOptions options = { .data_dir = folder, .backup = backup, .code = code,
                                 .environment = (const char *const *) f->environment };

  dyno_restore_async (&options, NULL, dyno_await_cb, f->await);

  return dyno_restore_finish (dyno_await_wait (f->await), error);
}

static char *
put_customer (DynoTestShop *f,
              const char   *name)
{
  DynoCustomer *customer = g_new0 (DynoCustomer, 1);
  g_autoptr(DynoCustomer) kept = NULL;
  g_autoptr(GError) error = NULL;

  customer->name = g_strdup (name);
  kept = dyno_test_ask (f, dyno_people_put_customer, &error, customer);
  g_assert_no_error (error);

  return g_strdup (kept->id);
}

static gboolean
has_customer (DynoTestShop *f,
              const char   *name)
{
  g_autoptr(GPtrArray) customers = dyno_test_ask0 (f, dyno_people_list_customers, NULL);

  for (guint i = 0; i < customers->len; i++)
    {
      const DynoCustomer *customer = g_ptr_array_index (customers, i);

      if (g_str_equal (customer->name, name))
        return TRUE;
    }

  return FALSE;
}

/* (transfer full) its file, outside the data folder */
static char *
back_up (DynoTestShop *f)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(DynoBackup) backup = dyno_test_ask (f, dyno_backup_make, &error, FALSE, NULL);

  g_assert_no_error (error);

  return g_strdup (backup->path);
}

static void
assert_tidy (const char *folder)
{
  g_autoptr(GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_assert_false (g_str_has_prefix (name, ".scratch"));
      g_assert_cmpstr (name, !=, "restore-pending");
    }
}

static void
write_file (const char *folder,
            const char *name,
            const char *content)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);

  g_assert_true (g_file_set_contents_full (path, content, -1, G_FILE_SET_CONTENTS_NONE, 0600, NULL));
}

static void
test_back_in_place (DynoTestShop  *f,
                    gconstpointer  unused)
{
  g_autofree char *one = put_customer (f, "Ann");
  g_autofree char *backup = back_up (f);
  g_autofree char *two = put_customer (f, "Bob");
  g_autofree char *kept = NULL;
  g_autoptr(DynoRestoreReport) report = NULL;
  g_autoptr(DynoAuditVerdict) verdict = NULL;
  g_autoptr(GPtrArray) rows = NULL;
  g_autoptr(GError) error = NULL;
  DynoAuditQuery *query = g_new0 (DynoAuditQuery, 1);

  dyno_test_shop_close (f);
  report = restore_into (f, f->folder, backup, NULL, &error);
  g_assert_no_error (error);
  kept = g_build_filename (report->kept, "dynoai.db", NULL);
  g_assert_true (g_file_test (kept, G_FILE_TEST_EXISTS));
  assert_tidy (f->folder);

  reopen (f);
  g_assert_true (has_customer (f, "Ann"));
  g_assert_false (has_customer (f, "Bob"));
  verdict = dyno_test_ask0 (f, dyno_audit_verify, &error);
  g_assert_true (verdict->is_good);
  query->success = -1;
  rows = dyno_test_ask (f, dyno_audit_list, &error, query);
  g_assert_cmpstr (((DynoAuditRecord *) g_ptr_array_index (rows, 0))->event, ==, "backup.restored");
}

/* Nobody else has the folder, and a failure changes nothing. */
static void
test_refusals (DynoTestShop  *f,
               gconstpointer  unused)
{
  g_autofree char *one = put_customer (f, "Ann");
  g_autofree char *backup = back_up (f);
  g_autofree char *bad = g_build_filename (f->folder, "bad.dynobk", NULL);
  g_autofree char *master = dyno_test_vault_path (f);
  g_autofree char *content = NULL;
  g_autofree char *two = NULL;
  g_autoptr(GError) error = NULL;
  gsize size;

  g_assert_null (restore_into (f, f->folder, backup, NULL, &error));
  g_assert_cmpstr (dyno_error_get_reason (error), ==, "folder_in_use");
  g_clear_error (&error);

  two = put_customer (f, "Bob");
  dyno_test_shop_close (f);
  content = dyno_test_read (backup, &size);
  for (guint i = 1; i < 6; i++)
    {
      content[size * i / 6] ^= 1;
      g_assert_true (g_file_set_contents (bad, content, (gssize) size, NULL));
      content[size * i / 6] ^= 1;
      g_assert_null (restore_into (f, f->folder, bad, NULL, &error));
      g_assert_nonnull (error);
      g_clear_error (&error);
      assert_tidy (f->folder);
    }
  g_assert_null (restore_into (f, f->folder, "/nonexistent", NULL, &error));
  g_assert_error (error, DYNO_ERROR, DYNO_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_null (restore_into (f, f->folder, backup, "short", &error));
  g_assert_error (error, DYNO_ERROR, DYNO_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_null (restore_into (f, f->folder, backup, "00000000000000000000000000", &error));
  g_assert_error (error, DYNO_ERROR, DYNO_ERROR_DENIED);
  g_clear_error (&error);

  write_file (f->folder, "master", "ff0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");
  g_assert_null (restore_into (f, f->folder, backup, NULL, &error));
  g_assert_cmpstr (dyno_error_get_reason (error), ==, "backup_key");
  g_clear_error (&error);
  g_unlink (master);
  g_assert_null (restore_into (f, f->folder, backup, NULL, &error));
  g_assert_cmpstr (dyno_error_get_reason (error), ==, "keyring_bad_file");

  dyno_test_vault_give (f);
  reopen (f);
  g_assert_true (has_customer (f, "Bob"));
}

/* A machine that never saw the data: the code gives the master key back, once. */
static void
test_code_on_a_new_machine (DynoTestShop  *f,
                            gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *code = dyno_test_ask0 (f, dyno_backup_renew_code, &error);
  g_autofree char *one = put_customer (f, "Ann");
  g_autofree char *backup = back_up (f);
  g_autofree char *folder = dyno_test_make_folder ();
  g_autofree char *master = g_build_filename (folder, "master", NULL);
  g_autoptr(DynoRestoreReport) report = NULL;
  DynoTestShop other = { NULL };

  dyno_test_shop_close (f);
  dyno_test_shop_prepare (&other, g_strdup (folder));
  dyno_test_shop_set (&other, "DYNOAI_MASTER_KEY_FILE", master);
  report = restore_into (&other, folder, backup, code, &error);
  g_assert_no_error (error);
  g_assert_cmpint (report->schema, ==, 6);
  reopen (&other);
  g_assert_true (has_customer (&other, "Ann"));
  dyno_test_shop_close (&other);

  /* Where there is another key, that one is not overwritten, and nothing restored. */
  g_clear_pointer (&report, dyno_restore_report_free);
  write_file (folder, "master", "ff0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");
  report = restore_into (&other, folder, backup, code, &error);
  g_assert_null (report);
  g_assert_cmpstr (dyno_error_get_reason (error), ==, "master_key");
  assert_tidy (folder);
  dyno_test_remove_folder (folder);
  dyno_await_free (other.await);
  g_strfreev (other.environment);
  g_free (other.folder);
  reopen (f);
}

/* Files of runs: those of the backup, and those it was told to leave out. */
static void
test_files (DynoTestShop  *f,
            gconstpointer  unused)
{
  g_autoptr(DynoSamples) samples = dyno_test_pull_samples (0, NULL);
  g_autofree char *run_id = dyno_test_shop_keep (f, "Stage two", samples);
  g_autofree char *source = g_strdup_printf ("source/%s", run_id);
  g_autofree char *journal = g_strdup_printf ("journal/%s.jdj", run_id);
  g_autofree char *backup = NULL;
  g_autofree char *found = NULL;
  g_autoptr(GPtrArray) files = g_ptr_array_new_with_free_func ((GDestroyNotify) dyno_run_file_free);
  g_autoptr(DynoRestoreReport) report = NULL;
  g_autoptr(GError) error = NULL;
  DynoStore *store;

  dyno_test_shop_close (f);
  write_file (f->folder, source, "the log");
  write_file (f->folder, journal, "the packets");
  store = dyno_test_shop_open_store (f);
  g_ptr_array_add (files, dyno_run_file_new (DYNO_FILE_SOURCE, source, "a.csv", 7, "00"));
  g_ptr_array_add (files, dyno_run_file_new (DYNO_FILE_JOURNAL, journal, "a.jdj", 11,
    "0000000000000000000000000000000000000000000000000000000000000000"));
  dyno_store_add_run_files_async (store, run_id, g_ptr_array_ref (files), NULL, dyno_await_cb, f->await);
  g_assert_true (dyno_store_add_run_files_finish (store, dyno_await_wait (f->await), &error));
  dyno_test_shop_close_store (f, store);
  dyno_test_shop_set (f, "DYNOAI_STORE_BACKUP_JOURNALS", "false");
  reopen (f);
  backup = back_up (f);
  dyno_test_shop_close (f);

  write_file (f->folder, source, "changed since");
  report = restore_into (f, f->folder, backup, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (report->n_files, ==, 1);
  g_assert_cmpuint (report->n_missing, ==, 0);
  g_free (source);
  source = g_strdup_printf ("%s/source/%s", f->folder, run_id);
  found = dyno_test_read (source, NULL);
  g_assert_cmpstr (found, ==, "the log");
  g_free (found);
  g_free (journal);
  journal = g_strdup_printf ("%s/journal/%s.jdj", f->folder, run_id);
  found = dyno_test_read (journal, NULL);
  g_assert_cmpstr (found, ==, "the packets");
  reopen (f);
}

/* A restore that came so far and no further: k renames after the one that counts. */
static void
test_resume (DynoTestShop  *f,
             gconstpointer  unused)
{
  static const char *const steps[][2] = {
    { "dynoai.db", "kept" },          { "restore-pending/dynoai.db", "dynoai.db" },
    { "source", "kept" },             { "restore-pending/source", "source" },
    { "journal", "kept" },            { "restore-pending/journal", "journal" },
  };

  for (guint k = 0; k <= G_N_ELEMENTS (steps); k++)
    {
      g_autofree char *folder = dyno_test_make_folder ();
      g_autofree char *kept = g_build_filename (folder, "kept", NULL);
      g_autofree char *old = g_build_filename (kept, "dynoai.db", NULL);
      g_autofree char *text = NULL;
      g_autoptr(GError) error = NULL;

      for (guint i = 0; i < G_N_ELEMENTS (steps); i += 2)
        {
          g_autofree char *here = g_build_filename (folder, steps[i][0], NULL);
          g_autofree char *there = g_build_filename (folder, steps[i + 1][0], NULL);
          g_autofree char *pending = g_path_get_dirname (there);

          g_mkdir_with_parents (pending, 0700);
          g_mkdir_with_parents (kept, 0700);
          if (i == 0)
            {
              write_file (folder, steps[0][0], "old");
              write_file (folder, steps[1][0], "new");
              continue;
            }
          g_mkdir_with_parents (here, 0700);
          g_mkdir_with_parents (there, 0700);
        }
      write_file (folder, "restore-pending/kept", "kept");
      if (k == 0)
        write_file (folder, "dynoai.db-wal", "of the old one");
      for (guint i = 0; i < k; i++)
        {
          g_autofree char *from = g_build_filename (folder, steps[i][0], NULL);
          g_autofree char *to = g_build_filename (folder, steps[i][1],
                                                  i % 2 == 0 ? steps[i][0] : NULL, NULL);

          g_assert_cmpint (g_rename (from, to), ==, 0);
        }
      g_assert_true (dyno_restore_resume (folder, &error));
      g_assert_true (dyno_restore_resume (folder, &error));
      g_assert_no_error (error);
      assert_tidy (folder);
      text = dyno_test_read (old, NULL);
      g_assert_cmpstr (text, ==, "old");
      g_free (text);
      g_free (old);
      old = g_build_filename (folder, "dynoai.db", NULL);
      text = dyno_test_read (old, NULL);
      g_assert_cmpstr (text, ==, "new");
      g_free (old);
      old = g_build_filename (folder, "dynoai.db-wal", NULL);
      g_assert_false (g_file_test (old, G_FILE_TEST_EXISTS));
      g_free (old);
      old = g_build_filename (kept, "journal", NULL);
      g_assert_true (g_file_test (old, G_FILE_TEST_IS_DIR));
      dyno_test_remove_folder (folder);
    }
}

/* The child: restores until it is killed. */
static int
restore_for_ever (const char *folder,
                  const char *backup)
{
  g_autoptr(DynoAwait) await = dyno_await_new ();

  for (;;)
    {
      DynoRestoreOptions options = { .data_dir = folder, .backup = backup };
      g_autoptr(DynoRestoreReport) report = NULL;

      dyno_restore_async (&options, NULL, dyno_await_cb, await);
      report = dyno_restore_finish (dyno_await_wait (await), NULL);
      if (report == NULL)
        return 1;
    }
}

static void
kill_one (DynoTestShop *f,
          const char   *backup,
          guint         after_us)
{
  const char *argv[] = { program, "--restore", f->folder, backup, NULL };
  GPid pid;
  int status;

  g_assert_true (g_spawn_async (NULL, (char **) argv, f->environment,
                                G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL, &pid, NULL));
  g_usleep (after_us);
  kill (pid, SIGKILL);
  g_assert_cmpint (waitpid (pid, &status, 0), ==, pid);
  g_assert_true (WIFSIGNALED (status));
}

static void
test_killed (DynoTestShop  *f,
             gconstpointer  unused)
{
  const char *kills = g_getenv ("DYNO_KILLS");
  guint n = kills != NULL ? (guint) atoi (kills) : 6;
  g_autofree char *one = put_customer (f, "Ann");
  g_autofree char *backup = back_up (f);

  for (guint i = 0; i < n; i++)
    {
      g_autofree char *two = put_customer (f, "Bob");
      g_autoptr(DynoStoreCheck) check = NULL;
      g_autoptr(GError) error = NULL;

      dyno_test_shop_close (f);
      kill_one (f, backup, (guint) g_test_rand_int_range (1000, 200000));
      reopen (f);
      g_assert_true (has_customer (f, "Ann"));
      check = dyno_test_ask0 (f, dyno_database_check, &error);
      g_assert_no_error (error);
      g_assert_true (check->is_ok);
      assert_tidy (f->folder);
    }
}

int
main (int   argc,
      char *argv[])
{
  program = argv[0];
  if (argc == 4 && g_str_equal (argv[1], "--restore"))
    return restore_for_ever (argv[2], argv[3]);
  g_test_init (&argc, &argv, NULL);

#define ADD(path, function)                                                                      \
  g_test_add (path, DynoTestShop, GUINT_TO_POINTER (DYNO_SHOP_NO_CAPTURE), set_up, function,     \
              dyno_test_shop_tear_down)

  ADD ("/shop/restore/back-in-place", test_back_in_place);
  ADD ("/shop/restore/refusals", test_refusals);
  ADD ("/shop/restore/code-on-a-new-machine", test_code_on_a_new_machine);
  ADD ("/shop/restore/files", test_files);
  ADD ("/shop/restore/resume", test_resume);
  ADD ("/shop/restore/killed", test_killed);

  return g_test_run ();
}
