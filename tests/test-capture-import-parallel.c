/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-error.h"
#include "dyno-import.h"
#include "dyno-test-log.h"
#include "dyno-test-mlg.h"
#include "dyno-test-source.h"
#include "dyno-test.h"

#include <string.h>

/* A large log is read by several threads. A source that does not say how
 * long it is goes to one: both must be the same, bit for bit. */

#define LARGE (24 * 1024 * 1024) /* some blocks of the reader */

typedef struct
{
  DynoImportReport *report;  /* (owned) (nullable) */
  DynoSamples      *samples; /* (owned) (nullable) */
  char             *refusal; /* (owned) (nullable) */
} Outcome;

static void
import (Outcome                 *self,
        const char              *bytes,
        gsize                    n,
        const DynoImportOptions *options,
        gboolean                 is_parallel)
{
  DynoTestSource memory;
  g_autoptr(GError) error = NULL;

  dyno_test_source_init (&memory, bytes, n, is_parallel ? n : 0);
  *self = (Outcome){ 0 };
  self->report = dyno_import_run (&memory.source, options, NULL, &self->samples, &error);
  if (error != NULL)
    self->refusal = g_strdup_printf ("%s: %s", dyno_error_get_reason (error), error->message);
}

static void
outcome_clear (Outcome *self)
{
  g_clear_pointer (&self->report, dyno_import_report_free);
  g_clear_pointer (&self->samples, dyno_samples_unref);
  g_free (self->refusal);
}

static void
assert_same_bytes (const void *a,
                   const void *b,
                   gsize       n)
{
  g_assert_cmpint (a == NULL, ==, b == NULL);
  if (a != NULL)
    g_assert_cmpint (memcmp (a, b, n), ==, 0);
}

static void
assert_same_samples (DynoSamples *a,
                     DynoSamples *b)
{
  gsize n = dyno_samples_n_rows (a);

  g_assert_cmpuint (n, ==, dyno_samples_n_rows (b));
  g_assert_cmpuint (dyno_samples_n_columns (a), ==, dyno_samples_n_columns (b));
  assert_same_bytes (dyno_samples_time (a), dyno_samples_time (b), n * sizeof (double));
  for (guint i = 0; i < dyno_samples_n_columns (a); i++)
    {
      const DynoColumn *x = dyno_samples_column (a, i);
      const DynoColumn *y = dyno_samples_column (b, i);

      g_assert_cmpstr (x->name, ==, y->name);
      g_assert_cmpint (x->channel, ==, y->channel);
      dyno_test_assert_same_numbers (x, y);
      assert_same_bytes (x->reasons, y->reasons, n);
      assert_same_bytes (x->updates, y->updates, (n + 7) / 8);
    }
}

static void
assert_same (const char              *bytes,
             gsize                    n,
             const DynoImportOptions *options)
{
  Outcome serial;
  Outcome parallel;

  import (&serial, bytes, n, options, FALSE);
  import (&parallel, bytes, n, options, TRUE);
  g_assert_cmpstr (serial.refusal, ==, parallel.refusal);
  if (serial.report != NULL)
    {
      g_autofree char *a = dyno_import_report_to_json (serial.report, NULL);
      g_autofree char *b = dyno_import_report_to_json (parallel.report, NULL);

      g_assert_cmpuint (serial.report->bytes, ==, n);
      g_assert_cmpstr (a, ==, b);
      assert_same_samples (serial.samples, parallel.samples);
    }
  outcome_clear (&serial);
  outcome_clear (&parallel);
}

/* Numbers of all lengths, quotes, words, blanks, −0, held rows, comments, CRLF. */
static void
append_row (GString *text,
            guint64  i)
{
  static const char *const odd[]
    = { "\"12.5\"", "NaN", "On", "", "-0", "0", "1e-3", "-99999", "what", "\"a,b\"", "255", " 7 " };
  guint64 held = i % 11 == 0 ? i - 1 : i;

  if (i % 1009 == 0)
    g_string_append (text, "# a comment\n\n");
  g_string_append_printf (text, "%" G_GUINT64_FORMAT ".%03u,%u.%02u,%u,%s,13.%05u,%u",
                          i / 50, (guint) (i % 50 * 20), (guint) (800 + held % 5000),
                          (guint) (held % 100), (guint) (held % 101),
                          held % 7 == 0 ? odd[held / 7 % G_N_ELEMENTS (odd)] : "42.125",
                          (guint) (held * 7919 % 100000), (guint) (held * 31 % 65536));
  if (i % 5003 == 0)
    g_string_append (text, ",more");
  g_string_append (text, i % 3 == 0 ? "\r\n" : "\n");
}

/* The same rows again and again: their stamps are not used. */
static const DynoImportOptions by_rate = { .rate_hz = 50 };

static GString *
make_text (gsize size)
{
  GString *text = g_string_new ("Time (s),RPM,TPS (%),Odd,AFR,Word\n");
  g_autoptr(GString) body = g_string_new (NULL);

  for (guint64 i = 0; body->len < 1000003; i++)
    append_row (body, i);
  while (text->len < size)
    g_string_append_len (text, body->str, (gssize) body->len);

  return text;
}

