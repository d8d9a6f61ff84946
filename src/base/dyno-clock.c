/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-clock.h"

#include <stdatomic.h>

struct _DynoClock
{
  gboolean       is_fake;
  _Atomic gint64 monotonic_us; /* (atomic) of a fake clock */
  _Atomic gint64 real_us;      /* (atomic) of a fake clock */
};

DynoClock *
dyno_clock_get_system (void)
{
  static DynoClock clock = { .is_fake = FALSE };

  return &clock;
}

DynoClock *
dyno_clock_new_fake (gint64 monotonic_us,
                     gint64 real_us)
{
  DynoClock *self = g_new0 (DynoClock, 1);

  self->is_fake = TRUE;
  self->monotonic_us = monotonic_us;
  self->real_us = real_us;

  return self;
}

void
dyno_clock_advance (DynoClock *self,
                    gint64     us)
{
  g_return_if_fail (self->is_fake);

  atomic_fetch_add (&self->monotonic_us, us);
  atomic_fetch_add (&self->real_us, us);
}

void
dyno_clock_free (DynoClock *self)
{
  if (self != NULL && self->is_fake)
    g_free (self);
}

gint64
dyno_clock_monotonic_us (DynoClock *self)
{
  return self->is_fake ? self->monotonic_us : g_get_monotonic_time ();
}

gint64
dyno_clock_real_us (DynoClock *self)
{
  return self->is_fake ? self->real_us : g_get_real_time ();
}

char *
dyno_clock_format_utc (gint64 real_us)
{
  gint64 seconds = real_us / G_USEC_PER_SEC;
  gint64 rest_us = real_us % G_USEC_PER_SEC;
  g_autoptr(GDateTime) date = NULL;
  g_autofree char *text = NULL;

  if (rest_us < 0)
    {
      rest_us += G_USEC_PER_SEC;
      seconds--;
    }

  date = g_date_time_new_from_unix_utc (seconds);
  if (date == NULL)
    return g_strdup ("");
  text = g_date_time_format (date, "%Y-%m-%dT%H:%M:%S");

  return g_strdup_printf ("%s.%03dZ", text, (int) (rest_us / 1000));
}

gboolean
dyno_clock_parse_utc (const char *text,
                      gint64     *real_us)
{
  g_autoptr(GDateTime) date = g_date_time_new_from_iso8601 (text, NULL);

  if (date == NULL)
    return FALSE;
  *real_us = g_date_time_to_unix (date) * G_USEC_PER_SEC + g_date_time_get_microsecond (date);

  return TRUE;
}
