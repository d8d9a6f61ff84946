/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* Tables of tunes: in, out, and as they were. What is done to them is in
 * dyno-api-table-changes.c. */

#include "config.h"

#include "dyno-api-ask.h"
#include "dyno-api-list.h"
#include "dyno-api-table-fields.h"
#include "dyno-audit.h"
#include "dyno-shape-tune.h"
#include "dyno-timeline.h"

static const char *
table_id (gconstpointer item)
{
  return ((const DynoTableRecord *) item)->id;
}

static void
shape_table (DynoJsonWriter *w,
             gconstpointer   item)
{
  dyno_shape_tune_table (w, item, NULL);
}

static const char *
change_id (gconstpointer item)
{
  return ((const DynoChangeRecord *) item)->id;
}

static void
shape_change (DynoJsonWriter *w,
              gconstpointer   item)
{
  dyno_shape_tune_change (w, item);
}

/* Reading */

static void
reply_tables (DynoRequest *request,
              GPtrArray   *tables)
{
  dyno_api_list_reply (request, tables, table_id, shape_table);
}

DYNO_API_ANSWER (tables_listed, GPtrArray, dyno_tune_list_finish, reply_tables)

static void
list_tables (DynoRequest *request)
{
  DYNO_API_ASK (request, tables_listed, dyno_tune_list_async,
                dyno_request_text (request, "vehicle_id"), dyno_request_text (request, "kind"),
                dyno_request_text (request, "cylinder"));
}

static void
reply_table (DynoRequest   *request,
             DynoTuneTable *found)
{
  DynoJsonWriter *w;

  if (found->record->deleted_ms != 0)
    {
      dyno_reply_refuse (request, "NOT_FOUND");
      return;
    }
  w = dyno_json_writer_new (FALSE);
  dyno_reply_tag (request, found->record->id, found->record->version);
  dyno_shape_tune_cells (w, found, NULL);
  dyno_reply_json (request, w);
}

DYNO_API_ANSWER (table_found, DynoTuneTable, dyno_tune_get_finish, reply_table)

static void
get_table (DynoRequest *request)
{
  DYNO_API_ASK (request, table_found, dyno_tune_get_async, dyno_request_text (request, "id"), 0,
                NULL);
}

static void
reply_version (DynoRequest   *request,
               DynoTuneTable *found)
{
  DynoJsonWriter *w = dyno_json_writer_new (FALSE);

  dyno_reply_tag (request, found->record->id, found->record->version);
  dyno_shape_tune_cells (w, found, NULL);
  dyno_reply_json (request, w);
}

DYNO_API_ANSWER (version_found, DynoTuneTable, dyno_tune_get_finish, reply_version)

static void
get_version (DynoRequest *request)
{
  DYNO_API_ASK (request, version_found, dyno_tune_get_async, dyno_request_text (request, "id"),
                (int) dyno_request_integer (request, "n"), NULL);
}

static void
reply_history (DynoRequest *request,
               GPtrArray   *changes)
{
  dyno_api_list_reply (request, changes, change_id, shape_change);
}

DYNO_API_ANSWER (history_listed, GPtrArray, dyno_timeline_list_finish, reply_history)

static void
list_history (DynoRequest *request)
{
  DYNO_API_ASK (request, history_listed, dyno_timeline_list_async,
                dyno_request_text (request, "id"));
}

static void
reply_diff (DynoRequest *request,
            DynoDiff    *diff)
{
  DynoJsonWriter *w = dyno_json_writer_new (FALSE);

  dyno_shape_tune_diff (w, diff);
  dyno_reply_json (request, w);
}

DYNO_API_ANSWER (diff_made, DynoDiff, dyno_timeline_diff_finish, reply_diff)

static void
get_diff (DynoRequest *request)
{
  const char *id = dyno_request_text (request, "id");

  DYNO_API_ASK (request, diff_made, dyno_timeline_diff_async, id,
                (int) dyno_request_integer (request, "from"), id,
                (int) dyno_request_integer (request, "to"), NULL);
}

/* In and out */

