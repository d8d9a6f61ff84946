/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-shape-private.h"

#include <math.h>

#include "dyno-error.h"

/* Vehicles, jobs, settings, errors, care of the store, health. The shapes of runs
 * stand in dyno-shape-run.c, of curves in dyno-shape-power.c, of what is live in
 * dyno-shape-live.c. */

void
dyno_shape_add_time_us (DynoJsonWriter *w,
                        const char     *name,
                        gint64          utc_us)
{
  g_autofree char *text = utc_us > 0 ? dyno_clock_format_utc (utc_us) : NULL;

  dyno_json_writer_add_string (w, name, text);
}

void
dyno_shape_add_time_ms (DynoJsonWriter *w,
                        const char     *name,
                        gint64          utc_ms)
{
  dyno_shape_add_time_us (w, name, utc_ms * 1000);
}

void
dyno_shape_add_text (DynoJsonWriter *w,
                     const char     *name,
                     const char     *text)
{
  dyno_json_writer_add_string (w, name, text != NULL && *text != '\0' ? text : NULL);
}

void
dyno_shape_add_json (DynoJsonWriter *w,
                     const char     *name,
                     const char     *json)
{
  g_autoptr(DynoJson) parsed
    = json != NULL ? dyno_json_parse_limited (json, -1, &dyno_json_limits_own, NULL) : NULL;

  dyno_json_writer_name (w, name);
  if (parsed != NULL)
    dyno_json_writer_value (w, parsed);
  else
    dyno_json_writer_null (w);
}

void
dyno_shape_add_host (DynoJsonWriter *w,
                     const char     *name,
                     guint16         host_id)
{
  char text[8];

  g_snprintf (text, sizeof text, "0x%04X", host_id);
  dyno_json_writer_add_string (w, name, host_id != 0 ? text : NULL);
}

void
dyno_shape_add_channel (DynoJsonWriter *w,
                        const char     *name,
                        DynoChannel     channel)
{
  dyno_shape_add_text (w, name, dyno_channel_info (channel)->name);
}

/* People */

void
dyno_shape_vehicle (DynoJsonWriter    *w,
                    const DynoVehicle *vehicle)
{
  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "id", vehicle->id);
  dyno_json_writer_add_string (w, "label", vehicle->label);
  dyno_shape_add_text (w, "customer_id", vehicle->customer_id);
  dyno_shape_add_text (w, "customer", vehicle->customer_name);
  dyno_shape_add_text (w, "make", vehicle->make);
  dyno_shape_add_text (w, "model", vehicle->model);
  dyno_json_writer_add_number (w, "year", vehicle->year > 0 ? vehicle->year : NAN);
  dyno_shape_add_text (w, "vin", vehicle->vin);
  dyno_shape_add_text (w, "plate", vehicle->plate);
  dyno_shape_add_json (w, "data", vehicle->data);
  dyno_json_writer_add_integer (w, "runs", vehicle->n_runs);
  dyno_json_writer_add_integer (w, "version", vehicle->revision);
  dyno_shape_add_time_ms (w, "created_at", vehicle->created_ms);
  dyno_shape_add_time_ms (w, "updated_at", vehicle->updated_ms);
  dyno_json_writer_end_object (w);
}

void
dyno_shape_customer (DynoJsonWriter     *w,
                     const DynoCustomer *customer)
{
  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "id", customer->id);
  dyno_json_writer_add_string (w, "name", customer->name);
  dyno_shape_add_text (w, "phone", customer->phone);
  dyno_shape_add_text (w, "email", customer->email);
  dyno_shape_add_text (w, "address", customer->address);
  dyno_shape_add_text (w, "notes", customer->notes);
  dyno_json_writer_add_integer (w, "vehicles", customer->n_vehicles);
  dyno_json_writer_add_integer (w, "version", customer->revision);
  dyno_shape_add_time_ms (w, "created_at", customer->created_ms);
  dyno_shape_add_time_ms (w, "updated_at", customer->updated_ms);
  dyno_json_writer_end_object (w);
}

