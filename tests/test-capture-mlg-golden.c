/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-error.h"
#include "dyno-import.h"
#include "dyno-test-log.h"
#include "dyno-test.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Real MegaLogViewer logs against the facts of an independent script. */

#define FOLDER "mlg-converter/"

typedef struct
{
  DynoJson         *facts;   /* (owned) of all files */
  const DynoJson   *fact;    /* of this one */
  char             *bytes;   /* (owned) the file */
  gsize             n_bytes;
  DynoImportReport *report;  /* (owned) (nullable) */
  DynoSamples      *samples; /* (owned) (nullable) */
  GError           *refusal; /* (owned) (nullable) */
} Golden;

static gboolean
golden_read (Golden     *self,
             const char *name)
{
  g_autofree char *key = g_strconcat (FOLDER, name, NULL);
  g_autofree char *file = g_strconcat ("logs/", key, NULL);
  g_autofree char *path = dyno_test_shared_file (file);

  *self = (Golden){ 0 };
  if (path == NULL)
    return FALSE;
  self->facts = dyno_test_shared_json ("logs/expected.json");
  self->fact = dyno_json_member (self->facts, key);
  self->bytes = dyno_test_read (path, &self->n_bytes);
  self->report = dyno_import_file (path, NULL, NULL, &self->samples, &self->refusal);

  return TRUE;
}

static void
golden_clear (Golden *self)
{
  dyno_json_free (self->facts);
  g_free (self->bytes);
  g_clear_pointer (&self->report, dyno_import_report_free);
  g_clear_pointer (&self->samples, dyno_samples_unref);
  g_clear_error (&self->refusal);
}

static gint64
get_count (const Golden *golden,
           const char   *member)
{
  return dyno_json_get_integer (golden->fact, member, -1);
}

static guint64
count_warning (const DynoImportReport *report,
               const char             *code)
{
  const DynoImportFinding *warning = dyno_import_report_find_warning (report, code);

  return warning != NULL ? warning->count : 0;
}

static void
check_head (const Golden *golden)
{
  const DynoImportReport *report = golden->report;

  g_assert_cmpstr (report->dialect, ==, "mlg");
  g_assert_cmpint ((gint64) report->bytes, ==, get_count (golden, "bytes"));
  g_assert_cmpstr (report->sha256, ==, dyno_json_get_string (golden->fact, "sha256"));
  g_assert_cmpint ((gint64) report->rows, ==, get_count (golden, "records"));
  g_assert_cmpint (report->columns, ==, get_count (golden, "fields"));
  g_assert_cmpint (report->markers->len, ==, get_count (golden, "markers"));
  g_assert_cmpint ((gint64) count_warning (report, "lost_records"), ==,
                   get_count (golden, "counter_gaps_all_blocks"));
  g_assert_cmpint (report->constant->len, ==, get_count (golden, "constant"));
  g_assert_cmpuint (report->rejected[DYNO_REJECT_CHECKSUM], ==, 0);
  g_assert_null (dyno_import_report_find_warning (report, "truncated"));
  g_assert_nonnull (strstr (report->preamble,
                            dyno_json_get_string (golden->fact, "signature")));
}

static void
check_time (const Golden *golden)
{
  const DynoImportReport *report = golden->report;

  dyno_assert_near (report->duration_s, dyno_json_get_number (golden->fact, "span_s", NAN), 5e-4);
  dyno_assert_near (report->rate_hz, dyno_json_get_number (golden->fact, "rate_hz", NAN), 5e-4);
  dyno_assert_near (report->step_median_ms,
                    dyno_json_get_number (golden->fact, "dt_median_ms", NAN), 1e-3);
  dyno_assert_near (report->step_max_ms, dyno_json_get_number (golden->fact, "dt_max_ms", NAN),
                    1e-3);
}

