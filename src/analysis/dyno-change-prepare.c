/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-change-private.h"

#include <math.h>
#include <string.h>

#include "dyno-clamp.h"
#include "dyno-crypt.h"

/* From tables and corrections to a change; part of dyno-change.h. */

#define LEGACY "legacy-cli-1.2"
#define SAME_CELL 0.01
#define SAME_AXIS 0.01
#define EXTREME_PCT 25
#define EXTREME_HITS 3

static gboolean
same_axis (const DynoAxis *a,
           const DynoAxis *b)
{
  if (a->n != b->n)
    return FALSE;
  for (guint i = 0; i < a->n; i++)
    {
      if (!(fabs (a->at[i] - b->at[i]) <= SAME_AXIS))
        return FALSE;
    }

  return TRUE;
}

static gboolean
same_shape (const DynoGridShape *a,
            const DynoGridShape *b)
{
  return same_axis (&a->rpm, &b->rpm) && same_axis (&a->load, &b->load);
}

static gboolean
refuse_grid (const DynoGridShape *grid,
             const DynoTable     *table,
             const DynoGridShape *shape,
             gboolean             is_foreign,
             DynoAnalysisError  **error)
{
  gboolean same_size = grid->rpm.n == shape->rpm.n && grid->load.n == shape->load.n;

  dyno_analysis_error_set (error, DYNO_ANALYSIS_GRID_MISMATCH,
                           "The correction has %u × %u cells, the table “%s” has %u × %u%s; "
                           "nothing was written. %s",
                           grid->rpm.n, grid->load.n, table->name, shape->rpm.n, shape->load.n,
                           same_size ? " at other speeds or pressures" : "",
                           is_foreign ? "Ask for resampling, or make the correction on the axes "
                                        "of the table."
                                      : "Analyse the runs again on the axes of the table.");

  return FALSE;
}

/* One cell */

static const DynoOverride *
find_override (const DynoChangeOptions *options,
               const DynoChangeCell    *cell,
               DynoTableSide            side,
               DynoOverrideAction       action)
{
  for (guint i = 0; i < options->overrides->len; i++)
    {
      const DynoOverride *override = g_ptr_array_index (options->overrides, i);

      if (override->action == action && fabs (override->rpm - cell->rpm) <= SAME_CELL
          && fabs (override->load - cell->load) <= SAME_CELL
          && (override->side == DYNO_TABLE_BOTH || side == DYNO_TABLE_BOTH
              || override->side == side))
        return override;
    }

  return NULL;
}

static double
limit_of (const DynoChangeOptions *options,
          const DynoVeCell        *found)
{
  double limit = NAN;

  if (found->confidence < DYNO_CONFIDENCE_SKIP)
    limit = MIN (options->limits[found->confidence], options->clamp_pct);

  return isnan (found->limit) ? limit : MIN (limit, found->limit);
}

static void
take_reasons (DynoChangeCell   *cell,
              const DynoVeCell *found)
{
  if (found->reason == DYNO_CELL_FEW_HITS)
    cell->reasons |= DYNO_CHANGE_FEW_HITS;
  else if (found->reason == DYNO_CELL_SKIP
           || (!isnan (found->raw) && found->confidence == DYNO_CONFIDENCE_SKIP))
    cell->reasons |= DYNO_CHANGE_UNSURE;
  else if (isnan (found->limited))
    cell->reasons |= DYNO_CHANGE_NO_DATA;
  if (found->reason == DYNO_CELL_CLAMPED)
    cell->reasons |= DYNO_CHANGE_CLAMPED;
}

static void
judge_cell (DynoChangeCell          *cell,
            const DynoChangeOptions *options,
            DynoTableSide            side)
{
  gboolean is_extreme = fabs (cell->raw) > EXTREME_PCT
                        && (cell->hits < 0 || cell->hits >= EXTREME_HITS);

  if (find_override (options, cell, side, DYNO_OVERRIDE_SKIP) != NULL)
    {
      cell->reasons |= DYNO_CHANGE_SKIPPED;
      cell->limited = NAN;
    }
  else if (is_extreme && find_override (options, cell, side, DYNO_OVERRIDE_ALLOW) != NULL)
    cell->reasons |= DYNO_CHANGE_OVERRIDE;
  else if (is_extreme)
    cell->reasons |= DYNO_CHANGE_EXTREME;
  if (isnan (cell->before))
    cell->reasons |= DYNO_CHANGE_BLANK;
  else if (!isnan (cell->limited) && cell->limited != 0 && cell->before <= 0)
    cell->reasons |= DYNO_CHANGE_BAD_BASE;
}

