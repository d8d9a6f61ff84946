/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-fold.h"
#include "dyno-series-private.h"

#include <math.h>
#include <string.h>

/* A gap, two points and a point beyond each edge. */
#define MOST_POINTS(n_columns) (3 * (gsize) (n_columns) + 4)

struct _DynoFold
{
  DynoSeries     *series;       /* (borrowed) whose points these are */
  gboolean        is_upper;
  guint           serial;       /* of the series when last folded */
  double          dx;
  gint64          first;
  guint           n;
  guint           n_room;
  DynoFoldColumn *columns;      /* (owned) */
  DynoPlotPoint  *points;       /* (owned) MOST_POINTS (n_room) */
  gboolean        has_before;
  DynoPlotPoint   before;       /* the number before the view; x in SI */
  gboolean        has_after;
  DynoPlotPoint   after;
  gboolean        after_is_broken;
  gint64          touched;      /* least column changed since _clean (), on the grid */
  guint64         n_folded;
};

DynoFold *
dyno_fold_new (void)
{
  DynoFold *self = g_new0 (DynoFold, 1);

  self->touched = G_MININT64;

  return self;
}

void
dyno_fold_free (DynoFold *self)
{
  if (self == NULL)
    return;

  g_free (self->columns);
  g_free (self->points);
  g_free (self);
}

/* The edge of the series that is folded, so that a band's upper one is too. */
typedef struct
{
  const DynoSeriesData *data;
  const double         *y;
  DynoPyramid          *pyramid;
} Edge;

static double
edge_y (const Edge *edge,
        gsize       index)
{
  return edge->y[index] * edge->data->scale + edge->data->offset;
}

static gboolean
edge_is_gap (const Edge *edge,
             gsize       index)
{
  return index == 0 || isnan (edge->y[index]) || isnan (edge->y[index - 1])
         || edge->data->x[index] - edge->data->x[index - 1] > edge->data->gap_x;
}

/* First point with x ≥ `x`, from `from` on, in steps that double: the next
 * column's end is near, wherever in ten million points it lies. */
static gsize
find_from (const DynoSeriesData *data,
           gsize                 from,
           double                x)
{
  gsize step = 1;
  gsize low = from;
  gsize high;

  while (low + step < data->n && data->x[low + step] < x)
    {
      low += step;
      step *= 2;
    }
  high = MIN (low + step, data->n);
  while (low < high)
    {
      gsize middle = low + (high - low) / 2;

      if (data->x[middle] < x)
        low = middle + 1;
      else
        high = middle;
    }

  return low;
}

static void
fold_column (const Edge     *edge,
             gsize           first,
             gsize           last,
             DynoFoldColumn *column)
{
  *column = (DynoFoldColumn) { .min = NAN, .max = NAN, .is_broken = edge_is_gap (edge, first) };

  for (; first < last && isnan (edge->y[first]); first++)
    column->is_broken = TRUE;
  for (; last > first && isnan (edge->y[last - 1]); last--)
    ;
  if (first == last)
    return;

  column->n = (guint) MIN (last - first, 3);
  column->first_x = edge->data->x[first];
  column->first_y = edge_y (edge, first);
  column->last_x = edge->data->x[last - 1];
  column->last_y = edge_y (edge, last - 1);
  if (last - first <= 2)
    {
      column->min = fmin (column->first_y, column->last_y);
      column->max = fmax (column->first_y, column->last_y);
      return;
    }

  dyno_pyramid_range (edge->pyramid, edge->y, first, last, &column->min, &column->max);
  column->min = column->min * edge->data->scale + edge->data->offset;
  column->max = column->max * edge->data->scale + edge->data->offset;
  if (edge->data->scale < 0)
    {
      double swap = column->min;

      column->min = column->max;
      column->max = swap;
    }
}

/* Folds the columns from index `from` to before `to` of the view. */
static void
fold_columns (DynoFold   *self,
              const Edge *edge,
              guint       from,
              guint       to)
{
  gsize i;

  if (from >= to)
    return;

  i = dyno_series_find (self->series, (double) (self->first + from) * self->dx);
  for (guint k = from; k < to; k++)
    {
      gsize end = find_from (edge->data, i, (double) (self->first + k + 1) * self->dx);

      if (i < end)
        fold_column (edge, i, end, &self->columns[k]);
      else
        self->columns[k] = (DynoFoldColumn) { .min = NAN, .max = NAN };
      i = end;
    }
  self->n_folded += to - from;
}

