/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-import-layout.h"

G_BEGIN_DECLS

/* The search for the rows of a text log (formats.md A.4.1): every line of the head is
 * tried with every delimiter; the longest run of lines that look like data decides. A
 * run of a thousand ends the search. */

/* What a line looks like when it is cut at a delimiter. */
typedef struct
{
  guint total;    /* cells */
  guint width;    /* cells up to the last one that is not blank */
  guint n_filled;
  guint n_data;   /* numbers, flags, stamps and cells that say they are missing */
  guint n_units;  /* unit tokens and bracketed cells */
} DynoImportShape;

/* Lines of data of one width. */
typedef struct
{
  guint first; /* index of the first line */
  guint n;     /* lines */
  guint total;
  guint width; /* widest, trailing blanks left out */
} DynoImportRun;

typedef struct
{
  char          delimiter;
  gboolean      may_have_comma; /* as decimal mark */
  DynoImportRun run;            /* that goes on */
  DynoImportRun best;
} DynoImportCandidate;

typedef struct
{
  gsize   offset;
  guint64 number; /* from 1, skipped lines counted */
} DynoImportLine;

typedef struct
{
  const char         *text;  /* (borrowed) */
  DynoImportMarkerTest is_marker; /* (nullable) */
  GArray             *lines; /* (owned) of DynoImportLine, skipped ones left out */
  DynoImportCandidate candidates[3];
  guint               n_candidates;
} DynoImportSearch;

/* FALSE with import_option for a delimiter or decimal mark that is none; clear the
 * search in any case. */
gboolean              dyno_import_search_init  (DynoImportSearch        *self,
                                                const char              *text,
                                                DynoImportMarkerTest     is_marker,
                                                const DynoImportOptions *options,
                                                GError                 **error);
void                  dyno_import_search_clear (DynoImportSearch        *self);

/* Looks at the first `length` bytes. FALSE with import_limit for a line too long. */
gboolean              dyno_import_search_run   (DynoImportSearch        *self,
                                                gsize                    length,
                                                GError                 **error);

/* The delimiter with the longest run, of equals tab, semicolon, comma; NULL where no
 * line is data. */
DynoImportCandidate  *dyno_import_search_best  (DynoImportSearch        *self);

/* A line by its index among those that are not skipped. */
const DynoImportLine *dyno_import_search_line  (const DynoImportSearch  *self,
                                                guint                    index);
const char           *dyno_import_search_text  (const DynoImportSearch  *self,
                                                guint                    index);
char                 *dyno_import_search_quote (const DynoImportSearch  *self,
                                                guint                    index);

/* `with_units` costs a look-up a cell. */
DynoImportShape       dyno_import_line_measure (const char              *line,
                                                char                     delimiter,
                                                gboolean                 may_have_comma,
                                                gboolean                 with_units);

/* A line for an error message: "line 7 “12,5;…”". (transfer full) */
char                 *dyno_import_line_quote   (guint64                  number,
                                                const char              *line);

G_END_DECLS
