/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* Erasing; exports stand in dyno-privacy-export.c. */

#include "config.h"

#include "dyno-privacy.h"

#include "dyno-erasure-log.h"
#include "dyno-shop-private.h"

#define DAY_MS (24 * 3600 * G_GINT64_CONSTANT (1000))

static GPtrArray *
list_rows (const DynoErrand  *errand,
           GError           **error)
{
  DynoStore *store = errand->shop->store;

  dyno_store_list_erasures_async (store, NULL, dyno_await_cb, errand->await);

  return dyno_store_list_erasures_finish (store, dyno_await_wait (errand->await), error);
}

/* Beside the database, so that a restore learns of it. */
static gboolean
note (const DynoErrand  *errand,
      GError           **error)
{
  g_autoptr(GPtrArray) erasures = list_rows (errand, error);

  return erasures != NULL
         && dyno_erasure_log_merge (errand->shop->folders->data, erasures, error);
}

/* What others remember of the person. */
static gboolean
tell (const DynoErrand   *errand,
      const DynoErasure  *erasure,
      GError            **error)
{
  if (erasure->kind == DYNO_SUBJECT_CUSTOMER)
    {
      dyno_bus_publish (errand->shop->bus, DYNO_TOPIC_VEHICLE, erasure->subject_id, "changed");
      return TRUE;
    }

  return dyno_access_changed (errand, erasure->subject_id, "changed", error)
         && dyno_keys_reload (errand, NULL, "changed", error);
}

static void
carry (const DynoErrand *errand,
       DynoSubjectKind   kind,
       const char       *subject_id,
       gboolean          is_now)
{
  DynoAuditEvent event = kind == DYNO_SUBJECT_CUSTOMER ? DYNO_AUDIT_DATA_ERASED
                         : is_now ? DYNO_AUDIT_USER_ERASED : DYNO_AUDIT_USER_DISABLED;

  dyno_audit_carry (errand, event, dyno_subject_kind_name (kind), subject_id, NULL);
}

typedef struct
{
  DynoSubjectKind kind;
  char           *id;
  gboolean        is_now;
} Order;

static void
order_free (gpointer data)
{
  Order *order = data;

  g_free (order->id);
  g_free (order);
}

static gpointer
erase (const DynoErrand *errand,
       gpointer          data,
       GError          **error)
{
  const Order *order = data;
  DynoStore *store = errand->shop->store;
  DynoErasure *wanted = g_new0 (DynoErasure, 1);
  g_autoptr(DynoErasure) erasure = NULL;

  wanted->kind = order->kind;
  wanted->subject_id = g_strdup (order->id);
  wanted->requested_by = g_strdup (errand->asker->principal->user_id);
  wanted->purge_ms = order->is_now ? 0 : DYNO_PRIVACY_WAIT_DAYS * DAY_MS;
  carry (errand, order->kind, order->id, order->is_now);
  dyno_store_begin_erasure_async (store, wanted, NULL, dyno_await_cb, errand->await);
  erasure = dyno_store_begin_erasure_finish (store, dyno_await_wait (errand->await), error);

  return erasure != NULL && tell (errand, erasure, error) && note (errand, error)
           ? g_steal_pointer (&erasure) : NULL;
}

static const DynoOperation erase_operation = { "privacy-erase", erase,
                                               (GDestroyNotify) dyno_erasure_free, TRUE, TRUE };

void
dyno_privacy_erase_async (DynoShop            *shop,
                          DynoSubjectKind      kind,
                          const char          *subject_id,
                          gboolean             is_now,
                          GCancellable        *cancellable,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  Order *order = g_new0 (Order, 1);

  order->kind = kind;
  order->id = g_strdup (subject_id);
  order->is_now = is_now;
  dyno_operation_start (shop, &erase_operation, order, order_free, cancellable, callback,
                        user_data);
}

DynoErasure *
dyno_privacy_erase_finish (GAsyncResult  *result,
                           GError       **error)
{
  return dyno_operation_finish (result, &erase_operation, error);
}

