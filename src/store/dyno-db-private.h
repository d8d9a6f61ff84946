/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <sqlite3.h>

#include "dyno-db.h"
#include "dyno-sql.h"
#include "dyno-statement.h"

G_BEGIN_DECLS

struct _DynoStatement
{
  DynoDb       *db;     /* (borrowed) */
  sqlite3_stmt *stmt;   /* (owned) (nullable) prepared at first use */
  int           status; /* sticky: the first failure since the statement was begun */
};

struct _DynoDb
{
  sqlite3       *handle;      /* (owned) */
  char          *path;        /* (owned) */
  gsize          page_bytes;
  gsize          wal_bytes;
  GCancellable  *cancellable; /* (borrowed) (nullable) */
  DynoStatement  statements[DYNO_N_SQL];
};

/* NULL where SQLite does not take it. */
sqlite3_stmt *dyno_db_prepare_pragma (DynoDb     *self,
                                      const char *name);

G_END_DECLS