static void
check_gaps (const Golden *golden)
{
  const DynoJson *gaps = dyno_json_member (golden->fact, "gaps");
  const DynoImportReport *report = golden->report;

  g_assert_cmpuint (report->gaps->len, ==, dyno_json_n_elements (gaps));
  for (guint i = 0; i < report->gaps->len; i++)
    {
      const DynoImportGap *gap = &g_array_index (report->gaps, DynoImportGap, i);
      const DynoJson *wanted = dyno_json_element (gaps, i);

      g_assert_cmpint ((gint64) gap->after_row, ==,
                       dyno_json_get_integer (wanted, "after_row", -1));
      dyno_assert_near (gap->at_s, dyno_json_get_number (wanted, "at_s", NAN), 5e-4);
      dyno_assert_near (gap->length_s, dyno_json_get_number (wanted, "len_s", NAN), 5e-4);
    }
}

static void
check_markers (const Golden *golden)
{
  const DynoJson *list = dyno_json_member (golden->fact, "marker_list");

  for (guint i = 0; i < dyno_json_n_elements (list); i++)
    {
      const DynoJson *wanted = dyno_json_element (list, i);
      const DynoImportMarker *marker
        = &g_array_index (golden->report->markers, DynoImportMarker, i);

      g_assert_cmpint ((gint64) marker->before_row, ==,
                       dyno_json_get_integer (wanted, "before_record", -1));
      g_assert_cmpstr (marker->text, ==, dyno_json_get_string (wanted, "text"));
      g_assert_cmpfloat (marker->at_s, ==,
                         dyno_samples_time (golden->samples)[marker->before_row - 1]);
    }
}

static int
compare_numbers (gconstpointer a,
                 gconstpointer b)
{
  double x = *(const double *) a;
  double y = *(const double *) b;

  return x < y ? -1 : x > y;
}

static gint64
count_distinct (const DynoColumn *column,
                gsize             n)
{
  g_autofree double *sorted = dyno_test_dup_column (column);
  gint64 n_distinct = n > 0;

  qsort (sorted, n, sizeof *sorted, compare_numbers);
  for (gsize i = 1; i < n; i++)
    n_distinct += sorted[i] != sorted[i - 1];

  return n_distinct;
}

/* Columns of which nothing is missing: as the script saw them. In one log two of them
 * had readings rejected and two hold NaN. */
static void
check_columns (const Golden *golden)
{
  const DynoJson *columns = dyno_json_member (golden->fact, "columns");
  const DynoJson *units = dyno_json_member (golden->fact, "units");
  guint n_checked = 0;

  for (guint i = 0; i < golden->report->channels->len; i++)
    {
      const DynoImportChannel *channel = g_ptr_array_index (golden->report->channels, i);
      const DynoJson *wanted = dyno_json_member (columns, channel->column);

      g_assert_cmpstr (channel->unit_text, ==,
                       dyno_json_get_string (units, channel->column));
      if ((gint64) channel->n != dyno_json_get_integer (wanted, "n", -1))
        continue;
      dyno_assert_near (channel->min, dyno_json_get_number (wanted, "min", NAN), 5.1e-7);
      dyno_assert_near (channel->max, dyno_json_get_number (wanted, "max", NAN), 5.1e-7);
      g_assert_cmpint (count_distinct (dyno_samples_column (golden->samples, i),
                                       golden->report->rows), ==,
                       dyno_json_get_integer (wanted, "distinct", -1));
      n_checked++;
    }
  g_assert_cmpuint (n_checked + 4, >=, golden->report->channels->len);
}

static gboolean
golden_check (Golden     *self,
              const char *name)
{
  if (!golden_read (self, name))
    return FALSE;
  g_assert_no_error (self->refusal);
  check_head (self);
  check_time (self);
  check_gaps (self);
  check_markers (self);
  check_columns (self);

  return TRUE;
}

static guint64
count_rejected (const DynoImportReport *report,
                const char             *column,
                DynoReject              reason)
{
  return dyno_import_report_find_column (report, column)->rejected[reason];
}

