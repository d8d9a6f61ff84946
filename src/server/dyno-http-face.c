/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-http-face.h"

#include "dyno-api.h"
#include "dyno-certificate.h"
#include "dyno-day-book.h"
#include "dyno-error.h"
#include "dyno-http-face-private.h"
#include "dyno-keys.h"
#include "dyno-listener.h"
#include "dyno-login.h"
#include "dyno-stream.h"
#include "dyno-vault.h"

#include <string.h>

/* The parts */

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
make_service (DynoHttpFace  *self,
              GError       **error)
{
  DynoConfig *config = dyno_shop_get_config (self->shop);
  g_autoptr(GBytes) key = dyno_vault_ref_key (self->shop, DYNO_VAULT_CURSOR, error);
  g_autofree char *environment = dyno_config_dup (config, "server.environment");
  DynoService *service = &self->service;

  if (key == NULL)
    return FALSE;

  service->shop = self->shop;
  service->clock = self->clock;
  service->tokens.issuer = self->issuer;
  service->router = dyno_router_new (dyno_api_tables);
  service->openapi = dyno_openapi_new (dyno_api_tables);
  service->idempotency = dyno_idempotency_new (&dyno_idempotency_in_shop, self->shop);
  service->streams = dyno_streams_new (self->shop);
  service->upload_folder = dyno_shop_get_folders (self->shop)->data;
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
  self->service.tokens.ring = self->ring;
  dyno_auth_set_ring (self->auth, ring);
}

/* Starting, on a thread of the pool */

/* Waits in the server's own context, whose thread does not run yet, so that what is begun
 * here goes on there. */
typedef struct
{
  GMainContext *context;
  GAsyncResult *result; /* (owned) (nullable) */
} Wait;

static void
answered (GObject      *unused,
          GAsyncResult *result,
          gpointer      data)
{
  ((Wait *) data)->result = g_object_ref (result);
}

static GAsyncResult *
wait_for (Wait *wait)
{
  while (wait->result == NULL)
    g_main_context_iteration (wait->context, TRUE);

  return wait->result;
}

static gboolean
load_logins (DynoHttpFace  *self,
             GError       **error)
{
  Wait wait = { dyno_server_get_context (self->server), NULL };
  gboolean is_loaded;

  dyno_login_load_async (self->shop, NULL, answered, &wait);
  is_loaded = dyno_login_load_finish (wait_for (&wait), error);
  g_object_unref (wait.result);

  return is_loaded;
}

static gboolean
start_keys (DynoHttpFace  *self,
            GError       **error)
{
  Wait wait = { dyno_server_get_context (self->server), NULL };
  gboolean is_started;

  dyno_keys_start_async (self->shop, NULL, answered, &wait);
  is_started = dyno_keys_start_finish (wait_for (&wait), error);
  g_object_unref (wait.result);

  return is_started;
}

static gboolean
start_tokens (DynoHttpFace  *self,
              GError       **error)
{
  Wait wait = { dyno_server_get_context (self->server), NULL };
  gboolean is_started;

  self->keeper = dyno_token_keeper_new (self->shop, ring_changed, self);
  dyno_token_keeper_turn_async (self->keeper, NULL, answered, &wait);
  is_started = dyno_token_keeper_finish (wait_for (&wait), error);
  g_object_unref (wait.result);

  return is_started;
}

static gboolean
begin_credentials (DynoHttpFace  *self,
                   GError       **error)
{
  GMainContext *context = dyno_server_get_context (self->server);
  gboolean is_begun;

  g_main_context_push_thread_default (context);
  is_begun = load_logins (self, error) && start_keys (self, error) && start_tokens (self, error);
  g_main_context_pop_thread_default (context);

  return is_begun;
}

static gboolean
open_vault (DynoHttpFace  *self,
            DynoAwait     *await,
            GError       **error)
{
  DynoVaultState state;
  g_autofree char *install = NULL;

  dyno_vault_open_async (self->shop, NULL, dyno_await_cb, await);
  if (!dyno_vault_open_finish (dyno_await_wait (await), &state, error))
    return FALSE;
  if (state != DYNO_VAULT_READY)
    {
      g_autoptr(GBytes) key = dyno_vault_ref_key (self->shop, DYNO_VAULT_CURSOR, error);

      return FALSE;
    }
  install = dyno_vault_dup_install (self->shop);
  self->issuer = dyno_token_issuer (install);

  return TRUE;
}

