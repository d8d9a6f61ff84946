/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* What is written beside a run: earlier notes, marks, tags. */

#include "config.h"

#include "dyno-store-private.h"
#include "dyno-store-runs-private.h"

/* The window saves while one types; that makes one entry, not hundreds. */
#define ONE_TEXT_MS (5 * 60 * 1000)

gboolean
dyno_run_rows_add_note (DynoTurn   *turn,
                        gint64      number,
                        const char *text,
                        GError    **error)
{
  DynoStatement *s = dyno_statement_begin (turn->db, DYNO_SQL_RUN_NOTE_CONTINUE);

  dyno_statement_set_integer (s, ":run", number);
  dyno_statement_set_text (s, ":text", text);
  dyno_statement_set_integer (s, ":since", turn->now_ms - ONE_TEXT_MS);
  if (!dyno_statement_run (s, error))
    return FALSE;
  if (dyno_db_n_changed (turn->db) > 0)
    return TRUE;

  s = dyno_statement_begin (turn->db, DYNO_SQL_RUN_NOTE_ADD);
  dyno_statement_set_integer (s, ":run", number);
  dyno_statement_set_text (s, ":text", text);
  dyno_statement_set_integer (s, ":now", turn->now_ms);

  return dyno_statement_run (s, error);
}

static gpointer
make_note (DynoStatement *row)
{
  DynoRunNote *note = g_new0 (DynoRunNote, 1);

  note->written_ms = dyno_statement_integer (row, 0);
  note->text = dyno_statement_dup_text (row, 1);

  return note;
}

static gpointer
list_notes (DynoTurn     *turn,
            gconstpointer data,
            GError      **error)
{
  gint64 number = dyno_run_rows_find (turn, data, error);
  DynoStatement *s = dyno_statement_begin (turn->db, DYNO_SQL_RUN_NOTE_LIST);

  if (number == 0)
    return NULL;
  dyno_statement_set_integer (s, ":run", number);

  return dyno_statement_list (s, make_note, (GDestroyNotify) dyno_run_note_free, error);
}

static const DynoVerb list_notes_verb = { "list-run-notes", list_notes,
                                          (GDestroyNotify) g_ptr_array_unref };

void
dyno_store_list_run_notes_async (DynoStore          *self,
                                 const char         *run_id,
                                 GCancellable       *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer            user_data)
{
  dyno_store_read (self, &list_notes_verb, g_strdup (run_id), g_free, cancellable, callback,
                   user_data);
}

GPtrArray *
dyno_store_list_run_notes_finish (DynoStore    *self,
                                  GAsyncResult *result,
                                  GError      **error)
{
  return dyno_call_finish (result, &list_notes_verb, error);
}

gboolean
dyno_run_rows_add_marks (DynoTurn  *turn,
                         gint64     number,
                         GPtrArray *marks,
                         GError   **error)
{
  for (guint i = 0; marks != NULL && i < marks->len; i++)
    {
      DynoStatement *s = dyno_statement_begin (turn->db, DYNO_SQL_RUN_MARK_ADD);
      const DynoRunMark *mark = g_ptr_array_index (marks, i);

      dyno_statement_set_integer (s, ":run", number);
      dyno_statement_set_integer (s, ":t_us", mark->t_us);
      dyno_statement_set_text (s, ":kind", mark->kind);
      if (mark->n != 0)
        dyno_statement_set_integer (s, ":n", mark->n);
      dyno_statement_set_text (s, ":text", mark->text);
      if (!dyno_statement_run (s, error))
        return FALSE;
    }

  return TRUE;
}

typedef struct
{
  char      *run_id; /* (owned) */
  GPtrArray *marks;  /* (owned) of DynoRunMark */
} MarksArgs;

static void
marks_args_free (gpointer data)
{
  MarksArgs *args = data;

  g_free (args->run_id);
  g_ptr_array_unref (args->marks);
  g_free (args);
}

static gpointer
add_marks (DynoTurn     *turn,
           gconstpointer data,
           GError      **error)
{
  const MarksArgs *args = data;
  gint64 number = dyno_run_rows_find (turn, args->run_id, error);

  if (number == 0 || !dyno_run_rows_add_marks (turn, number, args->marks, error))
    return NULL;

  return DYNO_VERB_DONE;
}

static const DynoVerb add_marks_verb = { "add-run-marks", add_marks, NULL };

