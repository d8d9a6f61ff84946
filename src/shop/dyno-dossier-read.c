/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* run.json read back; part of dyno-dossier-pack.h. */

#include "config.h"

#include "dyno-dossier-pack.h"

#include <math.h>

#include "dyno-archive-private.h"
#include "dyno-archive-samples.h"
#include "dyno-crypt.h"
#include "dyno-json.h"

static char *
dup_string (const DynoJson *object,
            const char     *name)
{
  return g_strdup (dyno_json_get_string (object, name));
}

/* A member's JSON as text; NULL for null. (transfer full) */
static char *
dup_json (const DynoJson *object,
          const char     *name)
{
  const DynoJson *member = dyno_json_member (object, name);
  DynoJsonWriter *w;

  if (member == NULL || dyno_json_type (member) == DYNO_JSON_NULL)
    return NULL;
  w = dyno_json_writer_new (FALSE);
  dyno_json_writer_value (w, member);

  return dyno_json_writer_finish (w);
}

static gint64
read_time_ms (const DynoJson *object,
              const char     *name)
{
  const char *text = dyno_json_get_string (object, name);
  g_autoptr(GTimeZone) utc = g_time_zone_new_utc ();
  g_autoptr(GDateTime) moment = text != NULL ? g_date_time_new_from_iso8601 (text, utc) : NULL;

  return moment != NULL ? g_date_time_to_unix (moment) * 1000
                            + g_date_time_get_microsecond (moment) / 1000 : 0;
}

/* The run */

static void
read_peaks (DynoRunPeaks   *peaks,
            const DynoJson *json)
{
  peaks->power_kw = dyno_json_get_number (json, "peak_power_kw", NAN);
  peaks->power_rpm = dyno_json_get_number (json, "peak_power_rpm", NAN);
  peaks->torque_nm = dyno_json_get_number (json, "peak_torque_nm", NAN);
  peaks->torque_rpm = dyno_json_get_number (json, "peak_torque_rpm", NAN);
  peaks->mean_afr = dyno_json_get_number (json, "mean_afr", NAN);
  peaks->correction = dup_string (json, "standard");
  peaks->smoothing = (int) dyno_json_get_integer (json, "smoothing", -1);
  peaks->factor = dyno_json_get_number (json, "factor", NAN);
}

static void
read_stamps (DynoRun        *run,
             const DynoJson *json)
{
  run->origin_us = dyno_json_get_integer (json, "origin_us", DYNO_NO_STAMP);
  run->roll_start_us = dyno_json_get_integer (json, "roll_start_us", DYNO_NO_STAMP);
  run->run_start_us = dyno_json_get_integer (json, "run_start_us", DYNO_NO_STAMP);
  run->run_end_us = dyno_json_get_integer (json, "run_end_us", DYNO_NO_STAMP);
  run->roll_end_us = dyno_json_get_integer (json, "roll_end_us", DYNO_NO_STAMP);
}

/* FALSE for a state or a source that no program of ours has. */
static gboolean
read_facts (DynoRun        *run,
            const DynoJson *json)
{
  int status = dyno_run_status_find (dyno_json_get_string (json, "status"));
  int source = dyno_run_source_find (dyno_json_get_string (json, "source"));

  run->id = dup_string (json, "id");
  run->origin_run_id = dup_string (json, "origin_run_id");
  run->title = dup_string (json, "title");
  run->started_ms = read_time_ms (json, "started_at");
  run->duration_s = dyno_json_get_number (json, "duration_s", NAN);
  run->error = dup_string (json, "error");
  run->is_starred = dyno_json_get_boolean (json, "starred", FALSE);
  run->is_baseline = dyno_json_get_boolean (json, "baseline", FALSE);
  run->gear = (int) dyno_json_get_integer (json, "gear", 0);
  run->trim_start_s = dyno_json_get_number (json, "trim_start_s", NAN);
  run->trim_end_s = dyno_json_get_number (json, "trim_end_s", NAN);
  run->provider = dup_string (json, "provider");
  run->is_simulator = dyno_json_get_boolean (json, "simulated", FALSE);
  run->loss_pct = dyno_json_get_number (json, "loss_pct", NAN);
  run->n_gaps = (guint) MAX (dyno_json_get_integer (json, "gaps", 0), 0);
  run->discarded = dup_string (json, "discarded");
  run->derivation = dup_string (json, "derivation");
  run->progress = 1;
  if (status < 0 || source < 0 || run->id == NULL || !dyno_crypt_is_id (run->id, "run"))
    return FALSE;
  run->status = (DynoRunStatus) status;
  run->source = (DynoRunSource) source;

  return TRUE;
}

static char **
read_tags (const DynoJson *list)
{
  g_autoptr(GStrvBuilder) tags = g_strv_builder_new ();
  guint n = dyno_json_n_elements (list);

  for (guint i = 0; i < n; i++)
    {
      const char *tag = dyno_json_string (dyno_json_element (list, i));

      if (tag != NULL)
        g_strv_builder_add (tags, tag);
    }

  return n > 0 ? g_strv_builder_end (tags) : NULL;
}

static DynoRun *
read_run (const DynoJson *json)
{
  const DynoJson *facts = dyno_json_member (json, "run");
  g_autoptr(DynoRun) run = dyno_run_new ();

  if (!read_facts (run, facts))
    return NULL;
  read_stamps (run, facts);
  read_peaks (&run->peaks, dyno_json_member (json, "peaks"));
  run->notes = dup_string (json, "notes");
  run->tags = read_tags (dyno_json_member (json, "tags"));
  run->mapping = dup_json (json, "mapping");
  run->config = dup_json (json, "settings");
  run->results = dup_json (json, "results");
  run->gaps = dup_json (json, "gaps");

  return g_steal_pointer (&run);
}

