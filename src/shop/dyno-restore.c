/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-restore.h"

#include <string.h>
#include <unistd.h>

#include "dyno-audit.h"
#include "dyno-backup-pack.h"
#include "dyno-backup-private.h"
#include "dyno-config.h"
#include "dyno-crypt-seal.h"
#include "dyno-erasure-log.h"
#include "dyno-error.h"
#include "dyno-lock.h"
#include "dyno-principal.h"
#include "dyno-restore-private.h"
#include "dyno-vault-master.h"
#include "dyno-vault-private.h"

/* One restore: the data of its GTask. */
typedef struct
{
  char              *backup;     /* (owned) */
  char              *code;       /* (owned) (nullable) overwritten at the end */
  DynoClock         *clock;      /* (borrowed) */
  DynoConfig        *config;     /* (owned) */
  char              *credential; /* (owned) (nullable) */
  DynoLock          *lock;       /* (owned) (nullable) */
  DynoBackupSource  *source;     /* (owned) (nullable) */
  DynoVaultPlace     place;      /* of the master key */
  GBytes            *master;     /* (owned) (nullable) */
  DynoScratch       *scratch;    /* (owned) (nullable) */
  DynoRestoreReport *report;     /* (owned) (nullable) */
  DynoAwait         *await;      /* (borrowed) */
  GCancellable      *cancellable; /* (borrowed) (nullable) */
} Restore;

void
dyno_restore_report_free (DynoRestoreReport *self)
{
  if (self == NULL)
    return;

  g_free (self->data_dir);
  g_free (self->kept);
  g_free (self);
}

static void
restore_free (gpointer data)
{
  Restore *self = data;

  if (self->code != NULL)
    dyno_crypt_wipe (self->code, strlen (self->code));
  g_free (self->code);
  g_free (self->backup);
  g_free (self->credential);
  g_clear_pointer (&self->config, dyno_config_unref);
  g_clear_pointer (&self->source, dyno_backup_source_free);
  g_clear_pointer (&self->scratch, dyno_scratch_free);
  g_clear_pointer (&self->master, g_bytes_unref);
  g_clear_pointer (&self->report, dyno_restore_report_free);
  g_clear_pointer (&self->lock, dyno_lock_free);
  dyno_vault_place_clear (&self->place);
  g_free (self);
}

/* Keys */

static gboolean
unlock_by_master (Restore  *self,
                  GError  **error)
{
  DynoVaultState state;
  g_autoptr(GBytes) key = NULL;
  g_autofree char *reason = NULL;

  self->master = dyno_vault_find_at (&self->place, FALSE, self->await, self->cancellable, &state);
  if (self->master == NULL)
    {
      reason = g_strconcat ("keyring_", dyno_vault_state_name (state), NULL);
      dyno_error_set (error, state == DYNO_VAULT_LOCKED ? DYNO_ERROR_DENIED
                                                        : DYNO_ERROR_UNAVAILABLE, reason,
                      "%s Or give the recovery code.", dyno_vault_state_advice (state));
      return FALSE;
    }
  key = dyno_vault_derive (self->master, DYNO_VAULT_BACKUP);

  return dyno_backup_source_unlock (self->source, key, error);
}

static gboolean
unlock_by_code (Restore  *self,
                GError  **error)
{
  g_autoptr(GBytes) key = dyno_backup_recovery_key (self->code, error);

  if (key == NULL
      || !dyno_backup_source_unlock_by_code (self->source, key, &self->master, error))
    return FALSE;
  if (self->master != NULL)
    return TRUE;

  dyno_error_set (error, DYNO_ERROR_CORRUPT, "backup", "%s holds no master key.", self->backup);

  return FALSE;
}

static gboolean
open_source (Restore  *self,
             GError  **error)
{
  g_autofree char *path = dyno_config_dup (self->config, "auth.master_key_file");
  const DynoBackupHeader *header;

  self->source = dyno_backup_source_new (self->backup, error);
  if (self->source == NULL)
    return FALSE;
  header = dyno_backup_source_header (self->source);
  self->report->created_ms = header->created_ms;
  self->report->schema = header->schema;
  dyno_vault_place_init (&self->place, path, self->credential, header->install);

  return self->code != NULL ? unlock_by_code (self, error) : unlock_by_master (self, error);
}

