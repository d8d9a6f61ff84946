/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Text logs of any length for benchmarks of the import: a header, then rows of a stamp and
 * what follows it, which repeats after some thousand rows. */

#define DYNO_BENCH_BODY_ROWS 4000

typedef enum
{
  DYNO_BENCH_SECONDS,      /* 12.35 */
  DYNO_BENCH_MILLISECONDS, /* 12350 */
  DYNO_BENCH_CLOCK,        /* 00:00:12.350 */
  DYNO_BENCH_DATE,         /* "2025-12-01 00:00:12.350", with its quotes */
} DynoBenchStamp;

/* What stands behind the stamp of that row, with the end of the line. (transfer full) */
typedef char *(*DynoBenchRest) (gsize         row,
                                gconstpointer kind);

/* At least `size` bytes; a row every `step_ms`. (transfer full) */
GString *dyno_bench_rows (const char     *head,
                          DynoBenchStamp  stamp,
                          guint           step_ms,
                          DynoBenchRest   make_rest,
                          gconstpointer   kind,
                          gsize           size);

G_END_DECLS
