/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-crypt.h"

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <string.h>

#define ID_LENGTH 20

static const char base62[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

void
dyno_crypt_random (gpointer buffer,
                   gsize    size)
{
  int status = gnutls_rnd (GNUTLS_RND_KEY, buffer, size);

  if (status != 0)
    g_error ("The system gives no random numbers: %s", gnutls_strerror (status));
}

/* Six random bits give 0…63; 62 and 63 are thrown away so that all digits are
 * equally likely. */
static char
random_digit (void)
{
  guint8 byte;

  do
    {
      dyno_crypt_random (&byte, 1);
      byte &= 0x3f;
    }
  while (byte >= 62);

  return base62[byte];
}

char *
dyno_crypt_new_id (const char *prefix)
{
  GString *id = g_string_new (prefix);

  g_string_append_c (id, '_');
  for (int i = 0; i < ID_LENGTH; i++)
    g_string_append_c (id, random_digit ());

  return g_string_free (id, FALSE);
}

gboolean
dyno_crypt_is_id (const char *text,
                  const char *prefix)
{
  gsize n_prefix = strlen (prefix);

  if (text == NULL || !g_str_has_prefix (text, prefix) || text[n_prefix] != '_')
    return FALSE;
  text += n_prefix + 1;

  return strlen (text) == ID_LENGTH && strspn (text, base62) == ID_LENGTH;
}

char *
dyno_crypt_new_uuid (gint64 ms)
{
  guint8 b[16];

  dyno_crypt_random (b, sizeof b);
  for (guint i = 0; i < 6; i++)
    b[i] = (guint8) (ms >> (40 - 8 * i));
  b[6] = (b[6] & 0x0f) | 0x70;
  b[8] = (b[8] & 0x3f) | 0x80;

  return g_strdup_printf ("%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x",
                          b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7], b[8], b[9], b[10],
                          b[11], b[12], b[13], b[14], b[15]);
}

void
dyno_crypt_sha256 (gconstpointer data,
                   gsize         size,
                   guint8        sum[DYNO_SHA256_SIZE])
{
  g_autoptr(GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  gsize length = DYNO_SHA256_SIZE;

  g_checksum_update (checksum, data, (gssize) size);
  g_checksum_get_digest (checksum, sum, &length);
}

char *
dyno_crypt_sha256_hex (gconstpointer data,
                       gsize         size)
{
  g_autoptr(DynoCryptSum) sum = dyno_crypt_sum_new ();

  dyno_crypt_sum_update (sum, data, size);

  return dyno_crypt_sum_hex (sum);
}

char *
dyno_crypt_hex (const guint8 *data,
                gsize         size)
{
  GString *text = g_string_sized_new (2 * size + 1);

  for (gsize i = 0; i < size; i++)
    g_string_append_printf (text, "%02x", data[i]);

  return g_string_free (text, FALSE);
}

struct _DynoCryptSum
{
  gnutls_hash_hd_t hash; /* (owned) */
};

DynoCryptSum *
dyno_crypt_sum_new (void)
{
  DynoCryptSum *self = g_new0 (DynoCryptSum, 1);
  int status = gnutls_hash_init (&self->hash, GNUTLS_DIG_SHA256);

  if (status != 0)
    g_error ("The system gives no SHA-256: %s", gnutls_strerror (status));

  return self;
}

void
dyno_crypt_sum_free (DynoCryptSum *self)
{
  if (self == NULL)
    return;

  gnutls_hash_deinit (self->hash, NULL);
  g_free (self);
}

void
dyno_crypt_sum_update (DynoCryptSum  *self,
                       gconstpointer  data,
                       gsize          size)
{
  if (size > 0)
    gnutls_hash (self->hash, data, size);
}

char *
dyno_crypt_sum_hex (DynoCryptSum *self)
{
  guint8 sum[DYNO_SHA256_SIZE];

  gnutls_hash_output (self->hash, sum);

  return dyno_crypt_hex (sum, sizeof sum);
}

/* Polynomial 0xEDB88320, reflected. Table n is for a byte with n more behind it
 * in the same step of eight ("slicing by 8"); they are made once. */
typedef struct
{
  guint32 of[8][256];
} CrcTables;

static void
make_crc_tables (CrcTables *tables)
{
  for (guint32 i = 0; i < 256; i++)
    {
      guint32 value = i;

      for (int bit = 0; bit < 8; bit++)
        value = (value & 1) != 0 ? (value >> 1) ^ 0xEDB88320u : value >> 1;
      tables->of[0][i] = value;
    }
  for (guint32 i = 0; i < 256; i++)
    {
      for (int n = 1; n < 8; n++)
        {
          guint32 value = tables->of[n - 1][i];

          tables->of[n][i] = tables->of[0][value & 0xff] ^ (value >> 8);
        }
    }
}

static const CrcTables *
get_crc_tables (void)
{
  static CrcTables tables;
  static gsize is_made = 0;

  if (g_once_init_enter (&is_made))
    {
      make_crc_tables (&tables);
      g_once_init_leave (&is_made, 1);
    }

  return &tables;
}

static guint32
crc_of_eight (const CrcTables *tables,
              guint32          crc,
              const guint8    *bytes)
{
  guint32 low, high;

  memcpy (&low, bytes, 4);
  memcpy (&high, bytes + 4, 4);
  low = GUINT32_FROM_LE (low) ^ crc;
  high = GUINT32_FROM_LE (high);

  return tables->of[7][low & 0xff] ^ tables->of[6][low >> 8 & 0xff]
         ^ tables->of[5][low >> 16 & 0xff] ^ tables->of[4][low >> 24]
         ^ tables->of[3][high & 0xff] ^ tables->of[2][high >> 8 & 0xff]
         ^ tables->of[1][high >> 16 & 0xff] ^ tables->of[0][high >> 24];
}

guint32
dyno_crypt_crc32 (guint32       crc,
                  gconstpointer data,
                  gsize         size)
{
  const CrcTables *tables = get_crc_tables ();
  const guint8 *bytes = data;

  crc = ~crc;
  for (; size >= 8; size -= 8, bytes += 8)
    crc = crc_of_eight (tables, crc, bytes);
  for (; size > 0; size--, bytes++)
    crc = tables->of[0][(crc ^ *bytes) & 0xff] ^ (crc >> 8);

  return ~crc;
}
