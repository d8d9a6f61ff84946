/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* What is kept of somebody, as lines of JSON; part of dyno-store-privacy.h. */

#include "config.h"

#include "dyno-store-privacy.h"

#include "dyno-store-private.h"

typedef struct
{
  const char *name;
  DynoSql     sql;
} Source;

static const Source user_sources[] = {
  { "users", DYNO_SQL_SUBJECT_USER },
  { "invitations", DYNO_SQL_SUBJECT_INVITATIONS },
  { "login_sessions", DYNO_SQL_SUBJECT_SESSIONS },
  { "login_addresses", DYNO_SQL_SUBJECT_ADDRESSES },
  { "api_keys", DYNO_SQL_SUBJECT_KEYS },
  { "api_key_networks", DYNO_SQL_SUBJECT_NETWORKS },
  { "key_usage", DYNO_SQL_SUBJECT_KEY_USAGE },
  { "day_usage", DYNO_SQL_SUBJECT_DAY_USAGE },
  { "audit", DYNO_SQL_SUBJECT_AUDIT },
  { "erasures", DYNO_SQL_SUBJECT_ERASURES },
  { "exports", DYNO_SQL_SUBJECT_EXPORTS },
};

static const Source customer_sources[] = {
  { "customers", DYNO_SQL_SUBJECT_CUSTOMER },
  { "vehicles", DYNO_SQL_SUBJECT_VEHICLES },
  { "runs", DYNO_SQL_SUBJECT_RUNS },
  { "run_notes", DYNO_SQL_SUBJECT_RUN_NOTES },
  { "run_files", DYNO_SQL_SUBJECT_RUN_FILES },
  { "erasures", DYNO_SQL_SUBJECT_ERASURES },
  { "exports", DYNO_SQL_SUBJECT_EXPORTS },
};

typedef struct
{
  DynoSubjectKind kind;
  char           *id;
} Subject;

static void
subject_free (gpointer data)
{
  Subject *subject = data;

  g_free (subject->id);
  g_free (subject);
}

void
dyno_subject_table_free (DynoSubjectTable *self)
{
  if (self == NULL)
    return;

  g_free (self->name);
  g_clear_pointer (&self->lines, g_bytes_unref);
  g_free (self);
}

static DynoSubjectTable *
read_table (DynoTurn      *turn,
            const Source  *source,
            const char    *id,
            GError       **error)
{
  DynoStatement *s = dyno_statement_begin (turn->db, source->sql);
  g_autoptr(DynoSubjectTable) table = g_new0 (DynoSubjectTable, 1);
  GString *lines = g_string_new (NULL);
  DynoStep step;

  dyno_statement_set_text (s, ":id", id);
  while ((step = dyno_statement_step (s, error)) == DYNO_STEP_ROW)
    {
      g_string_append (lines, dyno_statement_text (s, 0));
      g_string_append_c (lines, '\n');
      table->n_rows++;
    }
  dyno_statement_end (s);
  table->name = g_strdup (source->name);
  table->lines = g_string_free_to_bytes (lines);

  return step == DYNO_STEP_DONE ? g_steal_pointer (&table) : NULL;
}

static gpointer
read_subject (DynoTurn      *turn,
              gconstpointer  data,
              GError       **error)
{
  const Subject *subject = data;
  gboolean is_user = subject->kind == DYNO_SUBJECT_USER;
  const Source *sources = is_user ? user_sources : customer_sources;
  guint n = is_user ? G_N_ELEMENTS (user_sources) : G_N_ELEMENTS (customer_sources);
  g_autoptr(GPtrArray) tables
    = g_ptr_array_new_with_free_func ((GDestroyNotify) dyno_subject_table_free);

  for (guint i = 0; i < n; i++)
    {
      DynoSubjectTable *table = read_table (turn, &sources[i], subject->id, error);

      if (table == NULL)
        return NULL;
      g_ptr_array_add (tables, table);
      if (i > 0 || table->n_rows > 0)
        continue;
      dyno_error_set (error, DYNO_ERROR_NOT_FOUND, NULL, "There is no such %s.",
                      is_user ? "user" : "customer");
      return NULL;
    }

  return g_steal_pointer (&tables);
}

static const DynoVerb read_subject_verb = { "read-subject", read_subject,
                                            (GDestroyNotify) g_ptr_array_unref };

void
dyno_store_read_subject_async (DynoStore           *self,
                               DynoSubjectKind      kind,
                               const char          *subject_id,
                               GCancellable        *cancellable,
                               GAsyncReadyCallback  callback,
                               gpointer             user_data)
{
  Subject *subject = g_new0 (Subject, 1);

  subject->kind = kind;
  subject->id = g_strdup (subject_id);
  dyno_store_read (self, &read_subject_verb, subject, subject_free, cancellable, callback,
                   user_data);
}

GPtrArray *
dyno_store_read_subject_finish (DynoStore     *self,
                                GAsyncResult  *result,
                                GError       **error)
{
  return dyno_call_finish (result, &read_subject_verb, error);
}
