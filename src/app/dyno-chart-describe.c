/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* A chart in words: for screen readers, for the clipboard and for the
 * description inside a picture. What is said is what is in view. */

#include "config.h"

#include "dyno-chart-private.h"

#include <glib/gi18n.h>
#include <math.h>

/* Stretches named one by one; further ones are counted. */
#define MAX_STRETCHES 3
/* A shorter stretch beside the target is noise, columns. */
#define LEAST_STRETCH 3

/* The first point of first…last with that very value. */
static gsize
find_value (DynoSeries *series,
            gsize       first,
            gsize       last,
            double      value)
{
  while (last - first > 1)
    {
      gsize middle = first + (last - first) / 2;
      double min;
      double max;

      dyno_series_range (series, first, middle, &min, &max);
      if (min == value || max == value)
        last = middle;
      else
        first = middle;
    }

  return first;
}

static void
say_extreme (GString    *text,
             DynoChart  *self,
             DynoRuler  *y,
             DynoSeries *series,
             gsize       at)
{
  g_autofree char *value = dyno_ruler_format (y, dyno_series_y (series, at), TRUE);
  g_autofree char *place = dyno_ruler_format (self->x, dyno_series_x (series, at), TRUE);

  /* Translators: a value and its place on the x axis, "86.4 kW at 5480 rpm". */
  g_string_append_printf (text, _ ("%s at %s"), value, place);
}

static guint
count_gaps (DynoFold *fold)
{
  guint n_columns;
  const DynoFoldColumn *columns = dyno_fold_columns (fold, &n_columns);
  gboolean has_begun = FALSE;
  gboolean is_in_gap = FALSE;
  guint n = 0;

  for (guint i = 0; i < n_columns; i++)
    {
      is_in_gap |= columns[i].is_broken;
      if (columns[i].n == 0)
        continue;
      n += is_in_gap && has_begun;
      is_in_gap = FALSE;
      has_begun = TRUE;
    }

  return n;
}

/* First and last number in view; FALSE without any. */
static gboolean
find_ends (DynoFold *fold,
           double   *first,
           double   *last)
{
  guint n;
  const DynoFoldColumn *columns = dyno_fold_columns (fold, &n);
  gboolean has_any = FALSE;

  for (guint i = 0; i < n; i++)
    {
      if (columns[i].n == 0)
        continue;
      if (!has_any)
        *first = columns[i].first_y;
      *last = columns[i].last_y;
      has_any = TRUE;
    }

  return has_any;
}

static void
say_ends (GString   *text,
          DynoRuler *y,
          DynoFold  *fold)
{
  double first;
  double last;
  g_autofree char *from = NULL;
  g_autofree char *to = NULL;

  if (!find_ends (fold, &first, &last))
    return;

  from = dyno_ruler_format (y, first, FALSE);
  to = dyno_ruler_format (y, last, FALSE);
  g_string_append_printf (text, _ (", begins %s, ends %s"), from, to);
}

/* Lean and rich. */

static double
edge_at (DynoSeries *band,
         gboolean    is_upper,
         double      x)
{
  DynoSeriesData data;
  gsize i = dyno_series_find (band, x);
  const double *edge;
  double part;

  dyno_series_get_data (band, &data);
  edge = is_upper ? data.y_high : data.y;
  if (i == data.n)
    return NAN;
  if (data.x[i] == x)
    return edge[i];
  if (dyno_series_is_gap (band, i))
    return NAN;

  part = (x - data.x[i - 1]) / (data.x[i] - data.x[i - 1]);

  return edge[i - 1] + part * (edge[i] - edge[i - 1]);
}

/* +1 above the band (lean), −1 below (rich), 0 within or without values. */
static int
side_of_band (const DynoFoldColumn *column,
              DynoSeries           *band)
{
  double middle = (column->min + column->max) / 2;

  if (column->n == 0)
    return 0;
  if (middle > edge_at (band, TRUE, column->first_x))
    return 1;

  return middle < edge_at (band, FALSE, column->first_x) ? -1 : 0;
}

