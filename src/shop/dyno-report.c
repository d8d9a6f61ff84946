/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-report-private.h"

#include "dyno-attach.h"
#include "dyno-crypt.h"
#include "dyno-dossier-pack.h"
#include "dyno-error.h"
#include "dyno-export-csv.h"
#include "dyno-shop-private.h"

#include <string.h>

#define MAX_NAME 60

static void
subject_free (gpointer data)
{
  DynoReportSubject *subject = data;

  g_free (subject->run_id);
  g_clear_pointer (&subject->file, dyno_import_request_free);
  g_free (subject);
}

DynoReportRequest *
dyno_report_request_new (void)
{
  DynoReportRequest *self = g_new0 (DynoReportRequest, 1);

  self->subjects = g_ptr_array_new_with_free_func (subject_free);
  self->baseline = -1;
  self->level = -1;

  return self;
}

void
dyno_report_request_free (DynoReportRequest *self)
{
  g_ptr_array_unref (self->subjects);
  g_free (self);
}

void
dyno_report_request_add_run (DynoReportRequest *self,
                             const char        *run_id)
{
  DynoReportSubject *subject = g_new0 (DynoReportSubject, 1);

  subject->run_id = g_strdup (run_id);
  g_ptr_array_add (self->subjects, subject);
}

void
dyno_report_request_take_file (DynoReportRequest *self,
                               DynoImportRequest *file)
{
  DynoReportSubject *subject = g_new0 (DynoReportSubject, 1);

  subject->file = file;
  g_ptr_array_add (self->subjects, subject);
}

void
dyno_report_free (DynoReport *self)
{
  g_bytes_unref (self->pdf);
  g_free (self->sha256);
  g_free (self->name);
  g_free (self);
}

static gboolean
request_is_good (const DynoErrand        *errand,
                 const DynoReportRequest *request,
                 GError                 **error)
{
  if (request->subjects->len == 0)
    dyno_error_set (error, DYNO_ERROR_INVALID, NULL, "Name at least one run for the sheet.");
  else if (request->subjects->len > DYNO_REPORT_MAX_RUNS)
    dyno_error_set (error, DYNO_ERROR_TOO_LARGE, NULL, "A sheet has at most %d runs; %u were named.",
                    DYNO_REPORT_MAX_RUNS, request->subjects->len);
  else
    return TRUE;

  return FALSE;
}

static DynoReport *
report_new (GBytes *pdf,
            char   *name,
            guint   n_pages,
            guint   n_attached)
{
  DynoReport *self = g_new0 (DynoReport, 1);

  self->pdf = pdf;
  self->name = name;
  self->sha256 = dyno_crypt_sha256_hex (g_bytes_get_data (pdf, NULL), g_bytes_get_size (pdf));
  self->n_pages = n_pages;
  self->n_attached = n_attached;

  return self;
}

/* What file systems everywhere take. */
static void
append_word (GString    *name,
             const char *word)
{
  for (const char *c = word; *c != '\0' && name->len < MAX_NAME; c++)
    {
      gboolean is_plain = g_ascii_isalnum (*c) || strchr ("._-", *c) != NULL;

      if (is_plain)
        g_string_append_c (name, *c);
      else if (name->len > 0 && name->str[name->len - 1] != '-')
        g_string_append_c (name, '-');
    }
}

/* <date>_<vehicle>_<run id>.pdf */
static char *
default_name (const DynoSheet *sheet)
{
  const DynoSheetRun *run = g_ptr_array_index (sheet->runs, 0);
  GString *name = g_string_new (NULL);

  g_string_append_printf (name, "%.10s_", sheet->time_ms != 0 ? run->date : "undated");
  if (sheet->vehicle != NULL)
    append_word (name, sheet->vehicle);
  g_string_append_printf (name, "_%s.pdf", run->id);

  return g_string_free (name, FALSE);
}

/* Runs. */

static DynoDossier *
load_subject (const DynoErrand         *errand,
              const DynoReportRequest  *request,
              const DynoReportSubject  *subject,
              GError                  **error)
{
  DynoDossier *dossier = subject->file != NULL
                           ? dyno_dossier_of_file (errand, subject->file, error)
                           : dyno_dossier_of_run (errand, subject->run_id, error);

  if (dossier == NULL)
    return NULL;
  if (request->has_standard)
    dossier->options.standard = request->standard;
  if (request->level >= 0)
    dossier->options.level = (guint) request->level;
  if (request->is_redacted)
    dyno_dossier_redact (dossier);

  return dossier;
}

static GPtrArray *
load_subjects (const DynoErrand         *errand,
               const DynoReportRequest  *request,
               GError                  **error)
{
  g_autoptr(GPtrArray) dossiers
    = g_ptr_array_new_with_free_func ((GDestroyNotify) dyno_dossier_free);

  for (guint i = 0; i < request->subjects->len; i++)
    {
      DynoDossier *dossier = NULL;

      if (!g_cancellable_set_error_if_cancelled (errand->cancellable, error))
        dossier = load_subject (errand, request, g_ptr_array_index (request->subjects, i), error);
      if (dossier == NULL)
        return NULL;
      g_ptr_array_add (dossiers, dossier);
      dyno_job_set_progress (errand->job, i + 1, request->subjects->len + 2);
    }

  return g_steal_pointer (&dossiers);
}

