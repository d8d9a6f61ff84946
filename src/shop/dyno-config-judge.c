/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-config-private.h"

#include "dyno-error.h"
#include "dyno-scope.h"
#include "dyno-ve-options.h"

#include <gio/gio.h>
#include <string.h>

/* Texts that must have a form. */

#define MOST_HOSTS    32
#define SHORTEST_KEY  32
#define LONGEST_KEY   128

static gboolean
matches (const char *pattern,
         const char *text)
{
  return g_regex_match_simple (pattern, text, G_REGEX_DOLLAR_ENDONLY, 0);
}

/* The entries between commas, without blanks; empty ones are kept. (transfer full) */
static char **
split_entries (const char *text)
{
  char **entries = g_strsplit (text, ",", -1);

  for (char **entry = entries; *entry != NULL; entry++)
    g_strstrip (*entry);

  return entries;
}

/* The first entry that is not good, named; an empty text has none. */
static char *
judge_entries (const char *text,
               gboolean  (*is_good) (const char *entry),
               const char *what)
{
  g_auto(GStrv) entries = split_entries (text);

  for (char **entry = entries; *entry != NULL; entry++)
    {
      if (!is_good (*entry))
        return g_strdup_printf ("“%s” is no %s", *entry, what);
    }

  return NULL;
}

static gboolean
is_loopback (const char *host)
{
  g_autoptr(GInetAddress) address = g_inet_address_new_from_string (host);

  return g_str_equal (host, "localhost")
         || (address != NULL && g_inet_address_get_is_loopback (address));
}

char *
dyno_config_judge_address (const DynoConfigRow *row,
                           const char          *text)
{
  g_autoptr(GUri) uri = NULL;
  const char *host;

  if (*text == '\0')
    return NULL;

  uri = g_uri_parse (text, G_URI_FLAGS_NONE, NULL);
  host = uri != NULL ? g_uri_get_host (uri) : NULL;
  if (host == NULL || *host == '\0' || g_uri_get_userinfo (uri) != NULL
      || g_uri_get_fragment (uri) != NULL)
    return g_strdup ("it is no address of a service");
  if (g_str_equal (g_uri_get_scheme (uri), "https")
      || (g_str_equal (g_uri_get_scheme (uri), "http") && is_loopback (host)))
    return NULL;

  return g_strdup ("what is sent there would not be encrypted");
}

char *
dyno_config_judge_addresses (const DynoConfigRow *row,
                             const char          *text)
{
  return judge_entries (text, g_hostname_is_ip_address, "address");
}

/* One file, named as the program names it: the folder around it is the data folder. */
char *
dyno_config_judge_database (const DynoConfigRow *row,
                            const char          *text)
{
  if (*text == '\0')
    return NULL;
  if (!g_str_has_prefix (text, "sqlite:"))
    return g_strdup ("only SQLite is built in");
  if (!matches ("^sqlite:////([^?]*/)?dynoai\\.db$", text))
    return g_strdup ("it does not end in a file named dynoai.db");

  return NULL;
}

char *
dyno_config_judge_group (const DynoConfigRow *row,
                         const char          *text)
{
  g_autoptr(GInetAddress) address = g_inet_address_new_from_string (text);

  if (address != NULL && g_inet_address_get_family (address) == G_SOCKET_FAMILY_IPV4
      && g_inet_address_get_is_multicast (address))
    return NULL;

  return g_strdup ("it is no multicast address");
}

static gboolean
is_host (const char *entry)
{
  return matches ("^([A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*\\.?|\\[[0-9A-Fa-f:.]+\\])(:[1-9][0-9]{0,4})?$",
                  entry);
}

char *
dyno_config_judge_hosts (const DynoConfigRow *row,
                         const char          *text)
{
  g_auto(GStrv) entries = split_entries (text);

  if (*text == '\0')
    return NULL;
  if (g_strv_length (entries) > MOST_HOSTS)
    return g_strdup_printf ("it names more than %d", MOST_HOSTS);

  return judge_entries (text, is_host, "host name");
}

