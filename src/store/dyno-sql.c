/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-sql.h"

static const char *const texts[DYNO_N_SQL] = {
  [DYNO_SQL_BEGIN] = "BEGIN",
  [DYNO_SQL_BEGIN_WRITE] = "BEGIN IMMEDIATE",
  [DYNO_SQL_COMMIT] = "COMMIT",
  [DYNO_SQL_ROLLBACK] = "ROLLBACK",
  [DYNO_SQL_SAVEPOINT] = "SAVEPOINT verb",
  [DYNO_SQL_RELEASE] = "RELEASE verb",
  [DYNO_SQL_UNDO_SAVEPOINT] = "ROLLBACK TO verb",

  [DYNO_SQL_MIGRATION_LIST] =
    "SELECT number, name, sha256, schema_sha256, applied_at FROM schema_migrations ORDER BY number",
  [DYNO_SQL_MIGRATION_ADD] =
    "INSERT INTO schema_migrations (number, name, sha256, schema_sha256, applied_at)"
    " VALUES (:number, :name, :sha256, :schema_sha256, :applied_at)",
};

const char *
dyno_sql_text (DynoSql sql)
{
  g_assert (sql < DYNO_N_SQL && texts[sql] != NULL);

  return texts[sql];
}
