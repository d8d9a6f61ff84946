/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-dialects-private.h"

#include "dyno-import-cell.h"

#include <string.h>

/* Cells of a line that head the stamps of a group. */
static guint
count_stamp_cells (const char *line,
                   char        delimiter)
{
  static const char *const words[] = { "time", "zeit", "stamp", "zeit stempel" };
  guint n = 0;

  for (const char *p = line;; p++)
    {
      DynoImportCell cell = dyno_import_cell_next (&p, delimiter);

      for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
        n += cell.length == strlen (words[i])
             && g_ascii_strncasecmp (cell.text, words[i], cell.length) == 0;
      if (dyno_import_is_line_end (*p))
        return n;
    }
}

static gboolean
has_group (const DynoDialectHead *head)
{
  static const char *const words[] = { "VCDS", "Group ", "Gruppe", "Block " };

  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    {
      if (dyno_dialect_head_has (head, words[i]))
        return TRUE;
    }

  return FALSE;
}

/* VCDS: every group of channels with stamps of its own. */
static guint
score (const DynoDialectHead *head)
{
  const char *end = head->text + head->length;

  if (head->names != NULL
      || !has_group (head))
    return 0;
  for (const char *p = head->text; p < end; p = dyno_import_line_next (p))
    {
      if (count_stamp_cells (p, ',') >= 2 || count_stamp_cells (p, ';') >= 2
          || count_stamp_cells (p, '\t') >= 2)
        return 2;
    }

  return 0;
}

const DynoDialect dyno_dialect_vcds = {
  .id = "vcds",
  .title = "a VCDS log with stamps of its own for every group",
  .score = score,
  .refusal = "import_layout_unsupported",
  .way = "Log one group alone, or put the groups on one time column, and export again.",
};
