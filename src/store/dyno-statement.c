/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-statement.h"

#include <math.h>

#include "dyno-db-private.h"
#include "dyno-error.h"

DynoStatement *
dyno_statement_begin (DynoDb *db,
                      DynoSql sql)
{
  DynoStatement *self = &db->statements[sql];

  g_assert (sql < DYNO_N_SQL);

  self->db = db;
  self->status = SQLITE_OK;
  if (self->stmt == NULL)
    {
      self->status = sqlite3_prepare_v3 (db->handle, dyno_sql_text (sql), -1,
                                         SQLITE_PREPARE_PERSISTENT, &self->stmt, NULL);
    }
  else
    {
      sqlite3_reset (self->stmt);
      sqlite3_clear_bindings (self->stmt);
    }

  return self;
}

/* The index of a parameter; 0 where the statement has failed before. */
static int
find_parameter (DynoStatement *self,
                const char    *name)
{
  int index;

  if (self->status != SQLITE_OK)
    return 0;
  index = sqlite3_bind_parameter_index (self->stmt, name);
  if (index == 0)
    g_error ("The statement has no parameter %s: %s", name, sqlite3_sql (self->stmt));

  return index;
}

void
dyno_statement_set_text (DynoStatement *self,
                         const char    *name,
                         const char    *value)
{
  int index = find_parameter (self, name);

  if (index > 0)
    self->status = sqlite3_bind_text (self->stmt, index, value, -1, SQLITE_TRANSIENT);
}

void
dyno_statement_set_integer (DynoStatement *self,
                            const char    *name,
                            gint64         value)
{
  int index = find_parameter (self, name);

  if (index > 0)
    self->status = sqlite3_bind_int64 (self->stmt, index, value);
}

void
dyno_statement_set_real (DynoStatement *self,
                         const char    *name,
                         double         value)
{
  int index = find_parameter (self, name);

  if (index > 0)
    self->status = sqlite3_bind_double (self->stmt, index, value);
}

void
dyno_statement_set_blob (DynoStatement *self,
                         const char    *name,
                         gconstpointer  data,
                         gsize          size)
{
  int index = find_parameter (self, name);

  if (index > 0)
    self->status = sqlite3_bind_blob64 (self->stmt, index, data, size, SQLITE_STATIC);
}

void
dyno_statement_set_bytes (DynoStatement *self,
                          const char    *name,
                          GBytes        *bytes)
{
  gsize size = 0;
  gconstpointer data = bytes != NULL ? g_bytes_get_data (bytes, &size) : NULL;

  /* An empty GBytes has no data, yet is no NULL. */
  dyno_statement_set_blob (self, name, bytes != NULL && data == NULL ? "" : data, size);
}

DynoStep
dyno_statement_step (DynoStatement *self,
                     GError       **error)
{
  if (self->status == SQLITE_OK)
    {
      int status = sqlite3_step (self->stmt);

      if (status == SQLITE_ROW)
        return DYNO_STEP_ROW;
      if (status == SQLITE_DONE)
        return DYNO_STEP_DONE;
      self->status = status;
    }
  dyno_db_set_error (self->db, self->status, error);

  return DYNO_STEP_FAILED;
}

gboolean
dyno_statement_run (DynoStatement *self,
                    GError       **error)
{
  DynoStep step;

  do
    step = dyno_statement_step (self, error);
  while (step == DYNO_STEP_ROW);
  dyno_statement_end (self);

  return step == DYNO_STEP_DONE;
}

void
dyno_statement_end (DynoStatement *self)
{
  if (self->stmt != NULL)
    sqlite3_reset (self->stmt);
}

void
dyno_statement_end_all (DynoDb *db)
{
  for (sqlite3_stmt *s = sqlite3_next_stmt (db->handle, NULL); s != NULL;
       s = sqlite3_next_stmt (db->handle, s))
    {
      if (sqlite3_stmt_busy (s))
        sqlite3_reset (s);
    }
}

GPtrArray *
dyno_statement_list (DynoStatement *self,
                     DynoRowFunc    make,
                     GDestroyNotify free_item,
                     GError       **error)
{
  g_autoptr(GPtrArray) items = g_ptr_array_new_with_free_func (free_item);
  DynoStep step;

  while ((step = dyno_statement_step (self, error)) == DYNO_STEP_ROW)
    g_ptr_array_add (items, make (self));
  dyno_statement_end (self);

  return step == DYNO_STEP_DONE ? g_steal_pointer (&items) : NULL;
}

gpointer
dyno_statement_get (DynoStatement *self,
                    DynoRowFunc    make,
                    const char    *missing,
                    GError       **error)
{
  DynoStep step = dyno_statement_step (self, error);
  gpointer item = step == DYNO_STEP_ROW ? make (self) : NULL;

  dyno_statement_end (self);
  if (step == DYNO_STEP_DONE)
    dyno_error_set (error, DYNO_ERROR_NOT_FOUND, NULL, "%s", missing);

  return item;
}

gboolean
dyno_statement_is_null (DynoStatement *self,
                        int            column)
{
  return sqlite3_column_type (self->stmt, column) == SQLITE_NULL;
}

const char *
dyno_statement_text (DynoStatement *self,
                     int            column)
{
  return (const char *) sqlite3_column_text (self->stmt, column);
}

char *
dyno_statement_dup_text (DynoStatement *self,
                         int            column)
{
  return g_strdup (dyno_statement_text (self, column));
}

gint64
dyno_statement_integer (DynoStatement *self,
                        int            column)
{
  return sqlite3_column_int64 (self->stmt, column);
}

double
dyno_statement_real (DynoStatement *self,
                     int            column)
{
  return dyno_statement_is_null (self, column) ? (double) NAN
                                               : sqlite3_column_double (self->stmt, column);
}

gconstpointer
dyno_statement_blob (DynoStatement *self,
                     int            column,
                     gsize         *size)
{
  gconstpointer data = sqlite3_column_blob (self->stmt, column);

  *size = (gsize) sqlite3_column_bytes (self->stmt, column);

  return data;
}

GBytes *
dyno_statement_dup_bytes (DynoStatement *self,
                          int            column)
{
  gconstpointer data;
  gsize size;

  if (dyno_statement_is_null (self, column))
    return NULL;
  data = dyno_statement_blob (self, column, &size);

  return g_bytes_new (data, size);
}
