/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* The certificate of the LAN listener, kept; part of dyno-http-face.h. */

#include "config.h"

#include "dyno-http-face-private.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>

#include "dyno-certificate.h"
#include "dyno-error.h"
#include "dyno-tls.h"
#include "dyno-vault.h"

#define SECRET_NAME "tls.key"

static GBytes *
load_key (DynoShop   *shop,
          DynoAwait  *await,
          GError    **error)
{
  g_autoptr(GError) missing = NULL;
  g_autoptr(GBytes) key = NULL;

  dyno_vault_load_secret_async (shop, SECRET_NAME, NULL, dyno_await_cb, await);
  key = dyno_vault_load_secret_finish (dyno_await_wait (await), &missing);
  if (key != NULL)
    return g_steal_pointer (&key);
  if (!g_error_matches (missing, DYNO_ERROR, DYNO_ERROR_NOT_FOUND))
    {
      g_propagate_error (error, g_steal_pointer (&missing));
      return NULL;
    }

  key = dyno_certificate_new_key (error);
  if (key == NULL)
    return NULL;
  dyno_vault_keep_secret_async (shop, SECRET_NAME, key, NULL, dyno_await_cb, await);

  return dyno_vault_keep_secret_finish (dyno_await_wait (await), error) ? g_steal_pointer (&key)
                                                                        : NULL;
}

static char *
name_of (const struct sockaddr *address)
{
  g_autoptr(GInetAddress) inet = NULL;

  if (address != NULL && address->sa_family == AF_INET)
    inet = g_inet_address_new_from_bytes (
        (const guint8 *) &((const struct sockaddr_in *) address)->sin_addr, G_SOCKET_FAMILY_IPV4);
  else if (address != NULL && address->sa_family == AF_INET6)
    inet = g_inet_address_new_from_bytes (
        (const guint8 *) &((const struct sockaddr_in6 *) address)->sin6_addr, G_SOCKET_FAMILY_IPV6);
  if (inet == NULL || g_inet_address_get_is_link_local (inet))
    return NULL;

  return g_inet_address_to_string (inet);
}

char **
dyno_http_own_addresses (void)
{
  g_autoptr(GPtrArray) names = g_ptr_array_new ();
  struct ifaddrs *all = NULL;

  if (getifaddrs (&all) == 0)
    {
      for (const struct ifaddrs *one = all; one != NULL; one = one->ifa_next)
        {
          char *name = (one->ifa_flags & IFF_UP) != 0 ? name_of (one->ifa_addr) : NULL;

          if (name != NULL)
            g_ptr_array_add (names, name);
        }
      freeifaddrs (all);
    }
  g_ptr_array_sort (names, (GCompareFunc) g_strcmp0);
  g_ptr_array_add (names, NULL);

  return (char **) g_ptr_array_free (g_steal_pointer (&names), FALSE);
}

static gboolean
write_certificate (const char  *path,
                   const char  *pem,
                   GError     **error)
{
  g_autofree char *folder = g_path_get_dirname (path);
  g_autoptr(GError) cause = NULL;

  if (g_mkdir_with_parents (folder, 0700) == 0
      && g_file_set_contents_full (path, pem, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0644, &cause))
    return TRUE;

  dyno_error_set (error, DYNO_ERROR_UNAVAILABLE, "certificate",
                  "The certificate for the LAN could not be kept: %s.",
                  cause != NULL ? cause->message : g_strerror (errno));

  return FALSE;
}

/* (transfer full) PEM */
static char *
load_certificate (DynoShop  *shop,
                  GBytes    *key,
                  GError   **error)
{
  g_autofree char *path = g_build_filename (dyno_shop_get_folders (shop)->data, "tls",
                                            "server.crt", NULL);
  g_auto(GStrv) addresses = dyno_http_own_addresses ();
  gint64 now_ms = dyno_clock_real_us (dyno_shop_get_clock (shop)) / 1000;
  g_autofree char *pem = NULL;

  if (g_file_get_contents (path, &pem, NULL, NULL)
      && !dyno_certificate_is_due (pem, key, g_get_host_name (), (const char *const *) addresses,
                                   now_ms))
    return g_steal_pointer (&pem);

  g_free (pem);
  pem = dyno_certificate_issue (key, g_get_host_name (), (const char *const *) addresses, now_ms,
                                error);

  return pem != NULL && write_certificate (path, pem, error) ? g_steal_pointer (&pem) : NULL;
}

DynoHttpIdentity *
dyno_http_identity_load (DynoShop   *shop,
                         DynoAwait  *await,
                         GError    **error)
{
  g_autoptr(GBytes) key = load_key (shop, await, error);
  g_autofree char *pem = key != NULL ? load_certificate (shop, key, error) : NULL;
  g_autoptr(DynoHttpIdentity) self = NULL;

  if (pem == NULL)
    return NULL;

  self = g_new0 (DynoHttpIdentity, 1);
  self->pin = dyno_certificate_get_pin (pem, error);
  if (self->pin == NULL)
    return NULL;
  self->certificate = dyno_tls_new_certificate (pem, key, error);

  return self->certificate != NULL ? g_steal_pointer (&self) : NULL;
}

void
dyno_http_identity_free (DynoHttpIdentity *self)
{
  g_clear_object (&self->certificate);
  g_free (self->pin);
  g_free (self);
}
