/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The blobs of samples: compact, exact to the bit, each with a CRC-32 at its
 * end. The same numbers always give the same bytes. Pure, any thread.
 *
 * A block holds what one captured channel said in one second: stamps, float
 * bits (NaN payloads and −0 included) and flags, in the order of their coming.
 * A column chunk holds some rows of one imported column: doubles, update bits
 * and reject reasons.
 *
 * Both begin with a byte for form and version, a varint n and a byte of modes;
 * varints are little-endian base 128, signed ones zigzag.
 *
 *   block  0x11  stamps: first, first step, then the change of the step;
 *                values: 4·n bytes, or 4 when all are alike;
 *                flags, unless all are 0: runs of (varint length, byte)
 *   chunk  0x21  values: 8·n bytes, or 8 when all are alike, or decimals: a byte
 *                of digits, a bitmap of what is there (unless all is), the
 *                changes of value·10^digits;
 *                update bits, lowest first; reasons as runs
 */

/* The most samples in a block and rows in a chunk. */
#define DYNO_PACK_MAX 65536

typedef struct
{
  gsize   n;
  gint64 *t_us;  /* (owned) */
  float  *raw;   /* (owned) */
  guint8 *flags; /* (owned) */
} DynoUnpackedBlock;

typedef struct
{
  gsize   n;
  double *values;  /* (owned) */
  guint8 *updates; /* (owned) (nullable) a bit a row, lowest first */
  guint8 *reasons; /* (owned) (nullable) a byte a row */
} DynoUnpackedChunk;

/* 1 ≤ n ≤ DYNO_PACK_MAX. `flags` may be NULL: all 0. */
GBytes  *dyno_pack_block             (gsize              n,
                                      const gint64      *t_us,
                                      const float       *raw,
                                      const guint8      *flags);

/* FALSE, DYNO_ERROR_CORRUPT, where the sum or the shape is wrong. */
gboolean dyno_unpack_block           (gconstpointer      data,
                                      gsize              size,
                                      DynoUnpackedBlock *block,
                                      GError           **error);
void     dyno_unpacked_block_clear   (DynoUnpackedBlock *block);

/* 1 ≤ n ≤ DYNO_PACK_MAX. `updates` (its bit 0 is the first of the n rows) and
 * `reasons` may be NULL. */
GBytes  *dyno_pack_chunk             (gsize              n,
                                      const double      *values,
                                      const guint8      *updates,
                                      const guint8      *reasons);

/* FALSE, DYNO_ERROR_CORRUPT, where the sum or the shape is wrong. */
gboolean dyno_unpack_chunk           (gconstpointer      data,
                                      gsize              size,
                                      DynoUnpackedChunk *chunk,
                                      GError           **error);
void     dyno_unpacked_chunk_clear   (DynoUnpackedChunk *chunk);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (DynoUnpackedBlock, dyno_unpacked_block_clear)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (DynoUnpackedChunk, dyno_unpacked_chunk_clear)

G_END_DECLS
