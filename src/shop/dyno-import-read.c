/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-import-read.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <math.h>
#include <unistd.h>

#include "dyno-error.h"
#include "dyno-archive-inside.h"
#include "dyno-import-archive.h"
#include "dyno-journal.h"
#include "dyno-json.h"
#include "dyno-rederive.h"
#include "dyno-shop-private.h"

void
dyno_import_reading_free (DynoImportReading *self)
{
  if (self == NULL)
    return;

  dyno_import_outcome_free (self->outcome);
  g_free (self->provider);
  g_free (self);
}

/* What earlier imports settled. Only a log's own header says which record is its
 * own, so a log is looked at before it is read, where anything is remembered. */

static char *
signature_of (const DynoImportReport *report)
{
  return g_strconcat (report->dialect, " ", report->header_hash, NULL);
}

static gboolean
remembers_anything (const DynoErrand *errand)
{
  DynoStore *store = errand->shop->store;
  g_autoptr(GPtrArray) records = NULL;

  if (store == NULL)
    return FALSE;

  dyno_store_list_mappings_async (store, DYNO_MAPPING_RECORD_IMPORT, errand->cancellable,
                                  dyno_await_cb, errand->await);
  records = dyno_store_list_mappings_finish (store, dyno_await_wait (errand->await), NULL);

  return records != NULL && records->len > 0;
}

/* "COLUMN=channel" of a record. (nullable) */
static char **
read_record (const char *data)
{
  g_autoptr(DynoJson) json = dyno_json_parse (data, -1, NULL);
  const DynoJson *list = dyno_json_member (json, "map");
  g_autoptr(GStrvBuilder) map = g_strv_builder_new ();

  for (guint i = 0; i < dyno_json_n_elements (list); i++)
    {
      const char *entry = dyno_json_string (dyno_json_element (list, i));

      if (entry != NULL)
        g_strv_builder_add (map, entry);
    }

  return g_strv_builder_end (map);
}

static char **
recall (const DynoErrand        *errand,
        const DynoImportRequest *request,
        const DynoImportOptions *options)
{
  DynoStore *store = errand->shop->store;
  g_autoptr(DynoImportReport) look = NULL;
  g_autoptr(DynoMappingRecord) record = NULL;
  g_autofree char *signature = NULL;

  if (!remembers_anything (errand))
    return NULL;
  look = dyno_import_file (request->path, options, errand->cancellable, NULL, NULL);
  if (look == NULL)
    return NULL;

  signature = signature_of (look);
  dyno_store_get_mapping_async (store, DYNO_MAPPING_RECORD_IMPORT, signature, errand->cancellable,
                                dyno_await_cb, errand->await);
  record = dyno_store_get_mapping_finish (store, dyno_await_wait (errand->await), NULL);

  return record != NULL ? read_record (record->data) : NULL;
}

void
dyno_import_remember (const DynoErrand        *errand,
                      const DynoImportRequest *request,
                      const DynoImportReport  *report)
{
  DynoStore *store = errand->shop->store;
  g_autofree char *signature = NULL;
  g_autofree char *data = NULL;
  g_autoptr(GError) error = NULL;
  DynoJsonWriter *w;

  if (request->map == NULL || request->map[0] == NULL)
    return;

  w = dyno_json_writer_new (FALSE);
  dyno_json_writer_begin_object (w);
  dyno_json_writer_name (w, "map");
  dyno_json_writer_begin_array (w);
  for (guint i = 0; request->map[i] != NULL; i++)
    dyno_json_writer_string (w, request->map[i]);
  dyno_json_writer_end_array (w);
  dyno_json_writer_end_object (w);
  data = dyno_json_writer_finish (w);
  signature = signature_of (report);
  dyno_store_set_mapping_async (store, DYNO_MAPPING_RECORD_IMPORT, signature, data, NULL,
                                dyno_await_cb, errand->await);
  if (!dyno_store_set_mapping_finish (store, dyno_await_wait (errand->await), &error))
    g_info ("The columns of “%s” are not remembered: %s", report->file, error->message);
}

/* When a log began */

/* "2025-12-18" and "23:00:24.584", with the offset that the file names. */
static gint64
read_wall_clock (const DynoImportTime *time)
{
  g_autofree char *text = g_strconcat (time->date, "T", time->first, time->offset, NULL);
  g_autoptr(GTimeZone) shop_zone = g_time_zone_new_local ();
  g_autoptr(GDateTime) moment = g_date_time_new_from_iso8601 (text, shop_zone);

  return moment != NULL ? g_date_time_to_unix (moment) * 1000
                            + g_date_time_get_microsecond (moment) / 1000 : 0;
}

