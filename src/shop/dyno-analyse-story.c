/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-analyse-story.h"

#include <math.h>
#include <string.h>

#include "dyno-analyse-private.h"
#include "dyno-error.h"
#include "dyno-shape.h"
#include "dyno-shop-private.h"

typedef struct
{
  char  *analysis_id; /* (owned) */
  guint  cylinder;
  double rpm;
  double map_kpa;
} Cell;

static void
cell_free (gpointer data)
{
  Cell *cell = data;

  g_free (cell->analysis_id);
  g_free (cell);
}

/* What it was made of */

static DynoAnalysisRecord *
load_record (const DynoErrand *errand,
             const char       *id,
             GError          **error)
{
  DynoStore *store = errand->shop->store;

  dyno_store_get_analysis_async (store, id, errand->cancellable, dyno_await_cb, errand->await);

  return dyno_store_get_analysis_finish (store, dyno_await_wait (errand->await), error);
}

/* (element-type DynoSamples) (transfer full) */
static GPtrArray *
load_samples (const DynoErrand         *errand,
              const DynoAnalysisRecord *record,
              GError                  **error)
{
  g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func ((GDestroyNotify) dyno_samples_unref);

  for (char **id = record->run_ids; *id != NULL; id++)
    {
      DynoStore *store = errand->shop->store;
      DynoSamples *samples;

      dyno_store_load_samples_async (store, *id, NULL, errand->cancellable, dyno_await_cb,
                                     errand->await);
      samples = dyno_store_load_samples_finish (store, dyno_await_wait (errand->await), error);
      if (samples == NULL)
        return NULL;
      g_ptr_array_add (all, samples);
    }

  return g_steal_pointer (&all);
}

static gboolean
read_axis (const DynoJson *list,
           DynoAxis       *axis)
{
  double values[DYNO_AXIS_MAX];
  guint n = dyno_json_n_elements (list);

  if (n > DYNO_AXIS_MAX)
    return FALSE;
  for (guint i = 0; i < n; i++)
    values[i] = dyno_json_number (dyno_json_element (list, i), NAN);

  return dyno_axis_init (axis, values, n, NULL);
}

/* The axes that it came out on: those of a base table stand nowhere else. */
static gboolean
read_grid (const DynoAnalysisRecord *record,
           DynoGridShape            *shape)
{
  g_autoptr(DynoJson) json
    = dyno_json_parse_limited (record->result, -1, &dyno_json_limits_own, NULL);
  const DynoJson *grid = dyno_json_member (json, "grid");

  return read_axis (dyno_json_member (grid, "rpm"), &shape->rpm)
         && read_axis (dyno_json_member (grid, "map_kpa"), &shape->load);
}

/* (transfer full) (nullable) */
static DynoVeOptions *
read_options (const DynoAnalysisRecord *record)
{
  g_autoptr(DynoVeOptions) options = dyno_ve_options_new ();
  g_autoptr(DynoJson) json = dyno_json_parse (record->options, -1, NULL);
  g_autoptr(DynoAnalysisError) cause = NULL;

  return json != NULL && dyno_ve_options_set_all (options, json, &cause)
           ? g_steal_pointer (&options) : NULL;
}

/* Once more */

static DynoVeResult *
compute (const DynoErrand    *errand,
         GPtrArray           *samples,
         const DynoVeOptions *options,
         const DynoGridShape *shape,
         GError             **error)
{
  gint is_cancelled = FALSE;
  DynoProgress progress = { NULL, NULL, &is_cancelled };
  DynoAnalysisError *cause = NULL;
  DynoVeResult *result;
  gulong handler = g_cancellable_connect (errand->cancellable,
                                          G_CALLBACK (dyno_analyse_cancelled_cb), &is_cancelled,
                                          NULL);

  result = dyno_analysis_run ((DynoSamples *const *) samples->pdata, samples->len, options, shape,
                              &progress, &cause);
  g_cancellable_disconnect (errand->cancellable, handler);
  if (result == NULL)
    dyno_analyse_set_error (error, cause);

  return result;
}

static GBytes *
tell (DynoVeResult *result,
      const Cell   *cell,
      GError      **error)
{
  DynoAnalyse analyse = { .result = result };
  DynoVeStory *story
    = dyno_analyse_explain (&analyse, cell->cylinder, cell->rpm, cell->map_kpa, error);
  DynoJsonWriter *w;
  char *text;

  if (story == NULL)
    return NULL;
  w = dyno_json_writer_new (FALSE);
  dyno_shape_story (w, result, story);
  dyno_ve_story_free (story);
  text = dyno_json_writer_finish (w);

  return g_bytes_new_take (text, strlen (text));
}

static gpointer
explain (const DynoErrand *errand,
         gpointer          data,
         GError          **error)
{
  const Cell *cell = data;
  g_autoptr(DynoAnalysisRecord) record = load_record (errand, cell->analysis_id, error);
  g_autoptr(DynoVeOptions) options = record != NULL ? read_options (record) : NULL;
  g_autoptr(GPtrArray) samples = NULL;
  DynoVeResult *result;
  DynoGridShape shape;
  GBytes *told;

  if (record == NULL)
    return NULL;
  if (options == NULL || !read_grid (record, &shape))
    {
      dyno_error_set (error, DYNO_ERROR_CORRUPT, NULL, "The analysis %s cannot be read.",
                      record->id);
      return NULL;
    }
  samples = load_samples (errand, record, error);
  result = samples != NULL ? compute (errand, samples, options, &shape, error) : NULL;
  if (result == NULL)
    return NULL;
  told = tell (result, cell, error);
  dyno_ve_result_free (result);

  return told;
}

static const DynoOperation operation = { "analyse-story", explain, (GDestroyNotify) g_bytes_unref,
                                         TRUE };

void
dyno_analyse_story_async (DynoShop            *shop,
                          const char          *analysis_id,
                          guint                cylinder,
                          double               rpm,
                          double               map_kpa,
                          GCancellable        *cancellable,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  Cell *cell = g_new0 (Cell, 1);

  cell->analysis_id = g_strdup (analysis_id);
  cell->cylinder = cylinder;
  cell->rpm = rpm;
  cell->map_kpa = map_kpa;
  dyno_operation_start (shop, &operation, cell, cell_free, cancellable, callback, user_data);
}

GBytes *
dyno_analyse_story_finish (GAsyncResult *result,
                           GError      **error)
{
  return dyno_operation_finish (result, &operation, error);
}