static void
reply_import (DynoRequest *request,
              GPtrArray   *tables)
{
  DynoJsonWriter *w = dyno_json_writer_new (FALSE);

  dyno_json_writer_begin_object (w);
  dyno_json_writer_name (w, "tables");
  dyno_json_writer_begin_array (w);
  for (guint i = 0; i < tables->len; i++)
    dyno_shape_tune_table (w, g_ptr_array_index (tables, i), NULL);
  dyno_json_writer_end_array (w);
  dyno_json_writer_end_object (w);
  dyno_reply_json (request, w);
}

DYNO_API_ANSWER (tables_imported, GPtrArray, dyno_tune_import_finish, reply_import)

static void
import_tables (DynoRequest *request)
{
  DynoTuneImport *import = dyno_tune_import_new ();
  const char *cylinder = dyno_request_text (request, "cylinder");
  DynoTableSide side = DYNO_TABLE_BOTH;

  if (cylinder != NULL)
    dyno_table_side_find (cylinder, &side);
  dyno_table_kind_find (dyno_request_text (request, "kind"), &import->kind);
  dyno_tune_import_add (import, dyno_upload_get_path (dyno_request_get_upload (request)), side);
  import->vehicle_id = g_strdup (dyno_request_text (request, "vehicle_id"));
  import->name = g_strdup (dyno_request_text (request, "name"));
  import->made_by = g_strdup (dyno_request_get_principal (request)->user_id);
  DYNO_API_ASK (request, tables_imported, dyno_tune_import_async, import);
}

DYNO_API_DONE (table_deleted, dyno_tune_delete_finish)

static void
delete_table (DynoRequest *request)
{
  DYNO_API_ASK (request, table_deleted, dyno_tune_delete_async, dyno_request_text (request, "id"),
                (int) dyno_request_get_version (request));
}

/* TuneLab takes a paste as other programs do. */
static const struct
{
  const char     *word;
  DynoTuneFormat  format;
  const char     *media;
  const char     *ending;
} formats[] = {
  { "pvv", DYNO_TUNE_PVV, "application/xml", "pvv" },
  { "csv", DYNO_TUNE_CSV, "text/csv", "csv" },
  { "text", DYNO_TUNE_TEXT, "text/plain", "txt" },
  { "tunelab", DYNO_TUNE_TEXT, "text/plain", "txt" },
};

static guint
find_format (DynoRequest *request)
{
  const char *word = dyno_request_text (request, "format");
  guint i = 0;

  while (i + 1 < G_N_ELEMENTS (formats) && !g_str_equal (formats[i].word, word))
    i++;

  return i;
}

static void
reply_export (DynoRequest *request,
              GBytes      *bytes)
{
  guint i = find_format (request);
  const char *id = dyno_request_text (request, "id");
  g_autofree char *name = g_strdup_printf ("%s.%s", id, formats[i].ending);

  dyno_asker_push (dyno_request_get_asker (request));
  dyno_audit_tell_async (dyno_request_get_shop (request), DYNO_AUDIT_TABLE_EXPORTED, "table", id,
                         NULL, NULL, NULL, NULL);
  dyno_asker_pop (dyno_request_get_asker (request));
  dyno_reply_bytes (request, formats[i].media, name, bytes);
}

DYNO_API_ANSWER (table_exported, GBytes, dyno_tune_export_finish, reply_export)

static void
export_table (DynoRequest *request)
{
  DYNO_API_ASK (request, table_exported, dyno_tune_export_async, dyno_request_text (request, "id"),
                (int) dyno_request_integer (request, "version"),
                formats[find_format (request)].format, FALSE);
}

/* The rows */

