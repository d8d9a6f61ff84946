/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* The letter of each line at its right end, in the colour of text on a disc of
 * the ground that is ringed in the trace's colour. Letters that would cover one
 * another move apart; more than fit below each other stand in several rows. */

#include "config.h"

#include "dyno-chart-private.h"
#include "dyno-look.h"

#include <math.h>

#define MAX_LETTERS 64

typedef struct
{
  guint  trace;
  double x; /* middle, px */
  double y;
} Letter;

#define DYNO_TYPE_CHART_LETTERS (dyno_chart_letters_get_type ())
G_DECLARE_FINAL_TYPE (DynoChartLetters, dyno_chart_letters, DYNO, CHART_LETTERS, GtkWidget)

struct _DynoChartLetters
{
  GtkWidget      parent_instance;

  DynoChartPane *pane; /* (borrowed) parent */
  double         disc; /* diameter, px, by the size of text */
};

G_DEFINE_FINAL_TYPE (DynoChartLetters, dyno_chart_letters, GTK_TYPE_WIDGET)

/* Where the line ends within the view; FALSE when it has nothing there. */
static gboolean
find_end (DynoChartLetters     *self,
          const DynoChartLayer *layer,
          Letter               *letter)
{
  double width = gtk_widget_get_width (GTK_WIDGET (self));
  double height = gtk_widget_get_height (GTK_WIDGET (self));
  guint n;
  const DynoFoldColumn *columns = dyno_fold_columns (layer->fold, &n);

  while (n > 0 && columns[n - 1].n == 0)
    n--;
  if (n == 0)
    return FALSE;

  letter->trace = dyno_series_get_trace (layer->series);
  letter->x = dyno_ruler_place (self->pane->x, columns[n - 1].last_x) + self->disc / 2 + 2;
  letter->x = fmin (letter->x, width - self->disc / 2 - 2);
  letter->y = dyno_ruler_place (self->pane->y[layer->side], columns[n - 1].last_y);
  letter->y = CLAMP (letter->y, self->disc / 2, fmax (height - self->disc / 2, self->disc / 2));

  return letter->x > self->disc / 2;
}

static int
compare_letters (const void *a,
                 const void *b)
{
  double x = ((const Letter *) a)->y;
  double y = ((const Letter *) b)->y;

  return x < y ? -1 : x > y;
}

/* Every `step`-th letter from `first` on: down where there is room, then up again
 * from the bottom. */
static void
move_row_apart (DynoChartLetters *self,
                Letter           *letters,
                guint             n,
                guint             first,
                guint             step)
{
  double bottom = gtk_widget_get_height (GTK_WIDGET (self)) - self->disc / 2;
  guint last = first;

  for (guint i = first + step; i < n; i += step)
    {
      letters[i].y = fmax (letters[i].y, letters[i - step].y + self->disc);
      last = i;
    }
  letters[last].y = fmin (letters[last].y, bottom);
  for (; last >= first + step; last -= step)
    letters[last - step].y = fmin (letters[last - step].y, letters[last].y - self->disc);
}

static void
move_apart (DynoChartLetters *self,
            Letter           *letters,
            guint             n)
{
  guint n_fit = (guint) fmax (gtk_widget_get_height (GTK_WIDGET (self)) / self->disc, 1);
  guint n_rows = (n + n_fit - 1) / n_fit;

  qsort (letters, n, sizeof *letters, compare_letters);
  for (guint row = 0; row < n_rows; row++)
    {
      move_row_apart (self, letters, n, row, n_rows);
      for (guint i = row; i < n; i += n_rows)
        letters[i].x -= row * self->disc;
    }
}

static void
draw_letter (DynoChartLetters *self,
             GtkSnapshot      *snapshot,
             const Letter     *letter,
             DynoLook          look)
{
  g_autoptr(PangoLayout) layout =
      gtk_widget_create_pango_layout (GTK_WIDGET (self), dyno_palette_letter (letter->trace));
  GdkRGBA ground = dyno_look_rgba (dyno_palette_ground (look));
  GdkRGBA ring = dyno_look_rgba (dyno_palette_trace (look, letter->trace));
  GdkRGBA ink = dyno_look_rgba (dyno_palette_ink (look));
  float x = (float) floor (letter->x);
  float y = (float) floor (letter->y);
  float radius = (float) self->disc / 2;
  GskRoundedRect disc;
  int width;
  int height;

  gsk_rounded_rect_init_from_rect (
      &disc, &GRAPHENE_RECT_INIT (x - radius, y - radius, 2 * radius, 2 * radius), radius);
  gtk_snapshot_push_rounded_clip (snapshot, &disc);
  gtk_snapshot_append_color (snapshot, &ground, &disc.bounds);
  gtk_snapshot_pop (snapshot);
  gtk_snapshot_append_border (snapshot, &disc, (float[4]) { 2, 2, 2, 2 },
                              (GdkRGBA[4]) { ring, ring, ring, ring });

  pango_layout_get_pixel_size (layout, &width, &height);
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (x - (float) width / 2,
                                                          y - (float) height / 2));
  gtk_snapshot_append_layout (snapshot, layout, &ink);
  gtk_snapshot_restore (snapshot);
}

static void
dyno_chart_letters_snapshot (GtkWidget   *widget,
                             GtkSnapshot *snapshot)
{
  DynoChartLetters *self = DYNO_CHART_LETTERS (widget);
  const GPtrArray *layers = self->pane->layers;
  DynoLook look = dyno_look_now ();
  g_autoptr(PangoLayout) layout = gtk_widget_create_pango_layout (widget, "0");
  Letter letters[MAX_LETTERS];
  guint n = 0;
  int text_height;

  pango_layout_get_pixel_size (layout, NULL, &text_height);
  self->disc = text_height + text_height % 2;

  for (guint i = 0; i < layers->len && n < MAX_LETTERS; i++)
    {
      const DynoChartLayer *layer = g_ptr_array_index (layers, i);

      if (layer->kind == DYNO_LAYER_LINE && dyno_series_get_visible (layer->series))
        n += find_end (self, layer, &letters[n]);
    }
  move_apart (self, letters, n);
  for (guint i = 0; i < n; i++)
    draw_letter (self, snapshot, &letters[i], look);
}

static void
dyno_chart_letters_class_init (DynoChartLettersClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  widget_class->snapshot = dyno_chart_letters_snapshot;
  gtk_widget_class_set_css_name (widget_class, "dynochartletters");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void
dyno_chart_letters_init (DynoChartLetters *self)
{
  gtk_widget_set_can_target (GTK_WIDGET (self), FALSE);
}

GtkWidget *
dyno_chart_letters_new (DynoChartPane *pane)
{
  DynoChartLetters *self = g_object_new (DYNO_TYPE_CHART_LETTERS, NULL);

  self->pane = pane;
  dyno_look_watch (GTK_WIDGET (self), gtk_widget_queue_draw);

  return GTK_WIDGET (self);
}
