/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* Making a backup; part of dyno-backup.h. A snapshot is taken and looked at, packed
 * with the files that its rows name, and what was written is opened and looked at once
 * more: only then there is a row of it. */

#include "config.h"

#include "dyno-backup-private.h"

#include <errno.h>
#include <glib/gstdio.h>

#include "dyno-backup-pack.h"
#include "dyno-crypt.h"
#include "dyno-error.h"
#include "dyno-metrics.h"
#include "dyno-scratch.h"
#include "dyno-shop-private.h"

#define N_STEPS 4
#define BLOCK (1 << 18)

static void
tell_step (const DynoErrand *errand,
           int               n_done,
           const char       *next)
{
  if (errand->job == NULL)
    return;

  dyno_job_set_message (errand->job, next);
  dyno_job_set_progress (errand->job, n_done, N_STEPS);
}

char *
dyno_backup_find_folder (DynoShop  *shop,
                         GError   **error)
{
  g_autofree char *folder = dyno_config_dup (shop->config, "store.backup_dir");

  if (*folder == '\0')
    {
      g_free (folder);
      folder = g_build_filename (shop->folders->data, "backups", NULL);
    }
  if (g_mkdir_with_parents (folder, 0700) == 0)
    return g_steal_pointer (&folder);

  dyno_error_set (error, DYNO_ERROR_UNAVAILABLE, "backup_dir",
                  "The folder %s of the backups cannot be made: %s. Name another one in "
                  "store.backup_dir.", folder, g_strerror (errno));

  return NULL;
}

/* Bytes of database and files as they lie here. */
static guint64
measure (DynoShop *shop)
{
  static const char *const parts[] = { "dynoai.db", "dynoai.db-wal", "source", "journal" };
  guint64 total = 0;

  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      g_autofree char *path = g_build_filename (shop->folders->data, parts[i], NULL);
      g_autoptr(GFile) file = g_file_new_for_path (path);
      guint64 bytes = 0;

      g_file_measure_disk_usage (file, G_FILE_MEASURE_NONE, NULL, NULL, NULL, &bytes, NULL, NULL,
                                 NULL);
      total += bytes;
    }

  return total;
}

/* In the data folder the snapshot, then what is unpacked again to be compared; where
 * the backups go at most as much as all of it. */
static gboolean
has_room (DynoShop    *shop,
          const char  *folder,
          GError     **error)
{
  guint64 bytes = measure (shop);

  return dyno_scratch_has_room (shop->folders->data, 2 * bytes, error)
         && dyno_scratch_has_room (folder, bytes, error);
}

/* Members that go in: of the journals only where the settings say so. */
static void
choose_names (DynoShop  *shop,
              GPtrArray *names)
{
  if (dyno_config_get_boolean (shop->config, "store.backup_journals"))
    return;

  for (guint i = names->len; i > 0; i--)
    {
      if (g_str_has_prefix (g_ptr_array_index (names, i - 1), "journal/"))
        g_ptr_array_remove_index (names, i - 1);
    }
}

static char *
sum_of (const char  *path,
        gint64      *size,
        GError     **error)
{
  g_autoptr(GFile) file = g_file_new_for_path (path);
  g_autoptr(GFileInputStream) stream = g_file_read (file, NULL, error);
  g_autoptr(DynoCryptSum) sum = dyno_crypt_sum_new ();
  g_autofree char *block = g_malloc (BLOCK);
  gssize n = 0;

  *size = 0;
  while (stream != NULL
         && (n = g_input_stream_read (G_INPUT_STREAM (stream), block, BLOCK, NULL, error)) > 0)
    {
      dyno_crypt_sum_update (sum, block, (gsize) n);
      *size += n;
    }

  return stream != NULL && n == 0 ? dyno_crypt_sum_hex (sum) : NULL;
}

