/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-error.h"
#include "dyno-import.h"
#include "dyno-test.h"

#include <math.h>
#include <string.h>

/* Real logs written another way must read the same (formats.md F.2); cut or damaged
 * they must be answered, not crash (F.1). */

#define N_DAMAGED 100

static const char *const names[] = {
  "logs/wrl-dyno-check/134power.csv",
  "logs/wrl-dyno-check/RunFile_40.csv",
  "logs/dynoai3/jetdrive_log_20251218_230024.csv",
  "logs/me7tuner/zeitronix.csv",
};

typedef struct
{
  GStrv      preamble; /* (owned) lines above the header */
  GPtrArray *rows; /* (owned) of GStrv: cells without quotes */
  guint      n_columns;
} Table;

static GStrv
split_cells (const char *line)
{
  GStrv cells = g_strsplit (line, ",", -1);

  for (guint i = 0; cells[i] != NULL; i++)
    {
      g_strstrip (cells[i]);
      if (cells[i][0] == '"')
        {
          char *bare = g_strndup (cells[i] + 1, strlen (cells[i]) - 2);

          g_free (cells[i]);
          cells[i] = bare;
        }
    }

  return cells;
}

static Table
read_table (const char *text)
{
  g_auto(GStrv) lines = g_strsplit (text, "\n", -1);
  Table table = { .rows = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev) };
  g_autoptr(GStrvBuilder) preamble = g_strv_builder_new ();
  guint top = 0;

  for (; strchr (lines[top], ',') == NULL; top++)
    g_strv_builder_add (preamble, lines[top]);
  table.preamble = g_strv_builder_end (preamble);
  for (guint i = top; lines[i] != NULL && lines[i][0] != '\0'; i++)
    g_ptr_array_add (table.rows, split_cells (lines[i]));
  table.n_columns = g_strv_length (g_ptr_array_index (table.rows, 0));

  return table;
}

typedef enum
{
  PLAIN,
  UTF_16LE,
  UTF_16BE,
  UTF_16LE_MARK,
  UTF_16BE_MARK,
  UTF_16LE_ODD,
  CRLF,
  CR,
  SEMICOLON_COMMA,
  TAB,
  TAB_COMMA,
  TRAILING,
  QUOTED,
  UPPER,
  SHUFFLED,
  UTF_8_MARK,
  NO_LAST_END,
  N_WAYS,
} Way;

/* The n-th column of the file that is written: a fixed shuffle. */
static guint
place (const Table *table,
       Way          way,
       guint        n)
{
  return way == SHUFFLED ? (2 * table->n_columns - 1 - n - table->n_columns / 3) % table->n_columns
                         : n;
}

static void
write_cell (GString    *out,
            const char *cell,
            Way         way,
            gboolean    is_header)
{
  g_autofree char *text = way == UPPER && is_header ? g_ascii_strup (cell, -1) : g_strdup (cell);

  if ((way == SEMICOLON_COMMA || way == TAB_COMMA) && !is_header)
    g_strdelimit (text, ".", ',');
  if (way == QUOTED)
    g_string_append_printf (out, "\"%s\"", text);
  else
    g_string_append (out, text);
}

static GString *
write_text (const Table *table,
            Way          way)
{
  GString *out = g_string_new (NULL);
  char delimiter = way == SEMICOLON_COMMA ? ';' : way == TAB || way == TAB_COMMA ? '\t' : ',';
  const char *end = way == CRLF ? "\r\n" : way == CR ? "\r" : "\n";

  for (guint i = 0; table->preamble[i] != NULL; i++)
    g_string_append_printf (out, "%s%s", g_strchomp (table->preamble[i]), end);
  for (guint r = 0; r < table->rows->len; r++)
    {
      const GStrv cells = g_ptr_array_index (table->rows, r);

      for (guint i = 0; i < table->n_columns; i++)
        {
          if (i > 0)
            g_string_append_c (out, delimiter);
          write_cell (out, cells[place (table, way, i)], way, r == 0);
        }
      if (way == TRAILING)
        g_string_append_c (out, delimiter);
      g_string_append (out, end);
    }
  if (way == NO_LAST_END)
    g_string_truncate (out, out->len - 1);

  return out;
}

