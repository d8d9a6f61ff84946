/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-backup-plan.h"

typedef enum
{
  DAY,
  WEEK,
  MONTH,
  N_SPANS,
} Span;

static GDateTime *
local_time (gint64     ms,
            GTimeZone *zone)
{
  g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc (ms / 1000);

  return g_date_time_to_timezone (utc, zone);
}

/* A number that grows with each day, week or month. */
static int
number_of (gint64     ms,
           Span       span,
           GTimeZone *zone)
{
  g_autoptr(GDateTime) at = local_time (ms, zone);

  if (span == WEEK)
    return g_date_time_get_week_numbering_year (at) * 100 + g_date_time_get_week_of_year (at);

  return g_date_time_get_year (at) * 1000
         + (span == DAY ? g_date_time_get_day_of_year (at) : g_date_time_get_month (at));
}

/* The newest good one of each of the last `most` spans that have one. */
static void
keep_by (Span                 span,
         guint                most,
         const DynoBackupAge *backups,
         guint                n,
         GTimeZone           *zone,
         gboolean            *kept)
{
  int last = -1;
  guint n_kept = 0;

  for (guint i = 0; i < n && n_kept < most; i++)
    {
      int number = number_of (backups[i].created_ms, span, zone);

      if (!backups[i].is_good || number == last)
        continue;
      kept[i] = TRUE;
      last = number;
      n_kept++;
    }
}

gboolean *
dyno_backup_plan_keep (const DynoBackupAge  *backups,
                       guint                 n,
                       const DynoBackupKeep *keep,
                       GTimeZone            *zone)
{
  const guint most[N_SPANS] = { MAX (keep->daily, 1), keep->weekly, keep->monthly };
  gboolean *kept = g_new0 (gboolean, MAX (n, 1));
  gboolean has_good = FALSE;

  for (guint i = 0; i < n; i++)
    has_good |= backups[i].is_good;
  for (guint i = 0; i < n && !has_good; i++)
    kept[i] = TRUE;
  for (guint span = 0; span < N_SPANS; span++)
    keep_by ((Span) span, most[span], backups, n, zone, kept);

  return kept;
}

gboolean
dyno_backup_plan_is_due (gint64     now_ms,
                         gint64     last_ms,
                         int        hour,
                         GTimeZone *zone)
{
  g_autoptr(GDateTime) now = local_time (now_ms, zone);
  g_autoptr(GDateTime) slot = NULL;

  if (hour < 0)
    return FALSE;

  slot = g_date_time_new (zone, g_date_time_get_year (now), g_date_time_get_month (now),
                          g_date_time_get_day_of_month (now), hour, 0, 0);
  if (g_date_time_compare (slot, now) > 0)
    {
      GDateTime *yesterday = g_date_time_add_days (slot, -1);

      g_date_time_unref (slot);
      slot = yesterday;
    }

  return last_ms / 1000 < g_date_time_to_unix (slot);
}
