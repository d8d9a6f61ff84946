/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-dialects-private.h"

#include "dyno-import-cell.h"

#include <string.h>

static const DynoDialect plain = { .id = "plain", .title = "table of numbers" };

static const DynoDialect *const dialects[] = {
  &dyno_dialect_winpep,
  &dyno_dialect_pv_multiline,
  &dyno_dialect_pv_flat,
  &dyno_dialect_jetdrive_capture,
  &dyno_dialect_msl,
  &dyno_dialect_romraider,
  &dyno_dialect_haltech_nsp,
  &dyno_dialect_ecumaster,
  &dyno_dialect_zeitronix,
  &dyno_dialect_cobb_ap,
  &dyno_dialect_hptuners,
  &dyno_dialect_vcds,
  &dyno_dialect_dynoai,
  &plain,
};

const DynoDialect *
dyno_dialect_plain (void)
{
  return &plain;
}

const DynoDialect *
dyno_dialect_find (const char *id)
{
  for (gsize i = 0; i < G_N_ELEMENTS (dialects); i++)
    {
      if (g_strcmp0 (dialects[i]->id, id) == 0)
        return dialects[i];
    }

  return NULL;
}

const DynoDialect *
dyno_dialect_detect (const DynoDialectHead *head)
{
  const DynoDialect *best = &plain;
  guint best_score = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (dialects); i++)
    {
      guint score = dialects[i]->score != NULL ? dialects[i]->score (head) : 0;

      if (score > best_score)
        {
          best = dialects[i];
          best_score = score;
        }
    }

  return best;
}

char *
dyno_dialect_list (void)
{
  GString *list = g_string_new (NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (dialects); i++)
    {
      if (dialects[i]->refusal == NULL)
        g_string_append_printf (list, "%s%s", list->len > 0 ? ", " : "", dialects[i]->id);
    }

  return g_string_free (list, FALSE);
}

gboolean
dyno_dialect_line_begins (const char *line,
                          const char *begin)
{
  for (; *begin != '\0'; begin++, line++)
    {
      if (g_ascii_tolower (*line) != g_ascii_tolower (*begin))
        return FALSE;
    }

  return TRUE;
}

const char *
dyno_dialect_find_line (const char *text,
                        gsize       length,
                        const char *begin)
{
  const char *end = text + length;

  for (const char *p = text; p < end; p = dyno_import_line_next (p))
    {
      if (dyno_dialect_line_begins (p, begin))
        return p;
    }

  return NULL;
}

gboolean
dyno_dialect_head_has (const DynoDialectHead *head,
                       const char            *word)
{
  return memmem (head->text, head->length, word, strlen (word)) != NULL;
}

gboolean
dyno_dialect_cell_is (const char *cell,
                      const char *wanted)
{
  DynoImportName name;
  g_autofree char *folded = NULL;

  dyno_import_name_parse (&name, cell);
  folded = dyno_import_name_fold (name.name);
  dyno_import_name_clear (&name);

  return g_str_equal (folded, wanted);
}

char *
dyno_dialect_dup_folded (const DynoImportMap *map,
                         guint                column)
{
  return dyno_import_name_fold (map->table->columns[column].name.name);
}

void
dyno_dialect_reject (DynoImportMap *map,
                     guint          column,
                     double         low,
                     double         high,
                     DynoReject     reason)
{
  DynoImportColumn *numbers = &map->table->columns[column];
  guint64 before = numbers->rejected[reason];

  if (numbers->n == 0 || numbers->max < low || numbers->min > high)
    return;
  for (gsize row = 0; row < map->table->n_rows; row++)
    {
      double value = dyno_import_column_value (numbers, row);

      if (value >= low && value <= high)
        dyno_import_table_reject (map->table, numbers, row, reason);
    }
  if (numbers->rejected[reason] > before)
    dyno_import_table_measure (map->table, numbers);
}
