/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-series-private.h"

#include <math.h>
#include <stdlib.h>

/* A series up to this is reduced at once, a longer one piece by piece. */
#define REDUCE_AT_ONCE 131072
#define REDUCE_PIECE 131072

enum
{
  PROP_NAME = 1,
  PROP_TRACE,
  PROP_VISIBLE,
  PROP_PINNED,
  N_PROPS
};

enum
{
  CHANGED,
  N_SIGNALS
};

static GParamSpec *props[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (DynoSeries, dyno_series, G_TYPE_OBJECT)

void
dyno_series_touch (DynoSeries *self,
                   double      x)
{
  self->serial++;
  self->touched[self->serial % DYNO_SERIES_N_TOUCHES] = x;
}

void
dyno_series_drop_points (DynoSeries *self)
{
  g_clear_pointer (&self->samples, dyno_samples_unref);
  g_clear_pointer (&self->live, dyno_live_unref);
  g_clear_pointer (&self->own_x, g_free);
  g_clear_pointer (&self->own_y, g_free);
  g_clear_pointer (&self->own_high, g_free);
  g_clear_pointer (&self->low, dyno_pyramid_free);
  g_clear_pointer (&self->high, dyno_pyramid_free);
  self->data = (DynoSeriesData) { .scale = 1, .gap_x = INFINITY };
  self->n_all = 0;
  self->n_room = 0;
  dyno_series_touch (self, -INFINITY);
}

/* A long series can be seen as far as it is reduced, the rest of the last block
 * only at the end. */
gboolean
dyno_series_reduce (DynoSeries *self)
{
  gboolean is_done;

  if (self->low == NULL || self->data.n == self->n_all)
    return TRUE;

  is_done = dyno_pyramid_reduce (self->low, self->data.y, self->n_all, REDUCE_PIECE);
  if (self->high != NULL)
    is_done &= dyno_pyramid_reduce (self->high, self->data.y_high, self->n_all, REDUCE_PIECE);
  dyno_series_touch (self, self->data.n > 0 ? self->data.x[self->data.n - 1] : -INFINITY);
  self->data.n = is_done ? self->n_all : dyno_pyramid_n (self->low);

  return is_done;
}

/* The points lie in self->data.{x,y,y_high}; `n` of them. */
static void
show_points (DynoSeries *self,
             gsize       n)
{
  self->n_all = n;
  self->low = dyno_pyramid_new (n);
  if (self->data.y_high != NULL)
    self->high = dyno_pyramid_new (n);
  while (!dyno_series_reduce (self) && n <= REDUCE_AT_ONCE)
    ;
  dyno_series_touch (self, -INFINITY);
  g_signal_emit (self, signals[CHANGED], 0);
}

/* Arrays. */

typedef struct
{
  double x;
  double y;
  double high;
  gsize  index;
} Point;

/* By x; points of one x keep their order. */
static int
compare_points (const void *a,
                const void *b)
{
  const Point *p = a;
  const Point *q = b;

  if (p->x != q->x)
    return p->x < q->x ? -1 : 1;

  return p->index < q->index ? -1 : 1;
}

static gboolean
is_sorted (const double *x,
           gsize         n)
{
  for (gsize i = 0; i < n; i++)
    {
      if (!(isfinite (x[i]) && (i == 0 || x[i] >= x[i - 1])))
        return FALSE;
    }

  return TRUE;
}

/* Sorts the three arrays (`high` may be NULL) in place and leaves out what has
 * no x; the answer is how many are left. */
static gsize
sort_points (gsize   n,
             double *x,
             double *y,
             double *high)
{
  g_autofree Point *points = NULL;
  gsize n_kept = 0;

  if (is_sorted (x, n))
    return n;

  points = g_new (Point, n);
  for (gsize i = 0; i < n; i++)
    {
      if (isfinite (x[i]))
        points[n_kept++] = (Point) { x[i], y[i], high != NULL ? high[i] : 0, i };
    }
  qsort (points, n_kept, sizeof *points, compare_points);
  for (gsize i = 0; i < n_kept; i++)
    {
      x[i] = points[i].x;
      y[i] = points[i].y;
      if (high != NULL)
        high[i] = points[i].high;
    }

  return n_kept;
}

static void
take_points (DynoSeries *self,
             gsize       n,
             double     *x,
             double     *y,
             double     *high)
{
  self->own_x = x;
  self->own_y = y;
  self->own_high = high;
  self->data.x = x;
  self->data.y = y;
  self->data.y_high = high;
  show_points (self, sort_points (n, x, y, high));
}

static double *
copy_array (const double *values,
            gsize         n)
{
  return n > 0 ? g_memdup2 (values, n * sizeof *values) : g_new (double, 1);
}

void
dyno_series_set_arrays (DynoSeries   *self,
                        gsize         n,
                        const double *x,
                        const double *y)
{
  g_return_if_fail (DYNO_IS_SERIES (self));

  dyno_series_drop_points (self);
  take_points (self, n, copy_array (x, n), copy_array (y, n), NULL);
}

void
dyno_series_set_band (DynoSeries   *self,
                      gsize         n,
                      const double *x,
                      const double *low,
                      const double *high)
{
  double *own_low = copy_array (low, n);
  double *own_high = copy_array (high, n);

  g_return_if_fail (DYNO_IS_SERIES (self));

  /* An edge without the other is no band, and both have the same points. */
  for (gsize i = 0; i < n; i++)
    {
      if (isnan (own_low[i]) || isnan (own_high[i]))
        own_low[i] = own_high[i] = NAN;
    }
  dyno_series_drop_points (self);
  take_points (self, n, copy_array (x, n), own_low, own_high);
}

void
dyno_series_clear (DynoSeries *self)
{
  g_return_if_fail (DYNO_IS_SERIES (self));

  dyno_series_drop_points (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

/* Samples. */

/* Copies the rows of `y` that are a point: those read anew, where the column
 * knows, else all. */
static void
copy_rows (DynoSeries       *self,
           const DynoColumn *y,
           const DynoColumn *x)
{
  gsize n_rows = dyno_samples_n_rows (self->samples);
  const double *time = dyno_samples_time (self->samples);
  g_autofree guint8 *is_new =
      y->updates != NULL ? dyno_samples_dup_updates (self->samples, y) : NULL;
  double *xs = g_new (double, MAX (n_rows, 1));
  double *ys = g_new (double, MAX (n_rows, 1));
  gsize n = 0;

  for (gsize i = 0; i < n_rows; i++)
    {
      if (is_new != NULL && !is_new[i])
        continue;
      xs[n] = x != NULL ? dyno_column_si (x, i) : time[i];
      ys[n++] = dyno_column_si (y, i);
    }
  take_points (self, n, xs, ys, NULL);
}

void
dyno_series_set_samples (DynoSeries       *self,
                         DynoSamples      *samples,
                         const DynoColumn *y,
                         const DynoColumn *x)
{
  g_return_if_fail (DYNO_IS_SERIES (self));
  g_return_if_fail (samples != NULL && y != NULL);

  dyno_samples_ref (samples);
  dyno_series_drop_points (self);
  self->samples = samples;
  if (x == NULL && dyno_samples_has_time (samples))
    self->data.gap_x = dyno_samples_gap_s (samples);

  if (x != NULL || y->updates != NULL)
    {
      copy_rows (self, y, x);
      return;
    }
  self->own_y = g_new (double, MAX (dyno_samples_n_rows (samples), 1));
  dyno_column_copy (y, 0, dyno_samples_n_rows (samples), self->own_y);
  self->data.x = dyno_samples_time (samples);
  self->data.y = self->own_y;
  self->data.scale = y->scale;
  self->data.offset = y->offset;
  show_points (self, dyno_samples_n_rows (samples));
}

/* Queries. */

void
dyno_series_get_data (DynoSeries     *self,
                      DynoSeriesData *data)
{
  *data = self->data;
}

guint
dyno_series_serial (DynoSeries *self)
{
  return self->serial;
}

double
dyno_series_touched_since (DynoSeries *self,
                           guint       serial)
{
  double least = INFINITY;

  if (self->serial - serial > DYNO_SERIES_N_TOUCHES)
    return -INFINITY;
  for (guint s = serial + 1; s - 1 != self->serial; s++)
    least = fmin (least, self->touched[s % DYNO_SERIES_N_TOUCHES]);

  return least;
}

gsize
dyno_series_find (DynoSeries *self,
                  double      x)
{
  gsize low = 0;
  gsize high = self->data.n;

  while (low < high)
    {
      gsize middle = low + (high - low) / 2;

      if (self->data.x[middle] < x)
        low = middle + 1;
      else
        high = middle;
    }

  return low;
}

double
dyno_series_x (DynoSeries *self,
               gsize       index)
{
  g_return_val_if_fail (index < self->data.n, NAN);

  return self->data.x[index];
}

double
dyno_series_y (DynoSeries *self,
               gsize       index)
{
  g_return_val_if_fail (index < self->data.n, NAN);

  return self->data.y[index] * self->data.scale + self->data.offset;
}

gboolean
dyno_series_is_gap (DynoSeries *self,
                    gsize       index)
{
  const DynoSeriesData *data = &self->data;

  if (index == 0 || index >= data->n)
    return TRUE;

  return isnan (data->y[index]) || isnan (data->y[index - 1])
         || data->x[index] - data->x[index - 1] > data->gap_x;
}

void
dyno_series_range (DynoSeries *self,
                   gsize       first,
                   gsize       last,
                   double     *min,
                   double     *max)
{
  const DynoSeriesData *data = &self->data;
  double a = INFINITY;
  double b = -INFINITY;

  last = MIN (last, data->n);
  if (self->low != NULL && first < last)
    dyno_pyramid_range (self->low, data->y, first, last, &a, &b);
  if (self->high != NULL && first < last)
    {
      double c;
      double d;

      dyno_pyramid_range (self->high, data->y_high, first, last, &c, &d);
      a = fmin (a, c);
      b = fmax (b, d);
    }
  *min = (data->scale >= 0 ? a : b) * data->scale + data->offset;
  *max = (data->scale >= 0 ? b : a) * data->scale + data->offset;
  if (a > b)
    {
      *min = INFINITY;
      *max = -INFINITY;
    }
}

double
dyno_series_value_at (DynoSeries *self,
                      double      x)
{
  gsize i = dyno_series_find (self, x);
  double x0;
  double x1;

  if (i == self->data.n)
    return NAN;
  if (self->data.x[i] == x)
    return dyno_series_y (self, i);
  if (dyno_series_is_gap (self, i))
    return NAN;

  x0 = self->data.x[i - 1];
  x1 = self->data.x[i];

  return dyno_series_y (self, i - 1)
         + (x - x0) / (x1 - x0) * (dyno_series_y (self, i) - dyno_series_y (self, i - 1));
}

gboolean
dyno_series_extent (DynoSeries *self,
                    double     *x_min,
                    double     *x_max)
{
  if (self->n_all == 0)
    return FALSE;

  *x_min = self->data.x[0];
  *x_max = self->data.x[self->n_all - 1];

  return TRUE;
}

gboolean
dyno_series_has_points (DynoSeries *self)
{
  return self->n_all > 0;
}

/* Object. */

static void
dyno_series_finalize (GObject *object)
{
  DynoSeries *self = DYNO_SERIES (object);

  dyno_series_drop_points (self);
  g_free (self->name);

  G_OBJECT_CLASS (dyno_series_parent_class)->finalize (object);
}

static void
dyno_series_get_property (GObject    *object,
                          guint       id,
                          GValue     *value,
                          GParamSpec *pspec)
{
  DynoSeries *self = DYNO_SERIES (object);

  switch (id)
    {
    case PROP_NAME:
      g_value_set_string (value, self->name);
      break;
    case PROP_TRACE:
      g_value_set_uint (value, self->trace);
      break;
    case PROP_VISIBLE:
      g_value_set_boolean (value, self->is_visible);
      break;
    case PROP_PINNED:
      g_value_set_boolean (value, self->is_pinned);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
dyno_series_set_property (GObject      *object,
                          guint         id,
                          const GValue *value,
                          GParamSpec   *pspec)
{
  DynoSeries *self = DYNO_SERIES (object);

  switch (id)
    {
    case PROP_NAME:
      dyno_series_set_name (self, g_value_get_string (value));
      break;
    case PROP_TRACE:
      dyno_series_set_trace (self, g_value_get_uint (value));
      break;
    case PROP_VISIBLE:
      dyno_series_set_visible (self, g_value_get_boolean (value));
      break;
    case PROP_PINNED:
      dyno_series_set_pinned (self, g_value_get_boolean (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
dyno_series_class_init (DynoSeriesClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->finalize = dyno_series_finalize;
  object_class->get_property = dyno_series_get_property;
  object_class->set_property = dyno_series_set_property;

  props[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, "", flags);
  props[PROP_TRACE] = g_param_spec_uint ("trace", NULL, NULL, 0, DYNO_N_TRACES - 1, 0, flags);
  props[PROP_VISIBLE] = g_param_spec_boolean ("visible", NULL, NULL, TRUE, flags);
  props[PROP_PINNED] = g_param_spec_boolean ("pinned", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, N_PROPS, props);

  signals[CHANGED] = g_signal_new ("changed", DYNO_TYPE_SERIES, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 0);
}

static void
dyno_series_init (DynoSeries *self)
{
  self->name = g_strdup ("");
  self->is_visible = TRUE;
  self->live_channel = -1;
  self->data = (DynoSeriesData) { .scale = 1, .gap_x = INFINITY };
}

DynoSeries *
dyno_series_new (const char   *name,
                 DynoQuantity  quantity)
{
  DynoSeries *self = g_object_new (DYNO_TYPE_SERIES, "name", name, NULL);

  self->quantity = quantity;

  return self;
}

DynoSeries *
dyno_series_new_channel (DynoChannel channel)
{
  const DynoChannelInfo *info = dyno_channel_info (channel);
  const DynoUnit *unit = dyno_unit_find (info->unit);
  DynoSeries *self =
      dyno_series_new (info->title, unit != NULL ? unit->quantity : DYNO_QUANTITY_NONE);

  self->channel = channel;

  return self;
}

const char *
dyno_series_get_name (DynoSeries *self)
{
  return self->name;
}

void
dyno_series_set_name (DynoSeries *self,
                      const char *name)
{
  if (g_strcmp0 (self->name, name) == 0)
    return;

  g_free (self->name);
  self->name = g_strdup (name != NULL ? name : "");
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_NAME]);
}

DynoQuantity
dyno_series_get_quantity (DynoSeries *self)
{
  return self->quantity;
}

DynoChannel
dyno_series_get_channel (DynoSeries *self)
{
  return self->channel;
}

void
dyno_series_set_channel (DynoSeries  *self,
                         DynoChannel  channel)
{
  DynoLive *live;

  g_return_if_fail (channel < DYNO_N_CHANNELS);

  if (self->channel == channel)
    return;

  self->channel = channel;
  if (self->live == NULL)
    return;

  /* Another channel has other points. */
  live = dyno_live_ref (self->live);
  dyno_series_drop_points (self);
  dyno_series_set_live (self, live);
  dyno_live_unref (live);
}

guint
dyno_series_get_trace (DynoSeries *self)
{
  return self->trace;
}

void
dyno_series_set_trace (DynoSeries *self,
                       guint       trace)
{
  if (self->trace == trace % DYNO_N_TRACES)
    return;

  self->trace = trace % DYNO_N_TRACES;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_TRACE]);
}

DynoDash
dyno_series_get_dash (DynoSeries *self)
{
  return self->dash;
}

void
dyno_series_set_dash (DynoSeries *self,
                      DynoDash    dash)
{
  g_return_if_fail (dash < DYNO_N_DASHES);

  self->dash = dash;
}

gboolean
dyno_series_get_visible (DynoSeries *self)
{
  return self->is_visible;
}

void
dyno_series_set_visible (DynoSeries *self,
                         gboolean    is_visible)
{
  if (self->is_visible == !!is_visible)
    return;

  self->is_visible = !!is_visible;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_VISIBLE]);
}

gboolean
dyno_series_get_pinned (DynoSeries *self)
{
  return self->is_pinned;
}

void
dyno_series_set_pinned (DynoSeries *self,
                        gboolean    is_pinned)
{
  if (self->is_pinned == !!is_pinned)
    return;

  self->is_pinned = !!is_pinned;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_PINNED]);
}