void
dyno_store_add_run_marks_async (DynoStore          *self,
                                const char         *run_id,
                                GPtrArray          *marks,
                                GCancellable       *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer            user_data)
{
  MarksArgs *args = g_new0 (MarksArgs, 1);

  args->run_id = g_strdup (run_id);
  args->marks = marks;
  dyno_store_write (self, &add_marks_verb, args, marks_args_free, cancellable, callback, user_data);
}

gboolean
dyno_store_add_run_marks_finish (DynoStore    *self,
                                 GAsyncResult *result,
                                 GError      **error)
{
  return dyno_call_finish (result, &add_marks_verb, error) != NULL;
}

static gpointer
make_mark (DynoStatement *row)
{
  DynoRunMark *mark = g_new0 (DynoRunMark, 1);

  mark->seq = dyno_statement_integer (row, 0);
  mark->t_us = dyno_statement_integer (row, 1);
  mark->kind = dyno_statement_dup_text (row, 2);
  mark->n = (int) dyno_statement_integer (row, 3);
  mark->text = dyno_statement_dup_text (row, 4);

  return mark;
}

static gpointer
list_marks (DynoTurn     *turn,
            gconstpointer data,
            GError      **error)
{
  gint64 number = dyno_run_rows_find (turn, data, error);
  DynoStatement *s = dyno_statement_begin (turn->db, DYNO_SQL_RUN_MARK_LIST);

  if (number == 0)
    return NULL;
  dyno_statement_set_integer (s, ":run", number);

  return dyno_statement_list (s, make_mark, (GDestroyNotify) dyno_run_mark_free, error);
}

static const DynoVerb list_marks_verb = { "list-run-marks", list_marks,
                                          (GDestroyNotify) g_ptr_array_unref };

void
dyno_store_list_run_marks_async (DynoStore          *self,
                                 const char         *run_id,
                                 GCancellable       *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer            user_data)
{
  dyno_store_read (self, &list_marks_verb, g_strdup (run_id), g_free, cancellable, callback,
                   user_data);
}

GPtrArray *
dyno_store_list_run_marks_finish (DynoStore    *self,
                                  GAsyncResult *result,
                                  GError      **error)
{
  return dyno_call_finish (result, &list_marks_verb, error);
}

gboolean
dyno_run_rows_set_tags (DynoTurn          *turn,
                        gint64             number,
                        const char *const *tags,
                        GError           **error)
{
  DynoStatement *s = dyno_statement_begin (turn->db, DYNO_SQL_RUN_TAGS_CLEAR);

  dyno_statement_set_integer (s, ":run", number);
  if (!dyno_statement_run (s, error))
    return FALSE;

  for (guint i = 0; tags != NULL && tags[i] != NULL; i++)
    {
      g_autofree char *tag = g_strstrip (g_strdup (tags[i]));

      if (*tag == '\0')
        continue;
      s = dyno_statement_begin (turn->db, DYNO_SQL_RUN_TAG_ADD);
      dyno_statement_set_integer (s, ":run", number);
      dyno_statement_set_text (s, ":tag", tag);
      if (!dyno_statement_run (s, error))
        return FALSE;
    }

  return TRUE;
}

static gpointer
make_tag (DynoStatement *row)
{
  DynoRunTag *tag = g_new0 (DynoRunTag, 1);

  tag->tag = dyno_statement_dup_text (row, 0);
  tag->n_runs = (guint) dyno_statement_integer (row, 1);

  return tag;
}

static gpointer
list_tags (DynoTurn     *turn,
           gconstpointer unused,
           GError      **error)
{
  return dyno_statement_list (dyno_statement_begin (turn->db, DYNO_SQL_RUN_TAG_LIST), make_tag,
                              (GDestroyNotify) dyno_run_tag_free, error);
}

static const DynoVerb list_tags_verb = { "list-run-tags", list_tags,
                                         (GDestroyNotify) g_ptr_array_unref };

void
dyno_store_list_run_tags_async (DynoStore          *self,
                                GCancellable       *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer            user_data)
{
  dyno_store_read (self, &list_tags_verb, NULL, NULL, cancellable, callback, user_data);
}

GPtrArray *
dyno_store_list_run_tags_finish (DynoStore    *self,
                                 GAsyncResult *result,
                                 GError      **error)
{
  return dyno_call_finish (result, &list_tags_verb, error);
}