/* The neighbours outside the view, to which the curve runs on; TRUE when they
 * are others than before. In a view that stands still, the end of the curve then
 * runs another way. */
static gboolean
note_neighbours (DynoFold   *self,
                 const Edge *edge,
                 gboolean    has_moved)
{
  gboolean had_before = self->has_before;
  gboolean had_after = self->has_after;
  DynoPlotPoint before = self->before;
  DynoPlotPoint after = self->after;
  gboolean is_after_new;
  gsize first = dyno_series_find (self->series, (double) self->first * self->dx);
  gsize end = dyno_series_find (self->series, (double) (self->first + self->n) * self->dx);

  self->has_before = first > 0 && !isnan (edge->y[first - 1]);
  if (self->has_before)
    self->before = (DynoPlotPoint) { edge->data->x[first - 1], edge_y (edge, first - 1) };
  self->has_after = end < edge->data->n && !isnan (edge->y[end]);
  if (self->has_after)
    {
      self->after = (DynoPlotPoint) { edge->data->x[end], edge_y (edge, end) };
      self->after_is_broken = edge_is_gap (edge, end);
    }

  is_after_new = had_after != self->has_after || after.x != self->after.x
                 || after.y != self->after.y;
  if (is_after_new && !has_moved)
    self->touched = MIN (self->touched, self->first + self->n - 1);

  return is_after_new || had_before != self->has_before || before.x != self->before.x
         || before.y != self->before.y;
}

static void
reserve (DynoFold *self,
         guint     n_columns)
{
  if (n_columns <= self->n_room)
    return;

  self->n_room = n_columns;
  self->columns = g_renew (DynoFoldColumn, self->columns, n_columns);
  self->points = g_renew (DynoPlotPoint, self->points, MOST_POINTS (n_columns));
}

/* Moves what is folded already to its place in the new view. The columns from
 * *from to before *to are kept. */
static void
keep_columns (DynoFold *self,
              gint64    first,
              guint     n,
              guint    *from,
              guint    *to)
{
  gint64 begin = MAX (self->first, first);
  gint64 end = MIN (self->first + self->n, first + n);

  *from = *to = 0;
  if (begin >= end)
    return;

  memmove (self->columns + (begin - first), self->columns + (begin - self->first),
           (gsize) (end - begin) * sizeof *self->columns);
  *from = (guint) (begin - first);
  *to = (guint) (end - first);
}

/* The column of the view that holds `x`, within 0…n. */
static guint
column_of (DynoFold *self,
           double    x)
{
  double column = floor (x / self->dx) - (double) self->first;

  /* Rounding must not leave out the column before. */
  return (guint) CLAMP (column - 1, 0, self->n);
}

gboolean
dyno_fold_update (DynoFold   *self,
                  DynoSeries *series,
                  gboolean    upper,
                  gint64      first_column,
                  guint       n_columns,
                  double      dx)
{
  Edge edge = { &series->data, upper ? series->data.y_high : series->data.y,
                upper ? series->high : series->low };
  gboolean is_other = self->series != series || self->is_upper != upper || self->dx != dx
                      || n_columns > self->n_room;
  guint kept_from = 0;
  guint kept_to = 0;
  guint64 n_folded = self->n_folded;
  gboolean has_moved = is_other || self->first != first_column || self->n != n_columns;

  g_return_val_if_fail (dx > 0, FALSE);

  if (!has_moved && self->serial == series->serial)
    return FALSE;

  reserve (self, n_columns);
  if (!is_other)
    keep_columns (self, first_column, n_columns, &kept_from, &kept_to);
  self->series = series;
  self->is_upper = upper;
  self->dx = dx;
  self->first = first_column;
  self->n = n_columns;
  if (is_other)
    self->touched = G_MININT64;
  else if (kept_from < kept_to)
    {
      guint from = column_of (self, dyno_series_touched_since (series, self->serial));

      if (from < kept_to)
        self->touched = MIN (self->touched, first_column + MAX (from, kept_from));
      kept_to = CLAMP (from, kept_from, kept_to);
    }
  self->serial = series->serial;

  fold_columns (self, &edge, 0, kept_from);
  fold_columns (self, &edge, kept_to, n_columns);

  return note_neighbours (self, &edge, has_moved) || has_moved || self->n_folded != n_folded;
}

const DynoFoldColumn *
dyno_fold_columns (DynoFold *self,
                   guint    *n_columns)
{
  *n_columns = self->n;

  return self->columns;
}

