/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-import-report.h"
#include "dyno-import-table.h"

G_BEGIN_DECLS

/* Stamps that go back: counters that wrapped, clocks that were started again, rows
 * that were written out of order (formats.md A.5). */

typedef struct
{
  gsize  row; /* of the table as it was read */
  double before;
  double after;
} DynoImportStepBack;

typedef struct
{
  DynoImportTable   *table;          /* (borrowed) */
  DynoImportReport  *report;         /* (borrowed) */
  const char        *column;         /* (borrowed) whole header cell */
  gboolean           is_clock;       /* a time of day or a wall clock: never a counter */
  gboolean           is_time_of_day; /* begins anew at midnight */
  double             per_second;     /* source units in a second */
  double            *stamps;         /* (owned) in source units */
  gsize              n;
  gsize             *order;          /* (owned) (nullable) rows of the table as they shall be */
  int                decimals;       /* of the stamps; −1: more than can be kept */
  DynoImportStepBack back[2];        /* the first ones, for a message */
  guint              n_back;
} DynoImportStamps;

/* Makes the stamps ascend, equal ones allowed, and counts in the report what it took.
 * FALSE with import_time_disorder, unless forced. At least one stamp. */
gboolean dyno_import_stamps_repair (DynoImportStamps *self,
                                    gboolean          is_forced,
                                    GError          **error);

/* 0, 1, … n − 1. (transfer full) */
gsize   *dyno_import_order_new     (gsize             n);

G_END_DECLS