/* Jobs and settings */

void
dyno_shape_job (DynoJsonWriter    *w,
                const DynoJobInfo *job)
{
  gboolean is_known = job->total > 0;

  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "id", job->id);
  dyno_json_writer_add_string (w, "kind", job->kind);
  dyno_json_writer_add_string (w, "title", job->title);
  dyno_json_writer_add_string (w, "state", dyno_job_state_name (job->state));
  dyno_json_writer_add_rounded (w, "progress", is_known ? MIN (job->done / job->total, 1) : NAN, 4);
  dyno_json_writer_add_number (w, "done", job->done);
  dyno_json_writer_add_number (w, "total", job->total);
  dyno_json_writer_add_string (w, "unit", job->unit);
  dyno_shape_add_text (w, "message", job->message);
  dyno_shape_add_text (w, "subject", job->subject);
  dyno_shape_add_time_us (w, "started_at", job->started_us);
  dyno_shape_add_time_us (w, "finished_at", job->ended_us);
  dyno_json_writer_end_object (w);
}

void
dyno_shape_setting (DynoJsonWriter      *w,
                    DynoConfig          *config,
                    const DynoConfigRow *row)
{
  g_autofree char *value = dyno_config_dup_shown (config, row->key);
  DynoConfigOrigin origin = dyno_config_get_origin (config, row->key);

  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "key", row->key);
  dyno_json_writer_add_string (w, "value", value);
  dyno_json_writer_add_string (w, "origin", dyno_config_origin_name (origin));
  dyno_json_writer_add_string (w, "default", row->value);
  dyno_json_writer_add_boolean (w, "boot", row->is_boot);
  dyno_json_writer_add_string (w, "meaning", row->meaning);
  dyno_json_writer_end_object (w);
}

/* Errors: service.md 5.1. A reason of capitals is the code itself. */

typedef struct
{
  const char *code;
  const char *title;
  int         status;
} Problem;

static const Problem problems[DYNO_N_ERRORS] = {
  [DYNO_ERROR_INVALID] = { "VALIDATION_ERROR", "The request is wrong", 400 },
  [DYNO_ERROR_NOT_FOUND] = { "NOT_FOUND", "Not found", 404 },
  [DYNO_ERROR_CONFLICT] = { "CONFLICT", "Conflict", 409 },
  [DYNO_ERROR_DENIED] = { "AUTHORIZATION_ERROR", "Not allowed", 403 },
  [DYNO_ERROR_LIMITED] = { "RATE_LIMIT_EXCEEDED", "Too many requests", 429 },
  [DYNO_ERROR_UNAVAILABLE] = { "SERVICE_UNAVAILABLE", "Not there now", 503 },
  [DYNO_ERROR_CORRUPT] = { "INTERNAL_ERROR", "Stored data is damaged", 500 },
  [DYNO_ERROR_TOO_LARGE] = { "REQUEST_TOO_LARGE", "Too large", 413 },
  [DYNO_ERROR_TIMED_OUT] = { "TIMEOUT", "Timed out", 504 },
  [DYNO_ERROR_INTERNAL] = { "INTERNAL_ERROR", "Internal error", 500 },
};

static gboolean
is_code (const char *reason)
{
  return reason != NULL && g_ascii_isupper (*reason);
}

static char *
problem_type (const char *code)
{
  g_autofree char *lower = g_ascii_strdown (code, -1);

  g_strdelimit (lower, "_", '-');

  return g_strconcat ("urn:dynoai:problem:", lower, NULL);
}

