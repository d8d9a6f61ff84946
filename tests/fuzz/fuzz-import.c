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
          g_assert_false (isinf (dyno_column_value (column, row)));
          n += !isnan (dyno_column_value (column, row));
        }
      g_assert_true (n == channel->n);
    }
}

static const char *
choose_dialect (guint8 number)
{
  static const char *const ids[] = {
    NULL, "winpep", "pv-multiline", "pv-flat", "jetdrive-capture", "msl", "romraider",
    "haltech-nsp", "ecumaster", "zeitronix", "cobb-ap", "hptuners", "vcds", "dynoai", "plain",
  };

  return number < G_N_ELEMENTS (ids) ? ids[number] : NULL;
}

static void
take_options (DynoImportOptions *self,
              guint8             bits)
{
  static const char *const map[] = { "A=rpm", "B=time", NULL };

  self->force = (bits & 1) != 0;
  self->row_index = (bits & 2) != 0;
  self->rate_hz = (bits & 4) != 0 ? 20 : 0;
  self->delimiter = (bits & 8) != 0 ? "comma" : NULL;
  self->decimal = (bits & 16) != 0 ? "comma" : NULL;
  self->header = (bits & 32) != 0 ? "Time,RPM,MAP (kPa),AFR" : NULL;
  self->remembered = (bits & 64) != 0 ? map : NULL;
}

/* The first two bytes are options and a dialect, counted from '0' so that a seed is
 * text; the rest is a file: read and sound, or refused with a reason; and the report is
 * JSON. */
int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  DynoImportOptions options = { 0 };
  g_autoptr(GError) error = NULL;
  g_autoptr(DynoSamples) samples = NULL;
  g_autoptr(DynoImportReport) report = NULL;
  g_autoptr(DynoJson) json = NULL;
  g_autofree char *text = NULL;
  g_autofree char *for_people = NULL;

  if (size < 2)
    return 0;

  take_options (&options, (guint8) (data[0] - '0'));
  options.dialect = choose_dialect ((guint8) (data[1] - '0'));
  report = dyno_import_bytes ("fuzz", data + 2, size - 2, &options, NULL, &samples, &error);
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
