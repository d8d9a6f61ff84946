/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* From the bytes of a file to the members of its tar; part of dyno-archive.h. The file
 * comes from anywhere: nothing in it is believed. */

#include "config.h"

#include "dyno-archive-private.h"

#include <archive.h>
#include <archive_entry.h>
#include <gio/gio.h>
#include <string.h>

#include "dyno-crypt.h"

#define BLOCK (1 << 16)
#define TAR_BLOCK 512
#define USTAR_MAGIC_AT 257

/* gzip */

typedef enum
{
  STREAM_WHOLE,
  STREAM_SHORT,   /* the input ends before the stream */
  STREAM_DAMAGED, /* no deflate, wrong sum, bytes behind the end */
  STREAM_BOMB,    /* more comes out than may */
} Stream;

/* `out` gets what comes out. */
static Stream
inflate (const guint8 *data,
         gsize         size,
         guint64       most,
         GByteArray   *out)
{
  g_autoptr(GZlibDecompressor) zlib = g_zlib_decompressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP);
  g_autofree guint8 *block = g_malloc (BLOCK);
  guint64 total = 0;
  gsize at = 0;

  while (TRUE)
    {
      g_autoptr(GError) error = NULL;
      gsize read = 0;
      gsize written = 0;
      GConverterResult result
        = g_converter_convert (G_CONVERTER (zlib), data + at, size - at, block, BLOCK,
                               G_CONVERTER_INPUT_AT_END, &read, &written, &error);

      if (result == G_CONVERTER_ERROR)
        return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT) ? STREAM_SHORT
                                                                             : STREAM_DAMAGED;
      at += read;
      total += written;
      if (total > most)
        return STREAM_BOMB;
      g_byte_array_append (out, block, (guint) written);
      if (result == G_CONVERTER_FINISHED)
        return at == size ? STREAM_WHOLE : STREAM_DAMAGED;
    }
}

static gboolean
fail_stream (Stream    stream,
             GError  **error)
{
  if (stream == STREAM_SHORT)
    return dyno_archive_fail (error, "archive_incomplete",
                              "This archive is cut short. Ask for the file once more.");
  if (stream == STREAM_BOMB)
    return dyno_archive_fail (error, "archive_unsafe",
                              "This archive would become far larger than a run is. It was not "
                              "written by DynoAI; do not open it.");

  return dyno_archive_fail (error, "archive_corrupt",
                            "This archive was changed or damaged on its way. Ask for the file "
                            "once more.");
}

GBytes *
dyno_archive_gunzip (GBytes   *file,
                     guint64   most_bytes,
                     GError  **error)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (file, &size);
  guint64 most = MIN (MIN (most_bytes, (guint64) size * DYNO_ARCHIVE_MOST_RATIO), G_MAXUINT);
  g_autoptr(GByteArray) tar = g_byte_array_new ();
  Stream stream;

  if (size < 2 || data[0] != 0x1f || data[1] != 0x8b)
    stream = STREAM_DAMAGED;
  else
    stream = inflate (data, size, most, tar);
  if (stream != STREAM_WHOLE)
    {
      fail_stream (stream, error);
      return NULL;
    }

  return g_byte_array_free_to_bytes (g_steal_pointer (&tar));
}

gboolean
dyno_archive_is_archive (GBytes *file)
{
  g_autoptr(GZlibDecompressor) zlib = g_zlib_decompressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP);
  char head[TAR_BLOCK] = "";
  gsize read;
  gsize written = 0;
  gsize size;
  const guint8 *data = g_bytes_get_data (file, &size);

  return size > 2 && data[0] == 0x1f && data[1] == 0x8b
         && g_converter_convert (G_CONVERTER (zlib), data, size, head, sizeof head,
                                 G_CONVERTER_NO_FLAGS, &read, &written, NULL) != G_CONVERTER_ERROR
         && written == sizeof head && strcmp (head, DYNO_ARCHIVE_MANIFEST) == 0
         && memcmp (head + USTAR_MAGIC_AT, "ustar", 5) == 0;
}

/* tar */

static gboolean
fail_unsafe (const char  *name,
             char       **bad,
             GError     **error)
{
  g_autofree char *shown = g_utf8_make_valid (name != NULL ? name : "(no name)", -1);

  if (bad != NULL)
    *bad = g_strdup (shown);

  return dyno_archive_fail (error, "archive_unsafe",
                            "The archive has a part “%.100s” that no archive of DynoAI has. Do not "
                            "open it; ask for a new one.", shown);
}