static GString *
encode (GString *text,
        Way      way)
{
  gboolean is_little = way == UTF_16LE || way == UTF_16LE_MARK || way == UTF_16LE_ODD;
  gboolean has_mark = way == UTF_16LE_MARK || way == UTF_16BE_MARK;
  GString *out;
  glong n;
  g_autofree gunichar2 *units = NULL;

  if (way == UTF_8_MARK)
    return g_string_prepend (text, "\xEF\xBB\xBF");
  if (!is_little && way != UTF_16BE && way != UTF_16BE_MARK)
    return text;

  units = g_utf8_to_utf16 (text->str, (glong) text->len, NULL, &n, NULL);
  out = g_string_new (NULL);
  if (has_mark)
    g_string_append_len (out, is_little ? "\xFF\xFE" : "\xFE\xFF", 2);
  for (glong i = 0; i < n; i++)
    {
      g_string_append_c (out, (char) (is_little ? units[i] : units[i] >> 8));
      g_string_append_c (out, (char) (is_little ? units[i] >> 8 : units[i]));
    }
  if (way == UTF_16LE_ODD)
    g_string_append_c (out, 'x');
  g_string_free (text, TRUE);

  return out;
}

static const DynoImportChannel *
find_channel (const DynoImportReport *report,
              const char             *column)
{
  for (guint i = 0; i < report->channels->len; i++)
    {
      const DynoImportChannel *channel = g_ptr_array_index (report->channels, i);

      if (g_ascii_strcasecmp (channel->column, column) == 0)
        return channel;
    }
  g_error ("no column “%s”", column);
}

static void
assert_same_column (const DynoColumn *a,
                    const DynoColumn *b,
                    gsize             n_rows)
{
  g_assert_true (a->unit == b->unit);
  g_assert_true (a->scale == b->scale && a->offset == b->offset);
  for (gsize row = 0; row < n_rows; row++)
    g_assert_true (dyno_column_value (a, row) == dyno_column_value (b, row)
                   || (isnan (dyno_column_value (a, row)) && isnan (dyno_column_value (b, row))));
}

static void
assert_same_log (const DynoImportReport *a,
                 const DynoSamples      *a_samples,
                 const DynoImportReport *b,
                 const DynoSamples      *b_samples)
{
  g_assert_cmpuint (a->rows, ==, b->rows);
  g_assert_cmpstr (a->dialect, ==, b->dialect);
  g_assert_cmpuint (a->columns, ==, b->columns);
  g_assert_cmpuint (a->blank, ==, b->blank);
  g_assert_cmpuint (a->values, ==, b->values);
  g_assert_cmpuint (a->held_rows, ==, b->held_rows);
  g_assert_cmpuint (a->constant->len, ==, b->constant->len);
  g_assert_true (a->duration_s == b->duration_s);
  for (gsize row = 0; row < a->rows; row++)
    g_assert_true (dyno_samples_time (a_samples)[row] == dyno_samples_time (b_samples)[row]);

  for (guint i = 0; i < a->channels->len; i++)
    {
      const DynoImportChannel *channel = g_ptr_array_index (a->channels, i);
      const DynoImportChannel *other = find_channel (b, channel->column);

      g_assert_cmpint (channel->channel, ==, other->channel);
      g_assert_cmpuint (channel->n, ==, other->n);
      if (channel->channel != DYNO_CHANNEL_NONE)
        assert_same_column (dyno_samples_find (a_samples, channel->channel),
                            dyno_samples_find (b_samples, channel->channel), a->rows);
    }
}

static void
test_other_ways (gconstpointer name)
{
  g_autofree char *path = dyno_test_shared_file (name);
  g_autofree char *text = NULL;
  g_autoptr(DynoImportReport) report = NULL;
  g_autoptr(DynoSamples) samples = NULL;
  Table table;
  gsize n;

  if (path == NULL)
    return;
  text = dyno_test_read (path, &n);
  table = read_table (text);
  report = dyno_import_bytes ("a", text, n, NULL, NULL, &samples, NULL);
  for (guint way = PLAIN; way < N_WAYS; way++)
    {
      g_autoptr(GString) other = encode (write_text (&table, (Way) way), (Way) way);
      g_autoptr(GError) error = NULL;
      g_autoptr(DynoSamples) other_samples = NULL;
      g_autoptr(DynoImportReport) other_report
          = dyno_import_bytes ("b", other->str, other->len, NULL, NULL, &other_samples, &error);

      if (other_report == NULL)
        g_error ("way %u: %s", way, error->message);
      assert_same_log (report, samples, other_report, other_samples);
    }
  g_strfreev (table.preamble);
  g_ptr_array_unref (table.rows);
}

/* What came out must hold together: every number finite or missing, counts that add
 * up, time that never goes back. */