static gint64
start_of (const DynoImportTime *time)
{
  double unit_ms = g_strcmp0 (time->form, "unix-seconds") == 0        ? 1000
                   : g_strcmp0 (time->form, "unix-milliseconds") == 0 ? 1
                                                                       : 0;

  if (time->first == NULL)
    return 0;
  if (unit_ms > 0)
    return (gint64) llround (g_ascii_strtod (time->first, NULL) * unit_ms);

  return time->date != NULL ? read_wall_clock (time) : 0;
}

/* Reading */

typedef struct
{
  DynoJob *job;   /* (borrowed) (nullable) */
  double   bytes; /* of the file */
} Progress;

static void
progress_cb (double      fraction,
             const char *stage,
             gpointer    data)
{
  const Progress *progress = data;

  dyno_job_set_message (progress->job, stage);
  if (fraction >= 0)
    dyno_job_set_progress (progress->job, fraction * progress->bytes, progress->bytes);
}

static double
size_of (const char *path)
{
  GStatBuf about;

  return g_stat (path, &about) == 0 ? (double) about.st_size : NAN;
}

static DynoImportReading *
read_log (const DynoErrand        *errand,
          const DynoImportRequest *request,
          double                   stoich,
          gboolean                 is_preview,
          GError                 **error)
{
  DynoImportOptions options = { .name = request->name,
                                .map = (const char *const *) request->map,
                                .unit = (const char *const *) request->unit,
                                .rate_hz = request->rate_hz,
                                .row_index = request->row_index,
                                .dialect = request->dialect,
                                .header = request->header,
                                .delimiter = request->delimiter,
                                .decimal = request->decimal,
                                .force = request->force,
                                .stoich = stoich };
  g_auto(GStrv) remembered = recall (errand, request, &options);
  Progress progress = { errand->job, size_of (request->path) };
  g_autoptr(DynoSamples) samples = NULL;
  DynoImportReport *report;
  DynoImportReading *self;

  options.remembered = (const char *const *) remembered;
  options.progress = errand->job != NULL ? progress_cb : NULL;
  options.progress_data = &progress;
  report = dyno_import_file (request->path, &options, errand->cancellable,
                             is_preview ? NULL : &samples, error);
  if (report == NULL)
    return NULL;

  self = g_new0 (DynoImportReading, 1);
  self->outcome = g_new0 (DynoImportOutcome, 1);
  self->outcome->report = report;
  self->outcome->samples = g_steal_pointer (&samples);
  self->outcome->sha256 = g_strdup (report->sha256);
  self->start_ms = start_of (&report->time);

  return self;
}

/* The sum goes over what lies on the disk, whole or cut. */
static DynoImportReading *
read_journal (const DynoErrand        *errand,
              const DynoImportRequest *request,
              GError                 **error)
{
  g_autoptr(DynoJournalReport) file = dyno_journal_verify (request->path, errand->cancellable,
                                                           error);
  g_autoptr(DynoRederived) derived = NULL;
  DynoImportReading *self;

  if (file == NULL)
    return NULL;
  derived = dyno_rederive (request->path, NULL, errand->cancellable, error);
  if (derived == NULL)
    return NULL;

  self = g_new0 (DynoImportReading, 1);
  self->outcome = g_new0 (DynoImportOutcome, 1);
  self->outcome->samples = dyno_rederived_samples (derived);
  self->outcome->sha256 = g_strdup (file->sha256);
  self->provider = g_strdup (derived->note.provider);
  if (derived->utc_us != 0)
    self->start_ms = (dyno_take_from_us (derived->take) + derived->utc_us) / 1000;

  return self;
}

/* FALSE as well where it cannot be read: reading it will tell. */
static gboolean
is_journal (const char *path)
{
  guint8 head[DYNO_JOURNAL_HEADER_SIZE];
  DynoJournalHeader header;
  int fd = g_open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK, 0);
  gssize n = fd >= 0 ? read (fd, head, sizeof head) : -1;

  if (fd >= 0)
    g_close (fd, NULL);

  return n == sizeof head && dyno_journal_read_header (head, sizeof head, &header);
}

DynoImportReading *
dyno_import_read (const DynoErrand        *errand,
                  const DynoImportRequest *request,
                  double                   stoich,
                  gboolean                 is_preview,
                  GError                 **error)
{
  g_autoptr(GBytes) archive = NULL;
  DynoImportReading *self;

  if (!dyno_archive_inside_path (request->path, &archive, error))
    return NULL;
  if (archive != NULL)
    self = dyno_import_archive_read (archive, error);
  else if (is_journal (request->path))
    self = read_journal (errand, request, error);
  else
    self = read_log (errand, request, stoich, is_preview, error);

  if (self != NULL && is_preview)
    g_clear_pointer (&self->outcome->samples, dyno_samples_unref);
  if (self != NULL && self->outcome->report != NULL && request->name != NULL)
    {
      g_free (self->outcome->report->file);
      self->outcome->report->file = g_strdup (request->name);
    }

  return self;
}