/* One backup in the making. */
typedef struct
{
  DynoScratch      *scratch;  /* (owned) */
  char             *database; /* (owned) the snapshot */
  char             *path;     /* (owned) of the backup */
  DynoBackupHeader  header;
  GPtrArray        *names;    /* (owned) members beside the database */
  GBytes           *backup;   /* (owned) keys */
  GBytes           *audit;    /* (owned) */
  GBytes           *recovery; /* (owned) (nullable) */
  GBytes           *master;   /* (owned) (nullable) */
} Making;

static void
making_clear (Making *self)
{
  g_clear_pointer (&self->scratch, dyno_scratch_free);
  g_clear_pointer (&self->names, g_ptr_array_unref);
  g_clear_pointer (&self->backup, g_bytes_unref);
  g_clear_pointer (&self->audit, g_bytes_unref);
  g_clear_pointer (&self->recovery, g_bytes_unref);
  g_clear_pointer (&self->master, g_bytes_unref);
  dyno_backup_header_clear (&self->header);
  g_free (self->database);
  g_free (self->path);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Making, making_clear)

/* dynoai-<UTC>.dynobk; a second one of the same second gets a number. (transfer full) */
static char *
choose_path (const char *folder,
             gint64      ms)
{
  g_autoptr(GDateTime) at = g_date_time_new_from_unix_utc (ms / 1000);
  g_autofree char *stamp = g_date_time_format (at, "dynoai-%Y%m%dT%H%M%SZ");

  for (guint n = 1;; n++)
    {
      g_autofree char *name = n == 1 ? g_strdup_printf ("%s.dynobk", stamp)
                                     : g_strdup_printf ("%s-%u.dynobk", stamp, n);
      g_autofree char *path = g_build_filename (folder, name, NULL);

      if (!g_file_test (path, G_FILE_TEST_EXISTS))
        return g_steal_pointer (&path);
    }
}

static gboolean
prepare (const DynoErrand  *errand,
         Making            *self,
         GError           **error)
{
  DynoShop *shop = errand->shop;
  g_autofree char *folder = dyno_backup_find_folder (shop, error);

  if (folder == NULL || !has_room (shop, folder, error))
    return FALSE;
  self->backup = dyno_vault_ref_key (shop, DYNO_VAULT_BACKUP, error);
  if (self->backup == NULL)
    return FALSE;
  self->audit = dyno_vault_ref_key (shop, DYNO_VAULT_AUDIT, error);
  if (self->audit == NULL
      || !dyno_backup_load_recovery (errand, &self->recovery, &self->master, error))
    return FALSE;
  self->scratch = dyno_scratch_new (shop->folders->data, error);
  if (self->scratch == NULL)
    return FALSE;

  self->header.created_ms = dyno_clock_real_us (shop->clock) / 1000;
  self->header.install = dyno_vault_dup_install (shop);
  self->path = choose_path (folder, self->header.created_ms);
  self->database = g_build_filename (self->scratch, DYNO_BACKUP_DATABASE, NULL);

  return TRUE;
}

static gboolean
take_snapshot (const DynoErrand  *errand,
               Making            *self,
               GError           **error)
{
  DynoShop *shop = errand->shop;
  DynoBackupLook look = { errand->await, errand->cancellable, shop->clock, self->audit };

  dyno_store_backup_async (shop->store, self->database, errand->cancellable, dyno_await_cb,
                           errand->await);
  if (!dyno_store_backup_finish (shop->store, dyno_await_wait (errand->await), error)
      || !dyno_backup_look_at (&look, self->scratch, DYNO_STORE_READONLY, &self->header,
                               &self->names, error))
    return FALSE;
  choose_names (shop, self->names);

  return TRUE;
}

static gboolean
write_file (const DynoErrand  *errand,
            Making            *self,
            GError           **error)
{
  DynoBackupKeys keys = { self->backup, self->recovery, self->master };
  g_autoptr(DynoBackupSink) sink = dyno_backup_sink_new (self->path, &self->header, &keys, error);

  return sink != NULL
         && dyno_backup_pack (sink, errand->shop->folders->data, self->database, self->names,
                              errand->cancellable, error)
         && dyno_backup_sink_finish (sink, error);
}