static gpointer
cancel (const DynoErrand *errand,
        gpointer          id,
        GError          **error)
{
  DynoStore *store = errand->shop->store;
  g_autoptr(DynoErasure) erasure = NULL;

  dyno_audit_carry (errand, DYNO_AUDIT_USER_CHANGED, "erasure", id, "{\"cancelled\":true}");
  dyno_store_cancel_erasure_async (store, id, NULL, dyno_await_cb, errand->await);
  erasure = dyno_store_cancel_erasure_finish (store, dyno_await_wait (errand->await), error);

  return erasure != NULL && tell (errand, erasure, error) && note (errand, error)
           ? g_steal_pointer (&erasure) : NULL;
}

static const DynoOperation cancel_operation = { "privacy-cancel", cancel,
                                                (GDestroyNotify) dyno_erasure_free, TRUE, TRUE };

void
dyno_privacy_cancel_async (DynoShop            *shop,
                           const char          *erasure_id,
                           GCancellable        *cancellable,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  dyno_operation_start (shop, &cancel_operation, g_strdup (erasure_id), g_free, cancellable,
                        callback, user_data);
}

DynoErasure *
dyno_privacy_cancel_finish (GAsyncResult  *result,
                            GError       **error)
{
  return dyno_operation_finish (result, &cancel_operation, error);
}

static gpointer
list (const DynoErrand *errand,
      gpointer          unused,
      GError          **error)
{
  return list_rows (errand, error);
}

static const DynoOperation list_operation = { "privacy-list", list,
                                              (GDestroyNotify) g_ptr_array_unref, TRUE, FALSE };

void
dyno_privacy_list_async (DynoShop            *shop,
                         GCancellable        *cancellable,
                         GAsyncReadyCallback  callback,
                         gpointer             user_data)
{
  dyno_operation_start (shop, &list_operation, NULL, NULL, cancellable, callback, user_data);
}

GPtrArray *
dyno_privacy_list_finish (GAsyncResult  *result,
                          GError       **error)
{
  return dyno_operation_finish (result, &list_operation, error);
}

/* A row of the audit for each that was done. */
static gboolean
audit_purged (const DynoErrand  *errand,
              GPtrArray         *purged,
              GError           **error)
{
  DynoStore *store = errand->shop->store;
  DynoRider *rider = dyno_audit_new_rider (errand, NULL);

  for (guint i = 0; i < purged->len; i++)
    {
      const DynoErasure *erasure = g_ptr_array_index (purged, i);

      dyno_audit_add (errand, rider, DYNO_AUDIT_DATA_ERASED,
                      dyno_subject_kind_name (erasure->kind), erasure->subject_id, NULL);
    }
  dyno_store_send_rider_async (store, rider, NULL, dyno_await_cb, errand->await);

  return dyno_store_send_rider_finish (store, dyno_await_wait (errand->await), error);
}

static gpointer
tend (const DynoErrand *errand,
      gpointer          unused,
      GError          **error)
{
  DynoStore *store = errand->shop->store;
  g_autoptr(GPtrArray) purged = NULL;

  dyno_store_purge_erasures_async (store, NULL, dyno_await_cb, errand->await);
  purged = dyno_store_purge_erasures_finish (store, dyno_await_wait (errand->await), error);
  if (purged == NULL || (purged->len > 0 && !audit_purged (errand, purged, error)))
    return NULL;
  for (guint i = 0; i < purged->len; i++)
    {
      if (!tell (errand, g_ptr_array_index (purged, i), error))
        return NULL;
    }

  return note (errand, error) ? DYNO_OPERATION_DONE : NULL;
}

static const DynoOperation tend_operation = { "privacy-tend", tend, NULL, TRUE, TRUE };

void
dyno_privacy_tend_async (DynoShop            *shop,
                         GCancellable        *cancellable,
                         GAsyncReadyCallback  callback,
                         gpointer             user_data)
{
  dyno_operation_start (shop, &tend_operation, NULL, NULL, cancellable, callback, user_data);
}

gboolean
dyno_privacy_tend_finish (GAsyncResult  *result,
                          GError       **error)
{
  return dyno_operation_finish (result, &tend_operation, error) != NULL;
}
