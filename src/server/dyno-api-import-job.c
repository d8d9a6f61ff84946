/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-api-import-job.h"

#include "dyno-api-ask.h"
#include "dyno-archive.h"

DynoImportRequest *
dyno_api_import_new (DynoRequest *request,
                     const char  *name)
{
  DynoUpload *upload = dyno_request_get_upload (request);
  DynoImportRequest *wanted = dyno_import_request_new (dyno_upload_get_path (upload));

  wanted->name = g_strdup (name);
  wanted->most_bytes = DYNO_ARCHIVE_MOST_BYTES_API;

  return wanted;
}

/* The job has told everybody how it ended. */
static void
import_ended (GObject      *unused,
              GAsyncResult *result,
              gpointer      data)
{
  g_autoptr(DynoUpload) upload = data;
  g_autoptr(DynoImportOutcome) outcome = dyno_import_job_finish (result, NULL);
}

char *
dyno_api_import_begin (DynoRequest       *request,
                       DynoImportRequest *wanted,
                       const char        *run_id)
{
  DynoAsker *asker = dyno_request_get_asker (request);
  char *job_id = NULL;

  wanted->run_id = g_strdup (run_id);
  dyno_asker_push (asker);
  dyno_import_job_async (dyno_request_get_shop (request), wanted, &job_id, NULL, import_ended,
                         dyno_upload_ref (dyno_request_get_upload (request)));
  dyno_asker_pop (asker);

  return job_id;
}
