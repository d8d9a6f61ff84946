/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-store-backups.h"

#include "dyno-crypt.h"
#include "dyno-store-private.h"

DynoBackup *
dyno_backup_copy (const DynoBackup *self)
{
  DynoBackup *copy = g_memdup2 (self, sizeof *self);

  copy->id = g_strdup (self->id);
  copy->path = g_strdup (self->path);
  copy->sha256 = g_strdup (self->sha256);
  copy->created_by = g_strdup (self->created_by);
  copy->error = g_strdup (self->error);

  return copy;
}

void
dyno_backup_free (DynoBackup *self)
{
  if (self == NULL)
    return;

  g_free (self->id);
  g_free (self->path);
  g_free (self->sha256);
  g_free (self->created_by);
  g_free (self->error);
  g_free (self);
}

/* In the order of DYNO_SQL_BACKUP_LIST. */
static gpointer
make_backup (DynoStatement *row)
{
  DynoBackup *backup = g_new0 (DynoBackup, 1);

  backup->id = dyno_statement_dup_text (row, 0);
  backup->path = dyno_statement_dup_text (row, 1);
  backup->bytes = dyno_statement_integer (row, 2);
  backup->sha256 = dyno_statement_dup_text (row, 3);
  backup->schema = (int) dyno_statement_integer (row, 4);
  backup->audit_seq = dyno_statement_integer (row, 5);
  backup->created_by = dyno_statement_dup_text (row, 6);
  backup->created_ms = dyno_statement_integer (row, 7);
  backup->verified_ms = dyno_statement_integer (row, 8);
  backup->drilled_ms = dyno_statement_integer (row, 9);
  backup->error = dyno_statement_dup_text (row, 10);

  return backup;
}

static gpointer
get_backup (DynoTurn     *turn,
            gconstpointer backup_id,
            GError      **error)
{
  DynoStatement *s = dyno_statement_begin (turn->db, DYNO_SQL_BACKUP_GET);

  dyno_statement_set_text (s, ":id", backup_id);

  return dyno_statement_get (s, make_backup, "There is no such backup.", error);
}

static const DynoVerb get_backup_verb = { "get-backup", get_backup,
                                          (GDestroyNotify) dyno_backup_free };

void
dyno_store_get_backup_async (DynoStore           *self,
                             const char          *backup_id,
                             GCancellable        *cancellable,
                             GAsyncReadyCallback  callback,
                             gpointer             user_data)
{
  dyno_store_read (self, &get_backup_verb, g_strdup (backup_id), g_free, cancellable, callback,
                   user_data);
}

DynoBackup *
dyno_store_get_backup_finish (DynoStore     *self,
                              GAsyncResult  *result,
                              GError       **error)
{
  return dyno_call_finish (result, &get_backup_verb, error);
}

static gpointer
list_backups (DynoTurn     *turn,
              gconstpointer unused,
              GError      **error)
{
  return dyno_statement_list (dyno_statement_begin (turn->db, DYNO_SQL_BACKUP_LIST), make_backup,
                              (GDestroyNotify) dyno_backup_free, error);
}

static const DynoVerb list_backups_verb = { "list-backups", list_backups,
                                            (GDestroyNotify) g_ptr_array_unref };

void
dyno_store_list_backups_async (DynoStore           *self,
                               GCancellable        *cancellable,
                               GAsyncReadyCallback  callback,
                               gpointer             user_data)
{
  dyno_store_read (self, &list_backups_verb, NULL, NULL, cancellable, callback, user_data);
}

GPtrArray *
dyno_store_list_backups_finish (DynoStore     *self,
                                GAsyncResult  *result,
                                GError       **error)
{
  return dyno_call_finish (result, &list_backups_verb, error);
}

