/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-verify.h"

#include "dyno-dossier-pack.h"
#include "dyno-errand-load.h"
#include "dyno-error.h"
#include "dyno-archive-inside.h"
#include "dyno-attach.h"
#include "dyno-import-archive.h"
#include "dyno-intake.h"
#include "dyno-rederive.h"
#include "dyno-shop-private.h"

static void
finding_free (gpointer data)
{
  DynoVerifyFinding *finding = data;

  g_free (finding->run_id);
  g_free (finding->text);
  g_free (finding);
}

static DynoVerifyReport *
report_new (void)
{
  DynoVerifyReport *self = g_new0 (DynoVerifyReport, 1);

  self->is_ok = TRUE;
  self->removed = g_ptr_array_new_with_free_func (g_free);
  self->findings = g_ptr_array_new_with_free_func (finding_free);

  return self;
}

void
dyno_verify_report_free (DynoVerifyReport *self)
{
  if (self == NULL)
    return;

  g_free (self->first_bad);
  g_ptr_array_unref (self->removed);
  g_ptr_array_unref (self->findings);
  g_free (self);
}

static void G_GNUC_PRINTF (3, 4)
find_fault (DynoVerifyReport *self,
            const char       *run_id,
            const char       *format,
            ...)
{
  DynoVerifyFinding *finding = g_new0 (DynoVerifyFinding, 1);
  va_list args;

  va_start (args, format);
  finding->text = g_strdup_vprintf (format, args);
  va_end (args);
  finding->run_id = g_strdup (run_id);
  g_ptr_array_add (self->findings, finding);
  if (self->is_ok)
    self->first_bad = g_strdup (run_id);
  self->is_ok = FALSE;
}

/* Files */

/* The sum of a file in pieces, so that it can be cancelled. (transfer full)
 * (nullable) */
