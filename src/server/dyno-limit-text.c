/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* The text of limits: "60/minute;1000/hour;10000/day". */

#include "config.h"

#include <string.h>

#include "dyno-error.h"
#include "dyno-limit-policy.h"

static const struct
{
  const char *name;
  gsize       offset; /* in DynoLimitNumbers */
  gint64      max;
} units[] = {
  { "minute", G_STRUCT_OFFSET (DynoLimitNumbers, per_minute), DYNO_LIMIT_MAX_PER_MINUTE },
  { "hour", G_STRUCT_OFFSET (DynoLimitNumbers, per_hour), DYNO_LIMIT_MAX_PER_HOUR },
  { "day", G_STRUCT_OFFSET (DynoLimitNumbers, per_day), DYNO_LIMIT_MAX_PER_DAY },
};

/* "minute" or "minutes"; −1 for neither. */
static int
find_unit (const char *text)
{
  for (gsize i = 0; i < G_N_ELEMENTS (units); i++)
    if (g_str_has_prefix (text, units[i].name))
      {
        const char *rest = text + strlen (units[i].name);

        return *rest == '\0' || g_str_equal (rest, "s") ? (int) i : -1;
      }

  return -1;
}

/* Cuts "60 / minute" or "60 per minute" in two; NULL where there is no such cut. */
static char *
cut_part (char *part)
{
  char *cut = strchr (part, '/');
  gsize length = 1;

  if (cut == NULL)
    {
      cut = strstr (part, " per ");
      length = strlen (" per ");
    }
  if (cut == NULL)
    return NULL;

  *cut = '\0';
  g_strchomp (part);
  return g_strchug (cut + length);
}

static gboolean
read_part (const char        *setting,
           char              *part,
           DynoLimitNumbers  *numbers,
           GError           **error)
{
  g_autofree char *shown = dyno_error_excerpt (part);
  const char *name = cut_part (part);
  int unit = name != NULL ? find_unit (name) : -1;
  gint64 *number;

  if (unit < 0)
    {
      dyno_error_set (error, DYNO_ERROR_INVALID, NULL,
                      "%s: “%s” is no limit. Write a number, a slash and minute, hour or day, "
                      "such as 60/minute;1000/hour.",
                      setting, shown);
      return FALSE;
    }

  number = G_STRUCT_MEMBER_P (numbers, units[unit].offset);
  if (*number != 0)
    {
      dyno_error_set (error, DYNO_ERROR_INVALID, NULL, "%s: The limit a %s stands there twice.",
                      setting, units[unit].name);
      return FALSE;
    }
  if (!g_ascii_isdigit (part[0])
      || !g_ascii_string_to_signed (part, 10, 1, units[unit].max, number, NULL))
    {
      dyno_error_set (error, DYNO_ERROR_INVALID, NULL,
                      "%s: “%s” is not allowed. A limit a %s is a whole number from 1 to "
                      "%" G_GINT64_FORMAT ".",
                      setting, shown, units[unit].name, units[unit].max);
      return FALSE;
    }

  return TRUE;
}

gboolean
dyno_limit_parse_numbers (const char        *setting,
                          const char        *text,
                          DynoLimitNumbers  *numbers,
                          GError           **error)
{
  g_auto(GStrv) parts = NULL;

  g_return_val_if_fail (setting != NULL && text != NULL && numbers != NULL, FALSE);

  *numbers = (DynoLimitNumbers) { 0 };
  parts = g_strsplit_set (text, ";,", -1);
  for (gsize i = 0; parts[i] != NULL; i++)
    if (!read_part (setting, g_strstrip (parts[i]), numbers, error))
      return FALSE;

  if (parts[0] != NULL)
    return TRUE;

  dyno_error_set (error, DYNO_ERROR_INVALID, NULL,
                  "%s is empty. Write a limit such as 60/minute;1000/hour.", setting);
  return FALSE;
}

gboolean
dyno_limit_parse_algorithm (const char          *text,
                            DynoLimitAlgorithm  *algorithm,
                            GError             **error)
{
  static const char *const names[] = {
    [DYNO_LIMIT_FIXED_WINDOW] = "fixed_window",
    [DYNO_LIMIT_SLIDING_WINDOW] = "sliding_window",
    [DYNO_LIMIT_TOKEN_BUCKET] = "token_bucket",
  };
  g_autofree char *shown = NULL;

  g_return_val_if_fail (text != NULL && algorithm != NULL, FALSE);

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    if (g_str_equal (text, names[i]))
      {
        *algorithm = i;
        return TRUE;
      }

  shown = dyno_error_excerpt (text);
  dyno_error_set (error, DYNO_ERROR_INVALID, NULL,
                  "RATE_LIMIT_ALGORITHM: “%s” is none of fixed_window, sliding_window and "
                  "token_bucket.",
                  shown);
  return FALSE;
}
