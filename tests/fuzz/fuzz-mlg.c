/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-error.h"
#include "dyno-import.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static void
check (const DynoImportReport *report,
       const DynoSamples      *samples,
       size_t                  size)
{
  const double *time_s = dyno_samples_time (samples);

  g_assert_true (report->rows > 0 && report->rows == dyno_samples_n_rows (samples));
  for (gsize row = 1; row < report->rows; row++)
    g_assert_true (time_s[row] >= time_s[row - 1]);
  for (guint i = 0; i < report->markers->len; i++)
    g_assert_true (g_array_index (report->markers, DynoImportMarker, i).before_row
                   <= report->rows);
  for (guint i = 0; i < report->attachments->len; i++)
    {
      const DynoImportAttachment *attachment
        = &g_array_index (report->attachments, DynoImportAttachment, i);

      g_assert_true (attachment->offset + attachment->size <= size);
    }
}

/* The magic is given, the rest is a file of either version: read and sound, or refused
 * with a reason. */
int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  DynoImportOptions options = { 0 };
  g_autofree uint8_t *file = g_malloc (size + 6);
  g_autoptr(GError) error = NULL;
  g_autoptr(DynoSamples) samples = NULL;
  g_autoptr(DynoImportReport) report = NULL;
  g_autofree char *json = NULL;

  memcpy (file, "MLVLG", 6);
  if (size > 0)
    memcpy (file + 6, data, size);
  options.force = size > 0 && (data[size - 1] & 1) != 0;
  report = dyno_import_bytes ("fuzz.mlg", file, size + 6, &options, NULL, &samples, &error);
  if (report == NULL)
    {
      g_assert_true (error->domain == DYNO_ERROR && dyno_error_get_reason (error) != NULL);
      return 0;
    }
  check (report, samples, size + 6);
  json = dyno_import_report_to_json (report, NULL);

  return 0;
}
