/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-db.h"
#include "dyno-sql.h"

G_BEGIN_DECLS

/* A statement of the catalogue on one connection: prepared at first use, kept.
 *
 *   s = dyno_statement_begin (db, DYNO_SQL_SETTING_GET);
 *   dyno_statement_set_text (s, ":key", key);
 *   while ((step = dyno_statement_step (s, error)) == DYNO_STEP_ROW)
 *     text = dyno_statement_dup_text (s, 0);
 *
 * A failure while preparing or binding waits for the first step. A parameter
 * that the statement does not have is a programming mistake; one that is not
 * set is NULL. What a getter answers lives until the next step. */

typedef struct _DynoStatement DynoStatement;

typedef enum
{
  DYNO_STEP_FAILED,
  DYNO_STEP_DONE,
  DYNO_STEP_ROW,
} DynoStep;

/* Never NULL. Ends what the same statement was doing before. */
DynoStatement *dyno_statement_begin       (DynoDb        *db,
                                           DynoSql        sql);

/* NULL is stored as NULL. The text is copied. */
void           dyno_statement_set_text    (DynoStatement *self,
                                           const char    *name,
                                           const char    *value);
void           dyno_statement_set_integer (DynoStatement *self,
                                           const char    *name,
                                           gint64         value);
/* NaN is stored as NULL. */
void           dyno_statement_set_real    (DynoStatement *self,
                                           const char    *name,
                                           double         value);
/* Not copied: `data` must live until the statement has been stepped through.
 * A NULL `data` is stored as NULL. */
void           dyno_statement_set_blob    (DynoStatement *self,
                                           const char    *name,
                                           gconstpointer  data,
                                           gsize          size);
void           dyno_statement_set_bytes   (DynoStatement *self,
                                           const char    *name,
                                           GBytes        *bytes);

DynoStep       dyno_statement_step        (DynoStatement *self,
                                           GError       **error);
/* Steps to the end and ends; for what answers no rows. */
gboolean       dyno_statement_run         (DynoStatement *self,
                                           GError       **error);
/* Lets go of rows that were not read. */
void           dyno_statement_end         (DynoStatement *self);
/* Ends every statement of the connection. */
void           dyno_statement_end_all     (DynoDb        *db);

/* What a row is made into. */
typedef gpointer (*DynoRowFunc) (DynoStatement *row);

/* All rows that are left, or NULL and `error`. */
GPtrArray     *dyno_statement_list        (DynoStatement  *self,
                                           DynoRowFunc     make,
                                           GDestroyNotify  free_item,
                                           GError        **error);
/* The first row. Where there is none: NOT_FOUND with that sentence. */
gpointer       dyno_statement_get         (DynoStatement  *self,
                                           DynoRowFunc     make,
                                           const char     *missing,
                                           GError        **error);

gboolean       dyno_statement_is_null     (DynoStatement *self,
                                           int            column);
const char    *dyno_statement_text        (DynoStatement *self,
                                           int            column); /* (nullable) */
char          *dyno_statement_dup_text    (DynoStatement *self,
                                           int            column); /* (nullable) */
gint64         dyno_statement_integer     (DynoStatement *self,
                                           int            column); /* NULL: 0 */
double         dyno_statement_real        (DynoStatement *self,
                                           int            column); /* NULL: NaN */
gconstpointer  dyno_statement_blob        (DynoStatement *self,
                                           int            column,
                                           gsize         *size); /* (nullable) */
GBytes        *dyno_statement_dup_bytes   (DynoStatement *self,
                                           int            column); /* (nullable) */

G_END_DECLS
