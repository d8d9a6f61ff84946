/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-http-face.h"

#include "dyno-api.h"
#include "dyno-certificate.h"
#include "dyno-error.h"
#include "dyno-http-face-private.h"
#include "dyno-keys.h"
#include "dyno-listener.h"
#include "dyno-login.h"
#include "dyno-vault.h"

#include <string.h>

#define SAVE_EVERY 10 /* ticks of a second */

/* The parts */

static gboolean
is_loopback (const char *address)
{
  g_autoptr(GInetAddress) inet = g_inet_address_new_from_string (address);

  return inet != NULL && g_inet_address_get_is_loopback (inet);
}

static void
choose_addresses (DynoHttpFace *self)
{
  DynoConfig *config = dyno_shop_get_config (self->shop);
  g_auto(GStrv) hosts = dyno_config_dup_list (config, "server.host");

  self->addresses = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; hosts[i] != NULL; i++)
    {
      self->is_lan |= !is_loopback (hosts[i]);
      g_ptr_array_add (self->addresses, g_strdup (hosts[i]));
    }
  if (self->options.is_lan && !self->is_lan)
    {
      self->is_lan = TRUE;
      g_ptr_array_add (self->addresses, g_strdup ("0.0.0.0"));
    }
  g_ptr_array_add (self->addresses, NULL);
}

/* The folder of the runtime, and in it the admin socket of this data folder. */
static void
choose_folder (DynoHttpFace *self)
{
  g_auto(GStrv) env = g_get_environ ();
  g_autoptr(DynoFolders) usual = dyno_folders_new (NULL, (const char *const *) env);
  const char *runtime = g_environ_getenv (env, "XDG_RUNTIME_DIR");
  const char *app = g_environ_getenv (env, "FLATPAK_ID");

  self->admin_path = dyno_listener_admin_path (runtime, app,
                                               dyno_shop_get_folders (self->shop)->data, usual->data);
  self->folder = g_path_get_dirname (self->admin_path);
}

static gboolean
make_limits (DynoHttpFace  *self,
             GError       **error)
{
  DynoConfig *config = dyno_shop_get_config (self->shop);
  g_autofree char *usual = dyno_config_dup (config, "limit.default");
  g_autofree char *expensive = dyno_config_dup (config, "limit.expensive");
  g_autofree char *algorithm = dyno_config_dup (config, "limit.algorithm");
  g_autofree char *proxies = dyno_config_dup (config, "server.trust_proxy");
  DynoLimitSettings settings = { .is_enabled = dyno_config_get_boolean (config, "limit.enabled"),
                                 .default_text = usual,
                                 .expensive_text = expensive,
                                 .burst = dyno_config_get_integer (config, "limit.burst") };

  if (!dyno_limit_parse_algorithm (algorithm, &settings.algorithm, error)
      || !dyno_limit_rules_init (&self->rules, &settings, error))
    return FALSE;

  self->limit = dyno_limit_new (&self->rules, self->clock);
  self->admission = dyno_admission_new (self->clock, NULL, NULL);
  self->forwarded = dyno_forwarded_new (proxies, error);

  return self->forwarded != NULL;
}

static gboolean
make_origin (DynoHttpFace  *self,
             GError       **error)
{
  DynoConfig *config = dyno_shop_get_config (self->shop);
  g_auto(GStrv) hosts = dyno_config_dup_list (config, "server.allowed_hosts");
  g_auto(GStrv) origins = dyno_config_dup_list (config, "server.cors_origins");
  const DynoOriginOptions options = { (const char *const *) hosts, (const char *const *) origins };

  self->service.origin = dyno_origin_new (&options, error);

  return self->service.origin != NULL;
}