/* Attachments. */

static void
attachment_clear (gpointer data)
{
  DynoAttachment *file = data;

  g_free ((char *) file->name);
  g_bytes_unref (file->bytes);
}

/* `bytes` is taken over. */
static void
take_attachment (GArray     *files,
                 char       *name,
                 const char *description,
                 const char *relationship,
                 GBytes     *bytes)
{
  const DynoAttachment file = { name, description, relationship, bytes };

  g_array_append_val (files, file);
}

static gboolean
attach_run (GArray       *files,
            DynoDossier  *dossier,
            gboolean      is_without_source,
            GError      **error)
{
  const DynoPackOptions pack = { is_without_source };
  GBytes *archive = dyno_dossier_pack_file (dossier, &pack, error);
  DynoExportCsv exact;

  if (archive == NULL)
    return FALSE;
  take_attachment (files, g_strdup_printf ("%s.dynorun", dossier->run->id),
                   "The run, for any program of this kind", DYNO_ATTACH_SOURCE, archive);
  dyno_export_csv_init_exact (&exact);
  take_attachment (files, g_strdup_printf ("%s.csv", dossier->run->id),
                   "The run as a table, for any program", DYNO_ATTACH_DATA,
                   dyno_export_csv (dossier->samples, &exact));

  return TRUE;
}

static gsize
total_size (GArray *files)
{
  gsize sum = 0;

  for (guint i = 0; i < files->len; i++)
    sum += g_bytes_get_size (g_array_index (files, DynoAttachment, i).bytes);

  return sum;
}

/* All runs, whole or without what they were read from. */
static GArray *
attach_runs (GPtrArray  *dossiers,
             gboolean    is_without_source,
             GError    **error)
{
  g_autoptr(GArray) files = g_array_new (FALSE, FALSE, sizeof (DynoAttachment));

  g_array_set_clear_func (files, attachment_clear);
  for (guint i = 0; i < dossiers->len; i++)
    {
      if (!attach_run (files, g_ptr_array_index (dossiers, i), is_without_source, error))
        return NULL;
    }

  return g_steal_pointer (&files);
}

static GArray *
make_attachments (const DynoReportRequest  *request,
                  GPtrArray                *dossiers,
                  DynoSheet                *sheet,
                  GError                  **error)
{
  g_autoptr(GArray) files = NULL;

  if (request->without_data)
    return g_array_new (FALSE, FALSE, sizeof (DynoAttachment));
  files = attach_runs (dossiers, FALSE, error);
  if (files == NULL || total_size (files) <= DYNO_REPORT_MAX_ATTACHED)
    return g_steal_pointer (&files);
  sheet->without_log = TRUE;

  return attach_runs (dossiers, TRUE, error);
}

static gpointer
make (const DynoErrand *errand,
      gpointer          data,
      GError          **error)
{
  const DynoReportRequest *request = data;
  g_autoptr(GPtrArray) dossiers = NULL;
  g_autoptr(DynoSheet) sheet = NULL;
  g_autoptr(GArray) files = NULL;
  g_autoptr(GBytes) drawn = NULL;
  GBytes *pdf;
  guint n_pages;

  if (!request_is_good (errand, request, error))
    return NULL;
  dossiers = load_subjects (errand, request, error);
  sheet = dossiers != NULL ? dyno_report_fill (errand, request, dossiers, error) : NULL;
  files = sheet != NULL ? make_attachments (request, dossiers, sheet, error) : NULL;
  drawn = files != NULL ? dyno_sheet_draw (sheet, &n_pages, error) : NULL;
  if (drawn == NULL)
    return NULL;
  pdf = dyno_attach_add (drawn, "en", &g_array_index (files, DynoAttachment, 0), files->len,
                         sheet->time_ms, error);

  return pdf != NULL ? report_new (pdf, default_name (sheet), n_pages, files->len) : NULL;
}

static const DynoOperation operation = { "report", make, (GDestroyNotify) dyno_report_free, FALSE };

void
dyno_report_async (DynoShop             *shop,
                   DynoReportRequest    *request,
                   char                **job_id,
                   GCancellable         *cancellable,
                   GAsyncReadyCallback   callback,
                   gpointer              user_data)
{
  DynoJobOffer offer = { "report", "Sheet for the customer", "share", NULL, job_id };

  dyno_operation_start_job (shop, &operation, &offer, request,
                            (GDestroyNotify) dyno_report_request_free, cancellable, callback,
                            user_data);
}

DynoReport *
dyno_report_finish (GAsyncResult *result,
                    GError      **error)
{
  return dyno_operation_finish (result, &operation, error);
}

gboolean
dyno_report_write (const DynoReport  *self,
                   const char        *path,
                   GError           **error)
{
  g_autoptr(GError) refusal = NULL;

  if (g_file_set_contents_full (path, g_bytes_get_data (self->pdf, NULL),
                                (gssize) g_bytes_get_size (self->pdf),
                                G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0644,
                                &refusal))
    return TRUE;
  dyno_error_set (error, DYNO_ERROR_UNAVAILABLE, NULL, "The sheet cannot be written: %s.",
                  refusal->message);

  return FALSE;
}
