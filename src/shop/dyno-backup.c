/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-backup-private.h"

#include <errno.h>
#include <glib/gstdio.h>

#include "dyno-backup-plan.h"
#include "dyno-error.h"
#include "dyno-shop-private.h"

static GPtrArray *
list_rows (const DynoErrand  *errand,
           GError           **error)
{
  DynoStore *store = errand->shop->store;

  dyno_store_list_backups_async (store, errand->cancellable, dyno_await_cb, errand->await);

  return dyno_store_list_backups_finish (store, dyno_await_wait (errand->await), error);
}

static DynoBackup *
get_row (const DynoErrand  *errand,
         const char        *id,
         GError           **error)
{
  DynoStore *store = errand->shop->store;

  dyno_store_get_backup_async (store, id, errand->cancellable, dyno_await_cb, errand->await);

  return dyno_store_get_backup_finish (store, dyno_await_wait (errand->await), error);
}

/* Looking */

static gpointer
list (const DynoErrand *errand,
      gpointer          unused,
      GError          **error)
{
  return list_rows (errand, error);
}

static const DynoOperation list_operation = { "backup-list", list,
                                              (GDestroyNotify) g_ptr_array_unref, TRUE, FALSE };

void
dyno_backup_list_async (DynoShop            *shop,
                        GCancellable        *cancellable,
                        GAsyncReadyCallback  callback,
                        gpointer             user_data)
{
  dyno_operation_start (shop, &list_operation, NULL, NULL, cancellable, callback, user_data);
}

GPtrArray *
dyno_backup_list_finish (GAsyncResult  *result,
                         GError       **error)
{
  return dyno_operation_finish (result, &list_operation, error);
}

static gpointer
get (const DynoErrand *errand,
     gpointer          id,
     GError          **error)
{
  return get_row (errand, id, error);
}

static const DynoOperation get_operation = { "backup-get", get, (GDestroyNotify) dyno_backup_free,
                                             TRUE, FALSE };

void
dyno_backup_get_async (DynoShop            *shop,
                       const char          *backup_id,
                       GCancellable        *cancellable,
                       GAsyncReadyCallback  callback,
                       gpointer             user_data)
{
  dyno_operation_start (shop, &get_operation, g_strdup (backup_id), g_free, cancellable, callback,
                        user_data);
}

DynoBackup *
dyno_backup_get_finish (GAsyncResult  *result,
                        GError       **error)
{
  return dyno_operation_finish (result, &get_operation, error);
}

/* Proving */

typedef struct
{
  char    *id;
  gboolean is_drill;
} Proof;

static void
proof_free (gpointer data)
{
  Proof *proof = data;

  g_free (proof->id);
  g_free (proof);
}

/* Notes what came of it; a row that was not looked at to the end stays as it was. */
static gboolean
mark (const DynoErrand  *errand,
      const Proof       *proof,
      const GError      *cause,
      GError           **error)
{
  DynoStore *store = errand->shop->store;

  if (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_CANCELLED)
      || g_error_matches (cause, DYNO_ERROR, DYNO_ERROR_UNAVAILABLE))
    return TRUE;

  dyno_audit_carry (errand, DYNO_AUDIT_BACKUP_VERIFIED, "backup", proof->id,
                    cause != NULL ? "{\"ok\":false}" : "{\"ok\":true}");
  dyno_store_mark_backup_async (store, proof->id, proof->is_drill,
                                cause != NULL ? cause->message : NULL, NULL, dyno_await_cb,
                                errand->await);

  return dyno_store_mark_backup_finish (store, dyno_await_wait (errand->await), error);
}

static gpointer
verify (const DynoErrand *errand,
        gpointer          data,
        GError          **error)
{
  const Proof *proof = data;
  g_autoptr(DynoBackup) backup = get_row (errand, proof->id, error);
  g_autoptr(GError) cause = NULL;

  if (backup == NULL)
    return NULL;
  if (errand->job != NULL)
    dyno_job_set_message (errand->job, "Opening every part of it");
  dyno_backup_prove_file (errand, backup->path, proof->is_drill, &cause);
  if (!mark (errand, proof, cause, error))
    return NULL;
  dyno_bus_publish (errand->shop->bus, DYNO_TOPIC_HEALTH, "backup", "verified");
  if (cause != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&cause));
      return NULL;
    }

  return get_row (errand, proof->id, error);
}

static const DynoOperation verify_operation = { "backup-verify", verify,
                                                (GDestroyNotify) dyno_backup_free, TRUE, FALSE };

void
dyno_backup_verify_async (DynoShop            *shop,
                          const char          *backup_id,
                          gboolean             is_drill,
                          char               **job_id,
                          GCancellable        *cancellable,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  DynoJobOffer offer = { "backup-verify", "Backup", "steps", NULL, job_id };
  Proof *proof = g_new0 (Proof, 1);

  proof->id = g_strdup (backup_id);
  proof->is_drill = is_drill;
  dyno_operation_start_job (shop, &verify_operation, &offer, proof, proof_free, cancellable,
                            callback, user_data);
}

