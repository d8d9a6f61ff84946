/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-health.h"

#include <stdarg.h>

#include "dyno-health-private.h"
#include "dyno-shop-private.h"

#define WATCH_S 10

typedef struct
{
  DynoComponentStatus status;
  gint64              since_us;
} Known;

/* A look of somebody else. */
typedef struct
{
  char           *name;  /* (owned) */
  DynoHealthFunc  func;
  gpointer        data;  /* (borrowed) until it is removed */
} Guest;

struct _DynoHealthMemory
{
  GMutex            lock;
  GHashTable       *known;     /* (owned) (lock) name to Known */
  gboolean          has_clock; /* (lock) */
  gint64            clock_us;  /* (lock) real less monotonic time, when looked at last */
  DynoHealthReport *last;      /* (owned) (lock) (nullable) */
  GSource          *watch;     /* (owned) (lock) (nullable) */

  GMutex            door;      /* held while the guests are asked */
  GPtrArray        *guests;    /* (owned) (lock door) of Guest */
};

static void
guest_free (gpointer data)
{
  Guest *guest = data;

  g_free (guest->name);
  g_free (guest);
}

DynoHealthMemory *
dyno_health_memory_new (void)
{
  DynoHealthMemory *self = g_new0 (DynoHealthMemory, 1);

  g_mutex_init (&self->lock);
  g_mutex_init (&self->door);
  self->known = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->guests = g_ptr_array_new_with_free_func (guest_free);

  return self;
}

void
dyno_health_memory_free (DynoHealthMemory *self)
{
  if (self == NULL)
    return;

  g_clear_pointer (&self->last, dyno_health_report_unref);
  g_ptr_array_unref (self->guests);
  g_hash_table_unref (self->known);
  g_mutex_clear (&self->door);
  g_mutex_clear (&self->lock);
  g_free (self);
}

/* Says since when the component is so; TRUE where that is new. */
static gboolean
remember (DynoHealthMemory *self,
          DynoComponent    *component,
          gint64            now_us)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  Known *known = g_hash_table_lookup (self->known, component->name);
  gboolean is_new = known == NULL ? component->status != DYNO_COMPONENT_HEALTHY
                                  : known->status != component->status;

  if (known == NULL)
    {
      known = g_new0 (Known, 1);
      g_hash_table_insert (self->known, g_strdup (component->name), known);
    }
  if (is_new)
    known->since_us = now_us;
  known->status = component->status;
  component->since_us = known->since_us;

  return is_new;
}

gint64
dyno_health_clock_jump (DynoHealthMemory *self,
                        DynoClock        *clock)
{
  gint64 now_us = dyno_clock_real_us (clock) - dyno_clock_monotonic_us (clock);
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  gint64 jump_us = self->has_clock ? now_us - self->clock_us : 0;

  self->clock_us = now_us;
  self->has_clock = TRUE;

  return jump_us;
}

/* Report */

static void
component_free (gpointer data)
{
  DynoComponent *component = data;

  g_free (component->name);
  g_free (component->message);
  g_free (component->fix);
  g_free (component);
}

DynoHealthReport *
dyno_health_report_ref (DynoHealthReport *self)
{
  g_atomic_ref_count_inc (&self->n_refs);

  return self;
}

void
dyno_health_report_unref (DynoHealthReport *self)
{
  if (self == NULL || !g_atomic_ref_count_dec (&self->n_refs))
    return;

  g_ptr_array_unref (self->components);
  g_free (self);
}

const char *
dyno_component_status_name (DynoComponentStatus status)
{
  static const char *const names[] = { "healthy", "degraded", "unhealthy" };

  g_return_val_if_fail (status < G_N_ELEMENTS (names), "");

  return names[status];
}

void
dyno_component_set (DynoComponent       *self,
                    DynoComponentStatus  status,
                    const char          *fix,
                    const char          *format,
                    ...)
{
  va_list args;

  g_free (self->message);
  g_free (self->fix);
  va_start (args, format);
  self->message = g_strdup_vprintf (format, args);
  va_end (args);
  self->fix = g_strdup (fix);
  self->status = status;
}

static DynoComponent *
component_new (const char *name)
{
  DynoComponent *component = g_new0 (DynoComponent, 1);

  component->name = g_strdup (name);
  component->message = g_strdup ("In order.");

  return component;
}

static void
take (const DynoErrand *errand,
      DynoHealthReport *self,
      DynoComponent    *component,
      gint64            begin_us)
{
  component->latency_ms = (double) (g_get_monotonic_time () - begin_us) / 1000;
  self->status = MAX (self->status, component->status);
  component->is_news = remember (errand->shop->health, component, self->time_us);
  g_ptr_array_add (self->components, component);
}

static void
take_own (const DynoErrand *errand,
          DynoHealthReport *self)
{
  for (const DynoHealthLook *look = dyno_health_looks; look->name != NULL; look++)
    {
      gint64 begin_us = g_get_monotonic_time ();
      DynoComponent *component = component_new (look->name);

      look->look (errand, component);
      take (errand, self, component, begin_us);
    }
}

