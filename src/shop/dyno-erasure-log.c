/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-erasure-log.h"

#include <string.h>

#include "dyno-error.h"
#include "dyno-json.h"

static char *
path_of (const char *data_dir)
{
  return g_build_filename (data_dir, "erasures.log", NULL);
}

static DynoErasure *
parse_line (const char *line)
{
  g_autoptr(DynoJson) json = dyno_json_parse (line, -1, NULL);
  g_autoptr(DynoErasure) erasure = g_new0 (DynoErasure, 1);

  if (json == NULL || dyno_json_type (json) != DYNO_JSON_OBJECT
      || !dyno_subject_kind_find (dyno_json_get_string (json, "kind"), &erasure->kind))
    return NULL;

  erasure->id = g_strdup (dyno_json_get_string (json, "id"));
  erasure->receipt = g_strdup (dyno_json_get_string (json, "receipt"));
  erasure->subject_id = g_strdup (dyno_json_get_string (json, "subject_id"));
  erasure->requested_by = g_strdup (dyno_json_get_string (json, "requested_by"));
  erasure->requested_ms = dyno_json_get_integer (json, "requested_ms", 0);
  erasure->purge_ms = dyno_json_get_integer (json, "purge_ms", 0);
  erasure->purged_ms = dyno_json_get_integer (json, "purged_ms", 0);
  erasure->cancelled_ms = dyno_json_get_integer (json, "cancelled_ms", 0);

  return erasure->id != NULL && erasure->receipt != NULL && erasure->subject_id != NULL
             && erasure->requested_by != NULL
           ? g_steal_pointer (&erasure) : NULL;
}

GPtrArray *
dyno_erasure_log_read (const char  *data_dir,
                       GError     **error)
{
  GPtrArray *erasures = g_ptr_array_new_with_free_func ((GDestroyNotify) dyno_erasure_free);
  g_autofree char *path = path_of (data_dir);
  g_autofree char *text = NULL;
  g_autoptr(GError) cause = NULL;
  g_auto(GStrv) lines = NULL;

  if (!g_file_get_contents (path, &text, NULL, &cause))
    {
      if (g_error_matches (cause, G_FILE_ERROR, G_FILE_ERROR_NOENT))
        return erasures;
      dyno_error_set (error, DYNO_ERROR_UNAVAILABLE, "io", "%s cannot be read: %s.", path,
                      cause->message);
      g_ptr_array_unref (erasures);
      return NULL;
    }

  lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      DynoErasure *erasure = *lines[i] != '\0' ? parse_line (lines[i]) : NULL;

      if (erasure != NULL)
        g_ptr_array_add (erasures, erasure);
      else if (*lines[i] != '\0')
        g_message ("Line %u of %s is no erasure.", i + 1, path);
    }

  return erasures;
}

static void
add_line (GString           *text,
          const DynoErasure *erasure)
{
  DynoJsonWriter *w = dyno_json_writer_new (FALSE);
  g_autofree char *line = NULL;

  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "id", erasure->id);
  dyno_json_writer_add_string (w, "receipt", erasure->receipt);
  dyno_json_writer_add_string (w, "kind", dyno_subject_kind_name (erasure->kind));
  dyno_json_writer_add_string (w, "subject_id", erasure->subject_id);
  dyno_json_writer_add_string (w, "requested_by", erasure->requested_by);
  dyno_json_writer_add_integer (w, "requested_ms", erasure->requested_ms);
  dyno_json_writer_add_integer (w, "purge_ms", erasure->purge_ms);
  dyno_json_writer_add_integer (w, "purged_ms", erasure->purged_ms);
  dyno_json_writer_add_integer (w, "cancelled_ms", erasure->cancelled_ms);
  dyno_json_writer_end_object (w);
  line = dyno_json_writer_finish (w);
  g_string_append (text, g_strchomp (line));
  g_string_append_c (text, '\n');
}

static gboolean
is_among (GPtrArray  *erasures,
          const char *id)
{
  for (guint i = 0; i < erasures->len; i++)
    {
      const DynoErasure *erasure = g_ptr_array_index (erasures, i);

      if (g_str_equal (erasure->id, id))
        return TRUE;
    }

  return FALSE;
}

gboolean
dyno_erasure_log_merge (const char  *data_dir,
                        GPtrArray   *erasures,
                        GError     **error)
{
  g_autoptr(GPtrArray) known = dyno_erasure_log_read (data_dir, error);
  g_autoptr(GString) text = g_string_new (NULL);
  g_autofree char *path = path_of (data_dir);
  g_autoptr(GError) cause = NULL;

  if (known == NULL)
    return FALSE;
  for (guint i = 0; i < known->len; i++)
    {
      const DynoErasure *erasure = g_ptr_array_index (known, i);

      if (!is_among (erasures, erasure->id))
        add_line (text, erasure);
    }
  for (guint i = erasures->len; i > 0; i--)
    add_line (text, g_ptr_array_index (erasures, i - 1));

  if (text->len == 0
      || g_file_set_contents_full (path, text->str, (gssize) text->len,
                                   G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE,
                                   0600, &cause))
    return TRUE;
  dyno_error_set (error, DYNO_ERROR_UNAVAILABLE,
                  g_error_matches (cause, G_FILE_ERROR, G_FILE_ERROR_NOSPC) ? "disk_full" : "io",
                  "The erasure cannot be noted beside the database: %s.", cause->message);

  return FALSE;
}
