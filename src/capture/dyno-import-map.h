/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-dialects.h"
#include "dyno-import.h"
#include "dyno-import-layout.h"
#include "dyno-import-reader.h"
#include "dyno-import-table.h"

G_BEGIN_DECLS

/* What the columns of a log mean (formats.md A.7): unit, canonical channel and how
 * sure that is. */

#define DYNO_IMPORT_SURE 1.0        /* the operator said so */
#define DYNO_IMPORT_IN_FILE 0.95    /* unit in the file */
#define DYNO_IMPORT_BY_DIALECT 0.85 /* unit by dialect */
#define DYNO_IMPORT_BY_PREFIX 0.7   /* name cut after 30 bytes */
#define DYNO_IMPORT_BY_VALUE 0.6    /* unit by the numbers */
#define DYNO_IMPORT_MAPPED 0.5      /* below: offered only */
#define DYNO_IMPORT_DEAD 0.5        /* taken off a dead sensor */
#define DYNO_IMPORT_CONTRADICTS 0.3 /* taken off where name and unit disagree */

/* What is known of one column. */
typedef struct
{
  DynoImportAlias alias;        /* channel NONE: no alias */
  guint           rank;         /* of the module that logged it, 0 before 1, … */
  gboolean        is_given;     /* channel by the operator, or remembered */
  const DynoUnit *unit;         /* (nullable) of the numbers */
  char           *unit_text;    /* (owned) (nullable) as the file spells it */
  const char     *unit_from;    /* (nullable) as in DynoImportChannel */
  double          unit_confidence;
  gboolean        contradicts;  /* name and unit */
  gboolean        is_foreign;   /* the unit measures something else than the channel */
  double          confidence;   /* NaN without an alias */
  DynoChannel     channel;      /* at last */
  DynoChannel     offered;      /* what it may be, where that is not sure enough */
  int             identical_to; /* column, −1 */
} DynoImportBinding;

struct _DynoImportMap
{
  DynoImportTable         *table;    /* (borrowed) */
  const DynoImportLayout  *layout;   /* (borrowed) */
  const DynoImportOptions *options;  /* (borrowed) */
  const DynoDialect       *dialect;  /* (borrowed) */
  DynoImportReport        *report;   /* (borrowed) */
  DynoImportBinding       *bindings; /* (owned) one a column */
  int                      rpm;      /* column, −1 */
};

/* Aliases, options and the units of the file. NULL with import_option for an option
 * that names no column, channel or unit. What it borrows must outlive it. */
DynoImportMap *dyno_import_map_new  (DynoImportTable         *table,
                                     const DynoImportLayout  *layout,
                                     const DynoImportOptions *options,
                                     const DynoDialect       *dialect,
                                     DynoImportReport        *report,
                                     GError                 **error);
void           dyno_import_map_free (DynoImportMap           *self);

/* The column that holds the stamps, −1 where none does; before any row is read. */
int            dyno_import_map_find_time (const DynoImportMap *self);

/* With all rows read: units by value, confidences, one column a channel, offers,
 * rejected cells. FALSE when cancelled. */
gboolean       dyno_import_map_finish (DynoImportMap         *self,
                                       const DynoImportWatch *watch,
                                       GError               **error);

/* For dialects: the unit of a column whose file names none. */
void           dyno_import_map_set_unit (DynoImportMap       *self,
                                         guint                column,
                                         const char          *symbol,
                                         const char          *from,
                                         double               confidence);

/* The column that would be that channel by its name: the first with a number, by the
 * order of the aliases, −1. */
int            dyno_import_map_find (const DynoImportMap     *self,
                                     DynoChannel              channel);

/* A sensor that must move with the engine, did not while the engine did. */
gboolean       dyno_import_map_is_dead (const DynoImportMap  *self,
                                        guint                 column);

/* TRUE where the engine runs, as far as the log tells. */
gboolean       dyno_import_map_is_running (const DynoImportMap *self,
                                           gsize                row);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoImportMap, dyno_import_map_free)

G_END_DECLS
