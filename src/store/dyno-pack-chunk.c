/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* Chunks: some rows of one imported column. */

#include "config.h"

#include <math.h>
#include <string.h>

#include "dyno-pack-private.h"
#include "dyno-pack.h"

#define FORM_CHUNK 0x21

enum
{
  MODE_CONSTANT = 1 << 0,
  MODE_DECIMAL  = 1 << 1,
  MODE_MISSING  = 1 << 2, /* decimals: a bitmap says which rows are there */
  MODE_UPDATES  = 1 << 3,
  MODE_REASONS  = 1 << 4,
};

/* Powers of ten that a double holds exactly and that logs use. */
static const double powers_of_ten[] = { 1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9 };

/* The one NaN of "missing"; see dyno-samples.h. */
static const guint64 missing_bits = 0x7ff8000000000000;

static guint64
double_bits (double value)
{
  guint64 bits;

  memcpy (&bits, &value, sizeof bits);

  return bits;
}

static gboolean
is_decimal (double value,
            int    digits)
{
  double scaled = value * powers_of_ten[digits];

  if (!(fabs (scaled) < 9007199254740992.0))
    return FALSE;

  return double_bits ((double) llround (scaled) / powers_of_ten[digits]) == double_bits (value);
}

/* The fewest digits with which every number is a whole one over a power of ten,
 * to the bit; −1 where there are none. What k digits hold, k + 1 hold too. */
static int
find_digits (const double *values,
             gsize         n,
             gboolean     *has_missing)
{
  int digits = 0;

  *has_missing = FALSE;
  for (gsize i = 0; i < n; i++)
    {
      if (double_bits (values[i]) == missing_bits)
        {
          *has_missing = TRUE;
          continue;
        }
      while (!is_decimal (values[i], digits))
        {
          if (++digits == G_N_ELEMENTS (powers_of_ten))
            return -1;
        }
    }

  /* A larger number earlier on may not bear the digits of a later one. */
  for (gsize i = 0; i < n; i++)
    {
      if (double_bits (values[i]) != missing_bits && !is_decimal (values[i], digits))
        return -1;
    }

  return digits;
}

static void
put_missing (GByteArray   *out,
             const double *values,
             gsize         n)
{
  g_autofree guint8 *bits = g_new0 (guint8, n / 8 + 1);

  for (gsize i = 0; i < n; i++)
    {
      if (double_bits (values[i]) != missing_bits)
        bits[i / 8] |= (guint8) (1 << (i % 8));
    }
  g_byte_array_append (out, bits, (guint) (n + 7) / 8);
}

static void
put_decimals (GByteArray   *out,
              const double *values,
              gsize         n,
              int           digits)
{
  guint64 last = 0;

  dyno_pack_put_byte (out, (guint8) digits);
  for (gsize i = 0; i < n; i++)
    {
      guint64 whole;

      if (double_bits (values[i]) == missing_bits)
        continue;
      whole = (guint64) llround (values[i] * powers_of_ten[digits]);
      dyno_pack_put_varint (out, dyno_pack_zigzag (whole - last));
      last = whole;
    }
}

static void
take_decimals (DynoPackCursor *in,
               double         *values,
               gsize           n,
               const guint8   *present)
{
  guint8 digits = dyno_pack_take_byte (in);
  guint64 last = 0;

  if (digits >= G_N_ELEMENTS (powers_of_ten))
    in->ok = FALSE;
  for (gsize i = 0; in->ok && i < n; i++)
    {
      if (present != NULL && (present[i / 8] >> (i % 8) & 1) == 0)
        {
          memcpy (&values[i], &missing_bits, sizeof values[i]);
          continue;
        }
      last += dyno_pack_unzigzag (dyno_pack_take_varint (in));
      values[i] = (double) (gint64) last / powers_of_ten[digits];
    }
}

static guint8
put_values (GByteArray   *out,
            const double *values,
            gsize         n)
{
  gboolean is_constant = dyno_pack_all_alike (values, n, sizeof *values);
  gboolean has_missing = FALSE;
  int digits = is_constant ? -1 : find_digits (values, n, &has_missing);

  if (digits >= 0)
    {
      if (has_missing)
        put_missing (out, values, n);
      put_decimals (out, values, n, digits);
      return MODE_DECIMAL | (has_missing ? MODE_MISSING : 0);
    }

  for (gsize i = 0; i < (is_constant ? 1 : n); i++)
    dyno_pack_put_u64 (out, double_bits (values[i]));

  return is_constant ? MODE_CONSTANT : 0;
}

static void
take_values (DynoPackCursor *in,
             double         *values,
             gsize           n,
             guint8          modes)
{
  guint64 bits = 0;

  if ((modes & MODE_DECIMAL) != 0)
    {
      const guint8 *present = NULL;

      if ((modes & MODE_MISSING) != 0)
        present = dyno_pack_take_bytes (in, (n + 7) / 8);
      take_decimals (in, values, n, present);
      return;
    }
  for (gsize i = 0; in->ok && i < n; i++)
    {
      if (i == 0 || (modes & MODE_CONSTANT) == 0)
        bits = dyno_pack_take_u64 (in);
      memcpy (&values[i], &bits, sizeof bits);
    }
}

GBytes *
dyno_pack_chunk (gsize         n,
                 const double *values,
                 const guint8 *updates,
                 const guint8 *reasons)
{
  GByteArray *out = g_byte_array_sized_new (32 + (guint) n * 3);
  gboolean has_reasons = !dyno_pack_all_zero (reasons, n);
  guint modes_at;
  guint8 modes;

  g_assert (n >= 1 && n <= DYNO_PACK_MAX);

  dyno_pack_put_byte (out, FORM_CHUNK);
  dyno_pack_put_varint (out, n);
  modes_at = out->len;
  dyno_pack_put_byte (out, 0);
  modes = put_values (out, values, n);
  if (updates != NULL)
    g_byte_array_append (out, updates, (guint) (n + 7) / 8);
  if (has_reasons)
    dyno_pack_put_runs (out, reasons, n);
  out->data[modes_at] =
      (guint8) (modes | (updates != NULL ? MODE_UPDATES : 0) | (has_reasons ? MODE_REASONS : 0));

  return dyno_pack_seal (out);
}

gboolean
dyno_unpack_chunk (gconstpointer      data,
                   gsize              size,
                   DynoUnpackedChunk *chunk,
                   GError           **error)
{
  DynoPackCursor in;
  guint8 modes;

  *chunk = (DynoUnpackedChunk) { 0 };
  if (!dyno_pack_unseal (data, size, FORM_CHUNK, &in, &chunk->n, &modes))
    return dyno_pack_fail (error);

  chunk->values = g_new (double, chunk->n);
  take_values (&in, chunk->values, chunk->n, modes);
  if ((modes & MODE_UPDATES) != 0)
    chunk->updates = g_memdup2 (dyno_pack_take_bytes (&in, (chunk->n + 7) / 8), (chunk->n + 7) / 8);
  if ((modes & MODE_REASONS) != 0)
    {
      chunk->reasons = g_new0 (guint8, chunk->n);
      dyno_pack_take_runs (&in, chunk->reasons, chunk->n);
    }
  if (in.ok && in.left == 0)
    return TRUE;

  dyno_unpacked_chunk_clear (chunk);

  return dyno_pack_fail (error);
}

void
dyno_unpacked_chunk_clear (DynoUnpackedChunk *chunk)
{
  g_clear_pointer (&chunk->values, g_free);
  g_clear_pointer (&chunk->updates, g_free);
  g_clear_pointer (&chunk->reasons, g_free);
}