/* By its place in the list: what it says must not be seen. */
char *
dyno_config_judge_keys (const DynoConfigRow *row,
                        const char          *text)
{
  g_auto(GStrv) entries = split_entries (text);

  for (guint i = 0; *text != '\0' && entries[i] != NULL; i++)
    {
      gsize length = strlen (entries[i]);

      if (length < SHORTEST_KEY || length > LONGEST_KEY)
        return g_strdup_printf ("entry %u has %s than %d characters", i + 1,
                                length < SHORTEST_KEY ? "fewer" : "more",
                                length < SHORTEST_KEY ? SHORTEST_KEY : LONGEST_KEY);
      if (!matches ("^[!-~]+$", entries[i]))
        return g_strdup_printf ("entry %u holds a character that no key may have", i + 1);
    }

  return NULL;
}

char *
dyno_config_judge_locale (const DynoConfigRow *row,
                          const char          *text)
{
  if (g_str_equal (text, "system") || matches ("^[a-z]{2,3}(_[A-Z]{2})?$", text))
    return NULL;

  return g_strdup ("it is no language");
}

/* The key is "analysis." and the option's own name. */
char *
dyno_config_judge_option (const DynoConfigRow *row,
                          const char          *text)
{
  g_autoptr(DynoVeOptions) options = dyno_ve_options_new ();
  g_autoptr(DynoAnalysisError) cause = NULL;
  const char *name = strchr (row->key, '.') + 1;

  if (*text == '\0' || dyno_ve_options_set_text (options, name, text, &cause))
    return NULL;

  return g_strdup ("the analysis does not take it");
}

static gboolean
is_origin (const char *entry)
{
  return matches ("^https?://([A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+\\])(:[1-9][0-9]{0,4})?$", entry);
}

char *
dyno_config_judge_origins (const DynoConfigRow *row,
                           const char          *text)
{
  return *text != '\0' ? judge_entries (text, is_origin, "origin") : NULL;
}

static gboolean
is_network (const char *entry)
{
  g_autoptr(GInetAddressMask) mask = g_inet_address_mask_new_from_string (entry, NULL);

  return mask != NULL;
}

char *
dyno_config_judge_proxies (const DynoConfigRow *row,
                           const char          *text)
{
  gboolean unused;

  return dyno_config_parse_boolean (text, &unused) ? NULL
                                                   : judge_entries (text, is_network, "network");
}

/* Each period once: a minute, an hour, a day. */
char *
dyno_config_judge_rates (const DynoConfigRow *row,
                         const char          *text)
{
  static const char *const periods[] = { "/minute", "/hour", "/day" };

  if (!matches ("^[1-9][0-9]{0,6}/(minute|hour|day)(;[1-9][0-9]{0,6}/(minute|hour|day)){0,2}$", text))
    return g_strdup ("it is no list of rates");

  for (guint i = 0; i < G_N_ELEMENTS (periods); i++)
    {
      const char *first = strstr (text, periods[i]);

      if (first != NULL && strstr (first + 1, periods[i]) != NULL)
        return g_strdup_printf ("it names %s twice", periods[i] + 1);
    }

  return NULL;
}

char *
dyno_config_judge_scopes (const DynoConfigRow *row,
                          const char          *text)
{
  g_autoptr(GError) error = NULL;
  DynoScopes scopes;

  if (dyno_scopes_parse (text, &scopes, &error))
    return NULL;

  return g_strndup (error->message, strcspn (error->message, "."));
}

/* What is not of this machine alone must ask who is there. */
static gboolean
is_open_to_others (DynoConfig *self)
{
  g_autofree char *text = dyno_config_dup (self, "server.host");
  g_auto(GStrv) entries = split_entries (text);

  for (char **entry = entries; *entry != NULL; entry++)
    {
      if (!is_loopback (*entry))
        return TRUE;
    }

  return FALSE;
}

gboolean
dyno_config_check_open (DynoConfig  *self,
                        GError     **error)
{
  g_autofree char *registration = dyno_config_dup (self, "auth.registration");
  const char *key = NULL;

  if (!dyno_config_get_boolean (self, "auth.enabled"))
    key = "auth.enabled=false";
  else if (!dyno_config_get_boolean (self, "limit.enabled"))
    key = "limit.enabled=false";
  else if (g_str_equal (registration, "open"))
    key = "auth.registration=open";
  if (key == NULL)
    return TRUE;

  dyno_error_set (error, DYNO_ERROR_INVALID, "config",
                  "%s is for this machine alone, and server.host or --lan opens the service to "
                  "others: change one of the two.", key);

  return FALSE;
}

gboolean
dyno_config_judge_whole (DynoConfig  *self,
                         GError     **error)
{
  return !is_open_to_others (self) || dyno_config_check_open (self, error);
}
