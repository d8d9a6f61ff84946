/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include <math.h>
#include <string.h>

#include "dyno-change-set.h"
#include "dyno-crypt.h"
#include "dyno-error.h"
#include "dyno-pvv-merge.h"
#include "dyno-pvv.h"
#include "dyno-test.h"

#define TEMPLATE "logs/dynoai3/pvv_template.pvv"

#define ITEM(name, values)                                                                        \
  "  <Item name=\"" name "\" units=\"%\">\n"                                                      \
  "    <Columns units=\"Kilopascals\"><Col label=\"35\" /><Col label=\"50\" /></Columns>\n"       \
  "    <Rows units=\"RPMx1000\">\n" values "    </Rows>\n  </Item>\n"
#define ROW(rpm, a, b)                                                                             \
  "      <Row label=\"" rpm "\"><Cell value=\"" a "\" /><Cell value='" b "'/></Row>\n"
#define SMALL(a, b, c, d)                                                                          \
  "<PVV>\n" ITEM ("VE (MAP based/Front Cyl)", ROW ("1.5", a, b) ROW ("2", c, d)) "</PVV>"

static GBytes *
bytes_of (const char *text)
{
  return g_bytes_new (text, strlen (text));
}

static DynoPvv *
parse (const char *text)
{
  g_autoptr(GBytes) bytes = bytes_of (text);
  g_autoptr(GError) error = NULL;
  DynoPvv *pvv = dyno_pvv_parse (bytes, &error);

  g_assert_no_error (error);

  return pvv;
}

static DynoPvv *
load_template (void)
{
  g_autofree char *path = dyno_test_shared_file (TEMPLATE);
  g_autofree char *text = NULL;
  gsize length;
  g_autoptr(GBytes) bytes = NULL;

  if (path == NULL)
    return NULL;
  text = dyno_test_read (path, &length);
  bytes = g_bytes_new (text, length);

  return dyno_pvv_parse (bytes, NULL);
}

static double
sum_cells (const DynoTable *table)
{
  double sum = 0;

  for (guint i = 0; i < dyno_table_n_cells (table); i++)
    sum += table->cells[i].value;

  return sum;
}

/* The figures of formats.md E. */
static void
test_template_counts (void)
{
  g_autoptr(DynoPvv) pvv = load_template ();
  guint kinds[3] = { 0 };
  guint n_cells = 0;
  guint n_padded = 0;

  if (pvv == NULL)
    return;
  for (guint i = 0; i < pvv->items->len; i++)
    {
      const DynoPvvItem *item = g_ptr_array_index (pvv->items, i);

      kinds[item->kind]++;
      n_cells += dyno_table_n_cells (item->table);
      n_padded += item->kind == DYNO_PVV_TABLE
                  && (item->table->axis_rows < item->table->n_rows
                      || item->table->axis_columns < item->table->n_columns);
    }
  g_assert_cmpuint (pvv->items->len, ==, 129);
  g_assert_cmpuint (kinds[DYNO_PVV_TABLE], ==, 41);
  g_assert_cmpuint (kinds[DYNO_PVV_FLAG], ==, 12);
  g_assert_cmpuint (kinds[DYNO_PVV_SCALAR], ==, 76);
  g_assert_cmpuint (n_cells, ==, 4859);
  g_assert_cmpuint (n_padded, ==, 12);
  g_assert_cmpuint (pvv->n_comments, ==, 1);
}

typedef struct
{
  const char   *name;
  guint         rows, columns, padding_rows, padding_columns;
  double        sum, first, last;
  DynoTableKind kind;
  DynoTableSide side;
} Figures;