void
dyno_shape_error (DynoJsonWriter *w,
                  const GError   *error,
                  gint64          now_utc_us)
{
  gboolean is_ours = error->domain == DYNO_ERROR && error->code >= 0 && error->code < DYNO_N_ERRORS;
  const Problem *problem = &problems[is_ours ? error->code : DYNO_ERROR_INTERNAL];
  const char *reason = dyno_error_get_reason (error);
  const char *code = is_code (reason) ? reason : problem->code;
  g_autofree char *type = problem_type (code);
  g_autofree char *id = g_uuid_string_random ();

  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "type", type);
  dyno_json_writer_add_string (w, "title", problem->title);
  dyno_json_writer_add_integer (w, "status", problem->status);
  dyno_json_writer_add_string (w, "detail", error->message);
  dyno_json_writer_name (w, "error");
  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "code", code);
  dyno_json_writer_add_string (w, "message", error->message);
  dyno_json_writer_add_string (w, "correlation_id", id);
  dyno_shape_add_time_us (w, "timestamp", now_utc_us);
  dyno_json_writer_name (w, "details");
  dyno_json_writer_begin_object (w);
  if (reason != NULL && !is_code (reason))
    dyno_json_writer_add_string (w, "reason", reason);
  dyno_json_writer_end_object (w);
  dyno_json_writer_end_object (w);
  dyno_json_writer_end_object (w);
}

/* Care of the store */

static void
write_steps (DynoJsonWriter *w,
             GPtrArray      *steps)
{
  dyno_json_writer_name (w, "migrations");
  dyno_json_writer_begin_array (w);
  for (guint i = 0; i < steps->len; i++)
    {
      const DynoStoreStep *step = g_ptr_array_index (steps, i);

      dyno_json_writer_begin_object (w);
      dyno_json_writer_add_integer (w, "number", step->number);
      dyno_json_writer_add_string (w, "name", step->name);
      dyno_json_writer_add_string (w, "sha256", step->sha256);
      dyno_shape_add_time_ms (w, "applied_at", step->applied_ms);
      dyno_json_writer_end_object (w);
    }
  dyno_json_writer_end_array (w);
}

void
dyno_shape_store_info (DynoJsonWriter      *w,
                       const DynoStoreInfo *info)
{
  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "path", info->path);
  dyno_json_writer_add_string (w, "sqlite_version", info->sqlite_version);
  dyno_json_writer_add_integer (w, "schema", info->schema);
  dyno_json_writer_add_integer (w, "schema_known", info->schema_known);
  dyno_json_writer_add_integer (w, "bytes", info->bytes);
  dyno_json_writer_add_integer (w, "wal_bytes", info->wal_bytes);
  dyno_json_writer_add_integer (w, "free_bytes", info->free_bytes);
  dyno_json_writer_name (w, "tables");
  dyno_json_writer_begin_object (w);
  for (guint i = 0; i < info->tables->len; i++)
    {
      const DynoTableCount *table = g_ptr_array_index (info->tables, i);

      dyno_json_writer_add_integer (w, table->name, table->n_rows);
    }
  dyno_json_writer_end_object (w);
  dyno_json_writer_name (w, "pragmas");
  dyno_json_writer_begin_object (w);
  for (guint i = 0; i < info->pragmas->len; i++)
    {
      const DynoStorePragma *pragma = g_ptr_array_index (info->pragmas, i);

      dyno_json_writer_add_string (w, pragma->name, pragma->value);
    }
  dyno_json_writer_end_object (w);
  write_steps (w, info->steps);
  dyno_json_writer_end_object (w);
}

void
dyno_shape_store_check (DynoJsonWriter       *w,
                        const DynoStoreCheck *check)
{
  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_boolean (w, "ok", check->is_ok);
  dyno_json_writer_name (w, "findings");
  dyno_json_writer_begin_array (w);
  for (guint i = 0; i < check->findings->len; i++)
    dyno_json_writer_string (w, g_ptr_array_index (check->findings, i));
  dyno_json_writer_end_array (w);
  dyno_json_writer_add_integer (w, "runs", check->n_runs);
  dyno_json_writer_add_integer (w, "blocks", check->n_blocks);
  dyno_json_writer_add_integer (w, "samples", check->n_samples);
  dyno_json_writer_add_integer (w, "links", check->n_links);
  dyno_json_writer_end_object (w);
}

