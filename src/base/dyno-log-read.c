/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-log-private.h"

#include <gio/gio.h>
#include <string.h>

#include "dyno-error.h"
#include "dyno-json.h"

#define MAX_LINES 500
#define MAX_UNPACKED (256 * 1024 * 1024) /* of one file */

static void
record_free (gpointer data)
{
  DynoLogRecord *record = data;

  g_free (record->room);
  g_free (record->event);
  g_free (record->message);
  g_free (record->correlation_id);
  g_free (record->json);
  g_free (record);
}

static DynoLogRecord *
record_new (const DynoJson *json,
            const char     *line)
{
  DynoLogRecord *record = g_new0 (DynoLogRecord, 1);

  if (!dyno_clock_parse_utc (dyno_json_get_string (json, "ts"), &record->real_us))
    record->real_us = 0;
  record->level = dyno_log_level_find (dyno_json_get_string (json, "level"));
  record->room = g_strdup (dyno_json_get_string (json, "room"));
  record->event = g_strdup (dyno_json_get_string (json, "event"));
  record->message = g_strdup (dyno_json_get_string (json, "msg"));
  record->correlation_id = g_strdup (dyno_json_get_string (json, "correlation_id"));
  record->json = g_strdup (line);

  return record;
}

static gboolean
has_text (const char *line,
          const char *text)
{
  g_autofree char *folded_line = g_utf8_casefold (line, -1);
  g_autofree char *folded_text = g_utf8_casefold (text, -1);

  return strstr (folded_line, folded_text) != NULL;
}

static gboolean
is_wanted (const DynoLogRecord *record,
           const DynoLogQuery  *query)
{
  return record->level != 0 && record->message != NULL
         && (query->level == 0 || dyno_log_is_graver (record->level, query->level))
         && (query->room == NULL || g_strcmp0 (record->room, query->room) == 0)
         && (query->correlation_id == NULL
             || g_strcmp0 (record->correlation_id, query->correlation_id) == 0);
}

static void
take_line (const char         *line,
           const DynoLogQuery *query,
           GPtrArray          *found)
{
  g_autoptr(DynoJson) json = NULL;
  DynoLogRecord *record;

  if ((query->correlation_id != NULL && strstr (line, query->correlation_id) == NULL)
      || (query->text != NULL && !has_text (line, query->text))
      || (json = dyno_json_parse (line, -1, NULL)) == NULL
      || dyno_json_type (json) != DYNO_JSON_OBJECT)
    return;

  record = record_new (json, line);
  if (is_wanted (record, query))
    g_ptr_array_add (found, record);
  else
    record_free (record);
}

/* From its end to its beginning. */
static void
take_lines (const char         *text,
            gsize               length,
            const DynoLogQuery *query,
            guint               max,
            GPtrArray          *found)
{
  const char *end = text + length;

  while (end > text && found->len < max)
    {
      const char *begin = memrchr (text, '\n', (gsize) (end - text));
      g_autofree char *line = NULL;

      begin = begin != NULL ? begin + 1 : text;
      line = g_strndup (begin, (gsize) (end - begin));
      if (*line != '\0' && g_utf8_validate (line, -1, NULL))
        take_line (line, query, found);
      end = begin > text ? begin - 1 : text;
    }
}

static void
take_packed (const char         *path,
             const DynoLogQuery *query,
             guint               max,
             GPtrArray          *found)
{
  g_autoptr(GFile) file = g_file_new_for_path (path);
  g_autoptr(GFileInputStream) packed = g_file_read (file, NULL, NULL);
  g_autoptr(GZlibDecompressor) opener = g_zlib_decompressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP);
  g_autoptr(GInputStream) input = NULL;
  g_autofree char *block = g_malloc (65536);
  g_autoptr(GString) text = g_string_new (NULL);
  gssize n;

  if (packed == NULL)
    return;

  input = g_converter_input_stream_new (G_INPUT_STREAM (packed), G_CONVERTER (opener));
  while (text->len < MAX_UNPACKED
         && (n = g_input_stream_read (input, block, 65536, NULL, NULL)) > 0)
    g_string_append_len (text, block, n);
  take_lines (text->str, text->len, query, max, found);
}

GPtrArray *
dyno_log_read (const char          *folder,
               const DynoLogQuery  *query,
               GError             **error)
{
  g_autofree char *path = g_build_filename (folder, DYNO_LOG_NAME, NULL);
  g_autoptr(GMappedFile) file = g_mapped_file_new (path, FALSE, NULL);
  g_autoptr(GPtrArray) packed = dyno_log_list (folder, ".log.gz");
  GPtrArray *found;
  guint max = query->max > 0 ? query->max : MAX_LINES;

  if (file == NULL && packed->len == 0)
    {
      dyno_error_set (error, DYNO_ERROR_NOT_FOUND, NULL, "There is no log in %s.", folder);
      return NULL;
    }

  found = g_ptr_array_new_with_free_func (record_free);
  if (file != NULL && g_mapped_file_get_length (file) > 0)
    take_lines (g_mapped_file_get_contents (file), g_mapped_file_get_length (file), query, max,
                found);
  for (guint i = packed->len; i > 0 && found->len < max; i--)
    {
      g_autofree char *name
        = g_build_filename (folder, g_ptr_array_index (packed, i - 1), NULL);

      take_packed (name, query, max, found);
    }

  return found;
}