static gpointer
add_backup (DynoTurn     *turn,
            gconstpointer data,
            GError      **error)
{
  const DynoBackup *backup = data;
  g_autofree char *id = dyno_crypt_new_id ("bak");
  DynoStatement *s = dyno_statement_begin (turn->db, DYNO_SQL_BACKUP_ADD);

  dyno_statement_set_text (s, ":id", id);
  dyno_statement_set_text (s, ":path", backup->path);
  dyno_statement_set_integer (s, ":bytes", backup->bytes);
  dyno_statement_set_text (s, ":sha256", backup->sha256);
  dyno_statement_set_integer (s, ":schema", backup->schema);
  dyno_statement_set_integer (s, ":audit_seq", backup->audit_seq);
  dyno_statement_set_text (s, ":created_by", backup->created_by);
  dyno_statement_set_integer (s, ":now", turn->now_ms);

  return dyno_statement_run (s, error) ? get_backup (turn, id, error) : NULL;
}

static const DynoVerb add_backup_verb = { "add-backup", add_backup,
                                          (GDestroyNotify) dyno_backup_free };

void
dyno_store_add_backup_async (DynoStore           *self,
                             DynoBackup          *backup,
                             GCancellable        *cancellable,
                             GAsyncReadyCallback  callback,
                             gpointer             user_data)
{
  dyno_store_write (self, &add_backup_verb, backup, (GDestroyNotify) dyno_backup_free, cancellable,
                    callback, user_data);
}

DynoBackup *
dyno_store_add_backup_finish (DynoStore     *self,
                              GAsyncResult  *result,
                              GError       **error)
{
  return dyno_call_finish (result, &add_backup_verb, error);
}

typedef struct
{
  char    *id;
  char    *error; /* (nullable) */
  gboolean is_drill;
} Mark;

static void
mark_free (gpointer data)
{
  Mark *mark = data;

  g_free (mark->id);
  g_free (mark->error);
  g_free (mark);
}

/* A row must have been there. */
static gpointer
run_on_one (DynoTurn       *turn,
            DynoStatement  *s,
            const char     *id,
            GError        **error)
{
  g_autoptr(DynoBackup) known = get_backup (turn, id, error);

  dyno_statement_set_text (s, ":id", id);
  dyno_statement_set_integer (s, ":now", turn->now_ms);

  return known != NULL && dyno_statement_run (s, error) ? DYNO_VERB_DONE : NULL;
}

static gpointer
mark_backup (DynoTurn     *turn,
             gconstpointer data,
             GError      **error)
{
  const Mark *mark = data;
  DynoStatement *s = dyno_statement_begin (turn->db, DYNO_SQL_BACKUP_MARK);

  dyno_statement_set_text (s, ":error", mark->error);
  dyno_statement_set_integer (s, ":drill", mark->is_drill);

  return run_on_one (turn, s, mark->id, error);
}

static const DynoVerb mark_backup_verb = { "mark-backup", mark_backup, NULL };

void
dyno_store_mark_backup_async (DynoStore           *self,
                              const char          *backup_id,
                              gboolean             is_drill,
                              const char          *error_text,
                              GCancellable        *cancellable,
                              GAsyncReadyCallback  callback,
                              gpointer             user_data)
{
  Mark *mark = g_new0 (Mark, 1);

  mark->id = g_strdup (backup_id);
  mark->error = g_strdup (error_text);
  mark->is_drill = is_drill;
  dyno_store_write (self, &mark_backup_verb, mark, mark_free, cancellable, callback, user_data);
}

gboolean
dyno_store_mark_backup_finish (DynoStore     *self,
                               GAsyncResult  *result,
                               GError       **error)
{
  return dyno_call_finish (result, &mark_backup_verb, error) != NULL;
}

static gpointer
drop_backup (DynoTurn     *turn,
             gconstpointer backup_id,
             GError      **error)
{
  return run_on_one (turn, dyno_statement_begin (turn->db, DYNO_SQL_BACKUP_DROP), backup_id, error);
}

static const DynoVerb drop_backup_verb = { "drop-backup", drop_backup, NULL };

void
dyno_store_drop_backup_async (DynoStore           *self,
                              const char          *backup_id,
                              GCancellable        *cancellable,
                              GAsyncReadyCallback  callback,
                              gpointer             user_data)
{
  dyno_store_write (self, &drop_backup_verb, g_strdup (backup_id), g_free, cancellable, callback,
                    user_data);
}

gboolean
dyno_store_drop_backup_finish (DynoStore     *self,
                               GAsyncResult  *result,
                               GError       **error)
{
  return dyno_call_finish (result, &drop_backup_verb, error) != NULL;
}