void
dyno_shape_verify (DynoJsonWriter         *w,
                   const DynoVerifyReport *report)
{
  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_boolean (w, "ok", report->is_ok);
  dyno_json_writer_add_string (w, "first_bad", report->first_bad);
  dyno_json_writer_name (w, "removed");
  dyno_json_writer_begin_array (w);
  for (guint i = 0; i < report->removed->len; i++)
    dyno_json_writer_string (w, g_ptr_array_index (report->removed, i));
  dyno_json_writer_end_array (w);
  dyno_json_writer_name (w, "findings");
  dyno_json_writer_begin_array (w);
  for (guint i = 0; i < report->findings->len; i++)
    {
      const DynoVerifyFinding *finding = g_ptr_array_index (report->findings, i);

      dyno_json_writer_begin_object (w);
      dyno_shape_add_text (w, "run_id", finding->run_id);
      dyno_json_writer_add_string (w, "text", finding->text);
      dyno_json_writer_end_object (w);
    }
  dyno_json_writer_end_array (w);
  dyno_json_writer_add_integer (w, "files", report->n_files);
  dyno_json_writer_add_integer (w, "links", report->n_links);
  dyno_json_writer_add_integer (w, "derived", report->n_derived);
  dyno_json_writer_end_object (w);
}

/* Health */

void
dyno_shape_doctor (DynoJsonWriter *w,
                   GPtrArray      *checks)
{
  dyno_json_writer_begin_object (w);
  dyno_json_writer_name (w, "checks");
  dyno_json_writer_begin_array (w);
  for (guint i = 0; i < checks->len; i++)
    {
      const DynoCheck *check = g_ptr_array_index (checks, i);

      dyno_json_writer_begin_object (w);
      dyno_json_writer_add_string (w, "name", check->name);
      dyno_json_writer_add_string (w, "status", dyno_check_status_name (check->status));
      dyno_json_writer_add_string (w, "detail", check->detail);
      dyno_shape_add_text (w, "fix", check->fix);
      dyno_json_writer_end_object (w);
    }
  dyno_json_writer_end_array (w);
  dyno_json_writer_end_object (w);
}

void
dyno_shape_preflight (DynoJsonWriter      *w,
                      const DynoPreflight *preflight)
{
  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_boolean (w, "passed", preflight->has_passed);
  dyno_shape_add_time_us (w, "at", preflight->time_us);
  dyno_json_writer_add_rounded (w, "sample_s", preflight->sample_s, 3);
  dyno_json_writer_add_string (w, "mode", preflight->is_blocking ? "blocking" : "advisory");
  dyno_json_writer_add_boolean (w, "si_verified", preflight->si_verified);
  dyno_json_writer_name (w, "checks");
  dyno_json_writer_begin_array (w);
  for (guint i = 0; i < DYNO_N_PREFLIGHT_CHECKS; i++)
    {
      const DynoPreflightCheck *check = &preflight->checks[i];

      dyno_json_writer_begin_object (w);
      dyno_json_writer_add_string (w, "name", dyno_preflight_kind_name ((DynoPreflightKind) i));
      dyno_json_writer_add_string (w, "status", dyno_preflight_status_name (check->status));
      dyno_json_writer_add_string (w, "message", check->message);
      dyno_json_writer_add_string (w, "fix", check->fix);
      dyno_shape_add_json (w, "details", check->details);
      dyno_json_writer_end_object (w);
    }
  dyno_json_writer_end_array (w);
  dyno_json_writer_add_boolean (w, "can_override", preflight->is_blocking
                                                     && !preflight->has_passed);
  dyno_json_writer_end_object (w);
}
