/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-store-keys.h"

#include <string.h>

#include "dyno-crypt.h"
#include "dyno-store-keys-private.h"
#include "dyno-store-private.h"

static const char *const origin_names[DYNO_N_KEY_ORIGINS] = {
  [DYNO_KEY_MADE] = "made",
  [DYNO_KEY_PAIRED] = "paired",
  [DYNO_KEY_ENVIRONMENT] = "environment",
  [DYNO_KEY_FILE] = "file",
};

const char *
dyno_key_origin_name (DynoKeyOrigin origin)
{
  g_return_val_if_fail (origin < DYNO_N_KEY_ORIGINS, NULL);

  return origin_names[origin];
}

static DynoKeyOrigin
find_origin (const char *name)
{
  for (int i = 0; i < DYNO_N_KEY_ORIGINS; i++)
    {
      if (g_strcmp0 (origin_names[i], name) == 0)
        return (DynoKeyOrigin) i;
    }

  return DYNO_KEY_MADE;
}

void
dyno_key_record_free (DynoKeyRecord *self)
{
  if (self == NULL)
    return;

  g_free (self->id);
  g_free (self->display);
  g_free (self->name);
  g_free (self->user_id);
  g_free (self->scopes);
  g_free (self->cidrs);
  g_free (self->created_by);
  g_free (self->revoked_by);
  g_free (self->replaced_by);
  g_free (self->last_ip);
  g_free (self->owner_role);
  g_free (self->owner_status);
  g_free (self->owner_name);
  g_free (self->owner_email);
  g_free (self);
}

void
dyno_key_query_free (DynoKeyQuery *self)
{
  if (self == NULL)
    return;

  g_free (self->user_id);
  g_free (self->state);
  g_free (self->before_id);
  g_free (self);
}

static void
read_numbers (DynoStatement *row,
              DynoKeyRecord *key)
{
  key->per_minute = (int) dyno_statement_integer (row, 8);
  key->per_day = (int) dyno_statement_integer (row, 9);
  key->created_ms = dyno_statement_integer (row, 10);
  key->updated_ms = dyno_statement_integer (row, 12);
  key->expires_ms = dyno_statement_integer (row, 13);
  key->revoked_ms = dyno_statement_integer (row, 14);
  key->warned_ms = dyno_statement_integer (row, 17);
  key->last_used_ms = dyno_statement_integer (row, 18);
  key->n_requests = dyno_statement_integer (row, 20);
  key->n_denied = dyno_statement_integer (row, 21);
  key->revision = (int) dyno_statement_integer (row, 22);
}

gpointer
dyno_key_rows_make (DynoStatement *row)
{
  DynoKeyRecord *key = g_new0 (DynoKeyRecord, 1);
  gsize size;
  gconstpointer sum = dyno_statement_blob (row, 1, &size);

  if (size == sizeof key->sha256)
    memcpy (key->sha256, sum, size);
  key->id = dyno_statement_dup_text (row, 0);
  key->display = dyno_statement_dup_text (row, 2);
  key->name = dyno_statement_dup_text (row, 3);
  key->user_id = dyno_statement_dup_text (row, 4);
  key->origin = find_origin (dyno_statement_text (row, 5));
  key->scopes = dyno_statement_dup_text (row, 6);
  key->cidrs = dyno_statement_dup_text (row, 7);
  key->created_by = dyno_statement_dup_text (row, 11);
  key->revoked_by = dyno_statement_dup_text (row, 15);
  key->replaced_by = dyno_statement_dup_text (row, 16);
  key->last_ip = dyno_statement_dup_text (row, 19);
  key->owner_role = dyno_statement_dup_text (row, 23);
  key->owner_status = dyno_statement_dup_text (row, 24);
  key->owner_name = dyno_statement_dup_text (row, 25);
  key->owner_email = dyno_statement_dup_text (row, 26);
  read_numbers (row, key);

  return key;
}

/* Owners */

