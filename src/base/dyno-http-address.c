/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* Which addresses may be called. */

#include "config.h"

#include "dyno-http.h"

#include <string.h>

#include "dyno-error.h"

/* Carrier-grade NAT, unique local IPv6, and IPv4 inside IPv6 by NAT64 or 6to4, of
 * which GInetAddress knows nothing. */
static const char *const private_networks[] = { "100.64.0.0/10", "192.0.0.0/24", "198.18.0.0/15",
                                                "fc00::/7", "64:ff9b::/96", "64:ff9b:1::/48",
                                                "2002::/16", NULL };
/* "This network" and the reserved rest of IPv4 with the broadcast. */
static const char *const forbidden_networks[] = { "0.0.0.0/8", "240.0.0.0/4", NULL };

static gboolean
is_in (GInetAddress      *address,
       const char *const *networks)
{
  for (; networks != NULL && *networks != NULL; networks++)
    {
      g_autoptr(GInetAddressMask) mask = g_inet_address_mask_new_from_string (*networks, NULL);

      if (mask != NULL && g_inet_address_mask_matches (mask, address))
        return TRUE;
    }

  return FALSE;
}

/* IPv4 written as IPv6, ::ffff:10.0.0.1, is judged as what it is. (transfer full) */
static GInetAddress *
plain_address (GInetAddress *address)
{
  static const guint8 mapped[12] = { [10] = 0xff, [11] = 0xff };
  const guint8 *bytes = g_inet_address_to_bytes (address);

  if (g_inet_address_get_family (address) == G_SOCKET_FAMILY_IPV6
      && memcmp (bytes, mapped, sizeof mapped) == 0)
    return g_inet_address_new_from_bytes (bytes + sizeof mapped, G_SOCKET_FAMILY_IPV4);

  return g_object_ref (address);
}

static gboolean
is_private (GInetAddress *address)
{
  return g_inet_address_get_is_site_local (address) || is_in (address, private_networks);
}

static const char *
find_reason (GInetAddress      *address,
             gboolean           is_https,
             const char *const *networks)
{
  if (g_inet_address_get_is_any (address) || g_inet_address_get_is_multicast (address)
      || g_inet_address_get_is_link_local (address) || is_in (address, forbidden_networks))
    return "it belongs to nobody that can be called";
  if (g_inet_address_get_is_loopback (address))
    return NULL;
  if (!is_https)
    return "http is for this computer alone; use https";
  if (is_private (address) && !is_in (address, networks))
    return "it is in a private network that is not allowed";

  return NULL;
}

gboolean
dyno_http_check_address (GInetAddress       *address,
                         gboolean            is_https,
                         const char *const  *networks,
                         GError            **error)
{
  g_autoptr(GInetAddress) plain = plain_address (address);
  const char *reason = find_reason (plain, is_https, networks);
  g_autofree char *text = NULL;

  if (reason == NULL)
    return TRUE;

  text = g_inet_address_to_string (plain);
  dyno_error_set (error, DYNO_ERROR_DENIED, "address", "The address %s is not called: %s.", text,
                  reason);

  return FALSE;
}

gboolean
dyno_http_check_url (const char  *url,
                     GError     **error)
{
  g_autoptr(GUri) uri = g_uri_parse (url, G_URI_FLAGS_HAS_PASSWORD | G_URI_FLAGS_ENCODED, NULL);
  const char *scheme = uri != NULL ? g_uri_get_scheme (uri) : NULL;

  if (uri != NULL && g_uri_get_host (uri) != NULL && *g_uri_get_host (uri) != '\0'
      && g_uri_get_userinfo (uri) == NULL
      && (g_str_equal (scheme, "https") || g_str_equal (scheme, "http")))
    return TRUE;

  dyno_error_set (error, DYNO_ERROR_INVALID, "url",
                  "This is no address that can be called. Write https://, the name of the "
                  "computer and the path, without a user.");

  return FALSE;
}
