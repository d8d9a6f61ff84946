/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-certificate.h"

#include <arpa/inet.h>
#include <gnutls/abstract.h>
#include <gnutls/x509.h>
#include <string.h>

#include "dyno-crypt.h"
#include "dyno-error.h"

#define DAY_S      (24 * 60 * 60)
#define LIFE_S     (397 * DAY_S)
#define RENEW_S    (30 * DAY_S)
#define BACK_S     (60 * 60) /* a client's clock may be behind ours */
#define SERIAL_LEN 16

G_DEFINE_AUTO_CLEANUP_FREE_FUNC (gnutls_x509_crt_t, gnutls_x509_crt_deinit, NULL)
G_DEFINE_AUTO_CLEANUP_FREE_FUNC (gnutls_x509_privkey_t, gnutls_x509_privkey_deinit, NULL)
G_DEFINE_AUTO_CLEANUP_FREE_FUNC (gnutls_pubkey_t, gnutls_pubkey_deinit, NULL)

/* `*code` keeps the first failure of a chain of calls. */
static void
note (int *code,
      int  answer)
{
  if (*code >= 0 && answer < 0)
    *code = answer;
}

static gboolean
check (int          code,
       const char  *what,
       GError     **error)
{
  if (code >= 0)
    return TRUE;
  dyno_error_set (error, DYNO_ERROR_INVALID, NULL, "%s: %s", what, gnutls_strerror (code));

  return FALSE;
}

static gnutls_datum_t
datum_of (GBytes *bytes)
{
  gsize size;
  gconstpointer data = g_bytes_get_data (bytes, &size);

  return (gnutls_datum_t){ (unsigned char *) data, size };
}

static gnutls_x509_privkey_t
read_key (GBytes  *key,
          GError **error)
{
  g_auto(gnutls_x509_privkey_t) read = NULL;
  gnutls_datum_t pem = datum_of (key);
  int code = 0;

  note (&code, gnutls_x509_privkey_init (&read));
  note (&code, gnutls_x509_privkey_import2 (read, &pem, GNUTLS_X509_FMT_PEM, NULL, 0));
  if (!check (code, "The private key of the certificate cannot be read", error))
    return NULL;

  return g_steal_pointer (&read);
}

static gnutls_x509_crt_t
read_certificate (const char  *pem,
                  GError     **error)
{
  g_auto(gnutls_x509_crt_t) read = NULL;
  gnutls_datum_t data = { (unsigned char *) pem, strlen (pem) };
  int code = 0;

  note (&code, gnutls_x509_crt_init (&read));
  note (&code, gnutls_x509_crt_import (read, &data, GNUTLS_X509_FMT_PEM));
  if (!check (code, "The certificate cannot be read", error))
    return NULL;

  return g_steal_pointer (&read);
}

GBytes *
dyno_certificate_new_key (GError **error)
{
  g_auto(gnutls_x509_privkey_t) key = NULL;
  gnutls_datum_t pem = { NULL, 0 };
  int code = 0;

  note (&code, gnutls_x509_privkey_init (&key));
  note (&code, gnutls_x509_privkey_generate (key, GNUTLS_PK_ECDSA,
                                             GNUTLS_CURVE_TO_BITS (GNUTLS_ECC_CURVE_SECP256R1), 0));
  note (&code, gnutls_x509_privkey_export2_pkcs8 (key, GNUTLS_X509_FMT_PEM, NULL,
                                                  GNUTLS_PKCS_PLAIN, &pem));
  if (code < 0)
    {
      dyno_error_set (error, DYNO_ERROR_INTERNAL, NULL, "No key could be made: %s",
                      gnutls_strerror (code));
      return NULL;
    }

  return g_bytes_new_with_free_func (pem.data, pem.size, gnutls_free, pem.data);
}

/* Issuing */