void
dyno_fold_range (DynoFold *self,
                 double   *min,
                 double   *max)
{
  *min = INFINITY;
  *max = -INFINITY;
  for (guint i = 0; i < self->n; i++)
    {
      *min = fmin (*min, self->columns[i].min);
      *max = fmax (*max, self->columns[i].max);
    }
}

guint64
dyno_fold_n_folded (DynoFold *self)
{
  return self->n_folded;
}

/* Making points. */

typedef struct
{
  DynoPlotPoint *points;
  gsize          n;
  double         dx;
  double         first; /* column at the left edge */
} Pen;

static void
pen_lift (Pen *pen)
{
  if (pen->n > 0 && !isnan (pen->points[pen->n - 1].y))
    pen->points[pen->n++] = (DynoPlotPoint) { pen->points[pen->n - 1].x, NAN };
}

static void
pen_draw (Pen    *pen,
          double  column,
          double  y)
{
  pen->points[pen->n++] = (DynoPlotPoint) { column, y };
}

static double
to_column (const Pen *pen,
           double     x)
{
  return x / pen->dx - pen->first;
}

/* More than two numbers: first the end that is nearer to where the pen is. */
static void
draw_extent (Pen                  *pen,
             const DynoFoldColumn *column,
             double                at)
{
  double from = pen->n > 0 ? pen->points[pen->n - 1].y : NAN;
  gboolean max_first = isnan (from) ? column->first_y > column->last_y
                                    : fabs (from - column->max) < fabs (from - column->min);

  pen_draw (pen, at, max_first ? column->max : column->min);
  pen_draw (pen, at, max_first ? column->min : column->max);
}

static void
draw_column (Pen                  *pen,
             const DynoFoldColumn *column,
             guint                 index,
             gboolean              one_each)
{
  if (column->n == 0)
    {
      /* NaN where numbers should be; without any point the line runs on. */
      if (column->is_broken)
        pen_lift (pen);
      return;
    }
  if (column->is_broken)
    pen_lift (pen);

  if (column->n > 2 || (one_each && column->n > 1))
    {
      if (one_each)
        pen_draw (pen, index + 0.5, (column->min + column->max) / 2);
      else
        draw_extent (pen, column, index + 0.5);
      return;
    }
  pen_draw (pen, to_column (pen, column->first_x), column->first_y);
  if (column->n == 2)
    pen_draw (pen, to_column (pen, column->last_x), column->last_y);
}

/* Back over two columns with points; before the view counts as one. */
static guint
step_back (DynoFold *self,
           guint     from,
           gboolean *is_before)
{
  guint left = 2;

  *is_before = FALSE;
  while (from > 0 && left > 0)
    left -= self->columns[--from].n > 0;
  *is_before = left > 0 && self->has_before;

  return from;
}

static guint
step_on (DynoFold *self,
         guint     to,
         gboolean *is_after)
{
  guint left = 2;

  while (to < self->n && left > 0)
    left -= self->columns[to++].n > 0;
  *is_after = left > 0 && self->has_after;

  return to;
}

const DynoPlotPoint *
dyno_fold_points (DynoFold *self,
                  guint     from,
                  guint     to,
                  gboolean  one_each,
                  gsize    *n_points)
{
  Pen pen = { self->points, 0, self->dx, (double) self->first };
  gboolean is_before;
  gboolean is_after;

  from = step_back (self, MIN (from, self->n), &is_before);
  to = step_on (self, MIN (to, self->n), &is_after);
  if (is_before)
    pen_draw (&pen, to_column (&pen, self->before.x), self->before.y);
  for (guint i = from; i < to; i++)
    draw_column (&pen, &self->columns[i], i, one_each);
  if (is_after)
    {
      if (self->after_is_broken)
        pen_lift (&pen);
      pen_draw (&pen, to_column (&pen, self->after.x), self->after.y);
    }
  *n_points = pen.n;

  return self->points;
}

guint
dyno_fold_touched (DynoFold *self)
{
  gint64 touched = self->touched;
  guint column;

  if (touched >= self->first + self->n)
    return self->n;
  if (touched <= self->first)
    return 0;

  /* The line that leads there. */
  column = (guint) (touched - self->first);
  while (column > 0 && self->columns[column - 1].n == 0)
    column--;

  return column > 0 ? column - 1 : 0;
}

void
dyno_fold_clean (DynoFold *self)
{
  self->touched = G_MAXINT64;
}
