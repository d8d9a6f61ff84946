/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-export-file.h"

#include <glib/gstdio.h>
#include <string.h>

#include "dyno-error.h"

#define MOST_VEHICLE 40 /* letters of a name */

static void
make_plain (char *text)
{
  for (char *c = text; *c != '\0'; c++)
    {
      if (!g_ascii_isalnum (*c) && strchr ("._-", *c) == NULL)
        *c = '-';
    }
}

char *
dyno_export_file_name (const DynoDossier *dossier,
                       const char        *suffix)
{
  g_autoptr(GDateTime) start = g_date_time_new_from_unix_utc (dossier->run->started_ms / 1000);
  g_autofree char *date = dossier->run->started_ms > 0
                            ? g_date_time_format (start, "%Y-%m-%d_") : g_strdup ("");
  g_autofree char *vehicle = dossier->vehicle != NULL
                               ? g_strdup_printf ("%.*s_", MOST_VEHICLE, dossier->vehicle->label)
                               : g_strdup ("");
  char *name = g_strconcat (date, vehicle, dossier->run->id, suffix, NULL);

  make_plain (name);

  return name;
}

static gboolean
is_same_file (const char *a,
              const char *b)
{
  GStatBuf one;
  GStatBuf other;

  return g_stat (a, &one) == 0 && g_stat (b, &other) == 0 && one.st_dev == other.st_dev
         && one.st_ino == other.st_ino;
}

gboolean
dyno_export_file_write (const char  *path,
                        GBytes      *bytes,
                        const char  *source,
                        GError     **error)
{
  g_autoptr(GError) cause = NULL;
  gsize size;
  const char *data = g_bytes_get_data (bytes, &size);

  if (source != NULL && is_same_file (path, source))
    {
      dyno_error_set (error, DYNO_ERROR_INVALID, "export_over_source",
                      "“%s” is the file that is exported. Give another name with --output.", path);
      return FALSE;
    }
  if (g_file_set_contents_full (path, data, (gssize) size,
                                G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0644,
                                &cause))
    return TRUE;
  dyno_error_set (error, DYNO_ERROR_UNAVAILABLE, "export_not_written",
                  "The export could not be written: %s. Choose another place.", cause->message);

  return FALSE;
}
