/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-folder-private.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

#include "dyno-analyse-private.h"
#include "dyno-crypt.h"
#include "dyno-error.h"

/* The results of a file of the batch stand in a folder of its name: those of any
 * analysis and batch.json, which says for what they are and what the summary says of
 * them; of a file that failed its manifest alone. They are written aside and moved there when they are whole. */

#define NOTE "batch.json"
#define MANIFEST "manifest.json"
#define SCHEMA "org.dynoai.batch/1"

static void
add_strings (DynoJsonWriter *w,
             const char     *name,
             char          **texts)
{
  dyno_json_writer_name (w, name);
  dyno_json_writer_begin_array (w);
  for (; texts != NULL && *texts != NULL; texts++)
    dyno_json_writer_string (w, *texts);
  dyno_json_writer_end_array (w);
}

/* How the log is read. */
static void
add_reading (DynoJsonWriter          *w,
             const DynoImportRequest *reading)
{
  dyno_json_writer_name (w, "reading");
  dyno_json_writer_begin_object (w);
  add_strings (w, "map", reading->map);
  add_strings (w, "unit", reading->unit);
  dyno_json_writer_add_number (w, "rate_hz", reading->rate_hz);
  dyno_json_writer_add_boolean (w, "row_index", reading->row_index);
  dyno_json_writer_add_string (w, "dialect", reading->dialect);
  dyno_json_writer_add_string (w, "header", reading->header);
  dyno_json_writer_add_string (w, "delimiter", reading->delimiter);
  dyno_json_writer_add_string (w, "decimal", reading->decimal);
  dyno_json_writer_add_boolean (w, "force", reading->force);
  dyno_json_writer_end_object (w);
}

char *
dyno_folder_key (const DynoImportRequest  *reading,
                 const DynoAnalyseRequest *request,
                 const char               *input_sha256)
{
  g_autofree char *options = dyno_ve_options_canonical (request->options);
  DynoJsonWriter *w = dyno_json_writer_new (FALSE);

  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "program", "DynoAI " DYNO_VERSION);
  dyno_json_writer_add_string (w, "input_sha256", input_sha256);
  add_reading (w, reading);
  dyno_json_writer_name (w, "options");
  dyno_json_writer_raw (w, options);
  dyno_json_writer_add_string (w, "base_sha256", request->base_sha256);
  dyno_json_writer_end_object (w);

  return dyno_json_writer_finish (w);
}

/* A file and its sum; NULL where it cannot be read. */
static char *
read_summed (const char  *folder,
             const char  *name,
             char       **text)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autofree char *bytes = NULL;
  gsize size;
  char *sum;

  if (!g_file_get_contents (path, &bytes, &size, NULL))
    return NULL;
  sum = dyno_crypt_sha256_hex (bytes, size);
  if (text != NULL)
    *text = g_steal_pointer (&bytes);

  return sum;
}

static gboolean
has_sum (const char *folder,
         const char *name,
         const char *sha256)
{
  g_autofree char *sum = NULL;

  if (name == NULL || strchr (name, G_DIR_SEPARATOR) != NULL)
    return FALSE;
  sum = read_summed (folder, name, NULL);

  return g_strcmp0 (sum, sha256) == 0;
}

/* All that the manifest names is there, as it says. */
static gboolean
is_whole (const char *folder,
          const char *manifest_sha256)
{
  g_autofree char *text = NULL;
  g_autofree char *sum = read_summed (folder, MANIFEST, &text);
  g_autoptr(DynoJson) manifest = NULL;
  const DynoJson *outputs;

  if (sum == NULL || g_strcmp0 (sum, manifest_sha256) != 0)
    return FALSE;
  manifest = dyno_json_parse_limited (text, -1, &dyno_json_limits_own, NULL);
  outputs = dyno_json_member (manifest, "outputs");
  for (guint i = 0; outputs != NULL && i < dyno_json_n_elements (outputs); i++)
    {
      const DynoJson *output = dyno_json_element (outputs, i);

      if (!has_sum (folder, dyno_json_get_string (output, "name"),
                    dyno_json_get_string (output, "sha256")))
        return FALSE;
    }

  return outputs != NULL;
}

DynoFolderFigures *
dyno_folder_find_kept (const char *out,
                       const char *name,
                       const char *key)
{
  g_autofree char *folder = g_build_filename (out, name, NULL);
  g_autofree char *path = g_build_filename (folder, NOTE, NULL);
  g_autofree char *text = NULL;
  g_autoptr(DynoJson) note = NULL;

  if (g_file_get_contents (path, &text, NULL, NULL))
    note = dyno_json_parse_limited (text, -1, &dyno_json_limits_own, NULL);
  if (note == NULL || g_strcmp0 (dyno_json_get_string (note, "key"), key) != 0
      || !is_whole (folder, dyno_json_get_string (note, "manifest_sha256")))
    return NULL;

  return dyno_folder_figures_read (dyno_json_member (note, "figures"));
}

