/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-import-search.h"

G_BEGIN_DECLS

/* The lines above the rows of a text log that say what its columns are (formats.md
 * A.4.3): names, units, perhaps names of a second kind. */

/* Indices of lines of the search, −1 where there is none. */
typedef struct
{
  int header;
  int units;
  int names;  /* nearest line of names whatever its width */
  int others; /* names of a second kind, above the units */
} DynoImportHead;

DynoImportHead dyno_import_head_find       (const DynoImportSearch    *search,
                                            const DynoImportCandidate *candidate,
                                            const DynoDialect         *dialect);

/* The cell that names the stamps best, −1. */
int            dyno_import_head_find_time  (const char *const         *names);
gboolean       dyno_import_head_names_time (const char                *line,
                                            char                       delimiter);

/* At least two cells, and few of them numbers. */
gboolean       dyno_import_head_has_names  (const DynoImportShape     *shape);

/* Widths that differ by one at most. */
static inline gboolean
dyno_import_head_is_near (guint a,
                          guint b)
{
  return a <= b + 1 && b <= a + 1;
}

G_END_DECLS
