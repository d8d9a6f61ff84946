/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-artefact-private.h"

#include <math.h>
#include <string.h>

/* What an analysis was made of, for its manifest (analysis.md 7.2). */

static int
compare_names (gconstpointer a,
               gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

static void
write_sorted_object (DynoJsonWriter *w,
                     const DynoJson *object)
{
  g_autoptr(GPtrArray) names = dyno_json_names (object);

  g_ptr_array_sort (names, compare_names);
  dyno_json_writer_begin_object (w);
  for (guint i = 0; i < names->len; i++)
    {
      dyno_json_writer_name (w, names->pdata[i]);
      dyno_manifest_write_sorted (w, dyno_json_member (object, names->pdata[i]));
    }
  dyno_json_writer_end_object (w);
}

void
dyno_manifest_write_sorted (DynoJsonWriter *w,
                            const DynoJson *value)
{
  switch (dyno_json_type (value))
    {
    case DYNO_JSON_OBJECT:
      write_sorted_object (w, value);
      break;
    case DYNO_JSON_ARRAY:
      dyno_json_writer_begin_array (w);
      for (guint i = 0; i < dyno_json_n_elements (value); i++)
        dyno_manifest_write_sorted (w, dyno_json_element (value, i));
      dyno_json_writer_end_array (w);
      break;
    case DYNO_JSON_NULL:
    case DYNO_JSON_BOOLEAN:
    case DYNO_JSON_NUMBER:
    case DYNO_JSON_STRING:
    default:
      dyno_json_writer_value (w, value);
      break;
    }
}

/* The list of the import's report; empty for what no import read. */
static void
write_assumptions (DynoJsonWriter *w,
                   const DynoJson *report)
{
  const DynoJson *all = dyno_json_member (report, "assumptions");

  dyno_json_writer_name (w, "assumptions");
  if (dyno_json_type (all) == DYNO_JSON_ARRAY)
    {
      dyno_manifest_write_sorted (w, all);
      return;
    }
  dyno_json_writer_begin_array (w);
  dyno_json_writer_end_array (w);
}

static void
write_input (DynoJsonWriter         *w,
             const DynoAnalyseInput *input)
{
  g_autoptr(DynoJson) report
    = input->report != NULL
        ? dyno_json_parse_limited (input->report, -1, &dyno_json_limits_own, NULL) : NULL;

  dyno_json_writer_begin_object (w);
  write_assumptions (w, report);
  dyno_json_writer_add_number (w, "bytes", input->bytes >= 0 ? (double) input->bytes : NAN);
  dyno_json_writer_add_string (w, "decimal", dyno_json_get_string (report, "decimal"));
  dyno_json_writer_add_string (w, "delimiter", dyno_json_get_string (report, "delimiter"));
  dyno_json_writer_add_string (w, "dialect", dyno_json_get_string (report, "dialect"));
  dyno_json_writer_add_string (w, "encoding", dyno_json_get_string (report, "encoding"));
  dyno_json_writer_add_string (w, "name", input->name);
  dyno_json_writer_add_string (w, "newline", dyno_json_get_string (report, "newline"));
  dyno_json_writer_add_string (w, "sha256", input->sha256);
  dyno_json_writer_end_object (w);
}

void
dyno_manifest_write_further_inputs (DynoJsonWriter *w,
                                    GPtrArray      *inputs)
{
  if (inputs->len == 1)
    return;
  dyno_json_writer_name (w, "further_inputs");
  dyno_json_writer_begin_array (w);
  for (guint i = 1; i < inputs->len; i++)
    write_input (w, g_ptr_array_index (inputs, i));
  dyno_json_writer_end_array (w);
}

void
dyno_manifest_write_input (DynoJsonWriter *w,
                           GPtrArray      *inputs)
{
  dyno_json_writer_name (w, "input");
  write_input (w, g_ptr_array_index (inputs, 0));
}

/* New readings of a column. */
static guint64
count_updates (const DynoSamples *samples,
               const DynoColumn  *column)
{
  gsize n = dyno_samples_n_rows (samples);
  g_autofree guint8 *updates = NULL;
  guint64 count = 0;

  if (dyno_samples_updates_always (samples, column))
    {
      for (gsize i = 0; i < n; i++)
        count += !dyno_column_is_missing (column, i);
      return count;
    }
  updates = dyno_samples_dup_updates (samples, column);
  for (gsize i = 0; i < n; i++)
    count += updates[i];

  return count;
}

void
dyno_manifest_write_channels (DynoJsonWriter    *w,
                              const DynoSamples *samples)
{
  dyno_json_writer_name (w, "channels");
  dyno_json_writer_begin_array (w);
  for (guint i = 0; i < dyno_samples_n_columns (samples); i++)
    {
      const DynoColumn *column = dyno_samples_column (samples, i);

      if (column->channel == DYNO_CHANNEL_NONE)
        continue;
      dyno_json_writer_begin_object (w);
      dyno_json_writer_add_string (w, "canonical", dyno_channel_info (column->channel)->name);
      dyno_json_writer_add_string (w, "column", column->name);
      dyno_json_writer_add_string (w, "unit", column->unit->symbol);
      dyno_json_writer_add_integer (w, "updates", (gint64) count_updates (samples, column));
      dyno_json_writer_end_object (w);
    }
  dyno_json_writer_end_array (w);
}
