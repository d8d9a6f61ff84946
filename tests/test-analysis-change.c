/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include <math.h>
#include <string.h>

#include "dyno-change-compat.h"
#include "dyno-change-metadata.h"
#include "dyno-change.h"
#include "dyno-crypt.h"
#include "dyno-test-csv.h"
#include "dyno-test.h"

#define ROUNDS 100000

static DynoTable *
parse (const char *text)
{
  g_autoptr(GBytes) bytes = g_bytes_new (text, strlen (text));
  DynoTable *table = dyno_table_parse (bytes, NULL);

  g_assert_nonnull (table);

  return table;
}

static DynoCorrections *
corrections_of (const char    *text,
                DynoTableSide  side)
{
  g_autoptr(DynoTable) table = parse (text);

  return dyno_corrections_from_table (table, side, "sha256:test", NULL);
}

/* A correction as an analysis has it: hits and a class beside the number. */
static DynoCorrections *
measured (const char *text)
{
  DynoCorrections *self = corrections_of (text, DYNO_TABLE_BOTH);

  self->is_foreign = FALSE;
  self->math_version = g_strdup ("2.0.0");
  for (guint i = 0; i < dyno_grid_shape_cells (&self->shape); i++)
    self->cells[0][i].hits = 200;

  return self;
}

static const DynoChangeCell *
cell_at (const DynoChange *change,
         guint             table,
         guint             cell)
{
  return &g_array_index (change->tables[table]->cells, DynoChangeCell, cell);
}

static const DynoChangeBlock *
find_block (const DynoChange *change,
            const char       *code)
{
  for (guint i = 0; i < change->blocks->len; i++)
    {
      const DynoChangeBlock *block = g_ptr_array_index (change->blocks, i);

      if (g_str_equal (block->code, code))
        return block;
    }

  return NULL;
}

static DynoChange *
prepare (DynoTable         *table,
         DynoCorrections   *corrections,
         DynoChangeOptions *options)
{
  g_autoptr(DynoChangeOptions) defaults = dyno_change_options_new ();
  DynoAnalysisError *error = NULL;
  DynoChange *change = dyno_change_prepare (&table, 1, corrections,
                                            options != NULL ? options : defaults, &error);

  g_assert_null (error);

  return change;
}

static void
assert_bytes (GBytes     *bytes,
              const char *wanted)
{
  gsize size;
  const char *data = g_bytes_get_data (bytes, &size);

  g_assert_cmpmem (data, size, wanted, strlen (wanted));
}

#define TABLE "RPM,35,50,65\n1500,80.0,90.0,\n2000,80.0,114.0,100.0\n"

static void
test_prepare (void)
{
  g_autoptr(DynoTable) table = parse (TABLE);
  g_autoptr(DynoCorrections) corrections = measured ("RPM,35,50,65\n1500,2,-9,3\n2000,,3,0.01\n");
  g_autoptr(DynoChange) change = prepare (table, corrections, NULL);

  g_assert_cmpuint (change->blocks->len, ==, 0);
  g_assert_cmpuint (change->tables[0]->n_changed, ==, 3);
  g_assert_cmpfloat (cell_at (change, 0, 0)->after, ==, 81.6);
  /* −9 is more than a high class may: −7. */
  dyno_assert_near (cell_at (change, 0, 1)->after, 83.7, 1e-12);
  g_assert_true (cell_at (change, 0, 1)->reasons & DYNO_CHANGE_CLAMPED);
  g_assert_true (cell_at (change, 0, 2)->reasons & DYNO_CHANGE_BLANK);
  g_assert_true (cell_at (change, 0, 3)->reasons & DYNO_CHANGE_NO_DATA);
  /* 117.42 is above the ceiling of a Harley. */
  g_assert_cmpfloat (cell_at (change, 0, 4)->after, ==, 115);
  g_assert_true (cell_at (change, 0, 4)->reasons & DYNO_CHANGE_VE_BOUND);
  g_assert_nonnull (dyno_notes_find (change->warnings, "ve-bounds"));
  g_assert_true (cell_at (change, 0, 5)->reasons & DYNO_CHANGE_SAME_TEXT);
  assert_bytes (change->tables[0]->after->bytes,
                "RPM,35,50,65\n1500,81.6,83.7,\n2000,80.0,115.0,100.0\n");
}

