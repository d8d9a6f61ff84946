/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-export-cell.h"
#include "dyno-export-columns.h"

G_BEGIN_DECLS

/* A run as CSV (formats.md C.2). Same samples and options, same bytes, in every
 * locale. Pure, any thread.
 *
 * With `step_s` 0, DYNO_EXPORT_FULL and DYNO_EXPORT_SOURCE our own importer reads
 * the same numbers, blanks, units and channels back. */

typedef struct
{
  double          step_s;           /* 0.001…60; 0: the rows as they are */
  gboolean        is_mean;          /* of a box of one step, where that is coarser */
  gboolean        has_decimals;     /* FALSE: by the quantity */
  int             decimals;         /* 0…9 or DYNO_EXPORT_FULL */
  DynoExportUnits units;
  gboolean        has_bom;
  gboolean        is_decimal_comma; /* and ';' between the cells */
  GPtrArray      *preamble;         /* (borrowed) (nullable) of char *: key and value in turn */
} DynoExportCsv;

/* Native rows, full, source units: what archives, sheets and our own importer want. */
void    dyno_export_csv_init_exact (DynoExportCsv       *self);

/* "native" is 0, a rate in Hz its step: 0.0167 to 1000. FALSE for another word. */
gboolean dyno_export_csv_find_rate (const char          *word,
                                    double              *step_s);

/* (transfer full) */
GBytes *dyno_export_csv            (DynoSamples         *samples,
                                    const DynoExportCsv *options);

G_END_DECLS
