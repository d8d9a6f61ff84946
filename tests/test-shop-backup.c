/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include <glib/gstdio.h>
#include <string.h>

#include "dyno-backup.h"
#include "dyno-error.h"
#include "dyno-scratch.h"
#include "dyno-test-shop.h"
#include "dyno-test-vault.h"
#include "dyno-test-vfs.h"
#include "dyno-test.h"

#define HOUR_US (3600 * G_GINT64_CONSTANT (1000000))
#define DAY_US (24 * HOUR_US)
#define NOW_US G_GINT64_CONSTANT (1789000000000000)

/* A shop with an open vault, at a time that stands still. */
static void
set_up (DynoTestShop  *f,
        gconstpointer  flags)
{
  dyno_test_shop_set_up (f, flags);
  dyno_test_shop_close (f);
  f->clock = dyno_clock_new_fake (NOW_US, NOW_US);
  dyno_test_vault_give (f);
  dyno_test_shop_open (f, DYNO_SHOP_NO_CAPTURE);
  dyno_test_vault_open (f);
}

static DynoBackup *
make (DynoTestShop *f)
{
  g_autoptr(GError) error = NULL;
  DynoBackup *backup = dyno_test_ask (f, dyno_backup_make, &error, FALSE, NULL);

  g_assert_no_error (error);
  g_assert_true (g_file_test (backup->path, G_FILE_TEST_EXISTS));

  return backup;
}

static GPtrArray *
list (DynoTestShop *f)
{
  g_autoptr(GError) error = NULL;
  GPtrArray *backups = dyno_test_ask0 (f, dyno_backup_list, &error);

  g_assert_no_error (error);

  return backups;
}

/* Nothing that was in the making is left over. */
static void
assert_tidy (DynoTestShop *f,
             guint         n_backups)
{
  g_autofree char *path = g_build_filename (f->folder, "backups", NULL);
  g_autoptr(GDir) backups = g_dir_open (path, 0, NULL);
  g_autoptr(GDir) data = g_dir_open (f->folder, 0, NULL);
  const char *name;
  guint n = 0;

  while ((name = g_dir_read_name (data)) != NULL)
    g_assert_false (g_str_has_prefix (name, ".scratch"));
  while ((name = g_dir_read_name (backups)) != NULL)
    {
      g_assert_true (g_str_has_suffix (name, ".dynobk"));
      n++;
    }
  g_assert_cmpuint (n, ==, n_backups);
}

static void
test_make (DynoTestShop  *f,
           gconstpointer  unused)
{
  g_autoptr(DynoBackup) backup = NULL;
  g_autoptr(DynoBackup) again = NULL;
  g_autoptr(GPtrArray) backups = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *content = NULL;
  gsize size;

  backup = make (f);
  g_assert_true (g_str_has_suffix (backup->path, "/backups/dynoai-20260910T002640Z.dynobk"));
  g_assert_cmpint (backup->verified_ms, ==, NOW_US / 1000);
  g_assert_cmpint (backup->schema, ==, 6);
  g_assert_cmpstr (backup->created_by, ==, "local:owner");
  content = dyno_test_read (backup->path, &size);
  g_assert_cmpint (backup->bytes, ==, size);
  g_assert_null (memmem (content, size, "SQLite format 3", 15));

  dyno_clock_advance (f->clock, HOUR_US);
  again = dyno_test_ask (f, dyno_backup_verify, &error, backup->id, FALSE, NULL);
  g_assert_no_error (error);
  g_assert_cmpint (again->verified_ms, ==, (NOW_US + HOUR_US) / 1000);
  g_assert_cmpint (again->drilled_ms, ==, 0);
  g_clear_pointer (&again, dyno_backup_free);
  again = dyno_test_ask (f, dyno_backup_verify, &error, backup->id, TRUE, NULL);
  g_assert_no_error (error);
  g_assert_cmpint (again->drilled_ms, ==, (NOW_US + HOUR_US) / 1000);
  assert_tidy (f, 1);

  g_assert_true (dyno_test_ask (f, dyno_backup_delete, &error, backup->id));
  backups = list (f);
  g_assert_cmpuint (backups->len, ==, 0);
  assert_tidy (f, 0);
  g_assert_false (dyno_test_ask (f, dyno_backup_delete, &error, backup->id));
  g_assert_error (error, DYNO_ERROR, DYNO_ERROR_NOT_FOUND);
}