static void
test_blocks (void)
{
  g_autoptr(DynoTable) table = parse ("RPM,35,50\n1500,0,90.0\n2000,80.0,110.0\n");
  g_autoptr(DynoCorrections) extreme = measured ("RPM,35,50\n1500,1,26\n2000,,2\n");
  g_autoptr(DynoCorrections) nothing = measured ("RPM,35,50\n1500,,\n2000,,\n");
  g_autoptr(DynoChangeOptions) options = dyno_change_options_new ();
  g_autoptr(DynoChange) blocked = prepare (table, extreme, NULL);
  g_autoptr(DynoChange) empty = prepare (table, nothing, NULL);
  g_autoptr(DynoChange) allowed = NULL;
  g_autoptr(DynoAnalysisError) error = NULL;

  g_assert_nonnull (find_block (blocked, "extreme"));
  g_assert_cmpuint (find_block (blocked, "extreme")->n_cells, ==, 1);
  g_assert_nonnull (find_block (blocked, "bad-base"));
  g_assert_null (blocked->tables[0]->after);
  g_assert_nonnull (find_block (empty, "empty-grid"));

  g_assert_false (dyno_change_options_override (options, 1500, 50, 0, DYNO_OVERRIDE_ALLOW, " ",
                                                &error));
  g_assert_cmpint (error->reason, ==, DYNO_ANALYSIS_BAD_OPTION);
  g_assert_true (dyno_change_options_override (options, 1500, 50, 0, DYNO_OVERRIDE_ALLOW,
                                               "new injectors", NULL));
  g_assert_true (dyno_change_options_override (options, 1500, 35, 0, DYNO_OVERRIDE_SKIP, "zero",
                                               NULL));
  allowed = prepare (table, extreme, options);
  g_assert_cmpuint (allowed->blocks->len, ==, 0);
  /* Let through, but not further than its class. */
  dyno_assert_near (cell_at (allowed, 0, 1)->after, 96.3, 1e-12);
  g_assert_true (cell_at (allowed, 0, 0)->reasons & DYNO_CHANGE_SKIPPED);
}

static void
test_stale_base (void)
{
  g_autoptr(DynoTable) table = parse (TABLE);
  g_autoptr(DynoCorrections) corrections = measured ("RPM,35,50,65\n1500,2,,\n2000,,,\n");
  g_autoptr(DynoChange) stale = NULL;
  g_autoptr(DynoChange) fresh = NULL;

  corrections->base_sha256 = g_strdup ("00");
  stale = prepare (table, corrections, NULL);
  g_assert_nonnull (find_block (stale, "stale-base"));
  g_free (corrections->base_sha256);
  corrections->base_sha256 = dyno_table_content_sha256 (table);
  fresh = prepare (table, corrections, NULL);
  g_assert_cmpuint (fresh->blocks->len, ==, 0);
}

static void
test_refused (void)
{
  g_autoptr(DynoTable) table = parse (TABLE);
  g_autoptr(DynoCorrections) corrections = measured ("RPM,35,50,65\n1500,2,,\n2000,,,\n");
  g_autoptr(DynoCorrections) other = measured ("RPM,35,50\n1500,2,3\n2000,4,5\n");
  g_autoptr(DynoChangeOptions) options = dyno_change_options_new ();
  g_autoptr(DynoAnalysisError) error = NULL;
  g_autoptr(DynoAnalysisError) mismatch = NULL;

  g_free (corrections->math_version);
  corrections->math_version = g_strdup ("legacy-cli-1.2");
  g_assert_null (dyno_change_prepare (&table, 1, corrections, options, &error));
  g_assert_cmpint (error->reason, ==, DYNO_ANALYSIS_REFUSED);

  options->resample = TRUE; /* not for results of our own */
  g_assert_null (dyno_change_prepare (&table, 1, other, options, &mismatch));
  g_assert_cmpint (mismatch->reason, ==, DYNO_ANALYSIS_GRID_MISMATCH);
  g_assert_nonnull (strstr (mismatch->message, "2 × 2"));
  g_assert_nonnull (strstr (mismatch->message, "2 × 3"));
}

