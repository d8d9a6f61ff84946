/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-inflate.h"

#include "dyno-error.h"

#include <gio/gio.h>

#define LEVEL 6
#define BLOCK 65536

/* The stream of `bytes` through a converter, up to `max_size` and one more. */
static GBytes *
convert (GBytes      *bytes,
         GConverter  *converter,
         gsize        max_size,
         GError     **error)
{
  g_autoptr(GInputStream) source = g_memory_input_stream_new_from_bytes (bytes);
  g_autoptr(GInputStream) stream = g_converter_input_stream_new (source, converter);
  g_autoptr(GByteArray) out = g_byte_array_new ();
  g_autofree guint8 *block = g_malloc (BLOCK);

  while (out->len <= max_size)
    {
      gssize n = g_input_stream_read (stream, block, BLOCK, NULL, error);

      if (n < 0)
        return NULL;
      if (n == 0)
        break;
      g_byte_array_append (out, block, (guint) n);
    }

  return g_byte_array_free_to_bytes (g_steal_pointer (&out));
}

GBytes *
dyno_deflate (GBytes *bytes)
{
  g_autoptr(GZlibCompressor) compressor
    = g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_ZLIB, LEVEL);
  GBytes *packed = convert (bytes, G_CONVERTER (compressor), G_MAXSIZE - 1, NULL);

  g_assert (packed != NULL); /* from memory to memory */

  return packed;
}

GBytes *
dyno_inflate (GBytes  *bytes,
              gsize    max_size,
              GError **error)
{
  g_autoptr(GZlibDecompressor) decompressor
    = g_zlib_decompressor_new (G_ZLIB_COMPRESSOR_FORMAT_ZLIB);
  g_autoptr(GError) damage = NULL;
  g_autoptr(GBytes) unpacked = convert (bytes, G_CONVERTER (decompressor), max_size, &damage);

  if (unpacked == NULL)
    {
      dyno_error_set (error, DYNO_ERROR_CORRUPT, "archive_corrupt",
                      "What is packed in this file is damaged: %s.", damage->message);
      return NULL;
    }
  if (g_bytes_get_size (unpacked) > max_size)
    {
      dyno_error_set (error, DYNO_ERROR_TOO_LARGE, "archive_unsafe",
                      "What is packed in this file is larger than %" G_GSIZE_FORMAT " MiB.",
                      max_size >> 20);
      return NULL;
    }

  return g_steal_pointer (&unpacked);
}
