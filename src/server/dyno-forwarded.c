/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-forwarded.h"

#include <string.h>

#include "dyno-cidr.h"
#include "dyno-error.h"

#define MAX_HOPS 32

struct _DynoForwarded
{
  DynoCidrList *trusted; /* (owned) */
};

/* The networks that a word stands for; NULL where it is none of the words. */
static const char *
networks_of_word (const char *word)
{
  static const char *const yes[] = { "true", "1", "yes", "on", NULL };
  static const char *const no[] = { "false", "0", "no", "off", "", NULL };
  g_autofree char *lower = g_ascii_strdown (word, -1);

  if (g_strv_contains (yes, lower))
    return "127.0.0.0/8,::1";

  return g_strv_contains (no, lower) ? "" : NULL;
}

DynoForwarded *
dyno_forwarded_new (const char  *trust_proxy,
                    GError     **error)
{
  g_autoptr(DynoForwarded) self = NULL;
  const char *networks;

  g_return_val_if_fail (trust_proxy != NULL, NULL);

  self = g_new0 (DynoForwarded, 1);
  networks = networks_of_word (trust_proxy);
  self->trusted = dyno_cidr_list_parse (networks != NULL ? networks : trust_proxy, error);
  if (self->trusted == NULL)
    {
      g_prefix_error (error, "TRUST_PROXY: ");
      return NULL;
    }

  return g_steal_pointer (&self);
}

void
dyno_forwarded_free (DynoForwarded *self)
{
  g_clear_pointer (&self->trusted, dyno_cidr_list_free);
  g_free (self);
}

gboolean
dyno_forwarded_is_trusted (const DynoForwarded *self,
                           GInetAddress        *peer)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return dyno_cidr_list_contains (self->trusted, peer);
}

static gboolean
is_port (const char *text)
{
  guint64 port;

  return g_ascii_isdigit (*text) && g_ascii_string_to_unsigned (text, 10, 0, 65535, &port, NULL);
}

/* "192.0.2.1", "192.0.2.1:80", "2001:db8::1", "[2001:db8::1]", "[2001:db8::1]:443".
 * Changes `entry`. */
static GInetAddress *
read_address (char *entry)
{
  char *port = NULL;

  if (*entry == '[')
    {
      char *end = strchr (++entry, ']');

      if (end == NULL || (end[1] != '\0' && end[1] != ':') || !memchr (entry, ':', end - entry))
        return NULL;
      port = end[1] == ':' ? end + 2 : NULL;
      *end = '\0';
    }
  else if (strchr (entry, ':') == strrchr (entry, ':') && strchr (entry, ':') != NULL)
    {
      port = strchr (entry, ':');
      *port++ = '\0';
    }

  if (port != NULL && !is_port (port))
    return NULL;
  /* A zone ("fe80::1%eth0") means nothing beyond the machine that wrote it. */
  if (strchr (entry, '%') != NULL)
    return NULL;

  return g_inet_address_new_from_string (entry);
}

static GInetAddress *
refuse (GError     **error,
        const char  *entry)
{
  g_autofree char *shown = dyno_error_excerpt (entry);

  dyno_error_set (error, DYNO_ERROR_INVALID, "BAD_REQUEST",
                  "X-Forwarded-For: “%s” is no address.", shown);
  return NULL;
}

static GInetAddress *
walk (const DynoForwarded  *self,
      GInetAddress         *peer,
      const char           *lines,
      GError              **error)
{
  g_auto(GStrv) entries = g_strsplit (lines, ",", -1);
  g_autoptr(GInetAddress) address = g_object_ref (peer);
  guint n_hops = 0;

  if (entries[0] == NULL)
    return refuse (error, lines);

  for (guint i = g_strv_length (entries); i > 0; i--)
    {
      g_autofree char *shown = g_strdup (g_strstrip (entries[i - 1]));
      GInetAddress *next = ++n_hops <= MAX_HOPS ? read_address (entries[i - 1]) : NULL;

      if (next == NULL)
        return refuse (error, shown);
      g_set_object (&address, next);
      g_object_unref (next);
      if (!dyno_cidr_list_contains (self->trusted, address))
        break;
    }

  return dyno_cidr_plain_address (address);
}

GInetAddress *
dyno_forwarded_resolve (const DynoForwarded  *self,
                        GInetAddress         *peer,
                        const char           *lines,
                        DynoForwardedSource  *source,
                        GError              **error)
{
  g_return_val_if_fail (self != NULL && G_IS_INET_ADDRESS (peer) && source != NULL, NULL);

  *source = DYNO_FORWARDED_NONE;
  if (lines == NULL)
    return dyno_cidr_plain_address (peer);

  *source = DYNO_FORWARDED_IGNORED;
  if (!dyno_forwarded_is_trusted (self, peer))
    return dyno_cidr_plain_address (peer);

  *source = DYNO_FORWARDED_TAKEN;
  return walk (self, peer, lines, error);
}
