/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-table.h"

G_BEGIN_DECLS

/* A table of numbers in the shared data: a header, then rows. For tests of
 * `analysis`; reading files well is the business of capture. */

typedef struct
{
  char  **names;     /* (owned) of the columns */
  guint   n_columns;
  guint   n_rows;
  double *values;    /* (owned) column after column; an empty field is NaN */
} DynoTestCsv;

/* NULL where the shared data is not there: the test has been skipped then. (transfer
 * full) */
DynoTestCsv  *dyno_test_csv_read   (const char        *name);
void          dyno_test_csv_free   (DynoTestCsv       *self);
/* n_rows numbers; fails the test without such a column. (transfer none) */
const double *dyno_test_csv_column (const DynoTestCsv *self,
                                    const char        *name);

/* The same file as a tune table; NULL as above. (transfer full) */
DynoTable    *dyno_test_shared_table (const char      *name);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoTestCsv, dyno_test_csv_free)

G_END_DECLS
