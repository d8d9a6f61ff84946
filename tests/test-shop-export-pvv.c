/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include <string.h>

#include "dyno-error.h"
#include "dyno-export-pvv.h"
#include "dyno-pvv.h"
#include "dyno-test.h"

/* A correction alone as .pvv, read again as any tune is. */

#define WHOLE \
  "{\"grid\":{\"rpm\":[1500,2250],\"map_kpa\":[40,62.5,80]}," \
  "\"front\":{\"correction\":[[1,-2.5,3],[4,5,-0.001]],\"hits\":[[3,3,3],[1,3,3]]," \
  "\"afr_error\":[[0.1,-0.2,0.3],[0.4,0.5,0]]}," \
  "\"rear\":{\"correction\":[[null,null,null],[8,null,null]],\"hits\":[[0,0,0],[3,0,0]]," \
  "\"afr_error\":[[null,null,null],[0.8,null,null]]}}"
#define HOLES \
  "{\"grid\":{\"rpm\":[1500,2250],\"map_kpa\":[40,60]}," \
  "\"front\":{\"correction\":[[1,null],[4,5]],\"hits\":[[3,1],[1,3]]," \
  "\"afr_error\":[[0.1,0.2],[0.4,0.5]]},\"rear\":null}"

static GBytes *
export (const char  *json,
        gboolean     fills_holes,
        GError     **error)
{
  g_autoptr(DynoExportTables) tables = dyno_export_tables_parse (json);

  g_assert_nonnull (tables);

  return dyno_export_pvv (tables, "run_1", "abc", fills_holes, error);
}

static DynoPvv *
export_and_read (const char *json,
                 gboolean    fills_holes)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) bytes = export (json, fills_holes, &error);
  DynoPvv *pvv;

  g_assert_no_error (error);
  g_assert_true (dyno_pvv_is_pvv (bytes));
  pvv = dyno_pvv_parse (bytes, &error);
  g_assert_no_error (error);

  return pvv;
}

static double
value_of (const DynoPvv *pvv,
          const char    *item,
          guint          row,
          guint          column)
{
  const DynoPvvItem *found = dyno_pvv_find (pvv, item, -1, NULL);

  g_assert_nonnull (found);

  return found->table->cells[dyno_table_cell (found->table, row, column)].value;
}

static void
test_read_again (void)
{
  g_autoptr(DynoPvv) pvv = export_and_read (WHOLE, FALSE);
  const DynoTable *table = dyno_pvv_find (pvv, "VE Correction (DynoAI)", -1, NULL)->table;

  g_assert_cmpuint (pvv->items->len, ==, 3);
  g_assert_cmpuint (table->n_rows, ==, 2);
  g_assert_cmpuint (table->n_columns, ==, 3);
  g_assert_cmpfloat (table->row_labels[1], ==, 2250);
  g_assert_cmpfloat (table->column_labels[1], ==, 62.5);
  g_assert_false (table->is_read_only);
  /* No VE table, so that nothing takes it for one. */
  g_assert_cmpint (table->kind, ==, DYNO_TABLE_OTHER);
  g_assert_cmpfloat (value_of (pvv, "VE Correction (DynoAI)", 0, 1), ==, -2.5);
  /* Both cylinders by their hits: (4 + 3·8) / 4. */
  g_assert_cmpfloat (value_of (pvv, "VE Correction (DynoAI)", 1, 0), ==, 7);
  g_assert_cmpfloat (value_of (pvv, "AFR Error", 1, 0), ==, 0.7);
  g_assert_cmpfloat (value_of (pvv, "AFR Error", 0, 1), ==, -0.2);
  g_assert_cmpfloat (value_of (pvv, "Sample Count", 1, 0), ==, 4);
}

static void
test_is_no_tune (void)
{
  g_autoptr(GBytes) bytes = export (WHOLE, FALSE, NULL);
  g_autoptr(GBytes) again = export (WHOLE, FALSE, NULL);
  gsize size;
  g_autofree char *text = g_strndup (g_bytes_get_data (bytes, &size), g_bytes_get_size (bytes));
  const char *comment = strstr (text, "<!--");

  g_assert_true (g_bytes_equal (bytes, again));
  g_assert_true (g_str_has_prefix (comment, "<!-- This is no tune"));
  g_assert_nonnull (strstr (text, "run run_1, source sha256 abc"));
  g_assert_null (strstr (text, "\"-0\""));
  g_assert_null (strstr (text, "-0.00\""));
}

static void
test_holes (void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(DynoPvv) filled = NULL;

  g_assert_null (export (HOLES, FALSE, &error));
  g_assert_error (error, DYNO_ERROR, DYNO_ERROR_INVALID);
  g_assert_cmpstr (dyno_error_get_reason (error), ==, "export_holes");
  g_assert_nonnull (strstr (error->message, "1 cells have no data (1500/60)"));
  g_assert_nonnull (strstr (error->message, "--fill neutral"));

  filled = export_and_read (HOLES, TRUE);
  g_assert_cmpfloat (value_of (filled, "VE Correction (DynoAI)", 0, 1), ==, 0);
  g_assert_cmpfloat (value_of (filled, "Sample Count", 0, 1), ==, 0);
  g_assert_cmpfloat (value_of (filled, "VE Correction (DynoAI)", 1, 1), ==, 5);
  g_assert_cmpuint (filled->n_comments, ==, 3);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/shop/export-pvv/read-again", test_read_again);
  g_test_add_func ("/shop/export-pvv/is-no-tune", test_is_no_tune);
  g_test_add_func ("/shop/export-pvv/holes", test_holes);

  return g_test_run ();
}