static gboolean
make_service (DynoHttpFace  *self,
              GError       **error)
{
  DynoConfig *config = dyno_shop_get_config (self->shop);
  g_autoptr(GBytes) key = dyno_vault_ref_key (self->shop, DYNO_VAULT_CURSOR, error);
  g_autofree char *environment = dyno_config_dup (config, "server.environment");
  DynoService *service = &self->service;

  if (key == NULL || !make_origin (self, error))
    return FALSE;

  service->shop = self->shop;
  service->clock = self->clock;
  service->router = dyno_router_new (dyno_api_tables);
  service->openapi = dyno_openapi_new (dyno_api_tables);
  service->idempotency = dyno_idempotency_new (&dyno_idempotency_in_shop, self->shop);
  service->upload_folder = dyno_shop_get_folders (self->shop)->data;
  service->max_upload = (guint64) dyno_config_get_integer (config, "server.max_upload_mb") << 20;
  memcpy (service->cursor_key, g_bytes_get_data (key, NULL), sizeof service->cursor_key);
  service->is_checked = g_str_equal (environment, "development");
  self->pipeline = dyno_pipeline_new (service, &dyno_http_hooks, self);

  return TRUE;
}

/* Credentials */

static DynoLoginSet *
ref_set (gpointer data)
{
  return dyno_login_ref_set (((DynoHttpFace *) data)->shop);
}

static DynoPrincipal *
check_key (const char   *key,
           GInetAddress *address,
           gboolean     *was_known,
           gpointer      data)
{
  DynoHttpFace *self = data;
  g_autoptr(DynoKeySet) keys = dyno_keys_ref_set (self->shop);

  return dyno_key_set_check (keys, key, address, dyno_clock_real_us (self->clock) / 1000);
}

static gboolean
has_key (gpointer data)
{
  g_autoptr(DynoKeySet) keys = dyno_keys_ref_set (((DynoHttpFace *) data)->shop);

  return dyno_key_set_size (keys) > 0;
}

static void
make_auth (DynoHttpFace *self)
{
  const DynoAuthSource source
    = { .ref_set = ref_set,
        .check_key = check_key,
        .has_key = has_key,
        .data = self,
        .clock = self->clock,
        .issuer = self->issuer,
        .is_enabled = dyno_config_get_boolean (dyno_shop_get_config (self->shop), "auth.enabled") };

  self->auth = dyno_auth_new (&source);
}

/* Thread dyno-server, and before it that of the start. */
static void
ring_changed (DynoTokenRing *ring,
              gpointer       data)
{
  DynoHttpFace *self = data;

  g_clear_pointer (&self->ring, dyno_token_ring_unref);
  self->ring = dyno_token_ring_ref (ring);
  dyno_auth_set_ring (self->auth, ring);
}

/* On the server's thread */

static void
save_days (const DynoLimitDay *days,
           gsize               n,
           gpointer            data)
{
  dyno_day_book_save (((DynoHttpFace *) data)->shop, days, n);
}

static gboolean
tick_cb (gpointer data)
{
  static const DynoLimitKeeper keeper = { save_days };
  DynoHttpFace *self = data;

  dyno_admission_tick (self->admission);
  if (++self->n_ticks % SAVE_EVERY == 0)
    dyno_limit_save_days (self->limit, &keeper, self);

  return G_SOURCE_CONTINUE;
}

static void
begin_thread (DynoHttpFace *self)
{
  GMainContext *context = dyno_server_get_context (self->server);

  self->lag = dyno_lag_new (context, "server");
  self->tick = g_timeout_source_new_seconds (1);
  g_source_set_callback (self->tick, tick_cb, self, NULL);
  g_source_attach (self->tick, context);
}

static void
end_thread (DynoHttpFace *self)
{
  g_clear_pointer (&self->lag, dyno_lag_free);
  if (self->tick != NULL)
    g_source_destroy (self->tick);
  g_clear_pointer (&self->tick, g_source_unref);
  g_clear_pointer (&self->keeper, dyno_token_keeper_free);
}

static void
state_cb (DynoServer      *server,
          DynoServerState  state,
          gpointer         data)
{
  DynoHttpFace *self = dyno_pipeline_get_data (data);

  if (state == DYNO_SERVER_LIVE)
    begin_thread (self);
  else if (state == DYNO_SERVER_STOPPED)
    end_thread (self);
}
