/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* From runs, logs and settings to what stands on the sheet. */

#include "config.h"

#include "dyno-report-private.h"

#include "dyno-json.h"
#include "dyno-logo.h"
#include "dyno-pull-power-private.h"
#include "dyno-shop-private.h"
#include "dyno-store-vehicles.h"

#include <math.h>
#include <string.h>

#define SURE 0.9 /* an assumption below this is said */
#define MAX_NAME 60

/* Shop. */

static gboolean
parse_colour (const char *text,
              DynoColour *colour)
{
  guint64 rgb;

  if (text[0] != '#' || strlen (text) != 7
      || !g_ascii_string_to_unsigned (text + 1, 16, 0, 0xffffff, &rgb, NULL))
    return FALSE;
  *colour = (DynoColour) { (float) (rgb >> 16) / 255, (float) (rgb >> 8 & 0xff) / 255,
                           (float) (rgb & 0xff) / 255, 1 };

  return TRUE;
}

static gboolean
fill_shop (DynoSheet   *sheet,
           DynoConfig  *config,
           GError     **error)
{
  g_autofree char *logo = dyno_config_dup (config, "shop.logo");
  g_autofree char *colour = dyno_config_dup (config, "shop.colour");

  sheet->shop = dyno_config_dup (config, "shop.name");
  sheet->address = dyno_config_dup (config, "shop.address");
  sheet->terms = dyno_config_dup (config, "shop.terms");
  sheet->dyno = dyno_config_dup (config, "dyno.model");
  sheet->has_colour = parse_colour (colour, &sheet->colour);
  if (*logo == '\0')
    return TRUE;
  sheet->logo = dyno_logo_load (logo, 60 * DYNO_PT_PER_MM, 20 * DYNO_PT_PER_MM, error);

  return sheet->logo != NULL;
}

static DynoUnitSet
shop_units (DynoConfig *config)
{
  g_autofree char *word = dyno_config_dup (config, "ui.units");

  if (g_str_equal (word, "us"))
    return DYNO_UNITS_US;

  return g_str_equal (word, "european") ? DYNO_UNITS_EUROPEAN : DYNO_UNITS_METRIC;
}

/* Runs. */

static char *
date_text (gint64 time_ms)
{
  g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc (time_ms / 1000);
  g_autoptr(GDateTime) local = utc != NULL ? g_date_time_to_local (utc) : NULL;

  return local != NULL ? g_date_time_format (local, "%Y-%m-%d %H:%M") : g_strdup ("");
}

static char *
rows_text (const DynoSamples *samples)
{
  gsize n = dyno_samples_n_rows (samples);
  const double *t = dyno_samples_time (samples);

  if (n == 0)
    return NULL;

  return g_strdup_printf ("%" G_GSIZE_FORMAT " rows, %u channels, %.1f s", n,
                          dyno_samples_n_columns (samples), t[n - 1] - t[0]);
}

static void
fill_power_options (const DynoErrand        *errand,
                    const DynoReportRequest *request,
                    DynoPowerOptions        *options)
{
  dyno_pull_power_defaults (errand->shop, options);
  if (request->has_standard)
    options->standard = request->standard;
  if (request->level >= 0)
    options->level = (guint) request->level;
}

static void
warn (DynoSheet  *sheet,
      const char *name,
      const char *text)
{
  if (text != NULL)
    g_ptr_array_add (sheet->warnings, g_strdup_printf ("%s: %s%s", name, text,
                                                       g_str_has_suffix (text, ".") ? "" : "."));
}

/* Of an import's warnings those that touch figures; the others stand in the archive. */
static gboolean
is_grave (const char *code)
{
  static const char *const codes[] = {
    "clock_jump", "clock_restart", "clock_sorted", "dead_sensor", "gap", "name_contradicts",
    "pegged", "range_contradicts", "rejected", "rows_without_time", "truncated", NULL,
  };

  return code != NULL && g_strv_contains (codes, code);
}

static void
warn_of_grave (DynoSheet      *sheet,
               const char     *name,
               const DynoJson *warnings)
{
  for (guint i = 0; i < dyno_json_n_elements (warnings); i++)
    {
      const DynoJson *one = dyno_json_element (warnings, i);

      if (is_grave (dyno_json_get_string (one, "code")))
        warn (sheet, name, dyno_json_get_string (one, "text"));
    }
}

/* All that the import was not sure of stands on the full sheet; on one page their
 * number and the least sure of them. */
