/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-tls.h"

#include <string.h>

#include "dyno-certificate.h"
#include "dyno-error.h"

void
dyno_tls_set_floor (void)
{
  g_setenv ("G_TLS_GNUTLS_PRIORITY",
            "SECURE128:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:-CIPHER-ALL:+AES-256-GCM:+AES-128-GCM"
            ":+CHACHA20-POLY1305:-RSA",
            TRUE);
}

GTlsCertificate *
dyno_tls_new_certificate (const char  *certificate_pem,
                          GBytes      *key,
                          GError     **error)
{
  gsize n_key;
  const char *key_pem = g_bytes_get_data (key, &n_key);
  gsize n_certificate = strlen (certificate_pem);
  gsize length = n_certificate + 1 + n_key;
  char *pem = g_malloc (length + 1);
  GTlsCertificate *made;

  memcpy (pem, certificate_pem, n_certificate);
  pem[n_certificate] = '\n';
  memcpy (pem + n_certificate + 1, key_pem, n_key);
  pem[length] = '\0';
  made = g_tls_certificate_new_from_pem (pem, length, NULL);
  explicit_bzero (pem, length);
  g_free (pem);
  /* GIO takes a certificate without its key, or with that of another. */
  if (made == NULL || !dyno_certificate_is_of_key (certificate_pem, key))
    {
      g_clear_object (&made);
      dyno_error_set (error, DYNO_ERROR_INVALID, NULL,
                      "This is no certificate with its own key. Both must be PEM.");
    }

  return made;
}

static void
shaken_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  GError *error = NULL;

  if (g_tls_connection_handshake_finish (G_TLS_CONNECTION (source), result, &error))
    g_task_return_pointer (task, g_object_ref (source), g_object_unref);
  else
    g_task_return_error (task, error);
}

void
dyno_tls_shake_hands_async (GIOStream           *base,
                            GTlsCertificate     *certificate,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  static const char *const protocols[] = { "http/1.1", NULL };
  g_autoptr(GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  g_autoptr(GIOStream) tls = NULL;
  GError *error = NULL;

  tls = g_tls_server_connection_new (base, certificate, &error);
  if (tls == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  g_tls_connection_set_advertised_protocols (G_TLS_CONNECTION (tls),
                                             (const char *const *) protocols);
  g_tls_connection_set_require_close_notify (G_TLS_CONNECTION (tls), FALSE);
  g_tls_connection_handshake_async (G_TLS_CONNECTION (tls), G_PRIORITY_DEFAULT, cancellable,
                                    shaken_cb, g_steal_pointer (&task));
}

GIOStream *
dyno_tls_shake_hands_finish (GAsyncResult  *result,
                             GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
