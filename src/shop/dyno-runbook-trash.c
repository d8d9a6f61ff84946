/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-runbook.h"

#include <glib/gstdio.h>

#include "dyno-shop-private.h"

/* Thrown away, taken back, ended for ever; part of dyno-runbook.h. */

static void
publish_all (const DynoErrand  *errand,
             const char *const *run_ids,
             const char        *what)
{
  for (; *run_ids != NULL; run_ids++)
    dyno_bus_publish (errand->shop->bus, DYNO_TOPIC_RUN, *run_ids, what);
}

/* A row of the audit a run goes along. */
static void
carry_rows (const DynoErrand  *errand,
            const char *const *run_ids,
            DynoAuditEvent     event)
{
  DynoRider *rider = dyno_audit_new_rider (errand, run_ids[0]);

  for (; *run_ids != NULL; run_ids++)
    dyno_audit_add (errand, rider, event, "run", *run_ids, NULL);
  dyno_store_carry (errand->shop->store, rider);
}

static gpointer
delete_runs (const DynoErrand *errand,
             gpointer          run_ids,
             GError          **error)
{
  DynoStore *store = errand->shop->store;

  carry_rows (errand, run_ids, DYNO_AUDIT_RUN_DELETED);
  dyno_store_trash_runs_async (store, run_ids, errand->cancellable, dyno_await_cb, errand->await);
  if (!dyno_store_trash_runs_finish (store, dyno_await_wait (errand->await), error))
    return NULL;
  publish_all (errand, run_ids, "removed");

  return DYNO_OPERATION_DONE;
}

static const DynoOperation delete_operation = { "runs-delete", delete_runs, NULL, TRUE };

void
dyno_runbook_delete_async (DynoShop            *shop,
                           const char *const   *run_ids,
                           GCancellable        *cancellable,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  dyno_operation_start (shop, &delete_operation, g_strdupv ((char **) run_ids),
                        (GDestroyNotify) g_strfreev, cancellable, callback, user_data);
}

gboolean
dyno_runbook_delete_finish (GAsyncResult *result,
                            GError      **error)
{
  return dyno_operation_finish (result, &delete_operation, error) != NULL;
}

typedef struct
{
  char  *run_id;   /* (owned) */
  gint64 revision;
} Seen;

static void
seen_free (gpointer data)
{
  Seen *seen = data;

  g_free (seen->run_id);
  g_free (seen);
}

static gpointer
delete_seen (const DynoErrand *errand,
             gpointer          data,
             GError          **error)
{
  const Seen *seen = data;
  const char *const run_ids[] = { seen->run_id, NULL };
  DynoStore *store = errand->shop->store;

  carry_rows (errand, run_ids, DYNO_AUDIT_RUN_DELETED);
  dyno_store_trash_run_async (store, seen->run_id, seen->revision, errand->cancellable,
                              dyno_await_cb, errand->await);
  if (!dyno_store_trash_run_finish (store, dyno_await_wait (errand->await), error))
    return NULL;
  publish_all (errand, run_ids, "removed");

  return DYNO_OPERATION_DONE;
}

static const DynoOperation delete_seen_operation = { "run-delete", delete_seen, NULL, TRUE };

void
dyno_runbook_delete_seen_async (DynoShop            *shop,
                                const char          *run_id,
                                gint64               revision,
                                GCancellable        *cancellable,
                                GAsyncReadyCallback  callback,
                                gpointer             user_data)
{
  Seen *seen = g_new0 (Seen, 1);

  seen->run_id = g_strdup (run_id);
  seen->revision = revision;
  dyno_operation_start (shop, &delete_seen_operation, seen, seen_free, cancellable, callback,
                        user_data);
}

gboolean
dyno_runbook_delete_seen_finish (GAsyncResult *result,
                                 GError      **error)
{
  return dyno_operation_finish (result, &delete_seen_operation, error) != NULL;
}

static gpointer
restore_runs (const DynoErrand *errand,
              gpointer          run_ids,
              GError          **error)
{
  DynoStore *store = errand->shop->store;

  carry_rows (errand, run_ids, DYNO_AUDIT_RUN_RESTORED);
  dyno_store_restore_runs_async (store, run_ids, errand->cancellable, dyno_await_cb,
                                 errand->await);
  if (!dyno_store_restore_runs_finish (store, dyno_await_wait (errand->await), error))
    return NULL;
  publish_all (errand, run_ids, "added");

  return DYNO_OPERATION_DONE;
}

static const DynoOperation restore_operation = { "runs-restore", restore_runs, NULL, TRUE };

void
dyno_runbook_restore_async (DynoShop            *shop,
                            const char *const   *run_ids,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  dyno_operation_start (shop, &restore_operation, g_strdupv ((char **) run_ids),
                        (GDestroyNotify) g_strfreev, cancellable, callback, user_data);
}

gboolean
dyno_runbook_restore_finish (GAsyncResult *result,
                             GError      **error)
{
  return dyno_operation_finish (result, &restore_operation, error) != NULL;
}

static gpointer
purge_runs (const DynoErrand *errand,
            gpointer          run_ids,
            GError          **error)
{
  DynoStore *store = errand->shop->store;
  g_autoptr(GPtrArray) paths = NULL;

  carry_rows (errand, run_ids, DYNO_AUDIT_RUN_DELETED);
  dyno_store_purge_runs_async (store, run_ids, 0, errand->cancellable, dyno_await_cb,
                               errand->await);
  paths = dyno_store_purge_runs_finish (store, dyno_await_wait (errand->await), error);
  if (paths == NULL)
    return NULL;

  for (guint i = 0; i < paths->len; i++)
    {
      g_autofree char *path = g_build_filename (errand->shop->folders->data,
                                                g_ptr_array_index (paths, i), NULL);

      g_unlink (path);
    }
  publish_all (errand, run_ids, "removed");

  return DYNO_OPERATION_DONE;
}

static const DynoOperation purge_operation = { "runs-purge", purge_runs, NULL, TRUE };

void
dyno_runbook_purge_async (DynoShop            *shop,
                          const char *const   *run_ids,
                          GCancellable        *cancellable,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  dyno_operation_start (shop, &purge_operation, g_strdupv ((char **) run_ids),
                        (GDestroyNotify) g_strfreev, cancellable, callback, user_data);
}

gboolean
dyno_runbook_purge_finish (GAsyncResult *result,
                           GError      **error)
{
  return dyno_operation_finish (result, &purge_operation, error) != NULL;
}
