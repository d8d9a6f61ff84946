/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-alert-private.h"

#include <string.h>

#include "dyno-http-service.h"
#include "dyno-shape.h"
#include "dyno-shop-private.h"

#define TIMEOUT_MS 60000 /* of all attempts */
#define MAX_WAITING 100

struct _DynoAlertHook
{
  gatomicrefcount  n_refs;
  DynoShop        *shop;        /* (owned) */
  DynoHttpService *service;     /* (owned) */
  GCancellable    *cancellable; /* (owned) */
  GQueue           waiting;     /* of DynoAlert, owned */
  gboolean         is_calling;
};

static void call_next (DynoAlertHook *self);

static void
called_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  DynoAlertHook *self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(DynoHttpReply) reply = dyno_http_service_send_finish (result, &error);

  self->is_calling = FALSE;
  if (reply != NULL && reply->status >= 300)
    g_message ("The webhook refused an alert with status %u.", reply->status);
  else if (error != NULL && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_message ("The webhook was not told of an alert: %s", error->message);
  if (!g_cancellable_is_cancelled (self->cancellable))
    call_next (self);
  dyno_alert_hook_unref (self);
}

static void
call (DynoAlertHook   *self,
      const char      *url,
      const DynoAlert *alert)
{
  DynoJsonWriter *w = dyno_json_writer_new (FALSE);
  g_autofree char *text = NULL;
  g_autoptr(GBytes) body = NULL;
  DynoHttpRequest request = { .method = "POST", .url = url, .content_type = "application/json",
                              .timeout_ms = TIMEOUT_MS };

  dyno_shape_alert (w, alert);
  text = dyno_json_writer_finish (w);
  body = g_bytes_new (text, strlen (text));
  request.body = body;
  self->is_calling = TRUE;
  g_atomic_ref_count_inc (&self->n_refs);
  dyno_http_service_send_async (self->service, &request, TRUE, self->cancellable, called_cb, self);
}

static void
call_next (DynoAlertHook *self)
{
  g_autofree char *url = dyno_config_dup (self->shop->config, "alert.webhook");
  g_autoptr(DynoAlert) alert = NULL;

  if (*url == '\0')
    g_queue_clear_full (&self->waiting, (GDestroyNotify) dyno_alert_unref);
  if (self->is_calling || g_queue_is_empty (&self->waiting))
    return;

  alert = g_queue_pop_head (&self->waiting);
  call (self, url, alert);
}

DynoAlertHook *
dyno_alert_hook_new (DynoShop     *shop,
                     GCancellable *cancellable)
{
  DynoAlertHook *self = g_new0 (DynoAlertHook, 1);

  g_atomic_ref_count_init (&self->n_refs);
  self->shop = dyno_shop_ref (shop);
  self->service = dyno_http_service_new (shop->breakers, "webhook", shop->clock);
  self->cancellable = g_object_ref (cancellable);
  g_queue_init (&self->waiting);

  return self;
}

void
dyno_alert_hook_unref (DynoAlertHook *self)
{
  if (!g_atomic_ref_count_dec (&self->n_refs))
    return;

  g_queue_clear_full (&self->waiting, (GDestroyNotify) dyno_alert_unref);
  dyno_http_service_unref (self->service);
  g_object_unref (self->cancellable);
  dyno_shop_unref (self->shop);
  g_free (self);
}

void
dyno_alert_hook_push (DynoAlertHook *self,
                      DynoAlert     *alert)
{
  g_queue_push_tail (&self->waiting, dyno_alert_ref (alert));
  if (self->waiting.length > MAX_WAITING)
    dyno_alert_unref (g_queue_pop_head (&self->waiting));
  call_next (self);
}
