/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A benchmark prints a line of JSON a figure:
 *
 *   {"bench":"store","figure":"commit_p99","value":0.42,"unit":"ms"}
 */

/* The name of the program without "bench-"; call it first. */
void    dyno_bench_begin      (const char *name);
void    dyno_bench_figure     (const char *figure,
                               double      value,
                               const char *unit);

/* Wall clock, µs. */
gint64  dyno_bench_now_us     (void);

/* Processor time of the calling thread and of the whole process, µs. */
gint64  dyno_bench_thread_us  (void);
gint64  dyno_bench_process_us (void);

/* The part of the latter that the program itself took, without the kernel's, µs. */
gint64  dyno_bench_user_us    (void);

/* Resident memory of this process now and at its highest, MiB. */
double  dyno_bench_rss_mib    (void);
double  dyno_bench_peak_mib   (void);

/* The q-quantile (0…1) of n numbers, which it sorts. */
double  dyno_bench_quantile   (double     *values,
                               gsize       n,
                               double      q);

G_END_DECLS
