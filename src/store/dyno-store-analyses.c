/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-store-analyses.h"

#include "dyno-crypt.h"
#include "dyno-store-analyses-private.h"
#include "dyno-store-private.h"
#include "dyno-store-runs-private.h"

void
dyno_analysis_record_free (DynoAnalysisRecord *self)
{
  if (self == NULL)
    return;

  g_free (self->id);
  g_strfreev (self->run_ids);
  g_free (self->table_id);
  g_free (self->math_version);
  g_free (self->options);
  g_free (self->input_sha256);
  g_free (self->fingerprint);
  g_free (self->result);
  g_clear_pointer (&self->artefact, g_bytes_unref);
  g_free (self);
}

static gpointer
make_analysis (DynoStatement *row)
{
  DynoAnalysisRecord *analysis = g_new0 (DynoAnalysisRecord, 1);
  const char *run_ids;

  analysis->id = dyno_statement_dup_text (row, 0);
  run_ids = dyno_statement_text (row, 1);
  analysis->run_ids = g_strsplit (run_ids != NULL ? run_ids : "", " ", -1);
  analysis->table_id = dyno_statement_dup_text (row, 2);
  analysis->math_version = dyno_statement_dup_text (row, 3);
  analysis->options = dyno_statement_dup_text (row, 4);
  analysis->input_sha256 = dyno_statement_dup_text (row, 5);
  analysis->fingerprint = dyno_statement_dup_text (row, 6);
  analysis->created_ms = dyno_statement_integer (row, 7);

  return analysis;
}

static gpointer
make_whole_analysis (DynoStatement *row)
{
  DynoAnalysisRecord *analysis = make_analysis (row);

  analysis->result = dyno_statement_dup_text (row, 8);
  analysis->artefact = dyno_statement_dup_bytes (row, 9);

  return analysis;
}

/* `how` is a statement that adds. */
static gboolean
add_row (DynoTurn                 *turn,
         DynoSql                   how,
         const DynoAnalysisRecord *analysis,
         const char               *id,
         GError                  **error)
{
  DynoStatement *s = dyno_statement_begin (turn->db, how);

  dyno_statement_set_text (s, ":id", id);
  dyno_statement_set_text (s, ":table_id", analysis->table_id);
  dyno_statement_set_text (s, ":math_version", analysis->math_version);
  dyno_statement_set_text (s, ":options", analysis->options);
  dyno_statement_set_text (s, ":input_sha256", analysis->input_sha256);
  dyno_statement_set_text (s, ":fingerprint", analysis->fingerprint);
  dyno_statement_set_text (s, ":result", analysis->result);
  dyno_statement_set_bytes (s, ":artefact", analysis->artefact);
  dyno_statement_set_integer (s, ":now", turn->now_ms);

  return dyno_statement_run (s, error);
}

static gboolean
add_run (DynoTurn   *turn,
         const char *id,
         guint       ord,
         const char *run_id,
         GError    **error)
{
  gint64 number = dyno_run_rows_find (turn, run_id, error);
  DynoStatement *s = dyno_statement_begin (turn->db, DYNO_SQL_ANALYSIS_RUN_ADD);

  if (number == 0)
    return FALSE;
  dyno_statement_set_text (s, ":analysis_id", id);
  dyno_statement_set_integer (s, ":ord", ord);
  dyno_statement_set_integer (s, ":run", number);

  return dyno_statement_run (s, error);
}

static gpointer
add_analysis (DynoTurn     *turn,
              gconstpointer data,
              GError      **error)
{
  const DynoAnalysisRecord *analysis = data;
  g_autofree char *id =
      analysis->id != NULL ? g_strdup (analysis->id) : dyno_crypt_new_id ("ana");

  if (!add_row (turn, DYNO_SQL_ANALYSIS_ADD, analysis, id, error))
    return NULL;
  for (guint i = 0; analysis->run_ids != NULL && analysis->run_ids[i] != NULL; i++)
    {
      if (!add_run (turn, id, i, analysis->run_ids[i], error))
        return NULL;
    }

  return g_steal_pointer (&id);
}

