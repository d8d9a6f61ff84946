/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* Grey bands where a line of the pane has no values, with how long they last.
 * The bands of several lines are joined. */

#include "config.h"

#include "dyno-chart-private.h"
#include "dyno-look.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

/* A narrower band has no text, px. */
#define LEAST_TEXT_WIDTH 56

typedef struct
{
  double from; /* x in SI */
  double to;
} Band;

#define DYNO_TYPE_CHART_GAPS (dyno_chart_gaps_get_type ())
G_DECLARE_FINAL_TYPE (DynoChartGaps, dyno_chart_gaps, DYNO, CHART_GAPS, GtkWidget)

struct _DynoChartGaps
{
  GtkWidget      parent_instance;

  DynoChartPane *pane;  /* (borrowed) parent */
  GArray        *bands; /* (owned) of Band, in order, apart */
};

G_DEFINE_FINAL_TYPE (DynoChartGaps, dyno_chart_gaps, GTK_TYPE_WIDGET)

/* Between the numbers on both sides of each break, from the left edge where the
 * number before lies outside, and from the last number of a live series to now
 * when that is long ago. */
static void
find_bands (DynoChartGaps        *self,
            const DynoChartLayer *layer)
{
  DynoSeriesData data;
  double last = NAN;
  double min;
  double max;
  guint n;
  const DynoFoldColumn *columns = dyno_fold_columns (layer->fold, &n);

  dyno_series_get_data (layer->series, &data);
  dyno_ruler_get_range (self->pane->x, &min, &max);
  if (data.n > 0 && data.x[0] < min)
    last = min;
  for (guint i = 0; i < n; i++)
    {
      if (columns[i].n == 0)
        continue;
      if (columns[i].is_broken && !isnan (last) && columns[i].first_x > last)
        {
          Band band = { last, columns[i].first_x };

          g_array_append_val (self->bands, band);
        }
      last = columns[i].last_x;
    }

  if (dyno_ruler_get_relative (self->pane->x) && data.n > 0 && data.x[data.n - 1] <= last
      && max - data.x[data.n - 1] > data.gap_x)
    {
      Band band = { last, max };

      g_array_append_val (self->bands, band);
    }
}

static int
compare_bands (gconstpointer a,
               gconstpointer b)
{
  double x = ((const Band *) a)->from;
  double y = ((const Band *) b)->from;

  return x < y ? -1 : x > y;
}

static void
join_bands (GArray *bands)
{
  guint n = 0;

  g_array_sort (bands, compare_bands);
  for (guint i = 0; i < bands->len; i++)
    {
      Band *band = &g_array_index (bands, Band, i);
      Band *before = n > 0 ? &g_array_index (bands, Band, n - 1) : NULL;

      if (before != NULL && band->from <= before->to)
        before->to = fmax (before->to, band->to);
      else
        g_array_index (bands, Band, n++) = *band;
    }
  g_array_set_size (bands, n);
}

void
dyno_chart_gaps_update (GtkWidget *gaps)
{
  DynoChartGaps *self = DYNO_CHART_GAPS (gaps);
  gboolean had_any = self->bands->len > 0;

  g_array_set_size (self->bands, 0);
  for (guint i = 0; i < self->pane->layers->len; i++)
    {
      const DynoChartLayer *layer = g_ptr_array_index (self->pane->layers, i);

      if (layer->kind == DYNO_LAYER_LINE && dyno_series_get_visible (layer->series))
        find_bands (self, layer);
    }
  join_bands (self->bands);
  if (had_any || self->bands->len > 0)
    gtk_widget_queue_draw (gaps);
}

guint
dyno_chart_gaps_count (GtkWidget *gaps)
{
  return DYNO_CHART_GAPS (gaps)->bands->len;
}

static void
draw_text (DynoChartGaps *self,
           GtkSnapshot   *snapshot,
           const Band    *band,
           double         x,
           double         width)
{
  GdkRGBA dim = dyno_look_rgba (dyno_palette_dim (dyno_look_now ()));
  g_autofree char *text = NULL;
  g_autoptr(PangoLayout) layout = NULL;
  int text_width;
  float left;

  if (width < LEAST_TEXT_WIDTH || dyno_ruler_get_quantity (self->pane->x) != DYNO_QUANTITY_TIME)
    return;

  /* Translators: a stretch without values and how many seconds it lasts. */
  text = g_strdup_printf (_ ("gap %.1f s"), band->to - band->from);
  layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), text);
  pango_layout_get_pixel_size (layout, &text_width, NULL);
  if (text_width > width)
    return;

  left = (float) floor (x + (width - text_width) / 2);
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (left, 4));
  gtk_snapshot_append_layout (snapshot, layout, &dim);
  gtk_snapshot_restore (snapshot);
}

static void
dyno_chart_gaps_snapshot (GtkWidget   *widget,
                          GtkSnapshot *snapshot)
{
  DynoChartGaps *self = DYNO_CHART_GAPS (widget);
  DynoLook look = dyno_look_now ();
  GdkRGBA grey = dyno_look_rgba (dyno_palette_fade (dyno_palette_dim (look), 0.16));
  double height = gtk_widget_get_height (widget);

  for (guint i = 0; i < self->bands->len; i++)
    {
      const Band *band = &g_array_index (self->bands, Band, i);
      double from = floor (dyno_ruler_place (self->pane->x, band->from));
      double to = ceil (dyno_ruler_place (self->pane->x, band->to));
      graphene_rect_t rect = GRAPHENE_RECT_INIT ((float) from, 0, (float) fmax (to - from, 1),
                                                 (float) height);

      gtk_snapshot_append_color (snapshot, &grey, &rect);
      draw_text (self, snapshot, band, from, to - from);
    }
}

static void
dyno_chart_gaps_finalize (GObject *object)
{
  g_array_unref (DYNO_CHART_GAPS (object)->bands);

  G_OBJECT_CLASS (dyno_chart_gaps_parent_class)->finalize (object);
}

static void
dyno_chart_gaps_class_init (DynoChartGapsClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = dyno_chart_gaps_finalize;
  widget_class->snapshot = dyno_chart_gaps_snapshot;
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void
dyno_chart_gaps_init (DynoChartGaps *self)
{
  self->bands = g_array_new (FALSE, FALSE, sizeof (Band));
  gtk_widget_set_can_target (GTK_WIDGET (self), FALSE);
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
}

GtkWidget *
dyno_chart_gaps_new (DynoChartPane *pane)
{
  DynoChartGaps *self = g_object_new (DYNO_TYPE_CHART_GAPS, NULL);

  self->pane = pane;
  dyno_look_watch (GTK_WIDGET (self), gtk_widget_queue_draw);

  return GTK_WIDGET (self);
}
