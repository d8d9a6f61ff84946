/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-shape-export.h"

#include <math.h>

#include "dyno-archive-samples.h"
#include "dyno-export-columns.h"
#include "dyno-shape-private.h"

#define SCHEMA "org.dynoai.run/1"
#define CURVE_STEP_RPM 50
#define CURVE_STEP_KMH 1

/* The run */

static void
add_stamp (DynoJsonWriter *w,
           const char     *name,
           gint64          t_us)
{
  dyno_json_writer_name (w, name);
  if (t_us == DYNO_NO_STAMP)
    dyno_json_writer_null (w);
  else
    dyno_json_writer_integer (w, t_us);
}

static void
write_excluded (DynoJsonWriter   *w,
                DynoArchiveNotes *notes)
{
  dyno_json_writer_name (w, "excluded");
  dyno_json_writer_begin_array (w);
  for (guint i = 0; i < notes->excluded->len; i++)
    dyno_json_writer_integer (w, (gint64) g_array_index (notes->excluded, gsize, i));
  dyno_json_writer_end_array (w);
}

/* What people said of it in few words, and what the machine knows. */
static void
write_run (DynoJsonWriter    *w,
           const DynoDossier *dossier,
           const char        *program)
{
  const DynoRun *run = dossier->run;
  g_autoptr(DynoArchiveNotes) notes = dyno_archive_notes_of (dossier->samples);

  dyno_json_writer_name (w, "run");
  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "id", run->id);
  dyno_shape_add_text (w, "origin_run_id", run->origin_run_id);
  dyno_shape_add_text (w, "title", run->title);
  dyno_json_writer_add_string (w, "status", dyno_run_status_name (run->status));
  dyno_json_writer_add_string (w, "source", dyno_run_source_name (run->source));
  dyno_shape_add_time_ms (w, "started_at", run->started_ms);
  dyno_json_writer_add_number (w, "duration_s", run->duration_s);
  dyno_shape_add_text (w, "error", run->error);
  dyno_json_writer_add_boolean (w, "starred", run->is_starred);
  dyno_json_writer_add_boolean (w, "baseline", run->is_baseline);
  dyno_json_writer_add_number (w, "gear", run->gear > 0 ? run->gear : NAN);
  dyno_json_writer_add_number (w, "trim_start_s", run->trim_start_s);
  dyno_json_writer_add_number (w, "trim_end_s", run->trim_end_s);
  dyno_shape_add_text (w, "provider", run->provider);
  dyno_json_writer_add_boolean (w, "simulated", run->is_simulator);
  dyno_json_writer_add_number (w, "loss_pct", run->loss_pct);
  dyno_json_writer_add_integer (w, "gaps", run->n_gaps);
  dyno_shape_add_text (w, "discarded", run->discarded);
  add_stamp (w, "origin_us", run->origin_us);
  add_stamp (w, "roll_start_us", run->roll_start_us);
  add_stamp (w, "run_start_us", run->run_start_us);
  add_stamp (w, "run_end_us", run->run_end_us);
  add_stamp (w, "roll_end_us", run->roll_end_us);
  dyno_shape_add_text (w, "derivation", run->derivation);
  dyno_json_writer_add_boolean (w, "has_time", notes->has_time);
  write_excluded (w, notes);
  if (program != NULL)
    dyno_json_writer_add_string (w, "program", program);
  dyno_json_writer_end_object (w);
}

static void
write_source (DynoJsonWriter    *w,
              const DynoDossier *dossier)
{
  g_autofree char *dialect = dyno_dossier_dialect (dossier);

  dyno_json_writer_name (w, "source");
  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "sha256", dossier->source_sha256);
  dyno_json_writer_add_string (w, "dialect", dialect);
  dyno_json_writer_add_string (w, "name", dossier->source_name);
  dyno_json_writer_end_object (w);
}

/* Channels */

static void
write_values (DynoJsonWriter         *w,
              const DynoExportColumn *column,
              gsize                   n)
{
  dyno_json_writer_name (w, "values");
  dyno_json_writer_begin_array (w);
  for (gsize i = 0; i < n; i++)
    dyno_json_writer_number (w, dyno_export_column_value (column, i));
  dyno_json_writer_end_array (w);
}

static void
write_channel_head (DynoJsonWriter         *w,
                    const DynoExportColumn *column)
{
  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "name", column->column->name);
  dyno_shape_add_channel (w, "canonical", column->column->channel);
  dyno_json_writer_add_string (w, "unit", column->unit);
  dyno_json_writer_add_integer (w, "decimals", column->decimals);
}

static void
write_channels (DynoJsonWriter    *w,
                const DynoDossier *dossier)
{
  g_autoptr(GPtrArray) columns = dyno_export_columns_new (dossier->samples, DYNO_EXPORT_SI);
  gsize n = dyno_samples_n_rows (dossier->samples);
  const double *time_s = dyno_samples_time (dossier->samples);

  dyno_json_writer_name (w, "channels");
  dyno_json_writer_begin_array (w);
  for (guint i = 0; i < columns->len; i++)
    {
      write_channel_head (w, columns->pdata[i]);
      write_values (w, columns->pdata[i], n);
      dyno_json_writer_end_object (w);
    }
  dyno_json_writer_end_array (w);
  dyno_json_writer_name (w, "time_s");
  dyno_json_writer_begin_array (w);
  for (gsize i = 0; i < n; i++)
    dyno_json_writer_number (w, time_s[i]);
  dyno_json_writer_end_array (w);
}

