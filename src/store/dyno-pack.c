/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* Blocks: what one captured channel said in one second. */

#include "config.h"

#include "dyno-pack.h"

#include <string.h>

#include "dyno-pack-private.h"

#define FORM_BLOCK 0x11

enum
{
  MODE_CONSTANT = 1 << 0,
  MODE_FLAGS    = 1 << 1, /* flags follow */
};

static void
put_stamps (GByteArray   *out,
            const gint64 *t_us,
            gsize         n)
{
  guint64 last = 0;
  guint64 step = 0;

  for (gsize i = 0; i < n; i++)
    {
      guint64 next = (guint64) t_us[i] - last;

      dyno_pack_put_varint (out, dyno_pack_zigzag (next - step));
      step = i > 0 ? next : 0;
      last = (guint64) t_us[i];
    }
}

static void
take_stamps (DynoPackCursor *in,
             gint64         *t_us,
             gsize           n)
{
  guint64 last = 0;
  guint64 step = 0;

  for (gsize i = 0; in->ok && i < n; i++)
    {
      guint64 next = dyno_pack_unzigzag (dyno_pack_take_varint (in)) + step;

      last += next;
      step = i > 0 ? next : 0;
      t_us[i] = (gint64) last;
    }
}

static guint32
float_bits (const float *value)
{
  guint32 bits;

  memcpy (&bits, value, sizeof bits);

  return bits;
}

GBytes *
dyno_pack_block (gsize         n,
                 const gint64 *t_us,
                 const float  *raw,
                 const guint8 *flags)
{
  GByteArray *out = g_byte_array_sized_new (24 + (guint) n * 6);
  gboolean is_constant = dyno_pack_all_alike (raw, n, sizeof *raw);
  gboolean has_flags = !dyno_pack_all_zero (flags, n);

  g_assert (n >= 1 && n <= DYNO_PACK_MAX);

  dyno_pack_put_byte (out, FORM_BLOCK);
  dyno_pack_put_varint (out, n);
  dyno_pack_put_byte (out, (is_constant ? MODE_CONSTANT : 0) | (has_flags ? MODE_FLAGS : 0));
  put_stamps (out, t_us, n);
  for (gsize i = 0; i < (is_constant ? 1 : n); i++)
    dyno_pack_put_u32 (out, float_bits (&raw[i]));
  if (has_flags)
    dyno_pack_put_runs (out, flags, n);

  return dyno_pack_seal (out);
}

static void
take_floats (DynoPackCursor *in,
             float          *raw,
             gsize           n,
             gboolean        is_constant)
{
  guint32 bits = 0;

  for (gsize i = 0; in->ok && i < n; i++)
    {
      if (i == 0 || !is_constant)
        bits = dyno_pack_take_u32 (in);
      memcpy (&raw[i], &bits, sizeof bits);
    }
}

gboolean
dyno_unpack_block (gconstpointer      data,
                   gsize              size,
                   DynoUnpackedBlock *block,
                   GError           **error)
{
  DynoPackCursor in;
  guint8 modes;

  *block = (DynoUnpackedBlock) { 0 };
  if (!dyno_pack_unseal (data, size, FORM_BLOCK, &in, &block->n, &modes) || block->n > in.left)
    return dyno_pack_fail (error);

  block->t_us = g_new (gint64, block->n);
  block->raw = g_new (float, block->n);
  block->flags = g_new0 (guint8, block->n);
  take_stamps (&in, block->t_us, block->n);
  take_floats (&in, block->raw, block->n, (modes & MODE_CONSTANT) != 0);
  if ((modes & MODE_FLAGS) != 0)
    dyno_pack_take_runs (&in, block->flags, block->n);
  if (in.ok && in.left == 0)
    return TRUE;

  dyno_unpacked_block_clear (block);

  return dyno_pack_fail (error);
}

void
dyno_unpacked_block_clear (DynoUnpackedBlock *block)
{
  g_clear_pointer (&block->t_us, g_free);
  g_clear_pointer (&block->raw, g_free);
  g_clear_pointer (&block->flags, g_free);
}