static void
assert_mapped (const Golden *golden,
               DynoChannel   channel,
               const char   *column)
{
  const DynoImportChannel *found = dyno_import_report_find (golden->report, channel);

  g_assert_nonnull (found);
  g_assert_cmpstr (found->column, ==, column);
}

/* Cells of 500 rpm and 10 kPa with the engine running. */
static void
count_cells (const Golden *golden,
             guint        *n_filled,
             guint        *n_well_filled)
{
  const DynoColumn *rpm = dyno_samples_find (golden->samples, DYNO_CHANNEL_RPM);
  const DynoColumn *map = dyno_samples_find (golden->samples, DYNO_CHANNEL_MAP);
  guint hits[16][16] = { { 0 } };

  for (gsize i = 0; i < golden->report->rows; i++)
    {
      double speed = dyno_column_value (rpm, i);

      if (speed > 0)
        hits[(int) floor (speed / 500)][(int) floor (dyno_column_value (map, i) / 10)]++;
    }
  *n_filled = *n_well_filled = 0;
  for (gsize i = 0; i < 16 * 16; i++)
    {
      *n_filled += hits[i / 16][i % 16] > 0;
      *n_well_filled += hits[i / 16][i % 16] >= 20;
    }
}

static void
test_long (void)
{
  Golden golden;
  guint n_filled;
  guint n_well_filled;

  if (!golden_check (&golden, "long.mlg"))
    return;

  g_assert_cmpuint (golden.report->time.equal, ==, 1);
  g_assert_cmpstr (golden.report->time.date, ==, "2020-08-16");
  g_assert_cmpstr (golden.report->time.first, ==, "14:50:10");
  g_assert_cmpuint (count_rejected (golden.report, "AFR Target", DYNO_REJECT_SENSOR_OFF), ==, 2976);
  g_assert_cmpuint (count_rejected (golden.report, "Battery V", DYNO_REJECT_OUT_OF_RANGE), ==,
                    2377);
  g_assert_cmpuint (golden.report->rejected[DYNO_REJECT_SENSOR_OFF], ==, 2976);
  g_assert_cmpuint (golden.report->rejected[DYNO_REJECT_OUT_OF_RANGE], ==, 2377);
  g_assert_cmpuint (count_warning (golden.report, "pegged"), ==, 7932);
  g_assert_cmpuint (count_warning (golden.report, "improbable_target"), ==, 4159);
  assert_mapped (&golden, DYNO_CHANNEL_RPM, "RPM");
  assert_mapped (&golden, DYNO_CHANNEL_MAP, "MAP");
  assert_mapped (&golden, DYNO_CHANNEL_MIX, "AFR");
  assert_mapped (&golden, DYNO_CHANNEL_TARGET, "AFR Target");
  count_cells (&golden, &n_filled, &n_well_filled);
  g_assert_cmpuint (n_filled, ==, 98);
  g_assert_cmpuint (n_well_filled, ==, 55);
  golden_clear (&golden);
}

static void
test_short (void)
{
  Golden golden;

  if (!golden_check (&golden, "short.mlg"))
    return;
  for (guint r = DYNO_REJECT_NONE + 1; r < DYNO_N_REJECTS; r++)
    g_assert_cmpuint (golden.report->rejected[r], ==, 0);
  dyno_assert_near (golden.report->step_min_ms, 1, 1e-6);
  golden_clear (&golden);
}

static void
test_markers (void)
{
  Golden golden;

  if (!golden_check (&golden, "markers.mlg"))
    return;
  g_assert_cmpuint (golden.report->rejected[DYNO_REJECT_SENSOR_OFF], ==, 43);
  g_assert_null (dyno_import_report_find (golden.report, DYNO_CHANNEL_TARGET));
  golden_clear (&golden);
}

