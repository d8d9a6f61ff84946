/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-store-privacy-private.h"

#include "dyno-crypt-text.h"
#include "dyno-crypt.h"

static const char *const kind_names[] = { "user", "customer" };

const char *
dyno_subject_kind_name (DynoSubjectKind kind)
{
  return kind_names[kind];
}

gboolean
dyno_subject_kind_find (const char      *name,
                        DynoSubjectKind *kind)
{
  for (guint i = 0; i < G_N_ELEMENTS (kind_names); i++)
    {
      if (g_strcmp0 (name, kind_names[i]) != 0)
        continue;
      *kind = (DynoSubjectKind) i;
      return TRUE;
    }

  return FALSE;
}

DynoErasure *
dyno_erasure_copy (const DynoErasure *self)
{
  DynoErasure *copy = g_memdup2 (self, sizeof *self);

  copy->id = g_strdup (self->id);
  copy->receipt = g_strdup (self->receipt);
  copy->subject_id = g_strdup (self->subject_id);
  copy->requested_by = g_strdup (self->requested_by);

  return copy;
}

void
dyno_erasure_free (DynoErasure *self)
{
  if (self == NULL)
    return;

  g_free (self->id);
  g_free (self->receipt);
  g_free (self->subject_id);
  g_free (self->requested_by);
  g_free (self);
}

/* In the order of DYNO_SQL_ERASURE_LIST. */
gpointer
dyno_erasure_make (DynoStatement *row)
{
  DynoErasure *erasure = g_new0 (DynoErasure, 1);

  erasure->id = dyno_statement_dup_text (row, 0);
  erasure->receipt = dyno_statement_dup_text (row, 1);
  dyno_subject_kind_find (dyno_statement_text (row, 2), &erasure->kind);
  erasure->subject_id = dyno_statement_dup_text (row, 3);
  erasure->requested_by = dyno_statement_dup_text (row, 4);
  erasure->requested_ms = dyno_statement_integer (row, 5);
  erasure->purge_ms = dyno_statement_integer (row, 6);
  erasure->purged_ms = dyno_statement_integer (row, 7);
  erasure->cancelled_ms = dyno_statement_integer (row, 8);

  return erasure;
}

/* Rows of erasures */

gboolean
dyno_erasure_put_row (DynoTurn           *turn,
                      const DynoErasure  *erasure,
                      GError            **error)
{
  DynoStatement *s = dyno_statement_begin (turn->db, DYNO_SQL_ERASURE_PUT);

  dyno_statement_set_text (s, ":id", erasure->id);
  dyno_statement_set_text (s, ":receipt", erasure->receipt);
  dyno_statement_set_text (s, ":kind", dyno_subject_kind_name (erasure->kind));
  dyno_statement_set_text (s, ":subject_id", erasure->subject_id);
  dyno_statement_set_text (s, ":requested_by", erasure->requested_by);
  dyno_statement_set_integer (s, ":requested_at", erasure->requested_ms);
  dyno_statement_set_integer (s, ":purge_at", erasure->purge_ms);
  if (erasure->purged_ms != 0)
    dyno_statement_set_integer (s, ":purged_at", erasure->purged_ms);
  if (erasure->cancelled_ms != 0)
    dyno_statement_set_integer (s, ":cancelled_at", erasure->cancelled_ms);

  return dyno_statement_run (s, error);
}

static DynoErasure *
get_row (DynoTurn    *turn,
         const char  *id,
         GError     **error)
{
  DynoStatement *s = dyno_statement_begin (turn->db, DYNO_SQL_ERASURE_GET);

  dyno_statement_set_text (s, ":id", id);

  return dyno_statement_get (s, dyno_erasure_make, "There is no such erasure.", error);
}

/* Beginning */

static gint64
ask_number (DynoTurn    *turn,
            DynoSql      sql,
            const char  *id,
            GError     **error)
{
  DynoStatement *s = dyno_statement_begin (turn->db, sql);
  gint64 number = -1;

  dyno_statement_set_text (s, ":id", id);
  if (dyno_statement_step (s, error) == DYNO_STEP_ROW)
    number = dyno_statement_integer (s, 0);
  dyno_statement_end (s);

  return number;
}

static gboolean
refuse (DynoErrorCode   code,
        const char     *reason,
        const char     *sentence,
        GError        **error)
{
  dyno_error_set (error, code, reason, "%s", sentence);

  return FALSE;
}

