/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* Logs and run archives that are sent. They are looked at before the answer, so that what
 * the beginning of a file shows is refused at once; the rest is a job. */

#include "config.h"

#include <math.h>
#include <string.h>

#include "dyno-api-ask.h"
#include "dyno-api-import-job.h"
#include "dyno-import-look.h"

static const DynoField import_query[] = {
  { "filename", DYNO_TEXT (1, 200), 0, "What the file is called; shown, never believed" },
  { "vehicle_id", DYNO_ID ("veh"), 0, "What was run" },
  { "title", DYNO_TITLE, 0, "What people call it; else the name of the file" },
  { "notes", DYNO_NOTES, 0, "Notes" },
  { "tags", DYNO_TAGS, 0, "Tags, a comma between" },
  { "analyze", DYNO_BOOLEAN, 0, "Analyse the run, too", "true" },
  { "again", DYNO_BOOLEAN, 0, "Import also what was imported before", "false" },
  { "as_new", DYNO_BOOLEAN, 0, "An archive as another run than it was", "false" },
  { "map", DYNO_ARRAY (64, DYNO_TEXT (3, 200)), 0, "COLUMN=channel, a comma between" },
  { "unit", DYNO_ARRAY (64, DYNO_TEXT (3, 200)), 0, "COLUMN=unit, a comma between" },
  { "rate_hz", DYNO_NUMBER (0.001, 100000), 0, "Rows at this rate, whatever the stamps say" },
  { "row_index", DYNO_BOOLEAN, 0, "Samples without time", "false" },
  { "dialect", DYNO_TEXT (1, 40), 0, "Which program wrote the log" },
  { "header", DYNO_TEXT (1, 1000), 0, "Names of the columns, a comma between" },
  { "delimiter", DYNO_TEXT (1, 10), 0, "comma, semicolon, tab or the character" },
  { "decimal", DYNO_WORD ("point|comma"), 0, "The decimal mark" },
  { "force", DYNO_BOOLEAN, 0, "Take ragged rows and a disordered clock", "false" },
  { NULL }
};

static const DynoField upload_fields[] = {
  { "filename", DYNO_ANY_TEXT, 0, "What the file is called" },
  { "size", DYNO_COUNT, 0, "Bytes" },
  { "sha256", DYNO_HASH, 0, "SHA-256 of them" },
  { NULL }
};
static const DynoSchema upload_schema = { "RunUpload", "A file that was sent", upload_fields };

static const DynoField import_fields[] = {
  { "job_id", DYNO_ID ("job"), 0, "The job" },
  { "run_id", DYNO_ID ("run"), DYNO_NULLABLE,
    "The run that it makes; of an archive null: the job names it" },
  { "status", DYNO_WORD ("queued"), 0, "The job is on its way" },
  { "upload", DYNO_OBJECT (&upload_schema), 0, "What came" },
  { NULL }
};
static const DynoSchema import_schema = { "RunImport", "An import that has begun", import_fields };

/* The last part of what the client calls it: its folders are nobody's business. */
static const char *
file_name (DynoRequest *request)
{
  const char *name = dyno_request_text (request, "filename");
  const char *last;

  if (name == NULL)
    name = dyno_request_get_file_name (request);
  if (name == NULL)
    return "upload";
  last = strrchr (name, '/');
  if (last == NULL)
    last = strrchr (name, '\\');

  return last == NULL ? name : last[1] != '\0' ? last + 1 : "upload";
}

static void
take_reading (DynoRequest       *request,
              DynoImportRequest *wanted)
{
  double rate_hz = dyno_request_number (request, "rate_hz");

  wanted->map = dyno_request_texts (request, "map");
  wanted->unit = dyno_request_texts (request, "unit");
  wanted->rate_hz = isnan (rate_hz) ? 0 : rate_hz;
  wanted->row_index = dyno_request_boolean (request, "row_index");
  wanted->dialect = g_strdup (dyno_request_text (request, "dialect"));
  wanted->header = g_strdup (dyno_request_text (request, "header"));
  wanted->delimiter = g_strdup (dyno_request_text (request, "delimiter"));
  wanted->decimal = g_strdup (dyno_request_text (request, "decimal"));
  wanted->force = dyno_request_boolean (request, "force");
}

/* (transfer full) */
static DynoImportRequest *
make_import (DynoRequest *request)
{
  DynoImportRequest *wanted = dyno_api_import_new (request, file_name (request));

  wanted->vehicle = g_strdup (dyno_request_text (request, "vehicle_id"));
  wanted->title = g_strdup (dyno_request_text (request, "title"));
  wanted->notes = g_strdup (dyno_request_text (request, "notes"));
  wanted->tags = dyno_request_texts (request, "tags");
  wanted->again = dyno_request_boolean (request, "again");
  wanted->as_new = dyno_request_boolean (request, "as_new");
  wanted->analyses = dyno_request_boolean (request, "analyze");
  take_reading (request, wanted);

  return wanted;
}

static void
write_upload (DynoJsonWriter *w,
              DynoRequest    *request)
{
  DynoUpload *upload = dyno_request_get_upload (request);

  dyno_json_writer_name (w, "upload");
  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "filename", file_name (request));
  dyno_json_writer_add_integer (w, "size", (gint64) dyno_upload_get_size (upload));
  dyno_json_writer_add_string (w, "sha256", dyno_upload_get_sha256 (upload));
  dyno_json_writer_end_object (w);
}

static void
reply_begun (DynoRequest    *request,
             DynoImportLook *look)
{
  g_autofree char *job_id = NULL;
  DynoJsonWriter *w;

  if (dyno_request_is_over (request))
    return;

  job_id = dyno_api_import_begin (request, make_import (request), look->run_id);
  w = dyno_json_writer_new (FALSE);
  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "job_id", job_id);
  dyno_json_writer_add_string (w, "run_id", look->run_id);
  dyno_json_writer_add_string (w, "status", "queued");
  write_upload (w, request);
  dyno_json_writer_end_object (w);
  dyno_reply_job (request, job_id, w);
}

DYNO_API_ANSWER (import_looked, DynoImportLook, dyno_import_look_finish, reply_begun)

static void
post_import (DynoRequest *request)
{
  DYNO_API_ASK (request, import_looked, dyno_import_look_async, make_import (request),
                dyno_upload_get_sha256 (dyno_request_get_upload (request)));
}

static const DynoRoute rows[] = {
  DYNO_ROUTE (DYNO_POST, "/api/v1/runs/import", DYNO_MAY (RUNS_WRITE), post_import,
              .flags = DYNO_ROUTE_UPLOAD | DYNO_ROUTE_MULTIPART, .limit = DYNO_CLASS (UPLOAD),
              .deadline_s = 60, .query = import_query,
              .body_media = "text/csv|text/plain|application/octet-stream", .status = 202,
              .reply = &import_schema, .also = DYNO_STATUSES (409, 422, 507),
              .summary = "Imports a log, a packet journal or a run archive",
              .description = "As the body, or as part `file` of a form whose other fields are "
                             "those of the query. What the first MiB shows is refused at once, "
                             "what shows later ends the job. The same content again is 409."),
};

const DynoRouteTable dyno_api_import = {
  "Import", "Logs that are sent.", rows, G_N_ELEMENTS (rows)
};