static void
test_template_tables (void)
{
  static const Figures all[] = {
    { "VE (MAP based/Front Cyl)", 27, 17, 6, 0, 40386.5, 70, 80, DYNO_TABLE_VE_MAP,
      DYNO_TABLE_FRONT },
    { "VE (MAP based/Rear Cyl)", 27, 17, 6, 0, 40781.0, 70, 90, DYNO_TABLE_VE_MAP,
      DYNO_TABLE_REAR },
    { "VE (TPS based/Front Cyl)", 27, 17, 6, 4, 40327.5, 79, 92, DYNO_TABLE_VE_TPS,
      DYNO_TABLE_FRONT },
    { "VE (TPS based/Rear Cyl)", 27, 17, 6, 4, 41197.0, 76, 92, DYNO_TABLE_VE_TPS,
      DYNO_TABLE_REAR },
    { "Air-Fuel Ratio", 17, 17, 0, 6, 3729.57, 14.21, 12.35, DYNO_TABLE_AFR, DYNO_TABLE_BOTH },
    { "Spark Advance (Front Cyl)", 21, 17, 0, 6, 8288.5, 17, 31, DYNO_TABLE_SPARK,
      DYNO_TABLE_FRONT },
    { "Spark Advance (Rear Cyl)", 21, 17, 0, 6, 8341.25, 18.25, 31, DYNO_TABLE_SPARK,
      DYNO_TABLE_REAR },
  };
  g_autoptr(DynoPvv) pvv = load_template ();

  for (guint i = 0; pvv != NULL && i < G_N_ELEMENTS (all); i++)
    {
      const DynoTable *table = dyno_pvv_find (pvv, all[i].name, -1, NULL)->table;

      g_assert_cmpuint (table->n_rows, ==, all[i].rows);
      g_assert_cmpuint (table->n_columns, ==, all[i].columns);
      g_assert_cmpuint (table->n_rows - table->axis_rows, ==, all[i].padding_rows);
      g_assert_cmpuint (table->n_columns - table->axis_columns, ==, all[i].padding_columns);
      dyno_assert_near (sum_cells (table), all[i].sum, 1e-12);
      g_assert_cmpfloat (table->cells[0].value, ==, all[i].first);
      g_assert_cmpfloat (table->cells[dyno_table_n_cells (table) - 1].value, ==, all[i].last);
      g_assert_cmpint (table->kind, ==, all[i].kind);
      g_assert_cmpint (table->side, ==, all[i].side);
      g_assert_cmpfloat (table->row_labels[0], ==, i == 4 || i < 4 ? 750 : table->row_labels[0]);
    }
}

static void
test_ambiguous (void)
{
  g_autoptr(DynoPvv) pvv = load_template ();
  g_autoptr(GError) error = NULL;
  g_autoptr(GError) absent = NULL;

  if (pvv == NULL)
    return;
  g_assert_null (dyno_pvv_find (pvv, "MAP Tooth IVC (Front Cyl)", -1, &error));
  g_assert_error (error, DYNO_ERROR, DYNO_ERROR_INVALID);
  g_assert_cmpstr (dyno_error_get_reason (error), ==, "pvv_ambiguous");
  g_assert_true (dyno_pvv_find (pvv, "MAP Tooth IVC (Front Cyl)", 0, NULL)
                 != dyno_pvv_find (pvv, "MAP Tooth IVC (Front Cyl)", 1, NULL));
  g_assert_null (dyno_pvv_find (pvv, "Flux", -1, &absent));
  g_assert_error (absent, DYNO_ERROR, DYNO_ERROR_NOT_FOUND);
}

/* All items replaced by themselves: the file again. */
static void
test_round_trip (void)
{
  g_autoptr(DynoPvv) pvv = load_template ();
  g_autofree GBytes **items = NULL;
  g_autoptr(GBytes) bytes = NULL;

  if (pvv == NULL)
    return;
  items = g_new0 (GBytes *, pvv->items->len);
  for (guint i = 0; i < pvv->items->len; i++)
    {
      DynoPvvItem *item = g_ptr_array_index (pvv->items, i);
      g_autoptr(DynoTable) alone = dyno_pvv_form.parse (item->table->bytes, NULL);

      g_assert_nonnull (alone);
      g_assert_cmpstr (alone->name, ==, item->table->name);
      items[i] = item->table->bytes;
    }
  bytes = dyno_pvv_replace (pvv, items);
  g_assert_true (g_bytes_equal (bytes, pvv->bytes));
}

