/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include <sqlite3.h>
#include <stdint.h>

#include "dyno-match.h"
#include "dyno-store-search.h"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static sqlite3_stmt *
prepare (void)
{
  sqlite3 *handle;
  sqlite3_stmt *stmt;

  g_assert (sqlite3_open (":memory:", &handle) == SQLITE_OK);
  g_assert (sqlite3_exec (handle,
                          "CREATE VIRTUAL TABLE t USING fts5 (title, notes, tags, vehicle,"
                          " customer, files, tokenize = \"unicode61 remove_diacritics 2"
                          " categories 'L* N* Co So'\", prefix = '2 3');"
                          "INSERT INTO t (title, vehicle) VALUES ('a b c', 'x y')",
                          NULL, NULL, NULL)
            == SQLITE_OK);
  g_assert (sqlite3_prepare_v2 (handle, "SELECT rowid FROM t WHERE t MATCH ?", -1, &stmt, NULL)
            == SQLITE_OK);

  return stmt;
}

/* Whatever is typed becomes an expression that FTS5 understands. */
int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  static sqlite3_stmt *stmt;
  g_autofree char *text = g_strndup ((const char *) data, size);
  g_autoptr(DynoRunQuery) query = dyno_run_query_new ();
  g_autoptr(GPtrArray) unknown = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *match = NULL;
  g_autofree char *tags = NULL;
  int status;

  if (stmt == NULL)
    stmt = prepare ();
  dyno_run_query_parse (query, text, unknown);
  match = dyno_match_of_query (query);
  tags = dyno_match_tags (query->tags);
  if (match == NULL)
    return 0;

  g_assert (g_utf8_validate (match, -1, NULL));
  sqlite3_bind_text (stmt, 1, match, -1, SQLITE_STATIC);
  status = sqlite3_step (stmt);
  g_assert (status == SQLITE_ROW || status == SQLITE_DONE);
  sqlite3_reset (stmt);

  return 0;
}
