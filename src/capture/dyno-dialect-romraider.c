/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-dialects-private.h"

#include "dyno-import-cell.h"

#include <string.h>

/* "Time" alone may be anybody's; this logger counts whole milliseconds. */
static gboolean
has_whole_stamp (const DynoDialectHead *head)
{
  const char *p = head->row;
  DynoImportCell cell = dyno_import_cell_next (&p, head->delimiter);

  return cell.length > 0 && strspn (cell.text, "0123456789") >= cell.length;
}

static guint
score (const DynoDialectHead *head)
{
  guint n = 0;

  if (head->names == NULL
      || !(g_ascii_strcasecmp (head->names[0], "Time (msec)") == 0
           || (g_str_equal (head->names[0], "Time") && has_whole_stamp (head))))
    return 0;
  for (guint i = 1; head->names[i] != NULL && n == 0; i++)
    {
      gsize length = strlen (head->names[i]);
      const char *open = strrchr (head->names[i], '(');

      n += open != NULL && open > head->names[i] && open[-1] == ' '
           && head->names[i][length - 1] == ')';
    }

  return n > 0 ? 2 : 0;
}

const DynoDialect dyno_dialect_romraider = {
  .id = "romraider",
  .title = "RomRaider log",
  .score = score,
  .time_unit = "ms",
};