/* What stands around it */

static void
read_marks (DynoDossier    *self,
            const DynoJson *list)
{
  for (guint i = 0; i < dyno_json_n_elements (list); i++)
    {
      const DynoJson *mark = dyno_json_element (list, i);
      const char *kind = dyno_json_get_string (mark, "kind");
      const char *text = dyno_json_get_string (mark, "text");

      g_ptr_array_add (self->marks,
                       dyno_run_mark_new (dyno_json_get_integer (mark, "t_us", 0),
                                          kind != NULL ? kind : "mark",
                                          (int) dyno_json_get_integer (mark, "n", 0),
                                          text != NULL ? text : ""));
    }
}

static DynoVehicle *
read_vehicle (const DynoJson *json)
{
  DynoVehicle *vehicle;

  if (dyno_json_get_string (json, "label") == NULL)
    return NULL;
  vehicle = g_new0 (DynoVehicle, 1);
  vehicle->label = dup_string (json, "label");
  vehicle->make = dup_string (json, "make");
  vehicle->model = dup_string (json, "model");
  vehicle->year = (int) dyno_json_get_integer (json, "year", 0);
  vehicle->vin = dup_string (json, "vin");
  vehicle->plate = dup_string (json, "plate");
  vehicle->data = dup_json (json, "data");

  return vehicle;
}

static DynoCustomer *
read_customer (const DynoJson *json)
{
  DynoCustomer *customer;

  if (dyno_json_get_string (json, "name") == NULL)
    return NULL;
  customer = g_new0 (DynoCustomer, 1);
  customer->name = dup_string (json, "name");
  customer->phone = dup_string (json, "phone");
  customer->email = dup_string (json, "email");
  customer->address = dup_string (json, "address");
  customer->notes = dup_string (json, "notes");

  return customer;
}

/* The samples with what run.json says of them */

static void
read_excluded (DynoArchiveNotes *notes,
               const DynoJson   *list)
{
  for (guint i = 0; i < dyno_json_n_elements (list); i++)
    {
      gsize row = (gsize) MAX (dyno_json_integer (dyno_json_element (list, i), 0), 0);

      g_array_append_val (notes->excluded, row);
    }
}

static DynoSamples *
read_samples (const DynoArchive  *archive,
              const DynoJson     *json,
              char              **bad,
              GError            **error)
{
  const DynoJson *facts = dyno_json_member (json, "run");
  const DynoJson *channels = dyno_json_member (json, "channels");
  const DynoArchiveMember *member = dyno_archive_find (archive, DYNO_ARCHIVE_SAMPLES);
  g_autoptr(DynoArchiveNotes) notes = dyno_archive_notes_new ();
  DynoSamples *samples;

  for (guint i = 0; i < dyno_json_n_elements (channels); i++)
    {
      const DynoJson *channel = dyno_json_element (channels, i);

      dyno_archive_notes_add (notes, dyno_json_get_string (channel, "module"),
                              dyno_json_get_string (channel, "unit_text"));
    }
  notes->has_time = dyno_json_get_boolean (facts, "has_time", TRUE);
  read_excluded (notes, dyno_json_member (facts, "excluded"));
  samples = dyno_archive_samples_read (member->bytes, notes, error);
  if (samples == NULL && bad != NULL)
    *bad = g_strdup (DYNO_ARCHIVE_SAMPLES);

  return samples;
}

static void
read_confidence (DynoDossier    *self,
                 const DynoJson *channels)
{
  guint n = MIN (dyno_json_n_elements (channels), dyno_samples_n_columns (self->samples));

  for (guint i = 0; i < n; i++)
    self->confidence[i] = dyno_json_get_number (dyno_json_element (channels, i), "confidence", NAN);
}

static DynoDossier *
make_dossier (const DynoArchive  *archive,
              const DynoJson     *json,
              DynoRun            *run,
              char              **bad,
              GError            **error)
{
  DynoSamples *samples = read_samples (archive, json, bad, error);
  const DynoJson *source = dyno_json_member (json, "source");
  DynoDossier *self;

  if (samples == NULL)
    {
      dyno_run_free (run);
      return NULL;
    }
  self = dyno_dossier_new (run, samples);
  self->source_name = dup_string (source, "name");
  self->source_sha256 = dup_string (source, "sha256");
  self->vehicle = read_vehicle (dyno_json_member (json, "vehicle"));
  self->customer = read_customer (dyno_json_member (json, "customer"));
  read_confidence (self, dyno_json_member (json, "channels"));
  read_marks (self, dyno_json_member (json, "markers"));

  return self;
}

DynoDossier *
dyno_dossier_read_run (const DynoArchive  *archive,
                       char              **bad,
                       GError            **error)
{
  const DynoArchiveMember *member = dyno_archive_find (archive, DYNO_ARCHIVE_RUN);
  gsize size;
  const char *text = g_bytes_get_data (member->bytes, &size);
  g_autoptr(DynoJson) json
    = size > 0 ? dyno_json_parse_limited (text, (gssize) size, &dyno_json_limits_own, NULL) : NULL;
  DynoRun *run = json != NULL ? read_run (json) : NULL;

  if (run == NULL || !g_str_equal (run->id, archive->run_id))
    {
      g_clear_pointer (&run, dyno_run_free);
      if (bad != NULL)
        *bad = g_strdup (DYNO_ARCHIVE_RUN);
      dyno_archive_fail (error, "archive_corrupt",
                         "The part run.json of this archive does not describe its run. Ask for "
                         "the file once more.");
      return NULL;
    }

  return make_dossier (archive, json, run, bad, error);
}