static void
test_resample (void)
{
  g_autoptr(DynoTable) table = parse ("RPM,40,50,65\n1750,80.0,80.0,80.0\n2000,80.0,80.0,80.0\n");
  g_autoptr(DynoCorrections) foreign
    = corrections_of ("RPM,40,60\n1500,2,4\n2000,4,\n", DYNO_TABLE_BOTH);
  g_autoptr(DynoChangeOptions) options = dyno_change_options_new ();
  g_autoptr(DynoChange) change = NULL;

  options->is_shared = TRUE;
  options->resample = TRUE;
  change = prepare (table, foreign, options);
  /* Between 2 and 4, with the low class's limit of 3. */
  dyno_assert_near (cell_at (change, 0, 0)->limited, 3, 1e-12);
  g_assert_cmpint (cell_at (change, 0, 0)->confidence, ==, DYNO_CONFIDENCE_LOW);
  g_assert_true (cell_at (change, 0, 0)->reasons & DYNO_CHANGE_RESAMPLED);
  /* One of its four cells has no value; the next lies outside. */
  g_assert_true (isnan (cell_at (change, 0, 1)->limited));
  g_assert_true (isnan (cell_at (change, 0, 2)->limited));
  g_assert_nonnull (dyno_notes_find (change->warnings, "resampled"));
}

/* Which cells a value is made of, and of none where it has none. */
static void
test_resample_mapping (void)
{
  g_autoptr(DynoTable) table = parse ("RPM,40,45,65\n1500,80.0,80.0,80.0\n1600,80.0,80.0,80.0\n");
  g_autoptr(DynoCorrections) foreign
    = corrections_of ("RPM,40,60\n1500,2,4\n2000,4,2\n", DYNO_TABLE_BOTH);
  g_autoptr(DynoChangeOptions) options = dyno_change_options_new ();
  g_autoptr(DynoChange) change = NULL;
  DynoGridShare shares[DYNO_GRID_SHARES];
  static const double weights[] = { 0.8 * 0.75, 0.8 * 0.25, 0.2 * 0.75, 0.2 * 0.25 };

  options->is_shared = TRUE;
  options->resample = TRUE;
  change = prepare (table, foreign, options);
  g_assert_cmpuint (dyno_change_cell_shares (change, cell_at (change, 0, 0), shares), ==, 1);
  g_assert_cmpuint (shares[0].cell, ==, 0);
  g_assert_cmpfloat (shares[0].weight, ==, 1);
  g_assert_cmpuint (dyno_change_cell_shares (change, cell_at (change, 0, 4), shares), ==, 4);
  for (guint i = 0; i < G_N_ELEMENTS (weights); i++)
    {
      g_assert_cmpuint (shares[i].cell, ==, i);
      dyno_assert_near (shares[i].weight, weights[i], 1e-12);
    }
  g_assert_cmpuint (dyno_change_cell_shares (change, cell_at (change, 0, 2), shares), ==, 0);
}

static void
test_one_cylinder (void)
{
  g_autoptr(DynoTable) both = parse (TABLE);
  g_autoptr(DynoTable) front = dyno_table_rename (both, "VE front", DYNO_TABLE_VE_MAP,
                                                  DYNO_TABLE_FRONT);
  g_autoptr(DynoTable) rear = dyno_table_rename (both, "VE rear", DYNO_TABLE_VE_MAP,
                                                 DYNO_TABLE_REAR);
  DynoTable *pair[] = { front, rear };
  g_autoptr(DynoCorrections) corrections
    = corrections_of ("RPM,35,50,65\n1500,2,,\n2000,,,\n", DYNO_TABLE_FRONT);
  g_autoptr(DynoChangeOptions) options = dyno_change_options_new ();
  g_autoptr(DynoChange) blocked = dyno_change_prepare (pair, 2, corrections, options, NULL);
  g_autoptr(DynoChange) chosen = NULL;

  g_assert_nonnull (find_block (blocked, "one-cylinder"));
  options->side = DYNO_TABLE_FRONT;
  chosen = dyno_change_prepare (pair, 2, corrections, options, NULL);
  g_assert_cmpuint (chosen->blocks->len, ==, 0);
  g_assert_true (g_bytes_equal (chosen->tables[1]->after->bytes, rear->bytes));
  g_assert_cmpuint (chosen->tables[0]->n_changed, ==, 1);
}