/* In the order of samples.bin, with what has no place there. */
static void
write_archive_channels (DynoJsonWriter    *w,
                        const DynoDossier *dossier)
{
  g_autoptr(GPtrArray) columns = dyno_export_columns_new (dossier->samples, DYNO_EXPORT_SOURCE);

  dyno_json_writer_name (w, "channels");
  dyno_json_writer_begin_array (w);
  for (guint i = 0; i < dyno_samples_n_columns (dossier->samples); i++)
    {
      const DynoColumn *column = dyno_samples_column (dossier->samples, i);

      for (guint k = 0; k < columns->len; k++)
        {
          if (((const DynoExportColumn *) columns->pdata[k])->column == column)
            write_channel_head (w, columns->pdata[k]);
        }
      dyno_json_writer_add_string (w, "module", column->module);
      dyno_json_writer_add_string (w, "unit_text", column->unit_text);
      dyno_json_writer_add_number (w, "confidence", dossier->confidence[i]);
      dyno_json_writer_end_object (w);
    }
  dyno_json_writer_end_array (w);
}

/* Marks, curve, peaks */

static void
write_marks (DynoJsonWriter    *w,
             const DynoDossier *dossier)
{
  gint64 origin_us = dossier->run->origin_us != DYNO_NO_STAMP ? dossier->run->origin_us : 0;

  dyno_json_writer_name (w, "markers");
  dyno_json_writer_begin_array (w);
  for (guint i = 0; i < dossier->marks->len; i++)
    {
      const DynoRunMark *mark = g_ptr_array_index (dossier->marks, i);

      dyno_json_writer_begin_object (w);
      dyno_json_writer_add_number (w, "n", mark->n > 0 ? mark->n : NAN);
      dyno_json_writer_add_number (w, "t_s", (double) (mark->t_us - origin_us) / G_USEC_PER_SEC);
      dyno_json_writer_add_integer (w, "t_us", mark->t_us);
      dyno_json_writer_add_string (w, "kind", mark->kind);
      dyno_shape_add_text (w, "text", mark->text);
      dyno_json_writer_end_object (w);
    }
  dyno_json_writer_end_array (w);
}

static void
write_point (DynoJsonWriter  *w,
             const DynoCurve *curve,
             gsize            i)
{
  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_number (w, curve->is_over_speed ? "speed_kmh" : "rpm", curve->x[i]);
  dyno_json_writer_add_number (w, "power_kw", curve->power_kw[i]);
  dyno_json_writer_add_number (w, "torque_nm", curve->torque_nm[i]);
  dyno_json_writer_add_number (w, "afr", curve->afr[i]);
  dyno_json_writer_end_object (w);
}

static void
write_curve (DynoJsonWriter  *w,
             const DynoPower *power)
{
  double step = power->curve->is_over_speed ? CURVE_STEP_KMH : CURVE_STEP_RPM;
  g_autoptr(DynoCurve) even = dyno_curve_resample (power->curve, step);

  dyno_json_writer_name (w, "curve");
  dyno_json_writer_begin_array (w);
  for (gsize i = 0; i < even->n; i++)
    write_point (w, even, i);
  dyno_json_writer_end_array (w);
}

/* Those that the run book shows. */
static void
write_peaks (DynoJsonWriter     *w,
             const DynoRunPeaks *peaks)
{
  dyno_json_writer_name (w, "peaks");
  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_number (w, "peak_power_kw", peaks->power_kw);
  dyno_json_writer_add_number (w, "peak_power_rpm", peaks->power_rpm);
  dyno_json_writer_add_number (w, "peak_torque_nm", peaks->torque_nm);
  dyno_json_writer_add_number (w, "peak_torque_rpm", peaks->torque_rpm);
  dyno_json_writer_add_number (w, "mean_afr", peaks->mean_afr);
  dyno_json_writer_add_string (w, "standard", peaks->correction);
  dyno_json_writer_add_number (w, "smoothing", peaks->smoothing >= 0 ? peaks->smoothing : NAN);
  dyno_json_writer_add_number (w, "factor", peaks->factor);
  dyno_json_writer_end_object (w);
}

/* Warnings */

static void
write_warning (DynoJsonWriter *w,
               const char     *code,
               const char     *text)
{
  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "code", code);
  dyno_json_writer_add_string (w, "text", text);
  dyno_json_writer_end_object (w);
}

