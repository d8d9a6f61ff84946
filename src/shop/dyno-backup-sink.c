/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* Writing a backup file; part of dyno-backup-file.h. */

#include "config.h"

#include "dyno-backup-file-private.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "dyno-crypt.h"
#include "dyno-error.h"

struct _DynoBackupSink
{
  char    *path;
  char    *beside;   /* (owned) where it grows */
  int      fd;
  GBytes  *key;      /* (owned) of this file */
  GBytes  *label;    /* (owned) */
  guint8   prefix[DYNO_BACKUP_PREFIX_SIZE];
  guint32  number;   /* of the next chunk */
  guint8  *chunk;    /* (owned) what is not sealed yet */
  gsize    filled;
};

static gboolean
fail (const char  *what,
      int          code,
      GError     **error)
{
  dyno_error_set (error, DYNO_ERROR_UNAVAILABLE, code == ENOSPC ? "disk_full" : "io",
                  "The backup %s could not be written: %s.", what, g_strerror (code));

  return FALSE;
}

static gboolean
write_all (DynoBackupSink  *self,
           gconstpointer    data,
           gsize            size,
           GError         **error)
{
  const char *at = data;

  while (size > 0)
    {
      gssize n = write (self->fd, at, size);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        return fail (self->path, errno, error);
      at += n;
      size -= (gsize) n;
    }

  return TRUE;
}

static gboolean
write_front (DynoBackupSink         *self,
             const DynoBackupHeader *header,
             const DynoBackupKeys   *keys,
             GError                **error)
{
  g_auto(DynoBackupFront) front = { 0 };
  g_autofree char *text = NULL;
  guint32 length;

  memcpy (front.prefix, self->prefix, sizeof front.prefix);
  dyno_backup_wrap (&front.by_master, keys->backup, self->key);
  if (keys->recovery != NULL)
    dyno_backup_wrap (&front.by_recovery, keys->recovery, self->key);
  if (keys->recovery != NULL && keys->master != NULL)
    dyno_backup_wrap (&front.master, keys->recovery, keys->master);

  front.header = *header;
  text = dyno_backup_front_text (&front);
  front.header = (DynoBackupHeader) { 0 };
  self->label = dyno_backup_label (text, strlen (text));
  length = GUINT32_TO_LE ((guint32) strlen (text));

  return write_all (self, DYNO_BACKUP_MAGIC, DYNO_BACKUP_MAGIC_SIZE, error)
         && write_all (self, &length, sizeof length, error)
         && write_all (self, text, strlen (text), error);
}

static GBytes *
new_key (void)
{
  guint8 raw[DYNO_SEAL_KEY_SIZE];
  GBytes *key;

  dyno_crypt_random (raw, sizeof raw);
  key = dyno_crypt_secret_new (raw, sizeof raw);
  dyno_crypt_wipe (raw, sizeof raw);

  return key;
}

DynoBackupSink *
dyno_backup_sink_new (const char              *path,
                      const DynoBackupHeader  *header,
                      const DynoBackupKeys    *keys,
                      GError                 **error)
{
  g_autoptr(DynoBackupSink) self = g_new0 (DynoBackupSink, 1);

  self->path = g_strdup (path);
  self->beside = g_strconcat (path, ".part", NULL);
  self->fd = open (self->beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (self->fd < 0)
    {
      fail (path, errno, error);
      return NULL;
    }
  self->key = new_key ();
  self->chunk = g_malloc (DYNO_BACKUP_CHUNK);
  dyno_crypt_random (self->prefix, sizeof self->prefix);

  return write_front (self, header, keys, error) ? g_steal_pointer (&self) : NULL;
}

static gboolean
write_chunk (DynoBackupSink  *self,
             gboolean         is_last,
             GError         **error)
{
  g_autoptr(GBytes) text = g_bytes_new_static (self->chunk, self->filled);
  g_autoptr(GBytes) sealed = NULL;
  guint8 nonce[DYNO_SEAL_NONCE_SIZE];

  dyno_backup_nonce (self->prefix, self->number++, is_last, nonce);
  sealed = dyno_crypt_seal (self->key, nonce, self->label, text);
  self->filled = 0;

  return write_all (self, g_bytes_get_data (sealed, NULL), g_bytes_get_size (sealed), error);
}

/* A full chunk is written when more comes: only then it is known not to be the last. */
gboolean
dyno_backup_sink_write (DynoBackupSink  *self,
                        gconstpointer    data,
                        gsize            size,
                        GError         **error)
{
  const guint8 *at = data;

  while (size > 0)
    {
      gsize n = MIN (size, DYNO_BACKUP_CHUNK - self->filled);

      if (n == 0)
        {
          if (!write_chunk (self, FALSE, error))
            return FALSE;
          continue;
        }
      memcpy (self->chunk + self->filled, at, n);
      self->filled += n;
      at += n;
      size -= n;
    }

  return TRUE;
}

static gboolean
sync_folder (const char *path)
{
  g_autofree char *folder = g_path_get_dirname (path);
  int fd = open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  gboolean is_synced = fd >= 0 && fsync (fd) == 0;

  if (fd >= 0)
    close (fd);

  return is_synced;
}

gboolean
dyno_backup_sink_finish (DynoBackupSink  *self,
                         GError         **error)
{
  if (!write_chunk (self, TRUE, error))
    return FALSE;
  if (fsync (self->fd) != 0)
    return fail (self->path, errno, error);
  if (link (self->beside, self->path) != 0)
    {
      if (errno != EEXIST)
        return fail (self->path, errno, error);
      dyno_error_set (error, DYNO_ERROR_CONFLICT, "exists", "There is a file %s already.",
                      self->path);
      return FALSE;
    }

  return sync_folder (self->path) || fail (self->path, errno, error);
}

void
dyno_backup_sink_free (DynoBackupSink *self)
{
  if (self->fd >= 0)
    {
      close (self->fd);
      g_unlink (self->beside);
    }
  if (self->chunk != NULL)
    dyno_crypt_wipe (self->chunk, DYNO_BACKUP_CHUNK);
  g_free (self->chunk);
  g_clear_pointer (&self->key, g_bytes_unref);
  g_clear_pointer (&self->label, g_bytes_unref);
  g_free (self->beside);
  g_free (self->path);
  g_free (self);
}
