/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* What raises alerts by itself. All of it runs on the context of the watch; the closing
 * may end it from another thread, so whatever may still be on its way holds it. */

#include "config.h"

#include "dyno-alert-private.h"

#include <math.h>
#include <string.h>

#include "dyno-shop-private.h"

#define LOOK_S 5
#define DEGRADED_US (60 * (gint64) G_USEC_PER_SEC)

typedef struct
{
  double low;  /* NaN: none */
  double high;
} Limit;

typedef struct
{
  gatomicrefcount  n_refs;
  DynoShop        *shop;         /* (owned) */
  DynoAlertHook   *hook;         /* (owned) */
  GCancellable    *cancellable;  /* (owned) */
  GSource         *timer;        /* (owned) */
  guint            subscription;
  char            *vehicle_id;   /* (owned) (nullable) whose limits these are */
  Limit            limits[DYNO_N_CHANNELS];
  gboolean         was_recording;
} Watch;

static Watch *
watch_ref (Watch *self)
{
  g_atomic_ref_count_inc (&self->n_refs);

  return self;
}

static void
watch_unref (gpointer data)
{
  Watch *self = data;

  if (!g_atomic_ref_count_dec (&self->n_refs))
    return;

  dyno_alert_hook_unref (self->hook);
  g_object_unref (self->cancellable);
  g_free (self->vehicle_id);
  dyno_shop_unref (self->shop);
  g_free (self);
}

/* Health */

static void
judge_component (Watch               *self,
                 const DynoComponent *component,
                 gint64               now_us)
{
  g_autofree char *name = g_strconcat ("component.", component->name, NULL);
  g_autofree char *message
    = g_strdup_printf ("%s is %s. %s", component->name,
                       dyno_component_status_name (component->status),
                       component->fix != NULL ? component->fix : "Look at the Health page.");

  if (component->status == DYNO_COMPONENT_UNHEALTHY)
    dyno_alert_raise (self->shop, name, DYNO_ALERT_CRITICAL, message);
  else if (component->status == DYNO_COMPONENT_HEALTHY)
    dyno_alert_clear (self->shop, name);
  else if (now_us - component->since_us >= DEGRADED_US)
    dyno_alert_raise (self->shop, name, DYNO_ALERT_WARNING, message);
}

static void
judge_health (Watch *self)
{
  g_autoptr(DynoHealthReport) report = dyno_health_last (self->shop);
  gint64 now_us = dyno_clock_real_us (self->shop->clock);

  for (guint i = 0; report != NULL && i < report->components->len; i++)
    judge_component (self, g_ptr_array_index (report->components, i), now_us);
}

/* Limits */

static void
forget_limits (Watch *self)
{
  for (guint i = 0; i < DYNO_N_CHANNELS; i++)
    self->limits[i] = (Limit){ NAN, NAN };
}

static gpointer
load_limits (const DynoErrand *errand,
             gpointer          vehicle_id,
             GError          **error)
{
  DynoStore *store = errand->shop->store;
  g_autoptr(DynoVehicle) vehicle = NULL;

  dyno_store_get_vehicle_async (store, vehicle_id, errand->cancellable, dyno_await_cb,
                                errand->await);
  vehicle = dyno_store_get_vehicle_finish (store, dyno_await_wait (errand->await), error);
  if (vehicle == NULL)
    return NULL;

  return dyno_json_parse (vehicle->data, -1, error);
}

static const DynoOperation load_operation = { "load-limits", load_limits,
                                              (GDestroyNotify) dyno_json_free, TRUE };

static void
limits_loaded_cb (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  Watch *self = user_data;
  g_autoptr(DynoJson) data = dyno_operation_finish (result, &load_operation, NULL);
  const DynoJson *limits = dyno_json_member (data, "limits");

  forget_limits (self);
  for (guint i = 0; i < DYNO_N_CHANNELS; i++)
    {
      const DynoJson *limit = dyno_json_member (limits, dyno_channel_info (i)->name);

      self->limits[i].low = dyno_json_get_number (limit, "red_low", NAN);
      self->limits[i].high = dyno_json_get_number (limit, "red_high", NAN);
    }
  watch_unref (self);
}

static void
follow_vehicle (Watch      *self,
                const char *vehicle_id)
{
  if (g_strcmp0 (self->vehicle_id, vehicle_id) == 0)
    return;

  g_free (self->vehicle_id);
  self->vehicle_id = g_strdup (vehicle_id);
  forget_limits (self);
  if (vehicle_id != NULL)
    dyno_operation_start (self->shop, &load_operation, g_strdup (vehicle_id), g_free,
                          self->cancellable, limits_loaded_cb, watch_ref (self));
}

