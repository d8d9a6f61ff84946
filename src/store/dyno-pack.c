/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-pack.h"

#include "dyno-crypt.h"
#include "dyno-error.h"

#include <math.h>
#include <string.h>

#define FORM_BLOCK 0x11
#define FORM_CHUNK 0x21

enum
{
  MODE_CONSTANT = 1 << 0,
  MODE_FLAGS    = 1 << 1, /* block: flags follow */
  MODE_DECIMAL  = 1 << 1, /* chunk: values are decimals */
  MODE_MISSING  = 1 << 2, /* chunk of decimals: a bitmap says which rows are there */
  MODE_UPDATES  = 1 << 3,
  MODE_REASONS  = 1 << 4,
};

/* Powers of ten that a double holds exactly and that logs use. */
static const double powers_of_ten[] = { 1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9 };

/* The one NaN of "missing"; see dyno-samples.h. */
static const guint64 missing_bits = 0x7ff8000000000000;

/* What is left to read. Reading beyond the end makes `ok` FALSE and gives 0;
 * nothing is read after that. */
typedef struct
{
  const guint8 *at;
  gsize         left;
  gboolean      ok;
} Cursor;

static void
put_byte (GByteArray *out,
          guint8      byte)
{
  g_byte_array_append (out, &byte, 1);
}

static void
put_varint (GByteArray *out,
            guint64     value)
{
  guint8 bytes[10];
  guint n = 0;

  while (value >= 0x80)
    {
      bytes[n++] = (guint8) (value | 0x80);
      value >>= 7;
    }
  bytes[n++] = (guint8) value;
  g_byte_array_append (out, bytes, n);
}

/* Differences wrap: any two stamps have one, and it is undone exactly. */
static guint64
zigzag (guint64 difference)
{
  return difference << 1 ^ (0 - (difference >> 63));
}

static guint64
unzigzag (guint64 value)
{
  return value >> 1 ^ (0 - (value & 1));
}

static void
put_u32 (GByteArray *out,
         guint32     value)
{
  guint32 bytes = GUINT32_TO_LE (value);

  g_byte_array_append (out, (const guint8 *) &bytes, sizeof bytes);
}

static void
put_u64 (GByteArray *out,
         guint64     value)
{
  guint64 bytes = GUINT64_TO_LE (value);

  g_byte_array_append (out, (const guint8 *) &bytes, sizeof bytes);
}

static const guint8 *
take_bytes (Cursor *in,
            gsize   size)
{
  const guint8 *bytes = in->at;

  if (!in->ok || in->left < size)
    {
      in->ok = FALSE;
      return NULL;
    }
  in->at += size;
  in->left -= size;

  return bytes;
}

static guint8
take_byte (Cursor *in)
{
  const guint8 *byte = take_bytes (in, 1);

  return byte != NULL ? *byte : 0;
}

static guint64
take_varint (Cursor *in)
{
  guint64 value = 0;

  for (guint shift = 0; shift < 64; shift += 7)
    {
      guint8 byte = take_byte (in);

      value |= (guint64) (byte & 0x7f) << shift;
      if ((byte & 0x80) == 0)
        return value;
    }
  in->ok = FALSE;

  return 0;
}

static guint32
take_u32 (Cursor *in)
{
  const guint8 *bytes = take_bytes (in, 4);
  guint32 value = 0;

  if (bytes != NULL)
    memcpy (&value, bytes, sizeof value);

  return GUINT32_FROM_LE (value);
}

static guint64
take_u64 (Cursor *in)
{
  const guint8 *bytes = take_bytes (in, 8);
  guint64 value = 0;

  if (bytes != NULL)
    memcpy (&value, bytes, sizeof value);

  return GUINT64_FROM_LE (value);
}

/* Bytes that seldom change, as runs. */
static void
put_runs (GByteArray   *out,
          const guint8 *bytes,
          gsize         n)
{
  gsize start = 0;

  for (gsize i = 1; i <= n; i++)
    {
      if (i < n && bytes[i] == bytes[start])
        continue;
      put_varint (out, i - start);
      put_byte (out, bytes[start]);
      start = i;
    }
}