static DynoChangeCell
make_cell (const DynoChangeTable   *table,
           const DynoCorrections   *corrections,
           const DynoVeCell        *found,
           const DynoChangeOptions *options,
           guint                    index)
{
  const DynoTable *base = table->base;
  double before = base->cells[index].value;
  gboolean is_clamped = FALSE;
  DynoChangeCell cell = { .cell = index,
                          .rpm = base->row_labels[index / base->n_columns],
                          .load = base->column_labels[index % base->n_columns],
                          .before = before,
                          .after = before,
                          .raw = found->raw,
                          .smoothed = found->smoothed,
                          .limit = limit_of (options, found),
                          .hits = corrections->is_foreign || corrections->is_resampled
                                    ? -1 : (gint64) found->hits,
                          .zone = found->zone,
                          .confidence = found->confidence };

  cell.limited = dyno_clamp (found->limited, cell.limit, &is_clamped);
  take_reasons (&cell, found);
  if (is_clamped)
    cell.reasons |= DYNO_CHANGE_CLAMPED;
  if (corrections->is_resampled && !isnan (cell.raw))
    cell.reasons |= DYNO_CHANGE_RESAMPLED;
  judge_cell (&cell, options, base->side);

  return cell;
}

/* Within the walls, but never against the correction: what stands beyond stays. */
static double
bound (DynoChangeTable *table,
       DynoChangeCell  *cell,
       DynoBounds       bounds,
       double           value)
{
  const DynoBoundsRow *row = dyno_bounds_row (bounds);
  DynoTableKind kind = table->base->kind;

  if (kind != DYNO_TABLE_VE_MAP && kind != DYNO_TABLE_VE_TPS)
    return value;
  if (value < MIN (row->floor, cell->before))
    table->n_floors++;
  else if (value > MAX (row->ceiling, cell->before))
    table->n_ceilings++;
  else
    return value;
  cell->reasons |= DYNO_CHANGE_VE_BOUND;

  return row->is_wall ? CLAMP (value, MIN (row->floor, cell->before),
                               MAX (row->ceiling, cell->before))
                      : value;
}

static void
change_cell (DynoChangeTable *table,
             DynoChangeCell  *cell,
             DynoBounds       bounds)
{
  const guint forbidden = DYNO_CHANGE_BLANK | DYNO_CHANGE_BAD_BASE | DYNO_CHANGE_EXTREME;
  double after;

  if (isnan (cell->limited) || (cell->reasons & forbidden) != 0)
    return;
  after = bound (table, cell, bounds, cell->before * (1 + cell->limited / 100));
  cell->is_changed = dyno_change_set_add (table->set, cell->cell, after, cell->limited,
                                          cell->limit);
  if (!cell->is_changed)
    {
      cell->reasons |= DYNO_CHANGE_SAME_TEXT;
      return;
    }
  cell->after = dyno_table_round (table->base, cell->cell, after);
  table->n_clamped += (cell->reasons & DYNO_CHANGE_CLAMPED) != 0;
  table->max_abs_delta_pct = MAX (table->max_abs_delta_pct,
                                  fabs (cell->after / cell->before - 1) * 100);
}

/* One table */

