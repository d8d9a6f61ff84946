/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* What was refused, folded by actor, route and minute; part of dyno-audit.h. Many
 * actors in one minute become one, so that nobody fills the disk from outside. */

#include "config.h"

#include "dyno-audit-private.h"
#include "dyno-json.h"
#include "dyno-shop-private.h"

#define MOST_FOLDS 1000
#define MINUTE_MS 60000

typedef struct
{
  char   *actor;          /* (owned) */
  char   *actor_kind;     /* (owned) */
  char   *key_id;         /* (owned) (nullable) */
  char   *ip;             /* (owned) (nullable) of the first */
  char   *correlation_id; /* (owned) (nullable) of the first */
  char   *route;          /* (owned) */
  int     status;         /* of the first */
  gint64  minute;         /* since 1970 */
  guint64 n;
} Fold;

struct _DynoDenials
{
  GMutex      lock;
  GHashTable *folds;  /* (owned) (lock) text to Fold */
  gint64      minute; /* (lock) of the oldest */
};

static void
fold_free (gpointer data)
{
  Fold *fold = data;

  g_free (fold->actor);
  g_free (fold->actor_kind);
  g_free (fold->key_id);
  g_free (fold->ip);
  g_free (fold->correlation_id);
  g_free (fold->route);
  g_free (fold);
}

DynoDenials *
dyno_denials_new (void)
{
  DynoDenials *self = g_new0 (DynoDenials, 1);

  g_mutex_init (&self->lock);
  self->folds = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, fold_free);

  return self;
}

void
dyno_denials_free (DynoDenials *self)
{
  if (self == NULL)
    return;

  g_hash_table_unref (self->folds);
  g_mutex_clear (&self->lock);
  g_free (self);
}

/* Takes `fold` over. TRUE: an older minute waits to be told. */
static gboolean
add_fold (DynoDenials *self,
          Fold        *fold)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  g_autofree char *name = NULL;
  Fold *known;

  if (g_hash_table_size (self->folds) >= MOST_FOLDS)
    {
      g_free (fold->actor);
      fold->actor = g_strdup ("*");
      g_free (fold->actor_kind);
      fold->actor_kind = g_strdup ("many");
      g_clear_pointer (&fold->key_id, g_free);
    }
  name = g_strdup_printf ("%s\n%s\n%s\n%" G_GINT64_FORMAT, fold->actor,
                          fold->key_id != NULL ? fold->key_id : "", fold->route, fold->minute);
  known = g_hash_table_lookup (self->folds, name);
  if (g_hash_table_size (self->folds) == 0)
    self->minute = fold->minute;
  if (known == NULL)
    {
      known = fold;
      g_hash_table_insert (self->folds, g_steal_pointer (&name), fold);
    }
  else
    {
      fold_free (fold);
    }
  known->n++;

  return self->minute < known->minute;
}

/* Those that are over. (transfer full) of Fold */
static GPtrArray *
take_folds (DynoDenials *self,
            gint64       minute,
            gboolean     is_end)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  GPtrArray *taken = g_ptr_array_new_with_free_func (fold_free);
  GHashTableIter iter;
  gpointer name, fold;

  g_hash_table_iter_init (&iter, self->folds);
  while (g_hash_table_iter_next (&iter, &name, &fold))
    {
      if (!is_end && ((const Fold *) fold)->minute >= minute)
        continue;
      g_ptr_array_add (taken, fold);
      g_hash_table_iter_steal (&iter);
      g_free (name);
    }
  self->minute = minute;

  return taken;
}

static DynoAuditRecord *
make_record (const Fold *fold)
{
  DynoAuditRecord *record = g_new0 (DynoAuditRecord, 1);
  DynoJsonWriter *w = dyno_json_writer_new (FALSE);

  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "route", fold->route);
  dyno_json_writer_add_integer (w, "count", (gint64) fold->n);
  dyno_json_writer_end_object (w);
  record->details = dyno_json_writer_finish (w);
  record->event = g_strdup (dyno_audit_event_name (DYNO_AUDIT_AUTHZ_DENIED));
  record->severity = DYNO_AUDIT_WARNING;
  record->action = g_strdup ("deny");
  record->actor = g_strdup (fold->actor);
  record->actor_kind = g_strdup (fold->actor_kind);
  record->key_id = g_strdup (fold->key_id);
  record->ip = g_strdup (fold->ip);
  record->correlation_id = g_strdup (fold->correlation_id);
  record->status = fold->status;

  return record;
}

void
dyno_denials_flush (DynoShop  *shop,
                    DynoAwait *await,
                    gboolean   is_end)
{
  gint64 minute = dyno_clock_real_us (shop->clock) / 1000 / MINUTE_MS;
  g_autoptr(GPtrArray) folds = take_folds (shop->denials, minute, is_end);
  g_autoptr(GBytes) key = dyno_vault_peek_key (shop->vault, DYNO_VAULT_AUDIT);
  g_autoptr(GError) error = NULL;
  DynoRider *rider;

  if (folds->len == 0 || shop->store == NULL)
    return;

  rider = dyno_rider_new (key);
  for (guint i = 0; i < folds->len; i++)
    dyno_rider_add_audit (rider, make_record (g_ptr_array_index (folds, i)));
  dyno_store_send_rider_async (shop->store, rider, NULL, dyno_await_cb, await);
  if (!dyno_store_send_rider_finish (shop->store, dyno_await_wait (await), &error))
    g_message ("Refused requests were not noted: %s", error->message);
}

static gpointer
flush (const DynoErrand *errand,
       gpointer          unused,
       GError          **error)
{
  dyno_denials_flush (errand->shop, errand->await, FALSE);

  return DYNO_OPERATION_DONE;
}

static const DynoOperation flush_operation = { "denials-flush", flush, NULL, TRUE, TRUE };

static void
deny (DynoShop *shop,
      Fold     *fold)
{
  fold->minute = dyno_clock_real_us (shop->clock) / 1000 / MINUTE_MS;
  if (add_fold (shop->denials, fold))
    dyno_operation_start (shop, &flush_operation, NULL, NULL, NULL, NULL, NULL);
}

void
dyno_audit_deny (DynoShop   *shop,
                 const char *route,
                 int         status)
{
  g_autoptr(DynoAsker) asker = dyno_asker_ref_current ();
  Fold *fold = g_new0 (Fold, 1);

  fold->actor = g_strdup (asker->principal->user_id);
  fold->actor_kind = g_strdup (dyno_principal_kind_name (asker->principal->kind));
  fold->key_id = g_strdup (asker->principal->key_id);
  fold->ip = g_strdup (asker->ip);
  fold->correlation_id = g_strdup (asker->correlation_id);
  fold->route = g_strdup (route);
  fold->status = status;
  deny (shop, fold);
}

void
dyno_audit_deny_address (DynoShop   *shop,
                         const char *address,
                         const char *route,
                         int         status)
{
  Fold *fold = g_new0 (Fold, 1);

  fold->actor = g_strdup (address);
  fold->actor_kind = g_strdup ("address");
  fold->ip = g_strdup (address);
  fold->route = g_strdup (route);
  fold->status = status;
  deny (shop, fold);
}
