/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* From members to the bytes of the file; part of dyno-archive.h. */

#include "config.h"

#include "dyno-archive-private.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <string.h>

#include "dyno-crypt.h"
#include "dyno-error.h"

#define TAR_BLOCK 512

/* The last second that an ustar can name, in the year 2242. */
#define LATEST_S G_GINT64_CONSTANT (077777777777)

/* Well inside what a reader takes, headers and the ends of the tar included. */
#define USUAL_RATIO (DYNO_ARCHIVE_MOST_RATIO / 2)

static la_ssize_t
append_cb (struct archive *archive,
           void           *data,
           const void     *buffer,
           size_t          size)
{
  GByteArray *out = data;

  if (size > G_MAXUINT - out->len)
    {
      archive_set_error (archive, EFBIG, "it is larger than 4 GiB");
      return -1;
    }
  g_byte_array_append (out, buffer, (guint) size);

  return (la_ssize_t) size;
}

static gboolean
write_member (struct archive *out,
              const char     *name,
              GBytes         *bytes,
              gint64          time_s)
{
  struct archive_entry *entry = archive_entry_new ();
  gsize size;
  const void *data = g_bytes_get_data (bytes, &size);
  gboolean is_written;

  archive_entry_set_pathname (entry, name);
  archive_entry_set_filetype (entry, AE_IFREG);
  archive_entry_set_perm (entry, 0644);
  archive_entry_set_size (entry, (la_int64_t) size);
  archive_entry_set_mtime (entry, time_s, 0);
  archive_entry_set_uid (entry, 0);
  archive_entry_set_gid (entry, 0);
  is_written = archive_write_header (out, entry) == ARCHIVE_OK
               && (size == 0 || archive_write_data (out, data, size) == (la_ssize_t) size);
  archive_entry_free (entry);

  return is_written;
}

static gboolean
write_members (struct archive    *out,
               const DynoArchive *self,
               gint64             time_s)
{
  g_autofree char *manifest = dyno_archive_manifest_text (self);
  g_autofree char *sum = dyno_crypt_sha256_hex (manifest, strlen (manifest));
  g_autofree char *line = g_strconcat (sum, "\n", NULL);
  g_autoptr(GBytes) first = g_bytes_new_static (manifest, strlen (manifest));
  g_autoptr(GBytes) last = g_bytes_new_static (line, strlen (line));

  if (!write_member (out, DYNO_ARCHIVE_MANIFEST, first, time_s))
    return FALSE;
  for (guint i = 0; i < self->members->len; i++)
    {
      const DynoArchiveMember *member = g_ptr_array_index (self->members, i);

      if (!write_member (out, member->name, member->bytes, time_s))
        return FALSE;
    }

  return write_member (out, DYNO_ARCHIVE_SUM, last, time_s);
}

/* `level` of gzip, 0…9 as text. */
static GByteArray *
pack (const DynoArchive  *self,
      const char         *level,
      GError            **error)
{
  g_autoptr(GByteArray) bytes = g_byte_array_new ();
  struct archive *out = archive_write_new ();
  gboolean is_written;

  archive_write_set_format_ustar (out);
  archive_write_add_filter_gzip (out);
  archive_write_set_filter_option (out, "gzip", "timestamp", NULL);
  archive_write_set_filter_option (out, "gzip", "compression-level", level);
  archive_write_set_bytes_in_last_block (out, 1);
  is_written = archive_write_open (out, bytes, NULL, append_cb, NULL) == ARCHIVE_OK
               && write_members (out, self, CLAMP (self->created_ms / 1000, 0, LATEST_S))
               && archive_write_close (out) == ARCHIVE_OK;
  if (!is_written)
    dyno_error_set (error, DYNO_ERROR_TOO_LARGE, "archive_too_large",
                    "The run cannot be put into one archive: %s.", archive_error_string (out));
  archive_write_free (out);

  return is_written ? g_steal_pointer (&bytes) : NULL;
}

static guint64
unpacked_size (const DynoArchive *self)
{
  guint64 total = 0;

  for (guint i = 0; i < self->members->len; i++)
    total += TAR_BLOCK
             + g_bytes_get_size (((DynoArchiveMember *) self->members->pdata[i])->bytes);

  return total;
}

GBytes *
dyno_archive_write (const DynoArchive  *self,
                    GError            **error)
{
  GByteArray *packed;

  if (unpacked_size (self) + (1 << 20) > DYNO_ARCHIVE_MOST_BYTES
      || self->members->len + 2 > DYNO_ARCHIVE_MOST_MEMBERS)
    {
      dyno_error_set (error, DYNO_ERROR_TOO_LARGE, "archive_too_large",
                      "The run has more than one archive can hold (4 GiB, 256 parts). Export it "
                      "as CSV, or copy its files from the data folder.");
      return NULL;
    }

  /* What packs too well would be refused as a bomb: then it is not packed at all. */
  packed = pack (self, "6", error);
  if (packed != NULL && unpacked_size (self) / USUAL_RATIO > packed->len)
    {
      g_byte_array_unref (packed);
      packed = pack (self, "0", error);
    }

  return packed != NULL ? g_byte_array_free_to_bytes (packed) : NULL;
}
