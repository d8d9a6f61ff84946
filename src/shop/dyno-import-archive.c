/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-import-archive.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

#include "dyno-archive-inside.h"
#include "dyno-crypt.h"
#include "dyno-dossier-pack.h"
#include "dyno-error.h"
#include "dyno-measure.h"
#include "dyno-recording.h"
#include "dyno-shop-private.h"

GBytes *
dyno_import_archive_claim (const char *path)
{
  g_autoptr(GMappedFile) mapped = g_mapped_file_new (path, FALSE, NULL);
  g_autoptr(GBytes) bytes = mapped != NULL ? g_mapped_file_get_bytes (mapped) : NULL;

  return bytes != NULL && (g_str_has_suffix (path, ".dynorun") || dyno_archive_is_archive (bytes)
                           || dyno_archive_is_pdf (bytes))
           ? g_steal_pointer (&bytes) : NULL;
}

static DynoImportOutcome *
make_outcome (GBytes      *archive,
              DynoSamples *samples)
{
  DynoImportOutcome *outcome = g_new0 (DynoImportOutcome, 1);

  outcome->is_archive = TRUE;
  outcome->samples = dyno_samples_ref (samples);
  outcome->sha256
    = dyno_crypt_sha256_hex (g_bytes_get_data (archive, NULL), g_bytes_get_size (archive));

  return outcome;
}

DynoImportReading *
dyno_import_archive_read (GBytes  *archive,
                          GError **error)
{
  g_autoptr(DynoDossier) dossier = dyno_dossier_unpack_file (archive, error);
  DynoImportReading *self;

  if (dossier == NULL)
    return NULL;
  self = g_new0 (DynoImportReading, 1);
  self->outcome = make_outcome (archive, dossier->samples);
  self->start_ms = dossier->run->started_ms;
  self->provider = g_strdup (dossier->run->provider);

  return self;
}

/* The run that is there already */

/* NULL without an error where there is none. */
static gboolean
find_run (const DynoErrand  *errand,
          const char        *run_id,
          DynoRun          **run,
          GError           **error)
{
  g_autoptr(GError) cause = NULL;

  dyno_store_get_run_async (errand->shop->store, run_id, errand->cancellable, dyno_await_cb,
                            errand->await);
  *run = dyno_store_get_run_finish (errand->shop->store, dyno_await_wait (errand->await), &cause);
  if (*run != NULL || g_error_matches (cause, DYNO_ERROR, DYNO_ERROR_NOT_FOUND))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&cause));

  return FALSE;
}

/* Packed as the other one was. NULL where it cannot be. (transfer full) */
static DynoArchive *
pack_own (const DynoErrand  *errand,
          const char        *run_id,
          const DynoArchive *archive)
{
  gboolean is_without_source
    = dyno_archive_find (archive, DYNO_ARCHIVE_SOURCE_FOLDER) == NULL
      && dyno_archive_find (archive, DYNO_ARCHIVE_JOURNAL_FOLDER) == NULL;
  DynoPackOptions options = { is_without_source };
  g_autoptr(DynoDossier) dossier = dyno_dossier_of_run (errand, run_id, NULL);

  if (dossier == NULL)
    return NULL;
  if (archive->is_redacted)
    dyno_dossier_redact (dossier);
  /* A log without a date got that of its import. */
  if (archive->created_ms == 0)
    dossier->run->started_ms = 0;

  return dyno_dossier_pack (dossier, &options);
}

/* The vehicle's tune and its changes go along with a run as they stand on the day of the
 * export; they are no part of the run. */
static gboolean
is_tune (const char *member)
{
  return g_str_has_prefix (member, DYNO_ARCHIVE_TUNE_FOLDER)
         || g_str_equal (member, DYNO_ARCHIVE_CHANGES);
}

/* An analysis that was made since. */
static gboolean
is_later (const DynoArchive *archive,
          const char        *member)
{
  return g_str_has_prefix (member, DYNO_ARCHIVE_ANALYSIS_FOLDER)
         && dyno_archive_find (archive, member) == NULL;
}

/* The same run: same data, and here is every analysis that the archive holds. The tune may
 * be another: `*differs` then. */
static gboolean
is_same (const DynoErrand  *errand,
         const char        *run_id,
         const DynoArchive *archive,
         gboolean          *differs)
{
  g_autoptr(DynoArchive) own = pack_own (errand, run_id, archive);
  g_autoptr(GPtrArray) names = own != NULL ? dyno_archive_compare (own, archive) : NULL;

  *differs = FALSE;
  for (guint i = 0; names != NULL && i < names->len; i++)
    {
      if (!is_tune (names->pdata[i]) && !is_later (archive, names->pdata[i]))
        return FALSE;
      *differs |= is_tune (names->pdata[i]);
    }

  return names != NULL;
}

