/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "dyno-certificate.h"
#include "dyno-crypt.h"
#include "dyno-error.h"
#include "dyno-test-hostile.h"
#include "dyno-test-server.h"
#include "dyno-tls.h"

/* The certificate, and the LAN listener with a client that speaks any TLS. */

#define NOW_MS ((gint64) 1763600000 * 1000)
#define DAY_MS ((gint64) 24 * 60 * 60 * 1000)
#define HELLO  DYNO_TEST_GET "\r\n"

static const char *const addresses[] = { "192.168.7.20", "fd00::7", NULL };
static const char *const more[] = { "192.168.7.20", "10.1.2.3", "fd00::7", NULL };

static gnutls_x509_crt_t
parse (const char *pem)
{
  gnutls_datum_t data = { (unsigned char *) pem, strlen (pem) };
  gnutls_x509_crt_t certificate;

  g_assert_cmpint (gnutls_x509_crt_init (&certificate), ==, 0);
  g_assert_cmpint (gnutls_x509_crt_import (certificate, &data, GNUTLS_X509_FMT_PEM), ==, 0);

  return certificate;
}

static void
test_certificate (void)
{
  g_autoptr(GBytes) key = dyno_certificate_new_key (NULL);
  g_autofree char *pem = dyno_certificate_issue (key, "bay-2", addresses, NOW_MS, NULL);
  gnutls_x509_crt_t certificate = parse (pem);
  char purpose[64];
  size_t size = sizeof purpose;
  guint8 serial[40];
  size_t n_serial = sizeof serial;
  guint bits;

  g_assert_cmpint (gnutls_x509_crt_get_pk_algorithm (certificate, &bits), ==, GNUTLS_PK_ECDSA);
  g_assert_cmpuint (bits, ==, 256);
  g_assert_true (gnutls_x509_crt_check_hostname (certificate, "bay-2"));
  g_assert_true (gnutls_x509_crt_check_hostname (certificate, "bay-2.local"));
  g_assert_true (gnutls_x509_crt_check_hostname (certificate, "localhost"));
  g_assert_true (gnutls_x509_crt_check_hostname (certificate, "192.168.7.20"));
  g_assert_true (gnutls_x509_crt_check_hostname (certificate, "fd00::7"));
  g_assert_false (gnutls_x509_crt_check_hostname (certificate, "192.168.7.21"));
  g_assert_cmpint (gnutls_x509_crt_get_expiration_time (certificate)
                     - gnutls_x509_crt_get_activation_time (certificate), ==, 397 * 86400);
  g_assert_cmpint (gnutls_x509_crt_get_key_purpose_oid (certificate, 0, purpose, &size, NULL),
                   ==, 0);
  g_assert_cmpstr (purpose, ==, GNUTLS_KP_TLS_WWW_SERVER);
  g_assert_cmpint (gnutls_x509_crt_get_serial (certificate, serial, &n_serial), ==, 0);
  g_assert_cmpuint (n_serial, ==, 16);
  gnutls_x509_crt_deinit (certificate);
}

static void
test_due (void)
{
  g_autoptr(GBytes) key = dyno_certificate_new_key (NULL);
  g_autoptr(GBytes) other = dyno_certificate_new_key (NULL);
  g_autofree char *pem = dyno_certificate_issue (key, "bay-2", addresses, NOW_MS, NULL);

  g_assert_false (dyno_certificate_is_due (pem, key, "bay-2", addresses, NOW_MS));
  g_assert_false (dyno_certificate_is_due (pem, key, "bay-2", addresses, NOW_MS + 366 * DAY_MS));
  g_assert_true (dyno_certificate_is_due (pem, key, "bay-2", addresses, NOW_MS + 367 * DAY_MS));
  g_assert_true (dyno_certificate_is_due (pem, key, "bay-3", addresses, NOW_MS));
  g_assert_true (dyno_certificate_is_due (pem, key, "bay-2", more, NOW_MS));
  g_assert_true (dyno_certificate_is_due (pem, other, "bay-2", addresses, NOW_MS));
  g_assert_true (dyno_certificate_is_due ("no certificate", key, "bay-2", addresses, NOW_MS));
}

