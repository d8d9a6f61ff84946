/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-tune-file.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <unistd.h>

#include "dyno-crypt.h"
#include "dyno-error.h"

void
dyno_tune_file_free (DynoTuneFile *self)
{
  if (self == NULL)
    return;

  g_free (self->path);
  g_bytes_unref (self->bytes);
  g_free (self->sha256);
  dyno_pvv_free (self->pvv);
  g_ptr_array_unref (self->tables);
  g_array_unref (self->items);
  g_free (self);
}

const char *
dyno_tune_file_form (const DynoTuneFile *self)
{
  return self->pvv != NULL ? "pvv" : "csv";
}

static void
take_items (DynoTuneFile *self)
{
  for (guint i = 0; i < self->pvv->items->len; i++)
    {
      DynoPvvItem *item = g_ptr_array_index (self->pvv->items, i);

      if (item->kind != DYNO_PVV_TABLE)
        continue;
      g_ptr_array_add (self->tables, dyno_table_ref (item->table));
      g_array_append_val (self->items, i);
    }
}

static gboolean
take_csv (DynoTuneFile *self,
          GError      **error)
{
  g_autoptr(DynoAnalysisError) cause = NULL;
  DynoTable *table = dyno_table_parse (self->bytes, &cause);

  if (table != NULL)
    {
      guint item = 0;

      g_ptr_array_add (self->tables, table);
      g_array_append_val (self->items, item);
      return TRUE;
    }
  dyno_error_set (error, DYNO_ERROR_INVALID, "BAD_TABLE", "%s", cause->message);

  return FALSE;
}

DynoTuneFile *
dyno_tune_file_parse (GBytes  *bytes,
                      GError **error)
{
  g_autoptr(DynoTuneFile) self = g_new0 (DynoTuneFile, 1);
  gsize size;
  gconstpointer data = g_bytes_get_data (bytes, &size);

  self->bytes = g_bytes_ref (bytes);
  self->sha256 = dyno_crypt_sha256_hex (data, size);
  self->tables = g_ptr_array_new_with_free_func ((GDestroyNotify) dyno_table_unref);
  self->items = g_array_new (FALSE, FALSE, sizeof (guint));
  if (!dyno_pvv_is_pvv (bytes))
    return take_csv (self, error) ? g_steal_pointer (&self) : NULL;

  self->pvv = dyno_pvv_parse (bytes, error);
  if (self->pvv == NULL)
    return NULL;
  take_items (self);

  return g_steal_pointer (&self);
}

DynoTuneFile *
dyno_tune_file_read (const char   *path,
                     GCancellable *cancellable,
                     GError      **error)
{
  g_autoptr(GBytes) bytes = dyno_tune_read_bytes (path, cancellable, error);
  DynoTuneFile *self = bytes != NULL ? dyno_tune_file_parse (bytes, error) : NULL;

  if (self != NULL)
    self->path = g_strdup (path);

  return self;
}

int
dyno_tune_file_find_name (const DynoTuneFile *self,
                          const char         *name,
                          GError            **error)
{
  int found = -1;

  for (guint i = 0; i < self->tables->len; i++)
    {
      const DynoTable *table = g_ptr_array_index (self->tables, i);

      if (!g_str_equal (table->name, name))
        continue;
      if (found >= 0)
        {
          dyno_error_set (error, DYNO_ERROR_INVALID, "pvv_ambiguous",
                          "The tune has several tables “%s”.", name);
          return -1;
        }
      found = (int) i;
    }
  if (found < 0)
    dyno_error_set (error, DYNO_ERROR_NOT_FOUND, "pvv_item", "The tune has no table “%s”.", name);

  return found;
}

int
dyno_tune_file_find_kind (const DynoTuneFile *self,
                          DynoTableKind       kind,
                          DynoTableSide       side)
{
  for (guint i = 0; i < self->tables->len; i++)
    {
      const DynoTable *table = g_ptr_array_index (self->tables, i);

      if (table->kind == kind && table->side == side)
        return (int) i;
    }

  return -1;
}

GBytes *
dyno_tune_file_replace (const DynoTuneFile *self,
                        GBytes *const      *tables)
{
  g_autofree GBytes **items = NULL;

  if (self->pvv == NULL)
    return g_bytes_ref (tables[0] != NULL ? tables[0] : self->bytes);

  items = g_new0 (GBytes *, self->pvv->items->len);
  for (guint i = 0; i < self->tables->len; i++)
    items[g_array_index (self->items, guint, i)] = tables[i];

  return dyno_pvv_replace (self->pvv, items);
}

/* A byte more than a tune may have, so that it shows. Plain calls: the file layer of
 * GIO looks for its modules first, which takes longer than all of this. 0 or errno. */
static int
read_most (const char *path,
           char       *data,
           gsize      *size)
{
  int fd = g_open (path, O_RDONLY | O_CLOEXEC, 0);
  gssize n = fd >= 0 ? 1 : -1;
  int number;

  while (n > 0 && *size <= DYNO_PVV_MAX_BYTES)
    {
      n = read (fd, data + *size, DYNO_PVV_MAX_BYTES + 1 - *size);
      if (n < 0 && errno == EINTR)
        n = 1;
      else if (n > 0)
        *size += (gsize) n;
    }
  number = n < 0 ? errno : 0;
  if (fd >= 0)
    close (fd);

  return number;
}

GBytes *
dyno_tune_read_bytes (const char   *path,
                      GCancellable *cancellable,
                      GError      **error)
{
  g_autofree char *data = NULL;
  gsize size = 0;
  int number;

  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;
  data = g_malloc (DYNO_PVV_MAX_BYTES + 1);
  number = read_most (path, data, &size);
  if (number == ENOENT || number == ENOTDIR)
    dyno_error_set (error, DYNO_ERROR_NOT_FOUND, "io", "There is no file %s.", path);
  else if (number != 0)
    dyno_error_set (error, DYNO_ERROR_INVALID, "io", "%s cannot be read: %s", path,
                    g_strerror (number));
  else if (size > DYNO_PVV_MAX_BYTES)
    dyno_error_set (error, DYNO_ERROR_TOO_LARGE, "pvv_too_large",
                    "%s has more than 16 MiB: that is no tune.", path);
  else
    return g_bytes_new (data, size);

  return NULL;
}

gboolean
dyno_tune_write_bytes (const char *path,
                       GBytes     *bytes,
                       GError    **error)
{
  g_autoptr(GError) failure = NULL;
  gsize size;
  const char *data = g_bytes_get_data (bytes, &size);

  if (g_file_set_contents_full (path, data != NULL ? data : "", (gssize) size,
                                G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0644,
                                &failure))
    return TRUE;

  dyno_error_set (error, DYNO_ERROR_UNAVAILABLE, "io", "%s cannot be written: %s", path,
                  failure->message);

  return FALSE;
}
