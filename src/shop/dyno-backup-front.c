/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* What a backup file says of itself, and the keys in it; part of dyno-backup-file.h. */

#include "config.h"

#include "dyno-backup-file-private.h"

#include <string.h>

#include "dyno-clock.h"
#include "dyno-crypt-text.h"
#include "dyno-crypt.h"
#include "dyno-error.h"
#include "dyno-json.h"
#include "dyno-store-care.h"

#define WRAP_LABEL "dynoai/backup-key/v1"
#define CODE_INFO  "dynoai/recovery/v1"

void
dyno_backup_header_clear (DynoBackupHeader *self)
{
  g_clear_pointer (&self->install, g_free);
  g_clear_pointer (&self->counts, g_ptr_array_unref);
  g_clear_pointer (&self->audit_hash, g_free);
}

void
dyno_backup_front_clear (DynoBackupFront *self)
{
  dyno_backup_header_clear (&self->header);
  g_clear_pointer (&self->by_master.sealed, g_bytes_unref);
  g_clear_pointer (&self->by_recovery.sealed, g_bytes_unref);
  g_clear_pointer (&self->master.sealed, g_bytes_unref);
}

GBytes *
dyno_backup_recovery_key (const char  *typed,
                          GError     **error)
{
  g_autofree char *code = dyno_crypt_normal_code (typed, DYNO_CODE_LONG);
  g_autoptr(GBytes) secret = NULL;

  if (code == NULL)
    {
      dyno_error_set (error, DYNO_ERROR_INVALID, "recovery_code",
                      "This is no recovery code: it has %d letters and digits.", DYNO_CODE_LONG);
      return NULL;
    }
  secret = dyno_crypt_secret_new (code, strlen (code));
  dyno_crypt_wipe (code, strlen (code));

  return dyno_crypt_hkdf (secret, CODE_INFO, DYNO_SEAL_KEY_SIZE);
}

/* Keys */

void
dyno_backup_wrap (DynoBackupWrap *self,
                  GBytes         *with,
                  GBytes         *key)
{
  g_autoptr(GBytes) label = g_bytes_new_static (WRAP_LABEL, strlen (WRAP_LABEL));

  dyno_crypt_random (self->nonce, sizeof self->nonce);
  self->sealed = dyno_crypt_seal (with, self->nonce, label, key);
}

GBytes *
dyno_backup_unwrap (const DynoBackupWrap *self,
                    GBytes               *with)
{
  g_autoptr(GBytes) label = g_bytes_new_static (WRAP_LABEL, strlen (WRAP_LABEL));

  return self->sealed != NULL ? dyno_crypt_open (with, self->nonce, label, self->sealed) : NULL;
}

GBytes *
dyno_backup_label (const char *header,
                   gsize       length)
{
  guint8 sum[DYNO_SHA256_SIZE];

  dyno_crypt_sha256 (header, length, sum);

  return g_bytes_new (sum, sizeof sum);
}

void
dyno_backup_nonce (const guint8 prefix[DYNO_BACKUP_PREFIX_SIZE],
                   guint32      number,
                   gboolean     is_last,
                   guint8       nonce[DYNO_SEAL_NONCE_SIZE])
{
  guint32 big_endian = GUINT32_TO_BE (number);

  memcpy (nonce, prefix, DYNO_BACKUP_PREFIX_SIZE);
  memcpy (nonce + DYNO_BACKUP_PREFIX_SIZE, &big_endian, sizeof big_endian);
  nonce[DYNO_SEAL_NONCE_SIZE - 1] = is_last ? 1 : 0;
}

/* Text */

static void
add_hex (DynoJsonWriter *w,
         const char     *name,
         gconstpointer   data,
         gsize           size)
{
  g_autofree char *hex = dyno_crypt_hex (data, size);

  dyno_json_writer_add_string (w, name, hex);
}

static void
add_wrap (DynoJsonWriter       *w,
          const char           *name,
          const DynoBackupWrap *wrap)
{
  gsize size;
  gconstpointer data;

  if (wrap->sealed == NULL)
    return;

  data = g_bytes_get_data (wrap->sealed, &size);
  dyno_json_writer_name (w, name);
  dyno_json_writer_begin_object (w);
  add_hex (w, "nonce", wrap->nonce, sizeof wrap->nonce);
  add_hex (w, "sealed", data, size);
  dyno_json_writer_end_object (w);
}

