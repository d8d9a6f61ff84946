/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-demo.h"

#include "dyno-shop-private.h"
#include "dyno-simulator.h"

#define LOOK_EVERY_MS 250

struct _DynoDemo
{
  GMutex         lock;
  DynoSimulator *simulator; /* (owned) (nullable) (lock) */
};

DynoDemo *
dyno_demo_new (void)
{
  DynoDemo *self = g_new0 (DynoDemo, 1);

  g_mutex_init (&self->lock);

  return self;
}

/* Its thread is joined without the lock. */
static void
exchange (DynoDemo      *self,
          DynoSimulator *simulator)
{
  DynoSimulator *old;

  g_mutex_lock (&self->lock);
  old = self->simulator;
  self->simulator = simulator;
  g_mutex_unlock (&self->lock);
  g_clear_pointer (&old, dyno_simulator_free);
}

void
dyno_demo_halt (DynoDemo *self)
{
  exchange (self, NULL);
}

void
dyno_demo_free (DynoDemo *self)
{
  if (self == NULL)
    return;

  dyno_demo_halt (self);
  g_mutex_clear (&self->lock);
  g_free (self);
}

gboolean
dyno_demo_is_running (DynoShop *shop)
{
  g_autoptr(GMutexLocker) locker = NULL;

  g_return_val_if_fail (shop != NULL, FALSE);

  locker = g_mutex_locker_new (&shop->demo->lock);

  return shop->demo->simulator != NULL && dyno_simulator_is_running (shop->demo->simulator);
}

/* What is told of the simulator is that it is there; its dyno is heard on the wire. */
static void
simulated_cb (const DynoSimulatorEvent *event,
              gpointer                  user_data)
{
  DynoBus *bus = user_data;

  if (event->kind == DYNO_SIMULATOR_READY || event->kind == DYNO_SIMULATOR_DONE)
    dyno_bus_publish (bus, DYNO_TOPIC_CAPTURE, "simulator",
                      event->kind == DYNO_SIMULATOR_READY ? "ready" : "done");
}

static void
options_free (gpointer data)
{
  DynoDemoOptions *options = data;

  g_free ((char *) options->profile);
  g_free ((char *) options->engine);
  g_free ((char *) options->cycle);
  g_free (options);
}

static DynoDemoOptions *
options_copy (const DynoDemoOptions *options)
{
  DynoDemoOptions *copy = g_new0 (DynoDemoOptions, 1);

  if (options != NULL)
    *copy = *options;
  copy->profile = g_strdup (copy->profile);
  copy->engine = g_strdup (copy->engine);
  copy->cycle = g_strdup (copy->cycle);

  return copy;
}

static gpointer
start (const DynoErrand *errand,
       gpointer          data,
       GError          **error)
{
  const DynoDemoOptions *options = data;
  DynoShop *shop = errand->shop;
  g_autofree char *group = dyno_shop_group (shop);
  DynoSimulatorConfig config = { .group = group,
                                 .port = dyno_shop_port (shop),
                                 .ttl = -1,
                                 .profile = options->profile,
                                 .engine = options->engine,
                                 .cycle = options->cycle,
                                 .n_pulls = options->n_pulls,
                                 .period_s = options->period_s,
                                 .speed = options->speed,
                                 .seed = options->seed,
                                 .noise = options->is_exact ? 0 : -1 };
  g_autoptr(DynoSimulator) simulator
    = dyno_simulator_new (&config, simulated_cb, shop->bus, error);

  if (simulator == NULL)
    return NULL;
  dyno_demo_halt (shop->demo);
  if (!dyno_simulator_start (simulator, error))
    return NULL;
  exchange (shop->demo, g_steal_pointer (&simulator));

  return DYNO_OPERATION_DONE;
}

static const DynoOperation start_operation = { "demo-start", start, NULL, FALSE };

void
dyno_demo_start_async (DynoShop              *shop,
                       const DynoDemoOptions *options,
                       GCancellable          *cancellable,
                       GAsyncReadyCallback    callback,
                       gpointer               user_data)
{
  dyno_operation_start (shop, &start_operation, options_copy (options), options_free, cancellable,
                        callback, user_data);
}

gboolean
dyno_demo_start_finish (GAsyncResult *result,
                        GError      **error)
{
  return dyno_operation_finish (result, &start_operation, error) != NULL;
}

static gpointer
stop (const DynoErrand *errand,
      gpointer          data,
      GError          **error)
{
  dyno_demo_halt (errand->shop->demo);

  return DYNO_OPERATION_DONE;
}

static const DynoOperation stop_operation = { "demo-stop", stop, NULL, FALSE };

void
dyno_demo_stop_async (DynoShop            *shop,
                      GCancellable        *cancellable,
                      GAsyncReadyCallback  callback,
                      gpointer             user_data)
{
  dyno_operation_start (shop, &stop_operation, NULL, NULL, cancellable, callback, user_data);
}

gboolean
dyno_demo_stop_finish (GAsyncResult *result,
                       GError      **error)
{
  return dyno_operation_finish (result, &stop_operation, error) != NULL;
}

static gboolean
hears_a_dyno (DynoLive *live)
{
  g_autoptr(DynoCaptureState) state = dyno_live_ref_capture (live);

  for (guint i = 0; state != NULL && i < state->n_providers; i++)
    {
      if (state->providers[i].is_provider)
        return TRUE;
    }

  return FALSE;
}

/* Sleeps a little; FALSE when cancelled. */
static gboolean
wait_a_little (GCancellable *cancellable)
{
  GPollFD poll = { 0 };
  gboolean has_fd = g_cancellable_make_pollfd (cancellable, &poll);

  g_poll (&poll, has_fd ? 1 : 0, LOOK_EVERY_MS);
  if (has_fd)
    g_cancellable_release_fd (cancellable);

  return !g_cancellable_is_cancelled (cancellable);
}

static gpointer
stand_in (const DynoErrand *errand,
          gpointer          data,
          GError          **error)
{
  static const DynoDemoOptions options = { NULL };
  gint64 left_ms = dyno_config_get_integer (errand->shop->config, "capture.timeout_s") * 1000;

  for (; left_ms > 0; left_ms -= LOOK_EVERY_MS)
    {
      if (hears_a_dyno (errand->shop->live))
        return DYNO_OPERATION_DONE;
      if (!wait_a_little (errand->cancellable))
        break;
    }
  if (g_cancellable_set_error_if_cancelled (errand->cancellable, error))
    return NULL;

  return start (errand, (gpointer) &options, error);
}

static const DynoOperation stand_in_operation = { "demo-stand-in", stand_in, NULL, FALSE };

static void
stood_in_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(GError) error = NULL;

  if (dyno_operation_finish (result, &stand_in_operation, &error) == NULL
      && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_warning ("The simulator cannot stand in: %s", error->message);
}

void
dyno_demo_stand_in (DynoShop *shop)
{
  dyno_operation_start (shop, &stand_in_operation, NULL, NULL, NULL, stood_in_cb, NULL);
}
