/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* A run archive from anywhere: as the file that it is, and as a tar that a gzip of our
 * own is put around, so that what is inside is reached as well. */

#include "config.h"

#include <gio/gio.h>

#include "dyno-dossier-pack.h"

int LLVMFuzzerTestOneInput (const uint8_t *data,
                            size_t         size);

static GBytes *
gzip (const uint8_t *data,
      size_t         size)
{
  g_autoptr(GZlibCompressor) zlib = g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP, 1);
  gsize room = size + size / 1000 + 128;
  guint8 *out = g_malloc (room);
  gsize read = 0;
  gsize written = 0;

  g_converter_convert (G_CONVERTER (zlib), data, size, out, room, G_CONVERTER_INPUT_AT_END, &read,
                       &written, NULL);
  if (written > 9)
    out[8] = 0;

  return g_bytes_new_take (out, written);
}

static void
try (GBytes *file)
{
  g_autoptr(DynoArchive) archive = dyno_archive_read (file, 1 << 24, NULL, NULL);
  g_autoptr(DynoDossier) dossier
    = archive != NULL ? dyno_dossier_unpack (archive, NULL, NULL) : NULL;
  g_autoptr(GBytes) again = dossier != NULL ? dyno_dossier_pack_file (dossier, NULL, NULL) : NULL;

  (void) again;
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autoptr(GBytes) file = g_bytes_new (data, size);
  g_autoptr(GBytes) packed = gzip (data, size);

  dyno_archive_is_archive (file);
  try (file);
  try (packed);

  return 0;
}
