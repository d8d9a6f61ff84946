/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-store-verdicts.h"

#include "dyno-json.h"
#include "dyno-store-private.h"

void
dyno_run_verdict_free (DynoRunVerdict *self)
{
  if (self == NULL)
    return;

  g_free (self->run_id);
  g_free (self->analysis_id);
  g_free (self->grade);
  g_free (self->operator);
  g_free (self);
}

static gpointer
make_verdict (DynoStatement *row)
{
  DynoRunVerdict *verdict = g_new0 (DynoRunVerdict, 1);

  verdict->run_id = dyno_statement_dup_text (row, 0);
  verdict->analysis_id = dyno_statement_dup_text (row, 1);
  verdict->grade = dyno_statement_dup_text (row, 2);
  verdict->coverage_pct = dyno_statement_real (row, 3);
  verdict->operator = dyno_statement_dup_text (row, 4);

  return verdict;
}

/* (transfer full) a JSON array */
static char *
list_ids (const char *const *run_ids)
{
  DynoJsonWriter *w = dyno_json_writer_new (FALSE);

  dyno_json_writer_begin_array (w);
  for (; *run_ids != NULL; run_ids++)
    dyno_json_writer_string (w, *run_ids);
  dyno_json_writer_end_array (w);

  return dyno_json_writer_finish (w);
}

static gpointer
list_verdicts (DynoTurn     *turn,
               gconstpointer data,
               GError      **error)
{
  DynoStatement *s = dyno_statement_begin (turn->db, DYNO_SQL_RUN_VERDICTS);
  g_autofree char *ids = list_ids (data);

  dyno_statement_set_text (s, ":ids", ids);

  return dyno_statement_list (s, make_verdict, (GDestroyNotify) dyno_run_verdict_free, error);
}

static const DynoVerb list_verdicts_verb = { "list-verdicts", list_verdicts,
                                             (GDestroyNotify) g_ptr_array_unref };

void
dyno_store_list_verdicts_async (DynoStore          *self,
                                const char *const  *run_ids,
                                GCancellable       *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer            user_data)
{
  dyno_store_read (self, &list_verdicts_verb, g_strdupv ((char **) run_ids),
                   (GDestroyNotify) g_strfreev, cancellable, callback, user_data);
}

GPtrArray *
dyno_store_list_verdicts_finish (DynoStore    *self,
                                 GAsyncResult *result,
                                 GError      **error)
{
  return dyno_call_finish (result, &list_verdicts_verb, error);
}
