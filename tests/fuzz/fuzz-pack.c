/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-crypt.h"
#include "dyno-pack.h"

#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

/* The sum is put right first: else nothing would get behind it. What can be
 * unpacked must come back the same from its own packing. */
static void
try_block (gconstpointer data,
           gsize         size)
{
  g_auto(DynoUnpackedBlock) block = { 0 };
  g_auto(DynoUnpackedBlock) again = { 0 };
  g_autoptr(GBytes) packed = NULL;

  if (!dyno_unpack_block (data, size, &block, NULL))
    return;

  packed = dyno_pack_block (block.n, block.t_us, block.raw, block.flags);
  g_assert (dyno_unpack_block (g_bytes_get_data (packed, NULL), g_bytes_get_size (packed), &again,
                               NULL));
  g_assert (block.n == again.n);
  g_assert (memcmp (block.t_us, again.t_us, block.n * sizeof *block.t_us) == 0);
  g_assert (memcmp (block.raw, again.raw, block.n * sizeof *block.raw) == 0);
  g_assert (memcmp (block.flags, again.flags, block.n) == 0);
}

static void
try_chunk (gconstpointer data,
           gsize         size)
{
  g_auto(DynoUnpackedChunk) chunk = { 0 };
  g_auto(DynoUnpackedChunk) again = { 0 };
  g_autoptr(GBytes) packed = NULL;

  if (!dyno_unpack_chunk (data, size, &chunk, NULL))
    return;

  packed = dyno_pack_chunk (chunk.n, chunk.values, chunk.updates, chunk.reasons);
  g_assert (dyno_unpack_chunk (g_bytes_get_data (packed, NULL), g_bytes_get_size (packed), &again,
                               NULL));
  g_assert (chunk.n == again.n);
  g_assert (memcmp (chunk.values, again.values, chunk.n * sizeof *chunk.values) == 0);
  g_assert ((chunk.updates != NULL) == (again.updates != NULL));
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autofree guint8 *sealed = g_malloc (size + 4);
  guint32 sum = GUINT32_TO_LE (dyno_crypt_crc32 (0, data, size));

  memcpy (sealed, data, size);
  memcpy (sealed + size, &sum, sizeof sum);
  try_block (sealed, size + 4);
  try_chunk (sealed, size + 4);

  return 0;
}