/* Runs, their files and the audit go along; what changes afterwards does not matter. */
static void
test_with_runs (DynoTestShop  *f,
                gconstpointer  unused)
{
  g_autoptr(DynoSamples) samples = dyno_test_pull_samples (0, NULL);
  g_autofree char *run_id = dyno_test_shop_keep (f, "Stage two", samples);
  g_autoptr(DynoBackup) backup = NULL;
  g_autoptr(GError) error = NULL;

  dyno_test_vault_open (f);
  backup = make (f);
  g_assert_cmpint (backup->bytes, >, 10000);
  g_assert_cmpint (backup->audit_seq, >=, 0);
  g_assert_true (dyno_test_ask (f, dyno_runbook_delete, &error,
                                (const char *const[]){ run_id, NULL }));
  g_assert_true (dyno_test_ask (f, dyno_backup_verify_file, &error, backup->path));
  g_assert_no_error (error);
}

/* Any byte: in the first line, the header, a chunk, the last seal. */
static void
test_flipped_bytes (DynoTestShop  *f,
                    gconstpointer  unused)
{
  g_autoptr(DynoBackup) backup = make (f);
  g_autofree char *content = NULL;
  gsize size;

  content = dyno_test_read (backup->path, &size);
  for (guint i = 0; i < 24; i++)
    {
      gsize at = i < 4 ? i * 5 : i == 23 ? size - 1 : (gsize) g_test_rand_int_range (0, (int) size);
      g_autoptr(GError) error = NULL;
      g_autoptr(DynoBackup) bad = NULL;

      content[at] ^= 0x10;
      g_assert_true (g_file_set_contents (backup->path, content, (gssize) size, NULL));
      content[at] ^= 0x10;
      bad = dyno_test_ask (f, dyno_backup_verify, &error, backup->id, FALSE, NULL);
      g_assert_null (bad);
      g_assert_true (g_error_matches (error, DYNO_ERROR, DYNO_ERROR_CORRUPT)
                     || g_error_matches (error, DYNO_ERROR, DYNO_ERROR_DENIED));
      g_clear_error (&error);
      bad = dyno_test_ask (f, dyno_backup_get, &error, backup->id);
      g_assert_nonnull (bad->error);
    }
  assert_tidy (f, 1);
}

static void
test_cut_and_gone (DynoTestShop  *f,
                   gconstpointer  unused)
{
  g_autoptr(DynoBackup) backup = make (f);
  g_autofree char *content = NULL;
  g_autoptr(GError) error = NULL;
  gsize size;

  content = dyno_test_read (backup->path, &size);
  for (guint i = 0; i < 4; i++)
    {
      g_assert_true (g_file_set_contents (backup->path, content, (gssize) (size * i / 4), NULL));
      g_assert_false (dyno_test_ask (f, dyno_backup_verify_file, &error, backup->path));
      g_assert_error (error, DYNO_ERROR, DYNO_ERROR_CORRUPT);
      g_clear_error (&error);
    }
  g_unlink (backup->path);
  g_assert_null (dyno_test_ask (f, dyno_backup_verify, &error, backup->id, FALSE, NULL));
  g_assert_error (error, DYNO_ERROR, DYNO_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_true (dyno_test_ask (f, dyno_backup_delete, &error, backup->id));
}

static void
test_closed_vault (DynoTestShop  *f,
                   gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;

  dyno_test_shop_close (f);
  dyno_test_shop_open (f, DYNO_SHOP_NO_CAPTURE);
  g_assert_null (dyno_test_ask (f, dyno_backup_make, &error, FALSE, NULL));
  g_assert_error (error, DYNO_ERROR, DYNO_ERROR_UNAVAILABLE);
  g_assert_cmpstr (dyno_error_get_reason (error), ==, "keyring_closed");
  assert_tidy (f, 0);
}

/* A disk that is full in the middle leaves nothing; the next one is good again. */
static void
test_full_disk (DynoTestShop  *f,
                gconstpointer  unused)
{
  g_autoptr(DynoBackup) backup = NULL;
  g_autoptr(GError) error = NULL;

  dyno_test_vfs_set_full (TRUE);
  g_assert_null (dyno_test_ask (f, dyno_backup_make, &error, FALSE, NULL));
  dyno_test_vfs_set_full (FALSE);
  g_assert_error (error, DYNO_ERROR, DYNO_ERROR_UNAVAILABLE);
  assert_tidy (f, 0);
  backup = make (f);
  assert_tidy (f, 1);
}

/* Room is asked for before anything is written. */
static void
test_room (DynoTestShop  *f,
           gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;

  g_assert_true (dyno_scratch_has_room (f->folder, 1, &error));
  g_assert_false (dyno_scratch_has_room (f->folder, G_MAXUINT64 / 2, &error));
  g_assert_error (error, DYNO_ERROR, DYNO_ERROR_UNAVAILABLE);
  g_assert_cmpstr (dyno_error_get_reason (error), ==, "disk_full");
  g_clear_error (&error);
  g_assert_false (dyno_scratch_has_room ("/nonexistent", 1, &error));
  g_assert_cmpstr (dyno_error_get_reason (error), ==, "io");
}

/* What the n-th operation of the disk breaks is not verified. */
static void
test_failing_disk (DynoTestShop  *f,
                   gconstpointer  unused)
{
  guint n_good = 0;

  for (guint n = 1; n < 400; n += 13)
    {
      g_autoptr(DynoBackup) backup = NULL;
      g_autoptr(GPtrArray) backups = NULL;

      dyno_clock_advance (f->clock, HOUR_US);
      dyno_test_vfs_fail_at (DYNO_FAULT_ONCE, n);
      backup = dyno_test_ask (f, dyno_backup_make, NULL, FALSE, NULL);
      dyno_test_vfs_heal ();
      n_good += backup != NULL ? 1 : 0;
      backups = list (f);
      g_assert_cmpuint (backups->len, ==, n_good);
      assert_tidy (f, n_good);
    }
  g_assert_cmpuint (n_good, <, 31);
}

static void
test_schedule (DynoTestShop  *f,
               gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;

  for (guint day = 0; day < 12; day++)
    {
      g_autoptr(GPtrArray) backups = NULL;

      for (guint look = 0; look < 3; look++)
        {
          g_assert_true (dyno_test_ask0 (f, dyno_backup_tend, &error));
          g_assert_no_error (error);
        }
      backups = list (f);
      g_assert_cmpuint (backups->len, <=, 7 + 2);
      g_assert_cmpuint (backups->len, >=, MIN (day + 1, 7));
      if (day == 0 || day == 7)
        {
          const DynoBackup *newest = g_ptr_array_index (backups, 0);

          g_assert_cmpint (newest->drilled_ms, !=, 0);
          g_assert_cmpstr (newest->created_by, ==, "schedule");
        }
      dyno_clock_advance (f->clock, DAY_US);
    }
}

static DynoComponentStatus
look (DynoTestShop *f)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(DynoHealthReport) report = dyno_test_ask0 (f, dyno_health_report, &error);

  g_assert_no_error (error);
  for (guint i = 0; i < report->components->len; i++)
    {
      const DynoComponent *component = g_ptr_array_index (report->components, i);

      if (g_str_equal (component->name, "backup"))
        return component->status;
    }
  g_assert_not_reached ();
}

