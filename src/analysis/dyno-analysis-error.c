/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-analysis-error.h"

static const char *const reason_names[DYNO_N_ANALYSIS_REASONS] = {
  "NO_ROWS",       "MISSING_CHANNEL", "BAD_AXIS", "BAD_OPTION",
  "GRID_MISMATCH", "BAD_TABLE",       "REFUSED",  "CANCELLED",
};

const char *
dyno_analysis_reason_name (DynoAnalysisReason reason)
{
  g_return_val_if_fail (reason < DYNO_N_ANALYSIS_REASONS, NULL);

  return reason_names[reason];
}

void
dyno_analysis_error_set (DynoAnalysisError **error,
                         DynoAnalysisReason  reason,
                         const char         *format,
                         ...)
{
  va_list arguments;

  if (error == NULL)
    return;
  g_return_if_fail (*error == NULL);

  *error = g_new (DynoAnalysisError, 1);
  (*error)->reason = reason;
  va_start (arguments, format);
  (*error)->message = g_strdup_vprintf (format, arguments);
  va_end (arguments);
}

void
dyno_analysis_error_free (DynoAnalysisError *error)
{
  if (error == NULL)
    return;

  g_free (error->message);
  g_free (error);
}
