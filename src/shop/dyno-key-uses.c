/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* How keys are used: counted at each request, kept every 30 s, and what a person
 * should hear of; part of dyno-keys.h. */

#include "config.h"

#include <string.h>

#include "dyno-json.h"
#include "dyno-keys-private.h"
#include "dyno-shop-private.h"

#define HOUR_MS G_GINT64_CONSTANT (3600000)
#define DAY_MS (24 * HOUR_MS)
#define KEPT_MS (30 * DAY_MS)
#define WARN_MS (7 * DAY_MS)
#define DENIALS_MS (5 * G_GINT64_CONSTANT (60000))
#define MOST_DENIALS 20
#define MOST_ROUTES 500

/* What of one key stands out. */
typedef struct
{
  gint64  denied_ms[MOST_DENIALS + 1]; /* the last ones, a ring */
  guint   n_denied;                    /* ever */
  gint64  told_ms;                     /* when it was last told */
} Watch;

struct _DynoKeyUses
{
  GMutex      lock;
  GHashTable *counts;   /* (owned) (lock) text to DynoKeyUsage */
  GHashTable *known;    /* (owned) (lock) "key network" */
  GHashTable *watches;  /* (owned) (lock) key id to Watch */
  GPtrArray  *networks; /* (owned) (lock) of DynoKeyNetwork, not kept yet */
};

DynoKeyUses *
dyno_key_uses_new (void)
{
  DynoKeyUses *self = g_new0 (DynoKeyUses, 1);

  g_mutex_init (&self->lock);
  self->counts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                        (GDestroyNotify) dyno_key_usage_free);
  self->known = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->watches = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->networks = g_ptr_array_new_with_free_func ((GDestroyNotify) dyno_key_network_free);

  return self;
}

void
dyno_key_uses_free (DynoKeyUses *self)
{
  if (self == NULL)
    return;

  g_hash_table_unref (self->counts);
  g_hash_table_unref (self->known);
  g_hash_table_unref (self->watches);
  g_ptr_array_unref (self->networks);
  g_mutex_clear (&self->lock);
  g_free (self);
}

/* Networks */

/* "192.0.2.0/24", "2001:db8::/64". */
static char *
dup_network (GInetAddress *address)
{
  gsize n = g_inet_address_get_native_size (address);
  guint8 bytes[16] = { 0 };
  GSocketFamily family = g_inet_address_get_family (address);
  g_autoptr(GInetAddress) first = NULL;
  g_autofree char *text = NULL;

  memcpy (bytes, g_inet_address_to_bytes (address), n == 4 ? 3 : 8);
  first = g_inet_address_new_from_bytes (bytes, family);
  text = g_inet_address_to_string (first);

  return g_strdup_printf ("%s/%d", text, n == 4 ? 24 : 64);
}

gboolean
dyno_key_uses_learn (const DynoErrand  *errand,
                     GError           **error)
{
  DynoKeyUses *self = errand->shop->keys->uses;
  DynoStore *store = errand->shop->store;
  g_autoptr(GPtrArray) networks = NULL;

  dyno_store_list_key_networks_async (store, NULL, dyno_await_cb, errand->await);
  networks = dyno_store_list_key_networks_finish (store, dyno_await_wait (errand->await), error);
  g_mutex_lock (&self->lock);
  for (guint i = 0; networks != NULL && i < networks->len; i++)
    {
      const DynoKeyNetwork *network = g_ptr_array_index (networks, i);

      g_hash_table_add (self->known, g_strdup_printf ("%s %s", network->key_id, network->network));
    }
  g_mutex_unlock (&self->lock);

  return networks != NULL;
}

/* The network, where the key comes from it for the first time. With the lock. */
static char *
take_network (DynoKeyUses  *self,
              const char   *key_id,
              GInetAddress *address)
{
  g_autofree char *network = address != NULL ? dup_network (address) : NULL;
  DynoKeyNetwork *fresh;

  if (network == NULL
      || !g_hash_table_add (self->known, g_strdup_printf ("%s %s", key_id, network)))
    return NULL;
  fresh = g_new0 (DynoKeyNetwork, 1);
  fresh->key_id = g_strdup (key_id);
  fresh->network = g_strdup (network);
  g_ptr_array_add (self->networks, fresh);

  return g_steal_pointer (&network);
}

/* Denials */

/* TRUE: more than 20 within five minutes, and nobody was told of these. With the
 * lock. */
static gboolean
take_denial (DynoKeyUses *self,
             const char  *key_id,
             gint64       now_ms)
{
  Watch *watch = g_hash_table_lookup (self->watches, key_id);
  gint64 first_ms;

  if (watch == NULL)
    {
      watch = g_new0 (Watch, 1);
      g_hash_table_insert (self->watches, g_strdup (key_id), watch);
    }
  watch->denied_ms[watch->n_denied % G_N_ELEMENTS (watch->denied_ms)] = now_ms;
  watch->n_denied++;
  if (watch->n_denied <= MOST_DENIALS)
    return FALSE;

  first_ms = watch->denied_ms[watch->n_denied % G_N_ELEMENTS (watch->denied_ms)];
  if (now_ms - first_ms > DENIALS_MS
      || (watch->told_ms != 0 && now_ms - watch->told_ms <= DENIALS_MS))
    return FALSE;
  watch->told_ms = now_ms;

  return TRUE;
}

/* Notices: a row of the audit and a piece of news for the window. */

static char *
tell_of_key (DynoAuditEvent event,
             const char    *key_id,
             const char    *value)
{
  if (event == DYNO_AUDIT_KEY_FIRST_USE)
    return g_strdup_printf ("The key %s was used from a network where it was never used: %s.",
                            key_id, value);
  if (event == DYNO_AUDIT_KEY_EXPIRES)
    return g_strdup_printf ("The key %s ends at %s.", key_id, value);

  return g_strdup_printf ("The key %s was refused again and again, the last time at %s.", key_id,
                          value);
}

