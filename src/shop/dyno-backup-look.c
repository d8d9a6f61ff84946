/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* Is a backup good? Part of dyno-backup.h. */

#include "config.h"

#include "dyno-backup-private.h"

#include <string.h>

#include "dyno-backup-pack.h"
#include "dyno-error.h"
#include "dyno-scratch.h"
#include "dyno-shop-private.h"

G_GNUC_PRINTF (2, 3)
static gboolean
fail (GError     **error,
      const char  *format,
      ...)
{
  g_autofree char *what = NULL;
  va_list args;

  va_start (args, format);
  what = g_strdup_vprintf (format, args);
  va_end (args);
  dyno_error_set (error, DYNO_ERROR_CORRUPT, "backup", "The backup is not good: %s.", what);

  return FALSE;
}

static gboolean
look_at_pages (const DynoBackupLook  *look,
               DynoStore             *store,
               GError               **error)
{
  g_autoptr(DynoStoreCheck) check = NULL;

  dyno_store_check_async (store, look->cancellable, dyno_await_cb, look->await);
  check = dyno_store_check_finish (store, dyno_await_wait (look->await), error);
  if (check == NULL)
    return FALSE;

  return check->is_ok
         || fail (error, "%s", check->findings->len > 0
                                 ? (const char *) g_ptr_array_index (check->findings, 0)
                                 : "its database is damaged");
}

static gboolean
look_at_tables (const DynoBackupLook  *look,
                DynoStore             *store,
                DynoBackupHeader      *facts,
                GError               **error)
{
  g_autoptr(DynoStoreInfo) info = NULL;

  dyno_store_info_async (store, look->cancellable, dyno_await_cb, look->await);
  info = dyno_store_info_finish (store, dyno_await_wait (look->await), error);
  if (info == NULL)
    return FALSE;

  facts->schema = info->schema;
  facts->counts = g_steal_pointer (&info->tables);

  return TRUE;
}

static gboolean
look_at_audit (const DynoBackupLook  *look,
               DynoStore             *store,
               DynoBackupHeader      *facts,
               GError               **error)
{
  g_autoptr(DynoAuditVerdict) verdict = NULL;

  dyno_store_verify_audit_async (store, look->audit_key, look->cancellable, dyno_await_cb,
                                 look->await);
  verdict = dyno_store_verify_audit_finish (store, dyno_await_wait (look->await), error);
  if (verdict == NULL)
    return FALSE;

  facts->audit_seq = verdict->last_seq;
  facts->audit_hash = g_strdup (verdict->head);

  return verdict->is_good || fail (error, "row %" G_GINT64_FORMAT " of its audit was changed or is "
                                   "missing", verdict->first_bad_seq);
}

GPtrArray *
dyno_backup_list_names (const DynoBackupLook  *look,
                        DynoStore             *store,
                        GError               **error)
{
  g_autoptr(GPtrArray) files = NULL;
  GPtrArray *names;

  dyno_store_list_run_files_async (store, NULL, NULL, look->cancellable, dyno_await_cb,
                                   look->await);
  files = dyno_store_list_run_files_finish (store, dyno_await_wait (look->await), error);
  if (files == NULL)
    return NULL;

  names = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < files->len; i++)
    {
      const DynoRunFile *file = g_ptr_array_index (files, i);

      if (file->removed_ms == 0 && dyno_backup_is_member (file->path)
          && !g_ptr_array_find_with_equal_func (names, file->path, g_str_equal, NULL))
        g_ptr_array_add (names, g_strdup (file->path));
    }

  return names;
}

static gboolean
look_at_store (const DynoBackupLook  *look,
               DynoStore             *store,
               DynoBackupHeader      *facts,
               GPtrArray            **names,
               GError               **error)
{
  if (!look_at_pages (look, store, error) || !look_at_tables (look, store, facts, error)
      || !look_at_audit (look, store, facts, error))
    return FALSE;
  if (names == NULL)
    return TRUE;

  *names = dyno_backup_list_names (look, store, error);

  return *names != NULL;
}

