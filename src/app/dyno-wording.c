/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-wording.h"

#include <glib/gi18n.h>
#include <math.h>

DynoUnitSet
dyno_wording_units (DynoConfig *config)
{
  static const char *const names[DYNO_N_UNIT_SETS] = { "metric", "us", "european" };
  g_autofree char *chosen = dyno_config_dup (config, "ui.units");

  for (guint i = 0; i < DYNO_N_UNIT_SETS; i++)
    {
      if (g_strcmp0 (chosen, names[i]) == 0)
        return i;
    }

  return DYNO_UNITS_METRIC;
}

char *
dyno_wording_number (DynoUnitSet  units,
                     DynoQuantity quantity,
                     double       value_si)
{
  return dyno_unit_format (dyno_unit_shown (units, quantity), value_si, FALSE);
}

char *
dyno_wording_quantity (DynoUnitSet  units,
                       DynoQuantity quantity,
                       double       value_si)
{
  const DynoUnit *unit = dyno_unit_shown (units, quantity);
  g_autofree char *number = dyno_unit_format (unit, value_si, FALSE);

  if (!isfinite (value_si) || *unit->symbol == '\0')
    return g_steal_pointer (&number);

  return g_strdup_printf ("%s %s", number, unit->symbol);
}

char *
dyno_wording_duration (double seconds)
{
  gint64 whole;

  if (!isfinite (seconds) || seconds < 0)
    return g_strdup (DYNO_DASH_TEXT);

  whole = (gint64) floor (seconds);
  if (whole < 3600)
    return g_strdup_printf ("%d:%02d", (int) (whole / 60), (int) (whole % 60));

  return g_strdup_printf ("%" G_GINT64_FORMAT ":%02d:%02d", whole / 3600, (int) (whole / 60 % 60),
                          (int) (whole % 60));
}

char *
dyno_wording_age (double seconds)
{
  if (!isfinite (seconds))
    return g_strdup (DYNO_DASH_TEXT);
  if (seconds < 10)
    return g_strdup_printf (_ ("%.1f s"), fmax (seconds, 0));
  if (seconds < 120)
    return g_strdup_printf (_ ("%.0f s"), floor (seconds));

  return g_strdup_printf (_ ("%.0f min"), floor (seconds / 60));
}

/* Whole days of the local calendar. */
static int
days_between (GDateTime *then,
              GDateTime *now)
{
  GDate a;
  GDate b;

  g_date_clear (&a, 1);
  g_date_clear (&b, 1);
  g_date_set_dmy (&a, (GDateDay) g_date_time_get_day_of_month (then),
                  (GDateMonth) g_date_time_get_month (then),
                  (GDateYear) g_date_time_get_year (then));
  g_date_set_dmy (&b, (GDateDay) g_date_time_get_day_of_month (now),
                  (GDateMonth) g_date_time_get_month (now), (GDateYear) g_date_time_get_year (now));

  return g_date_days_between (&a, &b);
}

char *
dyno_wording_when (gint64 then_ms,
                   gint64 now_ms)
{
  g_autoptr(GDateTime) then = g_date_time_new_from_unix_local (then_ms / 1000);
  g_autoptr(GDateTime) now = g_date_time_new_from_unix_local (now_ms / 1000);
  int days;

  if (then == NULL || now == NULL)
    return g_strdup (DYNO_DASH_TEXT);

  days = days_between (then, now);
  if (days == 0)
    /* Translators: a time of today, as strftime takes it. */
    return g_date_time_format (then, _ ("Today %-H:%M"));
  if (days == 1)
    return g_date_time_format (then, _ ("Yesterday %-H:%M"));
  if (g_date_time_get_year (then) == g_date_time_get_year (now))
    /* Translators: a day of this year, as strftime takes it. */
    return g_date_time_format (then, _ ("%-d %b %-H:%M"));

  return g_date_time_format (then, _ ("%-d %b %Y"));
}

char *
dyno_wording_percent (double percent)
{
  if (!isfinite (percent))
    return g_strdup (DYNO_DASH_TEXT);

  return g_strdup_printf (percent < 10 ? "%.1f %%" : "%.0f %%", percent);
}

/* Four digits read well without a group. */
char *
dyno_wording_count (guint64 count)
{
  g_autofree char *digits = g_strdup_printf ("%" G_GUINT64_FORMAT, count);
  g_autoptr(GString) text = g_string_new (NULL);
  gsize n = strlen (digits);

  if (n <= 4)
    return g_steal_pointer (&digits);
  for (gsize i = 0; i < n; i++)
    {
      if (i > 0 && (n - i) % 3 == 0)
        g_string_append (text, "\342\200\257");
      g_string_append_c (text, digits[i]);
    }

  return g_string_free (g_steal_pointer (&text), FALSE);
}
