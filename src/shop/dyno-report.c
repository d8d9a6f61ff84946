/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-report-private.h"

#include "dyno-attach.h"
#include "dyno-crypt.h"
#include "dyno-error.h"
#include "dyno-shop-private.h"

#include <string.h>

#define MAX_NAME 60

static void
subject_free (gpointer data)
{
  DynoReportSubject *subject = data;

  g_free (subject->run_id);
  g_free (subject->path);
  g_clear_pointer (&subject->outcome, dyno_import_outcome_free);
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
dyno_report_request_take_log (DynoReportRequest *self,
                              const char        *path,
                              DynoImportOutcome *outcome)
{
  DynoReportSubject *subject = g_new0 (DynoReportSubject, 1);

  subject->path = g_strdup (path);
  subject->outcome = outcome;
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

static gpointer
make (const DynoErrand *errand,
      gpointer          data,
      GError          **error)
{
  const DynoReportRequest *request = data;
  g_autoptr(DynoSheet) sheet = NULL;
  g_autoptr(GBytes) drawn = NULL;
  GBytes *pdf;
  guint n_pages;

  if (!request_is_good (errand, request, error))
    return NULL;
  sheet = dyno_report_fill (errand, request, error);
  if (sheet == NULL)
    return NULL;
  drawn = dyno_sheet_draw (sheet, &n_pages, error);
  if (drawn == NULL)
    return NULL;
  pdf = dyno_attach_add (drawn, "en", NULL, 0, sheet->time_ms, error);

  return pdf != NULL ? report_new (pdf, default_name (sheet), n_pages, 0) : NULL;
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
