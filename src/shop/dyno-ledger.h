/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <gio/gio.h>

#include "dyno-ve-result.h"

G_BEGIN_DECLS

/* ledger.csv.gz (analysis.md 7.1): what became of every row, a line a row and
 * cylinder that has a sensor: "row,time,cylinder,reason,cell rpm,cell kPa,factor".
 * Rows count from 1 over all runs; time is of the run, in s. Cell and factor stand
 * in accepted rows only. Gzip without name and time: the same result, the same bytes.
 *
 * It says nothing that the other files and the log do not, and is as large as the
 * log: it is written row by row, on its way out, and is no part of the fingerprint. */

/* Blocks. UNAVAILABLE where the disk refuses. */
gboolean dyno_ledger_write (const DynoVeResult  *result,
                            const char          *path,
                            GCancellable        *cancellable,
                            GError             **error);

G_END_DECLS
