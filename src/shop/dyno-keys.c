/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* The set of keys and who keeps it up to date. */

#include "config.h"

#include "dyno-keys.h"

#include "dyno-error.h"
#include "dyno-keys-private.h"
#include "dyno-shop-private.h"

#define FLUSH_S 30

DynoKeys *
dyno_keys_new (void)
{
  DynoKeys *self = g_new0 (DynoKeys, 1);
  g_autoptr(GPtrArray) none = g_ptr_array_new ();

  g_mutex_init (&self->reading);
  g_mutex_init (&self->lock);
  self->set = dyno_key_set_new (none);
  self->uses = dyno_key_uses_new ();

  return self;
}

void
dyno_keys_free (DynoKeys *self)
{
  if (self == NULL)
    return;

  g_assert (self->timer == NULL && self->monitor == NULL);
  dyno_key_set_unref (self->set);
  dyno_key_uses_free (self->uses);
  g_mutex_clear (&self->lock);
  g_mutex_clear (&self->reading);
  g_free (self);
}

DynoKeySet *
dyno_keys_ref_set (DynoShop *shop)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&shop->keys->lock);

  return dyno_key_set_ref (shop->keys->set);
}

static void
replace_set (DynoKeys   *self,
             DynoKeySet *set)
{
  DynoKeySet *before;

  g_mutex_lock (&self->lock);
  before = self->set;
  self->set = set;
  g_mutex_unlock (&self->lock);
  dyno_key_set_unref (before);
}

static gboolean
read_set (const DynoErrand  *errand,
          GError           **error)
{
  DynoStore *store = errand->shop->store;
  g_autoptr(GPtrArray) records = NULL;

  dyno_store_list_live_keys_async (store, NULL, dyno_await_cb, errand->await);
  records = dyno_store_list_live_keys_finish (store, dyno_await_wait (errand->await), error);
  if (records != NULL)
    replace_set (errand->shop->keys, dyno_key_set_new (records));

  return records != NULL;
}

/* What was read first must not replace what was read later. */
gboolean
dyno_keys_reload (const DynoErrand  *errand,
                  const char        *key_id,
                  const char        *what,
                  GError           **error)
{
  gboolean is_good;

  g_mutex_lock (&errand->shop->keys->reading);
  is_good = read_set (errand, error);
  g_mutex_unlock (&errand->shop->keys->reading);
  if (is_good)
    dyno_bus_publish (errand->shop->bus, DYNO_TOPIC_KEY, key_id != NULL ? key_id : "", what);

  return is_good;
}

/* Start */

static gpointer
keep_house (const DynoErrand *errand,
            gpointer          unused,
            GError          **error)
{
  dyno_key_uses_flush (errand->shop, errand->await);
  dyno_denials_flush (errand->shop, errand->await, FALSE);
  dyno_key_uses_warn (errand);

  return DYNO_OPERATION_DONE;
}

static const DynoOperation house_operation = { "keys-house", keep_house, NULL, TRUE, TRUE };

static gboolean
timer_cb (gpointer shop)
{
  dyno_operation_start (shop, &house_operation, NULL, NULL, NULL, NULL, NULL);

  return G_SOURCE_CONTINUE;
}

static gpointer
take_file (const DynoErrand *errand,
           gpointer          unused,
           GError          **error)
{
  g_autoptr(GError) failure = NULL;

  if (!dyno_keys_take_listed (errand, &failure)
      || !dyno_keys_reload (errand, NULL, "changed", &failure))
    g_message ("The changed list of API keys is not used: %s", failure->message);

  return DYNO_OPERATION_DONE;
}

static const DynoOperation file_operation = { "keys-file", take_file, NULL, TRUE, FALSE };

static void
file_changed_cb (GFileMonitor      *monitor,
                 GFile             *file,
                 GFile             *other,
                 GFileMonitorEvent  event,
                 gpointer           shop)
{
  if (event != G_FILE_MONITOR_EVENT_CHANGED)
    dyno_operation_start (shop, &file_operation, NULL, NULL, NULL, NULL, NULL);
}

static void
unref_shop_cb (gpointer  shop,
               GClosure *closure)
{
  dyno_shop_unref (shop);
}

static GFileMonitor *
watch_file (DynoShop *shop)
{
  g_autofree char *path = dyno_config_dup (shop->config, "auth.keys_file");
  g_autoptr(GFile) file = g_file_new_for_path (path);
  GFileMonitor *monitor;

  if (*path == '\0')
    return NULL;
  monitor = g_file_monitor_file (file, G_FILE_MONITOR_WATCH_MOVES, NULL, NULL);
  if (monitor != NULL)
    g_signal_connect_data (monitor, "changed", G_CALLBACK (file_changed_cb), dyno_shop_ref (shop),
                           unref_shop_cb, 0);

  return monitor;
}

static GSource *
make_timer (DynoShop *shop)
{
  GSource *timer = g_timeout_source_new_seconds (FLUSH_S);

  g_source_set_callback (timer, timer_cb, dyno_shop_ref (shop), (GDestroyNotify) dyno_shop_unref);
  g_source_attach (timer, g_main_context_get_thread_default ());

  return timer;
}

static gpointer
start (const DynoErrand *errand,
       gpointer          unused,
       GError          **error)
{
  return dyno_keys_take_listed (errand, error) && dyno_key_uses_learn (errand, error)
           && dyno_keys_reload (errand, NULL, "started", error)
           ? DYNO_OPERATION_DONE : NULL;
}

static const DynoOperation start_operation = { "keys-start", start, NULL, TRUE, FALSE };

void
dyno_keys_start_async (DynoShop            *shop,
                       GCancellable        *cancellable,
                       GAsyncReadyCallback  callback,
                       gpointer             user_data)
{
  DynoKeys *self = shop->keys;

  g_mutex_lock (&self->lock);
  if (self->timer == NULL && !self->is_closed)
    {
      self->timer = make_timer (shop);
      self->monitor = watch_file (shop);
    }
  g_mutex_unlock (&self->lock);
  dyno_operation_start (shop, &start_operation, NULL, NULL, cancellable, callback, user_data);
}

gboolean
dyno_keys_start_finish (GAsyncResult *result,
                        GError      **error)
{
  return dyno_operation_finish (result, &start_operation, error) != NULL;
}

/* Both hold the shop, so they are let go of without the lock. */
void
dyno_keys_close (DynoKeys *self)
{
  GSource *timer;
  GFileMonitor *monitor;

  g_mutex_lock (&self->lock);
  self->is_closed = TRUE;
  timer = g_steal_pointer (&self->timer);
  monitor = g_steal_pointer (&self->monitor);
  g_mutex_unlock (&self->lock);

  if (timer != NULL)
    {
      g_source_destroy (timer);
      g_source_unref (timer);
    }
  if (monitor != NULL)
    {
      g_signal_handlers_disconnect_matched (monitor, G_SIGNAL_MATCH_FUNC, 0, 0, NULL,
                                            file_changed_cb, NULL);
      g_file_monitor_cancel (monitor);
      g_object_unref (monitor);
    }
}
