/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-import-cell.h"

G_BEGIN_DECLS

/* The cells of the time column: the first one that can be read tells the form of all;
 * one of another form is no stamp. */

#define DYNO_IMPORT_DATE_LENGTH 10 /* YYYY-MM-DD */

typedef enum
{
  DYNO_IMPORT_STAMP_NUMBER,
  DYNO_IMPORT_STAMP_TIME_OF_DAY,
  DYNO_IMPORT_STAMP_WALL_CLOCK,
} DynoImportStampForm;

typedef struct
{
  char                delimiter;
  char                mark;     /* decimal mark of stamps that are numbers */
  gboolean            is_known; /* the form is */
  DynoImportStampForm form;
  gint64              base_day; /* of the first wall clock: seconds are counted from its midnight */
  char               *first;    /* (owned) (nullable) the first stamp as the file spells it */
  char                date[DYNO_IMPORT_DATE_LENGTH]; /* of the last wall clock read the long way */
  double              date_s;   /* what its midnight counts as */
} DynoImportStampReader;

void        dyno_import_stamp_clear        (DynoImportStampReader       *self);

/* Looks at column `column` of the lines from `text` to `end`; FALSE where none of them
 * has a stamp. */
gboolean    dyno_import_stamp_find_form    (DynoImportStampReader       *self,
                                            const char                  *text,
                                            const char                  *end,
                                            guint                        column);

/* Seconds, or the number as it stands. FALSE for a cell that is no stamp. */
gboolean    dyno_import_stamp_read         (DynoImportStampReader       *self,
                                            const DynoImportCell        *cell,
                                            double                      *value);

/* The short way for clocks: of the day read last, without an offset. The byte behind
 * the cell, or NULL: then the long way must be gone. */
const char *dyno_import_stamp_read_quickly (const DynoImportStampReader *self,
                                            const char                  *text,
                                            double                      *value);

G_END_DECLS
