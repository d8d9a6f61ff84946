/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-tune-text.h"

#include "dyno-listing.h"
#include "dyno-print.h"

#include <math.h>

#define LARGEST 8

/* As many digits as it has: tables are read beside those of another program. */
static char *
plain_number (double value)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  if (isnan (value))
    return g_strdup ("—");

  return g_strdup (g_ascii_formatd (text, sizeof text, "%.7g", value));
}

static void
append_listing (GString           *text,
                const DynoListing *listing)
{
  g_autofree char *lines = dyno_listing_format (listing, 0);

  g_string_append (text, lines);
}

/* A head of ">rpm" and the columns. */
static DynoListing *
new_grid (const double *columns,
          guint         n)
{
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func (g_free);

  g_ptr_array_add (names, g_strdup (">rpm"));
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *number = plain_number (columns[i]);

      g_ptr_array_add (names, g_strconcat (">", number, NULL));
    }
  g_ptr_array_add (names, NULL);

  return dyno_listing_new ((const char *const *) names->pdata);
}

static char *
signed_number (double value,
               int    decimals)
{
  g_autofree char *number = dyno_print_number (value, decimals);

  return g_strconcat (value > 0 ? "+" : "", number, NULL);
}

/* Preview */

static const DynoChangeCell *
cell_of (const DynoChangeTable *table,
         guint                  row,
         guint                  column)
{
  guint index = row * table->base->axis_columns + column;

  return index < table->cells->len ? &g_array_index (table->cells, DynoChangeCell, index) : NULL;
}

/* "90.2*": changed, and less than was asked for; "·": as it was. */
static char *
cell_text (const DynoChangeCell *cell)
{
  const guint marked = DYNO_CHANGE_EXTREME | DYNO_CHANGE_BAD_BASE;
  g_autofree char *number = NULL;

  if (cell == NULL || (!cell->is_changed && (cell->reasons & marked) == 0))
    return g_strdup ("· ");
  if ((cell->reasons & marked) != 0)
    return g_strdup ("! ");
  number = plain_number (cell->after);

  return g_strconcat (number, (cell->reasons & DYNO_CHANGE_CLAMPED) != 0    ? "*"
                              : (cell->reasons & DYNO_CHANGE_VE_BOUND) != 0 ? "b"
                                                                            : " ",
                      NULL);
}

static void
append_changes (GString               *text,
                const DynoChangeTable *table)
{
  const DynoTable *base = table->base;
  g_autoptr(DynoListing) listing = new_grid (base->column_labels, base->axis_columns);

  for (guint r = 0; r < base->axis_rows; r++)
    {
      dyno_listing_take (listing, dyno_print_number (base->row_labels[r], 0));
      for (guint c = 0; c < base->axis_columns; c++)
        dyno_listing_take (listing, cell_text (cell_of (table, r, c)));
    }
  append_listing (text, listing);
}

static gint
compare_size (gconstpointer a,
              gconstpointer b)
{
  const DynoChangeCell *one = *(const DynoChangeCell *const *) a;
  const DynoChangeCell *other = *(const DynoChangeCell *const *) b;
  double size = fabs (one->limited);
  double other_size = fabs (other->limited);

  if (size != other_size)
    return size > other_size ? -1 : 1;

  return (one->cell > other->cell) - (one->cell < other->cell);
}

