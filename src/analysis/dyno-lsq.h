/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Linear least squares by Householder's QR, columns scaled to unit norm first. */

#define DYNO_LSQ_MAX 8

typedef struct
{
  guint  n;                         /* unknowns */
  double solution[DYNO_LSQ_MAX];
  double std_error[DYNO_LSQ_MAX];   /* NaN with no row to spare */
  double rms;                       /* of the residuals, over all rows */
} DynoLsq;

/* `a` is rows × n, row-major, `b` has a number a row; both are overwritten.
 * FALSE with fewer rows than unknowns, or when a column says nothing new. */
gboolean dyno_lsq_solve (double  *a,
                         double  *b,
                         gsize    rows,
                         guint    n,
                         DynoLsq *result);

G_END_DECLS
