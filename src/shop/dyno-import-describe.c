/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-import-describe.h"

#include <math.h>
#include <string.h>

#include "dyno-crypt.h"
#include "dyno-import-snapshot.h"
#include "dyno-plate.h"
#include "dyno-shop-private.h"
#include "dyno-summary.h"

char *
dyno_import_name (const DynoImportRequest *request)
{
  return request->name != NULL ? g_strdup (request->name) : g_path_get_basename (request->path);
}

/* Without its ending. */
static char *
title_of (const DynoImportRequest *request)
{
  g_autofree char *name = dyno_import_name (request);
  char *dot = strrchr (name, '.');

  if (request->title != NULL)
    return g_strdup (request->title);
  if (dot != NULL && dot != name)
    *dot = '\0';

  return g_utf8_make_valid (name, -1);
}

static char *
gaps_json (const DynoImportReport *report)
{
  DynoJsonWriter *w = dyno_json_writer_new (FALSE);

  dyno_json_writer_begin_array (w);
  for (guint i = 0; i < report->gaps->len; i++)
    {
      const DynoImportGap *gap = &g_array_index (report->gaps, DynoImportGap, i);

      dyno_json_writer_begin_object (w);
      dyno_json_writer_add_number (w, "from", gap->at_s);
      dyno_json_writer_add_number (w, "to", gap->at_s + gap->length_s);
      dyno_json_writer_add_number (w, "lost", NAN);
      dyno_json_writer_end_object (w);
    }
  dyno_json_writer_end_array (w);

  return dyno_json_writer_finish (w);
}

GPtrArray *
dyno_import_marks (const DynoImportReport *report)
{
  GPtrArray *marks = g_ptr_array_new_with_free_func ((GDestroyNotify) dyno_run_mark_free);

  for (guint i = 0; report != NULL && i < report->markers->len; i++)
    {
      const DynoImportMarker *marker = &g_array_index (report->markers, DynoImportMarker, i);

      g_ptr_array_add (marks, dyno_run_mark_new (llround (marker->at_s * G_USEC_PER_SEC), "mark", 0,
                                                 marker->text));
    }

  return marks;
}

static void
take_report (DynoRun                *run,
             const DynoImportReport *report)
{
  run->report = dyno_import_report_to_json (report, NULL);
  run->gaps = gaps_json (report);
  run->n_gaps = report->gaps->len;
}

DynoRun *
dyno_import_describe (const DynoErrand        *errand,
                      const DynoImportRequest *request,
                      const DynoImportReading *reading,
                      const DynoVehicle       *vehicle,
                      double                   stoich)
{
  g_autofree char *correction = dyno_config_dup (errand->shop->config, "ui.correction");
  DynoRun *run = dyno_run_new ();
  DynoPowerOptions options;
  DynoDrum drum;

  run->id = request->run_id != NULL ? g_strdup (request->run_id) : dyno_crypt_new_id ("run");
  run->title = title_of (request);
  run->notes = g_strdup (request->notes);
  run->tags = g_strdupv (request->tags);
  run->vehicle_id = vehicle != NULL ? g_strdup (vehicle->id) : NULL;
  run->status = DYNO_RUN_COMPLETE;
  run->source = request->source;
  run->progress = 1;
  run->started_ms = reading->start_ms;
  run->duration_s = dyno_samples_duration (reading->outcome->samples);
  run->provider = g_strdup (reading->provider);
  run->config = dyno_import_snapshot (request, errand->asker);
  if (reading->outcome->report != NULL)
    take_report (run, reading->outcome->report);
  dyno_power_options_init (&options);
  dyno_standard_find (correction, &options.standard);
  options.stoich = stoich;
  dyno_plate_give (errand->shop->config, NULL, &drum, &options);
  dyno_summary_fill (run, reading->outcome->samples, &options);

  return run;
}

double *
dyno_import_confidences (const DynoImportOutcome *outcome)
{
  guint n = dyno_samples_n_columns (outcome->samples);
  double *list = g_new (double, MAX (n, 1));

  for (guint i = 0; i < n; i++)
    {
      DynoChannel channel = dyno_samples_column (outcome->samples, i)->channel;
      const DynoImportChannel *column
        = channel != DYNO_CHANNEL_NONE && outcome->report != NULL
            ? dyno_import_report_find (outcome->report, channel) : NULL;

      list[i] = column != NULL ? column->confidence : NAN;
    }

  return list;
}
