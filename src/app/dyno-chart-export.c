/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* What is in view as a picture of dyno-picture: the same curves, folded anew for
 * the width of the picture. */

#include "config.h"

#include "dyno-chart-private.h"
#include "dyno-error.h"

#include <math.h>

/* More than a page of 297 mm can show at 300 dots an inch. */
#define N_COLUMNS 3600

static double
to_shown (DynoRuler *ruler,
          double     value)
{
  return dyno_unit_from_si (dyno_ruler_get_unit (ruler), value);
}

/* The points of one edge, as values in the units shown. */
static gsize
take_points (DynoChart      *self,
             DynoRuler      *y_ruler,
             DynoSeries     *series,
             gboolean        is_upper,
             double        **x,
             double        **y)
{
  g_autoptr(DynoFold) fold = dyno_fold_new ();
  double min;
  double max;
  double dx;
  double shift;
  gint64 first;
  const DynoPlotPoint *points;
  gsize n;

  dyno_ruler_get_range (self->x, &min, &max);
  shift = dyno_ruler_get_relative (self->x) ? max : 0;
  dx = (max - min) / N_COLUMNS;
  first = (gint64) floor (min / dx);
  dyno_fold_update (fold, series, is_upper, first, N_COLUMNS + 1, dx);
  points = dyno_fold_points (fold, 0, G_MAXUINT, FALSE, &n);
  *x = g_new (double, MAX (n, 1));
  *y = g_new (double, MAX (n, 1));
  for (gsize i = 0; i < n; i++)
    {
      (*x)[i] = to_shown (self->x, ((double) first + points[i].x) * dx - shift);
      (*y)[i] = to_shown (y_ruler, points[i].y);
    }

  return n;
}

static void
add_layer (DynoPicture          *picture,
           guint                 index,
           DynoChart            *self,
           DynoChartPane        *pane,
           const DynoChartLayer *layer)
{
  DynoSeries *series = layer->series;
  double *x;
  double *y;
  double *y_high = NULL;
  gsize n = take_points (self, pane->y[layer->side], series, FALSE, &x, &y);

  if (layer->kind == DYNO_LAYER_BAND)
    {
      g_autofree double *same_x = NULL;

      n = MIN (n, take_points (self, pane->y[layer->side], series, TRUE, &same_x, &y_high));
    }
  dyno_picture_take_curve (picture, index, layer->side, layer->kind,
                           dyno_series_get_dash (series), dyno_series_get_trace (series),
                           layer->kind == DYNO_LAYER_RAW || layer->kind == DYNO_LAYER_BAND
                               ? NULL
                               : dyno_series_get_name (series),
                           n, x, y, y_high);
}

static void
add_pane (DynoPicture   *picture,
          DynoChart     *self,
          DynoChartPane *pane)
{
  guint index = dyno_picture_add_pane (picture, pane->title, pane->weight);

  for (int side = 0; side < DYNO_N_SIDES; side++)
    {
      g_autofree char *label = dyno_ruler_label (pane->y[side]);
      double min;
      double max;

      if (!pane->has_side[side])
        continue;
      dyno_ruler_get_range (pane->y[side], &min, &max);
      dyno_picture_set_y (picture, index, side, label, to_shown (pane->y[side], min),
                          to_shown (pane->y[side], max));
    }
  for (guint i = 0; i < pane->layers->len; i++)
    {
      const DynoChartLayer *layer = g_ptr_array_index (pane->layers, i);

      if (dyno_series_get_visible (layer->series))
        add_layer (picture, index, self, pane, layer);
    }
}

DynoPicture *
dyno_chart_make_picture (DynoChart *self,
                         DynoLook   look)
{
  g_autofree char *text = NULL;
  g_autofree char *label = NULL;
  DynoPicture *picture;
  double min;
  double max;
  double shift;

  g_return_val_if_fail (DYNO_IS_CHART (self), NULL);

  text = dyno_chart_describe (self);
  label = dyno_ruler_label (self->x);
  dyno_ruler_get_range (self->x, &min, &max);
  shift = dyno_ruler_get_relative (self->x) ? max : 0;
  picture = dyno_picture_new (look, self->title);
  dyno_picture_set_text (picture, text);
  dyno_picture_set_caption (picture, self->caption);
  dyno_picture_set_x (picture, label, dyno_ruler_get_quantity (self->x) == DYNO_QUANTITY_TIME,
                      to_shown (self->x, min - shift), to_shown (self->x, max - shift));
  for (guint i = 0; i < self->panes->len; i++)
    add_pane (picture, self, g_ptr_array_index (self->panes, i));

  return picture;
}

/* A picture leaves the shop on paper: it has the light look. */
gboolean
dyno_chart_export (DynoChart        *self,
                   DynoPictureKind   kind,
                   GFile            *file,
                   GError          **error)
{
  g_autoptr(DynoPicture) picture = dyno_chart_make_picture (self, DYNO_LOOK_LIGHT);
  g_autoptr(GBytes) bytes = dyno_picture_write (picture, kind, error);
  g_autoptr(GError) cause = NULL;

  if (bytes == NULL)
    return FALSE;

  if (g_file_replace_contents (file, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), NULL,
                               FALSE, G_FILE_CREATE_NONE, NULL, NULL, &cause))
    return TRUE;

  dyno_error_set (error, DYNO_ERROR_UNAVAILABLE, "picture_not_written",
                  "The picture could not be written: %s. Choose another folder.", cause->message);

  return FALSE;
}
