/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-import-layout.h"
#include "dyno-import-table.h"

G_BEGIN_DECLS

/* The kinds of text logs (formats.md A.8): a row each, in a file each. A dialect says
 * how to know it and what its files leave unsaid; how cells are read is the same for
 * all that are tables. */

typedef struct _DynoDialect   DynoDialect;
typedef struct _DynoImportMap DynoImportMap;

/* What a dialect may look at: the first 64 KiB of decoded text and, once they are
 * known, delimiter and header cells. */
typedef struct
{
  const char        *text;      /* (borrowed) lines that all end */
  gsize              length;
  char               delimiter; /* '\0' as long as the names are not known */
  const char *const *names;     /* (borrowed) (nullable) */
  const char        *row;       /* (borrowed) (nullable) the first, as soon as there are names */
} DynoDialectHead;

/* A log whose lines are no rows: they are collected, and become rows at the end. */
typedef struct
{
  gpointer (*begin)    (const DynoImportLayout *layout);
  void     (*read)     (gpointer                self,
                        const char             *text,
                        gsize                   length);
  gboolean (*finish)   (gpointer                self,
                        DynoImportTable        *table,
                        GError                **error);
  void     (*describe) (gpointer                self,
                        DynoImportReport       *report);
  void     (*free)     (gpointer                self);
} DynoDialectLines;

struct _DynoDialect
{
  const char *id;
  const char *title;     /* "WinPEP 8 / Power Core time export" */

  /* How many items of the signature are there; 0: another dialect. Asked without the
   * names first: who answers then is not asked again. */
  guint     (*score) (const DynoDialectHead *head);

  /* (nullable) Refused before rows are looked for: reason and the way to a CSV. */
  const char *refusal;
  const char *way;

  const char *time_unit;    /* (nullable) of stamps without one */
  gboolean    has_unit_row; /* below the names, whatever stands in it */
  gboolean    is_exact;     /* our own: no number is judged, no row is dropped */

  /* (nullable) Where the names stand in no line above the rows: finds them. */
  DynoImportLayout       *(*make_layout) (const char *text,
                                          gsize       length,
                                          GError    **error);

  /* (nullable) A line among the rows that is a remark: kept as marker. */
  DynoImportMarkerTest      is_marker;

  const DynoDialectLines   *lines; /* (nullable) */

  /* (nullable) With the names known and no row read: channels and units that the file
   * says in a way of its own. */
  void      (*take_names)   (DynoImportMap *map);

  /* (nullable) With all rows read, before columns are compared: numbers that mean
   * nothing, numbers that are to be scaled. */
  void      (*take_numbers) (DynoImportMap *map);

  /* (nullable) Thereafter: units that the file does not name, by
   * dyno_import_map_set_unit (). */
  void      (*assign_units) (DynoImportMap *map);
};

/* NULL for an id that is none. */
const DynoDialect *dyno_dialect_find   (const char            *id);

/* The dialect with the most items; "plain" where none has one. */
const DynoDialect *dyno_dialect_detect (const DynoDialectHead *head);

/* The one for a table of which nothing else is known. */
const DynoDialect *dyno_dialect_plain  (void);

/* "winpep, jetdrive-capture, …" for messages. (transfer full) */
char              *dyno_dialect_list   (void);

G_END_DECLS
