/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* The service on the network of its machine, which changes: addresses, certificate,
 * listeners, the name by which others find it; part of dyno-http-face.h. */

#include "config.h"

#include "dyno-http-face-private.h"

#include "dyno-await.h"

/* The certificate, off the thread */

static void
identity_thread (GTask        *task,
                 gpointer      source,
                 gpointer      shop,
                 GCancellable *cancellable)
{
  g_autoptr(DynoAwait) await = dyno_await_new ();
  GError *error = NULL;
  DynoHttpIdentity *identity = dyno_http_identity_load (shop, await, &error);

  if (identity != NULL)
    g_task_return_pointer (task, identity, (GDestroyNotify) dyno_http_identity_free);
  else
    g_task_return_error (task, error);
}

/* The end waits for the answer, so the service is there. */
static void
load_identity (DynoHttpFace        *self,
               GAsyncReadyCallback  callback)
{
  g_autoptr(GTask) task = g_task_new (NULL, NULL, callback, self);

  self->n_pending++;
  g_task_set_task_data (task, self->shop, NULL);
  g_task_run_in_thread (task, identity_thread);
}

static gboolean
take_identity (DynoHttpFace *self,
               GAsyncResult *result)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(DynoHttpIdentity) identity = g_task_propagate_pointer (G_TASK (result), &error);

  self->n_pending--;
  if (identity == NULL)
    {
      g_warning ("There is no certificate for the LAN: %s", error->message);
      return FALSE;
    }

  dyno_server_set_certificate (self->server, identity->certificate);
  dyno_http_set_pin (self, identity->pin);

  return TRUE;
}

/* The pin */

void
dyno_http_set_pin (DynoHttpFace *self,
                   const char   *pin)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  g_free (self->pin);
  self->pin = g_strdup (pin);
}

char *
dyno_http_dup_pin (DynoHttpFace *self)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return g_strdup (self->pin);
}

/* Found by others */

/* Nobody else can reach what listens on this machine alone: that is not shown. */
void
dyno_http_show_mdns (DynoHttpFace *self)
{
  g_autofree char *name = g_strdup_printf ("DynoAI on %.50s", g_get_host_name ());
  g_autofree char *pin = dyno_http_dup_pin (self);
  const DynoMdnsService service
    = { .name = name,
        .port = dyno_server_get_port (self->server, DYNO_LISTENER_LAN),
        .pin = pin };

  g_clear_pointer (&self->mdns, dyno_mdns_free);
  if (service.port != 0
      && dyno_config_get_boolean (dyno_shop_get_config (self->shop), "server.mdns"))
    self->mdns = dyno_mdns_new (&service);
}

/* Listening */

static void
listen_now (DynoHttpFace *self)
{
  DynoConfig *config = dyno_shop_get_config (self->shop);
  g_autoptr(GError) error = NULL;

  if (!dyno_server_listen_anew (self->server, (const char *const *) self->addresses,
                                dyno_http_choose_port (self),
                                (guint16) dyno_config_get_integer (config, "server.lan_port"),
                                &error))
    g_warning ("The service listens where it did: %s", error->message);
  dyno_http_show_mdns (self);
}

static void
listen_cb (GObject      *unused,
           GAsyncResult *result,
           gpointer      data)
{
  DynoHttpFace *self = data;

  if (take_identity (self, result) && dyno_server_get_state (self->server) == DYNO_SERVER_LIVE)
    listen_now (self);
}

void
dyno_http_listen_anew (DynoHttpFace *self)
{
  if (dyno_http_needs_lan (self->addresses))
    load_identity (self, listen_cb);
  else
    listen_now (self);
}

/* Change */

static void
renewed_cb (GObject      *unused,
            GAsyncResult *result,
            gpointer      data)
{
  take_identity (data, result);
}

void
dyno_http_look_at_network (DynoHttpFace *self,
                           gboolean      is_daily)
{
  g_auto(GStrv) now = dyno_http_own_addresses ();
  gboolean has_changed = self->own == NULL
                         || !g_strv_equal ((const char *const *) now,
                                           (const char *const *) self->own);

  if (has_changed)
    {
      dyno_origin_refresh (self->service.origin);
      g_strfreev (self->own);
      self->own = g_steal_pointer (&now);
    }
  if ((has_changed || is_daily) && dyno_server_get_port (self->server, DYNO_LISTENER_LAN) != 0)
    load_identity (self, renewed_cb);
}