static void
say_stretch (GString   *text,
             DynoChart *self,
             int        side,
             double     from,
             double     to)
{
  g_autofree char *begin = dyno_ruler_format (self->x, from, FALSE);
  g_autofree char *end = dyno_ruler_format (self->x, to, TRUE);

  if (side > 0)
    g_string_append_printf (text, _ (", lean from %s to %s"), begin, end);
  else
    g_string_append_printf (text, _ (", rich from %s to %s"), begin, end);
}

static void
say_stretches (GString              *text,
               DynoChart            *self,
               const DynoChartLayer *line,
               DynoSeries           *band)
{
  guint n;
  const DynoFoldColumn *columns = dyno_fold_columns (line->fold, &n);
  guint n_said = 0;
  guint n_more = 0;

  for (guint i = 0; i < n;)
    {
      int side = side_of_band (&columns[i], band);
      guint last = i;
      guint length = 0;
      guint end;

      for (end = i; end < n && (columns[end].n == 0 || side_of_band (&columns[end], band) == side);
           end++)
        {
          if (columns[end].n > 0)
            last = end;
          length += columns[end].n > 0;
        }
      if (side != 0 && length >= LEAST_STRETCH)
        {
          if (n_said++ < MAX_STRETCHES)
            say_stretch (text, self, side, columns[i].first_x, columns[last].last_x);
          else
            n_more++;
        }
      i = MAX (end, i + 1);
    }
  if (n_more > 0)
    g_string_append_printf (text, ngettext (", %u more stretch beside the target",
                                            ", %u more stretches beside the target", n_more),
                            n_more);
}

static DynoSeries *
band_of (DynoChartPane        *pane,
         const DynoChartLayer *line)
{
  for (guint i = 0; i < pane->layers->len; i++)
    {
      const DynoChartLayer *layer = g_ptr_array_index (pane->layers, i);

      if (layer->kind == DYNO_LAYER_BAND && layer->side == line->side)
        return layer->series;
    }

  return NULL;
}

static gboolean
is_mixture (DynoSeries *series)
{
  DynoQuantity quantity = dyno_series_get_quantity (series);

  return quantity == DYNO_QUANTITY_AFR || quantity == DYNO_QUANTITY_LAMBDA;
}

static void
describe_layer (GString              *text,
                DynoChart            *self,
                DynoChartPane        *pane,
                const DynoChartLayer *layer)
{
  DynoSeries *series = layer->series;
  DynoRuler *y = pane->y[layer->side];
  DynoSeries *band = band_of (pane, layer);
  double from;
  double to;
  double min;
  double max;
  gsize first;
  gsize last;
  guint n_gaps;

  g_string_append_printf (text, "\n%s %s: ", dyno_palette_letter (dyno_series_get_trace (series)),
                          dyno_series_get_name (series));
  dyno_ruler_get_range (self->x, &from, &to);
  first = dyno_series_find (series, from);
  last = dyno_series_find (series, to);
  dyno_series_range (series, first, last, &min, &max);
  if (min > max)
    {
      g_string_append (text, _ ("no values here."));
      return;
    }

  g_string_append (text, _ ("peak "));
  say_extreme (text, self, y, series, find_value (series, first, last, max));
  g_string_append (text, _ (", least "));
  say_extreme (text, self, y, series, find_value (series, first, last, min));
  say_ends (text, y, layer->fold);
  n_gaps = count_gaps (layer->fold);
  if (n_gaps > 0)
    g_string_append_printf (text, ngettext (", %u gap", ", %u gaps", n_gaps), n_gaps);
  if (band != NULL && is_mixture (series))
    say_stretches (text, self, layer, band);
  g_string_append (text, ".");
}