static const DynoField list_query[] = {
  { "vehicle_id", DYNO_ID ("veh"), 0, "Only tables of this vehicle" },
  { "kind", DYNO_WORD ("ve|ve-map|ve-tps|spark|afr|other"), 0, "Only these; ve: both kinds of it" },
  { "cylinder", DYNO_WORD ("front|rear"), 0, "Only of this cylinder" },
  { NULL }
};
static const DynoField import_query[] = {
  { "vehicle_id", DYNO_ID ("veh"), 0, "Whose tune it is" },
  { "name", DYNO_NAME, 0, "What people call it", "Tune" },
  { "kind", DYNO_WORD ("ve-map|ve-tps|spark|afr|other"), 0,
    "What the cells of a CSV are; other files say it themselves", "ve-map" },
  { "cylinder", DYNO_WORD ("front|rear"), 0, "Whose a CSV is" },
  { NULL }
};
static const DynoField version_args[] = {
  DYNO_ID_ARG ("tbl", "The table"),
  { "n", DYNO_INTEGER (1, 1e6), DYNO_REQUIRED, "The version" },
  { NULL }
};
static const DynoField diff_query[] = {
  { "from", DYNO_INTEGER (1, 1e6), 0, "Version", "1" },
  { "to", DYNO_INTEGER (0, 1e6), 0, "Version; 0: the present one", "0" },
  { NULL }
};
static const DynoField export_query[] = {
  { "format", DYNO_WORD ("pvv|csv|text|tunelab"), 0,
    "pvv: the whole tune; text, tunelab: values to be pasted", "csv" },
  { "version", DYNO_INTEGER (0, 1e6), 0, "0: the present one", "0" },
  { NULL }
};

static const DynoRoute rows[] = {
  DYNO_ROUTE (DYNO_GET, "/api/v1/tables", DYNO_MAY (TUNE_READ), list_tables,
              .flags = DYNO_ROUTE_PAGE, .query = list_query, .reply = &dyno_table_schema,
              .summary = "Tables by tune"),
  DYNO_ROUTE (DYNO_POST, "/api/v1/tables", DYNO_MAY (TUNE_APPLY), import_tables,
              .flags = DYNO_ROUTE_UPLOAD | DYNO_ROUTE_LARGE_BODY, .limit = DYNO_CLASS (UPLOAD),
              .query = import_query, .status = 201, .reply = &dyno_table_import_schema,
              .also = DYNO_STATUSES (404, 422), .summary = "Imports a tune or a table",
              .description = "A Power Vision tune (XML), one table as CSV, or tables as JSON, as "
                             "they are given out. The file is kept whole."),
  DYNO_ROUTE (DYNO_GET, "/api/v1/tables/{id}", DYNO_MAY (TUNE_READ), get_table,
              .args = dyno_table_args, .reply = &dyno_table_cells_schema, .summary = "One table"),
  DYNO_ROUTE (DYNO_DELETE, "/api/v1/tables/{id}", DYNO_MAY (TUNE_APPLY), delete_table,
              .flags = DYNO_ROUTE_RECENT, .args = dyno_table_args, .summary = "Deletes a table",
              .description = "Its versions and its history stay."),
  DYNO_ROUTE (DYNO_GET, "/api/v1/tables/{id}/history", DYNO_MAY (TUNE_READ), list_history,
              .flags = DYNO_ROUTE_PAGE, .args = dyno_table_args,
              .reply = &dyno_table_history_schema, .summary = "What was done to a table"),
  DYNO_ROUTE (DYNO_GET, "/api/v1/tables/{id}/versions/{n}", DYNO_MAY (TUNE_READ), get_version,
              .args = version_args, .reply = &dyno_table_cells_schema,
              .summary = "A table as it was"),
  DYNO_ROUTE (DYNO_GET, "/api/v1/tables/{id}/diff", DYNO_MAY (TUNE_READ), get_diff,
              .args = dyno_table_args, .query = diff_query, .reply = &dyno_table_diff_schema,
              .summary = "What two versions differ in"),
  DYNO_ROUTE (DYNO_GET, "/api/v1/tables/{id}/export", DYNO_MAY (TUNE_READ), export_table,
              .args = dyno_table_args, .query = export_query,
              .reply_media = "application/xml|text/csv|text/plain", .also = DYNO_STATUSES (409),
              .summary = "A table or its tune as a file"),
};

const DynoRouteTable dyno_api_tables_in_out = {
  "Tables", "Tunes and their tables.", rows, G_N_ELEMENTS (rows)
};
