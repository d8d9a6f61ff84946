/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-crypt-seal.h"

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <string.h>

/* GnuTLS fails here only where the system forbids the algorithm. */
static void
insist (int         status,
        const char *what)
{
  if (status < 0)
    g_error ("The system gives no %s: %s", what, gnutls_strerror (status));
}

static gnutls_datum_t
datum_of (GBytes *bytes)
{
  gsize size;
  gconstpointer data = g_bytes_get_data (bytes, &size);

  return (gnutls_datum_t) { (unsigned char *) data, (unsigned int) size };
}

typedef struct
{
  gsize  size;
  guint8 data[];
} Secret;

static void
secret_free (gpointer data)
{
  Secret *secret = data;

  dyno_crypt_wipe (secret->data, secret->size);
  g_free (secret);
}

static Secret *
secret_alloc (gsize size)
{
  Secret *secret = g_malloc0 (sizeof *secret + size);

  secret->size = size;

  return secret;
}

static GBytes *
secret_to_bytes (Secret *secret,
                 gsize   size)
{
  return g_bytes_new_with_free_func (secret->data, size, secret_free, secret);
}

GBytes *
dyno_crypt_secret_new (gconstpointer data,
                       gsize         size)
{
  Secret *secret = secret_alloc (size);

  if (size > 0)
    memcpy (secret->data, data, size);

  return secret_to_bytes (secret, size);
}

void
dyno_crypt_wipe (gpointer data,
                 gsize    size)
{
  if (size > 0)
    gnutls_memset (data, 0, size);
}

gboolean
dyno_crypt_equal (gconstpointer a,
                  gconstpointer b,
                  gsize         size)
{
  return gnutls_memcmp (a, b, size) == 0;
}

void
dyno_crypt_hmac (GBytes        *key,
                 gconstpointer  data,
                 gsize          size,
                 guint8         mac[DYNO_HMAC_SIZE])
{
  gnutls_datum_t k = datum_of (key);

  insist (gnutls_hmac_fast (GNUTLS_MAC_SHA256, k.data, k.size, data, size, mac), "HMAC-SHA-256");
}

GBytes *
dyno_crypt_hkdf (GBytes     *key,
                 const char *info,
                 gsize       size)
{
  guint8 extracted[DYNO_HMAC_SIZE];
  gnutls_datum_t k = datum_of (key);
  gnutls_datum_t salt = { NULL, 0 };
  gnutls_datum_t about = { (unsigned char *) info, (unsigned int) strlen (info) };
  Secret *derived = secret_alloc (size);

  insist (gnutls_hkdf_extract (GNUTLS_MAC_SHA256, &k, &salt, extracted), "HKDF");
  k = (gnutls_datum_t) { extracted, sizeof extracted };
  insist (gnutls_hkdf_expand (GNUTLS_MAC_SHA256, &k, &about, derived->data, size), "HKDF");
  dyno_crypt_wipe (extracted, sizeof extracted);

  return secret_to_bytes (derived, size);
}

static gnutls_aead_cipher_hd_t
new_cipher (GBytes *key)
{
  gnutls_aead_cipher_hd_t cipher;
  gnutls_datum_t k = datum_of (key);

  g_assert (k.size == DYNO_SEAL_KEY_SIZE);
  insist (gnutls_aead_cipher_init (&cipher, GNUTLS_CIPHER_AES_256_GCM, &k), "AES-256-GCM");

  return cipher;
}

GBytes *
dyno_crypt_seal (GBytes       *key,
                 const guint8  nonce[DYNO_SEAL_NONCE_SIZE],
                 GBytes       *label,
                 GBytes       *text)
{
  gnutls_aead_cipher_hd_t cipher = new_cipher (key);
  gnutls_datum_t about = datum_of (label);
  gnutls_datum_t open = datum_of (text);
  gsize size = open.size + DYNO_SEAL_TAG_SIZE;
  guint8 *sealed = g_malloc (size);

  insist (gnutls_aead_cipher_encrypt (cipher, nonce, DYNO_SEAL_NONCE_SIZE, about.data, about.size,
                                      DYNO_SEAL_TAG_SIZE, open.data, open.size, sealed, &size),
          "AES-256-GCM");
  gnutls_aead_cipher_deinit (cipher);

  return g_bytes_new_take (sealed, size);
}

GBytes *
dyno_crypt_open (GBytes       *key,
                 const guint8  nonce[DYNO_SEAL_NONCE_SIZE],
                 GBytes       *label,
                 GBytes       *sealed)
{
  gnutls_aead_cipher_hd_t cipher;
  gnutls_datum_t about = datum_of (label);
  gnutls_datum_t closed = datum_of (sealed);
  gsize size;
  Secret *text;
  int status;

  if (closed.size < DYNO_SEAL_TAG_SIZE)
    return NULL;

  size = closed.size - DYNO_SEAL_TAG_SIZE;
  text = secret_alloc (closed.size);
  cipher = new_cipher (key);
  status = gnutls_aead_cipher_decrypt (cipher, nonce, DYNO_SEAL_NONCE_SIZE, about.data, about.size,
                                       DYNO_SEAL_TAG_SIZE, closed.data, closed.size, text->data,
                                       &size);
  gnutls_aead_cipher_deinit (cipher);
  if (status == 0)
    return secret_to_bytes (text, size);
  secret_free (text);

  return NULL;
}
