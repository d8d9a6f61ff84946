/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-shape-tune.h"

#include <math.h>

#include "dyno-shape-private.h"

#define DECIMALS 6 /* what libm may differ in between two processors lies behind these */

static void
write_numbers (DynoJsonWriter *w,
               const char     *name,
               const double   *values,
               guint           n)
{
  dyno_json_writer_name (w, name);
  dyno_json_writer_begin_array (w);
  for (guint i = 0; i < n; i++)
    dyno_json_writer_number (w, values[i]);
  dyno_json_writer_end_array (w);
}

/* Tables */

static void
write_record (DynoJsonWriter        *w,
              const DynoTableRecord *record,
              const char            *vehicle)
{
  dyno_json_writer_add_string (w, "id", record->id);
  dyno_json_writer_add_string (w, "name", record->name);
  dyno_json_writer_add_string (w, "kind", record->kind);
  dyno_shape_add_text (w, "cylinder", record->cylinder);
  dyno_shape_add_text (w, "vehicle", vehicle);
  dyno_json_writer_add_string (w, "vehicle_id", record->vehicle_id);
  dyno_json_writer_add_string (w, "tune_id", record->tune_id);
  dyno_json_writer_add_integer (w, "version", record->version);
  dyno_json_writer_add_string (w, "sha256", record->bytes_sha256);
  dyno_json_writer_add_string (w, "content_sha256", record->content_sha256);
  dyno_shape_add_time_ms (w, "created_at", record->created_ms);
}

void
dyno_shape_tune_table (DynoJsonWriter        *w,
                       const DynoTableRecord *record,
                       const char            *vehicle)
{
  dyno_json_writer_begin_object (w);
  write_record (w, record, vehicle);
  dyno_json_writer_end_object (w);
}

static void
write_file_table (DynoJsonWriter  *w,
                  const DynoTable *table)
{
  g_autofree char *sum = dyno_table_bytes_sha256 (table);

  dyno_json_writer_add_string (w, "id", NULL);
  dyno_json_writer_add_string (w, "name", table->name);
  dyno_json_writer_add_string (w, "kind", dyno_table_kind_name (table->kind));
  dyno_shape_add_text (w, "cylinder", dyno_table_side_name (table->side));
  dyno_json_writer_add_string (w, "sha256", sum);
}

void
dyno_shape_tune_cells (DynoJsonWriter      *w,
                       const DynoTuneTable *found,
                       const char          *vehicle)
{
  const DynoTable *table = found->table;

  dyno_json_writer_begin_object (w);
  if (found->record != NULL)
    write_record (w, found->record, vehicle);
  else
    write_file_table (w, table);
  dyno_shape_add_text (w, "unit", table->unit);
  dyno_json_writer_name (w, "axes");
  dyno_json_writer_begin_object (w);
  write_numbers (w, "rpm", table->row_labels, table->n_rows);
  write_numbers (w, "map_kpa", table->column_labels, table->n_columns);
  dyno_json_writer_end_object (w);
  dyno_json_writer_name (w, "cells");
  dyno_json_writer_begin_array (w);
  for (guint r = 0; r < table->n_rows; r++)
    {
      dyno_json_writer_begin_array (w);
      for (guint c = 0; c < table->n_columns; c++)
        dyno_json_writer_number (w, table->cells[dyno_table_cell (table, r, c)].value);
      dyno_json_writer_end_array (w);
    }
  dyno_json_writer_end_array (w);
  dyno_json_writer_add_boolean (w, "read_only", table->is_read_only);
  dyno_json_writer_end_object (w);
}

/* Previews */

static void
write_reasons (DynoJsonWriter *w,
               guint           reasons)
{
  dyno_json_writer_name (w, "reasons");
  dyno_json_writer_begin_array (w);
  for (guint i = 0; i < DYNO_N_CHANGE_REASONS; i++)
    {
      if ((reasons >> i & 1) != 0)
        dyno_json_writer_string (w, dyno_change_reason_name (i));
    }
  dyno_json_writer_end_array (w);
}

static void
write_place (DynoJsonWriter *w,
             double          rpm,
             double          load)
{
  dyno_json_writer_add_number (w, "rpm", rpm);
  dyno_json_writer_add_number (w, "map_kpa", load);
}

