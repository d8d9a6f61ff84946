/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include <math.h>
#include <string.h>

#include "dyno-crypt.h"
#include "dyno-diff.h"
#include "dyno-merge.h"
#include "dyno-table.h"
#include "dyno-test-csv.h"
#include "dyno-test.h"

static DynoTable *
parse_text (const char         *text,
            DynoAnalysisError **error)
{
  g_autoptr(GBytes) bytes = g_bytes_new (text, strlen (text));

  return dyno_table_parse (bytes, error);
}

static DynoTable *
parse (const char *text)
{
  DynoAnalysisError *error = NULL;
  DynoTable *table = parse_text (text, &error);

  g_assert_null (error);
  g_assert_nonnull (table);

  return table;
}

static void
assert_text (const DynoTable *table,
             guint            cell,
             const char      *wanted)
{
  g_autofree char *text = dyno_table_text (table, cell);

  g_assert_cmpstr (text, ==, wanted);
}

static void
assert_bytes (GBytes     *bytes,
              const char *wanted)
{
  gsize size;
  const char *data = g_bytes_get_data (bytes, &size);

  g_assert_cmpmem (data, size, wanted, strlen (wanted));
}

/* What surrounds a number is no part of its text, and stays. */
static void
test_csv (void)
{
  g_autoptr(DynoTable) table = parse ("\xEF\xBB\xBF" "RPM,35,50\r\n1500,58.0,\"'59.25\"\r\n"
                                      "2000, ,60\r\n");
  const char *texts[] = { NULL, "61.25", NULL, "63" };
  g_autoptr(GBytes) bytes = dyno_table_replace (table, texts);

  g_assert_cmpuint (table->n_rows, ==, 2);
  g_assert_cmpuint (table->n_columns, ==, 2);
  g_assert_cmpfloat (table->row_labels[1], ==, 2000);
  g_assert_cmpfloat (table->column_labels[1], ==, 50);
  assert_text (table, 1, "59.25");
  g_assert_cmpuint (table->cells[1].decimals, ==, 2);
  g_assert_true (isnan (table->cells[2].value));
  assert_text (table, 2, "");
  assert_bytes (bytes, "\xEF\xBB\xBF" "RPM,35,50\r\n1500,58.0,\"'61.25\"\r\n2000, ,63\r\n");
}

static void
test_csv_decimal_comma (void)
{
  g_autoptr(DynoTable) table = parse ("U/min;35;50\n1500;58,0;59,5\n2000;60,0;61,25\n");
  g_autofree char *text = table->form->format (table, 3, 62.375);

  g_assert_cmpfloat (table->cells[3].value, ==, 61.25);
  /* Half to even. */
  g_assert_cmpstr (text, ==, "62,38");
}

static void
test_csv_refused (void)
{
  static const char *const texts[] = {
    "", "RPM,35,50\n", "RPM,35,50\n1500,58,59\n1500,60,61\n", "RPM,35,50\n1500,58\n2000,60,61\n",
    "RPM,35,50\n1500,58,x\n2000,60,61\n", "RPM,35,\n1500,58,59\n2000,60,61\n",
    "RPM,35,50\n,58,59\n2000,60,61\n", "RPM,35,50\n1500,58,inf\n2000,60,61\n",
    "RPM,35,50\n1500,58,0x10\n2000,60,61\n", "RPM,50,35\n1500,58,59\n2000,60,61\n",
    "RPM,35,50\n1500,58,59,60\n2000,60,61\n",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr(DynoAnalysisError) error = NULL;
      g_autoptr(DynoTable) table = parse_text (texts[i], &error);

      g_assert_null (table);
      g_assert_cmpint (error->reason, ==, DYNO_ANALYSIS_BAD_TABLE);
    }
}

