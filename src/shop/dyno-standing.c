/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-standing.h"

#include "dyno-alert.h"
#include "dyno-cloud.h"
#include "dyno-daily.h"
#include "dyno-health.h"
#include "dyno-log.h"
#include "dyno-metrics.h"
#include "dyno-shop.h"
#include "dyno-trace.h"
#include "dyno-watch.h"

static void
begin_log (DynoShop *shop,
           gboolean  is_alone)
{
  static const char *const names[] = { "DEBUG", "INFO", "WARNING", "ERROR" };
  static const GLogLevelFlags levels[] = { G_LOG_LEVEL_DEBUG, G_LOG_LEVEL_INFO, G_LOG_LEVEL_WARNING,
                                           G_LOG_LEVEL_CRITICAL };
  DynoConfig *config = dyno_shop_get_config (shop);
  g_autofree char *folder = g_build_filename (dyno_shop_get_folders (shop)->state, "log", NULL);
  g_autofree char *level = dyno_config_dup (config, "log.level");
  DynoLogFile file = { .folder = folder,
                       .level = G_LOG_LEVEL_INFO,
                       .keep = (guint) dyno_config_get_integer (config, "log.keep_days"),
                       .is_alone = is_alone };
  g_autoptr(GError) error = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      if (g_str_equal (names[i], level))
        file.level = levels[i];
    }
  if (!dyno_log_begin_file (&file, &error))
    g_warning ("There is no log file: %s", error->message);
}

static void
begin_traces (DynoShop *shop)
{
  DynoConfig *config = dyno_shop_get_config (shop);
  g_autofree char *endpoint = dyno_config_dup (config, "trace.endpoint");
  g_autofree char *environment = dyno_config_dup (config, "server.environment");
  const DynoTraceConfig trace = { .endpoint = endpoint,
                                  .sample = dyno_config_get_number (config, "trace.sample"),
                                  .environment = environment,
                                  .context = g_main_context_get_thread_default () };
  g_autoptr(GError) error = NULL;

  if (*endpoint != '\0' && !dyno_trace_begin (&trace, &error))
    g_warning ("No traces are sent: %s", error->message);
}

void
dyno_standing_begin (DynoShop *shop,
                     gboolean  is_alone)
{
  DynoConfig *config = dyno_shop_get_config (shop);
  GMainContext *context = g_main_context_get_thread_default ();
  g_autofree char *environment = dyno_config_dup (config, "server.environment");
  g_autofree char *key = dyno_config_dup (config, "jetstream.key");

  begin_log (shop, is_alone);
  dyno_metrics_set_app (environment);
  begin_traces (shop);
  dyno_health_watch (shop, context);
  dyno_alert_watch (shop, context);
  if (!dyno_shop_has_store (shop))
    return;
  dyno_daily_watch (shop, context);
  dyno_watch_begin (shop, context);
  dyno_cloud_begin (shop, context, *key != '\0' ? key : NULL);
}

void
dyno_standing_end (DynoShop *shop)
{
  if (dyno_shop_has_store (shop))
    {
      dyno_cloud_end (shop);
      dyno_watch_end (shop);
    }
  dyno_alert_end_watch (shop);
  dyno_trace_end ();
  dyno_log_end_file ();
}
