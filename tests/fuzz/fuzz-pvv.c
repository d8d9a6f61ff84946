/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-error.h"
#include "dyno-pvv-merge.h"
#include "dyno-pvv.h"

#include <math.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

/* Every span lies in its item, and each item can be read alone. */
static void
check_item (const DynoPvvItem *item)
{
  gsize size = g_bytes_get_size (item->table->bytes);
  gsize done = 0;
  g_autoptr(DynoTable) alone = dyno_pvv_form.parse (item->table->bytes, NULL);
  g_autofree char *canonical = dyno_table_canonical (item->table);

  for (guint i = 0; i < dyno_table_n_cells (item->table); i++)
    {
      const DynoTableCell *cell = &item->table->cells[i];

      g_assert_true (cell->offset >= done && cell->offset + cell->length <= size);
      g_assert_false (isinf (cell->value));
      done = cell->offset + cell->length;
    }
  g_assert_true (canonical != NULL && item->end - item->begin == size);
}

/* A tune is refused with a reason, or read; then it is written as it was, and merged
 * with itself it is itself. */
int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autoptr(GBytes) bytes = g_bytes_new (data, size);
  g_autoptr(GError) error = NULL;
  g_autoptr(DynoPvv) pvv = dyno_pvv_parse (bytes, &error);
  g_autofree GBytes **items = NULL;
  g_autoptr(GBytes) again = NULL;
  g_autoptr(DynoPvvMerge) merge = NULL;

  if (pvv == NULL)
    {
      g_assert_true (error->domain == DYNO_ERROR && dyno_error_get_reason (error) != NULL);
      return 0;
    }
  items = g_new0 (GBytes *, pvv->items->len + 1);
  for (guint i = 0; i < pvv->items->len; i++)
    {
      const DynoPvvItem *item = g_ptr_array_index (pvv->items, i);

      check_item (item);
      items[i] = item->table->bytes;
    }
  again = dyno_pvv_replace (pvv, items);
  g_assert_true (g_bytes_equal (again, bytes));
  merge = dyno_pvv_merge (pvv, pvv, pvv, DYNO_MERGE_ASK, NULL);
  g_assert_true (merge != NULL && g_bytes_equal (merge->merged, bytes));

  return 0;
}