/* Who shows one thing and applies another is found out. */
static void
test_preview_sum (void)
{
  g_autoptr(DynoTable) table = parse (TABLE);
  g_autoptr(DynoCorrections) corrections = measured ("RPM,35,50,65\n1500,2,,\n2000,,,\n");
  g_autoptr(DynoChangeOptions) options = dyno_change_options_new ();
  g_autoptr(DynoChange) first = prepare (table, corrections, options);
  g_autoptr(DynoChange) again = prepare (table, corrections, options);
  g_autoptr(DynoChange) lower = NULL;

  options->limits[DYNO_LIMIT_HIGH] = 1;
  lower = prepare (table, corrections, options);
  g_assert_cmpstr (first->preview_sha256, ==, again->preview_sha256);
  g_assert_cmpstr (first->preview_sha256, !=, lower->preview_sha256);
  dyno_assert_near (cell_at (lower, 0, 0)->after, 80.8, 1e-12);
}

/* A padding row follows the row before it only where all of it was equal. */
static void
test_padding_follows (void)
{
  g_autoptr(DynoTable) table = parse ("RPM,35,50,50,50\n1500,80,90,90,91\n2000,81,92,92,92\n");
  g_autoptr(DynoChangeSet) set = dyno_change_set_new (table);
  g_autoptr(DynoTable) after = NULL;

  g_assert_true (dyno_change_set_add (set, 1, 95, 5.6, NAN));
  dyno_change_set_settle (set);
  after = dyno_change_set_apply (set, table->bytes, NULL);
  g_assert_cmpfloat (after->cells[2].value, ==, 95);
  g_assert_cmpfloat (after->cells[3].value, ==, 91);
  g_assert_cmpuint (set->edits->len, ==, 2);
  g_assert_true (g_array_index (set->edits, DynoEdit, 1).is_padding);
}

/* Each of the checks before anything is stored. */
static void
test_apply_refused (void)
{
  g_autoptr(DynoTable) table = parse (TABLE);
  g_autoptr(DynoTable) other = parse ("RPM,35,50,65\n1500,80.0,90.0,\n2000,80.1,114.0,100.0\n");
  g_autoptr(DynoChangeSet) set = dyno_change_set_new (table);
  g_autoptr(DynoAnalysisError) stale = NULL;
  g_autoptr(DynoAnalysisError) limit = NULL;
  g_autoptr(DynoAnalysisError) text = NULL;

  g_assert_true (dyno_change_set_add (set, 0, 88, 10, 7));
  dyno_change_set_settle (set);
  g_assert_null (dyno_change_set_apply (set, other->bytes, &stale));
  g_assert_cmpint (stale->reason, ==, DYNO_ANALYSIS_REFUSED);
  g_assert_null (dyno_change_set_apply (set, table->bytes, &limit));
  g_assert_nonnull (strstr (limit->message, "more than 7.00 %"));
  g_free (g_array_index (set->edits, DynoEdit, 0).before);
  g_array_index (set->edits, DynoEdit, 0).before = g_strdup ("80.00");
  g_assert_null (dyno_change_set_apply (set, table->bytes, &text));
  g_assert_nonnull (strstr (text->message, "“80.0” stands there"));
}

/* Random tables */

/* Columns from `n_axis` on have the cell before them again. */
static void
append_random_row (GString *text,
                   GRand   *rand,
                   guint    n_columns,
                   guint    n_axis)
{
  static const char *const formats[] = { "%.0f", "%.1f", "%.2f", "%.4f" };
  static const char *const around[][2] = { { "", "" }, { "'", "" }, { "\"", "\"" }, { " ", " " } };
  char number[64] = "";

  for (guint c = 0; c < n_columns; c++)
    {
      gint way = g_rand_int_range (rand, 0, 4);

      if (c < n_axis)
        g_ascii_formatd (number, sizeof number, formats[g_rand_int_range (rand, 0, 4)],
                         g_rand_double_range (rand, 0.5, 130));
      if (c < n_axis && g_rand_int_range (rand, 0, 9) == 0)
        *number = '\0';
      g_string_append_printf (text, ",%s%s%s", around[way][0], number, around[way][1]);
    }
}