static void
tell_assumptions (DynoSheet      *sheet,
                  const char     *name,
                  const DynoJson *assumptions)
{
  double least = SURE;
  const char *worst = NULL;
  guint n = 0;

  for (guint i = 0; i < dyno_json_n_elements (assumptions); i++)
    {
      const DynoJson *one = dyno_json_element (assumptions, i);
      double confidence = dyno_json_get_number (one, "confidence", 1);
      const char *text = dyno_json_get_string (one, "text");

      if (text == NULL || confidence >= SURE)
        continue;
      g_ptr_array_add (sheet->findings, g_strdup_printf ("%s: %s.", name, text));
      n++;
      if (confidence < least)
        {
          least = confidence;
          worst = text;
        }
    }
  if (n > 0)
    g_ptr_array_add (sheet->warnings,
                     g_strdup_printf ("%s: %u assumption%s had to be made to read it; the least "
                                      "sure: %s.", name, n, n == 1 ? "" : "s", worst));
}

static void
warn_of_import (DynoSheet  *sheet,
                const char *name,
                const char *report)
{
  g_autoptr(DynoJson) json = report != NULL
                               ? dyno_json_parse_limited (report, -1, &dyno_json_limits_own, NULL)
                               : NULL;

  tell_assumptions (sheet, name, dyno_json_member (json, "assumptions"));
  warn_of_grave (sheet, name, dyno_json_member (json, "warnings"));
}

static void
warn_of_run (DynoSheet     *sheet,
             const char    *name,
             const DynoRun *run)
{
  if (run->status == DYNO_RUN_INTERRUPTED)
    warn (sheet, name, "This run is incomplete: it was cut short, or samples were lost.");
  if (run->n_gaps > 0)
    {
      g_autofree char *text = g_strdup_printf ("%u gaps, %.2f %% of the samples lost on the wire.",
                                               run->n_gaps, run->loss_pct);

      warn (sheet, name, text);
    }
  warn_of_import (sheet, name, run->report);
}

/* The sum of the file that the run was made of. */
static char *
source_sum (const DynoErrand *errand,
            const char       *run_id)
{
  DynoStore *store = errand->shop->store;
  g_autoptr(GPtrArray) files = NULL;
  const DynoRunFile *file;

  dyno_store_list_run_files_async (store, run_id, NULL, NULL, dyno_await_cb, errand->await);
  files = dyno_store_list_run_files_finish (store, dyno_await_wait (errand->await), NULL);
  file = files != NULL && files->len > 0 ? g_ptr_array_index (files, 0) : NULL;

  return file != NULL ? g_strdup (file->sha256) : NULL;
}

static void
add_stored_run (const DynoErrand *errand,
                DynoSheet        *sheet,
                const DynoRun    *run,
                DynoPullPower    *power)
{
  g_autofree char *name = *run->title != '\0'
                            ? g_strdup_printf ("Run %" G_GINT64_FORMAT ", %s", run->number, run->title)
                            : g_strdup_printf ("Run %" G_GINT64_FORMAT, run->number);
  const char *standard = dyno_standard_info (power->power->correction.standard)->id;
  DynoSheetRun *entry = dyno_sheet_add_run (sheet, name, run->id, power);

  entry->date = date_text (run->started_ms);
  entry->sha256 = source_sum (errand, run->id);
  entry->rows = rows_text (power->samples);
  if (run->peaks.correction != NULL && !g_str_equal (run->peaks.correction, standard))
    entry->stored_as = g_strdup (run->peaks.correction);
  entry->is_simulated = run->is_simulator || run->source == DYNO_SOURCE_SIMULATOR;
  warn_of_run (sheet, name, run);
  if (sheet->runs->len == 1)
    sheet->time_ms = run->started_ms;
}

static DynoRun *
load_run (const DynoErrand *errand,
          const char       *run_id,
          GError          **error)
{
  DynoStore *store = errand->shop->store;

  dyno_store_get_run_async (store, run_id, errand->cancellable, dyno_await_cb, errand->await);

  return dyno_store_get_run_finish (store, dyno_await_wait (errand->await), error);
}

/* People. */

static char *
set_text (const char *text)
{
  return text != NULL && *text != '\0' ? g_strdup (text) : NULL;
}

