/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-crypt.h"
#include "dyno-db-private.h"

/* A row of foreign_key_check: child table, rowid or NULL, parent table, number. */
static char *
describe_row (sqlite3_stmt *stmt)
{
  const char *row;

  if (sqlite3_column_count (stmt) < 3)
    return g_strdup ((const char *) sqlite3_column_text (stmt, 0));

  row = (const char *) sqlite3_column_text (stmt, 1);

  return g_strdup_printf ("row %s of %s belongs to a row of %s that is not there",
                          row != NULL ? row : "?", (const char *) sqlite3_column_text (stmt, 0),
                          (const char *) sqlite3_column_text (stmt, 2));
}

gboolean
dyno_db_check (DynoDb     *self,
               DynoDbCheck check,
               GPtrArray  *findings,
               GError    **error)
{
  static const char *const pragmas[] = { "quick_check", "integrity_check", "foreign_key_check" };
  sqlite3_stmt *stmt = dyno_db_prepare_pragma (self, pragmas[check]);
  int status = sqlite3_extended_errcode (self->handle);

  while (stmt != NULL && (status = sqlite3_step (stmt)) == SQLITE_ROW)
    {
      g_autofree char *line = describe_row (stmt);

      if (g_strcmp0 (line, "ok") != 0)
        g_ptr_array_add (findings, g_steal_pointer (&line));
    }
  sqlite3_finalize (stmt);
  if (status == SQLITE_DONE)
    return TRUE;
  if ((status & 0xff) == SQLITE_CORRUPT || (status & 0xff) == SQLITE_NOTADB)
    {
      g_ptr_array_add (findings, g_strdup (sqlite3_errmsg (self->handle)));
      return TRUE;
    }
  dyno_db_set_error (self, status, error);

  return FALSE;
}

char *
dyno_db_dup_schema_sum (DynoDb  *self,
                        GError **error)
{
  static const char sql[] =
    "SELECT coalesce (group_concat (type || ' ' || name || ' ' || tbl_name || ' ' || sql,"
    " char (10)), '') FROM (SELECT * FROM sqlite_schema"
    " WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY type, name)";
  sqlite3_stmt *stmt = NULL;
  char *sum = NULL;
  int status = sqlite3_prepare_v2 (self->handle, sql, -1, &stmt, NULL);

  if (status == SQLITE_OK)
    status = sqlite3_step (stmt);
  if (status == SQLITE_ROW)
    sum = dyno_crypt_sha256_hex (sqlite3_column_text (stmt, 0),
                                 (gsize) sqlite3_column_bytes (stmt, 0));
  else
    dyno_db_set_error (self, status, error);
  sqlite3_finalize (stmt);

  return sum;
}