static void
assert_sound (const DynoImportReport *report,
              const DynoSamples      *samples)
{
  const double *time_s = dyno_samples_time (samples);
  g_autofree char *json = dyno_import_report_to_json (report, NULL);
  g_autofree char *text = dyno_import_report_to_text (report);

  g_assert_true (g_utf8_validate (json, -1, NULL) && g_utf8_validate (text, -1, NULL));
  g_assert_cmpuint (report->rows, ==, dyno_samples_n_rows (samples));
  g_assert_cmpuint (report->channels->len, ==, dyno_samples_n_columns (samples));
  for (gsize row = 1; row < report->rows; row++)
    g_assert_true (time_s[row] >= time_s[row - 1]);
  for (guint c = 0; c < report->channels->len; c++)
    {
      const DynoImportChannel *channel = g_ptr_array_index (report->channels, c);
      const DynoColumn *column = dyno_samples_column (samples, c);
      guint64 rejected[DYNO_N_REJECTS] = { 0 };
      gsize n = 0;

      for (gsize row = 0; row < report->rows; row++)
        {
          n += !isnan (dyno_column_value (column, row));
          g_assert_false (isinf (dyno_column_value (column, row)));
          if (column->reasons != NULL)
            {
              rejected[column->reasons[row]]++;
              g_assert_true (column->reasons[row] == DYNO_REJECT_NONE
                             || isnan (dyno_column_value (column, row)));
            }
        }
      g_assert_cmpuint (n, ==, channel->n);
      for (guint r = DYNO_REJECT_NONE + 1; r < DYNO_N_REJECTS; r++)
        g_assert_cmpuint (rejected[r], ==, channel->rejected[r]);
    }
}

/* Read, or refused with a reason and a sentence. */
static void
try_bytes (const char *bytes,
           gsize       n)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(DynoSamples) samples = NULL;
  g_autoptr(DynoImportReport) report
      = dyno_import_bytes ("a", bytes, n, NULL, NULL, &samples, &error);

  if (report != NULL)
    {
      assert_sound (report, samples);
      return;
    }
  g_assert_null (samples);
  g_assert_error (error, DYNO_ERROR, DYNO_ERROR_INVALID);
  g_assert_true (g_str_has_prefix (dyno_error_get_reason (error), "import_"));
  g_assert_true (g_str_has_suffix (error->message, ".") || g_str_has_suffix (error->message, ")"));
}

static void
test_cut (gconstpointer name)
{
  g_autofree char *path = dyno_test_shared_file (name);
  g_autofree char *text = NULL;
  gsize n;

  if (path == NULL)
    return;
  text = dyno_test_read (path, &n);
  for (int i = 0; i < N_DAMAGED; i++)
    {
      gsize cut = (gsize) g_test_rand_int_range (0, (gint32) n);
      g_autofree char *copy = g_memdup2 (text, MAX (cut, 1)); /* so that a read beyond shows */

      try_bytes (copy, cut);
    }
}

static void
test_flipped (gconstpointer name)
{
  g_autofree char *path = dyno_test_shared_file (name);
  g_autofree char *text = NULL;
  gsize n;

  if (path == NULL)
    return;
  text = dyno_test_read (path, &n);
  for (int i = 0; i < N_DAMAGED; i++)
    {
      gsize at = (gsize) g_test_rand_int_range (0, i % 4 == 0 ? 2000 : (gint32) n);
      char before = text[at];

      text[at] = (char) g_test_rand_int_range (0, 256);
      try_bytes (text, n);
      text[at] = before;
    }
}

/* Cells of all kinds thrown together. */
static void
test_noise (void)
{
  static const char *const words[] = {
    "Time", "RPM", "MAP (kPa)", "0", "1", "-1", "2.5", "99999", "-2147483648", "65535", "1e999",
    "NaN", "", " ",
    "\"", "\"\"", "\"a\"", "x", "12:00:00", "2025-01-01 00:00:00", "On", "chan_1", "(s)", "[", "#",
    "AFR", "°C",
    "\xB0", "\xEF\xBB\xBF", "1,5",
  };

  for (int i = 0; i < 3000; i++)
    {
      g_autoptr(GString) text = g_string_new (NULL);
      int n = g_test_rand_int_range (1, 80);
      const char *delimiter = i % 3 == 0 ? ";" : i % 3 == 1 ? "," : "\t";

      for (int k = 0; k < n; k++)
        {
          g_string_append (text, words[g_test_rand_int_range (0, G_N_ELEMENTS (words))]);
          g_string_append (text, g_test_rand_int_range (0, 3) == 0 ? "\n" : delimiter);
        }
      try_bytes (text->str, text->len);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *base = g_path_get_basename (names[i]);
      g_autofree char *ways = g_strconcat ("/import-broken/other-ways/", base, NULL);
      g_autofree char *cut = g_strconcat ("/import-broken/cut/", base, NULL);
      g_autofree char *flipped = g_strconcat ("/import-broken/flipped/", base, NULL);

      g_test_add_data_func (ways, names[i], test_other_ways);
      g_test_add_data_func (cut, names[i], test_cut);
      g_test_add_data_func (flipped, names[i], test_flipped);
    }
  g_test_add_func ("/import-broken/noise", test_noise);

  return g_test_run ();
}
