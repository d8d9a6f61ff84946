/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* How keys end: revoked, rotated, no longer listed; part of dyno-store-keys.h. */

#include "config.h"

#include "dyno-crypt.h"
#include "dyno-store-keys-private.h"
#include "dyno-store-private.h"

typedef struct
{
  char          *key_id;     /* (owned) */
  char          *revoked_by; /* (owned) (nullable) */
  DynoKeyRecord *next;       /* (owned) (nullable) */
  gint64         until_ms;
} EndArgs;

static void
end_args_free (gpointer data)
{
  EndArgs *args = data;

  g_free (args->key_id);
  g_free (args->revoked_by);
  g_clear_pointer (&args->next, dyno_key_record_free);
  g_free (args);
}

static gboolean
end_key (DynoTurn   *turn,
         const char *key_id,
         const char *revoked_by,
         GError    **error)
{
  DynoStatement *s = dyno_statement_begin (turn->db, DYNO_SQL_KEY_REVOKE);

  dyno_statement_set_text (s, ":id", key_id);
  dyno_statement_set_text (s, ":by", revoked_by);
  dyno_statement_set_integer (s, ":now", turn->now_ms);

  return dyno_statement_run (s, error);
}

static gpointer
revoke_key (DynoTurn     *turn,
            gconstpointer data,
            GError      **error)
{
  const EndArgs *args = data;
  g_autoptr(DynoKeyRecord) key = dyno_key_rows_get (turn, args->key_id, error);

  return key != NULL && end_key (turn, args->key_id, args->revoked_by, error) ? DYNO_VERB_DONE
                                                                              : NULL;
}

static const DynoVerb revoke_key_verb = { "revoke-key", revoke_key, NULL };

void
dyno_store_revoke_key_async (DynoStore          *self,
                             const char         *key_id,
                             const char         *revoked_by,
                             GCancellable       *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer            user_data)
{
  EndArgs *args = g_new0 (EndArgs, 1);

  args->key_id = g_strdup (key_id);
  args->revoked_by = g_strdup (revoked_by);
  dyno_store_write (self, &revoke_key_verb, args, end_args_free, cancellable, callback,
                    user_data);
}

gboolean
dyno_store_revoke_key_finish (DynoStore    *self,
                              GAsyncResult *result,
                              GError      **error)
{
  return dyno_call_finish (result, &revoke_key_verb, error) != NULL;
}

static gboolean
end_replaced (DynoTurn      *turn,
              const EndArgs *args,
              const char    *next_id,
              GError       **error)
{
  DynoStatement *s = dyno_statement_begin (turn->db, DYNO_SQL_KEY_REPLACE);

  dyno_statement_set_text (s, ":id", args->key_id);
  dyno_statement_set_text (s, ":next", next_id);
  dyno_statement_set_integer (s, ":until", args->until_ms);
  dyno_statement_set_integer (s, ":now", turn->now_ms);
  if (!dyno_statement_run (s, error))
    return FALSE;

  return args->until_ms > turn->now_ms
         || end_key (turn, args->key_id, args->next->created_by, error);
}

static gpointer
rotate_key (DynoTurn     *turn,
            gconstpointer data,
            GError      **error)
{
  const EndArgs *args = data;
  g_autoptr(DynoKeyRecord) before = dyno_key_rows_get_unrevoked (turn, args->key_id, error);
  g_autoptr(DynoKeyRecord) next = before != NULL ? dyno_key_rows_add (turn, args->next, error) : NULL;

  if (next == NULL || !end_replaced (turn, args, next->id, error))
    return NULL;

  return g_steal_pointer (&next);
}

static const DynoVerb rotate_key_verb = { "rotate-key", rotate_key,
                                          (GDestroyNotify) dyno_key_record_free };

void
dyno_store_rotate_key_async (DynoStore          *self,
                             const char         *key_id,
                             DynoKeyRecord      *next,
                             gint64              until_ms,
                             GCancellable       *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer            user_data)
{
  EndArgs *args = g_new0 (EndArgs, 1);

  args->key_id = g_strdup (key_id);
  args->next = next;
  args->until_ms = until_ms;
  dyno_store_write (self, &rotate_key_verb, args, end_args_free, cancellable, callback,
                    user_data);
}

DynoKeyRecord *
dyno_store_rotate_key_finish (DynoStore    *self,
                              GAsyncResult *result,
                              GError      **error)
{
  return dyno_call_finish (result, &rotate_key_verb, error);
}

/* Lists from outside */

typedef struct
{
  DynoKeyOrigin origin;
  GPtrArray    *keys;   /* (owned) of DynoKeyRecord */
} ListedArgs;

static void
listed_args_free (gpointer data)
{
  ListedArgs *args = data;

  g_ptr_array_unref (args->keys);
  g_free (args);
}

/* All of them go, and those that are listed come back. */
static gpointer
set_listed_keys (DynoTurn     *turn,
                 gconstpointer data,
                 GError      **error)
{
  const ListedArgs *args = data;
  DynoStatement *s = dyno_statement_begin (turn->db, DYNO_SQL_KEY_REVOKE_LISTED);

  dyno_statement_set_text (s, ":origin", dyno_key_origin_name (args->origin));
  dyno_statement_set_integer (s, ":now", turn->now_ms);
  if (!dyno_statement_run (s, error))
    return NULL;
  for (guint i = 0; i < args->keys->len; i++)
    {
      const DynoKeyRecord *key = g_ptr_array_index (args->keys, i);
      g_autofree char *id = dyno_crypt_new_id ("key");

      if (!dyno_key_rows_put (turn, DYNO_SQL_KEY_LIST, key, id, error))
        return NULL;
    }

  return DYNO_VERB_DONE;
}

static const DynoVerb set_listed_keys_verb = { "set-listed-keys", set_listed_keys, NULL };

void
dyno_store_set_listed_keys_async (DynoStore          *self,
                                  DynoKeyOrigin       origin,
                                  GPtrArray          *keys,
                                  GCancellable       *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer            user_data)
{
  ListedArgs *args = g_new0 (ListedArgs, 1);

  args->origin = origin;
  args->keys = keys;
  dyno_store_write (self, &set_listed_keys_verb, args, listed_args_free, cancellable, callback,
                    user_data);
}

gboolean
dyno_store_set_listed_keys_finish (DynoStore    *self,
                                   GAsyncResult *result,
                                   GError      **error)
{
  return dyno_call_finish (result, &set_listed_keys_verb, error) != NULL;
}
