/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-backup-pack.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "dyno-error.h"

#define BLOCK (1 << 18)

gboolean
dyno_backup_is_member (const char *name)
{
  return g_str_equal (name, DYNO_BACKUP_DATABASE)
         || g_regex_match_simple ("^(source|journal)/[A-Za-z0-9_][A-Za-z0-9_.-]{0,120}$", name,
                                  G_REGEX_DOLLAR_ENDONLY, 0);
}

/* Packing */

typedef struct
{
  DynoBackupSink *sink;
  GCancellable   *cancellable;
  GError         *error; /* (owned) (nullable) of the sink */
} Packing;

static la_ssize_t
write_cb (struct archive *archive,
          void           *data,
          const void     *buffer,
          size_t          size)
{
  Packing *packing = data;

  if (!g_cancellable_set_error_if_cancelled (packing->cancellable, &packing->error)
      && dyno_backup_sink_write (packing->sink, buffer, size, &packing->error))
    return (la_ssize_t) size;
  archive_set_error (archive, EIO, "it was not taken");

  return -1;
}

static gboolean
write_header (struct archive    *out,
              const char        *name,
              const struct stat *facts)
{
  struct archive_entry *entry = archive_entry_new ();
  gboolean is_written;

  archive_entry_set_pathname (entry, name);
  archive_entry_set_filetype (entry, AE_IFREG);
  archive_entry_set_perm (entry, 0600);
  archive_entry_set_size (entry, facts->st_size);
  archive_entry_set_mtime (entry, facts->st_mtime, 0);
  is_written = archive_write_header (out, entry) == ARCHIVE_OK;
  archive_entry_free (entry);

  return is_written;
}

/* As many bytes as the header says: a journal may be growing. */
static gboolean
write_content (struct archive *out,
               int             fd,
               gint64          size)
{
  g_autofree char *block = g_malloc (BLOCK);

  while (size > 0)
    {
      gssize n = read (fd, block, (gsize) MIN (size, BLOCK));

      if (n <= 0)
        return FALSE;
      if (archive_write_data (out, block, (gsize) n) != n)
        return FALSE;
      size -= n;
    }

  return TRUE;
}

