/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* The letter of each line at its right end, in the colour of text on a tag of the
 * ground that is framed in the trace's colour. Tags that would cover one another
 * move apart; more than fit below each other stand in several rows. A live chart
 * draws them with every column, so texts are kept and tags are plain boxes. */

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
  double         tag;  /* its side, px, by the size of text */
  PangoLayout   *texts[DYNO_N_TRACES]; /* (owned) (nullable) made when first drawn */
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
  letter->x = dyno_ruler_place (self->pane->x, columns[n - 1].last_x) + self->tag / 2 + 2;
  letter->x = fmin (letter->x, width - self->tag / 2 - 2);
  letter->y = dyno_ruler_place (self->pane->y[layer->side], columns[n - 1].last_y);
  letter->y = CLAMP (letter->y, self->tag / 2, fmax (height - self->tag / 2, self->tag / 2));

  return letter->x > self->tag / 2;
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
  double bottom = gtk_widget_get_height (GTK_WIDGET (self)) - self->tag / 2;
  guint last = first;

  for (guint i = first + step; i < n; i += step)
    {
      letters[i].y = fmax (letters[i].y, letters[i - step].y + self->tag);
      last = i;
    }
  letters[last].y = fmin (letters[last].y, bottom);
  for (; last >= first + step; last -= step)
    letters[last - step].y = fmin (letters[last - step].y, letters[last].y - self->tag);
}

static void
move_apart (DynoChartLetters *self,
            Letter           *letters,
            guint             n)
{
  guint n_fit = (guint) fmax (gtk_widget_get_height (GTK_WIDGET (self)) / self->tag, 1);
  guint n_rows = (n + n_fit - 1) / n_fit;

  qsort (letters, n, sizeof *letters, compare_letters);
  for (guint row = 0; row < n_rows; row++)
    {
      move_row_apart (self, letters, n, row, n_rows);
      for (guint i = row; i < n; i += n_rows)
        letters[i].x -= row * self->tag;
    }
}

static PangoLayout *
text_of (DynoChartLetters *self,
         guint             trace)
{
  if (self->texts[trace] == NULL)
    self->texts[trace] =
        gtk_widget_create_pango_layout (GTK_WIDGET (self), dyno_palette_letter (trace));

  return self->texts[trace];
}

static void
draw_letter (DynoChartLetters *self,
             GtkSnapshot      *snapshot,
             const Letter     *letter,
             DynoLook          look)
{
  PangoLayout *layout = text_of (self, letter->trace % DYNO_N_TRACES);
  GdkRGBA ground = dyno_look_rgba (dyno_palette_ground (look));
  GdkRGBA frame = dyno_look_rgba (dyno_palette_trace (look, letter->trace));
  GdkRGBA ink = dyno_look_rgba (dyno_palette_ink (look));
  float side = (float) self->tag;
  float x = (float) floor (letter->x - self->tag / 2);
  float y = (float) floor (letter->y - self->tag / 2);
  int width;
  int height;

  gtk_snapshot_append_color (snapshot, &frame, &GRAPHENE_RECT_INIT (x, y, side, side));
  gtk_snapshot_append_color (snapshot, &ground,
                             &GRAPHENE_RECT_INIT (x + 2, y + 2, side - 4, side - 4));
  pango_layout_get_pixel_size (layout, &width, &height);
  gtk_snapshot_save (snapshot);
  x += floorf ((side - (float) width) / 2);
  y += floorf ((side - (float) height) / 2);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (x, y));
  gtk_snapshot_append_layout (snapshot, layout, &ink);
  gtk_snapshot_restore (snapshot);
}

static void
forget_texts (DynoChartLetters *self)
{
  for (guint i = 0; i < DYNO_N_TRACES; i++)
    g_clear_object (&self->texts[i]);
}

static void
dyno_chart_letters_css_changed (GtkWidget         *widget,
                                GtkCssStyleChange *change)
{
  GTK_WIDGET_CLASS (dyno_chart_letters_parent_class)->css_changed (widget, change);
  forget_texts (DYNO_CHART_LETTERS (widget));
}

static void
dyno_chart_letters_dispose (GObject *object)
{
  forget_texts (DYNO_CHART_LETTERS (object));

  G_OBJECT_CLASS (dyno_chart_letters_parent_class)->dispose (object);
}

static void
dyno_chart_letters_snapshot (GtkWidget   *widget,
                             GtkSnapshot *snapshot)
{
  DynoChartLetters *self = DYNO_CHART_LETTERS (widget);
  const GPtrArray *layers = self->pane->layers;
  DynoLook look = dyno_look_now ();
  Letter letters[MAX_LETTERS];
  guint n = 0;
  int text_height;

  pango_layout_get_pixel_size (text_of (self, 0), NULL, &text_height);
  self->tag = text_height + text_height % 2;

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

  G_OBJECT_CLASS (klass)->dispose = dyno_chart_letters_dispose;
  widget_class->css_changed = dyno_chart_letters_css_changed;
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
