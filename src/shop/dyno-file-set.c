/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-file-set.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "dyno-error.h"

struct _DynoFileSet
{
  GPtrArray *entries; /* (owned) of Entry */
};

typedef struct
{
  char    *path;   /* (owned) */
  GBytes  *bytes;  /* (owned) */
  char    *aside;  /* (owned) (nullable) written, not yet in its place */
  char    *old;    /* (owned) (nullable) what stood there */
  gboolean is_put;
} Entry;

static void
entry_free (gpointer data)
{
  Entry *entry = data;

  if (entry->aside != NULL)
    g_unlink (entry->aside);
  g_free (entry->path);
  g_bytes_unref (entry->bytes);
  g_free (entry->aside);
  g_free (entry->old);
  g_free (entry);
}

DynoFileSet *
dyno_file_set_new (void)
{
  DynoFileSet *self = g_new0 (DynoFileSet, 1);

  self->entries = g_ptr_array_new_with_free_func (entry_free);

  return self;
}

void
dyno_file_set_free (DynoFileSet *self)
{
  if (self == NULL)
    return;

  g_ptr_array_unref (self->entries);
  g_free (self);
}

void
dyno_file_set_add (DynoFileSet *self,
                   const char  *path,
                   GBytes      *bytes)
{
  Entry *entry = g_new0 (Entry, 1);

  entry->path = g_strdup (path);
  entry->bytes = g_bytes_ref (bytes);
  g_ptr_array_add (self->entries, entry);
}

static gboolean
refuse (const Entry *entry,
        int          number,
        GError     **error)
{
  dyno_error_set (error, DYNO_ERROR_UNAVAILABLE, "io", "%s cannot be written: %s. Nothing was "
                  "changed.", entry->path, g_strerror (number));

  return FALSE;
}

/* Aside */

static gboolean
write_out (int     fd,
           GBytes *bytes)
{
  gsize size;
  const char *data = g_bytes_get_data (bytes, &size);

  while (size > 0)
    {
      gssize n = write (fd, data, size);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        return FALSE;
      data += n;
      size -= (gsize) n;
    }

  return fsync (fd) == 0;
}

static gboolean
write_aside (Entry   *entry,
             GError **error)
{
  g_autofree char *aside = g_strconcat (entry->path, ".XXXXXX", NULL);
  int fd = g_mkstemp_full (aside, O_RDWR | O_CLOEXEC, 0644);
  gboolean is_good;
  int number;

  if (fd < 0)
    return refuse (entry, errno, error);
  entry->aside = g_steal_pointer (&aside);
  is_good = write_out (fd, entry->bytes);
  number = errno;
  if (close (fd) == 0 && is_good)
    return TRUE;

  return refuse (entry, is_good ? errno : number, error);
}

/* Into their places */

/* A second name where the disk knows such, so that the place is never empty. */
static gboolean
keep_old (Entry *entry)
{
  g_autofree char *old = g_strconcat (entry->aside, ".old", NULL);
  GStatBuf info;

  if (g_lstat (entry->path, &info) != 0 || S_ISDIR (info.st_mode))
    return TRUE;
  if (link (entry->path, old) != 0 && g_rename (entry->path, old) != 0)
    return FALSE;
  entry->old = g_steal_pointer (&old);

  return TRUE;
}

static gboolean
put (Entry   *entry,
     GError **error)
{
  if (!keep_old (entry) || g_rename (entry->aside, entry->path) != 0)
    return refuse (entry, errno, error);
  entry->is_put = TRUE;
  g_clear_pointer (&entry->aside, g_free);

  return TRUE;
}

/* Two names of one file are not renamed: the second one is left to be taken away. */
static void
put_back (Entry *entry)
{
  if (entry->old == NULL && entry->is_put)
    g_unlink (entry->path);
  else if (entry->old != NULL && g_rename (entry->old, entry->path) == 0)
    g_unlink (entry->old);
}

static void
sync_folder (const char *folder)
{
  int fd = open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

  if (fd < 0)
    return;
  fsync (fd);
  close (fd);
}

/* Each of them once: it is what takes the time. */
static void
sync_folders (const DynoFileSet *self)
{
  g_autoptr(GHashTable) done = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < self->entries->len; i++)
    {
      const Entry *entry = g_ptr_array_index (self->entries, i);
      char *folder = g_path_get_dirname (entry->path);

      if (!g_hash_table_contains (done, folder))
        sync_folder (folder);
      g_hash_table_add (done, folder);
    }
}

static void
settle (Entry   *entry,
        gboolean is_good)
{
  if (!is_good)
    put_back (entry);
  else if (entry->old != NULL)
    g_unlink (entry->old);
}

gboolean
dyno_file_set_write (DynoFileSet *self,
                     GError     **error)
{
  gboolean is_good = TRUE;

  for (guint i = 0; is_good && i < self->entries->len; i++)
    is_good = write_aside (self->entries->pdata[i], error);
  for (guint i = 0; is_good && i < self->entries->len; i++)
    is_good = put (self->entries->pdata[i], error);
  for (guint i = self->entries->len; i > 0; i--)
    settle (self->entries->pdata[i - 1], is_good);
  sync_folders (self);

  return is_good;
}
