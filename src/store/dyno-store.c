/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-store.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <unistd.h>

#include "dyno-rider-private.h"
#include "dyno-schema.h"
#include "dyno-store-jobs-private.h"
#include "dyno-store-private.h"

/* A log that still holds something was left by a process that did not close. */
static gboolean
was_left_open (DynoStore *self)
{
  g_autofree char *log = g_strconcat (self->path, "-wal", NULL);
  GStatBuf info;

  return g_stat (log, &info) == 0 && info.st_size > 0;
}

static gboolean
check_pages (DynoDb  *db,
             GError **error)
{
  g_autoptr(GPtrArray) findings = g_ptr_array_new_with_free_func (g_free);

  if (!dyno_db_check (db, DYNO_DB_CHECK_PAGES, findings, error))
    return FALSE;
  if (findings->len == 0)
    return TRUE;
  dyno_db_keep_log (db);
  dyno_error_set (error, DYNO_ERROR_CORRUPT, "database",
                  "The database is damaged (%s). Restore the last backup; the journals of the runs "
                  "are not touched.",
                  (const char *) g_ptr_array_index (findings, 0));

  return FALSE;
}

static gboolean
is_up_to_date (DynoDb  *db,
               GError **error)
{
  const DynoMigration *steps;
  guint n_steps;
  int current;

  steps = dyno_schema_migrations (&n_steps);
  if (!dyno_schema_verify (db, steps, n_steps, &current, error))
    return FALSE;
  if (current == (int) n_steps)
    return TRUE;
  dyno_error_set (error, DYNO_ERROR_CONFLICT, "schema_older",
                  "The database is of an older version (step %d of %u). Open it for writing, or "
                  "bring it up to date with “dynoctl db migrate”.",
                  current, n_steps);

  return FALSE;
}

static gboolean
bring_up_to_date (DynoStore *self,
                  DynoDb    *db,
                  GError   **error)
{
  g_autofree char *backups = g_build_filename (self->folder, "backups", NULL);
  const DynoMigration *steps;
  guint n_steps;

  if ((self->flags & DYNO_STORE_NO_MIGRATE) != 0)
    return is_up_to_date (db, error);
  steps = dyno_schema_migrations (&n_steps);

  return dyno_schema_migrate (db, steps, n_steps, backups, dyno_clock_real_us (self->clock), error);
}

/* On a full disk the shop must open all the same, or nobody could make room. */
static void
interrupt_jobs (DynoStore *self,
                DynoDb    *db)
{
  g_autoptr(GError) error = NULL;

  if (!dyno_job_rows_interrupt (db, dyno_clock_real_us (self->clock) / 1000, &error))
    g_message ("Jobs that were running could not be marked: %s", error->message);
}

static gboolean
open_writer (DynoStore *self,
             GError   **error)
{
  gboolean needs_check = was_left_open (self);
  DynoDbMode mode = (self->flags & DYNO_STORE_CREATE) != 0 ? DYNO_DB_CREATE : DYNO_DB_WRITE;
  g_autoptr(DynoDb) db = dyno_db_open (self->path, mode, error);

  if (db == NULL || (needs_check && !check_pages (db, error))
      || !bring_up_to_date (self, db, error))
    return FALSE;
  interrupt_jobs (self, db);
  self->writer = dyno_writer_new (g_steal_pointer (&db), self->clock);

  return TRUE;
}

/* Nothing can be written beside a database on a disk that is read-only; without
 * a log it can be read as it lies there. */
static DynoDbMode
choose_read_mode (DynoStore *self)
{
  if (self->writer == NULL && !was_left_open (self) && access (self->folder, W_OK) != 0)
    return DYNO_DB_FROZEN;

  return DYNO_DB_READ;
}

static gboolean
verify_readonly (DynoStore *self,
                 GError   **error)
{
  g_autoptr(DynoDb) db = dyno_db_open (self->path, choose_read_mode (self), error);

  return db != NULL && is_up_to_date (db, error);
}

static gboolean
find_or_make_folder (DynoStore *self,
                     GError   **error)
{
  if ((self->flags & DYNO_STORE_CREATE) == 0)
    {
      if (g_file_test (self->path, G_FILE_TEST_EXISTS))
        return TRUE;
      dyno_error_set (error, DYNO_ERROR_NOT_FOUND, "no_database",
                      "There is no database in %s. Start DynoAI once, or name another data folder.",
                      self->folder);
      return FALSE;
    }

  if (g_mkdir_with_parents (self->folder, 0700) == 0)
    return TRUE;
  dyno_error_set (error, DYNO_ERROR_UNAVAILABLE, "cannot_open",
                  "The data folder %s cannot be made: %s. Name another data folder.", self->folder,
                  g_strerror (errno));

  return FALSE;
}