/* The pin is of the key, so it outlives the certificate. */
static void
test_pin (void)
{
  g_autoptr(GBytes) key = dyno_certificate_new_key (NULL);
  g_autofree char *first = dyno_certificate_issue (key, "bay-2", addresses, NOW_MS, NULL);
  g_autofree char *second = dyno_certificate_issue (key, "my host!", more, NOW_MS + DAY_MS, NULL);
  g_autofree char *pin = dyno_certificate_get_pin (first, NULL);
  g_autofree char *same = dyno_certificate_get_pin (second, NULL);
  g_autofree char *words = dyno_certificate_pin_words (pin);
  g_auto(GStrv) split = g_strsplit (words, " ", 0);

  g_assert_cmpstr (first, !=, second);
  g_assert_cmpuint (strlen (pin), ==, 43);
  g_assert_cmpstr (pin, ==, same);
  g_assert_cmpuint (g_strv_length (split), ==, 8);
}

/* openssl x509 -pubkey -noout | openssl pkey -pubin -outform der | openssl dgst -sha256 -binary
 * | base64; and 127.0.0.1 63.84.220.193 are "lusab babad gutih tugad" in the article. */
static void
test_pin_golden (void)
{
  static const char pem[] =
    "-----BEGIN CERTIFICATE-----\n"
    "MIIBdjCCAR2gAwIBAgIUKFz1gihQygBZhLV+j+QiNrcOw4kwCgYIKoZIzj0EAwIw\n"
    "ETEPMA0GA1UEAwwGZ29sZGVuMB4XDTI2MTEyMDE5Mjc0N1oXDTI3MTIyMjE5Mjc0\n"
    "N1owETEPMA0GA1UEAwwGZ29sZGVuMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE\n"
    "Ok+/xxG03Wpmrw866VgRoAvv3uuokmgY6Q4pNz25UPUV0YMI/wLcaowPCBuUb/Dp\n"
    "epeyZcahgoVFUlSXoHiqXKNTMFEwHQYDVR0OBBYEFB6OzzoWtzKuNJGSUOW1+Ptd\n"
    "sQWsMB8GA1UdIwQYMBaAFB6OzzoWtzKuNJGSUOW1+PtdsQWsMA8GA1UdEwEB/wQF\n"
    "MAMBAf8wCgYIKoZIzj0EAwIDRwAwRAIgB3YGX2UchtgXZrZKdsua+JnVXWs9Kxua\n"
    "CSf9XV5C7AcCIEhlBeiWDuBMiD/sFDhZEdbH9G+MXnN69zjAruOg09yP\n"
    "-----END CERTIFICATE-----\n";
  g_autofree char *pin = dyno_certificate_get_pin (pem, NULL);
  g_autofree char *words =
    dyno_certificate_pin_words ("fwAAAT9U3MEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");

  g_assert_cmpstr (pin, ==, "gM7BxvegCpp2wcSyazglrp2fjn5K999m_CJCSu9RM_8");
  g_assert_true (g_str_has_prefix (words, "lusab babad gutih tugad "));
  g_assert_null (dyno_certificate_pin_words ("short"));
}

