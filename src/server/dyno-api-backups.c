/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* Backups. There is no route that restores one. */

#include "config.h"

#include "dyno-api.h"

#include "dyno-api-ask.h"
#include "dyno-api-list.h"
#include "dyno-backup.h"

static const DynoField backup_fields[] = {
  { "id", DYNO_ID ("bak"), 0, "Id" },
  { "created_at", DYNO_TIME, 0, "Made" },
  { "size", DYNO_COUNT, 0, "Of the sealed file, bytes" },
  { "sha256", DYNO_HASH, 0, "Of the sealed file" },
  { "schema", DYNO_COUNT, 0, "Of the database in it" },
  { "verified_at", DYNO_TIME, DYNO_NULLABLE, "When it was opened and compared last" },
  { NULL }
};
static const DynoSchema backup_schema = { "Backup", "A sealed copy of the shop", backup_fields };

static const DynoField job_fields[] = {
  { "job_id", DYNO_ID ("job"), 0, "Where its progress is" },
  { "status", DYNO_WORD ("queued"), 0, "Always this word" },
  { NULL }
};
static const DynoSchema job_schema = { "BackupJob", "A backup that is under way", job_fields };

static const char *
backup_id (gconstpointer item)
{
  return ((const DynoBackup *) item)->id;
}

static void
add_time (DynoJsonWriter *w,
          const char     *name,
          gint64          time_ms)
{
  g_autofree char *text = time_ms != 0 ? dyno_clock_format_utc (time_ms * 1000) : NULL;

  dyno_json_writer_add_string (w, name, text);
}

static void
shape_backup (DynoJsonWriter *w,
              gconstpointer   item)
{
  const DynoBackup *backup = item;

  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "id", backup->id);
  add_time (w, "created_at", backup->created_ms);
  dyno_json_writer_add_integer (w, "size", backup->bytes);
  dyno_json_writer_add_string (w, "sha256", backup->sha256);
  dyno_json_writer_add_integer (w, "schema", backup->schema);
  add_time (w, "verified_at", backup->verified_ms);
  dyno_json_writer_end_object (w);
}

/* Reading */

static void
reply_backups (DynoRequest *request,
               GPtrArray   *backups)
{
  dyno_api_list_reply (request, backups, backup_id, shape_backup);
}

DYNO_API_ANSWER (backups_listed, GPtrArray, dyno_backup_list_finish, reply_backups)

static void
list_backups (DynoRequest *request)
{
  DYNO_API_ASK (request, backups_listed, dyno_backup_list_async);
}

static void
reply_backup (DynoRequest *request,
              DynoBackup  *backup)
{
  DynoJsonWriter *w = dyno_json_writer_new (FALSE);

  shape_backup (w, backup);
  dyno_reply_json (request, w);
}

DYNO_API_ANSWER (backup_found, DynoBackup, dyno_backup_get_finish, reply_backup)

static void
get_backup (DynoRequest *request)
{
  DYNO_API_ASK (request, backup_found, dyno_backup_get_async, dyno_request_text (request, "id"));
}

/* Jobs: they outlive the request */

static void
post_backup (DynoRequest *request)
{
  g_autofree char *job_id = NULL;

  dyno_backup_make_async (dyno_request_get_shop (request), FALSE, &job_id, NULL, NULL, NULL);
  dyno_reply_job (request, job_id, NULL);
}

static void
verify_known (DynoRequest *request,
              DynoBackup  *backup)
{
  g_autofree char *job_id = NULL;

  dyno_backup_verify_async (dyno_request_get_shop (request), backup->id, FALSE, &job_id, NULL, NULL,
                            NULL);
  dyno_reply_job (request, job_id, NULL);
}

DYNO_API_ANSWER (backup_to_verify, DynoBackup, dyno_backup_get_finish, verify_known)

static void
verify_backup (DynoRequest *request)
{
  DYNO_API_ASK (request, backup_to_verify, dyno_backup_get_async, dyno_request_text (request, "id"));
}

DYNO_API_DONE (backup_deleted, dyno_backup_delete_finish)

static void
delete_backup (DynoRequest *request)
{
  DYNO_API_ASK (request, backup_deleted, dyno_backup_delete_async,
                dyno_request_text (request, "id"));
}

static const DynoField backup_args[] = { DYNO_ID_ARG ("bak", "The backup"), { NULL } };

#define BACKUP_ROUTE DYNO_ROUTE_RECENT

static const DynoRoute rows[] = {
  DYNO_ROUTE (DYNO_GET, "/api/v1/backups", DYNO_MAY (BACKUP_RUN), list_backups,
              .flags = BACKUP_ROUTE | DYNO_ROUTE_PAGE, .reply = &backup_schema,
              .summary = "Backups, the newest first"),
  DYNO_ROUTE (DYNO_POST, "/api/v1/backups", DYNO_MAY (BACKUP_RUN), post_backup,
              .flags = BACKUP_ROUTE, .limit = DYNO_CLASS (HEAVY), .status = 202,
              .reply = &job_schema, .summary = "Makes a backup"),
  DYNO_ROUTE (DYNO_GET, "/api/v1/backups/{id}", DYNO_MAY (BACKUP_RUN), get_backup,
              .flags = BACKUP_ROUTE, .args = backup_args, .reply = &backup_schema,
              .summary = "One backup"),
  DYNO_ROUTE (DYNO_POST, "/api/v1/backups/{id}/verify", DYNO_MAY (BACKUP_RUN), verify_backup,
              .flags = BACKUP_ROUTE, .limit = DYNO_CLASS (HEAVY), .args = backup_args,
              .status = 202, .reply = &job_schema, .summary = "Opens a backup and compares it"),
  DYNO_ROUTE (DYNO_DELETE, "/api/v1/backups/{id}", DYNO_MAY (BACKUP_RUN), delete_backup,
              .flags = BACKUP_ROUTE | DYNO_ROUTE_NO_IF_MATCH, .args = backup_args,
              .summary = "Deletes a backup"),
};

const DynoRouteTable dyno_api_backups = {
  "Backups", "Sealed copies of the shop; they are restored at its computer alone.",
  rows, G_N_ELEMENTS (rows)
};
