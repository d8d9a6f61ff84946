/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include <math.h>
#include <string.h>

#include "dyno-crypt.h"
#include "dyno-error.h"
#include "dyno-test-log.h"
#include "dyno-test-store.h"
#include "dyno-test.h"

#define ORIGIN_US G_GINT64_CONSTANT (5000000000)

static DynoRunChannel *
make_channel (guint       index,
              const char *name,
              const char *unit,
              DynoChannel canonical)
{
  DynoRunChannel *channel = dyno_run_channel_new (index, name);

  g_free (channel->unit);
  channel->unit = g_strdup (unit);
  channel->channel = canonical;

  return channel;
}

/* 0 rpm, 1 power in hp (2 and 3 are sent later), as three generations. */
static GPtrArray *
make_channels (void)
{
  GPtrArray *channels = g_ptr_array_new_with_free_func ((GDestroyNotify) dyno_run_channel_free);
  DynoRunChannel *rpm = make_channel (0, "Engine RPM", "rpm", DYNO_CHANNEL_RPM);
  DynoRunChannel *power = make_channel (1, "Power", "hp", DYNO_CHANNEL_POWER_CORR);

  rpm->wire_id = 65535;
  rpm->generation = 3;
  rpm->occurrence = 1;
  rpm->confidence = 0.95;
  g_free (rpm->module);
  rpm->module = g_strdup ("Dynojet RT-150");
  power->scale = 0.7456998715822702;
  power->offset = -0.1;
  g_ptr_array_add (channels, rpm);
  g_ptr_array_add (channels, power);

  return channels;
}

static char *
begin_run (DynoTestStore *f)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(DynoRun) kept = NULL;
  DynoRun *run = dyno_run_new ();

  run->origin_us = ORIGIN_US;
  kept = dyno_test_verb (f, begin_run, &error, run, make_channels ());
  g_assert_no_error (error);
  g_assert_cmpint (kept->status, ==, DYNO_RUN_PROCESSING);

  return g_strdup (kept->id);
}

static void
append (DynoTestStore *f,
        const char    *run_id,
        DynoSecond    *second)
{
  g_autoptr(GError) error = NULL;

  dyno_test_verb (f, append_second, &error, run_id, second);
  g_assert_no_error (error);
}

static float
float_of (guint32 bits)
{
  float value;

  memcpy (&value, &bits, sizeof value);

  return value;
}

/* A second with all that may happen: odd floats, flags, a late reading. */
static DynoSecond *
make_odd_second (gint64 number)
{
  DynoSecond *second = dyno_second_new (number);
  gint64 t0 = ORIGIN_US + number * G_USEC_PER_SEC;
  gint64 rpm_t[] = { t0, t0 + 50000, t0 + 100000, t0 + 60000, t0 + 100000 };
  float rpm[] = { 1000, float_of (0x7fc0dead), float_of (0x7f800001), 1060, float_of (0x80000000) };
  guint8 flags[] = { 0, 1, 0x11, 4, 2 };
  gint64 power_t[] = { t0 + 50000, t0 + 100001 };
  float power[] = { 80, INFINITY };

  dyno_second_add (second, 0, G_N_ELEMENTS (rpm), rpm_t, rpm, flags);
  dyno_second_add (second, 1, G_N_ELEMENTS (power), power_t, power, NULL);

  return second;
}

static void
assert_missing (double value)
{
  guint64 bits;

  memcpy (&bits, &value, sizeof bits);
  g_assert_cmphex (bits, ==, 0x7ff8000000000000);
}

static void
test_exact (DynoTestStore *f,
            gconstpointer  unused)
{
  g_autofree char *id = begin_run (f);
  g_autoptr(GPtrArray) seconds = NULL;
  g_autoptr(GPtrArray) some = NULL;
  g_autoptr(GError) error = NULL;

  for (int i = 0; i < 3; i++)
    append (f, id, make_odd_second (i));
  dyno_test_store_reopen (f);

  seconds = dyno_test_verb (f, load_seconds, &error, id, G_MININT64, G_MAXINT64);
  g_assert_no_error (error);
  g_assert_cmpuint (seconds->len, ==, 3);
  for (guint i = 0; i < 3; i++)
    {
      g_autoptr(DynoSecond) sent = make_odd_second (i);

      g_assert_true (dyno_second_equal (sent, seconds->pdata[i]));
      g_assert_cmpuint (dyno_second_n_samples (seconds->pdata[i]), ==, 7);
    }
  some = dyno_test_verb (f, load_seconds, &error, id, 1, 1);
  g_assert_cmpuint (some->len, ==, 1);
  g_assert_cmpint (dyno_second_number (some->pdata[0]), ==, 1);
}