static char *
random_table (GRand *rand)
{
  guint n_rows = (guint) g_rand_int_range (rand, 2, 7);
  guint n_columns = (guint) g_rand_int_range (rand, 2, 7);
  GString *text = g_string_new ("RPM");
  guint n_axis = (guint) g_rand_int_range (rand, 2, (gint) n_columns + 1);
  const char *end = g_rand_boolean (rand) ? "\r\n" : "\n";
  gboolean has_twins = g_rand_boolean (rand);

  for (guint c = 0; c < n_columns; c++)
    g_string_append_printf (text, ",%u", 20 + 10 * MIN (c, n_axis - 1));
  g_string_append (text, end);
  for (guint r = 0; r < n_rows; r++)
    {
      g_string_append_printf (text, "%u", 1000 + 500 * r);
      append_random_row (text, rand, n_columns, has_twins ? n_axis : n_columns);
      g_string_append (text, r + 1 < n_rows || g_rand_boolean (rand) ? end : "");
    }

  return g_string_free (text, FALSE);
}

static void
fill_randomly (DynoChangeSet *set,
               GRand         *rand)
{
  for (guint i = 0; i < dyno_table_n_cells (set->base); i++)
    {
      double delta
          = g_rand_int_range (rand, 0, 20) == 0 ? -100 : g_rand_double_range (rand, -15, 15);
      guint column = i % set->base->n_columns;

      if (g_rand_boolean (rand) && column < set->base->axis_columns)
        dyno_change_set_add (set, i, set->base->cells[i].value * (1 + delta / 100), delta,
                             fabs (delta));
    }
  dyno_change_set_settle (set);
}

/* Undoing gives the bytes back, whatever was applied. */
static void
test_round_trip (void)
{
  g_autoptr(GRand) rand = g_rand_new_with_seed (20261120);
  guint64 n_edits = 0;

  for (guint i = 0; i < ROUNDS; i++)
    {
      g_autofree char *text = random_table (rand);
      g_autoptr(GBytes) bytes = g_bytes_new (text, strlen (text));
      g_autoptr(DynoTable) table = dyno_table_parse (bytes, NULL);
      g_autoptr(DynoChangeSet) set = NULL;
      g_autoptr(DynoTable) after = NULL;
      g_autofree char *sum = NULL;
      g_autoptr(GBytes) back = NULL;
      DynoAnalysisError *error = NULL;

      g_assert_nonnull (table);
      set = dyno_change_set_new (table);
      fill_randomly (set, rand);
      n_edits += set->edits->len;
      after = dyno_change_set_apply (set, bytes, &error);
      g_assert_null (error);
      sum = dyno_table_bytes_sha256 (after);
      back = dyno_change_undo (table->bytes, set->base_sha256, after->bytes, sum, NULL, &error);
      g_assert_null (error);
      g_assert_true (g_bytes_equal (back, bytes));
      g_assert_true (set->edits->len == 0 || !g_bytes_equal (after->bytes, bytes));
    }
  g_assert_cmpuint (n_edits, >, ROUNDS);
}

/* Metadata */

static DynoChangeMetadata *
describe (const DynoChange *change)
{
  const DynoChangeTable *table = change->tables[0];
  DynoChangeMetadata *metadata = dyno_change_metadata_of (change, 0, 1);

  metadata->change_id = g_strdup ("chg_x");
  metadata->form = g_strdup ("csv");
  metadata->applied_at = g_strdup ("2026-11-20T07:40:11.090Z");
  metadata->comment = g_strdup ("2nd pass, “rear”");
  metadata->bytes_before = dyno_table_bytes_sha256 (table->base);
  metadata->content_before = dyno_table_content_sha256 (table->base);
  metadata->bytes_after = dyno_table_bytes_sha256 (table->after);
  metadata->content_after = dyno_table_content_sha256 (table->after);
  metadata->base = g_bytes_ref (table->base->bytes);

  return metadata;
}

/* A bit anywhere in the file, and it is refused: as damaged or as no such file. */
static void
assert_every_bit (const char *text)
{
  gsize length = strlen (text);

  for (gsize i = 0; i < length * 8; i += 3)
    {
      g_autofree char *copy = g_memdup2 (text, length);
      g_autoptr(GBytes) bytes = NULL;
      g_autoptr(DynoChangeMetadata) metadata = NULL;
      g_autoptr(DynoAnalysisError) error = NULL;

      copy[i / 8] ^= (char) (1 << i % 8);
      bytes = g_bytes_new (copy, length);
      metadata = dyno_change_metadata_parse (bytes, &error);
      g_assert_null (metadata);
      g_assert_nonnull (error);
    }
}