static gboolean
unseal_settings (DynoHttpFace  *self,
                 DynoAwait     *await,
                 GError       **error)
{
  dyno_settings_unseal_async (self->shop, NULL, dyno_await_cb, await);

  return dyno_settings_unseal_finish (dyno_await_wait (await), error);
}

static gboolean
load_days (DynoHttpFace  *self,
           DynoAwait     *await,
           GError       **error)
{
  g_autoptr(GPtrArray) pages = NULL;
  g_autoptr(GArray) days = g_array_new (FALSE, TRUE, sizeof (DynoLimitDay));

  dyno_day_book_load_async (self->shop, NULL, dyno_await_cb, await);
  pages = dyno_day_book_load_finish (dyno_await_wait (await), error);
  if (pages == NULL)
    return FALSE;

  for (guint i = 0; i < pages->len; i++)
    {
      const DynoDayPage *page = g_ptr_array_index (pages, i);
      DynoLimitDay day = { .window = page->day, .count = page->used };

      g_strlcpy (day.policy, page->policy, sizeof day.policy);
      g_strlcpy (day.subject, page->subject, sizeof day.subject);
      g_array_append_val (days, day);
    }
  dyno_limit_load_days (self->limit, (const DynoLimitDay *) days->data, days->len,
                        dyno_clock_monotonic_us (self->clock));

  return TRUE;
}

static void
make_server (DynoHttpFace    *self,
             GTlsCertificate *certificate) /* (nullable) */
{
  static DynoServerCallbacks callbacks;
  DynoConfig *config = dyno_shop_get_config (self->shop);
  const DynoServerOptions options
    = { .addresses = (const char *const *) self->addresses,
        .port = dyno_http_choose_port (self),
        .lan_port = (guint16) dyno_config_get_integer (config, "server.lan_port"),
        .certificate = certificate,
        .admin_path = self->admin_path,
        .runtime_folder = self->folder };

  callbacks = dyno_pipeline_callbacks;
  callbacks.state = dyno_http_state_changed;
  self->server = dyno_server_new (&options, &callbacks, self->pipeline);
}

static gboolean
start (DynoHttpFace  *self,
       DynoAwait     *await,
       GError       **error)
{
  const GError *trouble = dyno_shop_get_trouble (self->shop);
  g_autoptr(DynoHttpIdentity) identity = NULL;

  if (trouble != NULL)
    {
      g_propagate_error (error, g_error_copy (trouble));
      return FALSE;
    }
  if (dyno_http_needs_lan (self->addresses)
      && !dyno_config_check_open (dyno_shop_get_config (self->shop), error))
    return FALSE;
  if (!open_vault (self, await, error) || !unseal_settings (self, await, error)
      || !dyno_http_take_settings (self, error) || !load_days (self, await, error)
      || !make_service (self, error))
    return FALSE;
  if (dyno_http_needs_lan (self->addresses))
    identity = dyno_http_identity_load (self->shop, await, error);
  if (dyno_http_needs_lan (self->addresses) && identity == NULL)
    return FALSE;

  make_auth (self);
  make_server (self, identity != NULL ? identity->certificate : NULL);
  if (identity != NULL)
    dyno_http_set_pin (self, identity->pin);
  if (!begin_credentials (self, error))
    return FALSE;

  dyno_server_start_async (self->server, dyno_await_cb, await);
  if (!dyno_server_start_finish (self->server, dyno_await_wait (await), error))
    return FALSE;
  dyno_shop_set_socket (self->shop, self->admin_path);

  return TRUE;
}