static char *
sum_file (const char   *path,
          GCancellable *cancellable,
          gint64       *bytes)
{
  g_autoptr(GFile) file = g_file_new_for_path (path);
  g_autoptr(GFileInputStream) in = g_file_read (file, cancellable, NULL);
  g_autoptr(GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autofree guint8 *buffer = g_malloc (1 << 20);
  gssize n = 1;

  *bytes = 0;
  while (in != NULL && n > 0)
    {
      n = g_input_stream_read (G_INPUT_STREAM (in), buffer, 1 << 20, cancellable, NULL);
      if (n > 0)
        g_checksum_update (sum, buffer, n);
      *bytes += MAX (n, 0);
    }

  return in != NULL && n == 0 ? g_strdup (g_checksum_get_string (sum)) : NULL;
}

/* TRUE where the file has the bytes that the store knows. */
static gboolean
check_file (const DynoErrand *errand,
            DynoVerifyReport *report,
            const char       *run_id,
            const char       *relative,
            const char       *sha256)
{
  g_autofree char *path = g_build_filename (errand->shop->folders->data, relative, NULL);
  gint64 bytes;
  g_autofree char *sum = sum_file (path, errand->cancellable, &bytes);

  if (g_cancellable_is_cancelled (errand->cancellable))
    return FALSE;
  report->n_files++;
  if (sum == NULL)
    find_fault (report, run_id, "The file %s is missing or cannot be read.", relative);
  else if (!g_str_equal (sum, sha256))
    find_fault (report, run_id, "The file %s was changed after it was recorded.", relative);

  return sum != NULL && g_str_equal (sum, sha256);
}

/* Samples */

static gboolean
is_captured (const DynoRun *run)
{
  return run->source == DYNO_SOURCE_CAPTURE || run->source == DYNO_SOURCE_SIMULATOR;
}

/* A journal that ended before the run, its disk full, proves the seconds that it has
 * whole. */
static gint64
proved_before (const DynoRederived *derived)
{
  GPtrArray *seconds = derived->seconds;

  if (derived->report.is_complete)
    return G_MAXINT64;

  return seconds->len > 0 ? dyno_second_number (g_ptr_array_index (seconds, seconds->len - 1)) : 0;
}

/* Every stored second is one of the derived ones; none is missing, but for a run that
 * is known to be incomplete. */
static gboolean
has_these_seconds (const DynoRun       *run,
                   GPtrArray           *stored,
                   const DynoRederived *derived)
{
  GPtrArray *seconds = derived->seconds;
  gint64 before = proved_before (derived);
  guint at = 0;

  if (run->status != DYNO_RUN_INTERRUPTED && derived->report.is_complete
      && stored->len != seconds->len)
    return FALSE;
  for (guint i = 0; i < stored->len; i++)
    {
      const DynoSecond *second = g_ptr_array_index (stored, i);

      if (dyno_second_number (second) >= before)
        break;
      while (at < seconds->len
             && dyno_second_number (g_ptr_array_index (seconds, at)) < dyno_second_number (second))
        at++;
      if (at >= seconds->len || !dyno_second_equal (second, g_ptr_array_index (seconds, at)))
        return FALSE;
    }

  return TRUE;
}

/* FALSE for one that came out of an archive: it is kept in rows, which no journal gives
 * block by block. Its file and its link are proved all the same. */
static gboolean
is_kept_in_seconds (const DynoErrand *errand,
                    const char       *run_id)
{
  DynoStore *store = errand->shop->store;
  g_autoptr(GPtrArray) channels = NULL;

  dyno_store_list_run_channels_async (store, run_id, errand->cancellable, dyno_await_cb,
                                      errand->await);
  channels = dyno_store_list_run_channels_finish (store, dyno_await_wait (errand->await), NULL);

  return channels == NULL || channels->len == 0
         || ((const DynoRunChannel *) channels->pdata[0])->axis == DYNO_AXIS_OWN;
}

/* Samples of another version of the derivation may differ and still be true. */
static gboolean
is_of_this_version (const DynoRun *run)
{
  g_autofree char *version = g_strdup_printf ("%d", DYNO_DERIVATION_VERSION);

  return run->derivation == NULL || g_str_equal (run->derivation, version);
}

/* NULL without an error where they are damaged: that is a finding. */
static GPtrArray *
load_seconds (const DynoErrand *errand,
              DynoVerifyReport *report,
              const char       *run_id,
              GError          **error)
{
  DynoStore *store = errand->shop->store;
  g_autoptr(GError) failure = NULL;
  GPtrArray *stored;

  dyno_store_load_seconds_async (store, run_id, 0, G_MAXINT64, errand->cancellable, dyno_await_cb,
                                 errand->await);
  stored = dyno_store_load_seconds_finish (store, dyno_await_wait (errand->await), &failure);
  if (g_error_matches (failure, DYNO_ERROR, DYNO_ERROR_CORRUPT))
    find_fault (report, run_id, "The stored samples are damaged: %s", failure->message);
  else if (failure != NULL)
    g_propagate_error (error, g_steal_pointer (&failure));

  return stored;
}

static gboolean
check_samples (const DynoErrand *errand,
               DynoVerifyReport *report,
               const DynoRun    *run,
               const char       *relative,
               GError          **error)
{
  g_autofree char *path = g_build_filename (errand->shop->folders->data, relative, NULL);
  DynoRunWindow window = { run->provider, run->origin_us, run->roll_end_us };
  g_autoptr(GError) unreadable = NULL;
  g_autoptr(DynoRederived) derived = NULL;
  g_autoptr(GPtrArray) stored = NULL;

  if (!is_captured (run) || !is_of_this_version (run) || run->provider == NULL
      || !is_kept_in_seconds (errand, run->id))
    return TRUE;

  derived = dyno_rederive (path, &window, errand->cancellable, &unreadable);
  if (derived == NULL)
    {
      find_fault (report, run->id, "The packets cannot be interpreted: %s", unreadable->message);
      return TRUE;
    }
  stored = load_seconds (errand, report, run->id, error);
  if (stored == NULL)
    return *error == NULL;

  report->n_derived++;
  if (!has_these_seconds (run, stored, derived))
    find_fault (report, run->id, "The stored samples are not those of the recorded packets.");

  return TRUE;
}

/* The chain */

static GPtrArray *
read_chain (const DynoErrand *errand,
            GError          **error)
{
  dyno_store_read_chain_async (errand->shop->store, errand->cancellable, dyno_await_cb,
                               errand->await);

  return dyno_store_read_chain_finish (errand->shop->store, dyno_await_wait (errand->await),
                                       error);
}

static void
check_links (DynoVerifyReport *report,
             GPtrArray        *links)
{
  int bad = dyno_chain_find_bad (links);

  report->n_links = links->len;
  if (bad >= 0)
    {
      const DynoChainLink *link = g_ptr_array_index (links, (guint) bad);

      find_fault (report, link->run_id,
                  "The chain over all runs breaks here: a run was changed, left out or exchanged.");
    }
}

static gboolean
check_link (const DynoErrand    *errand,
            DynoVerifyReport    *report,
            const DynoChainLink *link,
            gboolean             derive,
            GError             **error)
{
  g_autoptr(DynoRun) run = NULL;

  if (link->removed_ms != 0)
    {
      g_ptr_array_add (report->removed, g_strdup (link->run_id));
      return TRUE;
    }
  if (!check_file (errand, report, link->run_id, link->path, link->sha256))
    return !g_cancellable_set_error_if_cancelled (errand->cancellable, error);
  if (!derive)
    return TRUE;

  run = dyno_errand_load_run (errand, link->run_id, error);

  return run != NULL && check_samples (errand, report, run, link->path, error);
}

static gpointer
verify_all (const DynoErrand *errand,
            gpointer          data,
            GError          **error)
{
  gboolean derive = GPOINTER_TO_INT (data) == 2;
  g_autoptr(GPtrArray) links = read_chain (errand, error);
  g_autoptr(DynoVerifyReport) report = NULL;

  if (links == NULL)
    return NULL;

  report = report_new ();
  check_links (report, links);
  for (guint i = 0; i < links->len; i++)
    {
      if (!check_link (errand, report, g_ptr_array_index (links, i), derive, error))
        return NULL;
      dyno_job_set_progress (errand->job, i + 1, links->len);
    }

  return g_steal_pointer (&report);
}

static const DynoOperation all_operation = { "verify-all", verify_all,
                                             (GDestroyNotify) dyno_verify_report_free, TRUE };

void
dyno_verify_all_async (DynoShop            *shop,
                       gboolean             derive,
                       GCancellable        *cancellable,
                       GAsyncReadyCallback  callback,
                       gpointer             user_data)
{
  DynoJobOffer offer = { .kind = "verify", .title = "All runs", .unit = "runs" };

  dyno_operation_start_job (shop, &all_operation, &offer, GINT_TO_POINTER (derive ? 2 : 1), NULL,
                            cancellable, callback, user_data);
}

/* One run */

static void
check_run_link (DynoVerifyReport *report,
                GPtrArray        *links,
                const DynoRun    *run)
{
  for (guint i = 0; i < links->len; i++)
    {
      const DynoChainLink *link = g_ptr_array_index (links, i);

      if (!g_str_equal (link->run_id, run->id))
        continue;
      report->n_links++;
      if (link->removed_ms != 0)
        g_ptr_array_add (report->removed, g_strdup (run->id));
    }
  if (dyno_chain_find_bad (links) >= 0)
    find_fault (report, run->id, "The chain over all runs is broken; verify all of them.");
}

static gboolean
check_files (const DynoErrand *errand,
             DynoVerifyReport *report,
             const DynoRun    *run,
             GPtrArray        *files,
             GError          **error)
{
  for (guint i = 0; i < files->len; i++)
    {
      const DynoRunFile *file = g_ptr_array_index (files, i);

      if (file->removed_ms != 0)
        continue;
      if (check_file (errand, report, run->id, file->path, file->sha256)
          && g_str_equal (file->kind, DYNO_FILE_JOURNAL)
          && !check_samples (errand, report, run, file->path, error))
        return FALSE;
    }

  return !g_cancellable_set_error_if_cancelled (errand->cancellable, error);
}

static gpointer
verify_run (const DynoErrand *errand,
            gpointer          run_id,
            GError          **error)
{
  DynoStore *store = errand->shop->store;
  g_autoptr(DynoRun) run = dyno_errand_load_run (errand, run_id, error);
  g_autoptr(GPtrArray) links = run != NULL ? read_chain (errand, error) : NULL;
  g_autoptr(GPtrArray) files = NULL;
  g_autoptr(DynoVerifyReport) report = NULL;

  if (links == NULL)
    return NULL;
  dyno_store_list_run_files_async (store, run_id, NULL, errand->cancellable, dyno_await_cb,
                                   errand->await);
  files = dyno_store_list_run_files_finish (store, dyno_await_wait (errand->await), error);
  if (files == NULL)
    return NULL;

  report = report_new ();
  check_run_link (report, links, run);
  if (!check_files (errand, report, run, files, error))
    return NULL;

  return g_steal_pointer (&report);
}

static const DynoOperation run_operation = { "verify-run", verify_run,
                                             (GDestroyNotify) dyno_verify_report_free, TRUE };

void
dyno_verify_run_async (DynoShop            *shop,
                       const char          *run_id,
                       GCancellable        *cancellable,
                       GAsyncReadyCallback  callback,
                       gpointer             user_data)
{
  dyno_operation_start (shop, &run_operation, g_strdup (run_id), g_free, cancellable, callback,
                        user_data);
}

/* A file */

static gboolean
is_of_the_system (const GError *error)
{
  return !g_error_matches (error, DYNO_ERROR, DYNO_ERROR_INVALID);
}

/* Every sum of the archive, and that a run comes out of it. */
static DynoVerifyReport *
verify_archive (GBytes *bytes)
{
  DynoVerifyReport *report = report_new ();
  g_autofree char *bad = NULL;
  g_autoptr(GError) damage = NULL;
  g_autoptr(DynoArchive) archive
    = dyno_archive_read (bytes, DYNO_ARCHIVE_MOST_BYTES, &bad, &damage);
  g_autoptr(DynoDossier) dossier
    = archive != NULL ? dyno_dossier_unpack (archive, &bad, &damage) : NULL;

  report->n_files = archive != NULL ? archive->members->len : 0;
  if (dossier == NULL)
    find_fault (report, bad != NULL ? bad : "manifest.json", "%s", damage->message);

  return report;
}

/* A sheet: all its bytes, and the run inside where it has one. */
static DynoVerifyReport *
verify_sheet (GBytes *pdf)
{
  g_autoptr(GBytes) archive = NULL;
  g_autoptr(GError) damage = NULL;
  DynoVerifyReport *report = NULL;

  if (dyno_attach_verify (pdf, &damage) && dyno_archive_inside (pdf, &archive, NULL))
    return verify_archive (archive);
  report = report_new ();
  report->n_files = 1;
  if (damage != NULL)
    find_fault (report, "sheet", "%s", damage->message);

  return report;
}

static DynoVerifyReport *
verify_journal (const char               *name,
                const DynoJournalReport  *journal)
{
  DynoVerifyReport *report = report_new ();

  report->n_files = 1;
  if (!journal->is_complete)
    find_fault (report, journal->run_id != NULL ? journal->run_id : name,
                "%s is not whole: after %" G_GUINT64_FORMAT " good records, %s.", name,
                journal->n_records, journal->complaint);

  return report;
}

static gpointer
verify_file (const DynoErrand *errand,
             gpointer          path,
             GError          **error)
{
  g_autofree char *name = g_path_get_basename (path);
  g_autoptr(GError) unreadable = NULL;
  g_autoptr(DynoJournalReport) journal = NULL;
  g_autoptr(GBytes) archive = dyno_import_archive_claim (path);

  if (archive != NULL)
    return dyno_archive_is_pdf (archive) ? verify_sheet (archive) : verify_archive (archive);
  journal = dyno_journal_verify (path, errand->cancellable, &unreadable);
  if (journal != NULL)
    return verify_journal (name, journal);
  if (is_of_the_system (unreadable))
    g_propagate_error (error, g_steal_pointer (&unreadable));
  else
    dyno_error_set (error, DYNO_ERROR_INVALID, "verify_unknown",
                    "%s is no run archive, sheet or packet journal: there is nothing in it "
                    "that could be verified.", name);

  return NULL;
}

static const DynoOperation file_operation = { "verify-file", verify_file,
                                              (GDestroyNotify) dyno_verify_report_free, FALSE };

void
dyno_verify_file_async (DynoShop            *shop,
                        const char          *path,
                        GCancellable        *cancellable,
                        GAsyncReadyCallback  callback,
                        gpointer             user_data)
{
  dyno_operation_start (shop, &file_operation, g_strdup (path), g_free, cancellable, callback,
                        user_data);
}

DynoVerifyReport *
dyno_verify_finish (GAsyncResult *result,
                    GError      **error)
{
  const DynoOperation *operations[] = { &all_operation, &run_operation, &file_operation };

  for (guint i = 0; i < G_N_ELEMENTS (operations); i++)
    {
      if (g_async_result_is_tagged (result, (gpointer) operations[i]))
        return dyno_operation_finish (result, operations[i], error);
    }
  g_return_val_if_reached (NULL);
}