static void
test_metadata (void)
{
  g_autoptr(DynoTable) table = parse (TABLE);
  g_autoptr(DynoCorrections) corrections = measured ("RPM,35,50,65\n1500,2,,\n2000,,30,\n");
  g_autoptr(DynoChangeOptions) options = dyno_change_options_new ();
  g_autoptr(DynoChange) change = NULL;
  g_autoptr(DynoChangeMetadata) metadata = NULL;
  g_autoptr(DynoChangeMetadata) read = NULL;
  g_autoptr(DynoTable) replayed = NULL;
  g_autofree char *text = NULL;
  g_autofree char *again = NULL;
  g_autoptr(GBytes) bytes = NULL;

  dyno_change_options_override (options, 2000, 50, 0, DYNO_OVERRIDE_ALLOW, "looked at", NULL);
  change = prepare (table, corrections, options);
  metadata = describe (change);
  text = dyno_change_metadata_to_json (metadata);
  bytes = g_bytes_new (text, strlen (text));
  read = dyno_change_metadata_parse (bytes, NULL);
  g_assert_nonnull (read);
  again = dyno_change_metadata_to_json (read);
  g_assert_cmpstr (text, ==, again);
  g_assert_true (g_bytes_equal (read->base, table->bytes));
  replayed = dyno_change_edits_replay (read->tables->pdata[0], table);
  g_assert_true (g_bytes_equal (replayed->bytes, change->tables[0]->after->bytes));
  assert_every_bit (text);
}

/* Undoing what is not there any more tells which cells are in the way. */
static void
test_undo_refused (void)
{
  g_autoptr(DynoTable) base = parse (TABLE);
  g_autoptr(DynoTable) applied = parse ("RPM,35,50,65\n1500,81.6,90.0,\n2000,80.0,114.0,100.0\n");
  g_autoptr(DynoTable) current = parse ("RPM,35,50,65\n1500,82.0,90.0,\n2000,80.0,114.0,100.0\n");
  g_autofree char *differences = dyno_change_differences (base, applied, current);
  g_autofree char *base_sum = dyno_table_bytes_sha256 (base);
  g_autofree char *applied_sum = dyno_table_bytes_sha256 (applied);
  g_autoptr(DynoAnalysisError) error = NULL;
  g_autoptr(DynoAnalysisError) damaged = NULL;

  g_assert_cmpstr (differences, ==, "1500, 35: base 80, applied 81.6, now 82");
  g_assert_null (dyno_change_undo (base->bytes, base_sum, current->bytes, applied_sum,
                                   differences, &error));
  g_assert_cmpint (error->reason, ==, DYNO_ANALYSIS_REFUSED);
  g_assert_nonnull (strstr (error->message, differences));
  g_assert_null (dyno_change_undo (applied->bytes, base_sum, applied->bytes, applied_sum, NULL,
                                   &damaged));
  g_assert_cmpint (damaged->reason, ==, DYNO_ANALYSIS_REFUSED);
}

static void
test_golden_apply (void)
{
  g_autoptr(DynoTable) base = dyno_test_shared_table ("golden/ve_apply_rollback/base.csv");
  g_autoptr(DynoTable) factors = dyno_test_shared_table ("golden/ve_apply_rollback/factor.csv");
  g_autoptr(DynoTable) applied = dyno_test_shared_table ("golden/ve_apply_rollback/applied.csv");
  g_autoptr(GBytes) bytes = NULL;

  if (base == NULL || factors == NULL || applied == NULL)
    return;
  bytes = dyno_change_apply_compat (base, factors, 7, NULL);
  g_assert_true (g_bytes_equal (bytes, applied->bytes));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/change/prepare", test_prepare);
  g_test_add_func ("/change/blocks", test_blocks);
  g_test_add_func ("/change/stale-base", test_stale_base);
  g_test_add_func ("/change/refused", test_refused);
  g_test_add_func ("/change/resample", test_resample);
  g_test_add_func ("/change/resample-mapping", test_resample_mapping);
  g_test_add_func ("/change/one-cylinder", test_one_cylinder);
  g_test_add_func ("/change/preview-sum", test_preview_sum);
  g_test_add_func ("/change/padding-follows", test_padding_follows);
  g_test_add_func ("/change/apply-refused", test_apply_refused);
  g_test_add_func ("/change/round-trip", test_round_trip);
  g_test_add_func ("/change/metadata", test_metadata);
  g_test_add_func ("/change/undo-refused", test_undo_refused);
  g_test_add_func ("/change/golden-apply", test_golden_apply);

  return g_test_run ();
}
