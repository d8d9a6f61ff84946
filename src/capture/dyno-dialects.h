/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The kinds of text logs (formats.md A.8): a row each. A dialect says how to know
 * it and what its files leave unsaid; how cells are read is the same for all. */

typedef struct _DynoImportMap DynoImportMap;

/* What a dialect may look at: the first 64 KiB of decoded text and, once they are
 * known, the header cells. */
typedef struct
{
  const char        *text;   /* (borrowed) lines that all end */
  gsize              length;
  const char *const *names;  /* (borrowed) (nullable) */
} DynoDialectHead;

typedef struct
{
  const char *id;
  const char *title;     /* "WinPEP 8 / Power Core time export" */

  /* How many items of the signature are there; 0: another dialect. */
  guint     (*score) (const DynoDialectHead *head);

  /* (nullable) Refused before rows are looked for: reason and the way to a CSV. */
  const char *refusal;
  const char *way;

  const char *time_unit; /* (nullable) of stamps without one */

  /* (nullable) With all rows read: units that the file does not name, by
   * dyno_import_map_set_unit (). */
  void      (*assign_units) (DynoImportMap *map);
} DynoDialect;

/* NULL for an id that is none. */
const DynoDialect *dyno_dialect_find   (const char            *id);

/* The dialect with the most items; "plain" where none has one. Those that are
 * refused are looked for as long as the header is not known (names NULL). */
const DynoDialect *dyno_dialect_detect (const DynoDialectHead *head);

/* "winpep, jetdrive-capture, …" for messages. (transfer full) */
char              *dyno_dialect_list   (void);

/* dyno-dialect-winpep.c */
guint              dyno_dialect_winpep_score        (const DynoDialectHead *head);
void               dyno_dialect_winpep_assign_units (DynoImportMap         *map);

G_END_DECLS
