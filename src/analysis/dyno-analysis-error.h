/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Why this room could not answer: a reason that a program can test and one
 * sentence that names the offending thing. An out-parameter used like GError:
 * NULL before the call, may be NULL itself when the caller does not ask. */

typedef enum
{
  DYNO_ANALYSIS_NO_ROWS,
  DYNO_ANALYSIS_MISSING_CHANNEL,
  DYNO_ANALYSIS_BAD_AXIS,
  DYNO_ANALYSIS_BAD_OPTION,
  DYNO_ANALYSIS_GRID_MISMATCH,
  DYNO_ANALYSIS_BAD_TABLE,
  DYNO_ANALYSIS_REFUSED,
  DYNO_ANALYSIS_CANCELLED,
  DYNO_N_ANALYSIS_REASONS
} DynoAnalysisReason;

typedef struct
{
  DynoAnalysisReason reason;
  char              *message; /* (owned) a sentence */
} DynoAnalysisError;

/* "NO_ROWS", "BAD_OPTION", …: the spelling of files and wire. */
const char *dyno_analysis_reason_name (DynoAnalysisReason   reason);

void        dyno_analysis_error_set   (DynoAnalysisError  **error,
                                       DynoAnalysisReason   reason,
                                       const char          *format,
                                       ...) G_GNUC_PRINTF (3, 4);
void        dyno_analysis_error_free  (DynoAnalysisError   *error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoAnalysisError, dyno_analysis_error_free)

G_END_DECLS
