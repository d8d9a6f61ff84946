/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-error.h"
#include "dyno-import.h"
#include "dyno-json.h"

#include <math.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static void
check_samples (const DynoImportReport *report,
               const DynoSamples      *samples)
{
  const double *time_s = dyno_samples_time (samples);

  g_assert_true (report->rows == dyno_samples_n_rows (samples));
  g_assert_true (report->channels->len == dyno_samples_n_columns (samples));
  for (gsize row = 0; row < report->rows; row++)
    g_assert_true (isfinite (time_s[row]) && (row == 0 || time_s[row] >= time_s[row - 1]));
  for (guint c = 0; c < report->channels->len; c++)
    {
      const DynoImportChannel *channel = g_ptr_array_index (report->channels, c);
      const DynoColumn *column = dyno_samples_column (samples, c);
      gsize n = 0;

      for (gsize row = 0; row < report->rows; row++)
        {
          g_assert_false (isinf (column->values[row]));
          n += !isnan (column->values[row]);
        }
      g_assert_true (n == channel->n);
    }
}

/* The first byte is options, the rest a file: read and sound, or refused with a
 * reason; and the report is JSON. */
int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  static const char *const map[] = { "A=rpm", "B=time", NULL };
  DynoImportOptions options = { 0 };
  g_autoptr(GError) error = NULL;
  g_autoptr(DynoSamples) samples = NULL;
  g_autoptr(DynoImportReport) report = NULL;
  g_autoptr(DynoJson) json = NULL;
  g_autofree char *text = NULL;
  g_autofree char *for_people = NULL;

  if (size == 0)
    return 0;

  options.force = (data[0] & 1) != 0;
  options.row_index = (data[0] & 2) != 0;
  options.rate_hz = (data[0] & 4) != 0 ? 20 : 0;
  options.delimiter = (data[0] & 8) != 0 ? "comma" : NULL;
  options.decimal = (data[0] & 16) != 0 ? "comma" : NULL;
  options.header = (data[0] & 32) != 0 ? "Time,RPM,MAP (kPa),AFR" : NULL;
  options.remembered = (data[0] & 64) != 0 ? map : NULL;
  options.dialect = (data[0] & 128) != 0 ? "winpep" : NULL;
  report = dyno_import_bytes ("fuzz", data + 1, size - 1, &options, NULL, &samples, &error);
  if (report == NULL)
    {
      g_assert_true (error->domain == DYNO_ERROR && dyno_error_get_reason (error) != NULL);
      return 0;
    }

  check_samples (report, samples);
  text = dyno_import_report_to_json (report, NULL);
  for_people = dyno_import_report_to_text (report);
  json = dyno_json_parse_limited (text, -1, &dyno_json_limits_own, NULL);
  g_assert_true (json != NULL);

  return 0;
}
