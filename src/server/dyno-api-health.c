/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-api.h"

#include <gnutls/gnutls.h>

#include "dyno-database.h"
#include "dyno-openapi.h"
#include "dyno-reply.h"

static const DynoField live_fields[] = {
  { "status", DYNO_WORD ("alive"), 0, "Always this word" },
  { "timestamp", DYNO_TIME, 0, "Now, by the clock of the service" },
  { NULL }
};

static const DynoSchema live_schema = { "Alive", "A sign of life", live_fields };

/* Touches no other thread: it answers while everything else stands still. */
static void
get_live (DynoRequest *request)
{
  gint64 now_us = dyno_clock_real_us (dyno_request_get_service (request)->clock);
  g_autofree char *now = dyno_clock_format_utc (now_us);
  DynoJsonWriter *w = dyno_json_writer_new (FALSE);

  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "status", "alive");
  dyno_json_writer_add_string (w, "timestamp", now);
  dyno_json_writer_end_object (w);
  dyno_reply_json (request, w);
}

static const DynoField libraries_fields[] = {
  { "soup", DYNO_ANY_TEXT, 0, "libsoup, which frames HTTP" },
  { "glib", DYNO_ANY_TEXT, 0, "GLib" },
  { "sqlite", DYNO_ANY_TEXT, DYNO_NULLABLE, "SQLite; null while no database is open" },
  { "gnutls", DYNO_ANY_TEXT, 0, "GnuTLS" },
  { "json_glib", DYNO_ANY_TEXT, 0, "json-glib" },
  { NULL }
};

static const DynoSchema libraries_schema = { "Libraries", "What the service is linked with",
                                             libraries_fields };

static const DynoField version_fields[] = {
  { "version", DYNO_ANY_TEXT, 0, "Of the program" },
  { "api", DYNO_WORD ("v1"), 0, "Of the paths" },
  { "schema", DYNO_COUNT, DYNO_NULLABLE, "Of the database; null while none is open" },
  { "libraries", DYNO_OBJECT (&libraries_schema), 0, "What it is linked with" },
  { NULL }
};

static const DynoSchema version_schema = { "Version", "What this service is", version_fields };

static void
write_libraries (DynoJsonWriter      *w,
                 const DynoStoreInfo *info)
{
  g_autofree char *soup = g_strdup_printf ("%u.%u.%u", soup_get_major_version (),
                                           soup_get_minor_version (), soup_get_micro_version ());
  g_autofree char *glib = g_strdup_printf ("%u.%u.%u", glib_major_version, glib_minor_version,
                                           glib_micro_version);

  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "soup", soup);
  dyno_json_writer_add_string (w, "glib", glib);
  dyno_json_writer_add_string (w, "sqlite", info != NULL ? info->sqlite_version : NULL);
  dyno_json_writer_add_string (w, "gnutls", gnutls_check_version (NULL));
  dyno_json_writer_add_string (w, "json_glib", dyno_json_library_version ());
  dyno_json_writer_end_object (w);
}

static void
reply_version (DynoRequest         *request,
               const DynoStoreInfo *info)
{
  DynoJsonWriter *w = dyno_json_writer_new (FALSE);

  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "version", DYNO_VERSION);
  dyno_json_writer_add_string (w, "api", "v1");
  dyno_json_writer_name (w, "schema");
  if (info != NULL)
    dyno_json_writer_integer (w, info->schema);
  else
    dyno_json_writer_null (w);
  dyno_json_writer_name (w, "libraries");
  write_libraries (w, info);
  dyno_json_writer_end_object (w);
  dyno_reply_json (request, w);
}

/* A store that is not there does not keep the program from saying what it is. */
static void
info_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(DynoRequest) request = user_data;
  DynoStoreInfo *info = dyno_database_info_finish (result, NULL);

  reply_version (request, info);
  g_clear_pointer (&info, dyno_store_info_free);
}

static void
get_version (DynoRequest *request)
{
  if (dyno_request_get_shop (request) == NULL)
    reply_version (request, NULL);
  else
    dyno_database_info_async (dyno_request_get_shop (request),
                              dyno_request_get_cancellable (request), info_cb,
                              dyno_request_ref (request));
}

static void
get_openapi (DynoRequest *request)
{
  DynoOpenapi *openapi = dyno_request_get_service (request)->openapi;

  dyno_reply_header (request, "Cache-Control", "no-cache");
  dyno_reply_tag_text (request, dyno_openapi_get_hash (openapi));
  dyno_reply_bytes (request, "application/json", NULL, dyno_openapi_get (openapi));
}

static const DynoRoute rows[] = {
  DYNO_ROUTE (DYNO_GET, "/health/live", DYNO_OPEN, get_live,
              .aliases = DYNO_PATHS ("/api/health/live"),
              .flags = DYNO_ROUTE_WHILE_SETUP, .priority = DYNO_RANK (VITAL),
              .reply = &live_schema, .summary = "A sign of life"),
  DYNO_ROUTE (DYNO_GET, "/api/v1/version", DYNO_AUTH, get_version,
              .aliases = DYNO_PATHS ("/version"),
              .reply = &version_schema, .summary = "What this service is"),
  DYNO_ROUTE (DYNO_GET, "/api/v1/openapi.json", DYNO_OPEN, get_openapi,
              .flags = DYNO_ROUTE_WHILE_SETUP, .reply_media = "application/json",
              .also = DYNO_STATUSES (304), .summary = "This document"),
};

const DynoRouteTable dyno_api_health = {
  "Service", "Whether the service lives, what it is, and what it can be asked.",
  rows, G_N_ELEMENTS (rows),
};