/* Files */

/* A file that the backup does not hold goes on being the one that is here. */
static void
keep_file (Restore    *self,
           const char *name)
{
  g_autofree char *here = g_build_filename (self->report->data_dir, name, NULL);
  g_autofree char *there = g_build_filename (self->scratch, name, NULL);

  if (!g_file_test (there, G_FILE_TEST_EXISTS) && link (here, there) != 0)
    self->report->n_missing++;
}

/* Settling */

static DynoAuditRecord *
new_record (const Restore *self)
{
  g_autoptr(DynoPrincipal) owner = dyno_principal_new_owner ();
  DynoAuditRecord *record = g_new0 (DynoAuditRecord, 1);

  record->event = g_strdup (dyno_audit_event_name (DYNO_AUDIT_BACKUP_RESTORED));
  record->severity = DYNO_AUDIT_CRITICAL;
  record->action = g_strdup ("restore");
  record->is_success = TRUE;
  record->actor = g_strdup (owner->user_id);
  record->actor_kind = g_strdup (dyno_principal_kind_name (owner->kind));
  record->resource_type = g_strdup ("backup");
  record->details = g_strdup_printf ("{\"created_ms\":%" G_GINT64_FORMAT "}",
                                     self->report->created_ms);

  return record;
}

static gboolean
settle_store (Restore    *self,
              DynoStore  *store,
              GBytes     *audit_key,
              GError    **error)
{
  DynoBackupLook look = { self->await, self->cancellable, self->clock, audit_key };
  g_autoptr(GPtrArray) names = dyno_backup_list_names (&look, store, error);
  GPtrArray *erasures = names != NULL ? dyno_erasure_log_read (self->report->data_dir, error)
                                      : NULL;
  DynoRider *rider;

  if (erasures == NULL)
    return FALSE;
  for (guint i = 0; i < names->len; i++)
    keep_file (self, g_ptr_array_index (names, i));
  self->report->n_erasures = erasures->len;
  rider = dyno_rider_new (audit_key);
  dyno_rider_add_audit (rider, new_record (self));
  dyno_store_carry (store, rider);
  dyno_store_settle_async (store, erasures, NULL, dyno_await_cb, self->await);

  return dyno_store_settle_finish (store, dyno_await_wait (self->await), error);
}

static gboolean
settle (Restore  *self,
        GBytes   *audit_key,
        GError  **error)
{
  DynoStore *store;
  gboolean is_settled;

  dyno_store_open_async (self->scratch, DYNO_STORE_DEFAULT, self->clock, self->cancellable,
                         dyno_await_cb, self->await);
  store = dyno_store_open_finish (dyno_await_wait (self->await), error);
  if (store == NULL)
    return FALSE;

  is_settled = settle_store (self, store, audit_key, error);
  dyno_store_close_async (store, NULL, dyno_await_cb, self->await);
  is_settled = dyno_store_close_finish (store, dyno_await_wait (self->await),
                                        is_settled ? error : NULL) && is_settled;
  dyno_store_free (store);

  return is_settled;
}

/* All that can be done beside the data. */
static gboolean
prepare (Restore  *self,
         GError  **error)
{
  g_autoptr(GBytes) audit_key = dyno_vault_derive (self->master, DYNO_VAULT_AUDIT);
  DynoBackupLook look = { self->await, self->cancellable, self->clock, audit_key };
  g_autoptr(GPtrArray) names = NULL;

  self->scratch = dyno_scratch_new (self->report->data_dir, error);
  if (self->scratch == NULL)
    return FALSE;
  names = dyno_backup_prove (&look, self->source, self->scratch, TRUE, error);
  if (names == NULL)
    return FALSE;
  self->report->n_files = names->len - 1;

  return settle (self, audit_key, error);
}

