/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-test.h"
#include "dyno-ve-set.h"

G_BEGIN_DECLS

/* Sample sets for the tests of the advisers. */

/* One log as a set without delay, on a grid of that name. Fails the test where it is
 * none. `samples` is taken over. */
DynoVeSet   *dyno_test_make_set     (DynoSamples  *samples,
                                     const char   *grid);

/* A log that a test writes row by row, in SI; a channel that was never set is not in
 * it, one that is not set in a row is missing there. Rows are 20 ms apart. */
typedef struct _DynoTestRows DynoTestRows;

DynoTestRows *dyno_test_rows_new    (gsize         n);
void          dyno_test_rows_set    (DynoTestRows *self,
                                     gsize         row,
                                     DynoChannel   channel,
                                     double        value);
/* The same in the rows first…end−1. */
void          dyno_test_rows_fill   (DynoTestRows *self,
                                     gsize         first,
                                     gsize         end,
                                     DynoChannel   channel,
                                     double        value);
/* Frees it. (transfer full) */
DynoSamples  *dyno_test_rows_finish (DynoTestRows *self,
                                     gboolean      has_time);

/* The log of golden/nextgen_full; NULL where the data is not there. (transfer full) */
DynoSamples  *dyno_test_read_nextgen (void);

G_END_DECLS
