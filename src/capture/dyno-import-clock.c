/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-import-clock.h"

#include <string.h>

#define MAX_LENGTH 64       /* a stamp is never longer */
#define MAX_HOUR_DIGITS 3   /* some loggers count hours on */
#define N_FRACTION 9        /* digits kept: nanoseconds */

/* Between `min` and `max` digits; FALSE when fewer stand there. */
static gboolean
read_number (const char **text,
             guint        min,
             guint        max,
             gint64      *number)
{
  guint n = 0;

  *number = 0;
  for (; n < max && g_ascii_isdigit (**text); n++, (*text)++)
    *number = *number * 10 + (**text - '0');

  return n >= min;
}

static gboolean
read_char (const char **text,
           const char  *allowed)
{
  if (**text == '\0' || strchr (allowed, **text) == NULL)
    return FALSE;
  (*text)++;

  return TRUE;
}

/* Nanoseconds of the digits behind the mark. FALSE where there is none. */
static gboolean
read_fraction (const char **text,
               gint64      *ns)
{
  static const gint64 scale[N_FRACTION + 1] = { 1000000000, 100000000, 10000000, 1000000, 100000,
                                                10000,      1000,      100,      10,      1 };
  const char *p = *text;
  guint n = 0;

  for (*ns = 0; n < N_FRACTION && g_ascii_isdigit (*p); n++, p++)
    *ns = *ns * 10 + (*p - '0');
  *ns *= scale[n];
  while (g_ascii_isdigit (*p))
    p++;
  *text = p;

  return n > 0;
}

const char *
dyno_import_clock_read_time (const char *text,
                             char        delimiter,
                             double     *seconds)
{
  gint64 hour;
  gint64 minute;
  gint64 second;
  gint64 ns = 0;

  if (!read_number (&text, 1, MAX_HOUR_DIGITS, &hour) || *text++ != ':'
      || !read_number (&text, 2, 2, &minute) || *text++ != ':'
      || !read_number (&text, 2, 2, &second) || minute > 59 || second > 60)
    return NULL;
  if ((*text == '.' || *text == ',' || *text == ':') && *text != delimiter)
    {
      text++;
      if (!read_fraction (&text, &ns))
        return NULL;
    }

  /* One rounding: an integer of nanoseconds is a double. */
  *seconds
      = (double) ((hour * 3600 + minute * 60 + second) * G_GINT64_CONSTANT (1000000000) + ns) / 1e9;

  return text;
}

/* Days since 1970-01-01 in the Gregorian calendar; years begin in March here, so
 * that the leap day is the last. */
static gint64
count_days (gint64 year,
            gint64 month,
            gint64 day)
{
  gint64 y = month <= 2 ? year - 1 : year;
  gint64 day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;

  return y * 365 + y / 4 - y / 100 + y / 400 + day_of_year - 719468;
}

gboolean
dyno_import_clock_read_date (const char **text,
                             gint64      *days)
{
  gint64 year;
  gint64 month;
  gint64 day;

  if (!read_number (text, 4, 4, &year) || !read_char (text, "-")
      || !read_number (text, 2, 2, &month) || !read_char (text, "-")
      || !read_number (text, 2, 2, &day) || month < 1 || month > 12
      || !g_date_valid_dmy ((GDateDay) day, (GDateMonth) month, (GDateYear) year))
    return FALSE;
  *days = count_days (year, month, day);

  return TRUE;
}

static gboolean
read_offset (const char     **text,
             DynoImportClock *clock)
{
  gboolean is_west = **text == '-';
  gint64 hour;
  gint64 minute = 0;

  clock->has_offset = TRUE;
  if (read_char (text, "Zz"))
    return TRUE;
  if (!read_char (text, "+-") || !read_number (text, 2, 2, &hour))
    return FALSE;
  if (**text == ':')
    (*text)++;
  if (**text != '\0' && !read_number (text, 2, 2, &minute))
    return FALSE;
  clock->offset_s = (hour * 3600 + minute * 60) * (is_west ? -1 : 1);

  return hour <= 18 && minute <= 59;
}

gboolean
dyno_import_clock_parse (const char      *text,
                         gsize            length,
                         DynoImportClock *clock)
{
  char copy[MAX_LENGTH];
  const char *p = copy;

  *clock = (DynoImportClock){ 0 };
  if (length < strlen ("0:00:00") || length >= sizeof copy || !g_ascii_isdigit (text[0]))
    return FALSE;
  memcpy (copy, text, length);
  copy[length] = '\0';

  clock->has_date = memchr (copy, '-', MIN (length, 5)) != NULL;
  if (clock->has_date && (!dyno_import_clock_read_date (&p, &clock->day) || !read_char (&p, "Tt ")))
    return FALSE;
  p = dyno_import_clock_read_time (p, '\0', &clock->seconds);
  if (p == NULL)
    return FALSE;
  if (clock->has_date && *p == ' ')
    p++;
  if (clock->has_date && *p != '\0' && !read_offset (&p, clock))
    return FALSE;

  return p == copy + length && (!clock->has_date || clock->seconds <= 86400);
}

double
dyno_import_clock_since (const DynoImportClock *clock,
                         gint64                 day)
{
  return (double) ((clock->day - day) * 86400 - clock->offset_s) + clock->seconds;
}
