/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* The renames of a restore; part of dyno-restore.h.
 *
 * What stands ready gets the name restore-pending in one rename: before it the folder
 * is what it was, after it every start goes on until nothing is pending. Each part is
 * moved away, then replaced; a part that pending no longer has is in its place. */

#include "config.h"

#include "dyno-restore-private.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <unistd.h>

#include "dyno-error.h"

#define PENDING "restore-pending"
#define KEPT "kept" /* in it: where to */

/* The side files of the old database go before it: beside the new one they would be
 * taken for its own. */
static const char *const sides[] = { "dynoai.db-wal", "dynoai.db-shm" };
static const char *const parts[] = { "dynoai.db", "source", "journal" };

static gboolean
fail (const char  *path,
      GError     **error)
{
  dyno_error_set (error, DYNO_ERROR_UNAVAILABLE, errno == ENOSPC ? "disk_full" : "io",
                  "%s cannot be moved: %s. Start again to go on with the restore.", path,
                  g_strerror (errno));

  return FALSE;
}

/* What is not there is no matter. */
static gboolean
move (const char  *from,
      const char  *to,
      const char  *name,
      GError     **error)
{
  g_autofree char *source = g_build_filename (from, name, NULL);
  g_autofree char *target = g_build_filename (to, name, NULL);

  return rename (source, target) == 0 || errno == ENOENT || fail (source, error);
}

static gboolean
is_there (const char *folder,
          const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);

  return g_file_test (path, G_FILE_TEST_EXISTS);
}

static gboolean
sync_folder (const char  *path,
             GError     **error)
{
  int fd = open (path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  gboolean is_synced = fd >= 0 && fsync (fd) == 0;

  if (!is_synced)
    fail (path, error);
  if (fd >= 0)
    close (fd);

  return is_synced;
}

static gboolean
swap_parts (const char  *data_dir,
            const char  *pending,
            const char  *kept,
            GError     **error)
{
  gboolean is_database_old = is_there (pending, parts[0]);

  for (guint i = 0; is_database_old && i < G_N_ELEMENTS (sides); i++)
    {
      if (!move (data_dir, kept, sides[i], error))
        return FALSE;
    }
  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      if (is_there (pending, parts[i])
          && (!move (data_dir, kept, parts[i], error)
              || !move (pending, data_dir, parts[i], error)))
        return FALSE;
    }

  return sync_folder (kept, error) && sync_folder (data_dir, error);
}

gboolean
dyno_restore_resume (const char  *data_dir,
                     GError     **error)
{
  g_autofree char *pending = g_build_filename (data_dir, PENDING, NULL);
  g_autofree char *note = g_build_filename (pending, KEPT, NULL);
  g_autofree char *name = NULL;
  g_autofree char *kept = NULL;

  if (!g_file_test (pending, G_FILE_TEST_IS_DIR))
    return TRUE;
  /* Without its note it was already being taken away. */
  if (g_file_get_contents (note, &name, NULL, NULL))
    {
      kept = g_build_filename (data_dir, name, NULL);
      if (g_mkdir_with_parents (kept, 0700) != 0)
        return fail (kept, error);
      if (!swap_parts (data_dir, pending, kept, error))
        return FALSE;
    }
  dyno_scratch_free (g_steal_pointer (&pending));

  return TRUE;
}

gboolean
dyno_restore_commit (const char         *data_dir,
                     const DynoScratch  *scratch,
                     const char         *kept,
                     GError            **error)
{
  g_autofree char *pending = g_build_filename (data_dir, PENDING, NULL);
  g_autofree char *note = g_build_filename (scratch, KEPT, NULL);
  g_autoptr(GError) cause = NULL;

  if (!g_file_set_contents_full (note, kept, -1, G_FILE_SET_CONTENTS_DURABLE, 0600, &cause))
    {
      dyno_error_set (error, DYNO_ERROR_UNAVAILABLE, "io", "The restore cannot be noted: %s.",
                      cause->message);
      return FALSE;
    }
  if (!sync_folder (scratch, error))
    return FALSE;
  if (rename (scratch, pending) != 0)
    return fail (scratch, error);

  return sync_folder (data_dir, error) && dyno_restore_resume (data_dir, error);
}
