/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* The trash: runs wait there for 30 days, then they end for ever. */

#include "config.h"

#include "dyno-seen.h"
#include "dyno-store-private.h"
#include "dyno-store-runs-private.h"

typedef struct
{
  char **run_ids;   /* (owned) (nullable) */
  gint64 before_ms;
} PurgeArgs;

static gpointer
make_status (DynoStatement *row)
{
  return dyno_statement_dup_text (row, 0);
}

static gboolean
is_in_hand (DynoTurn   *turn,
            const char *run_id,
            gboolean   *answer,
            GError    **error)
{
  DynoStatement *s = dyno_statement_begin (turn->db, DYNO_SQL_RUN_STATUS);
  g_autofree char *status = NULL;
  int found;

  dyno_statement_set_text (s, ":id", run_id);
  status = dyno_statement_get (s, make_status, "There is no such run.", error);
  found = dyno_run_status_find (status);
  *answer = found == DYNO_RUN_PENDING || found == DYNO_RUN_PROCESSING;

  return status != NULL;
}

/* Each of them is there and at rest. */
static gboolean
may_go (DynoTurn          *turn,
        const char *const *run_ids,
        GError           **error)
{
  for (guint i = 0; run_ids[i] != NULL; i++)
    {
      gboolean busy;

      if (!is_in_hand (turn, run_ids[i], &busy, error))
        return FALSE;
      if (!busy)
        continue;
      dyno_error_set (error, DYNO_ERROR_CONFLICT, "in_hand",
                      "This run is still being recorded or computed. Wait until it has ended.");
      return FALSE;
    }

  return TRUE;
}

static gboolean
set_deleted (DynoTurn          *turn,
             const char *const *run_ids,
             gboolean           is_deleted,
             GError           **error)
{
  for (guint i = 0; run_ids[i] != NULL; i++)
    {
      DynoStatement *s = dyno_statement_begin (turn->db, DYNO_SQL_RUN_SET_DELETED);

      dyno_statement_set_text (s, ":id", run_ids[i]);
      if (is_deleted)
        dyno_statement_set_integer (s, ":deleted_at", turn->now_ms);
      dyno_statement_set_integer (s, ":now", turn->now_ms);
      if (!dyno_statement_run (s, error))
        return FALSE;
    }

  return TRUE;
}

static gpointer
trash_runs (DynoTurn     *turn,
            gconstpointer data,
            GError      **error)
{
  return may_go (turn, data, error) && set_deleted (turn, data, TRUE, error) ? DYNO_VERB_DONE
                                                                             : NULL;
}

static const DynoVerb trash_runs_verb = { "trash-runs", trash_runs, NULL };

void
dyno_store_trash_runs_async (DynoStore          *self,
                             const char *const  *run_ids,
                             GCancellable       *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer            user_data)
{
  dyno_store_write (self, &trash_runs_verb, g_strdupv ((char **) run_ids),
                    (GDestroyNotify) g_strfreev, cancellable, callback, user_data);
}

gboolean
dyno_store_trash_runs_finish (DynoStore    *self,
                              GAsyncResult *result,
                              GError      **error)
{
  return dyno_call_finish (result, &trash_runs_verb, error) != NULL;
}

static gpointer
make_revision (DynoStatement *row)
{
  return g_memdup2 (&(gint64){ dyno_statement_integer (row, 1) }, sizeof (gint64));
}

static gboolean
is_as_seen (DynoTurn       *turn,
            const DynoSeen *seen,
            GError        **error)
{
  DynoStatement *s = dyno_statement_begin (turn->db, DYNO_SQL_RUN_STATUS);
  g_autofree gint64 *revision = NULL;

  dyno_statement_set_text (s, ":id", seen->id);
  revision = dyno_statement_get (s, make_revision, "There is no such run.", error);

  return revision != NULL && dyno_seen_is_current (seen, *revision, error);
}

static gpointer
trash_run (DynoTurn     *turn,
           gconstpointer data,
           GError      **error)
{
  const DynoSeen *seen = data;
  const char *const run_ids[] = { seen->id, NULL };

  return is_as_seen (turn, seen, error) ? trash_runs (turn, run_ids, error) : NULL;
}

static const DynoVerb trash_run_verb = { "trash-run", trash_run, NULL };

void
dyno_store_trash_run_async (DynoStore          *self,
                            const char         *run_id,
                            gint64              revision,
                            GCancellable       *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer            user_data)
{
  dyno_store_write (self, &trash_run_verb, dyno_seen_new (run_id, revision), dyno_seen_free,
                    cancellable, callback, user_data);
}

gboolean
dyno_store_trash_run_finish (DynoStore    *self,
                             GAsyncResult *result,
                             GError      **error)
{
  return dyno_call_finish (result, &trash_run_verb, error) != NULL;
}

static gpointer
restore_runs (DynoTurn     *turn,
              gconstpointer data,
              GError      **error)
{
  return may_go (turn, data, error) && set_deleted (turn, data, FALSE, error) ? DYNO_VERB_DONE
                                                                              : NULL;
}