static char *
reasons_text (guint reasons)
{
  g_autoptr(GString) text = g_string_new (NULL);

  for (guint i = 0; i < DYNO_N_CHANGE_REASONS; i++)
    {
      if ((reasons >> i & 1) != 0)
        g_string_append_printf (text, "%s%s", text->len > 0 ? ", " : "",
                                dyno_change_reason_name (i));
    }

  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
add_largest (DynoListing          *listing,
             const DynoChangeCell *cell)
{
  dyno_listing_take (listing, dyno_print_number (cell->rpm, 0));
  dyno_listing_take (listing, plain_number (cell->load));
  dyno_listing_take (listing, plain_number (cell->before));
  dyno_listing_take (listing, plain_number (cell->after));
  dyno_listing_take (listing, signed_number (cell->limited, 2));
  dyno_listing_take (listing, signed_number (cell->raw, 2));
  if (cell->hits >= 0)
    dyno_listing_add_f (listing, "%" G_GINT64_FORMAT, cell->hits);
  else
    dyno_listing_add (listing, NULL);
  dyno_listing_add (listing, cell->hits >= 0 ? dyno_confidence_name (cell->confidence) : NULL);
  dyno_listing_add (listing, dyno_zone_name (cell->zone));
  dyno_listing_take (listing, reasons_text (cell->reasons));
}

static void
append_largest (GString               *text,
                const DynoChangeTable *table)
{
  static const char *const columns[] = { ">rpm", ">kPa",       ">before", ">after",  ">%",
                                         ">found %", ">hits", "confidence", "zone", "why", NULL };
  g_autoptr(GPtrArray) cells = g_ptr_array_new ();
  g_autoptr(DynoListing) listing = dyno_listing_new (columns);

  for (guint i = 0; i < table->cells->len; i++)
    {
      const DynoChangeCell *cell = &g_array_index (table->cells, DynoChangeCell, i);

      if (cell->is_changed && (cell->reasons & DYNO_CHANGE_PADDING) == 0)
        g_ptr_array_add (cells, (gpointer) cell);
    }
  g_ptr_array_sort (cells, compare_size);
  for (guint i = 0; i < MIN (cells->len, LARGEST); i++)
    add_largest (listing, cells->pdata[i]);
  if (cells->len == 0)
    return;
  g_string_append (text, "\nLargest changes\n");
  append_listing (text, listing);
}

static void
append_table (GString               *text,
              const DynoChangeTable *table,
              const DynoTuneTarget  *target)
{
  g_autofree char *name = dyno_print_clean (table->base->name);
  guint n_padding = table->set->edits->len - table->n_changed;

  g_string_append_printf (text, "%s", name);
  if (target->version > 0)
    g_string_append_printf (text, ", version %d", target->version);
  g_string_append_printf (text, ": %u cells change, %u of them held back by their limit",
                          table->n_changed, table->n_clamped);
  if (n_padding > 0)
    g_string_append_printf (text, "; %u cells of padding follow", n_padding);
  g_string_append (text, "\n");
  if (table->n_changed == 0 && table->set->edits->len == 0)
    return;
  append_changes (text, table);
  append_largest (text, table);
  g_string_append_c (text, '\n');
}

static void
append_block (GString               *text,
              const DynoChangeBlock *block)
{
  g_string_append_printf (text, "BLOCKED  %s: %s\n", block->code, block->text);
  for (guint i = 0; i < block->cells->len; i++)
    {
      const DynoChangeCell *cell = &g_array_index (block->cells, DynoChangeCell, i);
      g_autofree char *load = plain_number (cell->load);
      g_autofree char *before = plain_number (cell->before);
      g_autofree char *raw = signed_number (cell->raw, 1);

      g_string_append_printf (text, "         %.0f, %s: %s, found %s %%\n", cell->rpm, load, before,
                              raw);
    }
  if (block->n_cells > block->cells->len)
    g_string_append_printf (text, "         and %u more\n", block->n_cells - block->cells->len);
}

char *
dyno_tune_text_preview (const DynoTunePreview *preview)
{
  const DynoChange *change = preview->change;
  g_autofree char *mapping = dyno_tune_text_mapping (change);
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < change->n_tables; i++)
    append_table (text, change->tables[i], &preview->targets[i]);
  g_string_append (text,
                   "· as it was   * held back by its limit   b at a bound of VE   ! blocked\n");
  g_string_append (text, mapping);
  for (guint i = 0; i < change->blocks->len; i++)
    append_block (text, change->blocks->pdata[i]);
  for (guint i = 0; i < change->warnings->len; i++)
    {
      const DynoNote *note = g_ptr_array_index (change->warnings, i);

      g_string_append_printf (text, "Warning  %s: %s\n", note->code, note->text);
    }

  return g_string_free (text, FALSE);
}

/* Tables */

char *
dyno_tune_text_table (const DynoTable *table)
{
  g_autoptr(DynoListing) listing = new_grid (table->column_labels, table->n_columns);
  GString *text = g_string_new (NULL);

  for (guint r = 0; r < table->n_rows; r++)
    {
      dyno_listing_take (listing, plain_number (table->row_labels[r]));
      for (guint c = 0; c < table->n_columns; c++)
        dyno_listing_take (listing, dyno_table_text (table, dyno_table_cell (table, r, c)));
    }
  append_listing (text, listing);

  return g_string_free (text, FALSE);
}

