/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-export-cell.h"

#include <math.h>
#include <string.h>

#include "dyno-json.h"

/* Enough for −1.8e308 with nine decimals. */
#define MOST_DIGITS 340

static gboolean
is_zero (const char *number)
{
  return number[strspn (number, "-0.")] == '\0';
}

static void
append_with_mark (GString    *text,
                  const char *number,
                  char        mark)
{
  for (const char *c = number; *c != '\0'; c++)
    {
      if (*c != '+')
        g_string_append_c (text, *c == '.' ? mark : *c);
    }
}

void
dyno_export_add_number (GString *text,
                        double   value,
                        int      decimals,
                        char     mark)
{
  char number[MOST_DIGITS];
  char format[8];

  g_return_if_fail (decimals >= DYNO_EXPORT_FULL && decimals <= 9);

  if (!isfinite (value))
    return;

  if (decimals == DYNO_EXPORT_FULL)
    {
      dyno_json_format_number (value, number);
    }
  else
    {
      g_snprintf (format, sizeof format, "%%.%df", decimals);
      g_ascii_formatd (number, sizeof number, format, value);
    }
  append_with_mark (text, *number == '-' && is_zero (number) ? number + 1 : number, mark);
}

static gboolean
needs_quotes (const char *value,
              char        delimiter)
{
  return strchr (value, delimiter) != NULL || strpbrk (value, "\"\r\n") != NULL
         || g_ascii_isspace (value[0])
         || (*value != '\0' && g_ascii_isspace (value[strlen (value) - 1]));
}

void
dyno_export_add_text (GString    *text,
                      const char *value,
                      char        delimiter)
{
  gboolean is_quoted = needs_quotes (value, delimiter);

  if (is_quoted)
    g_string_append_c (text, '"');
  if (*value != '\0' && strchr ("=+-@\t\r", *value) != NULL)
    g_string_append_c (text, '\'');
  for (const char *c = value; *c != '\0'; c++)
    {
      if (*c == '"')
        g_string_append_c (text, '"');
      g_string_append_c (text, *c);
    }
  if (is_quoted)
    g_string_append_c (text, '"');
}