static void
start_thread (GTask        *task,
              gpointer      source,
              gpointer      data,
              GCancellable *cancellable)
{
  g_autoptr(DynoAwait) await = dyno_await_new ();
  GError *error = NULL;

  if (start (data, await, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/* The table */

static gpointer
http_make (DynoShop              *shop,
           const DynoFaceOptions *options)
{
  DynoHttpFace *self = g_new0 (DynoHttpFace, 1);

  self->shop = shop;
  self->clock = dyno_shop_get_clock (shop);
  self->options = *options;
  self->is_handed = g_getenv ("LISTEN_FDS") != NULL;
  g_mutex_init (&self->lock);
  self->addresses = dyno_http_choose_addresses (self);
  self->admission = dyno_admission_new (self->clock, dyno_http_gauge_delay, NULL);
  choose_folder (self);

  return self;
}

static void
http_start_async (gpointer             face,
                  GAsyncReadyCallback  callback,
                  gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (NULL, NULL, callback, user_data);

  g_task_set_source_tag (task, http_start_async);
  g_task_set_task_data (task, face, NULL);
  g_task_run_in_thread (task, start_thread);
}

static gboolean
http_start_finish (gpointer       face,
                   GAsyncResult  *result,
                   GError       **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
stopped (GObject      *unused,
         GAsyncResult *result,
         gpointer      data)
{
  g_autoptr(GTask) task = data;
  DynoHttpFace *self = g_task_get_task_data (task);
  GError *error = NULL;

  dyno_shop_set_socket (self->shop, NULL);
  if (dyno_server_stop_finish (self->server, result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
http_stop_async (gpointer             face,
                 guint                drain_ms,
                 GAsyncReadyCallback  callback,
                 gpointer             user_data)
{
  DynoHttpFace *self = face;
  GTask *task = g_task_new (NULL, NULL, callback, user_data);

  g_task_set_task_data (task, face, NULL);
  dyno_server_stop_async (self->server, drain_ms, stopped, task);
}

static gboolean
http_stop_finish (gpointer       face,
                  GAsyncResult  *result,
                  GError       **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
http_describe (gpointer       face,
               DynoFaceState *state)
{
  DynoHttpFace *self = face;
  guint16 port = dyno_server_get_port (self->server, DYNO_LISTENER_LOOPBACK);
  guint16 lan_port = dyno_server_get_port (self->server, DYNO_LISTENER_LAN);

  *state = (DynoFaceState) { .socket = g_strdup (self->admin_path),
                             .pin = dyno_http_dup_pin (self) };
  if (port != 0)
    state->url = g_strdup_printf ("http://127.0.0.1:%u", port);
  if (lan_port != 0)
    state->lan_url = g_strdup_printf ("https://%s.local:%u", g_get_host_name (), lan_port);
  if (state->pin != NULL)
    state->pin_words = dyno_certificate_pin_words (state->pin);
}

static void
free_service (DynoHttpFace *self)
{
  g_clear_pointer (&self->pipeline, dyno_pipeline_free);
  g_clear_pointer (&self->service.streams, dyno_streams_free);
  g_clear_pointer (&self->service.idempotency, dyno_idempotency_free);
  g_clear_pointer (&self->service.origin, dyno_origin_free);
  g_clear_pointer (&self->service.openapi, dyno_openapi_free);
  g_clear_pointer (&self->service.router, dyno_router_free);
}

static void
http_free (gpointer face)
{
  DynoHttpFace *self = face;

  g_clear_pointer (&self->keeper, dyno_token_keeper_free);
  g_clear_pointer (&self->server, dyno_server_unref);
  free_service (self);
  g_clear_pointer (&self->auth, dyno_auth_free);
  g_clear_pointer (&self->ring, dyno_token_ring_unref);
  g_clear_pointer (&self->forwarded, dyno_forwarded_free);
  g_clear_pointer (&self->admission, dyno_admission_free);
  g_clear_pointer (&self->limit, dyno_limit_free);
  g_clear_pointer (&self->own, g_strfreev);
  g_strfreev (self->addresses);
  g_mutex_clear (&self->lock);
  g_free (self->folder);
  g_free (self->admin_path);
  g_free (self->issuer);
  g_free (self->pin);
  g_free (self);
}

const DynoFace dyno_http_face = {
  .make = http_make,
  .start_async = http_start_async,
  .start_finish = http_start_finish,
  .stop_async = http_stop_async,
  .stop_finish = http_stop_finish,
  .describe = http_describe,
  .free = http_free,
};