/* Where the value of a resampled cell comes from (analysis.md 5.2). */
static void
write_shares (DynoJsonWriter       *w,
              const DynoChange     *change,
              const DynoChangeCell *cell)
{
  DynoGridShare shares[DYNO_GRID_SHARES];
  guint n = dyno_change_cell_shares (change, cell, shares);

  if (n == 0)
    return;
  dyno_json_writer_name (w, "from");
  dyno_json_writer_begin_array (w);
  for (guint i = 0; i < n; i++)
    {
      const DynoGridShape *origin = change->origin;

      dyno_json_writer_begin_object (w);
      write_place (w, origin->rpm.at[shares[i].cell / origin->load.n],
                   origin->load.at[shares[i].cell % origin->load.n]);
      dyno_json_writer_add_rounded (w, "weight", shares[i].weight, DECIMALS);
      dyno_json_writer_end_object (w);
    }
  dyno_json_writer_end_array (w);
}

/* Of a file of percents zone is known, but not how sure its numbers are. */
static void
write_cell (DynoJsonWriter       *w,
            const DynoChange     *change,
            const DynoChangeCell *cell,
            DynoTableSide         side)
{
  gboolean is_sure = cell->hits >= 0 || (cell->reasons & DYNO_CHANGE_RESAMPLED) != 0;

  dyno_json_writer_begin_object (w);
  write_place (w, cell->rpm, cell->load);
  dyno_shape_add_text (w, "cylinder", dyno_table_side_name (side));
  dyno_json_writer_add_number (w, "before", cell->before);
  dyno_json_writer_add_number (w, "after", cell->after);
  dyno_json_writer_add_rounded (w, "delta_pct", cell->limited, DECIMALS);
  dyno_json_writer_add_rounded (w, "raw_pct", cell->raw, DECIMALS);
  dyno_json_writer_add_rounded (w, "smoothed_pct", cell->smoothed, DECIMALS);
  dyno_json_writer_add_rounded (w, "limit_pct", cell->limit, DECIMALS);
  dyno_json_writer_name (w, "hits");
  if (cell->hits >= 0)
    dyno_json_writer_integer (w, cell->hits);
  else
    dyno_json_writer_null (w);
  dyno_json_writer_add_string (w, "zone", dyno_zone_name (cell->zone));
  dyno_json_writer_add_string (w, "confidence",
                               is_sure ? dyno_confidence_name (cell->confidence) : NULL);
  dyno_json_writer_add_boolean (w, "changed", cell->is_changed);
  write_reasons (w, cell->reasons);
  write_shares (w, change, cell);
  dyno_json_writer_end_object (w);
}

static gboolean
is_reached (const DynoChangeCell *cell)
{
  return cell->is_changed || cell->hits > 0 || !isnan (cell->raw) || !isnan (cell->limited);
}

static void
write_cells (DynoJsonWriter   *w,
             const DynoChange *change)
{
  dyno_json_writer_name (w, "cells");
  dyno_json_writer_begin_array (w);
  for (guint t = 0; t < change->n_tables; t++)
    {
      const GArray *cells = change->tables[t]->cells;

      for (guint i = 0; i < cells->len; i++)
        {
          const DynoChangeCell *cell = &g_array_index (cells, DynoChangeCell, i);

          if (is_reached (cell))
            write_cell (w, change, cell, change->tables[t]->base->side);
        }
    }
  dyno_json_writer_end_array (w);
}

static void
write_block (DynoJsonWriter        *w,
             const DynoChangeBlock *block)
{
  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "code", block->code);
  dyno_json_writer_add_string (w, "text", block->text);
  dyno_shape_add_text (w, "cylinder", dyno_table_side_name (block->side));
  dyno_json_writer_add_integer (w, "count", block->n_cells);
  dyno_json_writer_name (w, "cells");
  dyno_json_writer_begin_array (w);
  for (guint i = 0; i < block->cells->len; i++)
    {
      const DynoChangeCell *cell = &g_array_index (block->cells, DynoChangeCell, i);

      dyno_json_writer_begin_object (w);
      write_place (w, cell->rpm, cell->load);
      dyno_json_writer_add_number (w, "before", cell->before);
      dyno_json_writer_add_rounded (w, "raw_pct", cell->raw, DECIMALS);
      dyno_json_writer_end_object (w);
    }
  dyno_json_writer_end_array (w);
  dyno_json_writer_end_object (w);
}

static void
write_judgement (DynoJsonWriter   *w,
                 const DynoChange *change)
{
  dyno_json_writer_name (w, "blocked");
  dyno_json_writer_begin_array (w);
  for (guint i = 0; i < change->blocks->len; i++)
    write_block (w, change->blocks->pdata[i]);
  dyno_json_writer_end_array (w);
  dyno_json_writer_name (w, "warnings");
  dyno_json_writer_begin_array (w);
  for (guint i = 0; i < change->warnings->len; i++)
    {
      const DynoNote *note = g_ptr_array_index (change->warnings, i);

      dyno_json_writer_begin_object (w);
      dyno_json_writer_add_string (w, "code", note->code);
      dyno_json_writer_add_string (w, "text", note->text);
      dyno_json_writer_end_object (w);
    }
  dyno_json_writer_end_array (w);
}