static void
list_padding (DynoChangeTable *table)
{
  const DynoTable *base = table->base;

  for (guint i = 0; i < table->set->edits->len; i++)
    {
      const DynoEdit *edit = &g_array_index (table->set->edits, DynoEdit, i);
      DynoChangeCell cell = { .cell = edit->cell, .raw = NAN, .smoothed = NAN, .hits = -1 };

      if (!edit->is_padding)
        continue;
      cell.rpm = base->row_labels[edit->cell / base->n_columns];
      cell.load = base->column_labels[edit->cell % base->n_columns];
      cell.before = base->cells[edit->cell].value;
      cell.after = dyno_table_read (base, edit->after);
      cell.limited = edit->delta_pct;
      cell.limit = edit->limit_pct;
      cell.zone = DYNO_ZONE_EDGE;
      cell.confidence = DYNO_CONFIDENCE_SKIP;
      cell.reasons = DYNO_CHANGE_PADDING;
      cell.is_changed = TRUE;
      g_array_append_val (table->cells, cell);
    }
}

/* The correction for a table; NULL where it has none. */
static const DynoVeCell *
choose_side (const DynoCorrections   *corrections,
             const DynoTable         *table,
             const DynoChangeOptions *options)
{
  DynoTableSide side = table->side != DYNO_TABLE_BOTH ? table->side : options->side;

  if (options->side != DYNO_TABLE_BOTH && side != options->side)
    return NULL;
  if (corrections->cells[side] != NULL)
    return corrections->cells[side];
  /* A grid that names no cylinder, for the one that was asked for, or for both. */
  if (corrections->is_foreign && (options->is_shared || options->side != DYNO_TABLE_BOTH))
    return corrections->cells[DYNO_TABLE_BOTH];

  return NULL;
}

static DynoChangeTable *
change_table (DynoTable               *base,
              const DynoCorrections   *corrections,
              const DynoChangeOptions *options)
{
  DynoChangeTable *table = g_new0 (DynoChangeTable, 1);
  const DynoVeCell *found = choose_side (corrections, base, options);
  guint n_columns = corrections->shape.load.n;

  table->base = dyno_table_ref (base);
  table->set = dyno_change_set_new (base);
  table->cells = g_array_new (FALSE, FALSE, sizeof (DynoChangeCell));
  for (guint i = 0; found != NULL && i < dyno_grid_shape_cells (&corrections->shape); i++)
    {
      DynoChangeCell cell = make_cell (table, corrections, &found[i], options,
                                       dyno_table_cell (base, i / n_columns, i % n_columns));

      change_cell (table, &cell, options->bounds);
      table->n_changed += cell.is_changed;
      g_array_append_val (table->cells, cell);
    }
  dyno_change_set_settle (table->set);
  list_padding (table);

  return table;
}

/* All of it */

static void
append_table (GString         *text,
              const DynoTable *table)
{
  g_autofree char *sum = dyno_table_bytes_sha256 (table);

  g_string_append_printf (text, "table\t%s\t%s\n", dyno_table_side_name (table->side), sum);
}

static void
append_number (GString    *text,
               const char *name,
               double      value)
{
  char number[G_ASCII_DTOSTR_BUF_SIZE];

  g_ascii_dtostr (number, sizeof number, value);
  g_string_append_printf (text, "%s\t%s\n", name, number);
}

static void
append_options (GString                 *text,
                const DynoChangeOptions *options)
{
  for (guint i = 0; i < DYNO_N_LIMITS; i++)
    append_number (text, "limit", options->limits[i]);
  append_number (text, "clamp", options->clamp_pct);
  g_string_append_printf (text, "bounds\t%s\nside\t%s\nshared\t%d\nresample\t%d\n",
                          dyno_bounds_name (options->bounds), dyno_table_side_name (options->side),
                          options->is_shared, options->resample);
  for (guint i = 0; i < options->overrides->len; i++)
    {
      const DynoOverride *override = g_ptr_array_index (options->overrides, i);

      append_number (text, "rpm", override->rpm);
      append_number (text, "load", override->load);
      g_string_append_printf (text, "override\t%d\t%s\t%s\n", override->action,
                              dyno_table_side_name (override->side), override->reason);
    }
}

/* Whoever applies can demand that it is still this. */
static char *
sum_preview (const DynoChange *self)
{
  g_autoptr(GString) text = g_string_new ("dynoai-preview-1\n");

  for (guint i = 0; i < self->n_tables; i++)
    append_table (text, self->tables[i]->base);
  g_string_append_printf (text, "fingerprint\t%s\nmath\t%s\n",
                          self->fingerprint != NULL ? self->fingerprint : "-",
                          self->math_version != NULL ? self->math_version : "-");
  append_options (text, self->options);

  return dyno_crypt_sha256_hex (text->str, text->len);
}