static void
test_text (void)
{
  g_autoptr(GString) text = make_text (LARGE);

  assert_same (text->str, text->len, &by_rate);
  g_string_truncate (text, text->len - 9); /* within the last row */
  assert_same (text->str, text->len, &by_rate);
}

/* Rows that a warning quotes with the number of their line. */
static void
test_ragged (void)
{
  DynoImportOptions options = { .rate_hz = 50, .force = TRUE };
  g_autoptr(GString) text = make_text (LARGE);
  g_autoptr(GString) all = g_string_sized_new (text->len * 2);
  gsize half = (gsize) (strchr (text->str + text->len / 2, '\n') + 1 - text->str);

  g_string_append_len (all, text->str, (gssize) half);
  g_string_append (all, "1.5,3\n\"unclosed,1,2,3,4,5,6,7,8\n");
  g_string_append_len (all, text->str + half, (gssize) (text->len - half));
  assert_same (all->str, all->len, &options);
}

/* A cell beyond the limit, far down: the sentence names its line. */
static void
test_refusal (void)
{
  g_autoptr(GString) text = make_text (LARGE);
  g_autofree char *cell = g_strnfill (70000, 'x');
  Outcome outcome;

  g_string_append_printf (text, "9999999,1,2,3,%s\n", cell);
  append_row (text, 1);
  g_string_append (text, "\n");
  import (&outcome, text->str, text->len, &by_rate, TRUE);
  g_assert_nonnull (outcome.refusal);
  g_assert_true (g_str_has_prefix (outcome.refusal, "import_limit: Cell 5 of line "));
  outcome_clear (&outcome);
  assert_same (text->str, text->len, &by_rate);
}

/* Stamps of a clock, whose form is found in the first block. */
static void
test_clock (void)
{
  g_autoptr(GString) text = g_string_new ("Time,RPM,MAP\n");

  for (guint64 i = 0; text->len < LARGE; i++)
    g_string_append_printf (text, "%02u:%02u:%02u.%03u,%u,%u.5\n", (guint) (i / 360000 % 24),
                            (guint) (i / 6000 % 60), (guint) (i / 100 % 60),
                            (guint) (i % 100 * 10), (guint) (1000 + i % 3000), (guint) (i % 90));
  assert_same (text->str, text->len, NULL);
}

/* Markers here and there: each stands before its row. */
static void
test_markers (void)
{
  g_autoptr(GString) text = g_string_new ("\"MS3\"\nTime\tRPM\tMAP\ns\trpm\tkPa\n");
  Outcome outcome;

  for (guint i = 0; text->len < LARGE; i++)
    {
      if (i % 400001 == 5)
        g_string_append_printf (text, "MARK %03u - Manual\n", i % 1000);
      g_string_append_printf (text, "%u.%02u\t%u\t%u.5\n", i / 50, i % 50 * 2, 1000 + i % 3000,
                              i % 90);
    }
  assert_same (text->str, text->len, NULL);
  import (&outcome, text->str, text->len, NULL, TRUE);
  for (guint i = 0; i < outcome.report->markers->len; i++)
    g_assert_cmpuint (g_array_index (outcome.report->markers, DynoImportMarker, i).before_row, ==,
                      i * 400001 + 6);
  g_assert_cmpuint (outcome.report->markers->len, >=, 3);
  outcome_clear (&outcome);
}

static void
test_mlg (void)
{
  g_autoptr(DynoTestMlg) log = dyno_test_mlg_new (2);
  g_autoptr(GByteArray) file = NULL;

  dyno_test_mlg_add_field (log, 7, "Time", "s", 0, 1, 0);
  dyno_test_mlg_add_field (log, 2, "RPM", "rpm", 0, 1, 0);
  dyno_test_mlg_add_field (log, 0, "AFR", "O2", 0, 0.1, 0);
  for (guint i = 0; i < 20; i++)
    {
      g_autofree char *name = g_strdup_printf ("Field %u", i);

      dyno_test_mlg_add_field (log, i % 8, name, "", 0, 0.5, 1);
    }
  for (guint i = 0; i < 980000; i++)
    {
      double raw[23] = { i / 64.0, 1000 + i % 5000, 100 + i % 156 };

      for (guint k = 3; k < G_N_ELEMENTS (raw); k++)
        raw[k] = i % 9 == 0 ? 0 : (i * k) % 120;
      dyno_test_mlg_add_record (log, raw);
      if (i % 100003 == 0)
        dyno_test_mlg_add_marker (log, "MARK");
    }
  file = dyno_test_mlg_finish (log);
  g_assert_cmpuint (file->len, >, LARGE);
  assert_same ((const char *) file->data, file->len, NULL);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/capture/import/parallel/text", test_text);
  g_test_add_func ("/capture/import/parallel/ragged", test_ragged);
  g_test_add_func ("/capture/import/parallel/refusal", test_refusal);
  g_test_add_func ("/capture/import/parallel/clock", test_clock);
  g_test_add_func ("/capture/import/parallel/markers", test_markers);
  g_test_add_func ("/capture/import/parallel/mlg", test_mlg);

  return g_test_run ();
}