static void
notice (DynoShop       *shop,
        DynoAuditEvent  event,
        const char     *key_id,
        const char     *member,
        const char     *value)
{
  DynoJsonWriter *w = dyno_json_writer_new (FALSE);
  g_autofree char *subject = g_strconcat (dyno_audit_event_name (event), " ", key_id, NULL);
  g_autofree char *sentence = tell_of_key (event, key_id, value);
  g_autofree char *details = NULL;

  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, member, value);
  dyno_json_writer_end_object (w);
  details = dyno_json_writer_finish (w);
  dyno_audit_tell_async (shop, event, "key", key_id, details, NULL, NULL, NULL);
  dyno_bus_publish (shop->bus, DYNO_TOPIC_NOTICE, subject, sentence);
}

/* Counting */

/* With the lock. */
static DynoKeyUsage *
find_count (DynoKeyUses *self,
            const char  *key_id,
            const char  *route,
            gint64       hour_ms)
{
  g_autofree char *name = NULL;
  DynoKeyUsage *usage;

  if (g_hash_table_size (self->counts) >= MOST_ROUTES)
    route = "*";
  name = g_strdup_printf ("%s %" G_GINT64_FORMAT " %s", key_id, hour_ms, route);
  usage = g_hash_table_lookup (self->counts, name);
  if (usage != NULL)
    return usage;

  usage = g_new0 (DynoKeyUsage, 1);
  usage->key_id = g_strdup (key_id);
  usage->hour_ms = hour_ms;
  usage->route = g_strdup (route);
  g_hash_table_insert (self->counts, g_steal_pointer (&name), usage);

  return usage;
}

void
dyno_keys_count (DynoShop            *shop,
                 const DynoPrincipal *principal,
                 const char          *route,
                 GInetAddress        *address,
                 gboolean             is_denied)
{
  DynoKeyUses *self = shop->keys->uses;
  gint64 now_ms = dyno_clock_real_us (shop->clock) / 1000;
  g_autofree char *network = NULL;
  gboolean is_suspicious;
  DynoKeyUsage *usage;

  g_return_if_fail (principal->key_id != NULL);

  g_mutex_lock (&self->lock);
  usage = find_count (self, principal->key_id, route, now_ms - now_ms % HOUR_MS);
  usage->n_requests++;
  usage->n_denied += is_denied ? 1 : 0;
  usage->last_used_ms = now_ms;
  g_free (usage->last_ip);
  usage->last_ip = address != NULL ? g_inet_address_to_string (address) : NULL;
  network = take_network (self, principal->key_id, address);
  is_suspicious = is_denied && take_denial (self, principal->key_id, now_ms);
  g_mutex_unlock (&self->lock);

  if (network != NULL)
    notice (shop, DYNO_AUDIT_KEY_FIRST_USE, principal->key_id, "network", network);
  if (is_suspicious)
    notice (shop, DYNO_AUDIT_KEY_DENIALS, principal->key_id, "route", route);
}

/* Keeping */

/* Both (transfer full). */
static void
take_all (DynoKeyUses  *self,
          GPtrArray   **usage,
          GPtrArray   **networks)
{
  GHashTableIter iter;
  gpointer name, count;

  *usage = g_ptr_array_new_with_free_func ((GDestroyNotify) dyno_key_usage_free);
  g_mutex_lock (&self->lock);
  g_hash_table_iter_init (&iter, self->counts);
  while (g_hash_table_iter_next (&iter, &name, &count))
    {
      g_ptr_array_add (*usage, count);
      g_hash_table_iter_steal (&iter);
      g_free (name);
    }
  *networks = self->networks;
  self->networks = g_ptr_array_new_with_free_func ((GDestroyNotify) dyno_key_network_free);
  g_mutex_unlock (&self->lock);
}

void
dyno_key_uses_flush (DynoShop  *shop,
                     DynoAwait *await)
{
  gint64 now_ms = dyno_clock_real_us (shop->clock) / 1000;
  g_autoptr(GError) error = NULL;
  GPtrArray *usage, *networks;

  take_all (shop->keys->uses, &usage, &networks);
  if (shop->store == NULL || usage->len + networks->len == 0)
    {
      g_ptr_array_unref (usage);
      g_ptr_array_unref (networks);
      return;
    }
  dyno_store_add_key_usage_async (shop->store, usage, networks, now_ms - KEPT_MS, NULL,
                                  dyno_await_cb, await);
  if (!dyno_store_add_key_usage_finish (shop->store, dyno_await_wait (await), &error))
    g_message ("The use of API keys was not kept: %s", error->message);
}

void
dyno_key_uses_warn (const DynoErrand *errand)
{
  DynoStore *store = errand->shop->store;
  gint64 now_ms = dyno_clock_real_us (errand->shop->clock) / 1000;
  g_autoptr(GPtrArray) keys = NULL;

  dyno_store_warn_keys_async (store, now_ms + WARN_MS, NULL, dyno_await_cb, errand->await);
  keys = dyno_store_warn_keys_finish (store, dyno_await_wait (errand->await), NULL);
  for (guint i = 0; keys != NULL && i < keys->len; i++)
    {
      const DynoKeyRecord *key = g_ptr_array_index (keys, i);
      g_autofree char *at = dyno_clock_format_utc (key->expires_ms * 1000);

      notice (errand->shop, DYNO_AUDIT_KEY_EXPIRES, key->id, "expires_at", at);
    }
}