static DynoBackup *
keep_row (const DynoErrand  *errand,
          const Making      *self,
          gboolean           is_scheduled,
          GError           **error)
{
  DynoStore *store = errand->shop->store;
  DynoBackup *backup = g_new0 (DynoBackup, 1);
  DynoBackup *kept;

  backup->sha256 = sum_of (self->path, &backup->bytes, error);
  if (backup->sha256 == NULL)
    {
      dyno_backup_free (backup);
      return NULL;
    }
  backup->path = g_strdup (self->path);
  backup->schema = self->header.schema;
  backup->audit_seq = self->header.audit_seq;
  backup->created_by = g_strdup (is_scheduled ? DYNO_BACKUP_BY_SCHEDULE
                                              : errand->asker->principal->user_id);
  dyno_audit_carry (errand, DYNO_AUDIT_BACKUP_MADE, "backup", NULL, NULL);
  dyno_store_add_backup_async (store, backup, NULL, dyno_await_cb, errand->await);
  kept = dyno_store_add_backup_finish (store, dyno_await_wait (errand->await), error);
  if (kept != NULL && errand->job != NULL)
    dyno_job_set_subject (errand->job, kept->id);

  return kept;
}

static DynoBackup *
prove_and_keep (const DynoErrand  *errand,
                const Making      *self,
                gboolean           is_scheduled,
                GError           **error)
{
  DynoBackup *backup;

  tell_step (errand, 2, "Opening it again");
  if (!dyno_backup_prove_file (errand, self->path, FALSE, error))
    return NULL;
  tell_step (errand, 3, "Taking its sum");
  backup = keep_row (errand, self, is_scheduled, error);
  if (backup != NULL)
    tell_step (errand, N_STEPS, "Done");

  return backup;
}

static DynoBackup *
make_one (const DynoErrand  *errand,
          gboolean           is_scheduled,
          GError           **error)
{
  g_auto(Making) self = { NULL };
  DynoBackup *backup;

  tell_step (errand, 0, "Copying the database");
  if (!prepare (errand, &self, error) || !take_snapshot (errand, &self, error))
    return NULL;
  tell_step (errand, 1, "Sealing database and files");
  if (!write_file (errand, &self, error))
    return NULL;

  /* Room for the proof. */
  g_clear_pointer (&self.scratch, dyno_scratch_free);
  backup = prove_and_keep (errand, &self, is_scheduled, error);
  if (backup == NULL)
    {
      g_unlink (self.path);
      return NULL;
    }
  dyno_backup_prune (errand);
  dyno_bus_publish (errand->shop->bus, DYNO_TOPIC_HEALTH, "backup", "made");

  return backup;
}

static gpointer
make (const DynoErrand *errand,
      gpointer          data,
      GError          **error)
{
  DynoBackup *backup = make_one (errand, GPOINTER_TO_INT (data) == 2, error);

  dyno_metrics_add (DYNO_METRIC_BACKUP, 1, backup != NULL ? "success" : "failed", NULL);

  return backup;
}

static const DynoOperation make_operation = { "backup-make", make,
                                              (GDestroyNotify) dyno_backup_free, TRUE, FALSE };

void
dyno_backup_make_async (DynoShop            *shop,
                        gboolean             is_scheduled,
                        char               **job_id,
                        GCancellable        *cancellable,
                        GAsyncReadyCallback  callback,
                        gpointer             user_data)
{
  DynoJobOffer offer = { "backup", "Backup", "steps", NULL, job_id };

  dyno_operation_start_job (shop, &make_operation, &offer, GINT_TO_POINTER (is_scheduled ? 2 : 1),
                            NULL, cancellable, callback, user_data);
}

DynoBackup *
dyno_backup_make_finish (GAsyncResult  *result,
                         GError       **error)
{
  return dyno_operation_finish (result, &make_operation, error);
}
