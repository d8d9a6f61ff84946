/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-pack-private.h"

#include <string.h>

#include "dyno-crypt.h"
#include "dyno-error.h"
#include "dyno-pack.h"

void
dyno_pack_put_byte (GByteArray *out,
                    guint8      byte)
{
  g_byte_array_append (out, &byte, 1);
}

void
dyno_pack_put_varint (GByteArray *out,
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
guint64
dyno_pack_zigzag (guint64 difference)
{
  return difference << 1 ^ (0 - (difference >> 63));
}

guint64
dyno_pack_unzigzag (guint64 value)
{
  return value >> 1 ^ (0 - (value & 1));
}

void
dyno_pack_put_u32 (GByteArray *out,
                   guint32     value)
{
  guint32 bytes = GUINT32_TO_LE (value);

  g_byte_array_append (out, (const guint8 *) &bytes, sizeof bytes);
}

void
dyno_pack_put_u64 (GByteArray *out,
                   guint64     value)
{
  guint64 bytes = GUINT64_TO_LE (value);

  g_byte_array_append (out, (const guint8 *) &bytes, sizeof bytes);
}

const guint8 *
dyno_pack_take_bytes (DynoPackCursor *in,
                      gsize           size)
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

guint8
dyno_pack_take_byte (DynoPackCursor *in)
{
  const guint8 *byte = dyno_pack_take_bytes (in, 1);

  return byte != NULL ? *byte : 0;
}

guint64
dyno_pack_take_varint (DynoPackCursor *in)
{
  guint64 value = 0;

  for (guint shift = 0; shift < 64; shift += 7)
    {
      guint8 byte = dyno_pack_take_byte (in);

      value |= (guint64) (byte & 0x7f) << shift;
      if ((byte & 0x80) == 0)
        return value;
    }
  in->ok = FALSE;

  return 0;
}

guint32
dyno_pack_take_u32 (DynoPackCursor *in)
{
  const guint8 *bytes = dyno_pack_take_bytes (in, 4);
  guint32 value = 0;

  if (bytes != NULL)
    memcpy (&value, bytes, sizeof value);

  return GUINT32_FROM_LE (value);
}

guint64
dyno_pack_take_u64 (DynoPackCursor *in)
{
  const guint8 *bytes = dyno_pack_take_bytes (in, 8);
  guint64 value = 0;

  if (bytes != NULL)
    memcpy (&value, bytes, sizeof value);

  return GUINT64_FROM_LE (value);
}

/* Bytes that seldom change, as runs. */
void
dyno_pack_put_runs (GByteArray   *out,
                    const guint8 *bytes,
                    gsize         n)
{
  gsize start = 0;

  for (gsize i = 1; i <= n; i++)
    {
      if (i < n && bytes[i] == bytes[start])
        continue;
      dyno_pack_put_varint (out, i - start);
      dyno_pack_put_byte (out, bytes[start]);
      start = i;
    }
}

void
dyno_pack_take_runs (DynoPackCursor *in,
                     guint8         *bytes,
                     gsize           n)
{
  gsize done = 0;

  while (in->ok && done < n)
    {
      guint64 length = dyno_pack_take_varint (in);
      guint8 byte = dyno_pack_take_byte (in);

      if (length == 0 || length > n - done)
        in->ok = FALSE;
      else
        memset (bytes + done, byte, length);
      done += in->ok ? length : 0;
    }
}

GBytes *
dyno_pack_seal (GByteArray *out)
{
  dyno_pack_put_u32 (out, dyno_crypt_crc32 (0, out->data, out->len));

  return g_byte_array_free_to_bytes (out);
}

/* Checks the sum and the head; `in` then stands behind the modes. */
gboolean
dyno_pack_unseal (gconstpointer   data,
                  gsize           size,
                  guint8          form,
                  DynoPackCursor *in,
                  gsize          *n,
                  guint8         *modes)
{
  DynoPackCursor tail;
  guint64 count;

  if (size < 4 + 3)
    return FALSE;
  tail = (DynoPackCursor) { (const guint8 *) data + size - 4, 4, TRUE };
  if (dyno_pack_take_u32 (&tail) != dyno_crypt_crc32 (0, data, size - 4))
    return FALSE;

  *in = (DynoPackCursor) { data, size - 4, TRUE };
  if (dyno_pack_take_byte (in) != form)
    return FALSE;
  count = dyno_pack_take_varint (in);
  *modes = dyno_pack_take_byte (in);
  *n = (gsize) count;

  return in->ok && count >= 1 && count <= DYNO_PACK_MAX;
}

gboolean
dyno_pack_fail (GError **error)
{
  dyno_error_set (error, DYNO_ERROR_CORRUPT, "samples",
                  "A block of samples does not match its check sum. Derive the run again from its "
                  "journal, or restore a backup.");

  return FALSE;
}

gboolean
dyno_pack_all_alike (gconstpointer values,
                     gsize         n,
                     gsize         size)
{
  return n < 2 || memcmp (values, (const guint8 *) values + size, (n - 1) * size) == 0;
}

gboolean
dyno_pack_all_zero (const guint8 *bytes,
                    gsize         n)
{
  return bytes == NULL || (bytes[0] == 0 && dyno_pack_all_alike (bytes, n, 1));
}
