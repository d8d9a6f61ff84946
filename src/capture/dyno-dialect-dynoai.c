/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-dialects-private.h"

#include <string.h>

/* Our own tables (formats.md C.2): "Time (s)", canonical channels by their canonical
 * names, then the others. A name is followed by its unit in round brackets, whatever
 * that is; without one it ends in no bracket. What the export has decided is not guessed
 * anew, and no row is dropped. */

#define GUARDED "=+-@\t\r" /* beginnings that a spreadsheet would calculate */

/* Where the name ends and its unit begins: the bracket that the last byte closes. */
static const char *
find_unit (const char *cell)
{
  gsize n = strlen (cell);
  int depth = 0;

  if (n == 0 || cell[n - 1] != ')')
    return NULL;
  for (const char *p = cell + n - 1; p > cell; p--)
    {
      depth += (*p == ')') - (*p == '(');
      if (depth == 0)
        return p[-1] == ' ' ? p : NULL;
    }

  return NULL;
}

/* One apostrophe guards a name against spreadsheets. */
static const char *
skip_guard (const char *cell)
{
  return cell[0] == '\'' && cell[1] != '\0' && strchr (GUARDED, cell[1]) != NULL ? cell + 1 : cell;
}

static char *
dup_name (const char *cell)
{
  const char *unit = find_unit (cell);
  const char *begin = skip_guard (cell);

  if (unit == NULL || unit - 1 <= begin)
    return g_strdup (begin);

  return g_strndup (begin, (gsize) (unit - 1 - begin));
}

static guint
score (const DynoDialectHead *head)
{
  guint n = 0;

  if (head->names == NULL || !g_str_equal (head->names[0], "Time (s)"))
    return 0;
  for (guint i = 1; head->names[i] != NULL; i++)
    {
      g_autofree char *name = dup_name (head->names[i]);

      n += dyno_channel_find (name) != DYNO_CHANNEL_NONE;
    }

  return n > 0 ? n + 1 : 0;
}

static void
take_unit (DynoImportBinding *binding,
           const char        *cell)
{
  const char *unit = find_unit (cell);

  g_clear_pointer (&binding->unit_text, g_free);
  binding->unit = NULL;
  binding->unit_from = NULL;
  if (unit == NULL || unit[1] == ')')
    return;
  binding->unit_text = g_strndup (unit + 1, strlen (unit) - 2);
  binding->unit = dyno_unit_find (binding->unit_text);
  if (binding->unit != NULL)
    binding->unit_from = "header";
}

/* "(module) name" stands where the name alone would not be the only one. */
static void
take_name (DynoImportName *self,
           const char     *cell)
{
  g_autofree char *name = dup_name (cell);
  const char *close = name[0] == '(' ? strstr (name, ") ") : NULL;

  dyno_import_name_clear (self);
  self->unit = NULL;
  self->module = close != NULL ? g_strndup (name + 1, (gsize) (close - name - 1)) : g_strdup ("");
  self->name = g_strdup (close != NULL ? close + 2 : name);
}

static void
take_names (DynoImportMap *map)
{
  for (guint i = 0; i < map->table->n_columns; i++)
    {
      DynoImportColumn *column = &map->table->columns[i];
      DynoImportBinding *binding = &map->bindings[i];

      if (binding->alias.channel == DYNO_CHANNEL_TIME && i == 0)
        continue;
      take_name (&column->name, map->layout->names[i]);
      take_unit (binding, map->layout->names[i]);
      binding->alias = (DynoImportAlias){ .channel = dyno_channel_find (column->name.name) };
      binding->is_given = binding->alias.channel != DYNO_CHANNEL_NONE;
    }
}

const DynoDialect dyno_dialect_dynoai = {
  .id = "dynoai",
  .title = "DynoAI table",
  .score = score,
  .time_unit = "s",
  .is_exact = TRUE,
  .take_names = take_names,
};
