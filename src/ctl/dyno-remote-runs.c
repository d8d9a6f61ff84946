/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-remote-runs.h"

#include "dyno-clock.h"
#include "dyno-crypt.h"
#include "dyno-error.h"

#define MOST_RUNS 1000000
#define MOST_VEHICLES 100000

/* The id of the run with that number; the route takes ids alone. */
static char *
find_id (DynoCtl     *ctl,
         const char  *run,
         GError     **error)
{
  g_autoptr(GPtrArray) runs = NULL;
  guint64 number;

  if (!g_ascii_string_to_unsigned (run, 10, 1, G_MAXINT64, &number, NULL))
    return g_strdup (run);
  runs = dyno_remote_list (ctl, "/runs", MOST_RUNS, error);
  for (guint i = 0; runs != NULL && i < runs->len; i++)
    {
      if (dyno_json_get_integer (runs->pdata[i], "number", 0) == (gint64) number)
        return g_strdup (dyno_json_get_string (runs->pdata[i], "id"));
    }
  if (runs != NULL)
    dyno_error_set (error, DYNO_ERROR_NOT_FOUND, NULL, "There is no run %s.", run);

  return NULL;
}

DynoJson *
dyno_remote_runs_get (DynoCtl     *ctl,
                      const char  *run,
                      GError     **error)
{
  g_autofree char *id = find_id (ctl, run, error);
  g_autofree char *path = id != NULL ? dyno_remote_path ("/runs", id, NULL) : NULL;

  return path != NULL ? dyno_remote_get (ctl, path, error) : NULL;
}

GPtrArray *
dyno_remote_runs_list (DynoCtl     *ctl,
                       const char  *words,
                       const char  *vehicle_id,
                       gint64       from_ms,
                       guint        limit,
                       GError     **error)
{
  g_autoptr(GString) path = g_string_new ("/runs");
  g_autofree char *from = from_ms != 0 ? dyno_clock_format_utc (from_ms * 1000) : NULL;

  dyno_remote_add (path, "q", words);
  dyno_remote_add (path, "vehicle_id", vehicle_id);
  dyno_remote_add (path, "from", from);

  return dyno_remote_list (ctl, path->str, limit, error);
}

/* What If-Match is made of. */
static DynoJson *
document_of_version (const DynoRun *run)
{
  g_autofree char *text = g_strdup_printf ("{\"id\":\"%s\",\"version\":%" G_GINT64_FORMAT "}",
                                           run->id, run->revision);

  return dyno_json_parse (text, -1, NULL);
}

DynoJson *
dyno_remote_runs_edit (DynoCtl        *ctl,
                       const DynoRun  *edit,
                       DynoRunFields   fields,
                       GError        **error)
{
  g_autofree char *path = dyno_remote_path ("/runs", edit->id, NULL);
  g_autoptr(DynoJson) seen = document_of_version (edit);
  DynoJsonWriter *w = dyno_json_writer_new (FALSE);

  dyno_json_writer_begin_object (w);
  if ((fields & DYNO_RUN_NOTES) != 0)
    dyno_json_writer_add_string (w, "notes", edit->notes);
  if ((fields & DYNO_RUN_TAGS) != 0)
    {
      dyno_json_writer_name (w, "tags");
      dyno_json_writer_begin_array (w);
      for (char **tag = edit->tags; tag != NULL && *tag != NULL; tag++)
        dyno_json_writer_string (w, *tag);
      dyno_json_writer_end_array (w);
    }
  dyno_json_writer_end_object (w);

  return dyno_remote_tell (ctl, "PATCH", path, seen, w, error);
}

gboolean
dyno_remote_runs_delete (DynoCtl            *ctl,
                         const char *const  *ids,
                         GError            **error)
{
  for (; *ids != NULL; ids++)
    {
      g_autofree char *path = dyno_remote_path ("/runs", *ids, NULL);
      g_autoptr(DynoJson) seen = dyno_remote_get (ctl, path, error);
      g_autoptr(DynoJson) gone
        = seen != NULL ? dyno_remote_tell (ctl, "DELETE", path, seen, NULL, error) : NULL;

      if (gone == NULL)
        return FALSE;
    }

  return TRUE;
}

gboolean
dyno_remote_runs_restore (DynoCtl            *ctl,
                          const char *const  *ids,
                          GError            **error)
{
  for (; *ids != NULL; ids++)
    {
      g_autofree char *path = dyno_remote_path ("/runs", *ids, "/restore");
      g_autoptr(DynoJson) back = dyno_remote_tell (ctl, "POST", path, NULL, NULL, error);

      if (back == NULL)
        return FALSE;
    }

  return TRUE;
}

/* Vehicles */

static char *
make_vehicle (DynoCtl     *ctl,
              const char  *label,
              GError     **error)
{
  DynoJsonWriter *w = dyno_json_writer_new (FALSE);
  g_autoptr(DynoJson) made = NULL;

  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "label", label);
  dyno_json_writer_end_object (w);
  made = dyno_remote_tell (ctl, "POST", "/vehicles", NULL, w, error);

  return g_strdup (dyno_json_get_string (made, "id"));
}

char *
dyno_remote_find_vehicle (DynoCtl     *ctl,
                          const char  *vehicle,
                          gboolean     may_make,
                          GError     **error)
{
  g_autoptr(GPtrArray) vehicles = dyno_remote_list (ctl, "/vehicles", MOST_VEHICLES, error);

  if (vehicles == NULL)
    return NULL;
  for (guint i = 0; i < vehicles->len; i++)
    {
      const char *id = dyno_json_get_string (vehicles->pdata[i], "id");

      if (g_strcmp0 (id, vehicle) == 0
          || g_strcmp0 (dyno_json_get_string (vehicles->pdata[i], "label"), vehicle) == 0)
        return g_strdup (id);
    }
  if (may_make && !dyno_crypt_is_id (vehicle, "veh"))
    return make_vehicle (ctl, vehicle, error);
  dyno_error_set (error, DYNO_ERROR_NOT_FOUND, NULL, "There is no vehicle “%s”.", vehicle);

  return NULL;
}