static void
write_target (DynoJsonWriter        *w,
              const DynoChangeTable *table,
              const DynoTuneTarget  *target)
{
  g_autofree char *before = dyno_table_bytes_sha256 (table->base);
  g_autofree char *after = table->after != NULL ? dyno_table_bytes_sha256 (table->after) : NULL;

  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "table_id", target->table_id);
  dyno_json_writer_add_string (w, "name", table->base->name);
  dyno_shape_add_text (w, "cylinder", dyno_table_side_name (table->base->side));
  dyno_json_writer_add_integer (w, "base_version", target->version);
  dyno_json_writer_add_string (w, "sha256_before", before);
  dyno_json_writer_add_string (w, "sha256_after", after);
  dyno_json_writer_add_integer (w, "cells_changed", table->n_changed);
  dyno_json_writer_add_integer (w, "cells_clamped", table->n_clamped);
  dyno_json_writer_end_object (w);
}

static void
write_preview (DynoJsonWriter        *w,
               const DynoTunePreview *preview)
{
  const DynoChange *change = preview->change;

  dyno_json_writer_add_string (w, "table_id", preview->targets[preview->lead].table_id);
  dyno_json_writer_add_integer (w, "base_version", preview->targets[preview->lead].version);
  dyno_json_writer_add_string (w, "sha256_before", preview->sha256_before);
  dyno_json_writer_add_string (w, "sha256_after", preview->sha256_after);
  dyno_json_writer_add_string (w, "preview_sha256", change->preview_sha256);
  dyno_json_writer_add_string (w, "analysis_id", change->result_id);
  dyno_json_writer_add_string (w, "fingerprint", change->fingerprint);
  dyno_json_writer_add_string (w, "math_version", change->math_version);
  dyno_json_writer_add_integer (w, "cells_changed", dyno_change_n_changed (change));
  dyno_json_writer_add_integer (w, "cells_clamped", dyno_change_n_clamped (change));
  dyno_json_writer_add_rounded (w, "max_abs_delta_pct", dyno_change_max_delta_pct (change),
                                DECIMALS);
  dyno_json_writer_name (w, "tables");
  dyno_json_writer_begin_array (w);
  for (guint i = 0; i < change->n_tables; i++)
    write_target (w, change->tables[i], &preview->targets[i]);
  dyno_json_writer_end_array (w);
  write_cells (w, change);
  write_judgement (w, change);
}

void
dyno_shape_tune_preview (DynoJsonWriter        *w,
                         const DynoTunePreview *preview)
{
  dyno_json_writer_begin_object (w);
  write_preview (w, preview);
  dyno_json_writer_end_object (w);
}

/* What was done */

static void
write_changes (DynoJsonWriter *w,
               GPtrArray      *changes)
{
  dyno_json_writer_name (w, "changes");
  dyno_json_writer_begin_array (w);
  for (guint i = 0; i < changes->len; i++)
    dyno_shape_tune_change (w, changes->pdata[i]);
  dyno_json_writer_end_array (w);
}

void
dyno_shape_tune_applied (DynoJsonWriter        *w,
                         const DynoTuneApplied *applied)
{
  const DynoChangeRecord *first = applied->changes->len > 0 ? applied->changes->pdata[0] : NULL;

  dyno_json_writer_begin_object (w);
  write_preview (w, applied->preview);
  dyno_json_writer_add_string (w, "change_id", first != NULL ? first->id : NULL);
  dyno_json_writer_name (w, "version");
  if (first != NULL)
    dyno_json_writer_integer (w, first->version_after);
  else
    dyno_json_writer_null (w);
  dyno_shape_add_time_ms (w, "applied_at", first != NULL ? first->made_ms : applied->made_ms);
  dyno_json_writer_add_string (w, "applied_by", first != NULL ? first->made_by : NULL);
  write_changes (w, applied->changes);
  dyno_json_writer_name (w, "files");
  dyno_json_writer_begin_array (w);
  for (guint i = 0; i < applied->files->len; i += 2)
    dyno_json_writer_string (w, applied->files->pdata[i]);
  dyno_json_writer_end_array (w);
  dyno_json_writer_add_string (w, "metadata",
                               applied->files->len > 1 ? applied->files->pdata[1] : NULL);
  dyno_json_writer_end_object (w);
}

void
dyno_shape_tune_restored (DynoJsonWriter         *w,
                          const DynoTuneRestored *restored)
{
  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "sha256_before", restored->sha256_before);
  dyno_json_writer_add_string (w, "sha256_after", restored->sha256_after);
  dyno_json_writer_add_string (w, "restored", restored->restored);
  write_changes (w, restored->changes);
  dyno_json_writer_end_object (w);
}