static void
test_wrong_key (void)
{
  g_autoptr(GBytes) key = dyno_certificate_new_key (NULL);
  g_autoptr(GBytes) none = g_bytes_new_static ("none", 4);
  g_autofree char *pem = dyno_certificate_issue (key, "bay-2", addresses, NOW_MS, NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(GError) second = NULL;

  g_assert_null (dyno_certificate_issue (none, "bay-2", addresses, NOW_MS, &error));
  g_assert_error (error, DYNO_ERROR, DYNO_ERROR_INVALID);
  g_assert_null (dyno_tls_new_certificate (pem, none, &second));
  g_assert_error (second, DYNO_ERROR, DYNO_ERROR_INVALID);
}

/* The wire */

typedef struct
{
  DynoTestServer *server;
  char           *pem;
} Fixture;

static void
set_up (Fixture             *f,
        const DynoPatience  *patience)
{
  g_autoptr(GBytes) key = dyno_certificate_new_key (NULL);
  g_autoptr(GTlsCertificate) certificate = NULL;

  f->pem = dyno_certificate_issue (key, "bay-2", addresses, g_get_real_time () / 1000, NULL);
  certificate = dyno_tls_new_certificate (f->pem, key, NULL);
  f->server = dyno_test_server_start (patience, certificate);
}

static void
tear_down (Fixture *f)
{
  dyno_test_server_free (f->server);
  g_free (f->pem);
}

typedef struct
{
  int              fd;
  gnutls_session_t session;
  gnutls_certificate_credentials_t credentials;
} Tls;

/* The answer of the handshake. */
static int
tls_open (Tls        *tls,
          guint16     port,
          const char *priority,
          const char *protocol)
{
  gnutls_datum_t name = { (unsigned char *) protocol, strlen (protocol) };
  int code;

  tls->fd = dyno_test_connect (port);
  gnutls_certificate_allocate_credentials (&tls->credentials);
  gnutls_init (&tls->session, GNUTLS_CLIENT);
  g_assert_cmpint (gnutls_priority_set_direct (tls->session, priority, NULL), ==, 0);
  gnutls_credentials_set (tls->session, GNUTLS_CRD_CERTIFICATE, tls->credentials);
  gnutls_alpn_set_protocols (tls->session, &name, 1, 0);
  gnutls_transport_set_int (tls->session, tls->fd);
  do
    code = gnutls_handshake (tls->session);
  while (code < 0 && !gnutls_error_is_fatal (code));

  return code;
}

static void
tls_close (Tls *tls)
{
  gnutls_deinit (tls->session);
  gnutls_certificate_free_credentials (tls->credentials);
  close (tls->fd);
}

static char *
tls_talk (Tls        *tls,
          const char *bytes)
{
  GString *text = g_string_new (NULL);
  char piece[4096];
  gssize n;

  g_assert_cmpint (gnutls_record_send (tls->session, bytes, strlen (bytes)), ==, strlen (bytes));
  do
    {
      n = gnutls_record_recv (tls->session, piece, sizeof piece);
      if (n > 0)
        g_string_append_len (text, piece, n);
    }
  while (n > 0 || (n < 0 && !gnutls_error_is_fatal (n)));

  return g_string_free (text, FALSE);
}

static void
test_serves (gconstpointer priority)
{
  Fixture f;
  Tls tls;
  gnutls_datum_t chosen;
  g_autofree char *replies = NULL;

  set_up (&f, NULL);
  g_assert_cmpint (tls_open (&tls, f.server->lan_port, priority, "http/1.1"), ==, 0);
  g_assert_cmpint (gnutls_alpn_get_selected_protocol (tls.session, &chosen), ==, 0);
  g_assert_cmpmem (chosen.data, chosen.size, "http/1.1", 8);
  replies = tls_talk (&tls, HELLO "GET /size/100000 HTTP/1.1\r\n" DYNO_TEST_HOST
                            "Connection: close\r\n\r\n");
  g_assert_true (g_str_has_prefix (dyno_test_body_of (replies), "GET /a 0 HTTP/1.1 200"));
  g_assert_cmpuint (strlen (replies), >, 100000);
  tls_close (&tls);
  tear_down (&f);
}

static void
test_refuses (gconstpointer priority)
{
  Fixture f;
  Tls tls;
  const DynoServerCounts *counts;

  set_up (&f, NULL);
  counts = dyno_server_get_counts (f.server->server);
  g_assert_cmpint (tls_open (&tls, f.server->lan_port, priority, "http/1.1"), <, 0);
  tls_close (&tls);
  dyno_test_wait_count (&counts->n_handshakes_failed, 1);
  g_assert_cmpuint (f.server->n_heads, ==, 0);
  tear_down (&f);
}

static void
test_shows_the_pinned_key (void)
{
  Fixture f;
  Tls tls;
  g_autofree char *pin = NULL;
  g_autofree char *seen = NULL;
  gnutls_datum_t shown;
  const gnutls_datum_t *peer;
  guint n;

  set_up (&f, NULL);
  g_assert_cmpint (tls_open (&tls, f.server->lan_port, "NORMAL", "http/1.1"), ==, 0);
  peer = gnutls_certificate_get_peers (tls.session, &n);
  g_assert_cmpuint (n, ==, 1);
  g_assert_cmpint (gnutls_pem_base64_encode2 ("CERTIFICATE", peer, &shown), ==, 0);
  pin = dyno_certificate_get_pin (f.pem, NULL);
  seen = dyno_certificate_get_pin ((const char *) shown.data, NULL);
  g_assert_cmpstr (pin, ==, seen);
  gnutls_free (shown.data);
  tls_close (&tls);
  tear_down (&f);
}

/* No redirect, no word: closed. */
static void
test_plain_bytes (void)
{
  Fixture f;
  g_autofree char *reply = NULL;

  set_up (&f, NULL);
  reply = dyno_test_talk (f.server->lan_port, HELLO, strlen (HELLO));
  g_assert_null (strstr (reply, "HTTP"));
  g_assert_cmpuint (f.server->n_heads, ==, 0);
  tear_down (&f);
}

static void
test_slow_handshake (void)
{
  DynoPatience patience = *dyno_patience_default ();
  Fixture f;
  int fd;
  g_autofree char *nothing = NULL;

  patience.handshake_us = G_USEC_PER_SEC / 2;
  set_up (&f, &patience);
  fd = dyno_test_connect (f.server->lan_port);
  nothing = dyno_test_receive_all (fd);
  g_assert_cmpstr (nothing, ==, "");
  close (fd);
  tear_down (&f);
}

static void
test_handshakes_at_once (void)
{
  Fixture f;
  int fds[DYNO_N_LISTENERS + 30];
  const DynoServerCounts *counts;

  set_up (&f, NULL);
  counts = dyno_server_get_counts (f.server->server);
  for (guint i = 0; i < G_N_ELEMENTS (fds); i++)
    fds[i] = dyno_test_connect (f.server->lan_port);
  dyno_test_wait_count (&counts->n_closed_at_cap, 1);
  g_assert_cmpuint (counts->n_open[DYNO_LISTENER_LAN], ==, 32);
  for (guint i = 0; i < G_N_ELEMENTS (fds); i++)
    close (fds[i]);
  dyno_test_wait_count (&counts->n_open[DYNO_LISTENER_LAN], 0);
  tear_down (&f);
}

static void
test_new_certificate (void)
{
  g_autoptr(GBytes) key = dyno_certificate_new_key (NULL);
  g_autofree char *pem = dyno_certificate_issue (key, "bay-3", addresses,
                                                 g_get_real_time () / 1000, NULL);
  g_autoptr(GTlsCertificate) certificate = dyno_tls_new_certificate (pem, key, NULL);
  g_autofree char *pin = dyno_certificate_get_pin (pem, NULL);
  g_autofree char *seen = NULL;
  gnutls_datum_t shown;
  Fixture f;
  Tls tls;
  guint n;

  set_up (&f, NULL);
  dyno_server_set_certificate (f.server->server, certificate);
  g_assert_cmpint (tls_open (&tls, f.server->lan_port, "NORMAL", "http/1.1"), ==, 0);
  gnutls_pem_base64_encode2 ("CERTIFICATE", gnutls_certificate_get_peers (tls.session, &n), &shown);
  seen = dyno_certificate_get_pin ((const char *) shown.data, NULL);
  g_assert_cmpstr (seen, ==, pin);
  gnutls_free (shown.data);
  tls_close (&tls);
  tear_down (&f);
}

int
main (int   argc,
      char *argv[])
{
  dyno_tls_set_floor ();
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/server/tls/certificate", test_certificate);
  g_test_add_func ("/server/tls/due", test_due);
  g_test_add_func ("/server/tls/pin", test_pin);
  g_test_add_func ("/server/tls/pin-golden", test_pin_golden);
  g_test_add_func ("/server/tls/wrong-key", test_wrong_key);
  g_test_add_data_func ("/server/tls/serves-1.3", "NORMAL:-VERS-ALL:+VERS-TLS1.3", test_serves);
  g_test_add_data_func ("/server/tls/serves-1.2", "NORMAL:-VERS-ALL:+VERS-TLS1.2", test_serves);
  g_test_add_data_func ("/server/tls/refuses-1.1", "NORMAL:-VERS-ALL:+VERS-TLS1.1", test_refuses);
  g_test_add_data_func ("/server/tls/refuses-1.0", "NORMAL:-VERS-ALL:+VERS-TLS1.0", test_refuses);
  g_test_add_data_func ("/server/tls/refuses-cbc",
                        "NORMAL:-VERS-ALL:+VERS-TLS1.2:-CIPHER-ALL:+AES-128-CBC", test_refuses);
  g_test_add_func ("/server/tls/shows-the-pinned-key", test_shows_the_pinned_key);
  g_test_add_func ("/server/tls/plain-bytes", test_plain_bytes);
  g_test_add_func ("/server/tls/slow-handshake", test_slow_handshake);
  g_test_add_func ("/server/tls/handshakes-at-once", test_handshakes_at_once);
  g_test_add_func ("/server/tls/new-certificate", test_new_certificate);

  return g_test_run ();
}
