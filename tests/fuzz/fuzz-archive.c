/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* A run archive from anywhere: as the file that it is; as a tar that a gzip of our own is
 * put around; and as run.json and samples.bin, a NUL between, with their sums put right:
 * else nothing would get behind them. */

#include "config.h"

#include <gio/gio.h>
#include <stdint.h>
#include <string.h>

#include "dyno-dossier-pack.h"

#define RUN_ID "run_0123456789abcdefghij"

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

/* What can be unpacked can be packed. */
static void
try_archive (const DynoArchive *archive)
{
  g_autoptr(DynoDossier) dossier = dyno_dossier_unpack (archive, NULL, NULL);
  g_autoptr(GBytes) again = dossier != NULL ? dyno_dossier_pack_file (dossier, NULL, NULL) : NULL;

  g_assert (dossier == NULL || again != NULL);
}

static void
try_file (GBytes *file)
{
  g_autoptr(DynoArchive) archive = dyno_archive_read (file, 1 << 24, NULL, NULL);

  if (archive != NULL)
    try_archive (archive);
}

static void
try_parts (const uint8_t *data,
           size_t         size)
{
  const uint8_t *end = memchr (data, '\0', size);
  gsize n = end != NULL ? (gsize) (end - data) : size;
  g_autoptr(DynoArchive) archive = dyno_archive_new (RUN_ID);
  g_autoptr(GBytes) run = g_bytes_new (data, n);
  g_autoptr(GBytes) samples = end != NULL ? g_bytes_new (end + 1, size - n - 1)
                                          : g_bytes_new (NULL, 0);

  dyno_archive_add (archive, DYNO_ARCHIVE_RUN, run);
  dyno_archive_add (archive, DYNO_ARCHIVE_SAMPLES, samples);
  try_archive (archive);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autoptr(GBytes) file = g_bytes_new (data, size);
  g_autoptr(GBytes) packed = gzip (data, size);

  dyno_archive_is_archive (file);
  try_file (file);
  try_file (packed);
  try_parts (data, size);

  return 0;
}
