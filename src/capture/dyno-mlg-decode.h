/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-mlg.h"

G_BEGIN_DECLS

/* The bytes of records. */

/* The sum of all bytes, mod 256. */
guint8 dyno_mlg_sum_bytes (const guint8        *bytes,
                           gsize                n);

/* One field of n records, in double from the constants of the file. May be infinite
 * or NaN where the file says so. */
void   dyno_mlg_decode    (const DynoMlgField  *field,
                           const guint8 *const *records,
                           guint                n,
                           double              *values);

G_END_DECLS
