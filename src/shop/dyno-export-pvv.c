/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-export-pvv.h"

#include <math.h>

#include "dyno-export-cell.h"

#define SCHEMA "org.dynoai.correction-pvv/1"
#define ERROR_DECIMALS 3
#define ADVICE "Fill them with no change (--fill neutral)."

typedef struct
{
  const char   *name;
  const char   *unit;
  const double *values; /* (borrowed) */
  int           decimals;
} Item;

static void
add_attribute (GString    *text,
               const char *tag,
               double      value,
               int         decimals)
{
  g_string_append_printf (text, "%s=\"", tag);
  dyno_export_add_number (text, value, decimals, '.');
  g_string_append (text, "\" />\n");
}

static void
add_columns (GString                *text,
             const DynoExportTables *tables)
{
  g_string_append (text, "    <Columns units=\"Kilopascals\">\n");
  for (guint i = 0; i < tables->n_map; i++)
    add_attribute (text, "      <Col label", tables->map_kpa[i], DYNO_EXPORT_FULL);
  g_string_append (text, "    </Columns>\n");
}

static void
add_row (GString                *text,
         const DynoExportTables *tables,
         const Item             *item,
         guint                   row)
{
  g_string_append (text, "      <Row label=\"");
  dyno_export_add_number (text, tables->rpm[row], DYNO_EXPORT_FULL, '.');
  g_string_append (text, "\">\n");
  for (guint i = 0; i < tables->n_map; i++)
    {
      double value = item->values[row * tables->n_map + i];

      add_attribute (text, "        <Cell value", isnan (value) ? 0 : value, item->decimals);
    }
  g_string_append (text, "      </Row>\n");
}

static void
add_item (GString                *text,
          const DynoExportTables *tables,
          const Item             *item)
{
  g_string_append_printf (text, "  <Item name=\"%s\" units=\"%s\">\n", item->name, item->unit);
  add_columns (text, tables);
  g_string_append (text, "    <Rows units=\"RPM\">\n");
  for (guint row = 0; row < tables->n_rpm; row++)
    add_row (text, tables, item, row);
  g_string_append (text, "    </Rows>\n  </Item>\n");
}

/* None of the words can hold the two dashes that end a comment. */
static void
add_comments (GString    *text,
              const char *run_id,
              const char *source_sha256,
              guint       n_filled)
{
  g_string_append (text, "  <!-- This is no tune: a fuel correction in percent, to be applied to the "
                         "table that the run was made with. Do not flash it. -->\n");
  g_string_append_printf (text, "  <!-- %s, DynoAI %s, run %s, source sha256 %s -->\n", SCHEMA,
                          DYNO_VERSION, run_id, source_sha256 != NULL ? source_sha256 : "none");
  if (n_filled > 0)
    g_string_append_printf (text, "  <!-- %u cells have no data: they are 0, no change, and count "
                            "0 samples. -->\n", n_filled);
}

static guint
count_holes (const DynoExportGrid *grid)
{
  guint n = 0;

  for (guint i = 0; i < grid->n_rpm * grid->n_columns; i++)
    n += isnan (grid->values[i]);

  return n;
}

GBytes *
dyno_export_pvv (const DynoExportTables *tables,
                 const char             *run_id,
                 const char             *source_sha256,
                 gboolean                fills_holes,
                 GError                **error)
{
  const DynoExportSide side = DYNO_EXPORT_COMBINED;
  DynoExportGrid grid;
  DynoExportGrid errors;
  GString *text;

  g_return_val_if_fail (dyno_export_tables_grid (tables, side, &grid), NULL);

  errors = grid;
  errors.values = tables->afr_error[side];
  if (!fills_holes
      && (!dyno_export_grid_is_whole (&grid, NULL, ADVICE, error)
          || !dyno_export_grid_is_whole (&errors, NULL, ADVICE, error)))
    return NULL;

  text = g_string_new ("<PVV>\n");
  add_comments (text, run_id, source_sha256, count_holes (&grid));
  add_item (text, tables, &(Item) { "VE Correction (DynoAI)", "%", grid.values, grid.decimals });
  add_item (text, tables, &(Item) { "AFR Error", "AFR", errors.values, ERROR_DECIMALS });
  add_item (text, tables, &(Item) { "Sample Count", "Samples", tables->hits[side], 0 });
  g_string_append (text, "</PVV>\n");

  return g_string_free_to_bytes (text);
}
