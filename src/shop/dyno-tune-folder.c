/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-tune-private.h"

#include <math.h>
#include <string.h>

#include "dyno-clamp.h"
#include "dyno-crypt.h"
#include "dyno-error.h"
#include "dyno-grid-json.h"

#define HALF_DIGIT 0.005 /* percent, of the tables of corrections */

/* The folder that `analyze --out` wrote: its manifest says what each file must be. */

static char *
find_sum (const DynoJson *manifest,
          const char     *name)
{
  const DynoJson *outputs = dyno_json_member (manifest, "outputs");

  for (guint i = 0; i < dyno_json_n_elements (outputs); i++)
    {
      const DynoJson *output = dyno_json_element (outputs, i);

      if (g_strcmp0 (dyno_json_get_string (output, "name"), name) == 0)
        return g_strdup (dyno_json_get_string (output, "sha256"));
    }

  return NULL;
}

/* A file of the manifest, as it was when that was written; NULL without an error where
 * the manifest does not name it. (transfer full) */
static GBytes *
read_listed (const DynoErrand *errand,
             const char       *folder,
             const DynoJson   *manifest,
             const char       *name,
             GError          **error)
{
  g_autofree char *wanted = find_sum (manifest, name);
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autofree char *sum = NULL;
  g_autoptr(GBytes) bytes = NULL;

  if (wanted == NULL)
    return NULL;
  bytes = dyno_tune_read_bytes (path, errand->cancellable, error);
  if (bytes == NULL)
    return NULL;
  sum = dyno_crypt_sha256_hex (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  if (g_str_equal (sum, wanted))
    return g_steal_pointer (&bytes);

  dyno_error_set (error, DYNO_ERROR_CONFLICT, "changed_since",
                  "%s was changed since the analysis wrote it: its SHA-256 is not that of the "
                  "manifest. Analyse again.",
                  path);

  return NULL;
}

/* One of the tables of numbers of a folder; NULL without an error where there is none. */
static DynoTable *
read_grid (const DynoErrand *errand,
           const char       *folder,
           const DynoJson   *manifest,
           const char       *stem,
           DynoTableSide     side,
           GError          **error)
{
  const char *which = side == DYNO_TABLE_BOTH ? "combined" : dyno_table_side_name (side);
  g_autofree char *name = g_strdup_printf ("%s_%s.csv", stem, which);
  g_autoptr(GBytes) bytes = read_listed (errand, folder, manifest, name, error);
  DynoAnalysisError *cause = NULL;
  DynoTable *table;

  if (bytes == NULL)
    return NULL;
  table = dyno_table_parse (bytes, &cause);
  if (table == NULL)
    dyno_tune_set_error (error, cause, NULL);

  return table;
}

static DynoConfidence
find_confidence (const char *word,
                 gsize       length)
{
  for (guint i = 0; i < DYNO_N_CONFIDENCES; i++)
    {
      const char *name = dyno_confidence_name ((DynoConfidence) i);

      if (strlen (name) == length && strncmp (name, word, length) == 0)
        return (DynoConfidence) i;
    }

  return DYNO_CONFIDENCE_SKIP;
}

/* confidence_….csv holds words: after the head, row by row, cell by cell. */
static void
take_confidences (DynoCorrections *corrections,
                  DynoTableSide    side,
                  GBytes          *bytes)
{
  g_autofree char *text = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  g_auto(GStrv) lines = g_strsplit (text, "\n", -1);
  DynoVeCell *cells = dyno_corrections_side (corrections, side);
  guint n_columns = corrections->shape.load.n;

  for (guint r = 0; r < corrections->shape.rpm.n && r + 1 < g_strv_length (lines); r++)
    {
      g_auto(GStrv) words = g_strsplit (g_strchomp (lines[r + 1]), ",", -1);

      for (guint c = 0; c < n_columns && c + 1 < g_strv_length (words); c++)
        cells[r * n_columns + c].confidence = find_confidence (words[c + 1], strlen (words[c + 1]));
    }
}

typedef struct
{
  const DynoErrand *errand;
  const char       *folder;
  const DynoJson   *manifest;
  DynoVeOptions    *options; /* (owned) */
} Folder;

static double
value_at (const DynoTable *table,
          guint            i)
{
  return table != NULL && i < dyno_table_n_cells (table) ? table->cells[i].value : NAN;
}

/* The folder tells what came out of the limit, not what went in: a number at its limit
 * was held back by it. */
static gboolean
is_at_limit (const DynoVeCell *cell)
{
  return !isnan (cell->limited) && fabs (cell->limited) >= cell->limit - HALF_DIGIT;
}

static void
fill_cell (DynoVeCell          *cell,
           const DynoTable     *raw,
           const DynoTable     *limited,
           const DynoTable     *hits,
           guint                i,
           const DynoVeOptions *options)
{
  double n = value_at (hits, i);

  cell->raw = value_at (raw, i);
  cell->limited = value_at (limited, i);
  cell->hits = isnan (n) ? 0 : (guint32) CLAMP (n, 0, G_MAXINT32);
  cell->limit = dyno_clamp_limit_pct (options, cell->confidence);
  cell->reason = is_at_limit (cell)       ? DYNO_CELL_CLAMPED
                 : !isnan (cell->limited) ? DYNO_CELL_OK
                 : !isnan (cell->raw)   ? DYNO_CELL_SKIP
                 : cell->hits > 0       ? DYNO_CELL_FEW_HITS : DYNO_CELL_NO_DATA;
}

static gboolean
read_side (const Folder    *self,
           DynoCorrections *corrections,
           DynoTableSide    side,
           GError         **error)
{
  g_autofree char *name = g_strdup_printf ("confidence_%s.csv", dyno_table_side_name (side));
  g_autoptr(GError) failure = NULL;
  g_autoptr(DynoTable) limited
    = read_grid (self->errand, self->folder, self->manifest, "ve_delta", side, &failure);
  g_autoptr(DynoTable) raw = NULL;
  g_autoptr(DynoTable) hits = NULL;
  g_autoptr(GBytes) words = NULL;
  DynoVeCell *cells;

  if (failure == NULL && limited != NULL)
    raw = read_grid (self->errand, self->folder, self->manifest, "ve_raw", side, &failure);
  if (failure == NULL && limited != NULL)
    hits = read_grid (self->errand, self->folder, self->manifest, "hits", side, &failure);
  if (failure == NULL && limited != NULL)
    words = read_listed (self->errand, self->folder, self->manifest, name, &failure);
  if (failure != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }
  if (limited == NULL)
    return TRUE;
  cells = dyno_corrections_side (corrections, side);
  if (words != NULL)
    take_confidences (corrections, side, words);
  for (guint i = 0; i < dyno_grid_shape_cells (&corrections->shape); i++)
    fill_cell (&cells[i], raw, limited, hits, i, self->options);

  return TRUE;
}

static void
take_manifest (DynoCorrections *corrections,
               const DynoJson  *manifest)
{
  const DynoJson *base = dyno_json_member (manifest, "base_table");
  const DynoJson *sums = dyno_json_member (base, "tables");
  const DynoJson *gates = dyno_json_member (manifest, "gates_unavailable");

  corrections->math_version = g_strdup (dyno_json_get_string (manifest, "math_version"));
  corrections->fingerprint = g_strdup (dyno_json_get_string (manifest, "fingerprint"));
  corrections->base_sha256 = g_strdup (dyno_json_get_string (base, "sha256"));
  for (guint i = 0; i < dyno_json_n_elements (sums); i++)
    {
      const char *sum = dyno_json_string (dyno_json_element (sums, i));

      if (sum != NULL)
        g_ptr_array_add (corrections->base_sums, g_strdup (sum));
    }
  for (guint i = 0; i < dyno_json_n_elements (gates); i++)
    {
      const char *gate = dyno_json_string (dyno_json_element (gates, i));

      if (gate != NULL)
        g_ptr_array_add (corrections->gates_unavailable, g_strdup (gate));
    }
}

static DynoJson *
read_manifest (const DynoErrand *errand,
               const char       *folder,
               GError          **error)
{
  g_autofree char *path = g_build_filename (folder, "manifest.json", NULL);
  g_autoptr(GBytes) bytes = dyno_tune_read_bytes (path, errand->cancellable, error);
  DynoJson *manifest;

  if (bytes == NULL)
    return NULL;
  manifest = dyno_json_parse_limited (g_bytes_get_data (bytes, NULL),
                                      (gssize) g_bytes_get_size (bytes), &dyno_json_limits_own,
                                      NULL);
  if (g_strcmp0 (dyno_json_get_string (manifest, "schema"), "org.dynoai.analysis/1") == 0)
    return manifest;
  g_clear_pointer (&manifest, dyno_json_free);
  dyno_error_set (error, DYNO_ERROR_INVALID, "BAD_TABLE", "%s is no manifest of an analysis.",
                  path);

  return NULL;
}

static gboolean
is_applicable (const DynoJson *manifest,
               const char     *path,
               GError        **error)
{
  const char *version = dyno_json_get_string (manifest, "math_version");

  if (dyno_json_get_boolean (manifest, "applicable", FALSE))
    return TRUE;

  dyno_error_set (error, DYNO_ERROR_CONFLICT, "legacy-math",
                  "What is in %s is not for use: it was made with %s. Analyse the runs again.",
                  path, version != NULL ? version : "other mathematics");

  return FALSE;
}

DynoCorrections *
dyno_tune_folder_load (const DynoErrand *errand,
                       const char       *path,
                       GError          **error)
{
  g_autoptr(DynoJson) manifest = read_manifest (errand, path, error);
  g_autoptr(DynoVeOptions) options = dyno_ve_options_new ();
  Folder folder = { errand, path, manifest, options };
  g_autoptr(DynoCorrections) corrections = NULL;
  DynoGridShape shape;

  if (manifest == NULL)
    return NULL;
  if (!is_applicable (manifest, path, error))
    return NULL;
  if (!dyno_grid_shape_read (dyno_json_member (manifest, "grid"), &shape))
    {
      dyno_error_set (error, DYNO_ERROR_INVALID, "BAD_TABLE", "The manifest in %s has no grid.",
                      path);
      return NULL;
    }
  dyno_ve_options_set_all (options, dyno_json_member (manifest, "options"), NULL);
  corrections = dyno_corrections_new (&shape);
  take_manifest (corrections, manifest);
  if (!read_side (&folder, corrections, DYNO_TABLE_FRONT, error)
      || !read_side (&folder, corrections, DYNO_TABLE_REAR, error))
    return NULL;
  dyno_corrections_combine (corrections);

  return g_steal_pointer (&corrections);
}

gboolean
dyno_tune_folder_allows (const DynoErrand *errand,
                         const char       *path,
                         GError          **error)
{
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *name = g_path_get_basename (path);
  g_autoptr(DynoJson) manifest = read_manifest (errand, folder, NULL);
  g_autofree char *sum = find_sum (manifest, name);

  return sum == NULL || is_applicable (manifest, folder, error);
}