/* The first eight days, and eight days after each. */
static void
test_health (DynoTestShop  *f,
             gconstpointer  unused)
{
  g_autoptr(DynoBackup) backup = NULL;

  g_assert_cmpint (look (f), ==, DYNO_COMPONENT_HEALTHY);
  dyno_clock_advance (f->clock, 8 * DAY_US + HOUR_US);
  g_assert_cmpint (look (f), ==, DYNO_COMPONENT_DEGRADED);
  backup = make (f);
  dyno_clock_advance (f->clock, 8 * DAY_US);
  g_assert_cmpint (look (f), ==, DYNO_COMPONENT_HEALTHY);
  dyno_clock_advance (f->clock, HOUR_US);
  g_assert_cmpint (look (f), ==, DYNO_COMPONENT_DEGRADED);
}

static void
test_code (DynoTestShop  *f,
           gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *one = dyno_test_ask0 (f, dyno_backup_renew_code, &error);
  g_autofree char *two = dyno_test_ask0 (f, dyno_backup_renew_code, &error);
  g_autoptr(DynoBackup) backup = NULL;
  g_autofree char *content = NULL;
  gsize size;

  g_assert_no_error (error);
  g_assert_cmpuint (strlen (one), ==, 26);
  g_assert_cmpstr (one, !=, two);
  backup = make (f);
  content = dyno_test_read (backup->path, &size);
  g_assert_nonnull (memmem (content, size, "\"by_recovery\"", 13));
  g_assert_nonnull (memmem (content, size, "\"master\"", 8));
  g_assert_null (memmem (content, size, two, strlen (two)));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  dyno_test_vfs_install ();

#define ADD(path, function)                                                                      \
  g_test_add (path, DynoTestShop, GUINT_TO_POINTER (DYNO_SHOP_NO_CAPTURE), set_up, function,     \
              dyno_test_shop_tear_down)

  ADD ("/shop/backup/make", test_make);
  ADD ("/shop/backup/with-runs", test_with_runs);
  ADD ("/shop/backup/flipped-bytes", test_flipped_bytes);
  ADD ("/shop/backup/cut-and-gone", test_cut_and_gone);
  ADD ("/shop/backup/closed-vault", test_closed_vault);
  ADD ("/shop/backup/full-disk", test_full_disk);
  ADD ("/shop/backup/failing-disk", test_failing_disk);
  ADD ("/shop/backup/room", test_room);
  ADD ("/shop/backup/schedule", test_schedule);
  ADD ("/shop/backup/health", test_health);
  ADD ("/shop/backup/code", test_code);

  return g_test_run ();
}
