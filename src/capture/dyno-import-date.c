/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-import-date.h"

#include "dyno-import-clock.h"

#include <string.h>

#define MAX_ZONE 5 /* letters of "CEST" and the like */

typedef struct
{
  int year;
  int month;
  int day;
} Date;

static gboolean
is_day (const Date *date)
{
  return date->year > 0 && date->year < 10000 && date->month >= 1 && date->month <= 12
         && g_date_valid_dmy ((GDateDay) date->day, (GDateMonth) date->month,
                              (GDateYear) date->year);
}

/* Exactly `n` digits, or one fewer where `is_short` allows it. */
static gboolean
read_digits (const char **text,
             guint        n,
             gboolean     is_short,
             int         *number)
{
  guint i = 0;

  for (*number = 0; i < n && g_ascii_isdigit (**text); i++, (*text)++)
    *number = *number * 10 + (**text - '0');

  return (i == n || (is_short && i + 1 == n)) && !g_ascii_isdigit (**text);
}

static gboolean
read_iso (const char *text,
          Date       *date)
{
  const char *p = text;
  gint64 days;

  if (!dyno_import_clock_read_date (&p, &days) || g_ascii_isdigit (*p))
    return FALSE;
  p = text;

  return read_digits (&p, 4, FALSE, &date->year) && *p++ == '-'
         && read_digits (&p, 2, FALSE, &date->month) && *p++ == '-'
         && read_digits (&p, 2, FALSE, &date->day);
}

/* Eight digits are a date where a time of day follows them. */
static gboolean
read_short (const char *text,
            Date       *date)
{
  const char *p = text;
  double seconds;
  int number;

  if (!read_digits (&p, 8, FALSE, &number) || *p++ != ' '
      || dyno_import_clock_read_time (p, '\0', &seconds) == NULL)
    return FALSE;
  *date = (Date){ number / 10000, number / 100 % 100, number % 100 };

  return TRUE;
}

static gboolean
read_dotted (const char *text,
             Date       *date)
{
  return read_digits (&text, 2, TRUE, &date->day) && *text++ == '.'
         && read_digits (&text, 2, TRUE, &date->month) && *text++ == '.'
         && read_digits (&text, 4, FALSE, &date->year) && *text != '.';
}

/* 0 where no month begins here. */
static int
find_month (const char *text)
{
  static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };

  for (gsize i = 0; i < G_N_ELEMENTS (months); i++)
    {
      if (g_ascii_strncasecmp (text, months[i], strlen (months[i])) == 0)
        return (int) i + 1;
    }

  return 0;
}

static void
skip_blanks (const char **text)
{
  while (**text == ' ')
    (*text)++;
}

/* " 02:15:46 CET " */
static gboolean
skip_time (const char **text)
{
  double seconds;
  guint n = 0;

  *text = dyno_import_clock_read_time (*text, '\0', &seconds);
  if (*text == NULL)
    return FALSE;
  skip_blanks (text);
  for (; g_ascii_isalpha (**text) && n <= MAX_ZONE; n++)
    (*text)++;
  skip_blanks (text);

  return n <= MAX_ZONE;
}

static gboolean
read_named (const char *text,
            Date       *date)
{
  date->month = find_month (text);
  if (date->month == 0)
    return FALSE;
  while (g_ascii_isalpha (*text) || *text == '.')
    text++;
  skip_blanks (&text);
  if (!read_digits (&text, 2, TRUE, &date->day))
    return FALSE;
  if (*text == ',')
    {
      text++;
      skip_blanks (&text);
      return read_digits (&text, 4, FALSE, &date->year);
    }
  skip_blanks (&text);

  return skip_time (&text) && read_digits (&text, 4, FALSE, &date->year);
}

char *
dyno_import_find_date (const char *text)
{
  for (const char *p = text; *p != '\0'; p++)
    {
      Date date = { 0 };

      if (!g_ascii_isalnum (*p) || (p > text && (g_ascii_isalnum (p[-1]) || p[-1] == '.')))
        continue;
      if ((read_iso (p, &date) || read_short (p, &date) || read_dotted (p, &date)
           || read_named (p, &date))
          && is_day (&date))
        return g_strdup_printf ("%04d-%02d-%02d", date.year, date.month, date.day);
    }

  return NULL;
}
