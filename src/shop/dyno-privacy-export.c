/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* A copy for the person; part of dyno-privacy.h. */

#include "config.h"

#include "dyno-privacy.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "dyno-crypt.h"
#include "dyno-error.h"
#include "dyno-shop-private.h"

#define DAY_MS (24 * 3600 * G_GINT64_CONSTANT (1000))

typedef struct
{
  DynoSubjectKind kind;
  char           *id;
} Order;

static void
order_free (gpointer data)
{
  Order *order = data;

  g_free (order->id);
  g_free (order);
}

/* The zip */

static void
add_table (DynoJsonWriter         *w,
           const DynoSubjectTable *table)
{
  g_autofree char *file = g_strconcat (table->name, ".ndjson", NULL);
  g_autofree char *sum = NULL;
  gsize size;
  gconstpointer data = g_bytes_get_data (table->lines, &size);

  sum = dyno_crypt_sha256_hex (data, size);
  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "file", file);
  dyno_json_writer_add_integer (w, "rows", table->n_rows);
  dyno_json_writer_add_integer (w, "bytes", (gint64) size);
  dyno_json_writer_add_string (w, "sha256", sum);
  dyno_json_writer_end_object (w);
}

static GBytes *
make_manifest (const Order *order,
               GPtrArray   *tables,
               gint64       now_us)
{
  DynoJsonWriter *w = dyno_json_writer_new (TRUE);
  g_autofree char *at = dyno_clock_format_utc (now_us);
  char *text;

  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_integer (w, "version", 1);
  dyno_json_writer_add_string (w, "created_at", at);
  dyno_json_writer_add_string (w, "subject_kind", dyno_subject_kind_name (order->kind));
  dyno_json_writer_add_string (w, "subject_id", order->id);
  dyno_json_writer_name (w, "tables");
  dyno_json_writer_begin_array (w);
  for (guint i = 0; i < tables->len; i++)
    add_table (w, g_ptr_array_index (tables, i));
  dyno_json_writer_end_array (w);
  dyno_json_writer_end_object (w);
  text = dyno_json_writer_finish (w);

  return g_bytes_new_take (text, strlen (text));
}

static gboolean
put_entry (struct archive *out,
           const char     *name,
           GBytes         *content,
           gint64          now_us)
{
  struct archive_entry *entry = archive_entry_new ();
  gsize size;
  gconstpointer data = g_bytes_get_data (content, &size);
  gboolean is_put;

  archive_entry_set_pathname (entry, name);
  archive_entry_set_filetype (entry, AE_IFREG);
  archive_entry_set_perm (entry, 0600);
  archive_entry_set_size (entry, (la_int64_t) size);
  archive_entry_set_mtime (entry, (time_t) (now_us / G_USEC_PER_SEC), 0);
  is_put = archive_write_header (out, entry) == ARCHIVE_OK
           && (size == 0 || archive_write_data (out, data, size) == (la_ssize_t) size);
  archive_entry_free (entry);

  return is_put;
}

static gboolean
put_entries (struct archive *out,
             GPtrArray      *tables,
             GBytes         *manifest,
             gint64          now_us)
{
  for (guint i = 0; i < tables->len; i++)
    {
      const DynoSubjectTable *table = g_ptr_array_index (tables, i);
      g_autofree char *name = g_strconcat (table->name, ".ndjson", NULL);

      if (!put_entry (out, name, table->lines, now_us))
        return FALSE;
    }

  return put_entry (out, "manifest.json", manifest, now_us);
}

static gboolean
write_zip (int         fd,
           GPtrArray  *tables,
           GBytes     *manifest,
           gint64      now_us,
           GError    **error)
{
  struct archive *out = archive_write_new ();
  gboolean is_written;

  archive_write_set_format_zip (out);
  is_written = archive_write_open_fd (out, fd) == ARCHIVE_OK
               && put_entries (out, tables, manifest, now_us)
               && archive_write_close (out) == ARCHIVE_OK;
  if (!is_written)
    dyno_error_set (error, DYNO_ERROR_UNAVAILABLE,
                    archive_errno (out) == ENOSPC ? "disk_full" : "io",
                    "The export cannot be written: %s.", archive_error_string (out));
  archive_write_free (out);

  return is_written;
}