/* One edit changes its own cell and the padding that equalled it, nothing else. */
static void
test_edit_with_padding (void)
{
  g_autoptr(DynoPvv) pvv = load_template ();
  DynoTable *table;
  g_autoptr(DynoChangeSet) set = NULL;
  g_autoptr(DynoTable) after = NULL;
  guint last;

  if (pvv == NULL)
    return;
  table = dyno_pvv_find (pvv, "VE (MAP based/Front Cyl)", -1, NULL)->table;
  last = dyno_table_cell (table, table->axis_rows - 1, 3);
  set = dyno_change_set_new (table);
  g_assert_true (dyno_change_set_add (set, last, 83.26, 4, NAN));
  g_assert_false (dyno_change_set_add (set, 0, 70.01, 0.01, NAN));
  dyno_change_set_settle (set);
  g_assert_cmpuint (set->edits->len, ==, 7);
  after = dyno_change_set_apply (set, table->bytes, NULL);
  g_assert_nonnull (after);
  for (guint i = 0; i < dyno_table_n_cells (table); i++)
    {
      gboolean is_edited = i >= last && (i - last) % table->n_columns == 0;

      g_assert_cmpfloat (after->cells[i].value, ==, is_edited ? 83.3 : table->cells[i].value);
    }
}

static void
assert_format (const DynoTable *table,
               double           value,
               const char      *wanted)
{
  g_autofree char *text = table->form->format (table, 0, value);

  g_assert_cmpstr (text, ==, wanted);
}

static void
test_decimals (void)
{
  g_autoptr(DynoPvv) whole = parse (SMALL ("70", "80", "75", "82"));
  g_autoptr(DynoPvv) fine = parse (SMALL ("70.25", "80.50", "75", "82.125"));
  const DynoTable *table = dyno_pvv_find (whole, "VE (MAP based/Front Cyl)", -1, NULL)->table;

  assert_format (table, 70.25, "70.2");
  assert_format (table, 70.0001, "70");
  assert_format (table, -0.01, "0");
  assert_format (dyno_pvv_find (fine, "VE (MAP based/Front Cyl)", -1, NULL)->table, 1.005, "1");
  assert_format (dyno_pvv_find (fine, "VE (MAP based/Front Cyl)", -1, NULL)->table, 1.238, "1.24");
}

/* What is no number stays a text and makes its item read only. */
static void
test_texts (void)
{
  g_autoptr(DynoPvv) pvv = parse ("<?xml version=\"1.0\" encoding=\"Windows-1252\"?><!-- a --><PVV>"
                                  ITEM ("Temp \xB0 &amp; more", ROW ("1.5", "On", "0x10"))
                                  ITEM ("Blank", ROW ("1", "", "1e2")) "</PVV>\n");
  const DynoTable *temp = ((DynoPvvItem *) pvv->items->pdata[0])->table;
  const DynoTable *blank = ((DynoPvvItem *) pvv->items->pdata[1])->table;

  g_assert_cmpstr (temp->name, ==, "Temp ° & more");
  g_assert_true (temp->is_read_only);
  g_assert_true (isnan (temp->cells[1].value));
  g_assert_false (blank->is_read_only);
  g_assert_true (isnan (blank->cells[0].value));
  g_assert_cmpfloat (blank->cells[1].value, ==, 100);
}

typedef struct
{
  const char *reason;
  const char *text;
} Refusal;

static void
assert_refused (const char *text,
                gsize       length,
                const char *reason)
{
  g_autoptr(GBytes) bytes = g_bytes_new (text, length);
  g_autoptr(GError) error = NULL;
  g_autoptr(DynoPvv) pvv = dyno_pvv_parse (bytes, &error);

  g_assert_null (pvv);
  g_assert_cmpstr (dyno_error_get_reason (error), ==, reason);
  g_assert_nonnull (strstr (error->message, "line "));
}

