/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-import-job.h"
#include "dyno-operation.h"

G_BEGIN_DECLS

/* The reading half of an import: a file becomes samples and a report, and nothing
 * else happens. Blocking; on a thread that may wait. */

typedef struct
{
  DynoImportOutcome *outcome;  /* (owned) run NULL */
  gint64             start_ms; /* UTC of its first row; 0: the file does not say */
  char              *provider; /* (owned) (nullable) of a packet journal */
} DynoImportReading;

/* `stoich` of the fuel. With `is_preview` samples are not made. (transfer full) */
DynoImportReading *dyno_import_read         (const DynoErrand        *errand,
                                             const DynoImportRequest *request,
                                             double                   stoich,
                                             gboolean                 is_preview,
                                             GError                 **error);
void               dyno_import_reading_free (DynoImportReading       *self);

/* What was confirmed about the columns of this log is remembered for the next one. */
void               dyno_import_remember     (const DynoErrand        *errand,
                                             const DynoImportRequest *request,
                                             const DynoImportReport  *report);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoImportReading, dyno_import_reading_free)

G_END_DECLS
