/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The catalogue: every statement that runs after the database is open, with
 * named parameters. No text from outside ever becomes SQL. */

typedef enum
{
  DYNO_SQL_BEGIN,
  DYNO_SQL_BEGIN_WRITE,
  DYNO_SQL_COMMIT,
  DYNO_SQL_ROLLBACK,
  DYNO_SQL_SAVEPOINT,
  DYNO_SQL_RELEASE,
  DYNO_SQL_UNDO_SAVEPOINT,

  DYNO_SQL_MIGRATION_LIST,
  DYNO_SQL_MIGRATION_ADD,

  DYNO_N_SQL
} DynoSql;

const char *dyno_sql_text (DynoSql sql);

G_END_DECLS
