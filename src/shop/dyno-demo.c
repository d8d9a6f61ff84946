/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-demo.h"

#include "dyno-error.h"
#include "dyno-shop-private.h"
#include "dyno-simulator.h"

#define LOOK_EVERY_MS 250
#define NO_MORE_S 86400 /* between two pulls: the second is asked for */

struct _DynoDemo
{
  GMutex         lock;
  DynoSimulator *simulator; /* (owned) (nullable) (lock) */
  DynoDemoOptions *options; /* (owned) (lock) of the last start */
  gboolean       is_rolling; /* (lock) its cycle is one of pulls */
};

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

void
dyno_demo_options_free (DynoDemoOptions *options)
{
  if (options == NULL)
    return;

  g_free ((char *) options->profile);
  g_free ((char *) options->engine);
  g_free ((char *) options->cycle);
  g_free (options);
}

static void
options_free (gpointer data)
{
  dyno_demo_options_free (data);
}

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
          DynoSimulator *simulator,
          gboolean       is_rolling)
{
  DynoSimulator *old;

  g_mutex_lock (&self->lock);
  old = self->simulator;
  self->simulator = simulator;
  self->is_rolling = is_rolling;
  g_mutex_unlock (&self->lock);
  g_clear_pointer (&old, dyno_simulator_free);
}

void
dyno_demo_halt (DynoDemo *self)
{
  exchange (self, NULL, FALSE);
}

void
dyno_demo_free (DynoDemo *self)
{
  if (self == NULL)
    return;

  dyno_demo_halt (self);
  dyno_demo_options_free (self->options);
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
remember_options (DynoDemo              *self,
                  const DynoDemoOptions *options)
{
  DynoDemoOptions *copy = options_copy (options);
  DynoDemoOptions *old;

  g_mutex_lock (&self->lock);
  old = self->options;
  self->options = copy;
  g_mutex_unlock (&self->lock);
  dyno_demo_options_free (old);
}

DynoDemoOptions *
dyno_demo_dup_options (DynoShop *shop)
{
  g_autoptr(GMutexLocker) locker = NULL;

  g_return_val_if_fail (shop != NULL, NULL);

  locker = g_mutex_locker_new (&shop->demo->lock);

  return options_copy (shop->demo->options);
}

const char *const *
dyno_demo_profiles (void)
{
  return dyno_simulator_profiles ();
}

const char *const *
dyno_demo_engines (void)
{
  return dyno_simulator_engines ();
}

static gboolean
hold_throttle (DynoSimulator *simulator,
               double         pct,
               GError       **error)
{
  char number[G_ASCII_DTOSTR_BUF_SIZE];
  g_autofree char *line = NULL;

  if (!(pct > 0))
    return TRUE;

  line = g_strconcat ("throttle ", g_ascii_formatd (number, sizeof number, "%.1f", pct), NULL);

  return dyno_simulator_command (simulator, line, error);
}

static gboolean
has_pulls (const DynoDemoOptions *options)
{
  return options->cycle == NULL || g_str_equal (options->cycle, "pulls");
}

static gboolean
start_with (const DynoErrand      *errand,
            const DynoDemoOptions *options,
            GError               **error)
{
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
    return FALSE;
  dyno_demo_halt (shop->demo);
  if (!dyno_simulator_start (simulator, error)
      || !hold_throttle (simulator, options->throttle_pct, error))
    return FALSE;
  exchange (shop->demo, g_steal_pointer (&simulator), has_pulls (options));

  return TRUE;
}

static gpointer
start (const DynoErrand *errand,
       gpointer          data,
       GError          **error)
{
  if (!start_with (errand, data, error))
    return NULL;
  remember_options (errand->shop->demo, data);

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
refuse_pull (GError **error)
{
  dyno_error_set (error, DYNO_ERROR_CONFLICT, "NO_SIMULATOR",
                  "The simulator does not run. Start it first.");

  return FALSE;
}

/* Under the lock: what it is asked is done on its own thread later. `has_pulled` FALSE where
 * the drum stands. */
static gboolean
try_pull (DynoDemo  *self,
          gboolean  *has_pulled,
          GError   **error)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  *has_pulled = self->is_rolling;
  if (self->simulator == NULL || !dyno_simulator_is_running (self->simulator))
    return refuse_pull (error);

  return !self->is_rolling || dyno_simulator_command (self->simulator, "pull", error);
}

/* From rest it would roll up for half a minute: it begins anew, rolling, and stays so. */
static gpointer
pull (const DynoErrand *errand,
      gpointer          data,
      GError          **error)
{
  g_autoptr(DynoDemoOptions) options = NULL;
  gboolean has_pulled;

  if (!try_pull (errand->shop->demo, &has_pulled, error))
    return NULL;
  if (has_pulled)
    return DYNO_OPERATION_DONE;

  options = dyno_demo_dup_options (errand->shop);
  g_free ((char *) options->cycle);
  options->cycle = g_strdup ("pulls");
  options->period_s = NO_MORE_S;
  options->throttle_pct = 0;

  return start_with (errand, options, error) ? DYNO_OPERATION_DONE : NULL;
}

static const DynoOperation pull_operation = { "demo-pull", pull, NULL, FALSE };

void
dyno_demo_pull_async (DynoShop            *shop,
                      GCancellable        *cancellable,
                      GAsyncReadyCallback  callback,
                      gpointer             user_data)
{
  dyno_operation_start (shop, &pull_operation, NULL, NULL, cancellable, callback, user_data);
}

gboolean
dyno_demo_pull_finish (GAsyncResult *result,
                       GError      **error)
{
  return dyno_operation_finish (result, &pull_operation, error) != NULL;
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
