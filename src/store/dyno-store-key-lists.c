/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* Lists of keys, and how they were used; part of dyno-store-keys.h. */

#include "config.h"

#include "dyno-store-keys-private.h"
#include "dyno-store-private.h"

static GPtrArray *
list_records (DynoStatement *s,
              GError       **error)
{
  return dyno_statement_list (s, dyno_key_rows_make, (GDestroyNotify) dyno_key_record_free, error);
}

static gpointer
list_keys (DynoTurn     *turn,
           gconstpointer data,
           GError      **error)
{
  const DynoKeyQuery *query = data;
  DynoStatement *s = dyno_statement_begin (turn->db, DYNO_SQL_KEY_PAGE);

  dyno_statement_set_text (s, ":user_id", query->user_id);
  dyno_statement_set_text (s, ":state", query->state);
  dyno_statement_set_integer (s, ":before", query->before_ms);
  dyno_statement_set_text (s, ":before_id", query->before_id != NULL ? query->before_id : "");
  dyno_statement_set_integer (s, ":now", turn->now_ms);
  dyno_statement_set_integer (s, ":limit", query->limit);

  return list_records (s, error);
}

static const DynoVerb list_keys_verb = { "list-keys", list_keys,
                                         (GDestroyNotify) g_ptr_array_unref };

void
dyno_store_list_keys_async (DynoStore          *self,
                            DynoKeyQuery       *query,
                            GCancellable       *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer            user_data)
{
  dyno_store_read (self, &list_keys_verb, query, (GDestroyNotify) dyno_key_query_free, cancellable,
                   callback, user_data);
}

GPtrArray *
dyno_store_list_keys_finish (DynoStore    *self,
                             GAsyncResult *result,
                             GError      **error)
{
  return dyno_call_finish (result, &list_keys_verb, error);
}

static gpointer
list_live_keys (DynoTurn     *turn,
                gconstpointer unused,
                GError      **error)
{
  DynoStatement *s = dyno_statement_begin (turn->db, DYNO_SQL_KEY_LIVE);

  dyno_statement_set_integer (s, ":now", turn->now_ms);

  return list_records (s, error);
}

static const DynoVerb list_live_keys_verb = { "list-live-keys", list_live_keys,
                                              (GDestroyNotify) g_ptr_array_unref };

void
dyno_store_list_live_keys_async (DynoStore          *self,
                                 GCancellable       *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer            user_data)
{
  dyno_store_read (self, &list_live_keys_verb, NULL, NULL, cancellable, callback, user_data);
}

GPtrArray *
dyno_store_list_live_keys_finish (DynoStore    *self,
                                  GAsyncResult *result,
                                  GError      **error)
{
  return dyno_call_finish (result, &list_live_keys_verb, error);
}

static gboolean
mark_warned (DynoTurn   *turn,
             const char *id,
             GError    **error)
{
  DynoStatement *s = dyno_statement_begin (turn->db, DYNO_SQL_KEY_WARN);

  dyno_statement_set_text (s, ":id", id);
  dyno_statement_set_integer (s, ":now", turn->now_ms);

  return dyno_statement_run (s, error);
}

static gpointer
warn_keys (DynoTurn     *turn,
           gconstpointer before_ms,
           GError      **error)
{
  DynoStatement *s = dyno_statement_begin (turn->db, DYNO_SQL_KEY_ENDING);
  g_autoptr(GPtrArray) keys = NULL;

  dyno_statement_set_integer (s, ":now", turn->now_ms);
  dyno_statement_set_integer (s, ":before", *(const gint64 *) before_ms);
  keys = list_records (s, error);
  for (guint i = 0; keys != NULL && i < keys->len; i++)
    {
      const DynoKeyRecord *key = g_ptr_array_index (keys, i);

      if (!mark_warned (turn, key->id, error))
        return NULL;
    }

  return g_steal_pointer (&keys);
}

static const DynoVerb warn_keys_verb = { "warn-keys", warn_keys,
                                         (GDestroyNotify) g_ptr_array_unref };

void
dyno_store_warn_keys_async (DynoStore          *self,
                            gint64              before_ms,
                            GCancellable       *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer            user_data)
{
  dyno_store_write (self, &warn_keys_verb, g_memdup2 (&before_ms, sizeof before_ms), g_free,
                    cancellable, callback, user_data);
}

GPtrArray *
dyno_store_warn_keys_finish (DynoStore    *self,
                             GAsyncResult *result,
                             GError      **error)
{
  return dyno_call_finish (result, &warn_keys_verb, error);
}

/* Usage */

void
dyno_key_usage_free (DynoKeyUsage *self)
{
  if (self == NULL)
    return;

  g_free (self->key_id);
  g_free (self->route);
  g_free (self->last_ip);
  g_free (self);
}

void
dyno_key_network_free (DynoKeyNetwork *self)
{
  if (self == NULL)
    return;

  g_free (self->key_id);
  g_free (self->network);
  g_free (self);
}

typedef struct
{
  GPtrArray *usage;     /* (owned) of DynoKeyUsage */
  GPtrArray *networks;  /* (owned) of DynoKeyNetwork */
  gint64     oldest_ms;
} UsageArgs;

static void
usage_args_free (gpointer data)
{
  UsageArgs *args = data;

  g_ptr_array_unref (args->usage);
  g_ptr_array_unref (args->networks);
  g_free (args);
}

