/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-remote-tables.h"

#include "dyno-error.h"
#include "dyno-remote-runs.h"

#define MOST 100000

/* FALSE with an error where there is no such vehicle. */
static gboolean
add_vehicle (DynoCtl     *ctl,
             GString     *path,
             const char  *vehicle,
             gboolean     may_make,
             GError     **error)
{
  g_autofree char *id
    = vehicle != NULL ? dyno_remote_find_vehicle (ctl, vehicle, may_make, error) : NULL;

  dyno_remote_add (path, "vehicle_id", id);

  return vehicle == NULL || id != NULL;
}

GPtrArray *
dyno_remote_tables_list (DynoCtl     *ctl,
                         const char  *vehicle,
                         const char  *kind,
                         const char  *cylinder,
                         GError     **error)
{
  g_autoptr(GString) path = g_string_new ("/tables");

  if (!add_vehicle (ctl, path, vehicle, FALSE, error))
    return NULL;
  dyno_remote_add (path, "kind", kind);
  dyno_remote_add (path, "cylinder", cylinder);

  return dyno_remote_list (ctl, path->str, MOST, error);
}

static GBytes *
read_file (const char  *path,
           GError     **error)
{
  g_autoptr(GError) cause = NULL;
  char *data;
  gsize size;

  if (g_file_get_contents (path, &data, &size, &cause))
    return g_bytes_new_take (data, size);
  dyno_error_set (error,
                  g_error_matches (cause, G_FILE_ERROR, G_FILE_ERROR_NOENT) ? DYNO_ERROR_NOT_FOUND
                                                                            : DYNO_ERROR_INVALID,
                  NULL, "%s cannot be read: %s.", path, cause->message);

  return NULL;
}

static const char *
media_of (const char *path)
{
  g_autofree char *lower = g_ascii_strdown (path, -1);

  return g_str_has_suffix (lower, ".csv") ? "text/csv" : "application/xml";
}

GPtrArray *
dyno_remote_tables_import (DynoCtl     *ctl,
                           const char  *file,
                           const char  *vehicle,
                           const char  *kind,
                           const char  *cylinder,
                           GError     **error)
{
  g_autoptr(GString) path = g_string_new ("/tables");
  g_autoptr(GBytes) bytes = read_file (file, error);
  g_autofree char *name = g_path_get_basename (file);
  g_autoptr(DynoJson) made = NULL;

  if (bytes == NULL || !add_vehicle (ctl, path, vehicle, TRUE, error))
    return NULL;
  dyno_remote_add (path, "name", name);
  dyno_remote_add (path, "kind", kind);
  dyno_remote_add (path, "cylinder", cylinder);
  made = dyno_remote_ask (ctl, &(DynoRemoteRequest){ .method = "POST", .path = path->str,
                                                     .content_type = media_of (file),
                                                     .body = bytes }, error);

  return made != NULL ? dyno_remote_elements (made, "tables") : NULL;
}

DynoJson *
dyno_remote_tables_get (DynoCtl     *ctl,
                        const char  *table,
                        int          version,
                        GError     **error)
{
  g_autofree char *rest = version > 0 ? g_strdup_printf ("/versions/%d", version) : NULL;
  g_autofree char *path = dyno_remote_path ("/tables", table, rest);

  return dyno_remote_get (ctl, path, error);
}

GPtrArray *
dyno_remote_tables_history (DynoCtl     *ctl,
                            const char  *table,
                            GError     **error)
{
  g_autofree char *path = dyno_remote_path ("/tables", table, "/history");

  return dyno_remote_list (ctl, path, MOST, error);
}

/* The version before `to`; 0 with an error. */
static int
find_earlier (DynoCtl     *ctl,
              const char  *table,
              int          to,
              GError     **error)
{
  g_autoptr(DynoJson) found = NULL;

  if (to > 0)
    return MAX (to - 1, 1);
  found = dyno_remote_tables_get (ctl, table, 0, error);

  return found != NULL ? MAX ((int) dyno_json_get_integer (found, "version", 1) - 1, 1) : 0;
}

DynoJson *
dyno_remote_tables_diff (DynoCtl     *ctl,
                         const char  *table,
                         int          from,
                         int          to,
                         GError     **error)
{
  int earlier = from > 0 ? from : find_earlier (ctl, table, to, error);
  g_autofree char *rest = g_strdup_printf ("/diff?from=%d&to=%d", earlier, to);
  g_autofree char *path = dyno_remote_path ("/tables", table, rest);

  return earlier > 0 ? dyno_remote_get (ctl, path, error) : NULL;
}

GBytes *
dyno_remote_tables_export (DynoCtl     *ctl,
                           const char  *table,
                           const char  *format,
                           int          version,
                           GError     **error)
{
  g_autofree char *rest = g_strdup_printf ("/export?format=%s&version=%d",
                                           format != NULL ? format : "pvv", version);
  g_autofree char *path = dyno_remote_path ("/tables", table, rest);

  return dyno_remote_send (ctl, &(DynoRemoteRequest){ .method = "GET", .path = path }, error);
}
