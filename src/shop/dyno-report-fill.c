/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* From runs and settings to what stands on the sheet. */

#include "config.h"

#include "dyno-report-private.h"

#include "dyno-json.h"
#include "dyno-logo.h"
#include "dyno-shop-private.h"

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

char *
dyno_report_date (gint64 time_ms)
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
fill_people (DynoSheet         *sheet,
             const DynoDossier *dossier)
{
  const DynoVehicle *vehicle = dossier->vehicle;

  sheet->notes = set_text (dossier->run->notes);
  if (dossier->customer != NULL)
    sheet->customer = set_text (dossier->customer->name);
  if (vehicle == NULL)
    return;
  sheet->vehicle = vehicle_text (vehicle);
  sheet->plate = set_text (vehicle->plate);
  sheet->vin = set_text (vehicle->vin);
}

/* Runs of the book by their number, files by their name. */
static char *
name_text (const DynoDossier *dossier)
{
  const DynoRun *run = dossier->run;

  if (!dossier->is_stored)
    return g_strdup (dossier->source_name != NULL ? dossier->source_name : run->id);

  return g_strdup_printf ("Run %" G_GINT64_FORMAT "%s%s", run->number,
                          run->title != NULL && *run->title != '\0' ? ", " : "",
                          run->title != NULL ? run->title : "");
}

static void
add_run (DynoSheet   *sheet,
         DynoDossier *dossier)
{
  const DynoRun *run = dossier->run;
  DynoPullPower *power = (DynoPullPower *) dyno_dossier_power (dossier);
  const char *standard = dyno_standard_info (power->power->correction.standard)->id;
  g_autofree char *name = name_text (dossier);
  DynoSheetRun *entry = dyno_sheet_add_run (sheet, name, run->id, power);

  entry->date = run->started_ms > 0 ? dyno_report_date (run->started_ms) : g_strdup ("");
  entry->sha256 = g_strdup (dossier->source_sha256);
  entry->rows = rows_text (power->samples);
  entry->is_simulated = run->is_simulator || run->source == DYNO_SOURCE_SIMULATOR;
  if (dossier->is_stored && run->peaks.correction != NULL
      && !g_str_equal (run->peaks.correction, standard))
    entry->stored_as = g_strdup (run->peaks.correction);
  warn_of_run (sheet, name, run);
}

DynoSheet *
dyno_report_fill (const DynoErrand         *errand,
                  const DynoReportRequest  *request,
                  GPtrArray                *dossiers,
                  GError                  **error)
{
  DynoConfig *config = errand->shop->config;
  const DynoDossier *first = g_ptr_array_index (dossiers, 0);
  g_autoptr(DynoSheet) sheet = dyno_sheet_new ();

  sheet->form = request->form;
  sheet->size = request->size;
  sheet->units = request->has_units ? request->units : shop_units (config);
  sheet->baseline = request->baseline;
  sheet->time_ms = first->run->started_ms;
  if (!fill_shop (sheet, config, error))
    return NULL;
  fill_people (sheet, first);
  for (guint i = 0; i < dossiers->len; i++)
    add_run (sheet, g_ptr_array_index (dossiers, i));
  if (request->form == DYNO_SHEET_FULL)
    {
      dyno_report_fill_changes (errand, first, sheet);
      dyno_report_fill_tables (errand, first, sheet);
    }

  return g_steal_pointer (&sheet);
}
