/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-samples.h"

G_BEGIN_DECLS

/* The columns of a run as they are exported (formats.md C.2, C.3): canonical channels
 * first in the order of analysis.md 1.2, the others after them in the order of their
 * source, each in the units asked for. Pure, any thread. */

typedef enum
{
  DYNO_EXPORT_SI,
  DYNO_EXPORT_US,
  DYNO_EXPORT_SOURCE, /* as the log had them */
  DYNO_N_EXPORT_UNITS
} DynoExportUnits;

typedef struct
{
  const DynoColumn *column;   /* (borrowed) of the samples */
  char             *name;     /* (owned) "rpm" of a canonical channel, else as the source
                               * says; unique in the table */
  char             *unit;     /* (owned) symbol; "" for a plain number */
  double            scale;    /* exported = number of the source · scale + offset */
  double            offset;
  int               decimals; /* by default */
  gboolean          is_held;  /* flags and gears: no value between two values */
} DynoExportColumn;

/* (transfer full) of DynoExportColumn. `samples` must live as long. */
GPtrArray *dyno_export_columns_new    (const DynoSamples      *samples,
                                       DynoExportUnits         units);

/* The number of one row, NaN where there is none. */
double     dyno_export_column_value   (const DynoExportColumn *self,
                                       gsize                   row);

/* "rpm (rpm)"; the name alone for a plain number. (transfer full) */
char      *dyno_export_column_heading (const DynoExportColumn *self);

/* −1 for a word that is none of "si", "us", "source". */
int        dyno_export_units_find     (const char             *name);

/* The values at 0, step, 2 · step … seconds (formats.md C.2 "Rate"): linear between
 * neighbours not too far apart, held, or with `is_mean` the mean of a box of one step
 * where that is coarser than the data. (transfer full), dyno_export_n_steps () of them,
 * NaN in gaps and beyond the ends. */
double    *dyno_export_column_resample (const DynoExportColumn *self,
                                        const DynoSamples      *samples,
                                        double                  step_s,
                                        gboolean                is_mean);
gsize      dyno_export_n_steps        (const DynoSamples      *samples,
                                       double                  step_s);

G_END_DECLS
