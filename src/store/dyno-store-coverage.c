/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-store-coverage.h"

#include "dyno-grid-json.h"
#include "dyno-store-private.h"
#include "dyno-store-runs-private.h"

void
dyno_coverage_record_free (DynoCoverageRecord *self)
{
  if (self == NULL)
    return;

  dyno_coverage_run_free (self->run);
  g_free (self->facts);
  g_free (self);
}

/* Axes are part of the key: same axes, same text. */
static char *
write_axes (const DynoGridShape *shape)
{
  DynoJsonWriter *w = dyno_json_writer_new (FALSE);

  dyno_grid_shape_write (shape, w);

  return dyno_json_writer_finish (w);
}

/* (nullable): no sensor. */
static GBytes *
pack_hits (const guint32 *hits,
           guint          n)
{
  guint32 *packed;

  if (hits == NULL)
    return NULL;

  packed = g_new (guint32, n);
  for (guint i = 0; i < n; i++)
    packed[i] = GUINT32_TO_LE (hits[i]);

  return g_bytes_new_take (packed, n * sizeof (guint32));
}

static gpointer
add_coverage (DynoTurn     *turn,
              gconstpointer data,
              GError      **error)
{
  const DynoCoverageRecord *record = data;
  guint n = dyno_grid_shape_cells (&record->shape);
  gint64 number = dyno_run_rows_find (turn, record->run->run_id, error);
  g_autofree char *axes = write_axes (&record->shape);
  g_autoptr(GBytes) front = pack_hits (record->run->hits[0], n);
  g_autoptr(GBytes) rear = pack_hits (record->run->hits[1], n);
  DynoStatement *s;

  if (number == 0)
    return NULL;

  s = dyno_statement_begin (turn->db, DYNO_SQL_COVERAGE_ADD);
  dyno_statement_set_integer (s, ":run", number);
  dyno_statement_set_text (s, ":axes", axes);
  dyno_statement_set_bytes (s, ":front", front);
  dyno_statement_set_bytes (s, ":rear", rear);
  dyno_statement_set_text (s, ":facts", record->facts != NULL ? record->facts : "{}");
  dyno_statement_set_integer (s, ":now", turn->now_ms);
  if (!dyno_statement_run (s, error))
    return NULL;

  return GINT_TO_POINTER (dyno_db_n_changed (turn->db) > 0 ? DYNO_COVERAGE_COUNTED
                                                           : DYNO_COVERAGE_ALREADY_COUNTED);
}

static const DynoVerb add_coverage_verb = { "add-coverage", add_coverage, NULL };

void
dyno_store_add_coverage_async (DynoStore          *self,
                               DynoCoverageRecord *record,
                               GCancellable       *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer            user_data)
{
  dyno_store_write (self, &add_coverage_verb, record, (GDestroyNotify) dyno_coverage_record_free,
                    cancellable, callback, user_data);
}

DynoCoverageAnswer
dyno_store_add_coverage_finish (DynoStore    *self,
                                GAsyncResult *result,
                                GError      **error)
{
  return GPOINTER_TO_INT (dyno_call_finish (result, &add_coverage_verb, error));
}

/* FALSE: there is something, but not a number a cell. */
static gboolean
read_hits (DynoStatement *row,
           int            column,
           guint          n,
           guint32      **hits)
{
  gsize size;
  gconstpointer packed = dyno_statement_blob (row, column, &size);

  if (dyno_statement_is_null (row, column))
    return TRUE;
  if (size != n * sizeof (guint32))
    return FALSE;

  *hits = g_memdup2 (packed, size);
  for (guint i = 0; i < n; i++)
    (*hits)[i] = GUINT32_FROM_LE ((*hits)[i]);

  return TRUE;
}

/* NULL: the row is damaged. */
static DynoCoverageRecord *
read_record (DynoStatement *row)
{
  g_autoptr(DynoCoverageRecord) record = g_new0 (DynoCoverageRecord, 1);
  g_autoptr(DynoJson) axes = dyno_json_parse (dyno_statement_text (row, 2), -1, NULL);
  guint n;

  if (!dyno_grid_shape_read (axes, &record->shape))
    return NULL;

  n = dyno_grid_shape_cells (&record->shape);
  record->run = dyno_coverage_run_new (dyno_statement_text (row, 0),
                                       dyno_statement_integer (row, 1));
  record->facts = dyno_statement_dup_text (row, 5);
  record->added_ms = dyno_statement_integer (row, 6);
  for (guint c = 0; c < DYNO_VE_CYLINDERS; c++)
    {
      if (!read_hits (row, 3 + (int) c, n, &record->run->hits[c]))
        return NULL;
    }

  return g_steal_pointer (&record);
}

static gpointer
list_coverage (DynoTurn     *turn,
               gconstpointer data,
               GError      **error)
{
  g_autoptr(GPtrArray) records =
      g_ptr_array_new_with_free_func ((GDestroyNotify) dyno_coverage_record_free);
  DynoStatement *s = dyno_statement_begin (turn->db, DYNO_SQL_COVERAGE_LIST);
  DynoStep step;

  dyno_statement_set_text (s, ":vehicle_id", data);
  while ((step = dyno_statement_step (s, error)) == DYNO_STEP_ROW)
    {
      DynoCoverageRecord *record = read_record (s);

      if (record != NULL)
        {
          g_ptr_array_add (records, record);
          continue;
        }
      dyno_error_set (error, DYNO_ERROR_CORRUPT, "coverage",
                      "The coverage of run %s cannot be read; let the planner forget that run and "
                      "analyse it again.", dyno_statement_text (s, 0));
      step = DYNO_STEP_FAILED;
      break;
    }
  dyno_statement_end (s);

  return step == DYNO_STEP_DONE ? g_steal_pointer (&records) : NULL;
}

static const DynoVerb list_coverage_verb = { "list-coverage", list_coverage,
                                             (GDestroyNotify) g_ptr_array_unref };

void
dyno_store_list_coverage_async (DynoStore          *self,
                                const char         *vehicle_id,
                                GCancellable       *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer            user_data)
{
  dyno_store_read (self, &list_coverage_verb, g_strdup (vehicle_id), g_free, cancellable, callback,
                   user_data);
}

GPtrArray *
dyno_store_list_coverage_finish (DynoStore    *self,
                                 GAsyncResult *result,
                                 GError      **error)
{
  return dyno_call_finish (result, &list_coverage_verb, error);
}

static gpointer
forget_coverage (DynoTurn     *turn,
                 gconstpointer data,
                 GError      **error)
{
  gint64 number = dyno_run_rows_find (turn, data, error);
  DynoStatement *s;

  if (number == 0)
    return NULL;

  s = dyno_statement_begin (turn->db, DYNO_SQL_COVERAGE_FORGET);
  dyno_statement_set_integer (s, ":run", number);

  return dyno_statement_run (s, error) ? DYNO_VERB_DONE : NULL;
}

static const DynoVerb forget_coverage_verb = { "forget-coverage", forget_coverage, NULL };

void
dyno_store_forget_coverage_async (DynoStore          *self,
                                  const char         *run_id,
                                  GCancellable       *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer            user_data)
{
  dyno_store_write (self, &forget_coverage_verb, g_strdup (run_id), g_free, cancellable, callback,
                    user_data);
}

gboolean
dyno_store_forget_coverage_finish (DynoStore    *self,
                                   GAsyncResult *result,
                                   GError      **error)
{
  return dyno_call_finish (result, &forget_coverage_verb, error) != NULL;
}
