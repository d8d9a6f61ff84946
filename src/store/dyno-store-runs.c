/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-store-runs.h"

#include "dyno-store-private.h"
#include "dyno-store-runs-private.h"
#include "dyno-store-vehicles-private.h"

static const char no_such_run[] = "There is no such run. It may have been deleted for ever.";

static gpointer
make_number (DynoStatement *row)
{
  gint64 number = dyno_statement_integer (row, 0);

  return g_memdup2 (&number, sizeof number);
}

gint64
dyno_run_rows_find (DynoTurn   *turn,
                    const char *run_id,
                    GError    **error)
{
  DynoStatement *s = dyno_statement_begin (turn->db, DYNO_SQL_RUN_NUMBER);
  g_autofree gint64 *number = NULL;

  dyno_statement_set_text (s, ":id", run_id);
  number = dyno_statement_get (s, make_number, no_such_run, error);

  return number != NULL ? *number : 0;
}

DynoRun *
dyno_run_rows_get (DynoTurn   *turn,
                   const char *run_id,
                   GError    **error)
{
  DynoStatement *s = dyno_statement_begin (turn->db, DYNO_SQL_RUN_GET);

  dyno_statement_set_text (s, ":id", run_id);

  return dyno_statement_get (s, dyno_run_rows_make_whole, no_such_run, error);
}

static gpointer
get_run (DynoTurn     *turn,
         gconstpointer data,
         GError      **error)
{
  return dyno_run_rows_get (turn, data, error);
}

static const DynoVerb get_run_verb = { "get-run", get_run, (GDestroyNotify) dyno_run_free };

void
dyno_store_get_run_async (DynoStore          *self,
                          const char         *run_id,
                          GCancellable       *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer            user_data)
{
  dyno_store_read (self, &get_run_verb, g_strdup (run_id), g_free, cancellable, callback,
                   user_data);
}

DynoRun *
dyno_store_get_run_finish (DynoStore    *self,
                           GAsyncResult *result,
                           GError      **error)
{
  return dyno_call_finish (result, &get_run_verb, error);
}

typedef struct
{
  DynoRun      *run; /* (owned) */
  DynoRunFields fields;
} EditArgs;

static void
edit_args_free (gpointer data)
{
  EditArgs *args = data;

  dyno_run_free (args->run);
  g_free (args);
}

static gboolean
edit_row (DynoTurn       *turn,
          gint64          number,
          const EditArgs *args,
          GError        **error)
{
  DynoStatement *s = dyno_statement_begin (turn->db, DYNO_SQL_RUN_EDIT);
  const DynoRun *run = args->run;

  dyno_statement_set_integer (s, ":run", number);
  dyno_statement_set_integer (s, ":revision", run->revision);
  dyno_statement_set_integer (s, ":fields", args->fields);
  dyno_statement_set_integer (s, ":now", turn->now_ms);
  dyno_statement_set_text (s, ":title", run->title != NULL ? run->title : "");
  dyno_statement_set_text (s, ":notes", run->notes != NULL ? run->notes : "");
  dyno_statement_set_integer (s, ":starred", run->is_starred);
  dyno_statement_set_integer (s, ":baseline", run->is_baseline);
  dyno_statement_set_text (s, ":vehicle_id", run->vehicle_id);
  if (run->gear != 0)
    dyno_statement_set_integer (s, ":gear", run->gear);
  dyno_statement_set_real (s, ":trim_start_s", run->trim_start_s);
  dyno_statement_set_real (s, ":trim_end_s", run->trim_end_s);
  if (!dyno_statement_run (s, error))
    return FALSE;
  if (dyno_db_n_changed (turn->db) > 0)
    return TRUE;
  dyno_error_set (error, DYNO_ERROR_CONFLICT, "stale",
                  "Somebody has changed this run in the meantime. Look at it again, then repeat "
                  "the change.");

  return FALSE;
}

static gpointer
edit_run (DynoTurn     *turn,
          gconstpointer data,
          GError      **error)
{
  const EditArgs *args = data;
  const DynoRun *run = args->run;
  gint64 number = dyno_run_rows_find (turn, run->id, error);

  if (number == 0)
    return NULL;
  if ((args->fields & DYNO_RUN_VEHICLE) != 0
      && !dyno_vehicle_rows_is_known (turn, run->vehicle_id, error))
    return NULL;
  if (!edit_row (turn, number, args, error))
    return NULL;
  if ((args->fields & DYNO_RUN_TAGS) != 0
      && !dyno_run_rows_set_tags (turn, number, (const char *const *) run->tags, error))
    return NULL;
  if ((args->fields & DYNO_RUN_NOTES) != 0
      && !dyno_run_rows_add_note (turn, number, run->notes != NULL ? run->notes : "", error))
    return NULL;
  if (!dyno_run_rows_refresh_text (turn, number, error))
    return NULL;

  return dyno_run_rows_get (turn, run->id, error);
}

static const DynoVerb edit_run_verb = { "edit-run", edit_run, (GDestroyNotify) dyno_run_free };

void
dyno_store_edit_run_async (DynoStore          *self,
                           DynoRun            *run,
                           DynoRunFields       fields,
                           GCancellable       *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer            user_data)
{
  EditArgs *args = g_new0 (EditArgs, 1);

  args->run = run;
  args->fields = fields;
  dyno_store_write (self, &edit_run_verb, args, edit_args_free, cancellable, callback, user_data);
}

DynoRun *
dyno_store_edit_run_finish (DynoStore    *self,
                            GAsyncResult *result,
                            GError      **error)
{
  return dyno_call_finish (result, &edit_run_verb, error);
}

static gpointer
save_run (DynoTurn     *turn,
          gconstpointer data,
          GError      **error)
{
  const DynoRun *run = data;
  gint64 number = dyno_run_rows_find (turn, run->id, error);

  if (number == 0 || !dyno_run_rows_save (turn, number, run, error))
    return NULL;

  return DYNO_VERB_DONE;
}

static const DynoVerb save_run_verb = { "save-run", save_run, NULL };

void
dyno_store_save_run_async (DynoStore          *self,
                           DynoRun            *run,
                           GCancellable       *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer            user_data)
{
  dyno_store_write (self, &save_run_verb, run, (GDestroyNotify) dyno_run_free, cancellable,
                    callback, user_data);
}

gboolean
dyno_store_save_run_finish (DynoStore    *self,
                            GAsyncResult *result,
                            GError      **error)
{
  return dyno_call_finish (result, &save_run_verb, error) != NULL;
}

static gpointer
list_unfinished (DynoTurn     *turn,
                 gconstpointer unused,
                 GError      **error)
{
  return dyno_statement_list (dyno_statement_begin (turn->db, DYNO_SQL_RUN_LIST_UNFINISHED),
                              dyno_run_rows_make, (GDestroyNotify) dyno_run_free, error);
}

static const DynoVerb list_unfinished_verb = { "list-unfinished", list_unfinished,
                                               (GDestroyNotify) g_ptr_array_unref };

void
dyno_store_list_unfinished_async (DynoStore          *self,
                                  GCancellable       *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer            user_data)
{
  dyno_store_read (self, &list_unfinished_verb, NULL, NULL, cancellable, callback, user_data);
}

GPtrArray *
dyno_store_list_unfinished_finish (DynoStore    *self,
                                   GAsyncResult *result,
                                   GError      **error)
{
  return dyno_call_finish (result, &list_unfinished_verb, error);
}
