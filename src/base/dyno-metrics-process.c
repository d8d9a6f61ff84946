/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-metrics-private.h"

#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

/* proc(5): what follows the name in /proc/self/stat, of which the state is field 3. */
#define FIELD_UTIME 14
#define FIELD_STIME 15
#define FIELD_START 22
#define FIELD_PAGES 24

static double
field (char  **fields,
       guint   number)
{
  return g_ascii_strtod (fields[number - 3], NULL);
}

/* Seconds since 1970 at which the machine started; 0 unknown. */
static double
boot_s (void)
{
  g_autofree char *text = NULL;
  const char *line;

  if (!g_file_get_contents ("/proc/stat", &text, NULL, NULL)
      || (line = strstr (text, "\nbtime ")) == NULL)
    return 0;

  return g_ascii_strtod (line + strlen ("\nbtime "), NULL);
}

static guint
count_descriptors (void)
{
  g_autoptr(GDir) folder = g_dir_open ("/proc/self/fd", 0, NULL);
  guint n = 0;

  while (folder != NULL && g_dir_read_name (folder) != NULL)
    n++;

  return n > 0 ? n - 1 : 0; /* without the one that looks */
}

static void
read_stat (void)
{
  g_autofree char *text = NULL;
  g_auto(GStrv) fields = NULL;
  const char *rest;
  double hz = (double) sysconf (_SC_CLK_TCK);

  /* The name may hold blanks and parentheses. */
  if (!g_file_get_contents ("/proc/self/stat", &text, NULL, NULL)
      || (rest = strrchr (text, ')')) == NULL)
    return;
  fields = g_strsplit (g_strchug ((char *) rest + 1), " ", -1);
  if (g_strv_length (fields) <= FIELD_PAGES - 3)
    return;

  dyno_metrics_set (DYNO_METRIC_PROCESS_CPU,
                    (field (fields, FIELD_UTIME) + field (fields, FIELD_STIME)) / hz, NULL);
  dyno_metrics_set (DYNO_METRIC_PROCESS_MEMORY,
                    field (fields, FIELD_PAGES) * (double) sysconf (_SC_PAGESIZE), NULL);
  dyno_metrics_set (DYNO_METRIC_PROCESS_START, boot_s () + field (fields, FIELD_START) / hz, NULL);
}

void
dyno_metrics_read_process (void)
{
  struct rlimit limit;

  read_stat ();
  dyno_metrics_set (DYNO_METRIC_PROCESS_FDS, count_descriptors (), NULL);
  if (getrlimit (RLIMIT_NOFILE, &limit) == 0)
    dyno_metrics_set (DYNO_METRIC_PROCESS_MAX_FDS, (double) limit.rlim_cur, NULL);
}