gboolean
dyno_backup_look_at (const DynoBackupLook  *look,
                     const char            *folder,
                     DynoStoreFlags         flags,
                     DynoBackupHeader      *facts,
                     GPtrArray            **names,
                     GError               **error)
{
  DynoStore *store;
  gboolean is_good;

  dyno_store_open_async (folder, flags, look->clock, look->cancellable, dyno_await_cb, look->await);
  store = dyno_store_open_finish (dyno_await_wait (look->await), error);
  if (store == NULL)
    return FALSE;

  is_good = look_at_store (look, store, facts, names, error);
  dyno_store_close_async (store, NULL, dyno_await_cb, look->await);
  dyno_store_close_finish (store, dyno_await_wait (look->await), NULL);
  dyno_store_free (store);

  return is_good;
}

/* −1: there is no such table. */
static gint64
count_of (GPtrArray  *counts,
          const char *name)
{
  for (guint i = 0; i < counts->len; i++)
    {
      const DynoTableCount *count = g_ptr_array_index (counts, i);

      if (g_str_equal (count->name, name))
        return count->n_rows;
    }

  return -1;
}

/* What the steps of a migration add is not in the header, and each leaves a row. */
static gboolean
compare (const DynoBackupHeader  *header,
         const DynoBackupHeader  *found,
         GError                 **error)
{
  gboolean is_older = header->schema < found->schema;

  if (header->schema > found->schema || (!is_older && header->counts->len != found->counts->len))
    return fail (error, "it has other tables than it says");
  for (guint i = 0; i < header->counts->len; i++)
    {
      const DynoTableCount *count = g_ptr_array_index (header->counts, i);

      if (is_older && g_str_equal (count->name, "schema_migrations"))
        continue;
      if (count_of (found->counts, count->name) != count->n_rows)
        return fail (error, "the table %s has not the rows that it should", count->name);
    }
  if (header->audit_seq != found->audit_seq
      || g_strcmp0 (header->audit_hash, found->audit_hash) != 0)
    return fail (error, "its audit ends elsewhere than it says");

  return TRUE;
}

GPtrArray *
dyno_backup_prove (const DynoBackupLook  *look,
                   DynoBackupSource      *source,
                   const char            *folder,
                   gboolean               is_drill,
                   GError               **error)
{
  const DynoBackupHeader *header = dyno_backup_source_header (source);
  g_autoptr(GPtrArray) names = dyno_backup_unpack (source, folder, look->cancellable, error);
  g_auto(DynoBackupHeader) found = { 0 };
  g_autoptr(GError) cause = NULL;
  gboolean is_read;

  if (names == NULL)
    return NULL;
  is_read = dyno_backup_look_at (look, folder,
                                 is_drill ? DYNO_STORE_DEFAULT : DYNO_STORE_READONLY, &found, NULL,
                                 &cause);
  /* One of an older program is brought up to date first, as a restore does. */
  if (!is_read && !is_drill && g_strcmp0 (dyno_error_get_reason (cause), "schema_older") == 0)
    {
      g_clear_error (&cause);
      is_read = dyno_backup_look_at (look, folder, DYNO_STORE_DEFAULT, &found, NULL, &cause);
    }
  if (!is_read)
    {
      g_propagate_error (error, g_steal_pointer (&cause));
      return NULL;
    }

  return compare (header, &found, error) ? g_steal_pointer (&names) : NULL;
}

gboolean
dyno_backup_prove_file (const DynoErrand  *errand,
                        const char        *path,
                        gboolean           is_drill,
                        GError           **error)
{
  DynoShop *shop = errand->shop;
  g_autoptr(GBytes) backup_key = dyno_vault_ref_key (shop, DYNO_VAULT_BACKUP, error);
  g_autoptr(GBytes) audit_key = backup_key != NULL ? dyno_vault_ref_key (shop, DYNO_VAULT_AUDIT,
                                                                         error) : NULL;
  DynoBackupLook look = { errand->await, errand->cancellable, shop->clock, audit_key };
  g_autoptr(DynoBackupSource) source = audit_key != NULL ? dyno_backup_source_new (path, error)
                                                         : NULL;
  g_autoptr(DynoScratch) scratch = NULL;
  g_autoptr(GPtrArray) names = NULL;

  if (source == NULL || !dyno_backup_source_unlock (source, backup_key, error))
    return FALSE;
  scratch = dyno_scratch_new (shop->folders->data, error);
  if (scratch == NULL)
    return FALSE;
  names = dyno_backup_prove (&look, source, scratch, is_drill, error);

  return names != NULL;
}