static void
take_runs (Cursor *in,
           guint8 *bytes,
           gsize   n)
{
  gsize done = 0;

  while (in->ok && done < n)
    {
      guint64 length = take_varint (in);
      guint8 byte = take_byte (in);

      if (length == 0 || length > n - done)
        in->ok = FALSE;
      else
        memset (bytes + done, byte, length);
      done += in->ok ? length : 0;
    }
}

static GBytes *
seal (GByteArray *out)
{
  put_u32 (out, dyno_crypt_crc32 (0, out->data, out->len));

  return g_byte_array_free_to_bytes (out);
}

/* Checks the sum and the head; `in` then stands behind the modes. */
static gboolean
unseal (gconstpointer data,
        gsize         size,
        guint8        form,
        Cursor       *in,
        gsize        *n,
        guint8       *modes)
{
  Cursor tail;
  guint64 count;

  if (size < 4 + 3)
    return FALSE;
  tail = (Cursor) { (const guint8 *) data + size - 4, 4, TRUE };
  if (take_u32 (&tail) != dyno_crypt_crc32 (0, data, size - 4))
    return FALSE;

  *in = (Cursor) { data, size - 4, TRUE };
  if (take_byte (in) != form)
    return FALSE;
  count = take_varint (in);
  *modes = take_byte (in);
  *n = (gsize) count;

  return in->ok && count >= 1 && count <= DYNO_PACK_MAX;
}

static gboolean
fail (GError **error)
{
  dyno_error_set (error, DYNO_ERROR_CORRUPT, "samples",
                  "A block of samples does not match its check sum. Derive the run again from its "
                  "journal, or restore a backup.");

  return FALSE;
}

static gboolean
all_alike (gconstpointer values,
           gsize         n,
           gsize         size)
{
  return n < 2 || memcmp (values, (const guint8 *) values + size, (n - 1) * size) == 0;
}

static gboolean
all_zero (const guint8 *bytes,
          gsize         n)
{
  return bytes == NULL || (bytes[0] == 0 && all_alike (bytes, n, 1));
}

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

      put_varint (out, zigzag (next - step));
      step = i > 0 ? next : 0;
      last = (guint64) t_us[i];
    }
}

static void
take_stamps (Cursor *in,
             gint64 *t_us,
             gsize   n)
{
  guint64 last = 0;
  guint64 step = 0;

  for (gsize i = 0; in->ok && i < n; i++)
    {
      guint64 next = unzigzag (take_varint (in)) + step;

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
  gboolean is_constant = all_alike (raw, n, sizeof *raw);
  gboolean has_flags = !all_zero (flags, n);

  g_assert (n >= 1 && n <= DYNO_PACK_MAX);

  put_byte (out, FORM_BLOCK);
  put_varint (out, n);
  put_byte (out, (guint8) ((is_constant ? MODE_CONSTANT : 0) | (has_flags ? MODE_FLAGS : 0)));
  put_stamps (out, t_us, n);
  for (gsize i = 0; i < (is_constant ? 1 : n); i++)
    put_u32 (out, float_bits (&raw[i]));
  if (has_flags)
    put_runs (out, flags, n);

  return seal (out);
}

static void
take_floats (Cursor  *in,
             float   *raw,
             gsize    n,
             gboolean is_constant)
{
  guint32 bits = 0;

  for (gsize i = 0; in->ok && i < n; i++)
    {
      if (i == 0 || !is_constant)
        bits = take_u32 (in);
      memcpy (&raw[i], &bits, sizeof bits);
    }
}

gboolean
dyno_unpack_block (gconstpointer      data,
                   gsize              size,
                   DynoUnpackedBlock *block,
                   GError           **error)
{
  Cursor in;
  guint8 modes;

  *block = (DynoUnpackedBlock) { 0 };
  if (!unseal (data, size, FORM_BLOCK, &in, &block->n, &modes) || block->n > in.left)
    return fail (error);

  block->t_us = g_new (gint64, block->n);
  block->raw = g_new (float, block->n);
  block->flags = g_new0 (guint8, block->n);
  take_stamps (&in, block->t_us, block->n);
  take_floats (&in, block->raw, block->n, (modes & MODE_CONSTANT) != 0);
  if ((modes & MODE_FLAGS) != 0)
    take_runs (&in, block->flags, block->n);
  if (in.ok && in.left == 0)
    return TRUE;

  dyno_unpacked_block_clear (block);

  return fail (error);
}

void
dyno_unpacked_block_clear (DynoUnpackedBlock *block)
{
  g_clear_pointer (&block->t_us, g_free);
  g_clear_pointer (&block->raw, g_free);
  g_clear_pointer (&block->flags, g_free);
}

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

  put_byte (out, (guint8) digits);
  for (gsize i = 0; i < n; i++)
    {
      guint64 whole;

      if (double_bits (values[i]) == missing_bits)
        continue;
      whole = (guint64) llround (values[i] * powers_of_ten[digits]);
      put_varint (out, zigzag (whole - last));
      last = whole;
    }
}

