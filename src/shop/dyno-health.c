/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-health.h"

#include <stdio.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "dyno-health-private.h"
#include "dyno-shop-private.h"

#define GIGABYTE 1e9
#define SLOW_WRITE_MS 250
#define MOST_LOSS_PCT 1.0
#define MOST_JUMP_US (60 * (gint64) G_USEC_PER_SEC)
#define GOOD_SQLITE "3.51.3"

/* Memory */

typedef struct
{
  DynoComponentStatus status;
  gint64              since_us;
} Known;

struct _DynoHealthMemory
{
  GMutex      lock;
  GHashTable *known;         /* (owned) (lock) name to Known */
  gboolean    has_clock;     /* (lock) */
  gint64      clock_us;      /* (lock) real less monotonic time, when looked at last */
};

DynoHealthMemory *
dyno_health_memory_new (void)
{
  DynoHealthMemory *self = g_new0 (DynoHealthMemory, 1);

  g_mutex_init (&self->lock);
  self->known = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  return self;
}

void
dyno_health_memory_free (DynoHealthMemory *self)
{
  if (self == NULL)
    return;

  g_hash_table_unref (self->known);
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

/* How far the clock was set since the last look, µs. */
static gint64
clock_jump (DynoHealthMemory *self,
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

void
dyno_health_report_free (DynoHealthReport *self)
{
  if (self == NULL)
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

static DynoComponent *
component_new (const char         *name,
               DynoComponentStatus status,
               const char         *fix,
               char               *message)
{
  DynoComponent *component = g_new0 (DynoComponent, 1);

  component->name = g_strdup (name);
  component->status = status;
  component->fix = g_strdup (fix);
  component->message = message;

  return component;
}

/* Components */

static DynoComponent *
no_database (const GError *trouble)
{
  return component_new ("database", DYNO_COMPONENT_UNHEALTHY,
                        "Open the data folder again, or restore a backup of it.",
                        g_strdup (trouble->message));
}

/* A small write, to the disk and back. */
static DynoComponent *
look_at_database (const DynoErrand *errand)
{
  DynoShop *shop = errand->shop;
  gint64 begin_us = g_get_monotonic_time ();
  g_autoptr(GError) error = NULL;
  double ms;

  if (shop->store == NULL)
    return no_database (shop->trouble);

  dyno_store_set_settings_async (shop->store, 1, (const char *const[]){ "health.looked" },
                                 (const char *const[]){ "true" }, errand->cancellable,
                                 dyno_await_cb, errand->await);
  if (!dyno_store_set_settings_finish (shop->store, dyno_await_wait (errand->await), &error))
    return no_database (error);

  ms = (double) (g_get_monotonic_time () - begin_us) / 1000;
  if (ms > SLOW_WRITE_MS)
    return component_new ("database", DYNO_COMPONENT_DEGRADED,
                          "Keep the data folder on a local, faster disk.",
                          g_strdup_printf ("A write took %.0f ms.", ms));

  return component_new ("database", DYNO_COMPONENT_HEALTHY, NULL,
                        g_strdup_printf ("A write takes %.0f ms.", ms));
}

static DynoComponent *
look_at_disk (const DynoErrand *errand)
{
  struct statvfs disk;
  double free_gb;

  if (statvfs (errand->shop->folders->data, &disk) != 0)
    return component_new ("disk_space", DYNO_COMPONENT_UNHEALTHY,
                          "Give the program a data folder that is there.",
                          g_strdup_printf ("The disk of %s cannot be looked at.",
                                           errand->shop->folders->data));

  free_gb = (double) disk.f_bavail * (double) disk.f_frsize / GIGABYTE;

  return component_new ("disk_space",
                        free_gb < 1 ? DYNO_COMPONENT_UNHEALTHY
                                    : free_gb < 2 ? DYNO_COMPONENT_DEGRADED
                                                  : DYNO_COMPONENT_HEALTHY,
                        free_gb < 2 ? "Make room on the disk, or keep journals for fewer days."
                                    : NULL,
                        g_strdup_printf ("%.1f GB are free.", free_gb));
}

static DynoComponent *
look_at_folder (const DynoErrand *errand)
{
  const char *folder = errand->shop->folders->data;

  if (access (folder, R_OK | W_OK | X_OK) == 0)
    return component_new ("data_dir", DYNO_COMPONENT_HEALTHY, NULL,
                          g_strdup_printf ("%s can be written to.", folder));

  return component_new ("data_dir", DYNO_COMPONENT_UNHEALTHY,
                        "Give the folder back to the user who runs the program.",
                        g_strdup_printf ("%s cannot be written to.", folder));
}

static DynoComponent *
look_at_keyring (const DynoErrand *errand)
{
  DynoSecretState state;
  DynoComponentStatus status;

  dyno_secret_probe_async (errand->shop->folders->data, errand->cancellable, dyno_await_cb,
                           errand->await);
  state = dyno_secret_probe_finish (dyno_await_wait (errand->await));
  status = state == DYNO_SECRET_LOCKED       ? DYNO_COMPONENT_UNHEALTHY
           : state == DYNO_SECRET_NO_SERVICE ? DYNO_COMPONENT_DEGRADED
                                             : DYNO_COMPONENT_HEALTHY;

  return component_new ("keyring", status, dyno_secret_state_fix (state),
                        g_strdup (dyno_secret_state_advice (state)));
}

static DynoComponent *
look_at_capture (const DynoErrand *errand)
{
  g_autoptr(DynoCaptureState) state = dyno_live_ref_capture (errand->shop->live);
  g_autoptr(DynoArmState) arm = dyno_live_ref_arm (errand->shop->live);
  const DynoProviderState *provider
    = state != NULL && state->chosen >= 0 ? &state->providers[state->chosen] : NULL;

  if (state == NULL || state->link == DYNO_LINK_OFF)
    return component_new ("capture", DYNO_COMPONENT_HEALTHY, NULL,
                          g_strdup ("The program does not listen to a dyno."));
  if (arm != NULL && (arm->phase == DYNO_ARM_ERROR
                      || (arm->phase == DYNO_ARM_LINK_LOST && arm->n_open > 0)))
    return component_new ("capture", DYNO_COMPONENT_DEGRADED, "Look at the Live page.",
                          g_strdup (arm->message != NULL ? arm->message : "A run is in danger."));
  if (provider != NULL && provider->loss_percent > MOST_LOSS_PCT)
    return component_new ("capture", DYNO_COMPONENT_DEGRADED,
                          "Use a cable instead of Wi-Fi, or another switch.",
                          g_strdup_printf ("%.1f %% of the messages of %s are lost.",
                                           provider->loss_percent, provider->name));

  return component_new ("capture", DYNO_COMPONENT_HEALTHY, NULL,
                        provider != NULL ? g_strdup_printf ("%s is heard.", provider->name)
                                         : g_strdup ("No dyno is heard."));
}

static DynoComponent *
look_at_jobs (const DynoErrand *errand)
{
  guint n = dyno_jobs_n_running (errand->shop->jobs);

  return component_new ("jobs", DYNO_COMPONENT_HEALTHY, NULL, g_strdup_printf ("%u run now.", n));
}

static DynoComponent *
look_at_clock (const DynoErrand *errand)
{
  gint64 jump_us = clock_jump (errand->shop->health, errand->shop->clock);

  if (ABS (jump_us) > MOST_JUMP_US)
    return component_new ("clock", DYNO_COMPONENT_DEGRADED,
                          "Let the system set its clock from the network.",
                          g_strdup_printf ("The clock was set by %.0f s.",
                                           (double) jump_us / G_USEC_PER_SEC));

  return component_new ("clock", DYNO_COMPONENT_HEALTHY, NULL, g_strdup ("The clock runs evenly."));
}

static guint
version_number (const char *text)
{
  guint major = 0, minor = 0, micro = 0;

  if (text == NULL || sscanf (text, "%u.%u.%u", &major, &minor, &micro) < 2)
    return 0;

  return major * 1000000 + minor * 1000 + micro;
}

static DynoComponent *
look_at_libraries (const DynoErrand *errand)
{
  DynoStore *store = errand->shop->store;
  g_autoptr(DynoStoreInfo) info = NULL;

  if (store != NULL)
    {
      dyno_store_info_async (store, errand->cancellable, dyno_await_cb, errand->await);
      info = dyno_store_info_finish (store, dyno_await_wait (errand->await), NULL);
    }
  if (info != NULL && version_number (info->sqlite_version) < version_number (GOOD_SQLITE))
    return component_new ("libraries", DYNO_COMPONENT_DEGRADED, "Update the system when you can.",
                          g_strdup_printf ("SQLite %s has a fault with two writers, mended in %s; "
                                           "this program has one writer alone.",
                                           info->sqlite_version, GOOD_SQLITE));

  return component_new ("libraries", DYNO_COMPONENT_HEALTHY, NULL,
                        g_strdup_printf ("GLib %u.%u.%u, SQLite %s.", glib_major_version,
                                         glib_minor_version, glib_micro_version,
                                         info != NULL ? info->sqlite_version : "not in use"));
}

static guint64
resident_bytes (void)
{
  g_autofree char *text = NULL;
  guint64 pages;

  if (!g_file_get_contents ("/proc/self/statm", &text, NULL, NULL) || strchr (text, ' ') == NULL)
    return 0;
  pages = g_ascii_strtoull (strchr (text, ' '), NULL, 10);

  return pages * (guint64) sysconf (_SC_PAGESIZE);
}

static void
add (const DynoErrand *errand,
     DynoHealthReport *report,
     DynoComponent  *(*look) (const DynoErrand *errand))
{
  gint64 begin_us = g_get_monotonic_time ();
  DynoComponent *component = look (errand);

  component->latency_ms = (double) (g_get_monotonic_time () - begin_us) / 1000;
  report->status = MAX (report->status, component->status);
  g_ptr_array_add (report->components, component);
  if (remember (errand->shop->health, component, report->time_us))
    dyno_bus_publish (errand->shop->bus, DYNO_TOPIC_HEALTH, component->name,
                      dyno_component_status_name (component->status));
}

static gpointer
report (const DynoErrand *errand,
        gpointer          data,
        GError          **error)
{
  DynoShop *shop = errand->shop;
  DynoHealthReport *self = g_new0 (DynoHealthReport, 1);

  self->time_us = dyno_clock_real_us (shop->clock);
  self->uptime_s = (double) (dyno_clock_monotonic_us (shop->clock) - shop->opened_us)
                   / G_USEC_PER_SEC;
  self->rss_bytes = resident_bytes ();
  self->components = g_ptr_array_new_with_free_func (component_free);
  add (errand, self, look_at_database);
  add (errand, self, look_at_disk);
  add (errand, self, look_at_folder);
  add (errand, self, look_at_keyring);
  add (errand, self, look_at_capture);
  add (errand, self, look_at_jobs);
  add (errand, self, look_at_clock);
  add (errand, self, look_at_libraries);

  return self;
}

static const DynoOperation report_operation = { "health", report,
                                                (GDestroyNotify) dyno_health_report_free, FALSE };

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
