/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include <archive.h>
#include <archive_entry.h>
#include <glib/gstdio.h>
#include <string.h>

#include "dyno-backup-pack.h"
#include "dyno-crypt-seal.h"
#include "dyno-crypt.h"
#include "dyno-error.h"
#include "dyno-test.h"

typedef struct
{
  char   *folder;
  char   *path;
  GBytes *key;
} Fixture;

static void
set_up (Fixture       *f,
        gconstpointer  unused)
{
  guint8 raw[32];

  dyno_crypt_random (raw, sizeof raw);
  f->key = dyno_crypt_secret_new (raw, sizeof raw);
  f->folder = dyno_test_make_folder ();
  f->path = g_build_filename (f->folder, "a.dynobk", NULL);
}

static void
tear_down (Fixture       *f,
           gconstpointer  unused)
{
  dyno_test_remove_folder (f->folder);
  g_bytes_unref (f->key);
  g_free (f->folder);
  g_free (f->path);
}

static DynoBackupSink *
new_sink (Fixture *f)
{
  DynoBackupHeader header = { .install = (char *) "0199a2b4-7c1e-7d3a-9f00-3b8c5d6e7f80",
                              .created_ms = 1, .schema = 6 };
  DynoBackupKeys keys = { f->key, NULL, NULL };
  DynoBackupSink *sink = dyno_backup_sink_new (f->path, &header, &keys, NULL);

  g_assert_nonnull (sink);

  return sink;
}

/* (transfer full) what is below "in" */
static char *
put (Fixture    *f,
     const char *name,
     const char *content)
{
  g_autofree char *path = g_build_filename (f->folder, "in", name, NULL);
  g_autofree char *folder = g_path_get_dirname (path);

  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  g_assert_true (g_file_set_contents (path, content, -1, NULL));

  return g_steal_pointer (&path);
}

static GPtrArray *
unpack (Fixture  *f,
        GError  **error)
{
  g_autofree char *out = g_build_filename (f->folder, "out", NULL);
  g_autoptr(DynoBackupSource) source = dyno_backup_source_new (f->path, error);

  dyno_test_remove_folder (out);
  g_assert_cmpint (g_mkdir (out, 0700), ==, 0);
  g_assert_nonnull (source);
  g_assert_true (dyno_backup_source_unlock (source, f->key, error));

  return dyno_backup_unpack (source, out, NULL, error);
}

static void
assert_came_out (Fixture    *f,
                 const char *name,
                 const char *content)
{
  g_autofree char *path = g_build_filename (f->folder, "out", name, NULL);
  g_autofree char *found = dyno_test_read (path, NULL);

  g_assert_cmpstr (found, ==, content);
}

