/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-origin.h"

#include <ifaddrs.h>
#include <netinet/in.h>
#include <string.h>

#include "dyno-error.h"

struct _DynoOrigin
{
  char       **allowed_hosts; /* (owned) small letters */
  char       **cors_origins;  /* (owned) small letters */
  GHashTable  *names;         /* (owned) set: literals of this machine, its names */
};

/* "name" and "port" of a Host; port 0 where it names none. */
typedef struct
{
  char    *name; /* (owned) small letters, an IPv6 literal without brackets */
  guint16  port;
} HostPort;

static gboolean
read_port (const char *text,
           guint16    *port)
{
  guint64 value;

  if (!g_ascii_string_to_unsigned (text, 10, 1, 65535, &value, NULL))
    return FALSE;
  *port = (guint16) value;

  return TRUE;
}

/* FALSE for what is neither name, literal nor either with a port. */
static gboolean
host_port_read (HostPort   *self,
                const char *text)
{
  const char *close = text[0] == '[' ? strchr (text, ']') : NULL;
  const char *colon = strchr (close != NULL ? close : text, ':');
  g_autofree char *name = NULL;

  if (text[0] == '[' && close == NULL)
    return FALSE;
  if (close != NULL && close[1] != '\0' && close[1] != ':')
    return FALSE;

  self->port = 0;
  if (colon != NULL && !read_port (colon + 1, &self->port))
    return FALSE;
  if (close != NULL)
    name = g_strndup (text + 1, (gsize) (close - text) - 1);
  else
    name = colon != NULL ? g_strndup (text, (gsize) (colon - text)) : g_strdup (text);
  self->name = g_ascii_strdown (name, -1);

  return TRUE;
}

static void
add_name (DynoOrigin *self,
          const char *name)
{
  g_hash_table_add (self->names, g_ascii_strdown (name, -1));
}

static void
add_address (DynoOrigin            *self,
             const struct sockaddr *address)
{
  g_autoptr(GInetAddress) inet = NULL;
  g_autofree char *text = NULL;

  if (address == NULL)
    return;
  if (address->sa_family == AF_INET)
    inet = g_inet_address_new_from_bytes (
      (const guint8 *) &((const struct sockaddr_in *) (gconstpointer) address)->sin_addr,
      G_SOCKET_FAMILY_IPV4);
  else if (address->sa_family == AF_INET6)
    inet = g_inet_address_new_from_bytes (
      (const guint8 *) &((const struct sockaddr_in6 *) (gconstpointer) address)->sin6_addr,
      G_SOCKET_FAMILY_IPV6);
  if (inet == NULL)
    return;

  text = g_inet_address_to_string (inet);
  add_name (self, text);
}

void
dyno_origin_refresh (DynoOrigin *self)
{
  struct ifaddrs *all = NULL;
  g_autofree char *local = g_strconcat (g_get_host_name (), ".local", NULL);

  g_hash_table_remove_all (self->names);
  add_name (self, "localhost");
  add_name (self, "127.0.0.1");
  add_name (self, "::1");
  add_name (self, g_get_host_name ());
  add_name (self, local);

  if (getifaddrs (&all) != 0)
    return;
  for (const struct ifaddrs *one = all; one != NULL; one = one->ifa_next)
    add_address (self, one->ifa_addr);
  freeifaddrs (all);
}

static char **
lower_all (const char *const *texts)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();

  for (guint i = 0; texts != NULL && texts[i] != NULL; i++)
    {
      g_autofree char *small = g_ascii_strdown (texts[i], -1);

      g_strv_builder_add (builder, small);
    }

  return g_strv_builder_end (builder);
}

static gboolean
is_origin (const char *text)
{
  g_autoptr(GUri) uri = g_uri_parse (text, G_URI_FLAGS_NONE, NULL);

  return uri != NULL && g_uri_get_host (uri) != NULL && g_uri_get_host (uri)[0] != '\0'
         && g_uri_get_path (uri)[0] == '\0' && g_uri_get_query (uri) == NULL
         && g_uri_get_fragment (uri) == NULL && g_uri_get_userinfo (uri) == NULL;
}

