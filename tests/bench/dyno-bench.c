/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "dyno-bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

static const char *bench_name = "";

void
dyno_bench_begin (const char *name)
{
  bench_name = name;
}

void
dyno_bench_figure (const char *figure,
                   double      value,
                   const char *unit)
{
  char number[G_ASCII_DTOSTR_BUF_SIZE];

  g_ascii_formatd (number, sizeof number, "%.6g", value);
  printf ("{\"bench\":\"%s\",\"figure\":\"%s\",\"value\":%s,\"unit\":\"%s\"}\n", bench_name, figure,
          number, unit);
  fflush (stdout);
}

static gint64
clock_us (clockid_t clock)
{
  struct timespec now;

  clock_gettime (clock, &now);

  return (gint64) now.tv_sec * G_USEC_PER_SEC + now.tv_nsec / 1000;
}

gint64
dyno_bench_now_us (void)
{
  return clock_us (CLOCK_MONOTONIC);
}

gint64
dyno_bench_thread_us (void)
{
  return clock_us (CLOCK_THREAD_CPUTIME_ID);
}

gint64
dyno_bench_process_us (void)
{
  return clock_us (CLOCK_PROCESS_CPUTIME_ID);
}

gint64
dyno_bench_user_us (void)
{
  struct rusage usage;

  getrusage (RUSAGE_SELF, &usage);

  return (gint64) usage.ru_utime.tv_sec * G_USEC_PER_SEC + usage.ru_utime.tv_usec;
}

double
dyno_bench_rss_mib (void)
{
  g_autofree char *text = NULL;
  g_auto(GStrv) fields = NULL;

  if (!g_file_get_contents ("/proc/self/statm", &text, NULL, NULL))
    return 0;
  fields = g_strsplit (text, " ", 3);

  return (double) g_ascii_strtoull (fields[1], NULL, 10) * (double) sysconf (_SC_PAGESIZE) / 1048576;
}

double
dyno_bench_peak_mib (void)
{
  struct rusage usage;

  getrusage (RUSAGE_SELF, &usage);

  return (double) usage.ru_maxrss / 1024;
}

static int
compare_doubles (const void *a,
                 const void *b)
{
  double x = *(const double *) a;
  double y = *(const double *) b;

  return x < y ? -1 : x > y;
}

double
dyno_bench_quantile (double *values,
                     gsize   n,
                     double  q)
{
  if (n == 0)
    return 0;
  qsort (values, n, sizeof *values, compare_doubles);

  return values[(gsize) ((double) (n - 1) * q)];
}
