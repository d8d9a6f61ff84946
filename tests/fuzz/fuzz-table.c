/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-change-metadata.h"
#include "dyno-change-set.h"

#include <math.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

/* A table from CSV: every other cell is raised, applied and undone; and the same bytes
 * as the description of a change. */
int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autoptr(GBytes) bytes = g_bytes_new (data, size);
  g_autoptr(DynoChangeMetadata) metadata = dyno_change_metadata_parse (bytes, NULL);
  g_autoptr(DynoTable) table = dyno_table_parse (bytes, NULL);
  g_autoptr(DynoChangeSet) set = NULL;
  g_autoptr(DynoTable) after = NULL;
  g_autoptr(GBytes) back = NULL;
  g_autofree char *sum = NULL;

  if (table == NULL)
    return 0;

  set = dyno_change_set_new (table);
  for (guint r = 0; r < table->axis_rows; r++)
    {
      for (guint c = r % 2; c < table->axis_columns; c += 2)
        {
          guint cell = dyno_table_cell (table, r, c);

          dyno_change_set_add (set, cell, table->cells[cell].value * 1.05, 5, NAN);
        }
    }
  dyno_change_set_settle (set);
  after = dyno_change_set_apply (set, bytes, NULL);
  if (after == NULL)
    return 0;
  sum = dyno_table_bytes_sha256 (after);
  back = dyno_change_undo (table->bytes, set->base_sha256, after->bytes, sum, NULL, NULL);
  g_assert_true (g_bytes_equal (back, bytes));

  return 0;
}
