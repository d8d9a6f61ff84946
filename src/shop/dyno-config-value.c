/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-config-private.h"

#include "dyno-error.h"

#include <math.h>
#include <string.h>

/* A text against its row. */

static gboolean
is_in_list (const char *list,
            const char *word)
{
  g_auto(GStrv) words = g_strsplit (list, "|", -1);

  return g_strv_contains ((const char *const *) words, word);
}

gboolean
dyno_config_parse_boolean (const char *text,
                           gboolean   *value)
{
  *value = is_in_list ("true|1|yes|on", text);

  return *value || is_in_list ("false|0|no|off", text);
}

gboolean
dyno_config_parse_number (const char *text,
                          double     *value)
{
  char *end = NULL;

  *value = g_ascii_strtod (text, &end);

  return end != text && *end == '\0' && isfinite (*value);
}

static gboolean
number_is_good (const DynoConfigRow *row,
                const char          *text)
{
  double value;

  if (*text == '\0' && *row->value == '\0')
    return TRUE;

  return dyno_config_parse_number (text, &value) && value >= row->low && value <= row->high
         && (row->type == DYNO_CONFIG_NUMBER || value == floor (value));
}

static gboolean
value_is_good (const DynoConfigRow *row,
               const char          *text)
{
  gboolean unused;

  switch (row->type)
    {
    case DYNO_CONFIG_BOOLEAN:
      return dyno_config_parse_boolean (text, &unused);
    case DYNO_CONFIG_INTEGER:
    case DYNO_CONFIG_NUMBER:
      return number_is_good (row, text);
    case DYNO_CONFIG_CHOICE:
      return is_in_list (row->choices, text);
    case DYNO_CONFIG_FOLDER:
      return *text == '\0' || g_path_is_absolute (text);
    case DYNO_CONFIG_TEXT:
    case DYNO_CONFIG_SECRET:
    default:
      return strlen (text) <= (gsize) row->high && g_utf8_validate (text, -1, NULL);
    }
}

char *
dyno_config_describe_bounds (const DynoConfigRow *row)
{
  g_auto(GStrv) words = NULL;

  if (row->form != NULL)
    return g_strdup (row->form);

  switch (row->type)
    {
    case DYNO_CONFIG_BOOLEAN:
      return g_strdup ("true or false");
    case DYNO_CONFIG_INTEGER:
      return g_strdup_printf ("a whole number from %g to %g", row->low, row->high);
    case DYNO_CONFIG_NUMBER:
      return g_strdup_printf ("a number from %g to %g", row->low, row->high);
    case DYNO_CONFIG_CHOICE:
      words = g_strsplit (row->choices, "|", -1);
      return g_strjoinv (", ", words);
    case DYNO_CONFIG_FOLDER:
      return g_strdup ("an absolute path");
    case DYNO_CONFIG_TEXT:
    case DYNO_CONFIG_SECRET:
    default:
      return g_strdup_printf ("text of at most %g bytes", row->high);
    }
}

static void
set_refusal (const DynoConfigRow  *row,
             const char           *text,
             const char           *complaint,
             GError              **error)
{
  g_autofree char *bounds = dyno_config_describe_bounds (row);
  g_autofree char *shown = row->type == DYNO_CONFIG_SECRET
                             ? g_strdup ("what it is set to")
                             : g_strdup_printf ("“%s”", text);

  if (complaint != NULL)
    dyno_error_set (error, DYNO_ERROR_INVALID, "config",
                    "The setting %s cannot be %s: %s. Give %s.", row->key, shown, complaint, bounds);
  else
    dyno_error_set (error, DYNO_ERROR_INVALID, "config", "The setting %s cannot be %s: give %s.",
                    row->key, shown, bounds);
}

gboolean
dyno_config_check_row (const DynoConfigRow  *row,
                       const char           *text,
                       GError              **error)
{
  g_autofree char *complaint = NULL;

  if (!value_is_good (row, text))
    {
      set_refusal (row, text, NULL, error);
      return FALSE;
    }
  complaint = row->judge != NULL ? row->judge (row, text) : NULL;
  if (complaint != NULL)
    set_refusal (row, text, complaint, error);

  return complaint == NULL;
}
