/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* Logs that were put aside. One is packed beside itself under another name and takes
 * its place only when it is whole, so that a crash in between loses nothing. */

#include "config.h"

#include "dyno-log-private.h"

#include <gio/gio.h>
#include <glib/gstdio.h>

static int
compare_names (gconstpointer a,
               gconstpointer b)
{
  return g_strcmp0 (*(const char *const *) a, *(const char *const *) b);
}

GPtrArray *
dyno_log_list (const char *folder,
               const char *suffix)
{
  GPtrArray *names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      if (g_str_has_prefix (name, DYNO_LOG_ASIDE) && g_str_has_suffix (name, suffix))
        g_ptr_array_add (names, g_strdup (name));
    }
  g_ptr_array_sort (names, compare_names);

  return names;
}

static gboolean
copy_packed (GFile *from,
             GFile *to)
{
  g_autoptr(GFileInputStream) input = g_file_read (from, NULL, NULL);
  g_autoptr(GFileOutputStream) output
    = g_file_replace (to, NULL, FALSE, G_FILE_CREATE_PRIVATE | G_FILE_CREATE_REPLACE_DESTINATION,
                      NULL, NULL);
  g_autoptr(GZlibCompressor) packer = g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP, -1);
  g_autoptr(GOutputStream) packed = NULL;

  if (input == NULL || output == NULL)
    return FALSE;

  packed = g_converter_output_stream_new (G_OUTPUT_STREAM (output), G_CONVERTER (packer));

  return g_output_stream_splice (packed, G_INPUT_STREAM (input),
                                 G_OUTPUT_STREAM_SPLICE_CLOSE_SOURCE
                                 | G_OUTPUT_STREAM_SPLICE_CLOSE_TARGET, NULL, NULL) >= 0;
}

static void
pack (const char *folder,
      const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autofree char *packed = g_strconcat (path, ".gz", NULL);
  g_autofree char *part = g_strconcat (packed, ".part", NULL);
  g_autoptr(GFile) from = g_file_new_for_path (path);
  g_autoptr(GFile) to = g_file_new_for_path (part);

  if (copy_packed (from, to) && g_rename (part, packed) == 0)
    g_unlink (path);
  else
    g_unlink (part);
}

void
dyno_log_pack (const char *folder,
               guint       keep)
{
  g_autoptr(GPtrArray) aside = dyno_log_list (folder, ".log");
  g_autoptr(GPtrArray) packed = NULL;

  for (guint i = 0; i < aside->len; i++)
    pack (folder, g_ptr_array_index (aside, i));

  packed = dyno_log_list (folder, ".log.gz");
  for (guint i = 0; i + keep < packed->len; i++)
    {
      g_autofree char *path = g_build_filename (folder, g_ptr_array_index (packed, i), NULL);

      g_unlink (path);
    }
}