static char *
make_note (GPtrArray               *written,
           const DynoFolderFigures *figures,
           const char              *key)
{
  const DynoArtefact *manifest = g_ptr_array_index (written, written->len - 1);
  DynoJsonWriter *w = dyno_json_writer_new (TRUE);

  dyno_json_writer_begin_object (w);
  dyno_json_writer_name (w, "figures");
  dyno_json_writer_begin_object (w);
  dyno_folder_figures_write (w, figures);
  dyno_json_writer_end_object (w);
  dyno_json_writer_add_string (w, "key", key);
  dyno_json_writer_add_string (w, "manifest_sha256", manifest->sha256);
  dyno_json_writer_add_string (w, "schema", SCHEMA);
  dyno_json_writer_end_object (w);

  return dyno_json_writer_finish (w);
}

/* Such a folder holds files only. */
static void
remove_folder (const char *path)
{
  g_autoptr(GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *file = g_build_filename (path, name, NULL);

      g_unlink (file);
    }
  g_rmdir (path);
}

/* What was there gives way; only a crash between the two renames leaves neither. */
static gboolean
move (const char *aside,
      const char *place,
      const char *old,
      GError    **error)
{
  remove_folder (old);
  if ((g_rename (place, old) == 0 || errno == ENOENT) && g_rename (aside, place) == 0)
    {
      remove_folder (old);
      return TRUE;
    }
  dyno_error_set (error, DYNO_ERROR_UNAVAILABLE, "io", "%s cannot be put in its place: %s", place,
                  g_strerror (errno));

  return FALSE;
}

/* What `write` puts into a folder aside comes to the place of `name`. */
typedef gboolean (*PutFiles) (const DynoErrand *errand,
                              const char       *aside,
                              gconstpointer     data,
                              GError          **error);

static gboolean
place_files (const DynoErrand *errand,
             const char       *out,
             const char       *name,
             PutFiles          put,
             gconstpointer     data,
             GError          **error)
{
  g_autofree char *place = g_build_filename (out, name, NULL);
  g_autofree char *aside = g_strdup_printf ("%s" G_DIR_SEPARATOR_S ".%s.part", out, name);
  g_autofree char *old = g_strdup_printf ("%s" G_DIR_SEPARATOR_S ".%s.old", out, name);
  gboolean is_done;

  remove_folder (aside);
  is_done = put (errand, aside, data, error) && move (aside, place, old, error);
  if (!is_done)
    remove_folder (aside);

  return is_done;
}

typedef struct
{
  const DynoAnalyse       *analyse; /* (borrowed) */
  const DynoFolderFigures *figures; /* (borrowed) */
  const char              *key;     /* (borrowed) */
} Result;

static gboolean
put_result (const DynoErrand *errand,
            const char       *aside,
            gconstpointer     data,
            GError          **error)
{
  const Result *result = data;
  g_autoptr(GPtrArray) written = dyno_analyse_write (errand, result->analyse, aside, error);
  g_autofree char *note = NULL;

  if (written == NULL)
    return FALSE;
  note = make_note (written, result->figures, result->key);

  return dyno_analyse_files_put (aside, NOTE, note, strlen (note), error);
}

gboolean
dyno_folder_place (const DynoErrand        *errand,
                   DynoAnalyse             *analyse,
                   const DynoFolderFigures *figures,
                   const char              *out,
                   const char              *name,
                   const char              *key,
                   GError                 **error)
{
  Result result = { analyse, figures, key };

  return place_files (errand, out, name, put_result, &result, error);
}

static gboolean
put_failure (const DynoErrand *errand,
             const char       *aside,
             gconstpointer     data,
             GError          **error)
{
  g_autoptr(GPtrArray) files
    = g_ptr_array_new_with_free_func ((GDestroyNotify) dyno_artefact_free);

  g_ptr_array_add (files, dyno_artefact_make_failure (data));

  return dyno_analyse_files_write (errand, files, aside, error);
}

/* Without a note it is nothing that find_kept () would keep. */
gboolean
dyno_folder_place_failure (const DynoErrand *errand,
                           const GError     *failure,
                           const char       *out,
                           const char       *name,
                           GError          **error)
{
  return place_files (errand, out, name, put_failure, failure, error);
}
