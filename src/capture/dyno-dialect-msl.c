/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-dialects-private.h"

#include "dyno-import-cell.h"

#include <string.h>

/* MegaLogViewer text: remarks of the tuner above, tab-separated names, a row of units,
 * and lines "MARK 003 - Manual - Sat Mar 07 13:30:44 CET 2020" anywhere between the
 * rows. */

static gboolean
is_marker (const char *line)
{
  return strncmp (line, "MARK ", strlen ("MARK ")) == 0
         || strncmp (line, "\"MARK ", strlen ("\"MARK ")) == 0;
}

static gboolean
has_names (const char *line)
{
  gboolean has_time = FALSE;
  gboolean has_rpm = FALSE;

  for (const char *p = line;; p++)
    {
      DynoImportCell cell = dyno_import_cell_next (&p, '\t');
      g_autofree char *name = dyno_import_cell_dup (&cell);

      has_time |= g_ascii_strcasecmp (name, "Time") == 0;
      has_rpm |= g_ascii_strcasecmp (name, "RPM") == 0;
      if (dyno_import_is_line_end (*p))
        return has_time && has_rpm;
    }
}

/* The line below the names holds no stamp. */
static gboolean
is_followed_by_units (const DynoDialectHead *head,
                      const char            *names)
{
  const char *p = dyno_import_line_next (names);
  DynoImportCell cell;

  while (p < head->text + head->length && dyno_import_line_is_skipped (p))
    p = dyno_import_line_next (p);
  if (p >= head->text + head->length)
    return FALSE;
  cell = dyno_import_cell_next (&p, '\t');

  return *p == '\t' && !dyno_import_cell_is_number (&cell, '.')
         && !dyno_import_cell_is_number (&cell, ',');
}

static guint
score (const DynoDialectHead *head)
{
  const char *end = head->text + head->length;
  guint n_above = 0;

  if (head->names != NULL)
    return 0;
  for (const char *p = head->text; p < end; p = dyno_import_line_next (p))
    {
      if (dyno_import_line_is_skipped (p))
        continue;
      if (has_names (p))
        return n_above > 0 && is_followed_by_units (head, p) ? 4 : 0;
      n_above++;
    }

  return 0;
}

const DynoDialect dyno_dialect_msl = {
  .id = "msl",
  .title = "MegaLogViewer text log",
  .score = score,
  .time_unit = "s",
  .has_unit_row = TRUE,
  .is_marker = is_marker,
};