/* One bit anywhere is seen. */
static void
test_equal_is_to_the_bit (void)
{
  g_autoptr(DynoSecond) a = make_odd_second (0);
  g_autoptr(DynoSecond) other_number = make_odd_second (1);
  g_autoptr(DynoSecond) reversed = dyno_second_new (0);
  DynoSampleBlock rpm = dyno_second_block (a, 0);
  DynoSampleBlock power = dyno_second_block (a, 1);
  guint8 flags[5] = { 0, 1, 0x11, 4, 3 };
  g_autoptr(DynoSecond) other_flag = dyno_second_new (0);

  dyno_second_add (reversed, 1, power.n, power.t_us, power.raw, power.flags);
  dyno_second_add (reversed, 0, rpm.n, rpm.t_us, rpm.raw, rpm.flags);
  dyno_second_add (other_flag, 0, rpm.n, rpm.t_us, rpm.raw, flags);
  dyno_second_add (other_flag, 1, power.n, power.t_us, power.raw, power.flags);
  g_assert_true (dyno_second_equal (a, reversed));
  g_assert_false (dyno_second_equal (a, other_number));
  g_assert_false (dyno_second_equal (a, other_flag));
}

static void
test_aligned (DynoTestStore *f,
              gconstpointer  unused)
{
  static const double times[] = { 0, 0.05, 0.06, 0.1, 0.1, 0.100001 };
  g_autofree char *id = begin_run (f);
  g_autoptr(DynoSamples) samples = NULL;
  g_autoptr(GError) error = NULL;
  const DynoColumn *rpm;
  const DynoColumn *power;

  append (f, id, make_odd_second (0));
  samples = dyno_test_verb (f, load_samples, &error, id, NULL);
  g_assert_no_error (error);
  g_assert_cmpuint (dyno_samples_n_rows (samples), ==, G_N_ELEMENTS (times));
  for (guint i = 0; i < G_N_ELEMENTS (times); i++)
    dyno_assert_near (dyno_samples_time (samples)[i], times[i], 1e-12);

  rpm = dyno_samples_find (samples, DYNO_CHANNEL_RPM);
  g_assert_cmpstr (rpm->name, ==, "Engine RPM");
  g_assert_cmpstr (rpm->module, ==, "Dynojet RT-150");
  g_assert_cmpfloat (dyno_column_value (rpm, 0), ==, 1000);
  assert_missing (dyno_column_value (rpm, 1));
  g_assert_cmpfloat (dyno_column_value (rpm, 2), ==, 1060);
  assert_missing (dyno_column_value (rpm, 3));
  g_assert_cmpfloat (dyno_column_value (rpm, 4), ==, 0);

  power = dyno_samples_find (samples, DYNO_CHANNEL_POWER_CORR);
  g_assert_cmpstr (power->unit->symbol, ==, "hp");
  dyno_assert_near (dyno_column_si (power, 1), 80 * 0.7456998715822702 - 0.1, 1e-15);
  assert_missing (dyno_column_value (power, 0));
  assert_missing (dyno_column_value (power, 5));
}

