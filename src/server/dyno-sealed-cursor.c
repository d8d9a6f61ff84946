/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-sealed-cursor.h"

#include <gnutls/gnutls.h>
#include <string.h>

#include "dyno-error.h"

#define SEAL_SIZE 16

static void
make_seal (const guint8 *key,
           const char   *payload,
           gsize         size,
           const char   *filter,
           guint8        seal[SEAL_SIZE])
{
  g_autoptr(GHmac) hmac = g_hmac_new (G_CHECKSUM_SHA256, key, DYNO_CURSOR_KEY_SIZE);
  guint8 digest[32];
  gsize length = sizeof digest;

  /* The NUL of the filter keeps the two apart. */
  g_hmac_update (hmac, (const guchar *) filter, (gssize) strlen (filter) + 1);
  g_hmac_update (hmac, (const guchar *) payload, (gssize) size);
  g_hmac_get_digest (hmac, digest, &length);
  memcpy (seal, digest, SEAL_SIZE);
}

/* RFC 4648, 5, without padding. */
static char *
encode (const GByteArray *bytes)
{
  char *text = g_base64_encode (bytes->data, bytes->len);

  g_strdelimit (text, "+", '-');
  g_strdelimit (text, "/", '_');
  text[strcspn (text, "=")] = '\0';

  return text;
}

static guint8 *
decode (const char *text,
        gsize      *size)
{
  static const char chars[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  static const char *const pads[] = { "", NULL, "==", "=" };
  gsize length = strlen (text);
  g_autofree char *plain = NULL;

  if (pads[length % 4] == NULL || strspn (text, chars) != length)
    return NULL;

  plain = g_strconcat (text, pads[length % 4], NULL);
  g_strdelimit (plain, "-", '+');
  g_strdelimit (plain, "_", '/');

  return g_base64_decode (plain, size);
}

char *
dyno_sealed_cursor_make (const guint8  key[DYNO_CURSOR_KEY_SIZE],
                         const char   *payload,
                         const char   *filter)
{
  g_autoptr(GByteArray) bytes = g_byte_array_new ();
  guint8 seal[SEAL_SIZE];

  make_seal (key, payload, strlen (payload), filter, seal);
  g_byte_array_append (bytes, seal, SEAL_SIZE);
  g_byte_array_append (bytes, (const guint8 *) payload, (guint) strlen (payload));

  return encode (bytes);
}

char *
dyno_sealed_cursor_open (const guint8  key[DYNO_CURSOR_KEY_SIZE],
                         const char   *text,
                         const char   *filter,
                         GError      **error)
{
  gsize size = 0;
  g_autofree guint8 *bytes = decode (text, &size);
  guint8 seal[SEAL_SIZE];

  if (bytes != NULL && size > SEAL_SIZE && memchr (bytes + SEAL_SIZE, 0, size - SEAL_SIZE) == NULL)
    {
      make_seal (key, (const char *) bytes + SEAL_SIZE, size - SEAL_SIZE, filter, seal);
      if (gnutls_memcmp (seal, bytes, SEAL_SIZE) == 0)
        return g_strndup ((const char *) bytes + SEAL_SIZE, size - SEAL_SIZE);
    }

  dyno_error_set (error, DYNO_ERROR_INVALID, "BAD_REQUEST",
                  "The cursor does not belong to this list. Begin with the first page.");

  return NULL;
}