static gboolean
check_origins (const char *const  *origins,
               GError            **error)
{
  for (guint i = 0; origins != NULL && origins[i] != NULL; i++)
    {
      if (is_origin (origins[i]) && strchr (origins[i], '*') == NULL)
        continue;
      dyno_error_set (error, DYNO_ERROR_INVALID, "config",
                      "“%s” in the list of origins is none. Write each as scheme://host:port, "
                      "without * and without a path.", origins[i]);
      return FALSE;
    }

  return TRUE;
}

DynoOrigin *
dyno_origin_new (const DynoOriginOptions  *options,
                 GError                  **error)
{
  DynoOrigin *self;

  if (!check_origins (options->cors_origins, error))
    return NULL;

  self = g_new0 (DynoOrigin, 1);
  self->allowed_hosts = lower_all (options->allowed_hosts);
  self->cors_origins = lower_all (options->cors_origins);
  self->names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  dyno_origin_refresh (self);

  return self;
}

void
dyno_origin_free (DynoOrigin *self)
{
  g_clear_pointer (&self->allowed_hosts, g_strfreev);
  g_clear_pointer (&self->cors_origins, g_strfreev);
  g_clear_pointer (&self->names, g_hash_table_unref);
  g_free (self);
}

/* "name" stands for the listener's port and for none (a proxy in front), "name:port" for
 * that port alone. */
static gboolean
is_allowed (DynoOrigin     *self,
            const HostPort *host,
            guint16         port)
{
  for (guint i = 0; self->allowed_hosts[i] != NULL; i++)
    {
      HostPort allowed = { NULL, 0 };
      gboolean fits = host_port_read (&allowed, self->allowed_hosts[i])
                      && g_str_equal (allowed.name, host->name)
                      && (allowed.port != 0 ? host->port == allowed.port
                                            : host->port == 0 || host->port == port);

      g_clear_pointer (&allowed.name, g_free);
      if (fits)
        return TRUE;
    }

  return FALSE;
}

static gboolean
is_loopback_literal (const char *name)
{
  g_autoptr(GInetAddress) address = g_inet_address_new_from_string (name);

  return address != NULL && g_inet_address_get_is_loopback (address);
}

gboolean
dyno_origin_knows (DynoOrigin       *self,
                   const char       *host,
                   DynoListenerKind  listener,
                   guint16           port,
                   gboolean          is_tls)
{
  HostPort read = { NULL, 0 };
  g_autofree char *name = NULL;
  guint16 asked;

  if (host == NULL || !host_port_read (&read, host))
    return FALSE;

  name = read.name;
  if (listener == DYNO_LISTENER_ADMIN)
    return g_str_equal (name, "localhost");
  if (is_allowed (self, &read, port))
    return TRUE;

  asked = read.port != 0 ? read.port : (is_tls ? 443 : 80);

  return asked == port && (g_hash_table_contains (self->names, name) || is_loopback_literal (name));
}

DynoOriginVerdict
dyno_origin_judge (DynoOrigin *self,
                   const char *origin,
                   const char *host,
                   gboolean    is_tls)
{
  g_autofree char *ours = NULL;
  g_autofree char *asked = NULL;

  if (origin == NULL)
    return DYNO_ORIGIN_ABSENT;

  ours = g_strconcat (is_tls ? "https://" : "http://", host, NULL);
  asked = g_ascii_strdown (origin, -1);
  if (g_ascii_strcasecmp (asked, ours) == 0)
    return DYNO_ORIGIN_OURS;

  return g_strv_contains ((const char *const *) self->cors_origins, asked) ? DYNO_ORIGIN_LISTED
                                                                           : DYNO_ORIGIN_FOREIGN;
}