static void
test_window_and_subset (DynoTestStore *f,
                        gconstpointer  unused)
{
  g_autofree char *id = begin_run (f);
  g_autoptr(GError) error = NULL;
  g_autoptr(DynoSamples) window = NULL;
  g_autoptr(DynoSamples) by_index = NULL;
  g_autoptr(DynoSamples) canonical = NULL;
  g_autoptr(DynoSamples) nothing = NULL;
  guint power[] = { 1 };
  DynoLoad load = { .from_s = 1.05, .to_s = 2 };

  for (int i = 0; i < 4; i++)
    append (f, id, make_odd_second (i));
  window = dyno_test_verb (f, load_samples, &error, id, &load);
  g_assert_no_error (error);
  g_assert_cmpuint (dyno_samples_n_rows (window), ==, 6);
  dyno_assert_near (dyno_samples_time (window)[0], 1.05, 1e-12);
  dyno_assert_near (dyno_samples_time (window)[5], 2, 1e-12);

  by_index = dyno_test_verb (f, load_samples, &error, id,
                             (&(DynoLoad) { .indices = power, .n_indices = 1 }));
  g_assert_cmpuint (dyno_samples_n_columns (by_index), ==, 1);
  g_assert_cmpuint (dyno_samples_n_rows (by_index), ==, 8);

  canonical = dyno_test_verb (f, load_samples, &error, id,
                              (&(DynoLoad) { .canonical = 1ull << DYNO_CHANNEL_RPM }));
  g_assert_cmpuint (dyno_samples_n_columns (canonical), ==, 1);
  g_assert_nonnull (dyno_samples_find (canonical, DYNO_CHANNEL_RPM));

  load = (DynoLoad) { .from_s = 100, .to_s = 200 };
  nothing = dyno_test_verb (f, load_samples, &error, id, &load);
  g_assert_no_error (error);
  g_assert_cmpuint (dyno_samples_n_rows (nothing), ==, 0);
}

/* A provider that starts anew gives its channels new numbers: both columns stay,
 * the one with more readings carries the name. Channels come with the second. */
static void
test_two_generations (DynoTestStore *f,
                      gconstpointer  unused)
{
  g_autofree char *id = begin_run (f);
  DynoSecond *second = dyno_second_new (0);
  gint64 t_us[] = { ORIGIN_US, ORIGIN_US + 1, ORIGIN_US + 2 };
  float raw[] = { 1, 2, 3 };
  g_autoptr(DynoSamples) samples = NULL;
  g_autoptr(GPtrArray) channels = NULL;
  g_autoptr(GError) error = NULL;
  const DynoRunChannel *rpm;

  dyno_second_add (second, 0, 2, t_us, raw, NULL);
  dyno_second_add (second, 7, 3, t_us, raw, NULL);
  dyno_second_add_channel (second, make_channel (7, "Engine RPM", "rpm", DYNO_CHANNEL_RPM));
  append (f, id, second);
  samples = dyno_test_verb (f, load_samples, &error, id, NULL);
  g_assert_no_error (error);
  g_assert_cmpuint (dyno_samples_n_columns (samples), ==, 3);
  g_assert_true (dyno_samples_find (samples, DYNO_CHANNEL_RPM)
                 == dyno_samples_column (samples, 2));
  g_assert_cmpint (dyno_samples_column (samples, 0)->channel, ==, DYNO_CHANNEL_NONE);

  channels = dyno_test_verb (f, list_run_channels, &error, id);
  g_assert_cmpuint (channels->len, ==, 3);
  rpm = channels->pdata[0];
  g_assert_cmpuint (rpm->wire_id, ==, 65535);
  g_assert_cmpuint (rpm->generation, ==, 3);
  g_assert_cmpuint (rpm->occurrence, ==, 1);
  g_assert_cmpfloat (rpm->confidence, ==, 0.95);
  g_assert_cmpint (rpm->axis, ==, DYNO_AXIS_OWN);
  rpm = channels->pdata[2];
  g_assert_cmpuint (rpm->index, ==, 7);
  g_assert_true (isnan (rpm->confidence));
}

static void
test_same_block_twice (DynoTestStore *f,
                       gconstpointer  unused)
{
  g_autofree char *id = begin_run (f);
  g_autoptr(GPtrArray) seconds = NULL;
  g_autoptr(GError) error = NULL;
  DynoSecond *late = dyno_second_new (0);
  gint64 t_us = ORIGIN_US + 999;
  float raw = 5;

  append (f, id, make_odd_second (0));
  g_assert_false (dyno_test_verb (f, append_second, &error, id, make_odd_second (0)));
  g_assert_error (error, DYNO_ERROR, DYNO_ERROR_CONFLICT);
  g_clear_error (&error);

  /* Another channel of the same second may come. */
  dyno_second_add (late, 9, 1, &t_us, &raw, NULL);
  append (f, id, late);
  seconds = dyno_test_verb (f, load_seconds, &error, id, 0, 0);
  g_assert_cmpuint (dyno_second_n_blocks (seconds->pdata[0]), ==, 3);
}