static gpointer
add_service_user (DynoTurn    *turn,
                  const char  *label,
                  GError     **error)
{
  DynoStatement *s = dyno_statement_begin (turn->db, DYNO_SQL_USER_ADD_SERVICE);
  g_autofree char *id = dyno_crypt_new_id ("usr");

  dyno_statement_set_text (s, ":id", id);
  dyno_statement_set_text (s, ":label", label);
  dyno_statement_set_integer (s, ":now", turn->now_ms);

  return dyno_statement_run (s, error) ? g_steal_pointer (&id) : NULL;
}

static gpointer
find_key_owner (DynoTurn     *turn,
                gconstpointer who,
                GError      **error)
{
  DynoStatement *s = dyno_statement_begin (turn->db, DYNO_SQL_USER_FIND_OWNER);
  g_autofree char *email = g_utf8_strdown (who, -1);
  g_autofree char *id = NULL;
  gboolean is_active;
  DynoStep step;

  dyno_statement_set_text (s, ":who", who);
  dyno_statement_set_text (s, ":email_key", email);
  step = dyno_statement_step (s, error);
  if (step == DYNO_STEP_ROW)
    id = dyno_statement_dup_text (s, 0);
  is_active = step == DYNO_STEP_ROW && dyno_statement_integer (s, 1) != 0;
  dyno_statement_end (s);
  if (step == DYNO_STEP_DONE)
    return add_service_user (turn, who, error);
  if (step == DYNO_STEP_ROW && !is_active)
    {
      dyno_error_set (error, DYNO_ERROR_CONFLICT, "owner",
                      "This account is not active, so no key can act for it.");
      return NULL;
    }

  return g_steal_pointer (&id);
}

static const DynoVerb find_key_owner_verb = { "find-key-owner", find_key_owner, g_free };

void
dyno_store_find_key_owner_async (DynoStore          *self,
                                 const char         *who,
                                 GCancellable       *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer            user_data)
{
  dyno_store_write (self, &find_key_owner_verb, g_strdup (who), g_free, cancellable, callback,
                    user_data);
}

char *
dyno_store_find_key_owner_finish (DynoStore    *self,
                                  GAsyncResult *result,
                                  GError      **error)
{
  return dyno_call_finish (result, &find_key_owner_verb, error);
}

/* One key */

gpointer
dyno_key_rows_get (DynoTurn     *turn,
                   gconstpointer id,
                   GError      **error)
{
  DynoStatement *s = dyno_statement_begin (turn->db, DYNO_SQL_KEY_GET);

  dyno_statement_set_text (s, ":id", id);

  return dyno_statement_get (s, dyno_key_rows_make, "There is no such key.", error);
}

static const DynoVerb get_key_verb = { "get-key", dyno_key_rows_get,
                                       (GDestroyNotify) dyno_key_record_free };

void
dyno_store_get_key_async (DynoStore          *self,
                          const char         *key_id,
                          GCancellable       *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer            user_data)
{
  dyno_store_read (self, &get_key_verb, g_strdup (key_id), g_free, cancellable, callback,
                   user_data);
}

DynoKeyRecord *
dyno_store_get_key_finish (DynoStore    *self,
                           GAsyncResult *result,
                           GError      **error)
{
  return dyno_call_finish (result, &get_key_verb, error);
}

static void
set_terms (DynoStatement       *s,
           const DynoKeyRecord *key)
{
  dyno_statement_set_text (s, ":name", key->name);
  dyno_statement_set_text (s, ":scopes", key->scopes);
  dyno_statement_set_text (s, ":cidrs", key->cidrs);
  dyno_statement_set_integer (s, ":per_minute", key->per_minute);
  dyno_statement_set_integer (s, ":per_day", key->per_day);
  if (key->expires_ms != 0)
    dyno_statement_set_integer (s, ":expires_at", key->expires_ms);
}

