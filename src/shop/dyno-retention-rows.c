/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* What is let go of people and of the service, by age (service.md 9.5); part of
 * dyno-retention.h. */

#include "config.h"

#include "dyno-retention-private.h"

#include <glib/gstdio.h>

#include "dyno-shop-private.h"

#define DAY_MS (24 * 3600 * G_GINT64_CONSTANT (1000))

/* How long a row of each kind stays; NULL: a day. */
static const char *const settings[DYNO_N_RETAIN] = {
  [DYNO_RETAIN_ACCOUNTS] = "privacy.account_days",
  [DYNO_RETAIN_SESSIONS] = "privacy.refresh_days",
  [DYNO_RETAIN_JOBS] = "privacy.job_days",
  [DYNO_RETAIN_AUDIT] = "privacy.audit_days",
};

static void
find_limits (DynoShop *shop,
             gint64    before_ms[DYNO_N_RETAIN])
{
  gint64 now_ms = dyno_clock_real_us (shop->clock) / 1000;

  for (guint i = 0; i < DYNO_N_RETAIN; i++)
    {
      gint64 days = settings[i] != NULL ? dyno_config_get_integer (shop->config, settings[i]) : 1;

      before_ms[i] = now_ms - days * DAY_MS;
    }
}

/* Without the key nobody could prove that what goes was what it was. */
static gboolean
prune_audit (const DynoErrand  *errand,
             gint64             before_ms,
             guint64           *n,
             GError           **error)
{
  DynoStore *store = errand->shop->store;
  g_autoptr(GBytes) key = dyno_vault_peek_key (errand->shop->vault, DYNO_VAULT_AUDIT);
  gint64 n_pruned = 0;

  if (key != NULL && *n > 0)
    {
      dyno_store_prune_audit_async (store, key, before_ms, NULL, dyno_await_cb, errand->await);
      n_pruned = dyno_store_prune_audit_finish (store, dyno_await_wait (errand->await), error);
    }
  *n = (guint64) MAX (n_pruned, 0);

  return n_pruned >= 0;
}

static gboolean
remove_exports (const DynoErrand     *errand,
                gboolean              is_dry,
                DynoRetentionReport  *report,
                GError              **error)
{
  DynoStore *store = errand->shop->store;
  g_autoptr(GPtrArray) expired = NULL;

  dyno_store_list_expired_exports_async (store, NULL, dyno_await_cb, errand->await);
  expired = dyno_store_list_expired_exports_finish (store, dyno_await_wait (errand->await), error);
  if (expired == NULL)
    return FALSE;

  report->n_exports += expired->len;
  for (guint i = 0; i < expired->len; i++)
    {
      const DynoExportRecord *record = g_ptr_array_index (expired, i);

      report->bytes += (guint64) record->bytes;
      if (is_dry)
        continue;
      g_unlink (record->path);
      dyno_store_drop_export_async (store, record->id, NULL, dyno_await_cb, errand->await);
      if (!dyno_store_drop_export_finish (store, dyno_await_wait (errand->await), error))
        return FALSE;
    }

  return TRUE;
}

static gboolean
tell (const DynoErrand  *errand,
      const guint64     *counts,
      GError           **error)
{
  DynoStore *store = errand->shop->store;
  DynoRider *rider;
  guint64 total = 0;

  for (guint i = 0; i < DYNO_N_RETAIN; i++)
    total += counts[i];
  if (total == 0)
    return TRUE;

  rider = dyno_audit_new_rider (errand, NULL);
  dyno_audit_add (errand, rider, DYNO_AUDIT_PRIVACY_RETENTION, "retention", NULL, NULL);
  dyno_store_send_rider_async (store, rider, NULL, dyno_await_cb, errand->await);

  return dyno_store_send_rider_finish (store, dyno_await_wait (errand->await), error);
}

gboolean
dyno_retention_rows (const DynoErrand     *errand,
                     gboolean              is_dry,
                     DynoRetentionReport  *report,
                     GError              **error)
{
  DynoStore *store = errand->shop->store;
  gint64 before_ms[DYNO_N_RETAIN];
  g_autofree guint64 *counts = NULL;

  find_limits (errand->shop, before_ms);
  dyno_store_retain_async (store, before_ms, is_dry, NULL, dyno_await_cb, errand->await);
  counts = dyno_store_retain_finish (store, dyno_await_wait (errand->await), error);
  if (counts == NULL
      || (!is_dry && (!prune_audit (errand, before_ms[DYNO_RETAIN_AUDIT],
                                    &counts[DYNO_RETAIN_AUDIT], error)
                      || !tell (errand, counts, error))))
    return FALSE;

  report->n_accounts += counts[DYNO_RETAIN_ACCOUNTS];
  report->n_replies += counts[DYNO_RETAIN_REPLIES];
  report->n_sessions += counts[DYNO_RETAIN_SESSIONS];
  report->n_jobs += counts[DYNO_RETAIN_JOBS];
  report->n_audit_rows += counts[DYNO_RETAIN_AUDIT];

  return remove_exports (errand, is_dry, report, error);
}