static void
take_guests (const DynoErrand *errand,
             DynoHealthReport *self)
{
  DynoHealthMemory *memory = errand->shop->health;

  g_mutex_lock (&memory->door);
  for (guint i = 0; i < memory->guests->len; i++)
    {
      const Guest *guest = g_ptr_array_index (memory->guests, i);
      gint64 begin_us = g_get_monotonic_time ();
      DynoComponent *component = component_new (guest->name);

      guest->func (component, guest->data);
      take (errand, self, component, begin_us);
    }
  g_mutex_unlock (&memory->door);
}

static void
keep (DynoHealthMemory *self,
      DynoHealthReport *report)
{
  DynoHealthReport *old;

  g_mutex_lock (&self->lock);
  old = self->last;
  self->last = dyno_health_report_ref (report);
  g_mutex_unlock (&self->lock);
  dyno_health_report_unref (old);
}

/* Who hears of it finds the report that says so. */
static void
tell_news (DynoShop               *shop,
           const DynoHealthReport *report)
{
  for (guint i = 0; i < report->components->len; i++)
    {
      const DynoComponent *component = g_ptr_array_index (report->components, i);

      if (component->is_news)
        dyno_bus_publish (shop->bus, DYNO_TOPIC_HEALTH, component->name,
                          dyno_component_status_name (component->status));
    }
}

static gpointer
report (const DynoErrand *errand,
        gpointer          data,
        GError          **error)
{
  DynoShop *shop = errand->shop;
  DynoHealthReport *self = g_new0 (DynoHealthReport, 1);

  g_atomic_ref_count_init (&self->n_refs);
  self->time_us = dyno_clock_real_us (shop->clock);
  self->uptime_s = (double) (dyno_clock_monotonic_us (shop->clock) - shop->opened_us)
                   / G_USEC_PER_SEC;
  self->rss_bytes = dyno_health_rss_bytes ();
  self->budget_bytes = dyno_health_budget_bytes (shop);
  self->components = g_ptr_array_new_with_free_func (component_free);
  take_own (errand, self);
  take_guests (errand, self);
  if (g_cancellable_set_error_if_cancelled (errand->cancellable, error))
    {
      dyno_health_report_unref (self);
      return NULL;
    }
  keep (shop->health, self);
  tell_news (shop, self);

  return self;
}

static const DynoOperation report_operation = { "health", report,
                                                (GDestroyNotify) dyno_health_report_unref, FALSE };

void
dyno_health_report_async (DynoShop            *shop,
                          GCancellable        *cancellable,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  dyno_operation_start (shop, &report_operation, NULL, NULL, cancellable, callback, user_data);
}

DynoHealthReport *
dyno_health_report_finish (GAsyncResult *result,
                           GError      **error)
{
  return dyno_operation_finish (result, &report_operation, error);
}

DynoHealthReport *
dyno_health_last (DynoShop *shop)
{
  DynoHealthMemory *self = shop->health;
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return self->last != NULL ? dyno_health_report_ref (self->last) : NULL;
}

/* Guests */

void
dyno_health_add (DynoShop       *shop,
                 const char     *name,
                 DynoHealthFunc  func,
                 gpointer        data)
{
  Guest *guest = g_new0 (Guest, 1);

  guest->name = g_strdup (name);
  guest->func = func;
  guest->data = data;
  g_mutex_lock (&shop->health->door);
  g_ptr_array_add (shop->health->guests, guest);
  g_mutex_unlock (&shop->health->door);
}

void
dyno_health_remove (DynoShop   *shop,
                    const char *name)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&shop->health->door);
  GPtrArray *guests = shop->health->guests;

  for (guint i = guests->len; i > 0; i--)
    {
      const Guest *guest = g_ptr_array_index (guests, i - 1);

      if (g_str_equal (guest->name, name))
        g_ptr_array_remove_index (guests, i - 1);
    }
}

/* Watch */

static gboolean
watch_cb (gpointer data)
{
  dyno_health_report_async (data, NULL, NULL, NULL);

  return G_SOURCE_CONTINUE;
}

static void
set_watch (DynoHealthMemory *self,
           GSource          *source)
{
  GSource *old;

  g_mutex_lock (&self->lock);
  old = self->watch;
  self->watch = source;
  g_mutex_unlock (&self->lock);
  if (old != NULL)
    {
      g_source_destroy (old);
      g_source_unref (old);
    }
}

void
dyno_health_watch (DynoShop     *shop,
                   GMainContext *context)
{
  GSource *source = g_timeout_source_new_seconds (WATCH_S);

  g_source_set_callback (source, watch_cb, dyno_shop_ref (shop),
                         (GDestroyNotify) dyno_shop_unref);
  g_source_attach (source, context);
  set_watch (shop->health, source);
  watch_cb (shop);
}

void
dyno_health_end_watch (DynoShop *shop)
{
  set_watch (shop->health, NULL);
}