char *
dyno_chart_describe (DynoChart *self)
{
  g_autofree char *begin = NULL;
  g_autofree char *end = NULL;
  GString *text;
  double min;
  double max;

  g_return_val_if_fail (DYNO_IS_CHART (self), NULL);

  dyno_ruler_get_range (self->x, &min, &max);
  begin = dyno_ruler_format (self->x, min, FALSE);
  end = dyno_ruler_format (self->x, max, TRUE);
  text = g_string_new (NULL);
  /* Translators: title of the chart, begin and end of its x axis. */
  g_string_append_printf (text, _ ("%s, %s to %s."),
                          *self->title != '\0' ? self->title : _ ("Chart"), begin, end);
  if (self->live != NULL && !self->is_following)
    g_string_append (text, _ (" Paused."));
  for (guint p = 0; p < self->panes->len; p++)
    {
      DynoChartPane *pane = g_ptr_array_index (self->panes, p);

      for (guint i = 0; i < pane->layers->len; i++)
        {
          const DynoChartLayer *layer = g_ptr_array_index (pane->layers, i);

          if (layer->kind != DYNO_LAYER_RAW && layer->kind != DYNO_LAYER_BAND
              && dyno_series_get_visible (layer->series))
            describe_layer (text, self, pane, layer);
        }
    }

  return g_string_free (text, FALSE);
}

/* Cursor. */

typedef struct
{
  guint        n;     /* lines of that quantity so far */
  DynoQuantity quantity;
  double       first;
  double       second;
  DynoRuler   *y;     /* (borrowed) */
} Pair;

static void
say_value (GString              *text,
           DynoChartPane        *pane,
           const DynoChartLayer *layer,
           double                x,
           double                other,
           Pair                 *pair)
{
  double y = dyno_series_value_at (layer->series, x);
  g_autofree char *value = dyno_ruler_format (pane->y[layer->side], y, TRUE);

  g_string_append_printf (text, "; %s %s",
                          dyno_palette_letter (dyno_series_get_trace (layer->series)), value);
  if (!isnan (other))
    {
      double step = y - dyno_series_value_at (layer->series, other);
      const DynoUnit *unit = dyno_ruler_get_unit (pane->y[layer->side]);
      g_autofree char *change = dyno_unit_format (unit, step + unit->offset, FALSE);

      g_string_append_printf (text, " (Δ %s%s)", step > 0 ? "+" : "", change);
    }

  if (pair->n == 0)
    *pair = (Pair) { 0, dyno_series_get_quantity (layer->series), y, NAN, pane->y[layer->side] };
  else if (dyno_series_get_quantity (layer->series) == pair->quantity)
    pair->second = y;
  pair->n += dyno_series_get_quantity (layer->series) == pair->quantity;
}

/* Between two lines of one quantity. */
static void
say_difference (GString    *text,
                const Pair *pair)
{
  const DynoUnit *unit;
  g_autofree char *difference = NULL;

  if (pair->n != 2 || isnan (pair->first) || isnan (pair->second))
    return;

  unit = dyno_ruler_get_unit (pair->y);
  difference = dyno_unit_format (unit, pair->first - pair->second + unit->offset, FALSE);
  g_string_append_printf (text, _ ("; difference %s"), difference);
}

char *
dyno_chart_describe_cursor (DynoChart *self,
                            guint      which)
{
  g_autofree char *place = NULL;
  Pair pair = { 0 };
  GString *text;
  double x;
  double other;

  g_return_val_if_fail (DYNO_IS_CHART (self), NULL);
  g_return_val_if_fail (which < 2, NULL);

  x = self->cursor_x[which];
  other = self->cursor_x[1 - which];
  if (isnan (x))
    return g_strdup ("");

  place = dyno_ruler_format (self->x, x, TRUE);
  text = g_string_new (place);
  for (guint p = 0; p < self->panes->len; p++)
    {
      DynoChartPane *pane = g_ptr_array_index (self->panes, p);

      for (guint i = 0; i < pane->layers->len; i++)
        {
          const DynoChartLayer *layer = g_ptr_array_index (pane->layers, i);

          if (layer->kind == DYNO_LAYER_LINE && dyno_series_get_visible (layer->series))
            say_value (text, pane, layer, x, other, &pair);
        }
    }
  say_difference (text, &pair);

  return g_string_free (text, FALSE);
}