static gboolean
write_file (struct archive *out,
            const char     *name,
            const char     *path)
{
  int fd = open (path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  struct stat facts;
  gboolean is_written;

  if (fd < 0)
    return errno == ENOENT && !g_str_equal (name, DYNO_BACKUP_DATABASE);

  is_written = fstat (fd, &facts) == 0 && S_ISREG (facts.st_mode)
               && write_header (out, name, &facts) && write_content (out, fd, facts.st_size);
  close (fd);

  return is_written;
}

static gboolean
write_files (struct archive *out,
             const char     *folder,
             const char     *database,
             GPtrArray      *names)
{
  if (!write_file (out, DYNO_BACKUP_DATABASE, database))
    return FALSE;

  for (guint i = 0; i < names->len; i++)
    {
      const char *name = g_ptr_array_index (names, i);
      g_autofree char *path = g_build_filename (folder, name, NULL);

      if (!dyno_backup_is_member (name) || !write_file (out, name, path))
        return FALSE;
    }

  return TRUE;
}

gboolean
dyno_backup_pack (DynoBackupSink  *sink,
                  const char      *folder,
                  const char      *database,
                  GPtrArray       *names,
                  GCancellable    *cancellable,
                  GError         **error)
{
  Packing packing = { sink, cancellable, NULL };
  struct archive *out = archive_write_new ();
  gboolean is_packed;

  archive_write_set_format_pax_restricted (out);
  archive_write_add_filter_zstd (out);
  archive_write_set_bytes_in_last_block (out, 1);
  is_packed = archive_write_open (out, &packing, NULL, write_cb, NULL) == ARCHIVE_OK
              && write_files (out, folder, database, names)
              && archive_write_close (out) == ARCHIVE_OK;
  if (packing.error != NULL)
    g_propagate_error (error, packing.error);
  else if (!is_packed)
    dyno_error_set (error, DYNO_ERROR_UNAVAILABLE, "io",
                    "A file could not be put into the backup: %s.",
                    archive_error_string (out) != NULL ? archive_error_string (out)
                                                       : g_strerror (errno));
  archive_write_free (out);

  return is_packed;
}

/* Unpacking */

typedef struct
{
  DynoBackupSource *source;
  GCancellable     *cancellable;
  GBytes           *chunk; /* (owned) (nullable) what libarchive reads now */
  GError           *error; /* (owned) (nullable) of the source */
} Unpacking;

static la_ssize_t
read_cb (struct archive  *archive,
         void            *data,
         const void     **buffer)
{
  Unpacking *unpacking = data;
  gsize size = 0;

  g_clear_pointer (&unpacking->chunk, g_bytes_unref);
  if (!g_cancellable_set_error_if_cancelled (unpacking->cancellable, &unpacking->error))
    unpacking->chunk = dyno_backup_source_read (unpacking->source, &unpacking->error);
  if (unpacking->chunk == NULL)
    {
      archive_set_error (archive, EIO, "it cannot be read");
      return -1;
    }
  *buffer = g_bytes_get_data (unpacking->chunk, &size);

  return (la_ssize_t) size;
}

static gboolean
fail (const char  *what,
      GError     **error)
{
  dyno_error_set (error, DYNO_ERROR_CORRUPT, "backup", "The backup cannot be unpacked: %s.", what);

  return FALSE;
}

static gboolean
copy_out (struct archive  *in,
          int              fd,
          GError         **error)
{
  g_autofree char *block = g_malloc (BLOCK);
  la_ssize_t n;

  while ((n = archive_read_data (in, block, BLOCK)) > 0)
    {
      for (la_ssize_t at = 0; at < n;)
        {
          gssize written = write (fd, block + at, (gsize) (n - at));

          if (written < 0)
            {
              dyno_error_set (error, DYNO_ERROR_UNAVAILABLE, errno == ENOSPC ? "disk_full" : "io",
                              "The backup cannot be unpacked: %s.", g_strerror (errno));
              return FALSE;
            }
          at += written;
        }
    }

  return n == 0 || fail ("it was changed or is cut short", error);
}

static gboolean
unpack_entry (struct archive        *in,
              struct archive_entry  *entry,
              const char            *folder,
              GPtrArray             *names,
              GError               **error)
{
  const char *name = archive_entry_pathname (entry);
  g_autofree char *path = NULL;
  gboolean is_whole;
  int fd;

  if (name == NULL || archive_entry_filetype (entry) != AE_IFREG || !dyno_backup_is_member (name))
    return fail ("it holds a file that no backup of ours has", error);

  path = g_build_filename (folder, name, NULL);
  fd = open (path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd < 0)
    return fail (g_strerror (errno), error);
  is_whole = copy_out (in, fd, error) && (fsync (fd) == 0 || fail (g_strerror (errno), error));
  close (fd);
  g_ptr_array_add (names, g_strdup (name));

  return is_whole;
}

static gboolean
unpack_entries (struct archive  *in,
                const char      *folder,
                GPtrArray       *names,
                GError         **error)
{
  struct archive_entry *entry;
  int status;

  while ((status = archive_read_next_header (in, &entry)) == ARCHIVE_OK)
    {
      if (!unpack_entry (in, entry, folder, names, error))
        return FALSE;
    }

  return status == ARCHIVE_EOF || fail ("it was changed or is cut short", error);
}

static gboolean
make_folders (const char  *folder,
              GError     **error)
{
  static const char *const subfolders[] = { "source", "journal" };

  for (guint i = 0; i < G_N_ELEMENTS (subfolders); i++)
    {
      g_autofree char *path = g_build_filename (folder, subfolders[i], NULL);

      if (g_mkdir (path, 0700) != 0)
        return fail (g_strerror (errno), error);
    }

  return TRUE;
}

/* The last chunk says that it is the last: what ends before it was cut. */
static gboolean
read_to_the_end (Unpacking  *unpacking,
                 GError    **error)
{
  gsize size = 1;

  while (size > 0)
    {
      g_autoptr(GBytes) rest = dyno_backup_source_read (unpacking->source, error);

      if (rest == NULL)
        return FALSE;
      size = g_bytes_get_size (rest);
    }

  return TRUE;
}

GPtrArray *
dyno_backup_unpack (DynoBackupSource  *source,
                    const char        *folder,
                    GCancellable      *cancellable,
                    GError           **error)
{
  Unpacking unpacking = { source, cancellable, NULL, NULL };
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(GError) cause = NULL;
  struct archive *in = archive_read_new ();
  gboolean is_unpacked;

  archive_read_support_format_tar (in);
  archive_read_support_filter_zstd (in);
  is_unpacked = make_folders (folder, &cause)
                && (archive_read_open (in, &unpacking, NULL, read_cb, NULL) == ARCHIVE_OK
                    || fail ("it is no backup of ours", &cause))
                && unpack_entries (in, folder, names, &cause)
                && read_to_the_end (&unpacking, &cause);
  archive_read_free (in);
  g_clear_pointer (&unpacking.chunk, g_bytes_unref);
  if (unpacking.error != NULL)
    g_propagate_error (error, unpacking.error);
  else if (!is_unpacked)
    g_propagate_error (error, g_steal_pointer (&cause));

  return is_unpacked ? g_steal_pointer (&names) : NULL;
}