static gboolean
fail_conflict (const DynoRun  *run,
               GError        **error)
{
  dyno_error_set (error, DYNO_ERROR_CONFLICT, "archive_conflict",
                  "Run %" G_GINT64_FORMAT " (%s) has the same id and other content: it was changed "
                  "here or there. Import the archive as a new run (--as-new) to keep both.",
                  run->number, run->id);

  return FALSE;
}

/* Its files */

typedef struct
{
  const char *folder; /* (borrowed) the data folder */
  GPtrArray  *files;  /* (owned) of DynoRunFile */
  GPtrArray  *paths;  /* (owned) of char *: what was written */
} Files;

static void
remove_files (Files *self)
{
  for (guint i = 0; i < self->paths->len; i++)
    g_unlink (self->paths->pdata[i]);
}

static void
files_clear (Files *self)
{
  g_clear_pointer (&self->files, g_ptr_array_unref);
  g_clear_pointer (&self->paths, g_ptr_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Files, files_clear)

/* `relative` is taken over. */
static gboolean
write_file (Files       *self,
            const char  *kind,
            char        *relative,
            const char  *name,
            GBytes      *bytes,
            GError     **error)
{
  g_autofree char *place = relative;
  g_autofree char *path = g_build_filename (self->folder, place, NULL);
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *sha256 = NULL;
  g_autoptr(GError) cause = NULL;
  gsize size;
  const char *data = g_bytes_get_data (bytes, &size);

  g_mkdir_with_parents (folder, 0700);
  if (!g_file_set_contents_full (path, data, (gssize) size,
                                 G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE,
                                 0600, &cause))
    {
      dyno_error_set (error, DYNO_ERROR_UNAVAILABLE, "disk_full",
                      "The archive cannot be unpacked: %s. Make room on the disk.",
                      cause->message);
      return FALSE;
    }
  sha256 = dyno_crypt_sha256_hex (data, size);
  g_ptr_array_add (self->files, dyno_run_file_new (kind, place, name, (gint64) size, sha256));
  g_ptr_array_add (self->paths, g_steal_pointer (&path));

  return TRUE;
}

/* Parts that have no place of their own in the store lie beside the source, numbered. */
static char *
extra_path (const char *run_id,
            guint       n)
{
  return g_strdup_printf ("source/%s.%u", run_id, n);
}

static gboolean
write_extras (Files             *self,
              const DynoDossier *dossier,
              GBytes            *manifest,
              GError           **error)
{
  const char *id = dossier->run->id;

  if (!write_file (self, DYNO_FILE_ARCHIVED, extra_path (id, 0), DYNO_ARCHIVE_MANIFEST, manifest,
                   error))
    return FALSE;
  for (guint i = 0; i < dossier->extras->len; i++)
    {
      const DynoArchiveMember *member = g_ptr_array_index (dossier->extras, i);

      if (!write_file (self, DYNO_FILE_ARCHIVED, extra_path (id, i + 1), member->name,
                       member->bytes, error))
        return FALSE;
    }

  return TRUE;
}

static gboolean
write_files (Files             *self,
             const DynoDossier *dossier,
             GBytes            *manifest,
             GError           **error)
{
  const char *id = dossier->run->id;
  const char *name = dossier->source_name != NULL ? dossier->source_name : "log";
  g_autofree char *journal = g_strconcat (id, ".jdj", NULL);

  return (dossier->source == NULL
          || write_file (self, DYNO_FILE_SOURCE, g_build_filename ("source", id, NULL), name,
                         dossier->source, error))
         && (dossier->journal == NULL
             || write_file (self, DYNO_FILE_JOURNAL, dyno_recording_journal_path (id), journal,
                            dossier->journal, error))
         && write_extras (self, dossier, manifest, error);
}

/* Into the book */

static void
make_new (DynoDossier *dossier)
{
  DynoRun *run = dossier->run;

  g_free (run->origin_run_id);
  run->origin_run_id = run->id;
  run->id = dyno_crypt_new_id ("run");
  for (guint i = 0; i < dossier->analyses->len; i++)
    g_clear_pointer (&((DynoAnalysisRecord *) dossier->analyses->pdata[i])->id, g_free);
}

static void
choose_vehicle (DynoDossier *dossier,
                const char  *label)
{
  if (label == NULL)
    return;
  g_clear_pointer (&dossier->customer, dyno_customer_free);
  g_clear_pointer (&dossier->vehicle, dyno_vehicle_free);
  dossier->vehicle = g_new0 (DynoVehicle, 1);
  dossier->vehicle->label = g_strdup (label);
}

/* What the store takes over; the dossier keeps samples alone. */
static DynoRunBundle *
make_bundle (DynoDossier *dossier,
             Files       *files)
{
  DynoRunBundle *bundle = g_new0 (DynoRunBundle, 1);

  bundle->run = g_steal_pointer (&dossier->run);
  bundle->samples = dyno_samples_ref (dossier->samples);
  bundle->confidence = g_steal_pointer (&dossier->confidence);
  bundle->files = g_steal_pointer (&files->files);
  bundle->marks = g_ptr_array_ref (dossier->marks);
  bundle->analyses = g_ptr_array_ref (dossier->analyses);
  bundle->vehicle = g_steal_pointer (&dossier->vehicle);
  bundle->customer = g_steal_pointer (&dossier->customer);

  return bundle;
}

static DynoRun *
put_bundle (const DynoErrand  *errand,
            DynoRunBundle     *bundle,
            GError           **error)
{
  DynoStore *store = errand->shop->store;

  dyno_store_add_bundle_async (store, bundle, errand->cancellable, dyno_await_cb, errand->await);

  return dyno_store_add_bundle_finish (store, dyno_await_wait (errand->await), error);
}

static DynoRun *
put_run (const DynoErrand  *errand,
         DynoDossier       *dossier,
         GBytes            *manifest,
         GError           **error)
{
  g_auto(Files) files = { errand->shop->folders->data,
                          g_ptr_array_new_with_free_func ((GDestroyNotify) dyno_run_file_free),
                          g_ptr_array_new_with_free_func (g_free) };
  DynoRun *run = NULL;

  if (write_files (&files, dossier, manifest, error)
      && !g_cancellable_set_error_if_cancelled (errand->cancellable, error))
    run = put_bundle (errand, make_bundle (dossier, &files), error);
  if (run == NULL)
    remove_files (&files);
  else
    {
      dyno_measure_run (run, 0);
      dyno_bus_publish (errand->shop->bus, DYNO_TOPIC_RUN, run->id, "added");
    }

  return run;
}

static void
take_known (DynoImportOutcome *outcome,
            DynoRun           *run,
            gboolean           differs)
{
  outcome->run = run;
  outcome->is_known = TRUE;
  if (differs)
    outcome->notice
      = g_strdup_printf ("The run is there already, as run %" G_GINT64_FORMAT ", and was left as "
                         "it is. The tune in the archive is not the tune that its vehicle has "
                         "here now: it was not taken. Import the archive as a new run (--as-new) to "
                         "keep that tune with it.", run->number);
}

/* Sets the outcome's run. */
static gboolean
keep (const DynoErrand         *errand,
      const DynoImportRequest  *request,
      const DynoArchive        *archive,
      DynoDossier              *dossier,
      DynoImportOutcome        *outcome,
      GError                  **error)
{
  g_autofree char *text = dyno_archive_manifest_text (archive);
  g_autoptr(GBytes) manifest = g_bytes_new (text, strlen (text));
  g_autoptr(DynoRun) known = NULL;
  gboolean differs;

  if (request->as_new)
    make_new (dossier);
  else if (!find_run (errand, archive->run_id, &known, error))
    return FALSE;
  if (known != NULL)
    {
      if (!is_same (errand, known->id, archive, &differs))
        return fail_conflict (known, error);
      take_known (outcome, g_steal_pointer (&known), differs);
      return TRUE;
    }
  choose_vehicle (dossier, request->vehicle);
  outcome->run = put_run (errand, dossier, manifest, error);

  return outcome->run != NULL;
}

DynoImportOutcome *
dyno_import_archive (const DynoErrand         *errand,
                     const DynoImportRequest  *request,
                     GBytes                   *bytes,
                     GError                  **error)
{
  g_autoptr(DynoArchive) archive = dyno_archive_read (bytes, DYNO_ARCHIVE_MOST_BYTES, NULL, error);
  g_autoptr(DynoDossier) dossier
    = archive != NULL ? dyno_dossier_unpack (archive, NULL, error) : NULL;
  g_autoptr(DynoImportOutcome) outcome = NULL;

  if (dossier == NULL)
    return NULL;
  outcome = make_outcome (bytes, dossier->samples);
  if (!keep (errand, request, archive, dossier, outcome, error))
    return NULL;
  dyno_job_set_subject (errand->job, outcome->run->id);

  return g_steal_pointer (&outcome);
}