static gboolean
fail_tar (struct archive  *tar,
          char           **bad,
          GError         **error)
{
  return dyno_archive_fail (error, "archive_corrupt",
                            "The inside of this archive cannot be read (%s). Ask for the file "
                            "once more.", archive_error_string (tar));
}

static gboolean
is_plain_file (struct archive       *tar,
               struct archive_entry *entry)
{
  const char *name = archive_entry_pathname (entry);

  return name != NULL && archive_format (tar) == ARCHIVE_FORMAT_TAR_USTAR
         && archive_entry_filetype (entry) == AE_IFREG && archive_entry_hardlink (entry) == NULL
         && archive_entry_symlink (entry) == NULL && dyno_archive_name_is_safe (name);
}

static DynoArchiveMember *
read_member (struct archive        *tar,
             struct archive_entry  *entry,
             gsize                  most,
             char                 **bad,
             GError               **error)
{
  const char *name = archive_entry_pathname (entry);
  gint64 size = archive_entry_size (entry);
  DynoArchiveMember *member;
  guint8 *data;

  if (size < 0 || (guint64) size > most)
    {
      fail_unsafe (name, bad, error);
      return NULL;
    }
  data = g_malloc (MAX (size, 1));
  if (archive_read_data (tar, data, (gsize) size) != size)
    {
      g_free (data);
      fail_tar (tar, bad, error);
      return NULL;
    }
  member = g_new0 (DynoArchiveMember, 1);
  member->name = g_strdup (name);
  member->bytes = g_bytes_new_take (data, (gsize) size);
  member->sha256 = dyno_crypt_sha256_hex (data, (gsize) size);

  return member;
}

static gboolean
is_repeat (const GPtrArray *members,
           const char      *name)
{
  for (guint i = 0; i < members->len; i++)
    {
      if (g_ascii_strcasecmp (((DynoArchiveMember *) members->pdata[i])->name, name) == 0)
        return TRUE;
    }

  return FALSE;
}

static gboolean
add_entry (struct archive        *tar,
           struct archive_entry  *entry,
           gsize                  most,
           GPtrArray             *members,
           char                 **bad,
           GError               **error)
{
  const char *name = archive_entry_pathname (entry);
  DynoArchiveMember *member;

  if (!is_plain_file (tar, entry) || is_repeat (members, name)
      || members->len >= DYNO_ARCHIVE_MOST_MEMBERS)
    return fail_unsafe (name, bad, error);
  member = read_member (tar, entry, most, bad, error);
  if (member == NULL)
    return FALSE;
  g_ptr_array_add (members, member);

  return TRUE;
}

/* Behind the last member there are zeros, and nothing that a reader would not see. */
static gboolean
ends_empty (GBytes          *tar,
            const GPtrArray *members)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (tar, &size);
  gsize at = 0;

  for (guint i = 0; i < members->len; i++)
    {
      gsize n = g_bytes_get_size (((DynoArchiveMember *) members->pdata[i])->bytes);

      at += TAR_BLOCK + (n + TAR_BLOCK - 1) / TAR_BLOCK * TAR_BLOCK;
    }
  if (at > size)
    return FALSE;
  while (at < size && data[at] == 0)
    at++;

  return at == size;
}

static gboolean
read_entries (struct archive  *tar,
              gsize            most,
              GPtrArray       *members,
              char           **bad,
              GError         **error)
{
  struct archive_entry *entry;
  int status;

  while ((status = archive_read_next_header (tar, &entry)) == ARCHIVE_OK)
    {
      if (!add_entry (tar, entry, most, members, bad, error))
        return FALSE;
    }

  return status == ARCHIVE_EOF || fail_tar (tar, bad, error);
}

GPtrArray *
dyno_archive_untar (GBytes   *bytes,
                    char    **bad,
                    GError  **error)
{
  g_autoptr(GPtrArray) members
    = g_ptr_array_new_with_free_func ((GDestroyNotify) dyno_archive_member_free);
  struct archive *tar = archive_read_new ();
  gsize size;
  const void *data = g_bytes_get_data (bytes, &size);
  gboolean is_read;

  archive_read_support_format_tar (tar);
  is_read = archive_read_open_memory (tar, data, size) == ARCHIVE_OK
              ? read_entries (tar, size, members, bad, error)
              : fail_tar (tar, bad, error);
  archive_read_free (tar);
  if (is_read && !ends_empty (bytes, members))
    is_read = dyno_archive_fail (error, "archive_corrupt",
                                 "This archive has something behind its end. Ask for the file "
                                 "once more.");

  return is_read ? g_steal_pointer (&members) : NULL;
}