static gboolean
open_store (DynoStore *self,
            GError   **error)
{
  gboolean ok;

  if (!find_or_make_folder (self, error))
    return FALSE;
  ok = (self->flags & DYNO_STORE_READONLY) != 0 ? verify_readonly (self, error)
                                                : open_writer (self, error);
  if (ok)
    self->reader = dyno_reader_new (self->path, choose_read_mode (self), self->clock, error);

  return self->reader != NULL;
}

static void
open_thread (GTask        *task,
             gpointer      source,
             gpointer      data,
             GCancellable *cancellable)
{
  g_autoptr(DynoStore) self = data;
  GError *error = NULL;

  if (open_store (self, &error))
    g_task_return_pointer (task, g_steal_pointer (&self), (GDestroyNotify) dyno_store_free);
  else
    g_task_return_error (task, error);
}

void
dyno_store_open_async (const char         *folder,
                       DynoStoreFlags      flags,
                       DynoClock          *clock,
                       GCancellable       *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer            user_data)
{
  g_autoptr(GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  DynoStore *self = g_new0 (DynoStore, 1);

  g_return_if_fail (folder != NULL);

  self->folder = g_strdup (folder);
  self->path = g_build_filename (folder, "dynoai.db", NULL);
  self->clock = clock != NULL ? clock : dyno_clock_get_system ();
  self->flags = flags;
  g_task_set_source_tag (task, dyno_store_open_async);
  g_task_set_task_data (task, self, NULL);
  g_task_run_in_thread (task, open_thread);
}

DynoStore *
dyno_store_open_finish (GAsyncResult *result,
                        GError      **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
close_store (DynoStore *self)
{
  if (self->reader != NULL)
    dyno_reader_stop (self->reader);
  if (self->writer != NULL)
    dyno_writer_stop (self->writer);
}

static void
close_thread (GTask        *task,
              gpointer      source,
              gpointer      data,
              GCancellable *cancellable)
{
  close_store (data);
  g_task_return_boolean (task, TRUE);
}

void
dyno_store_close_async (DynoStore          *self,
                        GCancellable       *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer            user_data)
{
  g_autoptr(GTask) task = g_task_new (NULL, cancellable, callback, user_data);

  g_return_if_fail (self != NULL);

  g_task_set_check_cancellable (task, FALSE);
  g_task_set_source_tag (task, dyno_store_close_async);
  g_task_set_task_data (task, self, NULL);
  g_task_run_in_thread (task, close_thread);
}

gboolean
dyno_store_close_finish (DynoStore    *self,
                         GAsyncResult *result,
                         GError      **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

void
dyno_store_free (DynoStore *self)
{
  if (self == NULL)
    return;

  close_store (self);
  g_clear_pointer (&self->reader, dyno_reader_free);
  g_clear_pointer (&self->writer, dyno_writer_free);
  g_free (self->folder);
  g_free (self->path);
  g_free (self);
}

const char *
dyno_store_get_folder (DynoStore *self)
{
  return self->folder;
}

guint
dyno_store_n_waiting (DynoStore *self)
{
  return self->writer != NULL ? dyno_writer_n_waiting (self->writer) : 0;
}

static void
refuse_write (GTask *call)
{
  GError *error = NULL;

  dyno_error_set (&error, DYNO_ERROR_UNAVAILABLE, "read_only",
                  "The data folder is open for reading only, so nothing was stored.");
  g_task_return_error (call, error);
}

void
dyno_store_write (DynoStore          *self,
                  const DynoVerb     *verb,
                  gpointer            args,
                  GDestroyNotify      free_args,
                  GCancellable       *cancellable,
                  GAsyncReadyCallback callback,
                  gpointer            user_data)
{
  g_autoptr(GTask) call =
      dyno_call_new_task (verb, args, free_args, cancellable, callback, user_data);

  dyno_call_carry (call, dyno_rider_take_waiting ());
  if (self->writer != NULL)
    dyno_writer_push (self->writer, call);
  else
    refuse_write (call);
}

void
dyno_store_read (DynoStore          *self,
                 const DynoVerb     *verb,
                 gpointer            args,
                 GDestroyNotify      free_args,
                 GCancellable       *cancellable,
                 GAsyncReadyCallback callback,
                 gpointer            user_data)
{
  g_autoptr(GTask) call =
      dyno_call_new_task (verb, args, free_args, cancellable, callback, user_data);

  dyno_reader_push (self->reader, call);
}