gboolean
dyno_key_rows_put (DynoTurn            *turn,
                   DynoSql              sql,
                   const DynoKeyRecord *key,
                   const char          *id,
                   GError             **error)
{
  DynoStatement *s = dyno_statement_begin (turn->db, sql);

  set_terms (s, key);
  dyno_statement_set_text (s, ":id", id);
  dyno_statement_set_blob (s, ":sha256", key->sha256, sizeof key->sha256);
  dyno_statement_set_text (s, ":display", key->display);
  dyno_statement_set_text (s, ":user_id", key->user_id);
  dyno_statement_set_text (s, ":origin", origin_names[key->origin]);
  dyno_statement_set_integer (s, ":now", turn->now_ms);
  dyno_statement_set_text (s, ":created_by", key->created_by);

  return dyno_statement_run (s, error);
}

gpointer
dyno_key_rows_add (DynoTurn     *turn,
                   gconstpointer data,
                   GError      **error)
{
  const DynoKeyRecord *key = data;
  g_autofree char *id = key->id != NULL ? g_strdup (key->id) : dyno_crypt_new_id ("key");

  return dyno_key_rows_put (turn, DYNO_SQL_KEY_ADD, key, id, error) ? dyno_key_rows_get (turn, id, error) : NULL;
}

static const DynoVerb add_key_verb = { "add-key", dyno_key_rows_add,
                                       (GDestroyNotify) dyno_key_record_free };

void
dyno_store_add_key_async (DynoStore          *self,
                          DynoKeyRecord      *key,
                          GCancellable       *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer            user_data)
{
  dyno_store_write (self, &add_key_verb, key, (GDestroyNotify) dyno_key_record_free, cancellable,
                    callback, user_data);
}

DynoKeyRecord *
dyno_store_add_key_finish (DynoStore    *self,
                           GAsyncResult *result,
                           GError      **error)
{
  return dyno_call_finish (result, &add_key_verb, error);
}

DynoKeyRecord *
dyno_key_rows_get_unrevoked (DynoTurn   *turn,
                             const char *id,
                             GError    **error)
{
  g_autoptr(DynoKeyRecord) key = dyno_key_rows_get (turn, id, error);

  if (key == NULL || key->revoked_ms == 0)
    return g_steal_pointer (&key);
  dyno_error_set (error, DYNO_ERROR_NOT_FOUND, "revoked", "This key was revoked. Make a new one.");

  return NULL;
}

static gpointer
edit_key (DynoTurn     *turn,
          gconstpointer data,
          GError      **error)
{
  const DynoKeyRecord *key = data;
  g_autoptr(DynoKeyRecord) present = dyno_key_rows_get_unrevoked (turn, key->id, error);
  DynoStatement *s;

  if (present == NULL)
    return NULL;
  if (present->revision != key->revision)
    {
      dyno_error_set (error, DYNO_ERROR_CONFLICT, "stale",
                      "The key was changed meanwhile. Load it again.");
      return NULL;
    }
  s = dyno_statement_begin (turn->db, DYNO_SQL_KEY_EDIT);
  dyno_statement_set_text (s, ":id", key->id);
  dyno_statement_set_integer (s, ":now", turn->now_ms);
  set_terms (s, key);

  return dyno_statement_run (s, error) ? dyno_key_rows_get (turn, key->id, error) : NULL;
}

static const DynoVerb edit_key_verb = { "edit-key", edit_key,
                                        (GDestroyNotify) dyno_key_record_free };

void
dyno_store_edit_key_async (DynoStore          *self,
                           DynoKeyRecord      *key,
                           GCancellable       *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer            user_data)
{
  dyno_store_write (self, &edit_key_verb, key, (GDestroyNotify) dyno_key_record_free, cancellable,
                    callback, user_data);
}

DynoKeyRecord *
dyno_store_edit_key_finish (DynoStore    *self,
                            GAsyncResult *result,
                            GError      **error)
{
  return dyno_call_finish (result, &edit_key_verb, error);
}