static void
take_decimals (Cursor       *in,
               double       *values,
               gsize         n,
               const guint8 *present)
{
  guint8 digits = take_byte (in);
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
      last += unzigzag (take_varint (in));
      values[i] = (double) (gint64) last / powers_of_ten[digits];
    }
}

static guint8
put_values (GByteArray   *out,
            const double *values,
            gsize         n)
{
  gboolean is_constant = all_alike (values, n, sizeof *values);
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
    put_u64 (out, double_bits (values[i]));

  return is_constant ? MODE_CONSTANT : 0;
}

static void
take_values (Cursor *in,
             double *values,
             gsize   n,
             guint8  modes)
{
  guint64 bits = 0;

  if ((modes & MODE_DECIMAL) != 0)
    {
      const guint8 *present = (modes & MODE_MISSING) != 0 ? take_bytes (in, (n + 7) / 8) : NULL;

      take_decimals (in, values, n, present);
      return;
    }
  for (gsize i = 0; in->ok && i < n; i++)
    {
      if (i == 0 || (modes & MODE_CONSTANT) == 0)
        bits = take_u64 (in);
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
  gboolean has_reasons = !all_zero (reasons, n);
  guint modes_at;
  guint8 modes;

  g_assert (n >= 1 && n <= DYNO_PACK_MAX);

  put_byte (out, FORM_CHUNK);
  put_varint (out, n);
  modes_at = out->len;
  put_byte (out, 0);
  modes = put_values (out, values, n);
  if (updates != NULL)
    g_byte_array_append (out, updates, (guint) (n + 7) / 8);
  if (has_reasons)
    put_runs (out, reasons, n);
  out->data[modes_at] =
      (guint8) (modes | (updates != NULL ? MODE_UPDATES : 0) | (has_reasons ? MODE_REASONS : 0));

  return seal (out);
}

gboolean
dyno_unpack_chunk (gconstpointer      data,
                   gsize              size,
                   DynoUnpackedChunk *chunk,
                   GError           **error)
{
  Cursor in;
  guint8 modes;

  *chunk = (DynoUnpackedChunk) { 0 };
  if (!unseal (data, size, FORM_CHUNK, &in, &chunk->n, &modes))
    return fail (error);

  chunk->values = g_new (double, chunk->n);
  take_values (&in, chunk->values, chunk->n, modes);
  if ((modes & MODE_UPDATES) != 0)
    chunk->updates = g_memdup2 (take_bytes (&in, (chunk->n + 7) / 8), (chunk->n + 7) / 8);
  if ((modes & MODE_REASONS) != 0)
    {
      chunk->reasons = g_new0 (guint8, chunk->n);
      take_runs (&in, chunk->reasons, chunk->n);
    }
  if (in.ok && in.left == 0)
    return TRUE;

  dyno_unpacked_chunk_clear (chunk);

  return fail (error);
}

void
dyno_unpacked_chunk_clear (DynoUnpackedChunk *chunk)
{
  g_clear_pointer (&chunk->values, g_free);
  g_clear_pointer (&chunk->updates, g_free);
  g_clear_pointer (&chunk->reasons, g_free);
}
