/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-scratch.h"

#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <sys/statvfs.h>

#include "dyno-error.h"

#define PREFIX ".scratch-"
#define MOST_FOLDERS_OPEN 8

static int
remove_cb (const char        *path,
           const struct stat *facts,
           int                kind,
           struct FTW        *where)
{
  return remove (path);
}

DynoScratch *
dyno_scratch_new (const char  *data_dir,
                  GError     **error)
{
  char *path = g_build_filename (data_dir, PREFIX "XXXXXX", NULL);

  if (g_mkdtemp (path) != NULL)
    return path;

  dyno_error_set (error, DYNO_ERROR_UNAVAILABLE, errno == ENOSPC ? "disk_full" : "io",
                  "No temporary folder can be made in %s: %s.", data_dir, g_strerror (errno));
  g_free (path);

  return NULL;
}

void
dyno_scratch_free (DynoScratch *self)
{
  if (self == NULL)
    return;

  nftw (self, remove_cb, MOST_FOLDERS_OPEN, FTW_DEPTH | FTW_PHYS);
  g_free (self);
}

void
dyno_scratch_sweep (const char *data_dir)
{
  g_autoptr(GDir) dir = g_dir_open (data_dir, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      if (g_str_has_prefix (name, PREFIX))
        dyno_scratch_free (g_build_filename (data_dir, name, NULL));
    }
}

gboolean
dyno_scratch_has_room (const char  *folder,
                       guint64      bytes,
                       GError     **error)
{
  struct statvfs disk;
  guint64 free_bytes;

  if (statvfs (folder, &disk) != 0)
    {
      dyno_error_set (error, DYNO_ERROR_UNAVAILABLE, "io",
                      "The disk of %s cannot be looked at: %s.", folder, g_strerror (errno));
      return FALSE;
    }
  free_bytes = (guint64) disk.f_bavail * disk.f_frsize;
  if (free_bytes >= bytes)
    return TRUE;

  dyno_error_set (error, DYNO_ERROR_UNAVAILABLE, "disk_full",
                  "The disk of %s has %" G_GUINT64_FORMAT " MB free and needs %" G_GUINT64_FORMAT
                  " MB. Make room, or choose another disk.", folder, free_bytes >> 20,
                  (bytes >> 20) + 1);

  return FALSE;
}