/* A new file that only we may read; a name that nobody guesses. (transfer full) */
static char *
make_file (DynoShop  *shop,
           int       *fd,
           GError   **error)
{
  g_autofree char *folder = g_build_filename (shop->folders->data, "exports", NULL);
  g_autofree char *id = dyno_crypt_new_id ("zip");
  g_autofree char *name = g_strconcat (id, ".zip", NULL);
  g_autofree char *path = g_build_filename (folder, name, NULL);

  if (g_mkdir_with_parents (folder, 0700) == 0)
    *fd = open (path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (*fd >= 0)
    return g_steal_pointer (&path);
  dyno_error_set (error, DYNO_ERROR_UNAVAILABLE, errno == ENOSPC ? "disk_full" : "io",
                  "The export cannot be written: %s.", g_strerror (errno));

  return NULL;
}

static char *
write_file (const DynoErrand  *errand,
            const Order       *order,
            GPtrArray         *tables,
            GError           **error)
{
  gint64 now_us = dyno_clock_real_us (errand->shop->clock);
  g_autoptr(GBytes) manifest = make_manifest (order, tables, now_us);
  int fd = -1;
  g_autofree char *path = make_file (errand->shop, &fd, error);
  gboolean is_written;

  if (path == NULL)
    return NULL;
  is_written = write_zip (fd, tables, manifest, now_us, error);
  close (fd);
  if (is_written)
    return g_steal_pointer (&path);
  g_unlink (path);

  return NULL;
}

/* The operations */

static DynoExportRecord *
keep_row (const DynoErrand  *errand,
          const Order       *order,
          const char        *path,
          GError           **error)
{
  DynoShop *shop = errand->shop;
  DynoExportRecord *record;
  g_autofree char *content = NULL;
  gsize size;

  if (!g_file_get_contents (path, &content, &size, error))
    return NULL;
  record = g_new0 (DynoExportRecord, 1);
  record->kind = order->kind;
  record->subject_id = g_strdup (order->id);
  record->job_id = errand->job != NULL ? g_strdup (dyno_job_id (errand->job)) : NULL;
  record->path = g_strdup (path);
  record->bytes = (gint64) size;
  record->sha256 = dyno_crypt_sha256_hex (content, size);
  record->requested_by = g_strdup (errand->asker->principal->user_id);
  record->expires_ms = dyno_config_get_integer (shop->config, "privacy.export_days") * DAY_MS;
  dyno_audit_carry (errand, DYNO_AUDIT_DATA_EXPORTED, dyno_subject_kind_name (order->kind),
                    order->id, NULL);
  dyno_store_add_export_async (shop->store, record, NULL, dyno_await_cb, errand->await);

  return dyno_store_add_export_finish (shop->store, dyno_await_wait (errand->await), error);
}

static gpointer
export (const DynoErrand *errand,
        gpointer          data,
        GError          **error)
{
  const Order *order = data;
  DynoStore *store = errand->shop->store;
  g_autoptr(GPtrArray) tables = NULL;
  g_autofree char *path = NULL;
  DynoExportRecord *record;

  dyno_store_read_subject_async (store, order->kind, order->id, errand->cancellable, dyno_await_cb,
                                 errand->await);
  tables = dyno_store_read_subject_finish (store, dyno_await_wait (errand->await), error);
  if (tables == NULL)
    return NULL;
  path = write_file (errand, order, tables, error);
  if (path == NULL)
    return NULL;
  record = keep_row (errand, order, path, error);
  if (record == NULL)
    g_unlink (path);
  else if (errand->job != NULL)
    dyno_job_set_subject (errand->job, record->id);

  return record;
}

static const DynoOperation export_operation = { "privacy-export", export,
                                                (GDestroyNotify) dyno_export_record_free, TRUE,
                                                FALSE };

void
dyno_privacy_export_async (DynoShop            *shop,
                           DynoSubjectKind      kind,
                           const char          *subject_id,
                           char               **job_id,
                           GCancellable        *cancellable,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  DynoJobOffer offer = { "privacy-export", "Personal data", "tables", NULL, job_id };
  Order *order = g_new0 (Order, 1);

  order->kind = kind;
  order->id = g_strdup (subject_id);
  dyno_operation_start_job (shop, &export_operation, &offer, order, order_free, cancellable,
                            callback, user_data);
}

DynoExportRecord *
dyno_privacy_export_finish (GAsyncResult  *result,
                            GError       **error)
{
  return dyno_operation_finish (result, &export_operation, error);
}

static gpointer
get_export (const DynoErrand *errand,
            gpointer          id,
            GError          **error)
{
  DynoStore *store = errand->shop->store;
  g_autoptr(DynoExportRecord) record = NULL;

  dyno_store_get_export_async (store, id, NULL, dyno_await_cb, errand->await);
  record = dyno_store_get_export_finish (store, dyno_await_wait (errand->await), error);
  if (record == NULL || g_str_equal (record->requested_by, errand->asker->principal->user_id))
    return g_steal_pointer (&record);

  dyno_error_set (error, DYNO_ERROR_NOT_FOUND, NULL,
                  "There is no such export, or its time is over.");

  return NULL;
}

static const DynoOperation get_operation = { "privacy-get-export", get_export,
                                             (GDestroyNotify) dyno_export_record_free, TRUE,
                                             FALSE };

void
dyno_privacy_get_export_async (DynoShop            *shop,
                               const char          *export_id,
                               GCancellable        *cancellable,
                               GAsyncReadyCallback  callback,
                               gpointer             user_data)
{
  dyno_operation_start (shop, &get_operation, g_strdup (export_id), g_free, cancellable, callback,
                        user_data);
}

DynoExportRecord *
dyno_privacy_get_export_finish (GAsyncResult  *result,
                                GError       **error)
{
  return dyno_operation_finish (result, &get_operation, error);
}
