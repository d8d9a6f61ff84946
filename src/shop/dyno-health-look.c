/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* The shop's own components, one function each (service.md 7.4). */

#include "config.h"

#include "dyno-health-private.h"

#include <stdio.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "dyno-backup-private.h"
#include "dyno-http.h"
#include "dyno-lag.h"
#include "dyno-shop-private.h"

#define GIGABYTE 1e9
#define MEBIBYTE ((guint64) 1024 * 1024)
#define SLOW_WRITE_MS 250
#define MOST_LOSS_PCT 1.0
#define MOST_JUMP_US (60 * (gint64) G_USEC_PER_SEC)
#define MOST_MEMORY 0.8   /* of the budget */
#define MOST_LAG_S 0.1
#define MOST_STILL_S 10.0
#define GOOD_SQLITE "3.51.3"
#define GOOD_SOUP "3.6.6"

static void
no_database (DynoComponent *self,
             const GError  *trouble)
{
  dyno_component_set (self, DYNO_COMPONENT_UNHEALTHY,
                      "Open the data folder again, or restore a backup of it.", "%s",
                      trouble->message);
}

/* A small write, to the disk and back. */
static void
look_at_database (const DynoErrand *errand,
                  DynoComponent    *self)
{
  DynoShop *shop = errand->shop;
  gint64 begin_us = g_get_monotonic_time ();
  g_autoptr(GError) error = NULL;
  double ms;

  if (shop->store == NULL)
    {
      no_database (self, shop->trouble);
      return;
    }
  dyno_store_set_settings_async (shop->store, 1, (const char *const[]){ "health.looked" },
                                 (const char *const[]){ "true" }, errand->cancellable,
                                 dyno_await_cb, errand->await);
  if (!dyno_store_set_settings_finish (shop->store, dyno_await_wait (errand->await), &error))
    {
      no_database (self, error);
      return;
    }

  ms = (double) (g_get_monotonic_time () - begin_us) / 1000;
  if (ms > SLOW_WRITE_MS)
    dyno_component_set (self, DYNO_COMPONENT_DEGRADED,
                        "Keep the data folder on a local, faster disk.", "A write took %.0f ms.",
                        ms);
  else
    dyno_component_set (self, DYNO_COMPONENT_HEALTHY, NULL, "A write takes %.0f ms.", ms);
}

static void
look_at_disk (const DynoErrand *errand,
              DynoComponent    *self)
{
  struct statvfs disk;
  double free_gb;

  if (statvfs (errand->shop->folders->data, &disk) != 0)
    {
      dyno_component_set (self, DYNO_COMPONENT_UNHEALTHY,
                          "Give the program a data folder that is there.",
                          "The disk of %s cannot be looked at.", errand->shop->folders->data);
      return;
    }

  free_gb = (double) disk.f_bavail * (double) disk.f_frsize / GIGABYTE;
  dyno_component_set (self,
                      free_gb < 1 ? DYNO_COMPONENT_UNHEALTHY
                                  : free_gb < 2 ? DYNO_COMPONENT_DEGRADED
                                                : DYNO_COMPONENT_HEALTHY,
                      free_gb < 2 ? "Make room on the disk, or keep journals for fewer days."
                                  : NULL,
                      "%.1f GB are free.", free_gb);
}

static void
look_at_folder (const DynoErrand *errand,
                DynoComponent    *self)
{
  const char *folder = errand->shop->folders->data;

  if (access (folder, R_OK | W_OK | X_OK) == 0)
    dyno_component_set (self, DYNO_COMPONENT_HEALTHY, NULL, "%s can be written to.", folder);
  else
    dyno_component_set (self, DYNO_COMPONENT_UNHEALTHY,
                        "Give the folder back to the user who runs the program.",
                        "%s cannot be written to.", folder);
}

guint64
dyno_health_rss_bytes (void)
{
  g_autofree char *text = NULL;
  guint64 pages;

  if (!g_file_get_contents ("/proc/self/statm", &text, NULL, NULL) || strchr (text, ' ') == NULL)
    return 0;
  pages = g_ascii_strtoull (strchr (text, ' '), NULL, 10);

  return pages * (guint64) sysconf (_SC_PAGESIZE);
}

guint64
dyno_health_budget_bytes (DynoShop *shop)
{
  return (guint64) dyno_config_get_integer (shop->config, "server.memory_mb") * MEBIBYTE;
}

static void
look_at_memory (const DynoErrand *errand,
                DynoComponent    *self)
{
  guint64 rss = dyno_health_rss_bytes ();
  guint64 budget = dyno_health_budget_bytes (errand->shop);
  gboolean is_much = (double) rss > MOST_MEMORY * (double) budget;

  dyno_component_set (self, is_much ? DYNO_COMPONENT_DEGRADED : DYNO_COMPONENT_HEALTHY,
                      is_much ? "Start the program again, or allow it more (server.memory_mb)."
                              : NULL,
                      "%" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT " MiB are in use.",
                      rss / MEBIBYTE, budget / MEBIBYTE);
}

static void
look_at_loops (const DynoErrand *errand,
               DynoComponent    *self)
{
  const char *fix = "Close other programs; if it stays so, start this one again.";
  DynoLagState lag;

  dyno_lag_look (&lag);
  if (lag.n_loops == 0)
    dyno_component_set (self, DYNO_COMPONENT_HEALTHY, NULL, "No loop is watched.");
  else if (lag.still_s > MOST_STILL_S)
    dyno_component_set (self, DYNO_COMPONENT_UNHEALTHY, fix,
                        "A part of the program has stood still for %.0f s.", lag.still_s);
  else
    dyno_component_set (self,
                        lag.p99_s > MOST_LAG_S ? DYNO_COMPONENT_DEGRADED : DYNO_COMPONENT_HEALTHY,
                        lag.p99_s > MOST_LAG_S ? fix : NULL,
                        "One turn of a hundred is %.0f ms late or more.", lag.p99_s * 1000);
}