static void
test_blank (void)
{
  Golden golden;

  if (!golden_read (&golden, "blank.mlg"))
    return;
  g_assert_null (golden.report);
  g_assert_error (golden.refusal, DYNO_ERROR, DYNO_ERROR_INVALID);
  g_assert_cmpstr (dyno_error_get_reason (golden.refusal), ==, "import_no_data");
  g_assert_nonnull (strstr (golden.refusal->message, "71 fields"));
  g_assert_nonnull (strstr (golden.refusal->message, "3996"));
  golden_clear (&golden);
}

/* Read or refused with a reason. */
static void
import_damaged (const char *bytes,
                gsize       n)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(DynoSamples) samples = NULL;
  g_autoptr(DynoImportReport) report
    = dyno_import_bytes ("damaged.mlg", bytes, n, NULL, NULL, &samples, &error);

  g_assert_true (report != NULL ? error == NULL : dyno_error_get_reason (error) != NULL);
}

static void
damage (const char *name,
        guint       n_times)
{
  g_autoptr(GRand) random = g_rand_new_with_seed (20201228);
  Golden golden;

  if (!golden_read (&golden, name))
    return;
  for (guint i = 0; i < n_times; i++)
    {
      gint32 place = g_rand_int_range (random, 0, (gint32) golden.n_bytes);
      char was = golden.bytes[place];

      import_damaged (golden.bytes, (gsize) place);
      golden.bytes[place] = (char) (was ^ g_rand_int_range (random, 1, 256));
      import_damaged (golden.bytes, golden.n_bytes);
      golden.bytes[place] = was;
    }
  golden_clear (&golden);
}

static void
test_damaged (void)
{
  damage ("short.mlg", 100);
  damage ("markers.mlg", 100);
  damage ("blank.mlg", 100);
  damage ("long.mlg", 20);
}

static void
check_one_checksum (const Golden *golden,
                    gsize         place)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(DynoImportReport) report = NULL;
  char was = golden->bytes[place];

  golden->bytes[place] = (char) (was + 1 + (int) place % 255);
  report = dyno_import_bytes ("x.mlg", golden->bytes, golden->n_bytes, NULL, NULL, NULL, &error);
  golden->bytes[place] = was;
  g_assert_no_error (error);
  g_assert_cmpuint (report->rejected[DYNO_REJECT_CHECKSUM], ==, 1);
  g_assert_cmpuint (count_warning (report, "checksum"), ==, 1);
  g_assert_cmpuint (report->rows, ==, golden->report->rows - 1);
  g_assert_cmpuint (count_warning (report, "lost_records"), ==,
                    count_warning (golden->report, "lost_records"));
  g_assert_null (dyno_import_report_find_warning (report, "resync"));
}

/* A byte within the numbers of a record. */
static void
test_one_checksum (void)
{
  g_autoptr(GRand) random = g_rand_new_with_seed (7);
  Golden golden;
  gint32 length;

  if (!golden_read (&golden, "short.mlg"))
    return;
  length = (gint32) get_count (&golden, "record_length");
  for (guint i = 0; i < 100; i++)
    {
      gsize record = (gsize) g_rand_int_range (random, 0, (gint32) golden.report->rows);
      gsize begin = (gsize) get_count (&golden, "data_start") + record * (gsize) (length + 5) + 4;

      check_one_checksum (&golden, begin + (gsize) g_rand_int_range (random, 0, length));
    }
  golden_clear (&golden);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/capture/mlg/golden/long", test_long);
  g_test_add_func ("/capture/mlg/golden/short", test_short);
  g_test_add_func ("/capture/mlg/golden/markers", test_markers);
  g_test_add_func ("/capture/mlg/golden/blank", test_blank);
  g_test_add_func ("/capture/mlg/golden/damaged", test_damaged);
  g_test_add_func ("/capture/mlg/golden/one-checksum", test_one_checksum);

  return g_test_run ();
}
