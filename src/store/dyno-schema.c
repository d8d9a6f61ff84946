/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-schema.h"

#include <glib/gstdio.h>

#include "dyno-clock.h"
#include "dyno-crypt.h"
#include "dyno-error.h"
#include "dyno-snapshot.h"
#include "dyno-statement.h"

static const char create_list[] =
  "CREATE TABLE schema_migrations ("
  " number INTEGER PRIMARY KEY,"
  " name TEXT NOT NULL,"
  " sha256 TEXT NOT NULL,"
  " schema_sha256 TEXT NOT NULL,"
  " applied_at INTEGER NOT NULL"
  ") STRICT;";

static char *
dup_sum (const DynoMigration *step)
{
  g_autofree char *text = g_strdup_printf ("%d %s\n%s", step->number, step->name, step->sql);

  return dyno_crypt_sha256_hex (text, strlen (text));
}

static gboolean
drift (const char *what,
       GError    **error)
{
  dyno_error_set (error, DYNO_ERROR_CORRUPT, "schema_drift",
                  "The tables of the database were changed by another program (%s). Undo that "
                  "change, or restore the last backup.",
                  what);

  return FALSE;
}

static gboolean
newer (int      number,
       guint    n_steps,
       GError **error)
{
  dyno_error_set (error, DYNO_ERROR_CONFLICT, "schema_newer",
                  "A newer DynoAI has used this data folder (its tables are of step %d, this "
                  "program knows %u). Start the newer program, or restore the backup that it made "
                  "in the folder “backups”.",
                  number, n_steps);

  return FALSE;
}

static gboolean
is_ours (DynoDb  *db,
         GError **error)
{
  gint64 application = dyno_db_pragma (db, "application_id");

  if (application == DYNO_DB_APPLICATION_ID)
    return TRUE;
  if (application == 0 && dyno_db_pragma (db, "user_version") == 0
      && dyno_db_pragma (db, "page_count") <= 1)
    return TRUE;
  dyno_error_set (error, DYNO_ERROR_CONFLICT, "not_ours",
                  "The file dynoai.db was made by another program. Choose another data folder.");

  return FALSE;
}

/* One recorded step against ours. */
static gboolean
check_step (DynoStatement       *row,
            int                  expected,
            const DynoMigration *steps,
            guint                n_steps,
            GError             **error)
{
  int number = (int) dyno_statement_integer (row, 0);
  g_autofree char *sum = NULL;

  if (number != expected)
    return drift ("a step is missing", error);
  if ((guint) number > n_steps)
    return newer (number, n_steps, error);

  sum = dup_sum (&steps[number - 1]);
  if (g_strcmp0 (sum, dyno_statement_text (row, 2)) != 0)
    return drift (steps[number - 1].name, error);

  return TRUE;
}

static gboolean
check_steps (DynoDb              *db,
             const DynoMigration *steps,
             guint                n_steps,
             int                 *current,
             char               **schema_sum,
             GError             **error)
{
  DynoStatement *s = dyno_statement_begin (db, DYNO_SQL_MIGRATION_LIST);
  DynoStep step;

  while ((step = dyno_statement_step (s, error)) == DYNO_STEP_ROW)
    {
      if (!check_step (s, *current + 1, steps, n_steps, error))
        break;
      *current += 1;
      g_free (*schema_sum);
      *schema_sum = dyno_statement_dup_text (s, 3);
    }
  dyno_statement_end (s);

  return step == DYNO_STEP_DONE;
}

gboolean
dyno_schema_verify (DynoDb              *db,
                    const DynoMigration *steps,
                    guint                n_steps,
                    int                 *current,
                    GError             **error)
{
  gint64 version = dyno_db_pragma (db, "user_version");
  g_autofree char *recorded = NULL;
  g_autofree char *present = NULL;

  *current = 0;
  if (!is_ours (db, error))
    return FALSE;
  if (version == 0)
    return TRUE;
  if (version > (gint64) n_steps)
    return newer ((int) version, n_steps, error);
  if (!check_steps (db, steps, n_steps, current, &recorded, error))
    return FALSE;
  if (*current != version)
    return drift ("its number of steps", error);

  present = dyno_db_dup_schema_sum (db, error);
  if (present == NULL)
    return FALSE;
  if (g_strcmp0 (present, recorded) != 0)
    return drift ("a table, an index or a view", error);

  return TRUE;
}

