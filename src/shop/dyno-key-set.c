/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-key-set.h"

#include <string.h>

#include "dyno-crypt-seal.h"
#include "dyno-crypt-text.h"
#include "dyno-crypt.h"
#include "dyno-key-terms.h"

typedef struct
{
  guint8         sum[DYNO_KEY_HASH_SIZE]; /* the name of the entry in `by_sum` */
  DynoPrincipal *principal;               /* (owned) */
  GPtrArray     *masks;                   /* (owned) of GInetAddressMask; none: from anywhere */
} Entry;

struct _DynoKeySet
{
  gatomicrefcount  ref_count;
  GHashTable      *by_sum; /* (owned) Entry to itself */
  GHashTable      *by_id;  /* (owned) key id to Entry, both borrowed */
};

static void
entry_free (gpointer data)
{
  Entry *entry = data;

  g_clear_pointer (&entry->principal, dyno_principal_unref);
  g_clear_pointer (&entry->masks, g_ptr_array_unref);
  g_free (entry);
}

/* A hash is random already; its first bytes are as good as any mixture. */
static guint
hash_sum (gconstpointer sum)
{
  guint first;

  memcpy (&first, sum, sizeof first);

  return first;
}

static gboolean
equal_sums (gconstpointer a,
            gconstpointer b)
{
  return dyno_crypt_equal (a, b, DYNO_KEY_HASH_SIZE);
}

static DynoPrincipal *
make_principal (const DynoKeyRecord *record,
                DynoScopes           scopes,
                DynoRole             role)
{
  DynoPrincipal *principal = dyno_principal_new (DYNO_PRINCIPAL_KEY);

  principal->role = role;
  principal->scopes = scopes & dyno_role_scopes (role);
  principal->user_id = g_strdup (record->user_id);
  principal->email = g_strdup (record->owner_email);
  principal->name = g_strdup (record->name);
  principal->key_id = g_strdup (record->id);
  principal->expires_ms = record->expires_ms;
  principal->per_minute = (guint) record->per_minute;
  principal->per_day = (guint) record->per_day;

  return principal;
}

/* NULL: nobody comes in on it. */
static Entry *
entry_new (const DynoKeyRecord *record)
{
  g_autoptr(GPtrArray) masks = dyno_key_terms_masks (record->cidrs, NULL);
  DynoScopes scopes;
  DynoRole role;
  Entry *entry;

  if (masks == NULL || !dyno_key_terms_scopes (record->scopes, &scopes)
      || !dyno_role_find (record->owner_role, &role))
    return NULL;

  entry = g_new0 (Entry, 1);
  memcpy (entry->sum, record->sha256, sizeof entry->sum);
  entry->masks = g_steal_pointer (&masks);
  entry->principal = make_principal (record, scopes, role);

  return entry;
}

DynoKeySet *
dyno_key_set_new (GPtrArray *records)
{
  DynoKeySet *self = g_new0 (DynoKeySet, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->by_sum = g_hash_table_new_full (hash_sum, equal_sums, NULL, entry_free);
  self->by_id = g_hash_table_new (g_str_hash, g_str_equal);
  for (guint i = 0; i < records->len; i++)
    {
      Entry *entry = entry_new (g_ptr_array_index (records, i));

      if (entry == NULL)
        continue;
      g_hash_table_insert (self->by_sum, entry->sum, entry);
      g_hash_table_insert (self->by_id, entry->principal->key_id, entry);
    }

  return self;
}

DynoKeySet *
dyno_key_set_ref (DynoKeySet *self)
{
  g_atomic_ref_count_inc (&self->ref_count);

  return self;
}

void
dyno_key_set_unref (DynoKeySet *self)
{
  if (self == NULL || !g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_hash_table_unref (self->by_id);
  g_hash_table_unref (self->by_sum);
  g_free (self);
}

guint
dyno_key_set_size (DynoKeySet *self)
{
  return g_hash_table_size (self->by_sum);
}

static gboolean
is_in_time (const Entry *entry,
            gint64       now_ms)
{
  return entry->principal->expires_ms == 0 || now_ms < entry->principal->expires_ms;
}

gboolean
dyno_key_set_has (DynoKeySet *self,
                  const char *key_id,
                  gint64      now_ms)
{
  const Entry *entry = g_hash_table_lookup (self->by_id, key_id);

  return entry != NULL && is_in_time (entry, now_ms);
}

DynoScopes
dyno_key_set_scopes (DynoKeySet *self,
                     const char *key_id,
                     gint64      now_ms)
{
  const Entry *entry = g_hash_table_lookup (self->by_id, key_id);

  return entry != NULL && is_in_time (entry, now_ms) ? entry->principal->scopes : 0;
}

/* Our shape is known before the sum in it has been looked at. */
static gboolean
has_our_shape (const char *text,
               gsize       length)
{
  return length == strlen (DYNO_KEY_PREFIX) + DYNO_TOKEN_BODY + DYNO_TOKEN_CRC
         && g_str_has_prefix (text, DYNO_KEY_PREFIX);
}

gboolean
dyno_key_sum (const char *text,
              guint8      sum[DYNO_KEY_HASH_SIZE])
{
  gsize length = strnlen (text, DYNO_KEY_MOST + 1);

  if (length < DYNO_KEY_LEAST || length > DYNO_KEY_MOST)
    return FALSE;
  for (gsize i = 0; i < length; i++)
    {
      if (text[i] < '!' || text[i] > '~')
        return FALSE;
    }
  if (has_our_shape (text, length) && !dyno_crypt_is_token (text, DYNO_KEY_PREFIX))
    return FALSE;
  dyno_crypt_sha256 (text, length, sum);

  return TRUE;
}

static gboolean
may_come_from (const Entry  *entry,
               GInetAddress *address)
{
  if (entry->masks->len == 0)
    return TRUE;
  for (guint i = 0; address != NULL && i < entry->masks->len; i++)
    {
      if (g_inet_address_mask_matches (g_ptr_array_index (entry->masks, i), address))
        return TRUE;
    }

  return FALSE;
}

DynoPrincipal *
dyno_key_set_check (DynoKeySet   *self,
                    const char   *text,
                    GInetAddress *address,
                    gint64        now_ms)
{
  guint8 sum[DYNO_KEY_HASH_SIZE];
  const Entry *entry;

  if (!dyno_key_sum (text, sum))
    return NULL;
  entry = g_hash_table_lookup (self->by_sum, sum);
  if (entry == NULL || !is_in_time (entry, now_ms) || !may_come_from (entry, address))
    return NULL;

  return dyno_principal_ref (entry->principal);
}