/* One that is not there yet: a folder with files in it cannot be written over. */
static char *
name_kept (Restore *self)
{
  gint64 s = dyno_clock_real_us (self->clock) / G_USEC_PER_SEC;
  g_autoptr(GDateTime) at = g_date_time_new_from_unix_utc (s);
  g_autofree char *stamp = g_date_time_format (at, "before-restore-%Y%m%dT%H%M%SZ");

  for (guint n = 1;; n++)
    {
      g_autofree char *name = n == 1 ? g_strdup (stamp) : g_strdup_printf ("%s-%u", stamp, n);
      g_autofree char *path = g_build_filename (self->report->data_dir, name, NULL);

      if (!g_file_test (path, G_FILE_TEST_EXISTS))
        return g_steal_pointer (&name);
    }
}

static gboolean
put_in_place (Restore  *self,
              GError  **error)
{
  g_autofree char *kept = name_kept (self);

  if (g_cancellable_set_error_if_cancelled (self->cancellable, error))
    return FALSE;
  if (self->code != NULL
      && !dyno_vault_put_at (&self->place, self->master, self->await, NULL, error))
    return FALSE;
  if (!dyno_restore_commit (self->report->data_dir, self->scratch, kept, error))
    return FALSE;
  self->report->kept = g_build_filename (self->report->data_dir, kept, NULL);

  return TRUE;
}

static gboolean
restore (Restore  *self,
         GError  **error)
{
  self->lock = dyno_lock_take (self->report->data_dir, NULL, error);
  if (self->lock == NULL || !dyno_restore_resume (self->report->data_dir, error))
    return FALSE;
  dyno_scratch_sweep (self->report->data_dir);

  return open_source (self, error) && prepare (self, error) && put_in_place (self, error);
}

static void
restore_thread (GTask        *task,
                gpointer      source,
                gpointer      data,
                GCancellable *cancellable)
{
  Restore *self = data;
  g_autoptr(DynoAwait) await = dyno_await_new ();
  GError *error = NULL;
  gboolean is_restored;

  self->await = await;
  self->cancellable = cancellable;
  is_restored = restore (self, &error);
  g_clear_pointer (&self->scratch, dyno_scratch_free);
  g_clear_pointer (&self->lock, dyno_lock_free);
  if (is_restored)
    g_task_return_pointer (task, g_steal_pointer (&self->report),
                           (GDestroyNotify) dyno_restore_report_free);
  else
    g_task_return_error (task, error);
}

static gboolean
load_settings (Restore                   *self,
               const DynoRestoreOptions  *options,
               char                     **environment,
               GError                   **error)
{
  const char *const *env = (const char *const *) environment;
  DynoFolders *folders = dyno_folders_new (options->data_dir, env);
  g_autofree char *path = options->config_path != NULL
                            ? g_strdup (options->config_path)
                            : g_build_filename (folders->config, "dynoai.conf", NULL);
  g_autofree char *data_dir = NULL;

  self->config = dyno_config_load (path, env, error);
  if (self->config != NULL)
    data_dir = dyno_config_dup_data_dir (self->config);
  self->report->data_dir = g_strdup (options->data_dir == NULL && data_dir != NULL
                                         && *data_dir != '\0' ? data_dir : folders->data);
  dyno_folders_free (folders);

  return self->config != NULL;
}

void
dyno_restore_async (const DynoRestoreOptions *options,
                    GCancellable             *cancellable,
                    GAsyncReadyCallback       callback,
                    gpointer                  user_data)
{
  g_autoptr(GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Restore *self = g_new0 (Restore, 1);
  g_auto(GStrv) environment = options->environment != NULL
                                ? g_strdupv ((char **) options->environment) : g_get_environ ();
  const char *credentials = g_environ_getenv (environment, "CREDENTIALS_DIRECTORY");
  GError *error = NULL;

  g_task_set_task_data (task, self, restore_free);
  g_task_set_check_cancellable (task, FALSE);
  self->report = g_new0 (DynoRestoreReport, 1);
  self->backup = g_strdup (options->backup);
  self->code = g_strdup (options->code);
  self->clock = options->clock != NULL ? options->clock : dyno_clock_get_system ();
  if (credentials != NULL)
    self->credential = g_build_filename (credentials, DYNO_VAULT_CREDENTIAL, NULL);

  if (load_settings (self, options, environment, &error))
    g_task_run_in_thread (task, restore_thread);
  else
    g_task_return_error (task, error);
}

DynoRestoreReport *
dyno_restore_finish (GAsyncResult  *result,
                     GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
