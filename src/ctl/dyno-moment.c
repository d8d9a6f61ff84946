/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-moment.h"

#include "dyno-clock.h"
#include "dyno-failure.h"

#include <string.h>

#define DAY_MS (G_GINT64_CONSTANT (86400) * 1000)
#define MOST_DAYS 36600

static gboolean
find_moment (const char *text,
             gint64     *ms)
{
  g_autofree char *day = g_strdup_printf ("%sT00:00:00", text);
  g_autoptr(GTimeZone) here = g_time_zone_new_local ();
  g_autoptr(GDateTime) time = NULL;
  gint64 us;

  if (dyno_clock_parse_utc (text, &us))
    {
      *ms = us / 1000;
      return TRUE;
    }

  time = strlen (text) == strlen ("2026-03-14") ? g_date_time_new_from_iso8601 (day, here) : NULL;
  if (time != NULL)
    *ms = g_date_time_to_unix (time) * 1000;

  return time != NULL;
}

gboolean
dyno_moment_parse (const char  *option,
                   const char  *text,
                   gint64      *ms,
                   GError     **error)
{
  if (text == NULL || find_moment (text, ms))
    return TRUE;
  dyno_failure_set_usage (error, "%s takes a day (2026-03-14) or a time (2026-03-14T09:00:00Z).",
                          option);

  return FALSE;
}

gboolean
dyno_moment_parse_end (const char  *option,
                       const char  *text,
                       gint64      *ms,
                       GError     **error)
{
  guint64 days;

  if (text == NULL || find_moment (text, ms))
    return TRUE;
  if (g_ascii_string_to_unsigned (text, 10, 1, MOST_DAYS, &days, NULL))
    {
      *ms = dyno_clock_real_us (dyno_clock_get_system ()) / 1000 + (gint64) days * DAY_MS;
      return TRUE;
    }
  dyno_failure_set_usage (error, "%s takes a number of days, a day (2026-03-14) or a time "
                                 "(2026-03-14T09:00:00Z).", option);

  return FALSE;
}