static gboolean
apply_all (DynoChange         *self,
           DynoAnalysisError **error)
{
  for (guint i = 0; i < self->n_tables; i++)
    {
      DynoChangeTable *table = self->tables[i];

      table->after = dyno_change_set_apply (table->set, table->base->bytes, error);
      if (table->after == NULL)
        return FALSE;
    }

  return TRUE;
}

static gboolean
may_use (DynoTable *const        *tables,
         guint                    n_tables,
         const DynoCorrections   *corrections,
         DynoAnalysisError      **error)
{
  if (g_strcmp0 (corrections->math_version, LEGACY) == 0)
    {
      dyno_analysis_error_set (error, DYNO_ANALYSIS_REFUSED,
                               "Results of %s are not for use: its corrections have the wrong "
                               "sign. Analyse the runs again.",
                               LEGACY);
      return FALSE;
    }
  for (guint i = 0; i < n_tables; i++)
    {
      if (!tables[i]->is_read_only)
        continue;
      dyno_analysis_error_set (error, DYNO_ANALYSIS_BAD_TABLE,
                               "The table “%s” holds texts that are no numbers: it is read only.",
                               tables[i]->name);
      return FALSE;
    }

  return TRUE;
}

/* The corrections on the axes of the tables, which must all be the same. */
static DynoCorrections *
fit (DynoTable *const        *tables,
     guint                    n_tables,
     const DynoCorrections   *corrections,
     const DynoChangeOptions *options,
     gboolean                *fits,
     DynoAnalysisError      **error)
{
  DynoGridShape first;

  for (guint i = 0; i < n_tables; i++)
    {
      DynoGridShape shape;

      *fits = dyno_table_shape (tables[i], &shape, error);
      if (!*fits)
        return NULL;
      if (i == 0)
        first = shape;
      else if (!same_shape (&first, &shape))
        {
          *fits = refuse_grid (&first, tables[i], &shape, FALSE, error);
          return NULL;
        }
    }
  if (n_tables == 0 || same_shape (&first, &corrections->shape))
    return NULL;
  if (corrections->is_foreign && options->resample)
    return dyno_corrections_resample (corrections, &first);
  *fits = refuse_grid (&corrections->shape, tables[0], &first, corrections->is_foreign, error);

  return NULL;
}

DynoChange *
dyno_change_prepare (DynoTable *const        *tables,
                     guint                    n_tables,
                     const DynoCorrections   *corrections,
                     const DynoChangeOptions *options,
                     DynoAnalysisError      **error)
{
  g_autoptr(DynoCorrections) resampled = NULL;
  g_autoptr(DynoChange) self = NULL;
  gboolean fits = TRUE;

  g_return_val_if_fail (n_tables <= DYNO_CHANGE_TABLES, NULL);

  if (!may_use (tables, n_tables, corrections, error))
    return NULL;
  resampled = fit (tables, n_tables, corrections, options, &fits, error);
  if (!fits)
    return NULL;

  self = g_new0 (DynoChange, 1);
  if (resampled != NULL)
    {
      self->origin = g_memdup2 (&corrections->shape, sizeof (DynoGridShape));
      corrections = resampled;
    }
  self->blocks = g_ptr_array_new ();
  self->warnings = dyno_notes_new ();
  self->options = dyno_change_options_copy (options);
  self->math_version = g_strdup (corrections->math_version);
  self->fingerprint = g_strdup (corrections->fingerprint);
  self->result_id = g_strdup (corrections->result_id);
  for (self->n_tables = 0; self->n_tables < n_tables; self->n_tables++)
    self->tables[self->n_tables] = change_table (tables[self->n_tables], corrections, options);
  dyno_change_judge (self, corrections);
  self->preview_sha256 = sum_preview (self);
  if (self->blocks->len == 0 && !apply_all (self, error))
    return NULL;

  return g_steal_pointer (&self);
}