char *
dyno_tune_text_list (GPtrArray *records)
{
  static const char *const columns[] = { "table", "kind", "cylinder", ">version", "tune", "name",
                                         NULL };
  g_autoptr(DynoListing) listing = dyno_listing_new (columns);

  for (guint i = 0; i < records->len; i++)
    {
      const DynoTableRecord *record = g_ptr_array_index (records, i);

      dyno_listing_add (listing, record->id);
      dyno_listing_add (listing, record->kind);
      dyno_listing_add (listing, record->cylinder);
      dyno_listing_add_f (listing, "%d", record->version);
      dyno_listing_add (listing, record->tune_id);
      dyno_listing_take (listing, dyno_print_clean (record->name));
    }

  return dyno_listing_format (listing, 0);
}

char *
dyno_tune_text_history (GPtrArray *changes)
{
  static const char *const columns[] = { ">version", "when", "what", ">cells", "by", "change",
                                         "undoes", "comment", NULL };
  g_autoptr(DynoListing) listing = dyno_listing_new (columns);

  for (guint i = 0; i < changes->len; i++)
    {
      const DynoChangeRecord *change = g_ptr_array_index (changes, i);

      dyno_listing_add_f (listing, "%d", change->version_after);
      dyno_listing_take (listing, dyno_print_time (change->made_ms));
      dyno_listing_add (listing, dyno_change_record_kind_name (change->kind));
      dyno_listing_add_f (listing, "%d", change->cells_changed);
      dyno_listing_take (listing, dyno_print_clean (change->made_by));
      dyno_listing_add (listing, change->id);
      dyno_listing_add (listing, change->undoes);
      dyno_listing_take (listing, dyno_print_clean (change->comment));
    }

  return dyno_listing_format (listing, 0);
}

char *
dyno_tune_text_diff (const DynoDiff *diff)
{
  static const char *const columns[] = { ">rpm", ">kPa", ">from", ">to", ">change", NULL };
  g_autoptr(DynoListing) listing = dyno_listing_new (columns);
  g_autofree char *mean = signed_number (diff->mean, 3);
  g_autofree char *min = signed_number (diff->min, 3);
  g_autofree char *max = signed_number (diff->max, 3);
  GString *text = g_string_new (NULL);

  if (diff->changed->len == 0)
    {
      g_string_append (text, "No cell is different.\n");
      return g_string_free (text, FALSE);
    }
  g_string_append_printf (text, "%u cells are different: mean %s, from %s to %s\n",
                          diff->changed->len, mean, min, max);
  for (guint i = 0; i < diff->top->len; i++)
    {
      const DynoDiffCell *cell = &g_array_index (diff->top, DynoDiffCell, i);

      dyno_listing_take (listing, plain_number (cell->rpm));
      dyno_listing_take (listing, plain_number (cell->load));
      dyno_listing_take (listing, plain_number (cell->from));
      dyno_listing_take (listing, plain_number (cell->to));
      dyno_listing_take (listing, signed_number (cell->delta, 4));
    }
  append_listing (text, listing);

  return g_string_free (text, FALSE);
}

char *
dyno_tune_text_merged (const DynoTuneMerged *merged)
{
  static const char *const columns[] = { "table", ">rpm", ">kPa", ">base", ">ours", ">theirs",
                                         NULL };
  g_autoptr(DynoListing) listing = dyno_listing_new (columns);
  GString *text = g_string_new (NULL);

  if (merged->conflicts->len == 0)
    {
      g_string_append_printf (text, "Merged: %u cells changed.\n", merged->n_changed);
      return g_string_free (text, FALSE);
    }
  g_string_append_printf (text, "%u cells were changed on both sides; nothing was written. Choose "
                                "with --prefer ours or --prefer theirs.\n",
                          merged->conflicts->len);
  for (guint i = 0; i < merged->conflicts->len; i++)
    {
      const DynoPvvConflict *conflict = &g_array_index (merged->conflicts, DynoPvvConflict, i);

      dyno_listing_take (listing, dyno_print_clean (conflict->item));
      dyno_listing_take (listing, plain_number (conflict->cell.rpm));
      dyno_listing_take (listing, plain_number (conflict->cell.load));
      dyno_listing_take (listing, plain_number (conflict->cell.base));
      dyno_listing_take (listing, plain_number (conflict->cell.ours));
      dyno_listing_take (listing, plain_number (conflict->cell.theirs));
    }
  append_listing (text, listing);

  return g_string_free (text, FALSE);
}