static gboolean
may_begin (DynoTurn           *turn,
           const DynoErasure  *erasure,
           GError            **error)
{
  gboolean is_user = erasure->kind == DYNO_SUBJECT_USER;
  const char *id = erasure->subject_id;
  gint64 n_there = ask_number (turn, is_user ? DYNO_SQL_ERASABLE_USER : DYNO_SQL_ERASABLE_CUSTOMER,
                               id, error);
  gint64 n_waiting = n_there < 0 ? -1 : ask_number (turn, DYNO_SQL_ERASURE_WAITING, id, error);
  gint64 n_admins = n_waiting < 0 ? -1
                                  : ask_number (turn, DYNO_SQL_ERASURE_OTHER_ADMINS, id, error);

  if (n_admins < 0)
    return FALSE;
  if (is_user && g_str_has_prefix (id, "local:"))
    return refuse (DYNO_ERROR_DENIED, "local",
                   "The people of this machine itself cannot be erased.", error);
  if (n_there == 0)
    return refuse (DYNO_ERROR_NOT_FOUND, NULL, is_user ? "There is no such user."
                                                       : "There is no such customer.", error);
  if (n_waiting > 0)
    return refuse (DYNO_ERROR_CONFLICT, "erasing", "This account is being erased already.",
                   error);
  if (is_user && n_admins == 0)
    return refuse (DYNO_ERROR_CONFLICT, "last_admin",
                   "This is the last administrator. Make another one first.", error);

  return TRUE;
}

static gpointer
begin_erasure (DynoTurn      *turn,
               gconstpointer  data,
               GError       **error)
{
  g_autoptr(DynoErasure) erasure = dyno_erasure_copy (data);
  gboolean is_now = erasure->purge_ms == 0;

  if (!may_begin (turn, erasure, error))
    return NULL;
  g_free (erasure->id);
  g_free (erasure->receipt);
  erasure->id = dyno_crypt_new_id ("era");
  erasure->receipt = dyno_crypt_new_code (DYNO_CODE_LONG);
  erasure->requested_ms = turn->now_ms;
  erasure->purge_ms += turn->now_ms;
  erasure->purged_ms = is_now ? turn->now_ms : 0;

  return dyno_erasure_stop (turn, erasure, error)
             && (!is_now || dyno_erasure_purge (turn, erasure, error))
             && dyno_erasure_put_row (turn, erasure, error)
           ? g_steal_pointer (&erasure) : NULL;
}

static const DynoVerb begin_verb = { "begin-erasure", begin_erasure,
                                     (GDestroyNotify) dyno_erasure_free };

void
dyno_store_begin_erasure_async (DynoStore           *self,
                                DynoErasure         *erasure,
                                GCancellable        *cancellable,
                                GAsyncReadyCallback  callback,
                                gpointer             user_data)
{
  dyno_store_write (self, &begin_verb, erasure, (GDestroyNotify) dyno_erasure_free, cancellable,
                    callback, user_data);
}

DynoErasure *
dyno_store_begin_erasure_finish (DynoStore     *self,
                                 GAsyncResult  *result,
                                 GError       **error)
{
  return dyno_call_finish (result, &begin_verb, error);
}

static gpointer
cancel_erasure (DynoTurn      *turn,
                gconstpointer  id,
                GError       **error)
{
  g_autoptr(DynoErasure) erasure = get_row (turn, id, error);

  if (erasure == NULL)
    return NULL;
  if (erasure->purged_ms != 0 || erasure->cancelled_ms != 0)
    {
      refuse (DYNO_ERROR_NOT_FOUND, NULL, "This erasure is not waiting any more.", error);
      return NULL;
    }
  erasure->cancelled_ms = turn->now_ms;

  return dyno_erasure_undo_stop (turn, erasure, error) && dyno_erasure_put_row (turn, erasure, error)
           ? g_steal_pointer (&erasure) : NULL;
}

static const DynoVerb cancel_verb = { "cancel-erasure", cancel_erasure,
                                      (GDestroyNotify) dyno_erasure_free };

void
dyno_store_cancel_erasure_async (DynoStore           *self,
                                 const char          *erasure_id,
                                 GCancellable        *cancellable,
                                 GAsyncReadyCallback  callback,
                                 gpointer             user_data)
{
  dyno_store_write (self, &cancel_verb, g_strdup (erasure_id), g_free, cancellable, callback,
                    user_data);
}

DynoErasure *
dyno_store_cancel_erasure_finish (DynoStore     *self,
                                  GAsyncResult  *result,
                                  GError       **error)
{
  return dyno_call_finish (result, &cancel_verb, error);
}

static gpointer
list_erasures (DynoTurn      *turn,
               gconstpointer  unused,
               GError       **error)
{
  return dyno_statement_list (dyno_statement_begin (turn->db, DYNO_SQL_ERASURE_LIST),
                              dyno_erasure_make, (GDestroyNotify) dyno_erasure_free, error);
}

static const DynoVerb list_verb = { "list-erasures", list_erasures,
                                    (GDestroyNotify) g_ptr_array_unref };

void
dyno_store_list_erasures_async (DynoStore           *self,
                                GCancellable        *cancellable,
                                GAsyncReadyCallback  callback,
                                gpointer             user_data)
{
  dyno_store_read (self, &list_verb, NULL, NULL, cancellable, callback, user_data);
}

GPtrArray *
dyno_store_list_erasures_finish (DynoStore     *self,
                                 GAsyncResult  *result,
                                 GError       **error)
{
  return dyno_call_finish (result, &list_verb, error);
}
