/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-alert.h"

#include "dyno-alert-private.h"
#include "dyno-crypt.h"
#include "dyno-shop-private.h"

#define MAX_CLEARED 100

/* Carries its own lock; any thread. */
struct _DynoAlerts
{
  GMutex     lock;
  GPtrArray *open;    /* (owned) (lock) of DynoAlert, the oldest first */
  GPtrArray *cleared; /* (owned) (lock) of DynoAlert, the oldest first */
  gpointer   watch;   /* (lock) (nullable) see dyno-alert-watch.c */
};

DynoAlert *
dyno_alert_ref (DynoAlert *self)
{
  g_atomic_ref_count_inc (&self->n_refs);

  return self;
}

void
dyno_alert_unref (DynoAlert *self)
{
  if (self == NULL || !g_atomic_ref_count_dec (&self->n_refs))
    return;

  g_free (self->id);
  g_free (self->name);
  g_free (self->message);
  g_free (self);
}

const char *
dyno_alert_severity_name (DynoAlertSeverity severity)
{
  return severity == DYNO_ALERT_CRITICAL ? "critical" : "warning";
}

static GPtrArray *
list_new (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) dyno_alert_unref);
}

DynoAlerts *
dyno_alerts_new (void)
{
  DynoAlerts *self = g_new0 (DynoAlerts, 1);

  g_mutex_init (&self->lock);
  self->open = list_new ();
  self->cleared = list_new ();

  return self;
}

void
dyno_alerts_free (DynoAlerts *self)
{
  if (self == NULL)
    return;

  g_ptr_array_unref (self->open);
  g_ptr_array_unref (self->cleared);
  g_mutex_clear (&self->lock);
  g_free (self);
}

void
dyno_alerts_set_watch (DynoAlerts *self,
                       gpointer    watch)
{
  g_mutex_lock (&self->lock);
  self->watch = watch;
  g_mutex_unlock (&self->lock);
}

gpointer
dyno_alerts_take_watch (DynoAlerts *self)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return g_steal_pointer (&self->watch);
}

/* `id` NULL: a new one. */
static DynoAlert *
alert_new (DynoShop         *shop,
           const char       *id,
           const char       *name,
           DynoAlertSeverity severity,
           gboolean          is_open,
           const char       *message)
{
  DynoAlert *self = g_new0 (DynoAlert, 1);

  g_atomic_ref_count_init (&self->n_refs);
  self->id = id != NULL ? g_strdup (id) : dyno_crypt_new_id ("alr");
  self->name = g_strdup (name);
  self->severity = severity;
  self->is_open = is_open;
  self->message = g_strdup (message);
  self->at_us = dyno_clock_real_us (shop->clock);

  return self;
}

/* (lock) (nullable) (transfer full) The open one of that cause, out of the list. */
static DynoAlert *
steal_open (DynoAlerts *self,
            const char *name)
{
  for (guint i = 0; i < self->open->len; i++)
    {
      DynoAlert *alert = g_ptr_array_index (self->open, i);

      if (g_str_equal (alert->name, name))
        return g_ptr_array_steal_index (self->open, i);
    }

  return NULL;
}

void
dyno_alert_raise (DynoShop         *shop,
                  const char       *name,
                  DynoAlertSeverity severity,
                  const char       *message)
{
  DynoAlerts *self = shop->alerts;
  g_autoptr(DynoAlert) old = NULL;
  g_autoptr(DynoAlert) now = NULL;

  g_mutex_lock (&self->lock);
  old = steal_open (self, name);
  if (old != NULL && old->severity >= severity)
    {
      g_ptr_array_add (self->open, g_steal_pointer (&old));
    }
  else
    {
      now = alert_new (shop, old != NULL ? old->id : NULL, name, severity, TRUE, message);
      g_ptr_array_add (self->open, dyno_alert_ref (now));
    }
  g_mutex_unlock (&self->lock);

  if (now != NULL)
    dyno_bus_publish (shop->bus, DYNO_TOPIC_ALERT, now->id, "raised");
}

void
dyno_alert_clear (DynoShop   *shop,
                  const char *name)
{
  DynoAlerts *self = shop->alerts;
  g_autoptr(DynoAlert) old = NULL;
  g_autoptr(DynoAlert) now = NULL;

  g_mutex_lock (&self->lock);
  old = steal_open (self, name);
  if (old != NULL)
    {
      now = alert_new (shop, old->id, name, old->severity, FALSE, old->message);
      g_ptr_array_add (self->cleared, dyno_alert_ref (now));
      if (self->cleared->len > MAX_CLEARED)
        g_ptr_array_remove_index (self->cleared, 0);
    }
  g_mutex_unlock (&self->lock);

  if (now != NULL)
    dyno_bus_publish (shop->bus, DYNO_TOPIC_ALERT, now->id, "cleared");
}

void
dyno_alert_clear_all (DynoShop   *shop,
                      const char *prefix)
{
  g_autoptr(GPtrArray) open = dyno_alert_list (shop);

  for (guint i = 0; i < open->len; i++)
    {
      const DynoAlert *alert = g_ptr_array_index (open, i);

      if (g_str_has_prefix (alert->name, prefix))
        dyno_alert_clear (shop, alert->name);
    }
}

GPtrArray *
dyno_alert_list (DynoShop *shop)
{
  DynoAlerts *self = shop->alerts;
  GPtrArray *list = list_new ();

  g_mutex_lock (&self->lock);
  for (guint i = self->open->len; i > 0; i--)
    g_ptr_array_add (list, dyno_alert_ref (g_ptr_array_index (self->open, i - 1)));
  g_mutex_unlock (&self->lock);

  return list;
}

/* The newest of that id. */
static DynoAlert *
find_in (GPtrArray  *list,
         const char *id)
{
  for (guint i = list->len; i > 0; i--)
    {
      DynoAlert *alert = g_ptr_array_index (list, i - 1);

      if (g_str_equal (alert->id, id))
        return dyno_alert_ref (alert);
    }

  return NULL;
}

DynoAlert *
dyno_alert_find (DynoShop   *shop,
                 const char *id)
{
  DynoAlerts *self = shop->alerts;
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  DynoAlert *found = find_in (self->open, id);

  return found != NULL ? found : find_in (self->cleared, id);
}