static void
judge_channel (Watch      *self,
               DynoChannel channel)
{
  const DynoChannelInfo *info = dyno_channel_info (channel);
  const Limit *limit = &self->limits[channel];
  g_autofree char *name = NULL;
  g_autofree char *message = NULL;
  DynoLiveReading reading;
  int index = dyno_live_find (self->shop->live, channel);

  if ((isnan (limit->low) && isnan (limit->high)) || index < 0
      || !dyno_live_get (self->shop->live, index, &reading)
      || !(reading.value < limit->low || reading.value > limit->high))
    return;

  name = g_strconcat ("limit.", info->name, NULL);
  message = g_strdup_printf ("%s reached %.5g %s, beyond the red limit of the vehicle.",
                             info->title, reading.value, info->unit);
  dyno_alert_raise (self->shop, name, DYNO_ALERT_CRITICAL, message);
}

static void
judge_capture (Watch *self)
{
  g_autoptr(DynoArmState) arm = dyno_live_ref_arm (self->shop->live);
  gboolean is_recording = arm != NULL && arm->phase == DYNO_ARM_RECORDING;

  follow_vehicle (self, arm != NULL ? arm->vehicle_id : NULL);
  if (is_recording && !self->was_recording)
    dyno_alert_clear_all (self->shop, "run.incomplete.");
  if (!is_recording && self->was_recording)
    dyno_alert_clear_all (self->shop, "limit.");
  self->was_recording = is_recording;
  for (guint i = 0; is_recording && i < DYNO_N_CHANNELS; i++)
    judge_channel (self, i);
}

/* News */

static void
take_notice (Watch      *self,
             const char *cause,
             const char *sentence)
{
  if (sentence != NULL)
    dyno_alert_raise (self->shop, cause, DYNO_ALERT_WARNING, sentence);
  else
    dyno_alert_clear (self->shop, cause);
}

static void
tell (Watch      *self,
      const char *id)
{
  g_autoptr(DynoAlert) alert = dyno_alert_find (self->shop, id);

  if (alert != NULL)
    dyno_alert_hook_push (self->hook, alert);
}

static void
news_cb (DynoTopic   topic,
         const char *subject,
         const char *detail,
         gpointer    user_data)
{
  Watch *self = user_data;

  if (g_cancellable_is_cancelled (self->cancellable))
    return;

  if (topic == DYNO_TOPIC_HEALTH)
    judge_health (self);
  else if (topic == DYNO_TOPIC_CAPTURE)
    judge_capture (self);
  else if (topic == DYNO_TOPIC_NOTICE)
    take_notice (self, subject, detail);
  else if (topic == DYNO_TOPIC_ALERT)
    tell (self, subject);
  else if (g_strcmp0 (subject, self->vehicle_id) == 0)
    g_clear_pointer (&self->vehicle_id, g_free); /* its limits are read again */
}

static gboolean
look_cb (gpointer data)
{
  judge_health (data);

  return G_SOURCE_CONTINUE;
}

void
dyno_alert_watch (DynoShop     *shop,
                  GMainContext *context)
{
  Watch *self = g_new0 (Watch, 1);

  dyno_alert_end_watch (shop);
  g_atomic_ref_count_init (&self->n_refs);
  self->shop = dyno_shop_ref (shop);
  self->cancellable = g_cancellable_new ();
  self->hook = dyno_alert_hook_new (shop, self->cancellable);
  forget_limits (self);
  self->timer = g_timeout_source_new_seconds (LOOK_S);
  g_source_set_callback (self->timer, look_cb, watch_ref (self), watch_unref);
  g_source_attach (self->timer, context);
  self->subscription
    = dyno_bus_subscribe (shop->bus,
                          DYNO_TOPIC_HEALTH | DYNO_TOPIC_CAPTURE | DYNO_TOPIC_NOTICE
                            | DYNO_TOPIC_ALERT | DYNO_TOPIC_VEHICLE,
                          context, news_cb, watch_ref (self), watch_unref);
  dyno_alerts_set_watch (shop->alerts, self);
}

void
dyno_alert_end_watch (DynoShop *shop)
{
  Watch *self = dyno_alerts_take_watch (shop->alerts);

  if (self == NULL)
    return;

  g_cancellable_cancel (self->cancellable);
  dyno_bus_unsubscribe (shop->bus, self->subscription);
  g_source_destroy (self->timer);
  g_clear_pointer (&self->timer, g_source_unref);
  watch_unref (self);
}
