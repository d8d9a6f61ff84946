/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* What the settings say about the service, at its start and while it runs; part of
 * dyno-http-face.h. What is not here is read where it is needed. */

#include "config.h"

#include "dyno-http-face-private.h"

/* Taking: each leaves what was before where the new value will not do. */

static gboolean
take_limits (DynoHttpFace  *self,
             GError       **error)
{
  DynoConfig *config = dyno_shop_get_config (self->shop);
  g_autofree char *usual = dyno_config_dup (config, "limit.default");
  g_autofree char *expensive = dyno_config_dup (config, "limit.expensive");
  g_autofree char *algorithm = dyno_config_dup (config, "limit.algorithm");
  DynoLimitSettings settings = { .is_enabled = dyno_config_get_boolean (config, "limit.enabled"),
                                 .default_text = usual,
                                 .expensive_text = expensive,
                                 .burst = dyno_config_get_integer (config, "limit.burst") };
  DynoLimitRules rules;

  if (!dyno_limit_parse_algorithm (algorithm, &settings.algorithm, error)
      || !dyno_limit_rules_init (&rules, &settings, error))
    return FALSE;

  self->rules = rules;
  if (self->limit == NULL)
    self->limit = dyno_limit_new (&self->rules, self->clock);
  else
    dyno_limit_set_rules (self->limit, &self->rules);

  return TRUE;
}

static gboolean
take_proxies (DynoHttpFace  *self,
              GError       **error)
{
  g_autofree char *proxies = dyno_config_dup (dyno_shop_get_config (self->shop), "server.trust_proxy");
  DynoForwarded *forwarded = dyno_forwarded_new (proxies, error);

  if (forwarded == NULL)
    return FALSE;

  g_clear_pointer (&self->forwarded, dyno_forwarded_free);
  self->forwarded = forwarded;

  return TRUE;
}

static gboolean
take_origin (DynoHttpFace  *self,
             GError       **error)
{
  DynoConfig *config = dyno_shop_get_config (self->shop);
  g_auto(GStrv) hosts = dyno_config_dup_list (config, "server.allowed_hosts");
  g_auto(GStrv) origins = dyno_config_dup_list (config, "server.cors_origins");
  const DynoOriginOptions options = { (const char *const *) hosts, (const char *const *) origins };
  DynoOrigin *origin = dyno_origin_new (&options, error);

  if (origin == NULL)
    return FALSE;

  g_clear_pointer (&self->service.origin, dyno_origin_free);
  self->service.origin = origin;

  return TRUE;
}

static gboolean
take_upload (DynoHttpFace  *self,
             GError       **error)
{
  gint64 mib = dyno_config_get_integer (dyno_shop_get_config (self->shop), "server.max_upload_mb");

  self->service.max_upload = (guint64) mib << 20;

  return TRUE;
}

gboolean
dyno_http_take_settings (DynoHttpFace  *self,
                         GError       **error)
{
  return take_limits (self, error) && take_proxies (self, error) && take_origin (self, error)
         && take_upload (self, error);
}

/* Where it listens */

static gboolean
is_loopback (const char *address)
{
  g_autoptr(GInetAddress) inet = g_inet_address_new_from_string (address);

  return inet != NULL && g_inet_address_get_is_loopback (inet);
}

gboolean
dyno_http_needs_lan (char **addresses)
{
  for (guint i = 0; addresses[i] != NULL; i++)
    {
      if (!is_loopback (addresses[i]))
        return TRUE;
    }

  return FALSE;
}

char **
dyno_http_choose_addresses (DynoHttpFace *self)
{
  g_auto(GStrv) hosts = dyno_config_dup_list (dyno_shop_get_config (self->shop), "server.host");
  g_autoptr(GStrvBuilder) all = g_strv_builder_new ();

  g_strv_builder_addv (all, (const char **) hosts);
  if (self->options.is_lan && !dyno_http_needs_lan (hosts))
    g_strv_builder_add (all, "0.0.0.0");

  return g_strv_builder_end (all);
}

guint16
dyno_http_choose_port (DynoHttpFace *self)
{
  if (self->options.port >= 0)
    return (guint16) self->options.port;

  return (guint16) dyno_config_get_integer (dyno_shop_get_config (self->shop), "server.port");
}

static gboolean
listen_anew (DynoHttpFace  *self,
             GError       **error)
{
  if (self->is_handed)
    return TRUE;

  g_strfreev (self->addresses);
  self->addresses = dyno_http_choose_addresses (self);
  dyno_http_listen_anew (self);

  return TRUE;
}

static gboolean
show_mdns (DynoHttpFace  *self,
           GError       **error)
{
  dyno_http_show_mdns (self);

  return TRUE;
}

/* Following */

static const struct
{
  const char *key;
  gboolean  (*take) (DynoHttpFace *self, GError **error);
} follows[] = {
  { "limit.algorithm", take_limits },
  { "limit.burst", take_limits },
  { "limit.default", take_limits },
  { "limit.enabled", take_limits },
  { "limit.expensive", take_limits },
  { "server.allowed_hosts", take_origin },
  { "server.cors_origins", take_origin },
  { "server.host", listen_anew },
  { "server.lan_port", listen_anew },
  { "server.max_upload_mb", take_upload },
  { "server.mdns", show_mdns },
  { "server.port", listen_anew },
  { "server.trust_proxy", take_proxies },
};

static void
changed_cb (DynoTopic   topic,
            const char *key,
            const char *detail,
            gpointer    data)
{
  g_autoptr(GError) error = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (follows); i++)
    {
      if (g_str_equal (follows[i].key, key) && !follows[i].take (data, &error))
        g_warning ("The service goes on without the new %s: %s", key, error->message);
    }
}

void
dyno_http_follow_settings (DynoHttpFace *self)
{
  self->following = dyno_bus_subscribe (dyno_shop_get_bus (self->shop), DYNO_TOPIC_CONFIG,
                                        dyno_server_get_context (self->server), changed_cb, self,
                                        NULL);
  dyno_http_show_mdns (self);
}

void
dyno_http_unfollow_settings (DynoHttpFace *self)
{
  dyno_bus_unsubscribe (dyno_shop_get_bus (self->shop), self->following);
  self->following = 0;
  g_clear_pointer (&self->mdns, dyno_mdns_free);
}