static const DynoVerb restore_runs_verb = { "restore-runs", restore_runs, NULL };

void
dyno_store_restore_runs_async (DynoStore          *self,
                               const char *const  *run_ids,
                               GCancellable       *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer            user_data)
{
  dyno_store_write (self, &restore_runs_verb, g_strdupv ((char **) run_ids),
                    (GDestroyNotify) g_strfreev, cancellable, callback, user_data);
}

gboolean
dyno_store_restore_runs_finish (DynoStore    *self,
                                GAsyncResult *result,
                                GError      **error)
{
  return dyno_call_finish (result, &restore_runs_verb, error) != NULL;
}

static gpointer
make_text (DynoStatement *row)
{
  return dyno_statement_dup_text (row, 0);
}

static GPtrArray *
list_ids (DynoTurn        *turn,
          const PurgeArgs *args,
          GError         **error)
{
  DynoStatement *s = dyno_statement_begin (turn->db, DYNO_SQL_RUN_LIST_TRASH);

  dyno_statement_set_integer (s, ":before", args->before_ms);

  return dyno_statement_list (s, make_text, g_free, error);
}

static gboolean
run_for (DynoTurn *turn,
         DynoSql   sql,
         gint64    number,
         GError  **error)
{
  DynoStatement *s = dyno_statement_begin (turn->db, sql);

  dyno_statement_set_integer (s, ":run", number);

  return dyno_statement_run (s, error);
}

static gboolean
mark_chain (DynoTurn   *turn,
            const char *run_id,
            GError    **error)
{
  DynoStatement *s = dyno_statement_begin (turn->db, DYNO_SQL_CHAIN_REMOVE_RUN);

  dyno_statement_set_text (s, ":run_id", run_id);
  dyno_statement_set_integer (s, ":now", turn->now_ms);

  return dyno_statement_run (s, error);
}

/* Adds to `paths` what the run alone had on the disk. */
static gboolean
collect_paths (DynoTurn  *turn,
               gint64     number,
               GPtrArray *paths,
               GError   **error)
{
  DynoStatement *s = dyno_statement_begin (turn->db, DYNO_SQL_FILE_PATHS);
  DynoStep step;

  dyno_statement_set_integer (s, ":run", number);
  while ((step = dyno_statement_step (s, error)) == DYNO_STEP_ROW)
    g_ptr_array_add (paths, dyno_statement_dup_text (s, 0));
  dyno_statement_end (s);

  return step == DYNO_STEP_DONE;
}

static gboolean
purge_one (DynoTurn   *turn,
           const char *run_id,
           GPtrArray  *paths,
           GError    **error)
{
  gint64 number = dyno_run_rows_find (turn, run_id, error);

  return number != 0 && collect_paths (turn, number, paths, error)
         && mark_chain (turn, run_id, error)
         && run_for (turn, DYNO_SQL_ANALYSIS_PURGE, number, error)
         && run_for (turn, DYNO_SQL_RUN_TEXT_REMOVE, number, error)
         && run_for (turn, DYNO_SQL_RUN_PURGE, number, error);
}

static gpointer
purge_runs (DynoTurn     *turn,
            gconstpointer data,
            GError      **error)
{
  const PurgeArgs *args = data;
  g_autoptr(GPtrArray) paths = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(GPtrArray) ids = NULL;

  if (args->run_ids != NULL && !may_go (turn, (const char *const *) args->run_ids, error))
    return NULL;
  if (args->run_ids == NULL && (ids = list_ids (turn, args, error)) == NULL)
    return NULL;

  for (guint i = 0; ids != NULL ? i < ids->len : args->run_ids[i] != NULL; i++)
    {
      const char *id = ids != NULL ? g_ptr_array_index (ids, i) : args->run_ids[i];

      if (!purge_one (turn, id, paths, error))
        return NULL;
    }

  return g_steal_pointer (&paths);
}

static const DynoVerb purge_runs_verb = { "purge-runs", purge_runs,
                                          (GDestroyNotify) g_ptr_array_unref };

static void
purge_args_free (gpointer data)
{
  PurgeArgs *args = data;

  g_strfreev (args->run_ids);
  g_free (args);
}

void
dyno_store_purge_runs_async (DynoStore          *self,
                             const char *const  *run_ids,
                             gint64              before_ms,
                             GCancellable       *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer            user_data)
{
  PurgeArgs *args = g_new0 (PurgeArgs, 1);

  args->run_ids = g_strdupv ((char **) run_ids);
  args->before_ms = before_ms;
  dyno_store_write (self, &purge_runs_verb, args, purge_args_free, cancellable, callback,
                    user_data);
}

GPtrArray *
dyno_store_purge_runs_finish (DynoStore    *self,
                              GAsyncResult *result,
                              GError      **error)
{
  return dyno_call_finish (result, &purge_runs_verb, error);
}