static void
add_counts (DynoJsonWriter *w,
            GPtrArray      *counts)
{
  dyno_json_writer_name (w, "counts");
  dyno_json_writer_begin_object (w);
  for (guint i = 0; counts != NULL && i < counts->len; i++)
    {
      const DynoTableCount *count = g_ptr_array_index (counts, i);

      dyno_json_writer_add_integer (w, count->name, count->n_rows);
    }
  dyno_json_writer_end_object (w);
}

char *
dyno_backup_front_text (const DynoBackupFront *self)
{
  DynoJsonWriter *w = dyno_json_writer_new (FALSE);
  const DynoBackupHeader *header = &self->header;
  g_autofree char *at = dyno_clock_format_utc (header->created_ms * 1000);

  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_integer (w, "version", 1);
  dyno_json_writer_add_string (w, "program", DYNO_VERSION);
  dyno_json_writer_add_string (w, "install", header->install);
  dyno_json_writer_add_string (w, "created_at", at);
  dyno_json_writer_add_integer (w, "created_ms", header->created_ms);
  dyno_json_writer_add_integer (w, "schema", header->schema);
  dyno_json_writer_add_integer (w, "audit_seq", header->audit_seq);
  dyno_json_writer_add_string (w, "audit_hash", header->audit_hash);
  add_counts (w, header->counts);
  add_hex (w, "nonce_prefix", self->prefix, sizeof self->prefix);
  add_wrap (w, "by_master", &self->by_master);
  add_wrap (w, "by_recovery", &self->by_recovery);
  add_wrap (w, "master", &self->master);
  dyno_json_writer_end_object (w);

  return dyno_json_writer_finish (w);
}

static gboolean
read_hex (const DynoJson *json,
          const char     *name,
          guint8         *data,
          gsize           size)
{
  const char *text = dyno_json_get_string (json, name);
  g_autoptr(GBytes) bytes = text != NULL ? dyno_crypt_from_hex (text, strlen (text)) : NULL;

  if (bytes == NULL || g_bytes_get_size (bytes) != size)
    return FALSE;
  memcpy (data, g_bytes_get_data (bytes, NULL), size);

  return TRUE;
}

/* What is not there is no mistake. */
static gboolean
read_wrap (const DynoJson *json,
           const char     *name,
           DynoBackupWrap *wrap)
{
  const DynoJson *member = dyno_json_member (json, name);
  const char *sealed = dyno_json_get_string (member, "sealed");

  if (member == NULL)
    return TRUE;
  if (sealed == NULL || !read_hex (member, "nonce", wrap->nonce, sizeof wrap->nonce))
    return FALSE;
  wrap->sealed = dyno_crypt_from_hex (sealed, strlen (sealed));

  return wrap->sealed != NULL;
}

static void
count_free (gpointer data)
{
  DynoTableCount *count = data;

  g_free (count->name);
  g_free (count);
}

static void
read_counts (DynoBackupHeader *header,
             const DynoJson   *counts)
{
  g_autoptr(GPtrArray) names = dyno_json_names (counts);

  header->counts = g_ptr_array_new_with_free_func (count_free);
  for (guint i = 0; i < names->len; i++)
    {
      DynoTableCount *count = g_new0 (DynoTableCount, 1);

      count->name = g_strdup (g_ptr_array_index (names, i));
      count->n_rows = dyno_json_get_integer (counts, count->name, -1);
      g_ptr_array_add (header->counts, count);
    }
}

gboolean
dyno_backup_front_parse (DynoBackupFront *self,
                         const char      *text,
                         gsize            length)
{
  g_autoptr(DynoJson) json = dyno_json_parse (text, (gssize) length, NULL);
  DynoBackupHeader *header = &self->header;

  if (dyno_json_get_integer (json, "version", 0) != 1)
    return FALSE;

  header->install = g_strdup (dyno_json_get_string (json, "install"));
  header->created_ms = dyno_json_get_integer (json, "created_ms", 0);
  header->schema = (int) dyno_json_get_integer (json, "schema", 0);
  header->audit_seq = dyno_json_get_integer (json, "audit_seq", 0);
  header->audit_hash = g_strdup (dyno_json_get_string (json, "audit_hash"));
  if (dyno_json_type (dyno_json_member (json, "counts")) != DYNO_JSON_OBJECT)
    return FALSE;
  read_counts (header, dyno_json_member (json, "counts"));

  return header->install != NULL && header->schema > 0
         && read_hex (json, "nonce_prefix", self->prefix, sizeof self->prefix)
         && read_wrap (json, "by_master", &self->by_master)
         && read_wrap (json, "by_recovery", &self->by_recovery)
         && read_wrap (json, "master", &self->master);
}