static gboolean
record_step (DynoDb              *db,
             const DynoMigration *step,
             gint64               now_us,
             GError             **error)
{
  g_autofree char *version = g_strdup_printf ("PRAGMA user_version=%d", step->number);
  g_autofree char *sum = dup_sum (step);
  g_autofree char *schema_sum = dyno_db_dup_schema_sum (db, error);
  DynoStatement *s;

  if (schema_sum == NULL || !dyno_db_exec (db, version, error))
    return FALSE;

  s = dyno_statement_begin (db, DYNO_SQL_MIGRATION_ADD);
  dyno_statement_set_integer (s, ":number", step->number);
  dyno_statement_set_text (s, ":name", step->name);
  dyno_statement_set_text (s, ":sha256", sum);
  dyno_statement_set_text (s, ":schema_sha256", schema_sum);
  dyno_statement_set_integer (s, ":applied_at", now_us / 1000);

  return dyno_statement_run (s, error);
}

static gboolean
check_references (DynoDb              *db,
                  const DynoMigration *step,
                  GError             **error)
{
  g_autoptr(GPtrArray) findings = g_ptr_array_new_with_free_func (g_free);

  if (!dyno_db_check (db, DYNO_DB_CHECK_REFERENCES, findings, error))
    return FALSE;
  if (findings->len == 0)
    return TRUE;
  dyno_error_set (error, DYNO_ERROR_CORRUPT, "migration",
                  "The database could not be brought to step “%s”: %s. Nothing was changed; "
                  "restore the last backup.",
                  step->name, (const char *) g_ptr_array_index (findings, 0));

  return FALSE;
}

static gboolean
make_step (DynoDb              *db,
           const DynoMigration *step,
           gint64               now_us,
           GError             **error)
{
  gboolean ok;

  if (!dyno_db_begin (db, TRUE, error))
    return FALSE;

  ok = step->number > 1
       || (dyno_db_exec (db, "PRAGMA application_id=" G_STRINGIFY (DYNO_DB_APPLICATION_ID), error)
           && dyno_db_exec (db, create_list, error));
  ok = ok && dyno_db_exec (db, step->sql, error) && check_references (db, step, error)
       && record_step (db, step, now_us, error) && dyno_db_commit (db, error);
  if (!ok)
    dyno_db_rollback (db);

  return ok;
}

static gboolean
back_up (DynoDb              *db,
         const DynoMigration *step,
         const char          *backups,
         gint64               now_us,
         GError             **error)
{
  g_autofree char *utc = dyno_clock_format_utc (now_us);
  g_autofree char *name = g_strdup_printf ("dynoai-%s-before-%d.db", utc, step->number);
  g_autofree char *path = g_build_filename (backups, g_strdelimit (name, ":", '-'), NULL);

  if (g_mkdir_with_parents (backups, 0700) != 0)
    {
      dyno_error_set (error, DYNO_ERROR_UNAVAILABLE, "read_only",
                      "The folder “backups” cannot be made in the data folder. Check its "
                      "permissions.");
      return FALSE;
    }

  return dyno_snapshot_write (db, path, error);
}

gboolean
dyno_schema_migrate (DynoDb              *db,
                     const DynoMigration *steps,
                     guint                n_steps,
                     const char          *backups,
                     gint64               now_us,
                     GError             **error)
{
  int current;
  gboolean is_new;

  if (!dyno_schema_verify (db, steps, n_steps, &current, error))
    return FALSE;

  is_new = current == 0;
  for (guint i = (guint) current; i < n_steps; i++)
    {
      if (!is_new && !back_up (db, &steps[i], backups, now_us, error))
        return FALSE;
      if (!make_step (db, &steps[i], now_us, error))
        return FALSE;
    }

  return TRUE;
}
