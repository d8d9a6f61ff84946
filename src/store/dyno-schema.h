/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-db.h"

G_BEGIN_DECLS

/* The tables and how they came to be: numbered steps, forward only. Each step
 * is one transaction that ends with a check of all references; its name, the
 * SHA-256 of its text and that of the resulting tables are recorded in
 * schema_migrations, and user_version counts the steps. On a database that holds
 * something, a verified copy is laid into the backups folder before each step:
 * that copy, with the program it belongs to, is the way back.
 *
 * Never change a step that was released: its hash stands in every shop. */

typedef struct
{
  int         number; /* 1, 2, 3, … */
  const char *name;   /* "runs" */
  const char *sql;
} DynoMigration;

/* All steps of this program, in their order. */
const DynoMigration *dyno_schema_migrations (guint               *n);

/* Compares what is recorded with the steps given. `current` is the number of
 * the last step that was made; 0 for a new database. Fails with
 *   CONFLICT "schema_newer"  a newer program has been here,
 *   CORRUPT "schema_drift"   a step or a table is not as it was recorded,
 *   CONFLICT "not_ours"      it is another program's database. */
gboolean             dyno_schema_verify     (DynoDb              *db,
                                             const DynoMigration *steps,
                                             guint                n_steps,
                                             int                 *current,
                                             GError             **error);

/* Verifies, then makes the steps that are missing. */
gboolean             dyno_schema_migrate    (DynoDb              *db,
                                             const DynoMigration *steps,
                                             guint                n_steps,
                                             const char          *backups,
                                             gint64               now_us,
                                             GError             **error);

G_END_DECLS