static void
write_conflict (DynoJsonWriter        *w,
                const DynoPvvConflict *conflict)
{
  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "table", conflict->item);
  dyno_json_writer_add_integer (w, "occurrence", conflict->occurrence);
  write_place (w, conflict->cell.rpm, conflict->cell.load);
  dyno_json_writer_add_number (w, "base", conflict->cell.base);
  dyno_json_writer_add_number (w, "ours", conflict->cell.ours);
  dyno_json_writer_add_number (w, "theirs", conflict->cell.theirs);
  dyno_json_writer_end_object (w);
}

void
dyno_shape_tune_merged (DynoJsonWriter       *w,
                        const DynoTuneMerged *merged)
{
  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_integer (w, "cells_changed", merged->n_changed);
  dyno_json_writer_name (w, "conflicts");
  dyno_json_writer_begin_array (w);
  for (guint i = 0; i < merged->conflicts->len; i++)
    write_conflict (w, &g_array_index (merged->conflicts, DynoPvvConflict, i));
  dyno_json_writer_end_array (w);
  dyno_json_writer_add_string (w, "sha256_after", merged->sha256_after);
  dyno_json_writer_name (w, "version");
  if (merged->change != NULL)
    dyno_json_writer_integer (w, merged->change->version_after);
  else
    dyno_json_writer_null (w);
  dyno_json_writer_add_string (w, "change_id", merged->change != NULL ? merged->change->id : NULL);
  dyno_json_writer_end_object (w);
}

void
dyno_shape_tune_change (DynoJsonWriter         *w,
                        const DynoChangeRecord *change)
{
  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "id", change->id);
  dyno_json_writer_add_integer (w, "seq", change->seq);
  dyno_json_writer_add_string (w, "table_id", change->table_id);
  dyno_json_writer_add_string (w, "kind", dyno_change_record_kind_name (change->kind));
  dyno_shape_add_time_ms (w, "at", change->made_ms);
  dyno_shape_add_text (w, "by", change->made_by);
  dyno_json_writer_add_string (w, "analysis_id", change->analysis_id);
  dyno_json_writer_add_string (w, "undoes", change->undoes);
  dyno_json_writer_add_integer (w, "version_before", change->version_before);
  dyno_json_writer_add_integer (w, "version_after", change->version_after);
  dyno_json_writer_add_string (w, "sha256_before", change->sha256_before);
  dyno_json_writer_add_string (w, "sha256_after", change->sha256_after);
  dyno_json_writer_add_integer (w, "cells_changed", change->cells_changed);
  dyno_shape_add_text (w, "comment", change->comment);
  dyno_json_writer_end_object (w);
}

void
dyno_shape_tune_diff (DynoJsonWriter *w,
                      const DynoDiff *diff)
{
  dyno_json_writer_begin_object (w);
  write_numbers (w, "rpm", diff->row_labels, diff->n_rows);
  write_numbers (w, "map_kpa", diff->column_labels, diff->n_columns);
  dyno_json_writer_name (w, "delta");
  dyno_json_writer_begin_array (w);
  for (guint r = 0; r < diff->n_rows; r++)
    {
      dyno_json_writer_begin_array (w);
      for (guint c = 0; c < diff->n_columns; c++)
        dyno_json_writer_rounded (w, diff->delta[r * diff->n_columns + c], DECIMALS);
      dyno_json_writer_end_array (w);
    }
  dyno_json_writer_end_array (w);
  dyno_json_writer_add_integer (w, "changed", diff->changed->len);
  dyno_json_writer_add_rounded (w, "mean", diff->mean, DECIMALS);
  dyno_json_writer_add_rounded (w, "min", diff->min, DECIMALS);
  dyno_json_writer_add_rounded (w, "max", diff->max, DECIMALS);
  dyno_json_writer_name (w, "top");
  dyno_json_writer_begin_array (w);
  for (guint i = 0; i < diff->top->len; i++)
    {
      const DynoDiffCell *cell = &g_array_index (diff->top, DynoDiffCell, i);

      dyno_json_writer_begin_object (w);
      write_place (w, cell->rpm, cell->load);
      dyno_json_writer_add_number (w, "from", cell->from);
      dyno_json_writer_add_number (w, "to", cell->to);
      dyno_json_writer_add_rounded (w, "delta", cell->delta, DECIMALS);
      dyno_json_writer_end_object (w);
    }
  dyno_json_writer_end_array (w);
  dyno_json_writer_end_object (w);
}
