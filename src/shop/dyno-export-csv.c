/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-export-csv.h"

#include <math.h>
#include <string.h>

#define CRLF "\r\n"
#define BOM "\xef\xbb\xbf"
#define TIME_DECIMALS 3
#define SHORTEST_STEP_S 0.001
#define LONGEST_STEP_S 60.0

typedef struct
{
  const DynoExportCsv *options;
  DynoSamples         *samples; /* (borrowed) */
  GPtrArray           *columns; /* (owned) of DynoExportColumn */
  GString             *text;    /* (owned) */
  char                 delimiter;
  char                 mark;
} Table;

gboolean
dyno_export_csv_find_rate (const char *word,
                           double     *step_s)
{
  char *end;
  double hz = g_ascii_strtod (word, &end);

  *step_s = 0;
  if (g_str_equal (word, "native"))
    return TRUE;
  if (end == word || *end != '\0' || !(hz >= 1 / LONGEST_STEP_S) || !(hz <= 1 / SHORTEST_STEP_S))
    return FALSE;
  *step_s = 1 / hz;

  return TRUE;
}

void
dyno_export_csv_init_exact (DynoExportCsv *self)
{
  *self = (DynoExportCsv) { .has_decimals = TRUE,
                            .decimals = DYNO_EXPORT_FULL,
                            .units = DYNO_EXPORT_SOURCE };
}

/* A line of its own, whatever stands in the value. */
static void
add_preamble (Table *table)
{
  const GPtrArray *list = table->options->preamble;

  for (guint i = 0; list != NULL && i + 1 < list->len; i += 2)
    {
      g_autofree char *value = g_strdup (list->pdata[i + 1]);

      g_strdelimit (value, "\r\n", ' ');
      g_string_append_printf (table->text, "# %s: %s" CRLF, (const char *) list->pdata[i], value);
    }
}

static void
add_header (Table *table)
{
  g_string_append (table->text, "Time (s)");
  for (guint i = 0; i < table->columns->len; i++)
    {
      g_autofree char *heading = dyno_export_column_heading (table->columns->pdata[i]);

      g_string_append_c (table->text, table->delimiter);
      dyno_export_add_text (table->text, heading, table->delimiter);
    }
  g_string_append (table->text, CRLF);
}

static int
decimals_for (const Table *table,
              int          usual)
{
  return table->options->has_decimals ? table->options->decimals : usual;
}

static void
add_cell (Table  *table,
          guint   column,
          double  value)
{
  const DynoExportColumn *about = table->columns->pdata[column];

  g_string_append_c (table->text, table->delimiter);
  dyno_export_add_number (table->text, value, decimals_for (table, about->decimals), table->mark);
}

static void
add_time (Table  *table,
          double  time_s)
{
  dyno_export_add_number (table->text, time_s, decimals_for (table, TIME_DECIMALS), table->mark);
}

static void
add_own_rows (Table *table)
{
  const double *time_s = dyno_samples_time (table->samples);

  for (gsize row = 0; row < dyno_samples_n_rows (table->samples); row++)
    {
      add_time (table, time_s[row]);
      for (guint i = 0; i < table->columns->len; i++)
        add_cell (table, i, dyno_export_column_value (table->columns->pdata[i], row));
      g_string_append (table->text, CRLF);
    }
}

static void
add_steps (Table *table)
{
  double step_s = table->options->step_s;
  gsize n = dyno_export_n_steps (table->samples, step_s);
  g_autoptr(GPtrArray) values = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < table->columns->len; i++)
    g_ptr_array_add (values, dyno_export_column_resample (table->columns->pdata[i], table->samples,
                                                          step_s, table->options->is_mean));
  for (gsize row = 0; row < n; row++)
    {
      add_time (table, (double) row * step_s);
      for (guint i = 0; i < table->columns->len; i++)
        add_cell (table, i, ((const double *) values->pdata[i])[row]);
      g_string_append (table->text, CRLF);
    }
}

GBytes *
dyno_export_csv (DynoSamples         *samples,
                 const DynoExportCsv *options)
{
  g_autoptr(GPtrArray) columns = dyno_export_columns_new (samples, options->units);
  Table table = { options, samples, columns, g_string_new (options->has_bom ? BOM : NULL),
                  options->is_decimal_comma ? ';' : ',', options->is_decimal_comma ? ',' : '.' };

  add_preamble (&table);
  add_header (&table);
  if (options->step_s > 0)
    add_steps (&table);
  else
    add_own_rows (&table);

  return g_string_free_to_bytes (table.text);
}