static char *
vehicle_text (const DynoVehicle *vehicle)
{
  GString *text = g_string_new (vehicle->label);
  g_autofree char *year = vehicle->year > 0 ? g_strdup_printf ("%d", vehicle->year) : g_strdup ("");
  const char *const parts[] = { vehicle->make, vehicle->model, year };

  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      if (parts[i] != NULL && *parts[i] != '\0' && strstr (text->str, parts[i]) == NULL)
        g_string_append_printf (text, " %s", parts[i]);
    }

  return g_string_free (text, FALSE);
}

static void
fill_people (const DynoErrand *errand,
             DynoSheet        *sheet,
             const DynoRun    *run,
             gboolean          is_redacted)
{
  DynoStore *store = errand->shop->store;
  g_autoptr(DynoVehicle) vehicle = NULL;

  if (!is_redacted)
    sheet->notes = set_text (run->notes);
  if (run->vehicle_id == NULL)
    return;
  dyno_store_get_vehicle_async (store, run->vehicle_id, NULL, dyno_await_cb, errand->await);
  vehicle = dyno_store_get_vehicle_finish (store, dyno_await_wait (errand->await), NULL);
  if (vehicle == NULL)
    return;

  sheet->vehicle = vehicle_text (vehicle);
  if (is_redacted)
    return;
  sheet->customer = set_text (vehicle->customer_name);
  sheet->plate = set_text (vehicle->plate);
  sheet->vin = set_text (vehicle->vin);
}

/* Subjects. */

static gboolean
add_run (const DynoErrand        *errand,
         const DynoReportRequest *request,
         const char              *run_id,
         const DynoPowerOptions  *options,
         DynoSheet               *sheet,
         GError                 **error)
{
  g_autoptr(DynoRun) run = load_run (errand, run_id, error);
  g_autoptr(DynoPullPower) power = NULL;

  if (run != NULL)
    power = dyno_pull_power_of_run (errand, run, options, error);
  if (power == NULL)
    return FALSE;
  add_stored_run (errand, sheet, run, power);
  if (sheet->runs->len == 1)
    fill_people (errand, sheet, run, request->is_redacted);

  return TRUE;
}

/* A log has no place in the run book: its name is its file's, its id its sum's. */
static void
add_log (DynoSheet               *sheet,
         const DynoReportSubject *subject,
         const DynoPowerOptions  *options)
{
  const DynoImportOutcome *outcome = subject->outcome;
  g_autoptr(DynoPullPower) power = dyno_pull_power_make (outcome->samples, options, NULL);
  g_autofree char *name = g_path_get_basename (subject->path);
  g_autofree char *id = g_strdup_printf ("log_%.20s", outcome->sha256);
  g_autofree char *json = outcome->report != NULL ? dyno_import_report_to_json (outcome->report, NULL)
                                                  : NULL;
  DynoSheetRun *run = dyno_sheet_add_run (sheet, name, id, power);

  run->date = g_strdup (outcome->report != NULL && outcome->report->time.date != NULL
                          ? outcome->report->time.date : "");
  run->sha256 = g_strdup (outcome->sha256);
  run->rows = rows_text (outcome->samples);
  warn_of_import (sheet, name, json);
}

static gboolean
add_subjects (const DynoErrand        *errand,
              const DynoReportRequest *request,
              DynoSheet               *sheet,
              GError                 **error)
{
  DynoPowerOptions options;

  fill_power_options (errand, request, &options);
  for (guint i = 0; i < request->subjects->len; i++)
    {
      const DynoReportSubject *subject = g_ptr_array_index (request->subjects, i);

      if (g_cancellable_set_error_if_cancelled (errand->cancellable, error))
        return FALSE;
      if (subject->outcome != NULL)
        add_log (sheet, subject, &options);
      else if (!add_run (errand, request, subject->run_id, &options, sheet, error))
        return FALSE;
      dyno_job_set_progress (errand->job, i + 1, request->subjects->len + 1);
    }

  return TRUE;
}

DynoSheet *
dyno_report_fill (const DynoErrand         *errand,
                  const DynoReportRequest  *request,
                  GError                  **error)
{
  DynoConfig *config = errand->shop->config;
  g_autoptr(DynoSheet) sheet = dyno_sheet_new ();

  sheet->form = request->form;
  sheet->size = request->size;
  sheet->units = request->has_units ? request->units : shop_units (config);
  sheet->baseline = request->baseline;
  if (!fill_shop (sheet, config, error) || !add_subjects (errand, request, sheet, error))
    return NULL;

  if (request->form == DYNO_SHEET_FULL)
    dyno_report_fill_tables (errand, g_ptr_array_index (request->subjects, 0), sheet);

  return g_steal_pointer (&sheet);
}