/* What is wrong with the whole file is said without the number of a line. */
static void
test_csv_names_no_line (void)
{
  static const char *const texts[][2] = {
    { "", "empty (0 bytes)" },
    { "\n\r\n", "blank lines" },
    { "# a comment\n", "blank lines" },
    { "RPM,35,50\n", "numbers: 0, columns: 2" },
    { "RPM\n1500\n", "numbers: 1, columns: 0" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr(DynoAnalysisError) error = NULL;
      g_autoptr(DynoTable) table = parse_text (texts[i][0], &error);

      g_assert_null (table);
      g_assert_nonnull (strstr (error->message, texts[i][1]));
      g_assert_null (strstr (error->message, "ine 0"));
    }
}

/* The axes of analysis end before the padding. */
static void
test_padding_is_no_axis (void)
{
  g_autoptr(DynoTable) table = parse ("RPM,35,50,50\n1500,1,2,2\n2000,3,4,4\n");
  DynoGridShape shape;

  g_assert_true (dyno_table_shape (table, &shape, NULL));
  g_assert_cmpuint (shape.load.n, ==, 2);
  g_assert_cmpuint (table->n_columns, ==, 3);
}

static void
test_hashes (void)
{
  g_autoptr(DynoTable) table = parse ("RPM,35,50\n1500,58.0,\n2000,60,0.5\n");
  g_autoptr(DynoTable) same = parse ("x;35;50\r\n1500;58;\r\n2000;60,00;0,5\r\n");
  g_autoptr(DynoTable) spark = dyno_table_rename (table, NULL, DYNO_TABLE_SPARK, 0);
  g_autofree char *canonical = dyno_table_canonical (table);
  g_autofree char *content = dyno_table_content_sha256 (table);
  g_autofree char *content_of_same = dyno_table_content_sha256 (same);
  g_autofree char *content_of_spark = dyno_table_content_sha256 (spark);
  g_autofree char *bytes = dyno_table_bytes_sha256 (table);
  g_autofree char *bytes_of_same = dyno_table_bytes_sha256 (same);

  g_assert_cmpstr (canonical, ==,
                   "dynoai-table-1\nve-map\n1500\t2000\n35\t50\n58\t-\n60\t0.5\n");
  g_assert_cmpstr (content, ==, content_of_same);
  g_assert_cmpstr (content, !=, content_of_spark);
  g_assert_cmpstr (bytes, !=, bytes_of_same);
}

/* Counts of the golden history: base against applied. */
static void
test_diff_golden (void)
{
  g_autoptr(DynoTable) from = dyno_test_shared_table ("golden/ve_apply_rollback/base.csv");
  g_autoptr(DynoTable) to = dyno_test_shared_table ("golden/ve_apply_rollback/applied.csv");
  g_autoptr(DynoJson) golden = dyno_test_shared_json ("golden/session_logger/summary.json");
  const DynoJson *summary = dyno_json_member (golden, "diff_summary");
  const DynoJson *top = dyno_json_member (golden, "top");
  g_autoptr(DynoDiff) diff = NULL;

  if (from == NULL || to == NULL || golden == NULL)
    return;
  diff = dyno_diff_tables (from, to, NULL);
  g_assert_cmpint (diff->changed->len, ==, dyno_json_get_integer (summary, "cells_changed", 0));
  dyno_assert_near (diff->mean, dyno_json_get_number (summary, "avg_change", 0), 1e-4);
  dyno_assert_near (diff->max, dyno_json_get_number (summary, "max_change", 0), 1e-9);
  dyno_assert_near (diff->min, dyno_json_get_number (summary, "min_change", 0), 1e-9);
  for (guint i = 0; i < dyno_json_n_elements (top); i++)
    {
      const DynoJson *wanted = dyno_json_element (top, i);
      const DynoDiffCell *cell = &g_array_index (diff->top, DynoDiffCell, i);

      g_assert_cmpfloat (cell->rpm, ==, dyno_json_get_number (wanted, "rpm", 0));
      g_assert_cmpfloat (cell->load, ==, dyno_json_get_number (wanted, "load", 0));
      dyno_assert_near (cell->delta, dyno_json_get_number (wanted, "delta", 0), 1e-9);
    }
}

static void
test_diff_blanks (void)
{
  g_autoptr(DynoTable) from = parse ("RPM,35,50\n1500,58.0,\n2000,,60.0004\n");
  g_autoptr(DynoTable) to = parse ("RPM,35,50\n1500,58.0,59\n2000,,60.0\n");
  g_autoptr(DynoTable) other = parse ("RPM,35,60\n1500,58.0,59\n2000,,60.0\n");
  g_autoptr(DynoDiff) diff = dyno_diff_tables (from, to, NULL);
  g_autoptr(DynoAnalysisError) error = NULL;

  g_assert_cmpuint (diff->changed->len, ==, 1);
  g_assert_cmpuint (g_array_index (diff->changed, DynoDiffCell, 0).cell, ==, 1);
  g_assert_true (isnan (diff->mean));
  g_assert_null (dyno_diff_tables (from, other, &error));
  g_assert_cmpint (error->reason, ==, DYNO_ANALYSIS_GRID_MISMATCH);
}

#define BASE "RPM,35,50\n1500,10,20\n2000,30,40\n"
#define OURS "RPM,35,50\n1500,11,20\n2000,33,44\n"
#define THEIRS "RPM,35,50\n1500,10,22\n2000,33.0,45\n"

static void
test_merge (void)
{
  g_autoptr(DynoTable) base = parse (BASE);
  g_autoptr(DynoTable) ours = parse (OURS);
  g_autoptr(DynoTable) theirs = parse (THEIRS);
  g_autoptr(DynoMerge) open = dyno_merge_tables (base, ours, theirs, DYNO_MERGE_ASK, NULL, NULL);
  g_autoptr(DynoMerge) mine = dyno_merge_tables (base, ours, theirs, DYNO_MERGE_OURS, NULL, NULL);
  g_autoptr(DynoMerge) swapped = dyno_merge_tables (base, theirs, ours, DYNO_MERGE_THEIRS, NULL,
                                                    NULL);
  g_autoptr(GArray) choices = g_array_new (FALSE, FALSE, sizeof (DynoMergeChoice));
  DynoMergeChoice choice = { 2000, 50, DYNO_MERGE_THEIRS };
  g_autoptr(DynoMerge) chosen = NULL;

  g_assert_null (open->merged);
  g_assert_cmpuint (open->conflicts->len, ==, 1);
  g_assert_cmpuint (open->n_ours, ==, 1);
  g_assert_cmpuint (open->n_theirs, ==, 1);
  g_assert_cmpuint (open->n_same, ==, 1);
  g_assert_true (g_bytes_equal (mine->merged->bytes, swapped->merged->bytes));
  assert_bytes (mine->merged->bytes, "RPM,35,50\n1500,11,22\n2000,33,44\n");
  g_array_append_val (choices, choice);
  chosen = dyno_merge_tables (base, ours, theirs, DYNO_MERGE_ASK, choices, NULL);
  g_assert_cmpfloat (chosen->merged->cells[3].value, ==, 45);
}

static void
test_merge_refused (void)
{
  g_autoptr(DynoTable) base = parse (BASE);
  g_autoptr(DynoTable) axes = parse ("RPM,35,60\n1500,10,20\n2000,30,40\n");
  g_autoptr(DynoTable) blank = parse ("RPM,35,50\n1500,10,\n2000,30,40\n");
  g_autoptr(DynoAnalysisError) error = NULL;
  g_autoptr(DynoAnalysisError) other = NULL;

  g_assert_null (dyno_merge_tables (base, axes, base, DYNO_MERGE_OURS, NULL, &error));
  g_assert_cmpint (error->reason, ==, DYNO_ANALYSIS_GRID_MISMATCH);
  g_assert_null (dyno_merge_tables (base, base, blank, DYNO_MERGE_OURS, NULL, &other));
  g_assert_cmpint (other->reason, ==, DYNO_ANALYSIS_REFUSED);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/table/csv", test_csv);
  g_test_add_func ("/table/csv-decimal-comma", test_csv_decimal_comma);
  g_test_add_func ("/table/csv-refused", test_csv_refused);
  g_test_add_func ("/table/csv-names-no-line", test_csv_names_no_line);
  g_test_add_func ("/table/padding-is-no-axis", test_padding_is_no_axis);
  g_test_add_func ("/table/hashes", test_hashes);
  g_test_add_func ("/table/diff-golden", test_diff_golden);
  g_test_add_func ("/table/diff-blanks", test_diff_blanks);
  g_test_add_func ("/table/merge", test_merge);
  g_test_add_func ("/table/merge-refused", test_merge_refused);

  return g_test_run ();
}