static void
test_no_such_run (DynoTestStore *f,
                  gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;

  g_assert_false (dyno_test_verb (f, append_second, &error, "run_x", make_odd_second (0)));
  g_assert_error (error, DYNO_ERROR, DYNO_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_null (dyno_test_verb (f, load_samples, &error, "run_x", NULL));
  g_assert_error (error, DYNO_ERROR, DYNO_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_null (dyno_test_verb (f, load_seconds, &error, "run_x", 0, 1));
  g_assert_error (error, DYNO_ERROR, DYNO_ERROR_NOT_FOUND);
}

static GPtrArray *
journal_of (const char *run_id)
{
  GPtrArray *files = g_ptr_array_new_with_free_func ((GDestroyNotify) dyno_run_file_free);
  g_autofree char *path = g_strdup_printf ("journal/%s.jdj", run_id);
  g_autofree char *sum = dyno_crypt_sha256_hex (run_id, strlen (run_id));

  g_ptr_array_add (files, dyno_run_file_new (DYNO_FILE_JOURNAL, path, path + 8, 476, sum));

  return files;
}

static DynoRun *
finish (DynoTestStore *f,
        const char    *run_id,
        DynoRunStatus  status,
        GError       **error)
{
  DynoRun *run = dyno_run_new ();

  run->id = g_strdup (run_id);
  run->status = status;
  run->peaks.power_kw = 86.4;
  run->roll_start_us = ORIGIN_US;

  return dyno_test_verb (f, finish_run, error, run, NULL, journal_of (run_id), NULL);
}

static void
test_finish (DynoTestStore *f,
             gconstpointer  unused)
{
  g_autofree char *id = begin_run (f);
  g_autofree char *second_id = begin_run (f);
  g_autoptr(DynoRun) run = NULL;
  g_autoptr(DynoRun) other = NULL;
  g_autoptr(GPtrArray) chain = NULL;
  g_autoptr(GPtrArray) files = NULL;
  g_autoptr(GError) error = NULL;

  run = finish (f, id, DYNO_RUN_COMPLETE, &error);
  g_assert_no_error (error);
  g_assert_cmpint (run->status, ==, DYNO_RUN_COMPLETE);
  g_assert_cmpfloat (run->peaks.power_kw, ==, 86.4);
  g_assert_cmpint (run->origin_us, ==, ORIGIN_US);
  g_assert_null (finish (f, id, DYNO_RUN_COMPLETE, &error));
  g_assert_error (error, DYNO_ERROR, DYNO_ERROR_CONFLICT);
  g_assert_cmpstr (dyno_error_get_reason (error), ==, "finished");
  g_clear_error (&error);

  other = finish (f, second_id, DYNO_RUN_INTERRUPTED, &error);
  chain = dyno_test_verb0 (f, read_chain, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (chain->len, ==, 2);
  g_assert_cmpint (dyno_chain_find_bad (chain), ==, -1);
  g_assert_cmpstr (((DynoChainLink *) chain->pdata[1])->run_id, ==, second_id);

  files = dyno_test_verb (f, list_run_files, &error, id, NULL);
  g_assert_cmpuint (files->len, ==, 1);
  g_assert_cmpint (((DynoRunFile *) files->pdata[0])->bytes, ==, 476);
}

/* h₁ and h₂ computed by hand from the definition. */
static void
test_chain_definition (void)
{
  static const guint8 zero[32] = { 0 };
  g_autofree char *file = dyno_crypt_sha256_hex ("file", 4);
  g_autoptr(GByteArray) bytes = g_byte_array_new ();
  g_autofree char *expected = NULL;
  g_autofree char *found = dyno_chain_hash (NULL, "run_a", file);
  g_autofree char *next = NULL;
  g_autofree char *expected_next = NULL;
  guint8 sum[32];
  guint8 first[32];

  dyno_crypt_sha256 ("file", 4, sum);
  g_byte_array_append (bytes, zero, 32);
  g_byte_array_append (bytes, (const guint8 *) "run_a", 5);
  g_byte_array_append (bytes, sum, 32);
  expected = dyno_crypt_sha256_hex (bytes->data, bytes->len);
  g_assert_cmpstr (found, ==, expected);

  dyno_crypt_sha256 (bytes->data, bytes->len, first);
  memcpy (bytes->data, first, 32);
  expected_next = dyno_crypt_sha256_hex (bytes->data, bytes->len);
  next = dyno_chain_hash (found, "run_a", file);
  g_assert_cmpstr (next, ==, expected_next);
  g_assert_null (dyno_chain_hash ("no hash", "run_a", file));
  g_assert_null (dyno_chain_hash (NULL, "run_a", "abc"));
}

static void
test_chain_tamper (DynoTestStore *f,
                   gconstpointer  unused)
{
  static const struct
  {
    const char *sql;
    int         first_bad;
  } attacks[] = {
    { "UPDATE chain SET sha256 = replace (sha256, substr (sha256, 1, 1),"
      " iif (substr (sha256, 1, 1) = '0', '1', '0')) WHERE position = 2", 1 },
    { "UPDATE chain SET run_id = 'run_other' WHERE position = 3", 2 },
    { "DELETE FROM chain WHERE position = 2", 1 },
    { "UPDATE chain SET position = -position; UPDATE chain SET position = 5 + position", 0 },
    { "UPDATE chain SET hash = upper (hash) WHERE position = 4", -1 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (attacks); i++)
    {
      g_autoptr(GPtrArray) chain = NULL;
      g_autoptr(GError) error = NULL;

      for (int run = 0; run < 4; run++)
        {
          g_autofree char *id = begin_run (f);

          dyno_run_free (finish (f, id, DYNO_RUN_COMPLETE, &error));
          g_assert_no_error (error);
        }
      dyno_test_store_close (f);
      dyno_test_store_sql (f, attacks[i].sql);
      dyno_test_store_open (f, DYNO_STORE_DEFAULT, &error);
      g_assert_no_error (error);
      chain = dyno_test_verb0 (f, read_chain, &error);
      g_assert_cmpint (dyno_chain_find_bad (chain), ==, attacks[i].first_bad);

      dyno_test_store_tear_down (f, NULL);
      dyno_test_store_set_up (f, NULL);
    }
}

static void
test_removed_file (DynoTestStore *f,
                   gconstpointer  unused)
{
  g_autofree char *id = begin_run (f);
  g_autoptr(GPtrArray) files = NULL;
  g_autoptr(GPtrArray) chain = NULL;
  g_autoptr(GError) error = NULL;
  const char *ids[2] = { NULL, NULL };

  dyno_run_free (finish (f, id, DYNO_RUN_COMPLETE, &error));
  files = dyno_test_verb (f, list_run_files, &error, NULL, DYNO_FILE_JOURNAL);
  g_assert_cmpuint (files->len, ==, 1);
  ids[0] = ((DynoRunFile *) files->pdata[0])->id;
  g_assert_true (dyno_test_verb (f, remove_run_files, &error, ids));
  g_assert_false (dyno_test_verb (f, remove_run_files, &error, ids));
  g_assert_error (error, DYNO_ERROR, DYNO_ERROR_NOT_FOUND);
  chain = dyno_test_verb0 (f, read_chain, NULL);
  g_assert_cmpint (((DynoChainLink *) chain->pdata[0])->removed_ms, ==, DYNO_TEST_STORE_BEGIN_MS);
  g_assert_cmpint (dyno_chain_find_bad (chain), ==, -1);
}

static void
test_replace (DynoTestStore *f,
              gconstpointer  unused)
{
  g_autofree char *id = begin_run (f);
  GPtrArray *seconds = g_ptr_array_new_with_free_func ((GDestroyNotify) dyno_second_free);
  g_autoptr(DynoSecond) expected = make_odd_second (7);
  g_autoptr(GPtrArray) found = NULL;
  g_autoptr(DynoStoreCheck) check = NULL;
  g_autoptr(GError) error = NULL;

  append (f, id, make_odd_second (0));
  append (f, id, make_odd_second (1));
  g_ptr_array_add (seconds, make_odd_second (7));
  g_assert_true (dyno_test_verb (f, replace_samples, &error, id, make_channels (), seconds));
  g_assert_no_error (error);
  found = dyno_test_verb (f, load_seconds, &error, id, 0, G_MAXINT64);
  g_assert_cmpuint (found->len, ==, 1);
  g_assert_true (dyno_second_equal (found->pdata[0], expected));
  check = dyno_test_verb0 (f, check, &error);
  g_assert_true (check->is_ok);
  g_assert_cmpint (check->n_samples, ==, 7);
}

/* All or nothing: the third second is there twice. */
static void
test_failed_replace_changes_nothing (DynoTestStore *f,
                                     gconstpointer  unused)
{
  g_autofree char *id = begin_run (f);
  GPtrArray *seconds = g_ptr_array_new_with_free_func ((GDestroyNotify) dyno_second_free);
  g_autoptr(GPtrArray) found = NULL;
  g_autoptr(GError) error = NULL;

  append (f, id, make_odd_second (0));
  g_ptr_array_add (seconds, make_odd_second (5));
  g_ptr_array_add (seconds, make_odd_second (5));
  g_assert_false (dyno_test_verb (f, replace_samples, &error, id, make_channels (), seconds));
  g_assert_error (error, DYNO_ERROR, DYNO_ERROR_CONFLICT);
  found = dyno_test_verb (f, load_seconds, NULL, id, 0, G_MAXINT64);
  g_assert_cmpuint (found->len, ==, 1);
  g_assert_cmpint (dyno_second_number (found->pdata[0]), ==, 0);
}

#define N_ROWS 20001

/* A log of three chunks: time, a column of decimals with gaps and reasons, one of
 * plain doubles with update bits. */
static DynoSamples *
make_log (gboolean has_time)
{
  DynoSamplesBuilder *builder = dyno_samples_builder_new (N_ROWS);
  double *time = g_new (double, N_ROWS);
  double *rpm = g_new (double, N_ROWS);
  double *odd = g_new (double, N_ROWS);
  guint8 *updates = g_new0 (guint8, N_ROWS / 8 + 1);
  guint8 *excluded = g_new0 (guint8, N_ROWS / 8 + 1);
  guint8 *reasons = g_new0 (guint8, N_ROWS);
  guint column;

  for (int i = 0; i < N_ROWS; i++)
    {
      time[i] = i * 0.02;
      rpm[i] = i % 100 == 7 ? NAN : 1000 + i / 8.0;
      reasons[i] = i % 100 == 7 ? DYNO_REJECT_SENTINEL : 0;
      odd[i] = sin (i);
      if (i % 5 == 0)
        updates[i / 8] |= (guint8) (1 << (i % 8));
      if (i % 1000 == 3)
        excluded[i / 8] |= (guint8) (1 << (i % 8));
    }
  if (has_time)
    dyno_samples_builder_take_time (builder, time);
  else
    g_free (time);
  column = dyno_samples_builder_take (builder, "Engine RPM", "DWRT CPU", DYNO_CHANNEL_RPM,
                                      dyno_unit_find ("rpm"), rpm);
  dyno_samples_builder_set_scale (builder, column, "RPM x1000", 1000.0 / 3, 0.1);
  dyno_samples_builder_take_reasons (builder, column, reasons);
  column = dyno_samples_builder_take (builder, "Strange", "", DYNO_CHANNEL_NONE,
                                      dyno_unit_none (), odd);
  dyno_samples_builder_take_updates (builder, column, updates);
  dyno_samples_builder_take_excluded (builder, excluded);

  return dyno_samples_builder_finish (builder);
}

static char *
import_log (DynoTestStore *f,
            DynoSamples   *samples)
{
  const double confidence[] = { 0.95, 0 };
  g_autoptr(GError) error = NULL;
  g_autoptr(DynoRun) kept = dyno_test_verb (f, import_run, &error, dyno_test_make_run ("log"),
                                            samples, confidence, NULL, NULL);

  g_assert_no_error (error);

  return g_strdup (kept->id);
}

static gboolean
bit (const guint8 *bits,
     gsize         i)
{
  return (bits[i / 8] >> (i % 8) & 1) != 0;
}

static void
assert_same_column (const DynoColumn *a,
                    const DynoColumn *b,
                    gsize             n)
{
  g_assert_cmpstr (a->name, ==, b->name);
  g_assert_cmpstr (a->module, ==, b->module);
  g_assert_cmpstr (a->unit_text, ==, b->unit_text);
  g_assert_true (a->unit == b->unit);
  g_assert_cmpint (a->channel, ==, b->channel);
  g_assert_cmpfloat (a->scale, ==, b->scale);
  g_assert_cmpfloat (a->offset, ==, b->offset);
  dyno_test_assert_same_numbers (a, b);
  g_assert_true ((a->updates != NULL) == (b->updates != NULL));
  g_assert_true ((a->reasons != NULL) == (b->reasons != NULL));
  for (gsize i = 0; i < n; i++)
    {
      if (a->updates != NULL)
        g_assert_cmpint (bit (a->updates, i), ==, bit (b->updates, i));
      if (a->reasons != NULL)
        g_assert_cmpint (a->reasons[i], ==, b->reasons[i]);
    }
}

static void
assert_same_samples (const DynoSamples *a,
                     const DynoSamples *b)
{
  gsize n = dyno_samples_n_rows (b);

  g_assert_cmpuint (dyno_samples_n_rows (a), ==, n);
  g_assert_cmpint (dyno_samples_has_time (a), ==, dyno_samples_has_time (b));
  g_assert_cmpmem (dyno_samples_time (a), n * sizeof (double), dyno_samples_time (b),
                   n * sizeof (double));
  g_assert_cmpuint (dyno_samples_n_columns (a), ==, dyno_samples_n_columns (b));
  for (guint i = 0; i < dyno_samples_n_columns (a); i++)
    assert_same_column (dyno_samples_column (a, i), dyno_samples_column (b, i), n);
  for (gsize i = 0; i < n; i++)
    g_assert_cmpint (bit (dyno_samples_excluded (a), i), ==, bit (dyno_samples_excluded (b), i));
}

static void
test_imported (DynoTestStore *f,
               gconstpointer  unused)
{
  for (int has_time = 0; has_time < 2; has_time++)
    {
      g_autoptr(DynoSamples) log = make_log (has_time);
      g_autofree char *id = import_log (f, log);
      g_autoptr(GError) error = NULL;
      g_autoptr(DynoSamples) again = dyno_test_verb (f, load_samples, &error, id, NULL);
      g_autoptr(GPtrArray) seconds = dyno_test_verb (f, load_seconds, &error, id, 0, G_MAXINT64);
      g_autoptr(GPtrArray) channels = dyno_test_verb (f, list_run_channels, &error, id);

      g_assert_no_error (error);
      assert_same_samples (again, log);
      g_assert_cmpuint (seconds->len, ==, 0);
      g_assert_cmpfloat (((DynoRunChannel *) channels->pdata[0])->confidence, ==, 0.95);
      g_assert_cmpint (((DynoRunChannel *) channels->pdata[0])->axis, ==, DYNO_AXIS_SHARED);
    }
}

static void
test_imported_window (DynoTestStore *f,
                      gconstpointer  unused)
{
  g_autoptr(DynoSamples) log = make_log (TRUE);
  g_autofree char *id = import_log (f, log);
  guint strange[] = { 1 };
  DynoLoad load = { .indices = strange, .n_indices = 1, .from_s = 163.83, .to_s = 164 };
  g_autoptr(GError) error = NULL;
  g_autoptr(DynoSamples) part = dyno_test_verb (f, load_samples, &error, id, &load);
  const DynoColumn *column;

  /* Across the border of two chunks, not at the beginning of a byte. */
  g_assert_no_error (error);
  g_assert_cmpuint (dyno_samples_n_columns (part), ==, 1);
  g_assert_cmpuint (dyno_samples_n_rows (part), ==, 9);
  dyno_assert_near (dyno_samples_time (part)[0], 163.84, 1e-12);
  column = dyno_samples_column (part, 0);
  for (gsize i = 0; i < 9; i++)
    {
      g_assert_cmpfloat (dyno_column_value (column, i), ==, sin ((double) (8192 + i)));
      g_assert_cmpint (bit (column->updates, i), ==, (8192 + i) % 5 == 0);
    }

  g_clear_pointer (&part, dyno_samples_unref);
  load.from_s = 163.7;
  part = dyno_test_verb (f, load_samples, &error, id, &load);
  g_assert_cmpuint (dyno_samples_n_rows (part), ==, 16);
  column = dyno_samples_column (part, 0);
  for (gsize i = 0; i < 16; i++)
    {
      g_assert_cmpfloat (dyno_column_value (column, i), ==, sin ((double) (8185 + i)));
      g_assert_cmpint (bit (column->updates, i), ==, (8185 + i) % 5 == 0);
    }
}

static void
test_import_keeps_its_source (DynoTestStore *f,
                              gconstpointer  unused)
{
  g_autoptr(DynoSamples) log = make_log (TRUE);
  GPtrArray *files = g_ptr_array_new_with_free_func ((GDestroyNotify) dyno_run_file_free);
  g_autofree char *sum = dyno_crypt_sha256_hex ("csv", 3);
  g_autoptr(GError) error = NULL;
  g_autoptr(DynoRun) kept = NULL;
  g_autoptr(DynoRun) found = NULL;
  g_autoptr(GPtrArray) chain = NULL;
  const char *ids[2] = { NULL, NULL };

  g_ptr_array_add (files, dyno_run_file_new (DYNO_FILE_SOURCE, "source/x", "Pull 3.csv", 3, sum));
  g_assert_null (dyno_test_verb (f, find_import, &error, sum));
  g_assert_error (error, DYNO_ERROR, DYNO_ERROR_NOT_FOUND);
  g_clear_error (&error);
  kept = dyno_test_verb (f, import_run, &error, dyno_test_make_run ("log"), log, NULL, files, NULL);
  g_assert_no_error (error);
  found = dyno_test_verb (f, find_import, &error, sum);
  g_assert_cmpstr (found->id, ==, kept->id);

  /* No link for what is no journal; nothing found in the trash. */
  chain = dyno_test_verb0 (f, read_chain, &error);
  g_assert_cmpuint (chain->len, ==, 0);
  ids[0] = kept->id;
  g_assert_true (dyno_test_verb (f, trash_runs, &error, ids));
  g_assert_null (dyno_test_verb (f, find_import, &error, sum));
  g_assert_error (error, DYNO_ERROR, DYNO_ERROR_NOT_FOUND);
}

static void
test_damaged_block (DynoTestStore *f,
                    gconstpointer  unused)
{
  g_autofree char *id = begin_run (f);
  g_autoptr(GError) error = NULL;
  g_autoptr(DynoStoreCheck) check = NULL;

  append (f, id, make_odd_second (0));
  dyno_test_store_close (f);
  dyno_test_store_sql (f, "UPDATE sample_blocks SET data = CAST (substr (data, 1, 5) || 'x'"
                          " || substr (data, 7) AS BLOB) WHERE channel = 1");
  dyno_test_store_open (f, DYNO_STORE_DEFAULT, &error);
  g_assert_no_error (error);
  g_assert_null (dyno_test_verb (f, load_samples, &error, id, NULL));
  g_assert_error (error, DYNO_ERROR, DYNO_ERROR_CORRUPT);
  g_clear_error (&error);
  g_assert_null (dyno_test_verb (f, load_seconds, &error, id, 0, 9));
  g_assert_error (error, DYNO_ERROR, DYNO_ERROR_CORRUPT);
  g_clear_error (&error);

  check = dyno_test_verb0 (f, check, &error);
  g_assert_no_error (error);
  g_assert_false (check->is_ok);
  g_assert_nonnull (strstr (check->findings->pdata[0], "damaged"));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/samples/equal", test_equal_is_to_the_bit);
  g_test_add_func ("/samples/chain/definition", test_chain_definition);
  DYNO_TEST_STORE_ADD ("/samples/exact", test_exact);
  DYNO_TEST_STORE_ADD ("/samples/aligned", test_aligned);
  DYNO_TEST_STORE_ADD ("/samples/window", test_window_and_subset);
  DYNO_TEST_STORE_ADD ("/samples/generations", test_two_generations);
  DYNO_TEST_STORE_ADD ("/samples/twice", test_same_block_twice);
  DYNO_TEST_STORE_ADD ("/samples/no-such-run", test_no_such_run);
  DYNO_TEST_STORE_ADD ("/samples/finish", test_finish);
  DYNO_TEST_STORE_ADD ("/samples/chain/tamper", test_chain_tamper);
  DYNO_TEST_STORE_ADD ("/samples/chain/removed", test_removed_file);
  DYNO_TEST_STORE_ADD ("/samples/replace", test_replace);
  DYNO_TEST_STORE_ADD ("/samples/replace/failed", test_failed_replace_changes_nothing);
  DYNO_TEST_STORE_ADD ("/samples/imported", test_imported);
  DYNO_TEST_STORE_ADD ("/samples/imported/window", test_imported_window);
  DYNO_TEST_STORE_ADD ("/samples/imported/source", test_import_keeps_its_source);
  DYNO_TEST_STORE_ADD ("/samples/damaged", test_damaged_block);

  return g_test_run ();
}
