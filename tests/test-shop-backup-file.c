/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include <glib/gstdio.h>
#include <string.h>

#include "dyno-backup-file.h"
#include "dyno-crypt-seal.h"
#include "dyno-crypt-text.h"
#include "dyno-crypt.h"
#include "dyno-error.h"
#include "dyno-test.h"

#define MIB (1 << 20)

typedef struct
{
  char   *folder;
  char   *path;
  char   *code;
  GBytes *backup;
  GBytes *recovery;
  GBytes *master;
} Fixture;

static GBytes *
random_key (void)
{
  guint8 raw[32];

  dyno_crypt_random (raw, sizeof raw);

  return dyno_crypt_secret_new (raw, sizeof raw);
}

static void
set_up (Fixture       *f,
        gconstpointer  unused)
{
  f->folder = dyno_test_make_folder ();
  f->path = g_build_filename (f->folder, "a.dynobk", NULL);
  f->code = dyno_crypt_new_code (DYNO_CODE_LONG);
  f->backup = random_key ();
  f->master = random_key ();
  f->recovery = dyno_backup_recovery_key (f->code, NULL);
  g_assert_nonnull (f->recovery);
}

static void
tear_down (Fixture       *f,
           gconstpointer  unused)
{
  dyno_test_remove_folder (f->folder);
  g_free (f->folder);
  g_free (f->path);
  g_free (f->code);
  g_bytes_unref (f->backup);
  g_bytes_unref (f->master);
  g_bytes_unref (f->recovery);
}

/* Not the same in any two places. */
static guint8
content (gsize i)
{
  return (guint8) (i * 31 + i / 251 + i / 65521);
}

static void
write_backup (Fixture *f,
              gsize    size)
{
  DynoBackupHeader header = { .install = (char *) "0199a2b4-7c1e-7d3a-9f00-3b8c5d6e7f80",
                              .created_ms = G_GINT64_CONSTANT (1700000000123), .schema = 6,
                              .audit_seq = 17, .audit_hash = (char *) "ab" };
  DynoBackupKeys keys = { f->backup, f->recovery, f->master };
  g_autoptr(GError) error = NULL;
  g_autoptr(DynoBackupSink) sink = dyno_backup_sink_new (f->path, &header, &keys, &error);
  g_autofree guint8 *data = g_malloc (size + 1);

  g_assert_no_error (error);
  for (gsize i = 0; i < size; i++)
    data[i] = content (i);
  for (gsize at = 0; at < size; at += MIN (100000, size - at))
    g_assert_true (dyno_backup_sink_write (sink, data + at, MIN (100000, size - at), &error));
  g_assert_true (dyno_backup_sink_finish (sink, &error));
  g_assert_no_error (error);
}

/* Bytes that came out, or −1 with the error. */
static gssize
read_backup (DynoBackupSource  *source,
             GError           **error)
{
  gsize total = 0;

  while (TRUE)
    {
      g_autoptr(GBytes) bytes = dyno_backup_source_read (source, error);
      gsize size;
      const guint8 *data;

      if (bytes == NULL)
        return -1;
      data = g_bytes_get_data (bytes, &size);
      if (size == 0)
        return (gssize) total;
      for (gsize i = 0; i < size; i++)
        g_assert_cmpuint (data[i], ==, content (total + i));
      total += size;
    }
}

static void
test_round_trip (Fixture       *f,
                 gconstpointer  unused)
{
  static const gsize sizes[] = { 0, 1, MIB - 1, MIB, MIB + 1, 3 * MIB, 3 * MIB + 12345 };

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(DynoBackupSource) source = NULL;

      write_backup (f, sizes[i]);
      source = dyno_backup_source_new (f->path, &error);
      g_assert_no_error (error);
      g_assert_cmpint (dyno_backup_source_header (source)->schema, ==, 6);
      g_assert_cmpint (dyno_backup_source_header (source)->audit_seq, ==, 17);
      g_assert_true (dyno_backup_source_unlock (source, f->backup, &error));
      g_assert_cmpint (read_backup (source, &error), ==, (gssize) sizes[i]);
      g_assert_cmpint (g_remove (f->path), ==, 0);
    }
}

static void
test_recovery_code (Fixture       *f,
                    gconstpointer  unused)
{
  g_autofree char *other = dyno_crypt_new_code (DYNO_CODE_LONG);
  g_autofree char *typed = g_ascii_strdown (f->code, -1);
  g_autoptr(GError) error = NULL;
  g_autoptr(GError) wrong = NULL;
  g_autoptr(GBytes) key = dyno_backup_recovery_key (typed, &error);
  g_autoptr(GBytes) other_key = dyno_backup_recovery_key (other, &error);
  g_autoptr(GBytes) stranger = random_key ();
  g_autoptr(GBytes) master = NULL;
  g_autoptr(DynoBackupSource) source = NULL;

  write_backup (f, 5000);
  source = dyno_backup_source_new (f->path, &error);
  g_assert_false (dyno_backup_source_unlock (source, stranger, &wrong));
  g_assert_error (wrong, DYNO_ERROR, DYNO_ERROR_DENIED);
  g_clear_error (&wrong);
  g_assert_false (dyno_backup_source_unlock_by_code (source, other_key, &master, &wrong));
  g_assert_error (wrong, DYNO_ERROR, DYNO_ERROR_DENIED);
  g_assert_null (master);
  g_assert_true (dyno_backup_source_unlock_by_code (source, key, &master, &error));
  g_assert_true (g_bytes_equal (master, f->master));
  g_assert_cmpint (read_backup (source, &error), ==, 5000);
  g_assert_null (dyno_backup_recovery_key ("ABC", &error));
  g_assert_error (error, DYNO_ERROR, DYNO_ERROR_INVALID);
}

