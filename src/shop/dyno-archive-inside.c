/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-archive-inside.h"

#include "dyno-archive.h"
#include "dyno-attach.h"

#include <string.h>

#define MAX_ATTACHED (256 << 20)

gboolean
dyno_archive_is_pdf (GBytes *file)
{
  gsize length;
  const char *data = g_bytes_get_data (file, &length);

  return length >= 5 && memcmp (data, "%PDF-", 5) == 0;
}

gboolean
dyno_archive_inside (GBytes  *file,
                     GBytes **archive,
                     GError **error)
{
  *archive = NULL;
  if (dyno_archive_is_pdf (file))
    {
      *archive = dyno_attach_take (file, DYNO_ATTACH_SOURCE, MAX_ATTACHED, error);
      return *archive != NULL;
    }
  if (dyno_archive_is_archive (file))
    *archive = g_bytes_ref (file);

  return TRUE;
}

gboolean
dyno_archive_inside_path (const char  *path,
                          GBytes     **archive,
                          GError     **error)
{
  g_autoptr(GMappedFile) mapped = g_mapped_file_new (path, FALSE, NULL);
  g_autoptr(GBytes) bytes = mapped != NULL ? g_mapped_file_get_bytes (mapped) : NULL;

  *archive = NULL;

  return bytes == NULL || dyno_archive_inside (bytes, archive, error);
}
