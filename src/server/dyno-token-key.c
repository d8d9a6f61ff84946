/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-token-key.h"

#include <gnutls/abstract.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <string.h>

#include "dyno-crypt-seal.h"
#include "dyno-crypt-text.h"
#include "dyno-crypt.h"
#include "dyno-error.h"

#define BITS   3072
#define KID    8

struct _DynoTokenKey
{
  gatomicrefcount       ref_count;
  gnutls_x509_privkey_t pair;   /* (owned) */
  gnutls_privkey_t      signer; /* (owned) the same */
  gnutls_pubkey_t       reader; /* (owned) its public half */
  char                 *modulus;  /* (owned) base64url */
  char                 *exponent; /* (owned) base64url */
  char                 *id;       /* (owned) */
  char                 *head;     /* (owned) */
};

/* What fails for want of memory or of the algorithm. */
static void
insist (int status)
{
  if (status < 0)
    g_error ("The system gives no RSA: %s", gnutls_strerror (status));
}

static char *
take_base64url (gnutls_datum_t *number)
{
  char *text = dyno_crypt_base64url (number->data, number->size);

  gnutls_free (number->data);

  return text;
}

/* RFC 7638: the required members in the order of their names, without blanks. */
static char *
make_id (const DynoTokenKey *self)
{
  g_autofree char *members = g_strdup_printf ("{\"e\":\"%s\",\"kty\":\"RSA\",\"n\":\"%s\"}",
                                              self->exponent, self->modulus);
  char *id = dyno_crypt_sha256_hex (members, strlen (members));

  id[KID] = '\0';

  return id;
}

static char *
make_head (const char *id)
{
  g_autofree char *head =
      g_strdup_printf ("{\"alg\":\"RS256\",\"kid\":\"%s\",\"typ\":\"at+jwt\"}", id);

  return dyno_crypt_base64url (head, strlen (head));
}

/* Takes the pair over. */
static DynoTokenKey *
token_key_new (gnutls_x509_privkey_t pair)
{
  DynoTokenKey *self = g_new0 (DynoTokenKey, 1);
  gnutls_datum_t modulus, exponent;

  g_atomic_ref_count_init (&self->ref_count);
  self->pair = pair;
  insist (gnutls_privkey_init (&self->signer));
  insist (gnutls_privkey_import_x509 (self->signer, pair, 0));
  insist (gnutls_pubkey_init (&self->reader));
  insist (gnutls_pubkey_import_privkey (self->reader, self->signer, 0, 0));
  insist (gnutls_pubkey_export_rsa_raw2 (self->reader, &modulus, &exponent,
                                         GNUTLS_EXPORT_FLAG_NO_LZ));
  self->modulus = take_base64url (&modulus);
  self->exponent = take_base64url (&exponent);
  self->id = make_id (self);
  self->head = make_head (self->id);

  return self;
}

DynoTokenKey *
dyno_token_key_generate (void)
{
  gnutls_x509_privkey_t pair;

  insist (gnutls_x509_privkey_init (&pair));
  insist (gnutls_x509_privkey_generate (pair, GNUTLS_PK_RSA, BITS, 0));

  return token_key_new (pair);
}

DynoTokenKey *
dyno_token_key_from_der (GBytes  *der,
                         GError **error)
{
  gnutls_x509_privkey_t pair;
  gsize size;
  const guint8 *data = g_bytes_get_data (der, &size);
  gnutls_datum_t datum = { (unsigned char *) data, (unsigned int) size };
  unsigned int bits = 0;

  insist (gnutls_x509_privkey_init (&pair));
  if (gnutls_x509_privkey_import_pkcs8 (pair, &datum, GNUTLS_X509_FMT_DER, NULL, GNUTLS_PKCS_PLAIN)
          == 0
      && gnutls_x509_privkey_get_pk_algorithm2 (pair, &bits) == GNUTLS_PK_RSA && bits == BITS)
    return token_key_new (pair);

  gnutls_x509_privkey_deinit (pair);
  dyno_error_set (error, DYNO_ERROR_CORRUPT, "signing_key",
                  "A key that signs logins is damaged. Make new ones; everybody then logs in "
                  "again.");

  return NULL;
}

DynoTokenKey *
dyno_token_key_ref (DynoTokenKey *self)
{
  g_atomic_ref_count_inc (&self->ref_count);

  return self;
}

void
dyno_token_key_unref (DynoTokenKey *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  gnutls_pubkey_deinit (self->reader);
  gnutls_privkey_deinit (self->signer);
  gnutls_x509_privkey_deinit (self->pair);
  g_free (self->modulus);
  g_free (self->exponent);
  g_free (self->id);
  g_free (self->head);
  g_free (self);
}

GBytes *
dyno_token_key_to_der (const DynoTokenKey *self)
{
  gnutls_datum_t der;
  GBytes *bytes;

  insist (gnutls_x509_privkey_export2_pkcs8 (self->pair, GNUTLS_X509_FMT_DER, NULL,
                                             GNUTLS_PKCS_PLAIN, &der));
  bytes = dyno_crypt_secret_new (der.data, der.size);
  dyno_crypt_wipe (der.data, der.size);
  gnutls_free (der.data);

  return bytes;
}

const char *
dyno_token_key_get_id (const DynoTokenKey *self)
{
  return self->id;
}

const char *
dyno_token_key_get_head (const DynoTokenKey *self)
{
  return self->head;
}

char *
dyno_token_key_to_jwk (const DynoTokenKey *self)
{
  return g_strdup_printf ("{\"kty\":\"RSA\",\"use\":\"sig\",\"alg\":\"RS256\",\"kid\":\"%s\","
                          "\"n\":\"%s\",\"e\":\"%s\"}",
                          self->id, self->modulus, self->exponent);
}

GBytes *
dyno_token_key_sign (const DynoTokenKey *self,
                     const char         *text,
                     gsize               length)
{
  gnutls_datum_t datum = { (unsigned char *) text, (unsigned int) length };
  gnutls_datum_t signature;
  GBytes *bytes;

  insist (gnutls_privkey_sign_data2 (self->signer, GNUTLS_SIGN_RSA_SHA256, 0, &datum,
                                     &signature));
  bytes = g_bytes_new (signature.data, signature.size);
  gnutls_free (signature.data);

  return bytes;
}

gboolean
dyno_token_key_verify (const DynoTokenKey *self,
                       const char         *text,
                       gsize               length,
                       GBytes             *signature)
{
  gnutls_datum_t datum = { (unsigned char *) text, (unsigned int) length };
  gsize size;
  const guint8 *data = g_bytes_get_data (signature, &size);
  gnutls_datum_t sum = { (unsigned char *) data, (unsigned int) size };

  return size == BITS / 8
         && gnutls_pubkey_verify_data2 (self->reader, GNUTLS_SIGN_RSA_SHA256, 0, &datum, &sum) >= 0;
}