static void
test_refused (void)
{
  static const Refusal all[] = {
    { "pvv_not_pvv", "" },
    { "pvv_not_pvv", "<!-- only -->" },
    { "pvv_not_pvv", "<html><body/></html>" },
    { "pvv_not_pvv", "<PVV></PVV><PVV></PVV>" },
    { "pvv_malformed", "<PVV>" },
    { "pvv_malformed", "<PVV></PVW>" },
    { "pvv_malformed", "<PVV><Item units=\"x\"></Item></PVV>" },
    { "pvv_malformed", "<PVV><Item name=\"a\" name=\"b\"></Item></PVV>" },
    { "pvv_malformed", "<PVV><Item name=a></Item></PVV>" },
    { "pvv_malformed", "<PVV><Item name=\"a<b\"></Item></PVV>" },
    { "pvv_malformed", "<PVV><!-- no end </PVV>" },
    { "pvv_malformed", "<PVV><![CDATA[x]]></PVV>" },
    { "pvv_malformed", "<PVV>\x01</PVV>" },
    { "pvv_malformed", "<PVV name=\"\xE9\"></PVV>" },
    { "pvv_malformed", "<?xml version=\"1.0\" encoding=\"koi8-r\"?><PVV></PVV>" },
    { "pvv_forbidden", "<!DOCTYPE PVV [<!ENTITY a \"b\">]><PVV>&a;</PVV>" },
    { "pvv_forbidden", "<PVV>&nbsp;</PVV>" },
    { "pvv_forbidden", "<PVV><?php ?></PVV>" },
    { "pvv_forbidden", "<PVV><Item name=\"&lol9;\"></Item></PVV>" },
    { "pvv_ragged", "<PVV>" ITEM ("a", "<Row label=\"1\"><Cell value=\"1\"/></Row>") "</PVV>" },
    { "pvv_ragged", "<PVV><Item name=\"a\"><Rows><Row label=\"1\"></Row></Rows><Columns><Col "
                    "label=\"1\"/></Columns></Item></PVV>" },
    { "pvv_too_large", "<PVV><a><a><a><a><a><a><a><a></a></a></a></a></a></a></a></a></PVV>" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (all); i++)
    assert_refused (all[i].text, strlen (all[i].text), all[i].reason);
}

static void
repeat (GString    *text,
        const char *word,
        guint       times)
{
  for (guint i = 0; i < times; i++)
    g_string_append (text, word);
}

static void
test_limits (void)
{
  g_autoptr(GString) nested = g_string_new ("<PVV>");
  g_autoptr(GString) items = g_string_new ("<PVV>");
  g_autoptr(GString) cells = g_string_new ("<PVV><Item name=\"a\"><Columns>");
  g_autoptr(GString) large = g_string_new ("<PVV>");

  repeat (nested, "<Item name=\"a\">", 100000);
  assert_refused (nested->str, nested->len, "pvv_too_large");
  repeat (items, "<Item name=\"a\"/>", DYNO_PVV_MAX_ITEMS + 1);
  g_string_append (items, "</PVV>");
  assert_refused (items->str, items->len, "pvv_too_large");
  repeat (cells, "<Col label=\"1\"/>", DYNO_PVV_MAX_CELLS + 1);
  assert_refused (cells->str, cells->len, "pvv_too_large");
  repeat (large, "                                ", DYNO_PVV_MAX_BYTES / 32);
  assert_refused (large->str, large->len, "pvv_too_large");
}

/* Cut anywhere, changed anywhere: refused, or read and sound. */
static void
test_broken (void)
{
  g_autoptr(DynoPvv) pvv = load_template ();
  g_autoptr(GRand) rand = g_rand_new_with_seed (7);
  const char *text;
  gsize size;

  if (pvv == NULL)
    return;
  text = g_bytes_get_data (pvv->bytes, &size);
  for (guint i = 0; i < 100; i++)
    {
      g_autoptr(GBytes) cut = g_bytes_new (text, (gsize) g_rand_int_range (rand, 0, (gint) size));
      g_autofree char *copy = g_memdup2 (text, size);
      g_autoptr(GBytes) bytes = NULL;
      g_autoptr(DynoPvv) of_cut = dyno_pvv_parse (cut, NULL);
      g_autoptr(DynoPvv) changed = NULL;
      g_autoptr(GError) error = NULL;

      g_assert_null (of_cut);
      copy[g_rand_int_range (rand, 0, (gint) size)] ^= (char) g_rand_int_range (rand, 1, 256);
      bytes = g_bytes_new (copy, size);
      changed = dyno_pvv_parse (bytes, &error);
      g_assert_true (changed != NULL || dyno_error_get_reason (error) != NULL);
    }
}

/* Merging */

static void
test_merge (void)
{
  g_autoptr(DynoPvv) base = parse (SMALL ("70", "80", "75", "82"));
  g_autoptr(DynoPvv) ours = parse (SMALL ("71", "80", "75", "83"));
  g_autoptr(DynoPvv) theirs = parse (SMALL ("70", "81.5", "75", "84"));
  g_autoptr(DynoPvvMerge) open = dyno_pvv_merge (base, ours, theirs, DYNO_MERGE_ASK, NULL);
  g_autoptr(DynoPvvMerge) mine = dyno_pvv_merge (base, ours, theirs, DYNO_MERGE_OURS, NULL);
  g_autoptr(DynoPvvMerge) swapped = dyno_pvv_merge (base, theirs, ours, DYNO_MERGE_THEIRS, NULL);
  g_autoptr(GBytes) wanted = bytes_of (SMALL ("71", "81.5", "75", "83"));

  g_assert_null (open->merged);
  g_assert_cmpuint (open->conflicts->len, ==, 1);
  g_assert_cmpfloat (g_array_index (open->conflicts, DynoPvvConflict, 0).cell.theirs, ==, 84);
  g_assert_true (g_bytes_equal (mine->merged, wanted));
  g_assert_true (g_bytes_equal (mine->merged, swapped->merged));
  g_assert_cmpuint (mine->n_changed, ==, 3);
}

/* The side that has another comment or a new item gives the frame. */
static void
test_merge_frames (void)
{
  g_autoptr(DynoPvv) base = parse (SMALL ("70", "80", "75", "82"));
  g_autoptr(DynoPvv) ours = parse (SMALL ("71", "80", "75", "82"));
  g_autoptr(DynoPvv) theirs
      = parse ("<PVV>\n<!-- new -->" ITEM ("Idle", ROW ("1", "1", "2")) ITEM (
          "VE (MAP based/Front Cyl)", ROW ("1.5", "70", "80") ROW ("2", "75", "99")) "</PVV>");
  g_autoptr(DynoPvv) axes = parse ("<PVV>\n" ITEM (
      "VE (MAP based/Front Cyl)", ROW ("1.6", "70", "80") ROW ("2", "75", "82")) "</PVV>");
  g_autoptr(DynoPvvMerge) merge = dyno_pvv_merge (base, ours, theirs, DYNO_MERGE_ASK, NULL);
  g_autoptr(DynoPvvMerge) swapped = dyno_pvv_merge (base, theirs, ours, DYNO_MERGE_ASK, NULL);
  g_autoptr(DynoPvvMerge) alone = dyno_pvv_merge (base, base, axes, DYNO_MERGE_ASK, NULL);
  g_autoptr(GBytes) wanted
      = bytes_of ("<PVV>\n<!-- new -->" ITEM ("Idle", ROW ("1", "1", "2")) ITEM (
          "VE (MAP based/Front Cyl)", ROW ("1.5", "71", "80") ROW ("2", "75", "99")) "</PVV>");
  g_autoptr(GError) error = NULL;

  g_assert_true (g_bytes_equal (merge->merged, wanted));
  g_assert_true (g_bytes_equal (swapped->merged, wanted));
  g_assert_true (g_bytes_equal (alone->merged, axes->bytes));
  g_assert_null (dyno_pvv_merge (base, ours, axes, DYNO_MERGE_OURS, &error));
  g_assert_cmpstr (dyno_error_get_reason (error), ==, "pvv_axes");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/pvv/template-counts", test_template_counts);
  g_test_add_func ("/pvv/template-tables", test_template_tables);
  g_test_add_func ("/pvv/ambiguous", test_ambiguous);
  g_test_add_func ("/pvv/round-trip", test_round_trip);
  g_test_add_func ("/pvv/edit-with-padding", test_edit_with_padding);
  g_test_add_func ("/pvv/decimals", test_decimals);
  g_test_add_func ("/pvv/texts", test_texts);
  g_test_add_func ("/pvv/refused", test_refused);
  g_test_add_func ("/pvv/limits", test_limits);
  g_test_add_func ("/pvv/broken", test_broken);
  g_test_add_func ("/pvv/merge", test_merge);
  g_test_add_func ("/pvv/merge-frames", test_merge_frames);

  return g_test_run ();
}
