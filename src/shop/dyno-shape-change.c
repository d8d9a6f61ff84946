/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-shape-change.h"

#include "dyno-shape-private.h"

const DynoChangeRecord *
dyno_shape_change_find (GPtrArray  *changes,
                        const char *table_id)
{
  for (guint i = 0; i < changes->len; i++)
    {
      const DynoChangeRecord *change = g_ptr_array_index (changes, i);

      if (g_strcmp0 (change->table_id, table_id) == 0)
        return change;
    }

  return changes->len > 0 ? g_ptr_array_index (changes, 0) : NULL;
}

static void
write_table (DynoJsonWriter         *w,
             const DynoChangeRecord *change)
{
  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "table_id", change->table_id);
  dyno_json_writer_add_string (w, "change_id", change->id);
  dyno_json_writer_add_integer (w, "version", change->version_after);
  dyno_json_writer_add_integer (w, "cells_changed", change->cells_changed);
  dyno_json_writer_add_string (w, "sha256_before", change->sha256_before);
  dyno_json_writer_add_string (w, "sha256_after", change->sha256_after);
  dyno_json_writer_end_object (w);
}

static gint64
count_cells (GPtrArray *changes)
{
  gint64 n = 0;

  for (guint i = 0; i < changes->len; i++)
    n += ((const DynoChangeRecord *) g_ptr_array_index (changes, i))->cells_changed;

  return n;
}

static void
write_change (DynoJsonWriter *w,
              GPtrArray      *changes,
              const char     *table_id,
              const char     *sha256_before,
              const char     *sha256_after)
{
  const DynoChangeRecord *named = dyno_shape_change_find (changes, table_id);

  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "change_id", named->id);
  dyno_json_writer_add_string (w, "table_id", named->table_id);
  dyno_json_writer_add_integer (w, "version", named->version_after);
  dyno_json_writer_add_integer (w, "cells_changed", count_cells (changes));
  dyno_json_writer_add_string (w, "sha256_before", sha256_before);
  dyno_json_writer_add_string (w, "sha256_after", sha256_after);
  dyno_shape_add_time_ms (w, "applied_at", named->made_ms);
  dyno_json_writer_add_string (w, "applied_by", named->made_by);
  dyno_json_writer_name (w, "tables");
  dyno_json_writer_begin_array (w);
  for (guint i = 0; i < changes->len; i++)
    write_table (w, g_ptr_array_index (changes, i));
  dyno_json_writer_end_array (w);
  dyno_json_writer_end_object (w);
}

void
dyno_shape_change_applied (DynoJsonWriter        *w,
                           const DynoTuneApplied *applied)
{
  const DynoTunePreview *preview = applied->preview;

  g_return_if_fail (applied->changes->len > 0);

  write_change (w, applied->changes, preview->targets[preview->lead].table_id,
                preview->sha256_before, preview->sha256_after);
}

void
dyno_shape_change_restored (DynoJsonWriter         *w,
                            const DynoTuneRestored *restored,
                            const char             *table_id)
{
  g_return_if_fail (restored->changes->len > 0);

  write_change (w, restored->changes, table_id, restored->sha256_before, restored->sha256_after);
}