static void
look_at_keyring (const DynoErrand *errand,
                 DynoComponent    *self)
{
  DynoSecretState state;
  DynoComponentStatus status;

  dyno_secret_probe_async (errand->shop->folders->data, errand->cancellable, dyno_await_cb,
                           errand->await);
  state = dyno_secret_probe_finish (dyno_await_wait (errand->await));
  status = state == DYNO_SECRET_LOCKED       ? DYNO_COMPONENT_UNHEALTHY
           : state == DYNO_SECRET_NO_SERVICE ? DYNO_COMPONENT_DEGRADED
                                             : DYNO_COMPONENT_HEALTHY;
  dyno_component_set (self, status, dyno_secret_state_fix (state), "%s",
                      dyno_secret_state_advice (state));
}

static void
look_at_capture (const DynoErrand *errand,
                 DynoComponent    *self)
{
  g_autoptr(DynoCaptureState) state = dyno_live_ref_capture (errand->shop->live);
  g_autoptr(DynoArmState) arm = dyno_live_ref_arm (errand->shop->live);
  const DynoProviderState *provider
    = state != NULL && state->chosen >= 0 ? &state->providers[state->chosen] : NULL;

  if (state == NULL || state->link == DYNO_LINK_OFF)
    dyno_component_set (self, DYNO_COMPONENT_HEALTHY, NULL,
                        "The program does not listen to a dyno.");
  else if (arm != NULL && (arm->phase == DYNO_ARM_ERROR
                           || (arm->phase == DYNO_ARM_LINK_LOST && arm->n_open > 0)))
    dyno_component_set (self, DYNO_COMPONENT_DEGRADED, "Look at the Live page.", "%s",
                        arm->message != NULL ? arm->message : "A run is in danger.");
  else if (provider != NULL && provider->loss_percent > MOST_LOSS_PCT)
    dyno_component_set (self, DYNO_COMPONENT_DEGRADED,
                        "Use a cable instead of Wi-Fi, or another switch.",
                        "%.1f %% of the messages of %s are lost.", provider->loss_percent,
                        provider->name);
  else if (provider != NULL)
    dyno_component_set (self, DYNO_COMPONENT_HEALTHY, NULL, "%s is heard.", provider->name);
  else
    dyno_component_set (self, DYNO_COMPONENT_HEALTHY, NULL, "No dyno is heard.");
}

static void
look_at_jobs (const DynoErrand *errand,
              DynoComponent    *self)
{
  dyno_component_set (self, DYNO_COMPONENT_HEALTHY, NULL, "%u run now.",
                      dyno_jobs_n_running (errand->shop->jobs));
}

static void
look_at_clock (const DynoErrand *errand,
               DynoComponent    *self)
{
  gint64 jump_us = dyno_health_clock_jump (errand->shop->health, errand->shop->clock);

  if (ABS (jump_us) > MOST_JUMP_US)
    dyno_component_set (self, DYNO_COMPONENT_DEGRADED,
                        "Let the system set its clock from the network.",
                        "The clock was set by %.0f s.", (double) jump_us / G_USEC_PER_SEC);
  else
    dyno_component_set (self, DYNO_COMPONENT_HEALTHY, NULL, "The clock runs evenly.");
}

static guint
version_number (const char *text)
{
  guint major = 0, minor = 0, micro = 0;

  if (text == NULL || sscanf (text, "%u.%u.%u", &major, &minor, &micro) < 2)
    return 0;

  return major * 1000000 + minor * 1000 + micro;
}

static gboolean
is_older (const char *version,
          const char *good)
{
  return version != NULL && version_number (version) < version_number (good);
}

static void
look_at_libraries (const DynoErrand *errand,
                   DynoComponent    *self)
{
  DynoStore *store = errand->shop->store;
  g_autoptr(DynoStoreInfo) info = NULL;
  g_autofree char *soup = dyno_http_library_version ();
  const char *sqlite = NULL;

  if (store != NULL)
    {
      dyno_store_info_async (store, errand->cancellable, dyno_await_cb, errand->await);
      info = dyno_store_info_finish (store, dyno_await_wait (errand->await), NULL);
      sqlite = info != NULL ? info->sqlite_version : NULL;
    }
  if (is_older (sqlite, GOOD_SQLITE))
    dyno_component_set (self, DYNO_COMPONENT_DEGRADED, "Update the system when you can.",
                        "SQLite %s has a fault with two writers, mended in %s; this program has "
                        "one writer alone.", sqlite, GOOD_SQLITE);
  else if (is_older (soup, GOOD_SOUP))
    dyno_component_set (self, DYNO_COMPONENT_DEGRADED, "Update the system when you can.",
                        "libsoup %s has faults in reading requests, mended in %s; this program "
                        "checks each request before.", soup, GOOD_SOUP);
  else
    dyno_component_set (self, DYNO_COMPONENT_HEALTHY, NULL,
                        "GLib %u.%u.%u, libsoup %s, SQLite %s.", glib_major_version,
                        glib_minor_version, glib_micro_version, soup,
                        sqlite != NULL ? sqlite : "not in use");
}

const DynoHealthLook dyno_health_looks[] = {
  { "database", look_at_database },
  { "disk_space", look_at_disk },
  { "data_dir", look_at_folder },
  { "memory", look_at_memory },
  { "event_loop", look_at_loops },
  { "keyring", look_at_keyring },
  { "capture", look_at_capture },
  { "jobs", look_at_jobs },
  { "backup", dyno_backup_look },
  { "clock", look_at_clock },
  { "libraries", look_at_libraries },
  { NULL, NULL },
};