DynoBackup *
dyno_backup_verify_finish (GAsyncResult  *result,
                           GError       **error)
{
  return dyno_operation_finish (result, &verify_operation, error);
}

static gpointer
verify_file (const DynoErrand *errand,
             gpointer          path,
             GError          **error)
{
  return dyno_backup_prove_file (errand, path, FALSE, error) ? DYNO_OPERATION_DONE : NULL;
}

static const DynoOperation verify_file_operation = { "backup-verify-file", verify_file, NULL, TRUE,
                                                     FALSE };

void
dyno_backup_verify_file_async (DynoShop            *shop,
                               const char          *path,
                               GCancellable        *cancellable,
                               GAsyncReadyCallback  callback,
                               gpointer             user_data)
{
  dyno_operation_start (shop, &verify_file_operation, g_strdup (path), g_free, cancellable,
                        callback, user_data);
}

gboolean
dyno_backup_verify_file_finish (GAsyncResult  *result,
                                GError       **error)
{
  return dyno_operation_finish (result, &verify_file_operation, error) != NULL;
}

/* Letting go */

/* The file goes first: a row without one is found by the next look at it, a file
 * without a row by nobody. */
gboolean
dyno_backup_remove (const DynoErrand  *errand,
                    const DynoBackup  *backup,
                    GError           **error)
{
  DynoStore *store = errand->shop->store;

  if (g_unlink (backup->path) != 0 && errno != ENOENT)
    {
      dyno_error_set (error, DYNO_ERROR_UNAVAILABLE, "io", "%s cannot be removed: %s.",
                      backup->path, g_strerror (errno));
      return FALSE;
    }
  dyno_audit_carry (errand, DYNO_AUDIT_BACKUP_DELETED, "backup", backup->id, NULL);
  dyno_store_drop_backup_async (store, backup->id, NULL, dyno_await_cb, errand->await);

  return dyno_store_drop_backup_finish (store, dyno_await_wait (errand->await), error);
}

static gpointer
delete (const DynoErrand *errand,
        gpointer          id,
        GError          **error)
{
  g_autoptr(DynoBackup) backup = get_row (errand, id, error);

  if (backup == NULL || !dyno_backup_remove (errand, backup, error))
    return NULL;
  dyno_bus_publish (errand->shop->bus, DYNO_TOPIC_HEALTH, "backup", "deleted");

  return DYNO_OPERATION_DONE;
}

static const DynoOperation delete_operation = { "backup-delete", delete, NULL, TRUE, TRUE };

void
dyno_backup_delete_async (DynoShop            *shop,
                          const char          *backup_id,
                          GCancellable        *cancellable,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  dyno_operation_start (shop, &delete_operation, g_strdup (backup_id), g_free, cancellable,
                        callback, user_data);
}

gboolean
dyno_backup_delete_finish (GAsyncResult  *result,
                           GError       **error)
{
  return dyno_operation_finish (result, &delete_operation, error) != NULL;
}

/* Those of the schedule alone: what a person made, a person takes away. */
static GPtrArray *
list_scheduled (const DynoErrand  *errand,
                GError           **error)
{
  GPtrArray *backups = list_rows (errand, error);

  for (guint i = backups != NULL ? backups->len : 0; i > 0; i--)
    {
      const DynoBackup *backup = g_ptr_array_index (backups, i - 1);

      if (!g_str_equal (backup->created_by, DYNO_BACKUP_BY_SCHEDULE))
        g_ptr_array_remove_index (backups, i - 1);
    }

  return backups;
}

static gboolean *
plan (DynoShop  *shop,
      GPtrArray *backups)
{
  g_autofree DynoBackupAge *ages = g_new (DynoBackupAge, backups->len + 1);
  g_autoptr(GTimeZone) zone = g_time_zone_new_local ();
  DynoBackupKeep keep
    = { (guint) dyno_config_get_integer (shop->config, "store.keep_daily"),
        (guint) dyno_config_get_integer (shop->config, "store.keep_weekly"),
        (guint) dyno_config_get_integer (shop->config, "store.keep_monthly") };

  for (guint i = 0; i < backups->len; i++)
    {
      const DynoBackup *backup = g_ptr_array_index (backups, i);

      ages[i] = (DynoBackupAge){ backup->created_ms,
                                 backup->verified_ms != 0 && backup->error == NULL };
    }

  return dyno_backup_plan_keep (ages, backups->len, &keep, zone);
}

void
dyno_backup_prune (const DynoErrand *errand)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) backups = list_scheduled (errand, &error);
  g_autofree gboolean *kept = backups != NULL ? plan (errand->shop, backups) : NULL;

  for (guint i = 0; kept != NULL && i < backups->len && error == NULL; i++)
    {
      if (!kept[i])
        dyno_backup_remove (errand, g_ptr_array_index (backups, i), &error);
    }
  if (error != NULL)
    g_message ("Old backups are not let go: %s", error->message);
}