static void
test_round_trip (Fixture       *f,
                 gconstpointer  unused)
{
  g_autofree char *database = put (f, "snapshot", "pages");
  g_autofree char *journal = put (f, "journal/run_1.jdj", "packets");
  g_autofree char *source = put (f, "source/run_1.2", "");
  g_autofree char *in = g_build_filename (f->folder, "in", NULL);
  g_autoptr(GPtrArray) names = g_ptr_array_new ();
  g_autoptr(GPtrArray) found = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(DynoBackupSink) sink = new_sink (f);

  g_ptr_array_add (names, (gpointer) "journal/run_1.jdj");
  g_ptr_array_add (names, (gpointer) "source/run_gone");
  g_ptr_array_add (names, (gpointer) "source/run_1.2");
  g_assert_true (dyno_backup_pack (sink, in, database, names, NULL, &error));
  g_assert_true (dyno_backup_sink_finish (sink, &error));
  found = unpack (f, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (found->len, ==, 3);
  assert_came_out (f, "dynoai.db", "pages");
  assert_came_out (f, "journal/run_1.jdj", "packets");
  assert_came_out (f, "source/run_1.2", "");
}

static void
test_database_must_be_there (Fixture       *f,
                             gconstpointer  unused)
{
  g_autoptr(GPtrArray) names = g_ptr_array_new ();
  g_autoptr(GError) error = NULL;
  g_autoptr(DynoBackupSink) sink = new_sink (f);

  g_assert_false (dyno_backup_pack (sink, f->folder, "/nonexistent", names, NULL, &error));
  g_assert_error (error, DYNO_ERROR, DYNO_ERROR_UNAVAILABLE);
  g_assert_false (g_file_test (f->path, G_FILE_TEST_EXISTS));
}

static void
test_names (void)
{
  static const char *const good[]
    = { "dynoai.db", "source/run_x", "source/run_x.12", "journal/run_x.jdj", "journal/day-1.jdj" };
  static const char *const bad[]
    = { "", "dynoai.db-wal", "/dynoai.db", "./dynoai.db", "source", "source/", "source/.x",
        "source/..", "source/../dynoai.db", "../dynoai.db", "source/a/b", "journal/a\nb",
        "source/run_x\n", "backups/a.dynobk", "tls/key.pem", "erasures.log", "SOURCE/a" };

  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    g_assert_true (dyno_backup_is_member (good[i]));
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_false (dyno_backup_is_member (bad[i]));
}

static la_ssize_t
write_cb (struct archive *archive,
          void           *sink,
          const void     *data,
          size_t          size)
{
  return dyno_backup_sink_write (sink, data, size, NULL) ? (la_ssize_t) size : -1;
}

/* A tar with one entry, in good seals. */
static void
write_tar (Fixture      *f,
           const char   *name,
           unsigned int  type,
           const char   *target)
{
  g_autoptr(DynoBackupSink) sink = new_sink (f);
  struct archive *out = archive_write_new ();
  struct archive_entry *entry = archive_entry_new ();

  archive_write_set_format_pax_restricted (out);
  g_assert_cmpint (archive_write_open (out, sink, NULL, write_cb, NULL), ==, ARCHIVE_OK);
  archive_entry_set_pathname (entry, name);
  archive_entry_set_filetype (entry, type);
  archive_entry_set_perm (entry, 0777);
  if (target != NULL && type == AE_IFLNK)
    archive_entry_set_symlink (entry, target);
  else if (target != NULL)
    archive_entry_set_hardlink (entry, target);
  archive_entry_set_size (entry, target == NULL ? 4 : 0);
  g_assert_cmpint (archive_write_header (out, entry), ==, ARCHIVE_OK);
  if (target == NULL)
    archive_write_data (out, "evil", 4);
  archive_entry_free (entry);
  g_assert_cmpint (archive_write_close (out), ==, ARCHIVE_OK);
  archive_write_free (out);
  g_assert_true (dyno_backup_sink_finish (sink, NULL));
}

/* Even who has the key puts nothing anywhere else. */
static void
test_foreign_members (Fixture       *f,
                      gconstpointer  unused)
{
  static const struct
  {
    const char  *name;
    unsigned int type;
    const char  *target;
  } rows[] = {
    { "../dynoai.db", AE_IFREG, NULL },      { "/tmp/dynoai.db", AE_IFREG, NULL },
    { "source/../../x", AE_IFREG, NULL },    { "source/x", AE_IFLNK, "/etc/passwd" },
    { "dynoai.db", AE_IFLNK, "/etc/passwd" }, { "dynoai.db", AE_IFREG, "/etc/passwd" },
    { "source/x", AE_IFIFO, NULL },          { "backups/a", AE_IFREG, NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *database = g_build_filename (f->folder, "dynoai.db", NULL);
      g_autoptr(GError) error = NULL;
      g_autoptr(GPtrArray) names = NULL;

      g_test_message ("%s", rows[i].name);
      g_unlink (f->path);
      write_tar (f, rows[i].name, rows[i].type, rows[i].target);
      names = unpack (f, &error);
      if (rows[i].target == NULL || rows[i].type == AE_IFLNK)
        {
          g_assert_null (names);
          g_assert_error (error, DYNO_ERROR, DYNO_ERROR_CORRUPT);
        }
      else if (names != NULL)
        assert_came_out (f, "dynoai.db", "");
      g_assert_false (g_file_test (database, G_FILE_TEST_EXISTS));
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/shop/backup-pack/round-trip", Fixture, NULL, set_up, test_round_trip, tear_down);
  g_test_add ("/shop/backup-pack/database-missing", Fixture, NULL, set_up,
              test_database_must_be_there, tear_down);
  g_test_add ("/shop/backup-pack/foreign-members", Fixture, NULL, set_up, test_foreign_members,
              tear_down);
  g_test_add_func ("/shop/backup-pack/names", test_names);

  return g_test_run ();
}
