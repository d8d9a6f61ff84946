/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-artefact-private.h"

#include <math.h>

#include "dyno-change.h"
#include "dyno-export-grid.h"

/* The base table as the correction makes it: the numbers of a preview, so that what is
 * pasted is what would be applied. Cells that a preview blocks or that have no data keep
 * the number of the base. Part of dyno-artefact.h. */

#define PASTE_DECIMALS 1 /* of VE, formats.md C.4 */

typedef struct
{
  const double *after;
  int           decimals;
} Updated;

static gboolean
write_after (GString       *text,
             gconstpointer  data,
             guint          cell)
{
  const Updated *updated = data;

  dyno_artefact_append_number (text, updated->after[cell], updated->decimals);

  return !isnan (updated->after[cell]);
}

/* Values only, for a clipboard. Left out while a cell has neither data nor base. */
static void
add_paste (GPtrArray           *artefacts,
           const DynoGridShape *shape,
           const double        *after,
           const char          *side)
{
  DynoExportGrid grid = { .rpm = shape->rpm.at, .n_rpm = shape->rpm.n, .columns = shape->load.at,
                          .n_columns = shape->load.n, .values = after,
                          .decimals = PASTE_DECIMALS };
  char *text = dyno_export_grid_paste (&grid, NULL, FALSE, NULL);

  if (text == NULL)
    return;
  g_ptr_array_add (artefacts, dyno_artefact_new (g_strdup_printf ("paste_ve_%s.txt", side), "text",
                                                 grid.n_rpm, grid.n_columns, g_string_new (text)));
  g_free (text);
}

static void
add_table (GPtrArray             *artefacts,
           const DynoGridShape   *shape,
           const DynoChangeTable *table)
{
  guint n = dyno_grid_shape_cells (shape);
  g_autofree double *after = g_new (double, n);
  const char *side = dyno_table_side_name (table->base->side);
  Updated updated = { after, (int) table->base->decimals };

  if (table->cells->len < n) /* of a cylinder without sensor */
    return;
  for (guint i = 0; i < n; i++)
    after[i] = g_array_index (table->cells, DynoChangeCell, i).after;
  dyno_artefacts_add_grid (artefacts, g_strdup_printf ("ve_updated_%s.csv", side), "RPM", shape,
                           write_after, &updated);
  add_paste (artefacts, shape, after, side);
}

/* A table of both cylinders stands for each of them. */
static guint
part_sides (DynoTable *const  bases[DYNO_VE_CYLINDERS],
            DynoTable        *tables[DYNO_VE_CYLINDERS])
{
  guint n = 0;

  if (bases[1] == NULL && bases[0]->side == DYNO_TABLE_BOTH)
    {
      tables[n++] = dyno_table_rename (bases[0], NULL, bases[0]->kind, DYNO_TABLE_FRONT);
      tables[n++] = dyno_table_rename (bases[0], NULL, bases[0]->kind, DYNO_TABLE_REAR);
      return n;
    }
  for (guint i = 0; i < DYNO_VE_CYLINDERS && bases[i] != NULL; i++)
    tables[n++] = dyno_table_ref (bases[i]);

  return n;
}

void
dyno_artefacts_add_updated (GPtrArray          *artefacts,
                            const DynoVeResult *result,
                            DynoTable *const    bases[DYNO_VE_CYLINDERS])
{
  g_autoptr(DynoCorrections) corrections
    = dyno_corrections_from_result (result, NULL, NULL, NULL);
  g_autoptr(DynoChangeOptions) options = dyno_change_options_new ();
  g_autoptr(DynoChange) change = NULL;
  DynoTable *tables[DYNO_VE_CYLINDERS] = { NULL };
  guint n = part_sides (bases, tables);

  change = dyno_change_prepare (tables, n, corrections, options, NULL);
  for (guint i = 0; change != NULL && i < n; i++)
    add_table (artefacts, &result->set->shape, change->tables[i]);
  for (guint i = 0; i < n; i++)
    dyno_table_unref (tables[i]);
}