static gboolean
count_usage (DynoTurn           *turn,
             const DynoKeyUsage *usage,
             GError            **error)
{
  DynoStatement *hour = dyno_statement_begin (turn->db, DYNO_SQL_KEY_USAGE_ADD);
  DynoStatement *total = dyno_statement_begin (turn->db, DYNO_SQL_KEY_COUNT);

  dyno_statement_set_text (hour, ":id", usage->key_id);
  dyno_statement_set_integer (hour, ":hour", usage->hour_ms);
  dyno_statement_set_text (hour, ":route", usage->route);
  dyno_statement_set_integer (hour, ":requests", usage->n_requests);
  dyno_statement_set_integer (hour, ":denials", usage->n_denied);
  dyno_statement_set_text (total, ":id", usage->key_id);
  dyno_statement_set_integer (total, ":requests", usage->n_requests);
  dyno_statement_set_integer (total, ":denials", usage->n_denied);
  dyno_statement_set_integer (total, ":last_used", usage->last_used_ms);
  dyno_statement_set_text (total, ":last_ip", usage->last_ip);

  return dyno_statement_run (hour, error) && dyno_statement_run (total, error);
}

static gboolean
add_network (DynoTurn             *turn,
             const DynoKeyNetwork *network,
             GError              **error)
{
  DynoStatement *s = dyno_statement_begin (turn->db, DYNO_SQL_KEY_NETWORK_ADD);

  dyno_statement_set_text (s, ":id", network->key_id);
  dyno_statement_set_text (s, ":network", network->network);
  dyno_statement_set_integer (s, ":now", turn->now_ms);

  return dyno_statement_run (s, error);
}

static gpointer
add_key_usage (DynoTurn     *turn,
               gconstpointer data,
               GError      **error)
{
  const UsageArgs *args = data;
  DynoStatement *s;

  for (guint i = 0; i < args->usage->len; i++)
    {
      if (!count_usage (turn, g_ptr_array_index (args->usage, i), error))
        return NULL;
    }
  for (guint i = 0; i < args->networks->len; i++)
    {
      if (!add_network (turn, g_ptr_array_index (args->networks, i), error))
        return NULL;
    }
  s = dyno_statement_begin (turn->db, DYNO_SQL_KEY_USAGE_FORGET);
  dyno_statement_set_integer (s, ":oldest", args->oldest_ms);

  return dyno_statement_run (s, error) ? DYNO_VERB_DONE : NULL;
}

static const DynoVerb add_key_usage_verb = { "add-key-usage", add_key_usage, NULL };

void
dyno_store_add_key_usage_async (DynoStore          *self,
                                GPtrArray          *usage,
                                GPtrArray          *networks,
                                gint64              oldest_ms,
                                GCancellable       *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer            user_data)
{
  UsageArgs *args = g_new0 (UsageArgs, 1);

  args->usage = usage;
  args->networks = networks;
  args->oldest_ms = oldest_ms;
  dyno_store_write (self, &add_key_usage_verb, args, usage_args_free, cancellable, callback,
                    user_data);
}

gboolean
dyno_store_add_key_usage_finish (DynoStore    *self,
                                 GAsyncResult *result,
                                 GError      **error)
{
  return dyno_call_finish (result, &add_key_usage_verb, error) != NULL;
}

static gpointer
make_usage (DynoStatement *row)
{
  DynoKeyUsage *usage = g_new0 (DynoKeyUsage, 1);

  usage->key_id = dyno_statement_dup_text (row, 0);
  usage->hour_ms = dyno_statement_integer (row, 1);
  usage->route = dyno_statement_dup_text (row, 2);
  usage->n_requests = dyno_statement_integer (row, 3);
  usage->n_denied = dyno_statement_integer (row, 4);

  return usage;
}

static gpointer
list_key_usage (DynoTurn     *turn,
                gconstpointer key_id,
                GError      **error)
{
  DynoStatement *s = dyno_statement_begin (turn->db, DYNO_SQL_KEY_USAGE_LIST);

  dyno_statement_set_text (s, ":id", key_id);

  return dyno_statement_list (s, make_usage, (GDestroyNotify) dyno_key_usage_free, error);
}

static const DynoVerb list_key_usage_verb = { "list-key-usage", list_key_usage,
                                              (GDestroyNotify) g_ptr_array_unref };

void
dyno_store_list_key_usage_async (DynoStore          *self,
                                 const char         *key_id,
                                 GCancellable       *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer            user_data)
{
  dyno_store_read (self, &list_key_usage_verb, g_strdup (key_id), g_free, cancellable, callback,
                   user_data);
}

GPtrArray *
dyno_store_list_key_usage_finish (DynoStore    *self,
                                  GAsyncResult *result,
                                  GError      **error)
{
  return dyno_call_finish (result, &list_key_usage_verb, error);
}

static gpointer
make_network (DynoStatement *row)
{
  DynoKeyNetwork *network = g_new0 (DynoKeyNetwork, 1);

  network->key_id = dyno_statement_dup_text (row, 0);
  network->network = dyno_statement_dup_text (row, 1);

  return network;
}

static gpointer
list_key_networks (DynoTurn     *turn,
                   gconstpointer unused,
                   GError      **error)
{
  return dyno_statement_list (dyno_statement_begin (turn->db, DYNO_SQL_KEY_NETWORK_LIST),
                              make_network, (GDestroyNotify) dyno_key_network_free, error);
}

static const DynoVerb list_key_networks_verb = { "list-key-networks", list_key_networks,
                                                 (GDestroyNotify) g_ptr_array_unref };

void
dyno_store_list_key_networks_async (DynoStore          *self,
                                    GCancellable       *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer            user_data)
{
  dyno_store_read (self, &list_key_networks_verb, NULL, NULL, cancellable, callback, user_data);
}

GPtrArray *
dyno_store_list_key_networks_finish (DynoStore    *self,
                                     GAsyncResult *result,
                                     GError      **error)
{
  return dyno_call_finish (result, &list_key_networks_verb, error);
}
