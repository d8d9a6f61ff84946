/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* Reading a backup file; part of dyno-backup-file.h. Nothing in it is believed before it
 * was opened. */

#include "config.h"

#include "dyno-backup-file-private.h"

#include <string.h>

#include "dyno-error.h"

struct _DynoBackupSource
{
  char            *path;
  GInputStream    *stream; /* (owned) */
  DynoBackupFront  front;
  GBytes          *label;  /* (owned) */
  GBytes          *key;    /* (owned) (nullable) of this file, once it is known */
  GBytes          *ahead;  /* (owned) (nullable) the sealed chunk that comes next */
  guint32          number;
  gboolean         is_over;
};

static gboolean
fail (DynoBackupSource  *self,
      const char        *what,
      GError           **error)
{
  dyno_error_set (error, DYNO_ERROR_CORRUPT, "backup", "%s %s. Take another backup.", self->path, what);

  return FALSE;
}

static gboolean
read_exactly (DynoBackupSource  *self,
              gpointer           data,
              gsize              size,
              GError           **error)
{
  gsize n = 0;

  if (g_input_stream_read_all (self->stream, data, size, &n, NULL, NULL) && n == size)
    return TRUE;

  return fail (self, "is no backup, or is cut short", error);
}

static gboolean
read_front (DynoBackupSource  *self,
            GError           **error)
{
  char magic[DYNO_BACKUP_MAGIC_SIZE];
  g_autofree char *text = NULL;
  guint32 length;

  if (!read_exactly (self, magic, sizeof magic, error)
      || !read_exactly (self, &length, sizeof length, error))
    return FALSE;
  length = GUINT32_FROM_LE (length);
  if (memcmp (magic, DYNO_BACKUP_MAGIC, sizeof magic) != 0 || length > DYNO_BACKUP_MOST_HEADER)
    return fail (self, "is no backup", error);

  text = g_malloc (length);
  if (!read_exactly (self, text, length, error))
    return FALSE;
  self->label = dyno_backup_label (text, length);

  return dyno_backup_front_parse (&self->front, text, length)
         || fail (self, "is a backup of a form that this program does not know", error);
}

DynoBackupSource *
dyno_backup_source_new (const char  *path,
                        GError     **error)
{
  g_autoptr(DynoBackupSource) self = g_new0 (DynoBackupSource, 1);
  g_autoptr(GFile) file = g_file_new_for_path (path);
  g_autoptr(GError) cause = NULL;

  self->path = g_strdup (path);
  self->stream = G_INPUT_STREAM (g_file_read (file, NULL, &cause));
  if (self->stream == NULL)
    {
      dyno_error_set (error, g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_NOT_FOUND)
                               ? DYNO_ERROR_NOT_FOUND : DYNO_ERROR_UNAVAILABLE,
                      "backup", "%s cannot be read: %s.", path, cause->message);
      return NULL;
    }

  return read_front (self, error) ? g_steal_pointer (&self) : NULL;
}

const DynoBackupHeader *
dyno_backup_source_header (DynoBackupSource *self)
{
  return &self->front.header;
}

gboolean
dyno_backup_source_unlock (DynoBackupSource  *self,
                           GBytes            *backup_key,
                           GError           **error)
{
  self->key = dyno_backup_unwrap (&self->front.by_master, backup_key);
  if (self->key != NULL)
    return TRUE;

  dyno_error_set (error, DYNO_ERROR_DENIED, "backup_key",
                  "%s was made with another master key than the one in this keyring. Give its "
                  "recovery code.", self->path);

  return FALSE;
}

gboolean
dyno_backup_source_unlock_by_code (DynoBackupSource  *self,
                                   GBytes            *recovery_key,
                                   GBytes           **master,
                                   GError           **error)
{
  self->key = dyno_backup_unwrap (&self->front.by_recovery, recovery_key);
  *master = self->key != NULL ? dyno_backup_unwrap (&self->front.master, recovery_key) : NULL;
  if (self->key != NULL)
    return TRUE;

  dyno_error_set (error, DYNO_ERROR_DENIED, "recovery_code", "%s is not opened by this recovery code.",
                  self->path);

  return FALSE;
}

/* The sealed chunk after the one in hand; an empty one at the end of the file. */
static GBytes *
read_sealed (DynoBackupSource  *self,
             GError           **error)
{
  const gsize most = DYNO_BACKUP_CHUNK + DYNO_SEAL_TAG_SIZE;
  g_autofree guint8 *data = g_malloc (most);
  gsize n = 0;

  if (!g_input_stream_read_all (self->stream, data, most, &n, NULL, NULL))
    {
      fail (self, "cannot be read to its end", error);
      return NULL;
    }

  return g_bytes_new_take (g_steal_pointer (&data), n);
}

static GBytes *
open_chunk (DynoBackupSource  *self,
            GBytes            *sealed,
            gboolean           is_last,
            GError           **error)
{
  guint8 nonce[DYNO_SEAL_NONCE_SIZE];
  GBytes *text;

  dyno_backup_nonce (self->front.prefix, self->number++, is_last, nonce);
  text = g_bytes_get_size (sealed) >= DYNO_SEAL_TAG_SIZE
           ? dyno_crypt_open (self->key, nonce, self->label, sealed) : NULL;
  if (text == NULL)
    fail (self, "was changed or is cut short", error);

  return text;
}

GBytes *
dyno_backup_source_read (DynoBackupSource  *self,
                         GError           **error)
{
  g_autoptr(GBytes) sealed = NULL;

  g_return_val_if_fail (self->key != NULL, NULL);

  if (self->is_over)
    return g_bytes_new_static ("", 0);
  sealed = self->ahead != NULL ? g_steal_pointer (&self->ahead) : read_sealed (self, error);
  self->ahead = sealed != NULL ? read_sealed (self, error) : NULL;
  if (self->ahead == NULL)
    return NULL;
  self->is_over = g_bytes_get_size (self->ahead) == 0;

  return open_chunk (self, sealed, self->is_over, error);
}

void
dyno_backup_source_free (DynoBackupSource *self)
{
  g_clear_object (&self->stream);
  dyno_backup_front_clear (&self->front);
  g_clear_pointer (&self->label, g_bytes_unref);
  g_clear_pointer (&self->key, g_bytes_unref);
  g_clear_pointer (&self->ahead, g_bytes_unref);
  g_free (self->path);
  g_free (self);
}