static gboolean
is_dns_name (const char *host)
{
  gsize length = strlen (host);

  return length >= 1 && length <= 57 && host[0] != '-' && host[0] != '.'
         && strspn (host, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-")
              == length;
}

/* NULL-terminated: the names of a certificate for `host`. */
static GPtrArray *
names_of (const char *host)
{
  GPtrArray *names = g_ptr_array_new_with_free_func (g_free);

  if (is_dns_name (host) && g_ascii_strcasecmp (host, "localhost") != 0)
    {
      g_ptr_array_add (names, g_strdup (host));
      if (!g_str_has_suffix (host, ".local"))
        g_ptr_array_add (names, g_strconcat (host, ".local", NULL));
    }
  g_ptr_array_add (names, g_strdup ("localhost"));

  return names;
}

static void
add_names (gnutls_x509_crt_t  certificate,
           const char        *host,
           int               *code)
{
  g_autoptr(GPtrArray) names = names_of (host);
  const char *first = g_ptr_array_index (names, 0);

  note (code, gnutls_x509_crt_set_dn_by_oid (certificate, GNUTLS_OID_X520_COMMON_NAME, 0, first,
                                             strlen (first)));
  for (guint i = 0; i < names->len; i++)
    {
      const char *name = g_ptr_array_index (names, i);

      note (code, gnutls_x509_crt_set_subject_alt_name (certificate, GNUTLS_SAN_DNSNAME, name,
                                                        strlen (name), GNUTLS_FSAN_APPEND));
    }
}

static void
add_addresses (gnutls_x509_crt_t   certificate,
               const char * const *addresses,
               int                *code)
{
  for (guint i = 0; addresses[i] != NULL; i++)
    {
      struct in6_addr bytes;
      guint size = 0;

      if (inet_pton (AF_INET, addresses[i], &bytes) == 1)
        size = 4;
      else if (inet_pton (AF_INET6, addresses[i], &bytes) == 1)
        size = 16;
      if (size > 0)
        note (code, gnutls_x509_crt_set_subject_alt_name (certificate, GNUTLS_SAN_IPADDRESS, &bytes,
                                                          size, GNUTLS_FSAN_APPEND));
    }
}

static void
add_serial (gnutls_x509_crt_t  certificate,
            int               *code)
{
  guint8 serial[SERIAL_LEN];

  dyno_crypt_random (serial, sizeof serial);
  serial[0] = (serial[0] & 0x7f) | 0x40; /* a positive number of full length */
  note (code, gnutls_x509_crt_set_serial (certificate, serial, sizeof serial));
}

static void
add_life (gnutls_x509_crt_t  certificate,
          gint64             now_ms,
          int               *code)
{
  time_t start = (time_t) (now_ms / 1000 - BACK_S);

  note (code, gnutls_x509_crt_set_activation_time (certificate, start));
  note (code, gnutls_x509_crt_set_expiration_time (certificate, start + LIFE_S));
}

static void
sign (gnutls_x509_crt_t      certificate,
      gnutls_x509_privkey_t  key,
      int                   *code)
{
  note (code, gnutls_x509_crt_set_version (certificate, 3));
  note (code, gnutls_x509_crt_set_key (certificate, key));
  note (code, gnutls_x509_crt_set_basic_constraints (certificate, 0, -1));
  note (code, gnutls_x509_crt_set_key_usage (certificate, GNUTLS_KEY_DIGITAL_SIGNATURE));
  note (code, gnutls_x509_crt_set_key_purpose_oid (certificate, GNUTLS_KP_TLS_WWW_SERVER, 0));
  note (code, gnutls_x509_crt_sign2 (certificate, certificate, key, GNUTLS_DIG_SHA256, 0));
}

char *
dyno_certificate_issue (GBytes              *key,
                        const char          *host,
                        const char * const  *addresses,
                        gint64               now_ms,
                        GError             **error)
{
  g_auto(gnutls_x509_privkey_t) signer = read_key (key, error);
  g_auto(gnutls_x509_crt_t) certificate = NULL;
  gnutls_datum_t pem = { NULL, 0 };
  char *text;
  int code = 0;

  if (signer == NULL)
    return NULL;

  note (&code, gnutls_x509_crt_init (&certificate));
  add_serial (certificate, &code);
  add_life (certificate, now_ms, &code);
  add_names (certificate, host, &code);
  add_addresses (certificate, addresses, &code);
  sign (certificate, signer, &code);
  note (&code, gnutls_x509_crt_export2 (certificate, GNUTLS_X509_FMT_PEM, &pem));
  if (!check (code, "The certificate cannot be made", error))
    return NULL;

  text = g_strndup ((const char *) pem.data, pem.size);
  gnutls_free (pem.data);

  return text;
}

/* Looking at one */

static gboolean
is_of_key (gnutls_x509_crt_t  certificate,
           GBytes            *key)
{
  g_auto(gnutls_x509_privkey_t) signer = read_key (key, NULL);
  guint8 ids[2][32];
  size_t sizes[2] = { sizeof ids[0], sizeof ids[1] };

  return signer != NULL
         && gnutls_x509_crt_get_key_id (certificate, GNUTLS_KEYID_USE_SHA256, ids[0],
                                        &sizes[0]) == 0
         && gnutls_x509_privkey_get_key_id (signer, GNUTLS_KEYID_USE_SHA256, ids[1],
                                            &sizes[1]) == 0
         && memcmp (ids[0], ids[1], sizeof ids[0]) == 0;
}

static gboolean
has_names (gnutls_x509_crt_t   certificate,
           const char         *host,
           const char * const *addresses)
{
  g_autoptr(GPtrArray) names = names_of (host);

  for (guint i = 0; i < names->len; i++)
    if (!gnutls_x509_crt_check_hostname (certificate, g_ptr_array_index (names, i)))
      return FALSE;
  for (guint i = 0; addresses[i] != NULL; i++)
    if (!gnutls_x509_crt_check_hostname (certificate, addresses[i]))
      return FALSE;

  return TRUE;
}

gboolean
dyno_certificate_is_due (const char         *certificate_pem,
                         GBytes             *key,
                         const char         *host,
                         const char * const *addresses,
                         gint64              now_ms)
{
  g_auto(gnutls_x509_crt_t) certificate = read_certificate (certificate_pem, NULL);

  return certificate == NULL
         || gnutls_x509_crt_get_expiration_time (certificate) - now_ms / 1000 < RENEW_S
         || !is_of_key (certificate, key)
         || !has_names (certificate, host, addresses);
}

static char *
base64url (const guint8 *bytes,
           gsize         length)
{
  char *text = g_base64_encode (bytes, length);

  g_strdelimit (text, "+", '-');
  g_strdelimit (text, "/", '_');
  text[strcspn (text, "=")] = '\0';

  return text;
}

gboolean
dyno_certificate_is_of_key (const char *certificate_pem,
                            GBytes     *key)
{
  g_auto(gnutls_x509_crt_t) certificate = read_certificate (certificate_pem, NULL);

  return certificate != NULL && is_of_key (certificate, key);
}

char *
dyno_certificate_get_pin (const char  *certificate_pem,
                          GError     **error)
{
  g_auto(gnutls_x509_crt_t) certificate = read_certificate (certificate_pem, error);
  g_auto(gnutls_pubkey_t) key = NULL;
  gnutls_datum_t der = { NULL, 0 };
  guint8 sum[32];
  int code = 0;

  if (certificate == NULL)
    return NULL;

  note (&code, gnutls_pubkey_init (&key));
  note (&code, gnutls_pubkey_import_x509 (key, certificate, 0));
  note (&code, gnutls_pubkey_export2 (key, GNUTLS_X509_FMT_DER, &der));
  if (!check (code, "The key of the certificate cannot be read", error))
    return NULL;

  dyno_crypt_sha256 (der.data, der.size, sum);
  gnutls_free (der.data);

  return base64url (sum, sizeof sum);
}

static void
add_word (GString *words,
          guint    number)
{
  static const char consonants[] = "bdfghjklmnprstvz";
  static const char vowels[] = "aiou";

  if (words->len > 0)
    g_string_append_c (words, ' ');
  g_string_append_c (words, consonants[number >> 12 & 15]);
  g_string_append_c (words, vowels[number >> 10 & 3]);
  g_string_append_c (words, consonants[number >> 6 & 15]);
  g_string_append_c (words, vowels[number >> 4 & 3]);
  g_string_append_c (words, consonants[number & 15]);
}

char *
dyno_certificate_pin_words (const char *pin)
{
  g_autofree char *padded = NULL;
  g_autofree guint8 *bytes = NULL;
  GString *words;
  gsize length;

  if (strlen (pin) != 43)
    return NULL;

  padded = g_strconcat (pin, "=", NULL);
  g_strdelimit (padded, "-", '+');
  g_strdelimit (padded, "_", '/');
  bytes = g_base64_decode (padded, &length);
  if (length != 32)
    return NULL;

  words = g_string_new (NULL);
  for (guint i = 0; i < 8; i++)
    add_word (words, (guint) bytes[2 * i] << 8 | bytes[2 * i + 1]);

  return g_string_free (words, FALSE);
}
