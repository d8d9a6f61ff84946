/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-crypt-text.h"

#include <string.h>

#include "dyno-crypt-seal.h"
#include "dyno-crypt.h"

static const char base62[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
static const char base32[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/* Divides the number in place and answers the rest. */
static guint
divide_by_62 (guint8 *number,
              gsize   size)
{
  guint rest = 0;

  for (gsize i = 0; i < size; i++)
    {
      guint value = rest << 8 | number[i];

      number[i] = (guint8) (value / 62);
      rest = value % 62;
    }

  return rest;
}

char *
dyno_crypt_base62 (const guint8 *data,
                   gsize         size,
                   guint         n_digits)
{
  guint8 *number = g_memdup2 (data, size);
  char *text = g_malloc0 (n_digits + 1);

  for (guint i = n_digits; i > 0; i--)
    text[i - 1] = base62[divide_by_62 (number, size)];
  dyno_crypt_wipe (number, size);
  g_free (number);

  return text;
}

static char *
dup_sum (const char *text,
         gsize       length)
{
  guint32 crc = GUINT32_TO_BE (dyno_crypt_crc32 (0, text, length));

  return dyno_crypt_base62 ((const guint8 *) &crc, sizeof crc, DYNO_TOKEN_CRC);
}

char *
dyno_crypt_make_token (const char   *prefix,
                       const guint8  raw[DYNO_TOKEN_RAW_SIZE])
{
  g_autofree char *body = dyno_crypt_base62 (raw, DYNO_TOKEN_RAW_SIZE, DYNO_TOKEN_BODY);
  g_autofree char *front = g_strconcat (prefix, body, NULL);
  g_autofree char *sum = dup_sum (front, strlen (front));
  char *token = g_strconcat (front, sum, NULL);

  dyno_crypt_wipe (body, strlen (body));
  dyno_crypt_wipe (front, strlen (front));

  return token;
}

char *
dyno_crypt_new_token (const char *prefix)
{
  guint8 raw[DYNO_TOKEN_RAW_SIZE];
  char *token;

  dyno_crypt_random (raw, sizeof raw);
  token = dyno_crypt_make_token (prefix, raw);
  dyno_crypt_wipe (raw, sizeof raw);

  return token;
}

gboolean
dyno_crypt_is_token (const char *text,
                     const char *prefix)
{
  gsize n_front = strlen (prefix) + DYNO_TOKEN_BODY;
  g_autofree char *sum = NULL;

  if (!g_str_has_prefix (text, prefix)
      || strspn (text + strlen (prefix), base62) != DYNO_TOKEN_BODY + DYNO_TOKEN_CRC
      || text[n_front + DYNO_TOKEN_CRC] != '\0')
    return FALSE;
  sum = dup_sum (text, n_front);

  return dyno_crypt_equal (sum, text + n_front, DYNO_TOKEN_CRC);
}

char *
dyno_crypt_base64url (gconstpointer data,
                      gsize         size)
{
  char *text = g_base64_encode (data, size);

  g_strdelimit (text, "+", '-');
  g_strdelimit (text, "/", '_');
  text[strcspn (text, "=")] = '\0';

  return text;
}

GBytes *
dyno_crypt_from_base64url (const char *text,
                           gsize       length)
{
  g_autofree char *padded = g_malloc0 (length + 4);
  g_autofree char *again = NULL;
  g_autofree guchar *data = NULL;
  gsize size;

  if (length % 4 == 1 || memchr (text, '\0', length) != NULL)
    return NULL;
  memcpy (padded, text, length);
  g_strdelimit (padded, "+/=", '!');
  g_strdelimit (padded, "-", '+');
  g_strdelimit (padded, "_", '/');
  memset (padded + length, '=', (4 - length % 4) % 4);

  /* GLib skips what it does not know and takes stray bits: what does not come out
   * as it went in was something else. */
  data = g_base64_decode (padded, &size);
  again = dyno_crypt_base64url (data, size);
  if (strlen (again) != length || memcmp (again, text, length) != 0)
    return NULL;

  return g_bytes_new_take (g_steal_pointer (&data), size);
}

GBytes *
dyno_crypt_from_hex (const char *text,
                     gsize       length)
{
  g_autofree guint8 *data = g_malloc (length / 2 + 1);
  GBytes *bytes;

  if (length % 2 != 0)
    return NULL;
  for (gsize i = 0; i < length / 2; i++)
    {
      int high = g_ascii_xdigit_value (text[2 * i]);
      int low = g_ascii_xdigit_value (text[2 * i + 1]);

      if (high < 0 || low < 0)
        return NULL;
      data[i] = (guint8) (high << 4 | low);
    }
  bytes = dyno_crypt_secret_new (data, length / 2);
  dyno_crypt_wipe (data, length / 2);

  return bytes;
}

char *
dyno_crypt_new_code (guint n_characters)
{
  char *code = g_malloc0 (n_characters + 1);

  dyno_crypt_random (code, n_characters);
  for (guint i = 0; i < n_characters; i++)
    code[i] = base32[code[i] & 0x1f];

  return code;
}

static char
normal_character (char c)
{
  c = g_ascii_toupper (c);
  if (c == 'O')
    return '0';
  if (c == 'I' || c == 'L')
    return '1';

  return c;
}

char *
dyno_crypt_normal_code (const char *typed,
                        guint       n_characters)
{
  g_autoptr(GString) code = g_string_sized_new (n_characters + 1);

  for (const char *c = typed; *c != '\0'; c++)
    {
      char normal = normal_character (*c);

      if (*c == ' ' || *c == '-')
        continue;
      if (code->len == n_characters || strchr (base32, normal) == NULL)
        return NULL;
      g_string_append_c (code, normal);
    }
  if (code->len != n_characters)
    return NULL;

  return g_strndup (code->str, code->len);
}