/* The end of the reading of a file of those bytes: TRUE where all of it was good. */
static gboolean
is_good (Fixture      *f,
         const char   *data,
         gsize         size)
{
  g_autofree char *path = g_build_filename (f->folder, "b.dynobk", NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(DynoBackupSource) source = NULL;
  gboolean is_read;

  g_assert_true (g_file_set_contents (path, data, (gssize) size, NULL));
  source = dyno_backup_source_new (path, &error);
  is_read = source != NULL && dyno_backup_source_unlock (source, f->backup, &error)
            && read_backup (source, &error) >= 0;
  if (!is_read)
    g_assert_true (g_error_matches (error, DYNO_ERROR, DYNO_ERROR_CORRUPT)
                   || g_error_matches (error, DYNO_ERROR, DYNO_ERROR_DENIED));

  return is_read;
}

/* A bit anywhere: in the head, in a chunk, in its seal. */
static void
test_changed (Fixture       *f,
              gconstpointer  unused)
{
  g_autofree char *data = NULL;
  gsize size;

  write_backup (f, 2 * MIB + 100);
  g_assert_true (g_file_get_contents (f->path, &data, &size, NULL));
  g_assert_true (is_good (f, data, size));
  for (guint i = 0; i < 60; i++)
    {
      gsize at = i < 20 ? (gsize) i * 37 : (gsize) g_test_rand_int_range (0, (gint32) size);

      data[at] ^= (char) (1 << (i % 8));
      g_assert_false (is_good (f, data, size));
      data[at] ^= (char) (1 << (i % 8));
    }
}

/* Chunks left out, twice, in another order; a file cut at a chunk's end. */
static void
test_moved (Fixture       *f,
            gconstpointer  unused)
{
  const gsize chunk = MIB + DYNO_SEAL_TAG_SIZE;
  g_autofree char *data = NULL;
  g_autofree char *other = NULL;
  gsize size;
  gsize first;

  write_backup (f, 3 * MIB + 100);
  g_assert_true (g_file_get_contents (f->path, &data, &size, NULL));
  first = size - 3 * chunk - 100 - DYNO_SEAL_TAG_SIZE;

  g_assert_false (is_good (f, data, first + chunk));
  g_assert_false (is_good (f, data, size - 1));
  g_assert_false (is_good (f, data, first));
  other = g_memdup2 (data, size);
  memcpy (other + first, data + first + chunk, chunk);
  memcpy (other + first + chunk, data + first, chunk);
  g_assert_false (is_good (f, other, size));
  memcpy (other + first, data + first, size - first);
  memmove (other + first + chunk, data + first + 2 * chunk, size - first - 2 * chunk);
  g_assert_false (is_good (f, other, size - chunk));
}

static void
test_unfinished (Fixture       *f,
                 gconstpointer  unused)
{
  DynoBackupHeader header = { .install = (char *) "x", .schema = 6 };
  DynoBackupKeys keys = { f->backup, NULL, NULL };
  g_autoptr(GError) error = NULL;
  DynoBackupSink *sink = dyno_backup_sink_new (f->path, &header, &keys, &error);
  g_autoptr(GDir) folder = NULL;

  g_assert_true (dyno_backup_sink_write (sink, "abc", 3, &error));
  dyno_backup_sink_free (sink);
  folder = g_dir_open (f->folder, 0, NULL);
  g_assert_null (g_dir_read_name (folder));

  g_assert_true (g_file_set_contents (f->path, "mine", -1, NULL));
  sink = dyno_backup_sink_new (f->path, &header, &keys, &error);
  g_assert_false (dyno_backup_sink_finish (sink, &error));
  g_assert_error (error, DYNO_ERROR, DYNO_ERROR_CONFLICT);
  dyno_backup_sink_free (sink);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/backup-file/round-trip", Fixture, NULL, set_up, test_round_trip, tear_down);
  g_test_add ("/backup-file/recovery-code", Fixture, NULL, set_up, test_recovery_code, tear_down);
  g_test_add ("/backup-file/changed", Fixture, NULL, set_up, test_changed, tear_down);
  g_test_add ("/backup-file/moved", Fixture, NULL, set_up, test_moved, tear_down);
  g_test_add ("/backup-file/unfinished", Fixture, NULL, set_up, test_unfinished, tear_down);

  return g_test_run ();
}
