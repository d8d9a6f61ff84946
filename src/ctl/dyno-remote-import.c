/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-remote-import.h"

#include "dyno-error.h"
#include "dyno-remote-runs.h"

static void
add_flag (GString    *path,
          const char *name,
          gboolean    is_set)
{
  if (is_set)
    dyno_remote_add (path, name, "true");
}

/* Several words, a comma between. */
static void
add_words (GString    *path,
           const char *name,
           char      **words)
{
  g_autofree char *text = words != NULL && *words != NULL ? g_strjoinv (",", words) : NULL;

  dyno_remote_add (path, name, text);
}

static void
add_options (GString                 *path,
             const DynoImportRequest *request)
{
  add_flag (path, "again", request->again);
  add_flag (path, "as_new", request->as_new);
  add_flag (path, "force", request->force);
  add_words (path, "map", request->map);
  add_words (path, "unit", request->unit);
  dyno_remote_add (path, "dialect", request->dialect);
  dyno_remote_add (path, "header", request->header);
  dyno_remote_add (path, "delimiter", request->delimiter);
  dyno_remote_add (path, "decimal", request->decimal);
  if (request->rate_hz > 0)
    {
      char text[G_ASCII_DTOSTR_BUF_SIZE];

      dyno_json_format_number (request->rate_hz, text);
      dyno_remote_add (path, "rate_hz", text);
    }
}

/* "/runs/import?…"; NULL with an error for a vehicle that is none. */
static GString *
make_path (DynoCtl                  *ctl,
           const DynoImportRequest  *request,
           GError                  **error)
{
  g_autoptr(GString) path = g_string_new ("/runs/import");
  g_autofree char *name = g_path_get_basename (request->path);
  g_autofree char *vehicle_id = NULL;

  dyno_remote_add (path, "filename", name);
  if (request->vehicle != NULL)
    {
      vehicle_id = dyno_remote_find_vehicle (ctl, request->vehicle, TRUE, error);
      if (vehicle_id == NULL)
        return NULL;
      dyno_remote_add (path, "vehicle_id", vehicle_id);
    }
  add_options (path, request);

  return g_steal_pointer (&path);
}

static GBytes *
map_file (const char  *path,
          GError     **error)
{
  g_autoptr(GError) cause = NULL;
  g_autoptr(GMappedFile) file = g_mapped_file_new (path, FALSE, &cause);

  if (file != NULL)
    return g_mapped_file_get_bytes (file);
  dyno_error_set (error, DYNO_ERROR_INVALID, "import_unreadable", "%s cannot be read: %s.", path,
                  cause->message);

  return NULL;
}

DynoJson *
dyno_remote_import (DynoCtl                  *ctl,
                    const DynoImportRequest  *request,
                    GError                  **error)
{
  g_autoptr(GBytes) bytes = map_file (request->path, error);
  g_autoptr(GString) path = bytes != NULL ? make_path (ctl, request, error) : NULL;
  g_autoptr(DynoJson) started = NULL;
  g_autoptr(DynoJson) job = NULL;
  const char *id;

  if (path == NULL)
    return NULL;
  started = dyno_remote_ask (ctl, &(DynoRemoteRequest){ .method = "POST", .path = path->str,
                                                        .content_type = "application/octet-stream",
                                                        .body = bytes }, error);
  job = started != NULL ? dyno_remote_wait_job (ctl, started, error) : NULL;
  if (job == NULL)
    return NULL;
  id = dyno_json_get_string (dyno_json_member (job, "result"), "id");
  if (id == NULL)
    id = dyno_json_get_string (started, "run_id");

  return dyno_remote_runs_get (ctl, id != NULL ? id : "", error);
}