static void
write_warnings (DynoJsonWriter    *w,
                const DynoDossier *dossier,
                const DynoPower   *power)
{
  const char *report = dossier->run->report;
  g_autoptr(DynoJson) json
    = report != NULL ? dyno_json_parse_limited (report, -1, &dyno_json_limits_own, NULL) : NULL;
  const DynoJson *found = dyno_json_member (json, "warnings");

  dyno_json_writer_name (w, "warnings");
  dyno_json_writer_begin_array (w);
  for (guint i = 0; i < dyno_json_n_elements (found); i++)
    dyno_json_writer_value (w, dyno_json_element (found, i));
  for (guint i = 0; i < DYNO_N_POWER_WARNINGS; i++)
    {
      if ((power->warnings >> i & 1) != 0)
        write_warning (w, dyno_power_warning_code (i), dyno_power_warning_sentence (i));
    }
  for (guint i = 0; i < DYNO_N_CORRECTION_WARNINGS; i++)
    {
      if ((power->correction.warnings >> i & 1) != 0)
        write_warning (w, dyno_correction_code (i), dyno_correction_sentence (i));
    }
  dyno_json_writer_end_array (w);
}

/* Vehicle, customer and words, for an archive */

static void
write_vehicle (DynoJsonWriter    *w,
               const DynoVehicle *vehicle)
{
  dyno_json_writer_name (w, "vehicle");
  if (vehicle == NULL)
    {
      dyno_json_writer_null (w);
      return;
    }
  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "label", vehicle->label);
  dyno_shape_add_text (w, "make", vehicle->make);
  dyno_shape_add_text (w, "model", vehicle->model);
  dyno_json_writer_add_number (w, "year", vehicle->year > 0 ? vehicle->year : NAN);
  dyno_shape_add_text (w, "vin", vehicle->vin);
  dyno_shape_add_text (w, "plate", vehicle->plate);
  dyno_shape_add_json (w, "data", vehicle->data);
  dyno_json_writer_end_object (w);
}

static void
write_customer (DynoJsonWriter     *w,
                const DynoCustomer *customer)
{
  dyno_json_writer_name (w, "customer");
  if (customer == NULL)
    {
      dyno_json_writer_null (w);
      return;
    }
  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "name", customer->name);
  dyno_shape_add_text (w, "phone", customer->phone);
  dyno_shape_add_text (w, "email", customer->email);
  dyno_shape_add_text (w, "address", customer->address);
  dyno_shape_add_text (w, "notes", customer->notes);
  dyno_json_writer_end_object (w);
}

static void
write_words (DynoJsonWriter *w,
             const DynoRun  *run)
{
  dyno_shape_add_json (w, "mapping", run->mapping);
  dyno_shape_add_json (w, "settings", run->config);
  dyno_shape_add_json (w, "results", run->results);
  dyno_shape_add_text (w, "notes", run->notes);
  dyno_json_writer_name (w, "tags");
  dyno_json_writer_begin_array (w);
  for (guint i = 0; run->tags != NULL && run->tags[i] != NULL; i++)
    dyno_json_writer_string (w, run->tags[i]);
  dyno_json_writer_end_array (w);
}

/* Both shapes */

static void
write_head (DynoJsonWriter    *w,
            const DynoDossier *dossier,
            const DynoPower   *power,
            const char        *program)
{
  dyno_json_writer_add_string (w, "schema", SCHEMA);
  write_run (w, dossier, program);
  write_source (w, dossier);
  dyno_shape_add_json (w, "assumptions", dossier->run->report);
  dyno_json_writer_name (w, "correction");
  dyno_shape_correction (w, &power->correction);
}

static void
write_tail (DynoJsonWriter    *w,
            const DynoDossier *dossier,
            const DynoPower   *power)
{
  write_marks (w, dossier);
  dyno_shape_add_json (w, "gaps", dossier->run->gaps);
  write_curve (w, power);
  write_peaks (w, &dossier->run->peaks);
  write_warnings (w, dossier, power);
}

void
dyno_shape_export_run (DynoJsonWriter *w,
                       DynoDossier    *dossier)
{
  const DynoPower *power = dyno_dossier_power (dossier)->power;

  dyno_json_writer_begin_object (w);
  write_head (w, dossier, power, "DynoAI " DYNO_VERSION);
  write_channels (w, dossier);
  write_tail (w, dossier, power);
  dyno_json_writer_end_object (w);
}

void
dyno_shape_export_archive (DynoJsonWriter *w,
                           DynoDossier    *dossier)
{
  g_autoptr(DynoPullPower) own = dyno_dossier_own_power (dossier);

  dyno_json_writer_begin_object (w);
  write_head (w, dossier, own->power, NULL);
  write_archive_channels (w, dossier);
  write_tail (w, dossier, own->power);
  write_vehicle (w, dossier->vehicle);
  write_customer (w, dossier->customer);
  write_words (w, dossier->run);
  dyno_json_writer_end_object (w);
}

void
dyno_shape_export_outcome (DynoJsonWriter          *w,
                           const DynoExportOutcome *outcome)
{
  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "file", outcome->path);
  dyno_json_writer_add_string (w, "sha256", outcome->sha256);
  dyno_json_writer_add_integer (w, "bytes", (gint64) g_bytes_get_size (outcome->bytes));
  dyno_json_writer_end_object (w);
}
