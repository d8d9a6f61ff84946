/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-run-config.h"

#include "dyno-clock.h"
#include "dyno-json.h"

static gboolean
belongs_to_a_run (const char *key)
{
  return g_str_has_prefix (key, "capture.") || g_str_has_prefix (key, "dyno.")
         || g_str_equal (key, "ui.correction");
}

static void
write_settings (DynoJsonWriter *w,
                DynoConfig     *config)
{
  dyno_json_writer_name (w, "settings");
  dyno_json_writer_begin_object (w);
  for (const DynoConfigRow *row = dyno_config_rows (); row->key != NULL; row++)
    {
      g_autofree char *value = dyno_config_dup (config, row->key);

      if (belongs_to_a_run (row->key))
        dyno_json_writer_add_string (w, row->key, value);
    }
  dyno_json_writer_end_object (w);
}

static void
write_preflight (DynoJsonWriter      *w,
                 const DynoPreflight *preflight)
{
  g_autofree char *at = NULL;

  dyno_json_writer_name (w, "preflight");
  if (preflight == NULL)
    {
      dyno_json_writer_null (w);
      return;
    }

  at = dyno_clock_format_utc (preflight->time_us);
  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_boolean (w, "passed", preflight->has_passed);
  dyno_json_writer_add_string (w, "at", at);
  dyno_json_writer_name (w, "checks");
  dyno_json_writer_begin_object (w);
  for (guint i = 0; i < DYNO_N_PREFLIGHT_CHECKS; i++)
    dyno_json_writer_add_string (w, dyno_preflight_kind_name ((DynoPreflightKind) i),
                                 dyno_preflight_status_name (preflight->checks[i].status));
  dyno_json_writer_end_object (w);
  dyno_json_writer_end_object (w);
}

char *
dyno_run_config (DynoConfig    *config,
                 const char    *override,
                 DynoPreflight *preflight)
{
  g_autoptr(DynoPreflight) last = preflight;
  DynoJsonWriter *w = dyno_json_writer_new (FALSE);

  dyno_json_writer_begin_object (w);
  write_settings (w, config);
  write_preflight (w, last);
  dyno_json_writer_add_string (w, "override_reason", override);
  dyno_json_writer_end_object (w);

  return dyno_json_writer_finish (w);
}