gboolean
dyno_analysis_rows_keep (DynoTurn                 *turn,
                         gint64                    number,
                         const DynoAnalysisRecord *analysis,
                         GError                  **error)
{
  g_autofree char *id =
      analysis->id != NULL ? g_strdup (analysis->id) : dyno_crypt_new_id ("ana");
  DynoStatement *s;

  if (!add_row (turn, DYNO_SQL_ANALYSIS_KEEP, analysis, id, error))
    return FALSE;
  s = dyno_statement_begin (turn->db, DYNO_SQL_ANALYSIS_RUN_JOIN);
  dyno_statement_set_text (s, ":analysis_id", id);
  dyno_statement_set_integer (s, ":run", number);

  return dyno_statement_run (s, error);
}

static const DynoVerb add_analysis_verb = { "add-analysis", add_analysis, g_free };

void
dyno_store_add_analysis_async (DynoStore          *self,
                               DynoAnalysisRecord *analysis,
                               GCancellable       *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer            user_data)
{
  dyno_store_write (self, &add_analysis_verb, analysis, (GDestroyNotify) dyno_analysis_record_free,
                    cancellable, callback, user_data);
}

char *
dyno_store_add_analysis_finish (DynoStore    *self,
                                GAsyncResult *result,
                                GError      **error)
{
  return dyno_call_finish (result, &add_analysis_verb, error);
}

static gpointer
get_analysis (DynoTurn     *turn,
              gconstpointer data,
              GError      **error)
{
  DynoStatement *s = dyno_statement_begin (turn->db, DYNO_SQL_ANALYSIS_GET);

  dyno_statement_set_text (s, ":id", data);

  return dyno_statement_get (s, make_whole_analysis, "There is no such analysis.", error);
}

static const DynoVerb get_analysis_verb = { "get-analysis", get_analysis,
                                            (GDestroyNotify) dyno_analysis_record_free };

void
dyno_store_get_analysis_async (DynoStore          *self,
                               const char         *analysis_id,
                               GCancellable       *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer            user_data)
{
  dyno_store_read (self, &get_analysis_verb, g_strdup (analysis_id), g_free, cancellable, callback,
                   user_data);
}

DynoAnalysisRecord *
dyno_store_get_analysis_finish (DynoStore    *self,
                                GAsyncResult *result,
                                GError      **error)
{
  return dyno_call_finish (result, &get_analysis_verb, error);
}

static gpointer
find_analysis (DynoTurn     *turn,
               gconstpointer data,
               GError      **error)
{
  DynoStatement *s = dyno_statement_begin (turn->db, DYNO_SQL_ANALYSIS_FIND);

  dyno_statement_set_text (s, ":fingerprint", data);

  return dyno_statement_get (s, make_whole_analysis, "This was not computed before.", error);
}

static const DynoVerb find_analysis_verb = { "find-analysis", find_analysis,
                                             (GDestroyNotify) dyno_analysis_record_free };

void
dyno_store_find_analysis_async (DynoStore          *self,
                                const char         *fingerprint,
                                GCancellable       *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer            user_data)
{
  dyno_store_read (self, &find_analysis_verb, g_strdup (fingerprint), g_free, cancellable, callback,
                   user_data);
}

DynoAnalysisRecord *
dyno_store_find_analysis_finish (DynoStore    *self,
                                 GAsyncResult *result,
                                 GError      **error)
{
  return dyno_call_finish (result, &find_analysis_verb, error);
}

static gpointer
list_analyses (DynoTurn     *turn,
               gconstpointer data,
               GError      **error)
{
  DynoStatement *s = dyno_statement_begin (turn->db, DYNO_SQL_ANALYSIS_LIST);

  dyno_statement_set_text (s, ":run_id", data);

  return dyno_statement_list (s, make_analysis, (GDestroyNotify) dyno_analysis_record_free, error);
}

static const DynoVerb list_analyses_verb = { "list-analyses", list_analyses,
                                             (GDestroyNotify) g_ptr_array_unref };

void
dyno_store_list_analyses_async (DynoStore          *self,
                                const char         *run_id,
                                GCancellable       *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer            user_data)
{
  dyno_store_read (self, &list_analyses_verb, g_strdup (run_id), g_free, cancellable, callback,
                   user_data);
}

GPtrArray *
dyno_store_list_analyses_finish (DynoStore    *self,
                                 GAsyncResult *result,
                                 GError      **error)
{
  return dyno_call_finish (result, &list_analyses_verb, error);
}
