/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-import-name.h"

#include <string.h>

static char *
strip (const char *begin,
       const char *end)
{
  while (begin < end && g_ascii_isspace (*begin))
    begin++;
  while (end > begin && g_ascii_isspace (end[-1]))
    end--;

  return g_strndup (begin, (gsize) (end - begin));
}

/* "(DWRT CPU) Power": the rest must begin with a blank, so that "(-)" is none. */
static const char *
take_module (DynoImportName *self,
             const char     *cell)
{
  const char *close = cell[0] == '(' ? strchr (cell, ')') : NULL;

  if (close == NULL || close == cell + 1 || close[1] != ' ' || close[2] == '\0')
    {
      self->module = g_strdup ("");
      return cell;
    }
  self->module = strip (cell + 1, close);

  return close + 2;
}

/* The bracket that the last byte closes, or NULL. */
static const char *
find_last_bracket (const char *begin,
                   const char *end)
{
  char open = end > begin && end[-1] == ')' ? '(' : '[';

  if (end == begin || (end[-1] != ')' && end[-1] != ']'))
    return NULL;
  for (const char *p = end - 1; p > begin; p--)
    {
      if (*p == open)
        return p;
    }

  return NULL;
}

/* "TPS (TPS)", "Gear Position (gear)": a bracket that repeats a word of the name says
 * nothing. */
static gboolean
repeats_word (const char *begin,
              const char *end,
              const char *text)
{
  gsize n = strlen (text);

  for (const char *p = begin; n > 0 && p + n <= end; p++)
    {
      if (g_ascii_strncasecmp (p, text, n) == 0 && (p == begin || !g_ascii_isalnum (p[-1]))
          && !g_ascii_isalnum (p[n]))
        return TRUE;
    }

  return FALSE;
}

/* In round brackets only what is a unit is one: "(uncorrected)" belongs to the
 * name. Square brackets hold a unit even if we do not know it, but "LAMBDA[1]" counts. */
static gboolean
take_last_unit (DynoImportName *self,
                const char     *begin,
                const char     *end)
{
  const char *open = find_last_bracket (begin, end);
  g_autofree char *text = NULL;
  const DynoUnit *unit;

  if (open == NULL)
    return FALSE;
  text = strip (open + 1, end - 1);
  unit = text[0] != '\0' ? dyno_unit_find (text) : NULL;
  if (unit == NULL && *open == '(' && repeats_word (begin, open, text))
    {
      self->name = strip (begin, open);
      return TRUE;
    }
  if (unit == NULL && (*open == '(' || strspn (text, "0123456789") == strlen (text)))
    return FALSE;

  self->unit = unit;
  self->unit_text = g_steal_pointer (&text);
  self->name = strip (begin, open);

  return TRUE;
}

/* "nmot(1/min) engine speed" */
static gboolean
take_middle_unit (DynoImportName *self,
                  const char     *begin)
{
  const char *open = strchr (begin, '(');
  const char *close = open != NULL ? strchr (open, ')') : NULL;
  g_autofree char *text = NULL;

  if (close == NULL || open == begin || close[1] == '\0')
    return FALSE;
  text = strip (open + 1, close);
  if (text[0] == '\0' || dyno_unit_find (text) == NULL)
    return FALSE;

  self->unit = dyno_unit_find (text);
  self->unit_text = g_steal_pointer (&text);
  self->name = strip (begin, open);
  self->second = strip (close + 1, close + strlen (close));

  return TRUE;
}

/* "Coolant Temp °F": degrees stand without brackets, too. A lone F or C may be anything. */
static gboolean
take_bare_degrees (DynoImportName *self,
                   const char     *begin,
                   const char     *end)
{
  static const char *const spellings[] = { "°F", "°C", "degF", "degC", "deg F", "deg C" };

  for (gsize i = 0; i < G_N_ELEMENTS (spellings); i++)
    {
      gsize n = strlen (spellings[i]);
      const char *at;

      if ((gsize) (end - begin) <= n)
        continue;
      at = end - n;
      if (at[-1] != ' ' || g_ascii_strncasecmp (at, spellings[i], n) != 0)
        continue;
      self->unit = dyno_unit_find (spellings[i]);
      self->unit_text = g_strndup (at, n);
      self->name = strip (begin, at);
      return TRUE;
    }

  return FALSE;
}

void
dyno_import_name_parse (DynoImportName *self,
                        const char     *cell)
{
  const char *begin;
  const char *end;

  *self = (DynoImportName){ 0 };
  begin = take_module (self, cell);
  end = begin + strlen (begin);
  while (end > begin && g_ascii_isspace (end[-1]))
    end--;
  if (!take_last_unit (self, begin, end) && !take_bare_degrees (self, begin, end)
      && !take_middle_unit (self, begin))
    self->name = strip (begin, end);
}

void
dyno_import_name_clear (DynoImportName *self)
{
  g_clear_pointer (&self->module, g_free);
  g_clear_pointer (&self->name, g_free);
  g_clear_pointer (&self->second, g_free);
  g_clear_pointer (&self->unit_text, g_free);
}
