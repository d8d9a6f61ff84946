/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-picture.h"

#include <math.h>
#include <pango/pango.h>

#include "dyno-plot-text.h"

/* All measures follow from one: the em, the height of the text. */
#define LINES_OF_TEXT 52

/* Ticks of a picture are as far apart as on a screen with text of that size; on paper,
 * which is read from near, they are closer. */
#define PX_PER_EM 13
#define PX_PER_EM_PAPER 20

typedef struct
{
  DynoLayerKind  kind;
  DynoSide       side;
  DynoDash       dash;
  guint          trace;
  char          *name;   /* (owned) (nullable) */
  gsize          n;
  double        *x;      /* (owned) */
  double        *y;      /* (owned) */
  double        *y_high; /* (owned) (nullable) */
} Curve;

typedef struct
{
  char   *label; /* (owned) (nullable) NULL: the side has no axis */
  double  min;
  double  max;
} Axis;

typedef struct
{
  char      *title;              /* (owned) */
  double     weight;
  Axis       axes[DYNO_N_SIDES];
  GPtrArray *curves;             /* (owned) of Curve */
} Pane;

struct _DynoPicture
{
  DynoLook   look;
  char      *title;   /* (owned) */
  char      *caption; /* (owned) (nullable) */
  char      *text;    /* (owned) (nullable) */
  gboolean   is_time;
  Axis       x;
  GPtrArray *panes;   /* (owned) of Pane */
};

/* One drawing: where things are on a context. */
typedef struct
{
  const DynoPicture *picture;
  cairo_t           *cr;     /* (borrowed) */
  PangoLayout       *layout; /* (owned) */
  double             em;
  double             px_per_em; /* of the screen that ticks are as far apart as on */
  double             left;   /* of the plots */
  double             right;
  double             top;
  double             bottom;
} Sheet;

static void
curve_free (gpointer data)
{
  Curve *curve = data;

  g_free (curve->name);
  g_free (curve->x);
  g_free (curve->y);
  g_free (curve->y_high);
  g_free (curve);
}

static void
pane_free (gpointer data)
{
  Pane *pane = data;

  g_free (pane->title);
  for (int i = 0; i < DYNO_N_SIDES; i++)
    g_free (pane->axes[i].label);
  g_ptr_array_unref (pane->curves);
  g_free (pane);
}

DynoPicture *
dyno_picture_new (DynoLook    look,
                  const char *title)
{
  DynoPicture *self = g_new0 (DynoPicture, 1);

  self->look = look;
  self->title = g_strdup (title != NULL ? title : "");
  self->x.max = 1;
  self->panes = g_ptr_array_new_with_free_func (pane_free);

  return self;
}

void
dyno_picture_free (DynoPicture *self)
{
  if (self == NULL)
    return;

  g_free (self->title);
  g_free (self->caption);
  g_free (self->text);
  g_free (self->x.label);
  g_ptr_array_unref (self->panes);
  g_free (self);
}

void
dyno_picture_set_caption (DynoPicture *self,
                          const char  *caption)
{
  g_free (self->caption);
  self->caption = g_strdup (caption);
}

void
dyno_picture_set_text (DynoPicture *self,
                       const char  *text)
{
  g_free (self->text);
  self->text = g_strdup (text);
}

const char *
dyno_picture_title (const DynoPicture *self)
{
  return self->title;
}

const char *
dyno_picture_text (const DynoPicture *self)
{
  return self->text != NULL ? self->text : "";
}

static void
axis_set (Axis       *axis,
          const char *label,
          double      min,
          double      max)
{
  g_free (axis->label);
  axis->label = g_strdup (label);
  dyno_plot_widen (&min, &max);
  axis->min = min;
  axis->max = max;
}

void
dyno_picture_set_x (DynoPicture *self,
                    const char  *label,
                    gboolean     is_time,
                    double       min,
                    double       max)
{
  axis_set (&self->x, label, min, max);
  self->is_time = is_time;
}

guint
dyno_picture_add_pane (DynoPicture *self,
                       const char  *title,
                       double       weight)
{
  Pane *pane = g_new0 (Pane, 1);

  g_return_val_if_fail (weight > 0, 0);

  pane->title = g_strdup (title != NULL ? title : "");
  pane->weight = weight;
  pane->curves = g_ptr_array_new_with_free_func (curve_free);
  for (int i = 0; i < DYNO_N_SIDES; i++)
    pane->axes[i].max = 1;
  g_ptr_array_add (self->panes, pane);

  return self->panes->len - 1;
}

void
dyno_picture_set_y (DynoPicture *self,
                    guint        pane,
                    DynoSide     side,
                    const char  *label,
                    double       min,
                    double       max)
{
  g_return_if_fail (pane < self->panes->len && side < DYNO_N_SIDES);

  axis_set (&((Pane *) g_ptr_array_index (self->panes, pane))->axes[side], label, min, max);
}

void
dyno_picture_take_curve (DynoPicture   *self,
                         guint          pane,
                         DynoSide       side,
                         DynoLayerKind  kind,
                         DynoDash       dash,
                         guint          trace,
                         const char    *name,
                         gsize          n,
                         double        *x,
                         double        *y,
                         double        *y_high)
{
  Curve *curve;

  g_return_if_fail (pane < self->panes->len && side < DYNO_N_SIDES);

  curve = g_new0 (Curve, 1);
  curve->side = side;
  curve->kind = kind;
  curve->dash = dash;
  curve->trace = trace;
  curve->name = g_strdup (name);
  curve->n = n;
  curve->x = x;
  curve->y = y;
  curve->y_high = y_high;
  g_ptr_array_add (((Pane *) g_ptr_array_index (self->panes, pane))->curves, curve);
}

/* Text. */

static double
text_width (Sheet      *sheet,
            const char *text,
            double      size_em)
{
  return dyno_plot_text_width (sheet->layout, text, sheet->em * size_em);
}

/* `align` 0: x is the left end, 0.5 the middle, 1 the right end; y is the middle. */
static double
put_text (Sheet      *sheet,
          const char *text,
          double      size_em,
          double      x,
          double      y,
          double      align)
{
  return dyno_plot_text (sheet->cr, sheet->layout, text, sheet->em * size_em, x, y, align);
}

/* Axes. */

static DynoPlotScale
x_scale (const Sheet *sheet)
{
  return (DynoPlotScale) { sheet->picture->x.min, sheet->picture->x.max,
                           sheet->left, sheet->right };
}

static DynoPlotTicks
axis_ticks (const Sheet *sheet,
            const Axis  *axis,
            double       length,
            gboolean     is_time)
{
  return dyno_plot_ticks (axis->min, axis->max, length / sheet->em * sheet->px_per_em, is_time);
}

static void
draw_rule (Sheet  *sheet,
           double  x0,
           double  y0,
           double  x1,
           double  y1)
{
  dyno_plot_set_colour (sheet->cr, dyno_palette_grid (sheet->picture->look));
  cairo_set_line_width (sheet->cr, sheet->em * 0.06);
  cairo_set_dash (sheet->cr, NULL, 0, 0);
  cairo_move_to (sheet->cr, x0, y0);
  cairo_line_to (sheet->cr, x1, y1);
  cairo_stroke (sheet->cr);
}

static void
draw_y_axis (Sheet                *sheet,
             const Axis           *axis,
             DynoSide              side,
             const DynoPlotScale  *scale,
             gboolean              has_rules)
{
  double edge = side == DYNO_SIDE_LEFT ? sheet->left : sheet->right;
  double out = side == DYNO_SIDE_LEFT ? -0.5 * sheet->em : 0.5 * sheet->em;
  double align = side == DYNO_SIDE_LEFT ? 1 : 0;
  DynoPlotTicks ticks = axis_ticks (sheet, axis, scale->from - scale->to, FALSE);

  for (guint i = 0; i < ticks.n; i++)
    {
      g_autofree char *text = dyno_plot_tick_text (&ticks, i, FALSE);
      double y = dyno_plot_place (scale, dyno_plot_tick (&ticks, i));

      if (has_rules)
        draw_rule (sheet, sheet->left, y, sheet->right, y);
      dyno_plot_set_colour (sheet->cr, dyno_palette_dim (sheet->picture->look));
      put_text (sheet, text, 0.9, edge + out, y, align);
    }
  dyno_plot_set_colour (sheet->cr, dyno_palette_ink (sheet->picture->look));
  put_text (sheet, axis->label, 0.9, edge, scale->to - 0.8 * sheet->em,
            side == DYNO_SIDE_LEFT ? 0 : 1);
}

static void
draw_x_axis (Sheet    *sheet,
             double    top,
             double    bottom,
             gboolean  has_labels)
{
  const DynoPicture *picture = sheet->picture;
  DynoPlotScale scale = x_scale (sheet);
  DynoPlotTicks ticks =
      axis_ticks (sheet, &picture->x, sheet->right - sheet->left, picture->is_time);

  for (guint i = 0; i < ticks.n; i++)
    {
      g_autofree char *text = dyno_plot_tick_text (&ticks, i, picture->is_time);
      double x = dyno_plot_place (&scale, dyno_plot_tick (&ticks, i));

      draw_rule (sheet, x, top, x, bottom);
      dyno_plot_set_colour (sheet->cr, dyno_palette_dim (picture->look));
      if (has_labels)
        put_text (sheet, text, 0.9, x, bottom + 0.9 * sheet->em, 0.5);
    }
  dyno_plot_set_colour (sheet->cr, dyno_palette_ink (picture->look));
  if (has_labels && picture->x.label != NULL)
    put_text (sheet, picture->x.label, 0.9, (sheet->left + sheet->right) / 2,
              bottom + 2.3 * sheet->em, 0.5);
}

/* Curves. */

static DynoPlotPoint *
place_points (const Curve         *curve,
              const double        *y,
              const DynoPlotScale *x_scale,
              const DynoPlotScale *y_scale)
{
  DynoPlotPoint *points = g_new (DynoPlotPoint, MAX (curve->n, 1));

  for (gsize i = 0; i < curve->n; i++)
    {
      points[i].x = dyno_plot_place (x_scale, curve->x[i]);
      points[i].y = dyno_plot_place (y_scale, y[i]);
    }

  return points;
}

static void
draw_curve (Sheet               *sheet,
            const Curve         *curve,
            const DynoPlotScale *y_scale)
{
  DynoPlotScale scale = x_scale (sheet);
  DynoPlotStyle style = dyno_plot_style (sheet->picture->look, curve->kind, curve->trace,
                                         curve->dash, sheet->em * 0.14);
  g_autofree DynoPlotPoint *points = place_points (curve, curve->y, &scale, y_scale);
  g_autofree DynoPlotPoint *high =
      curve->y_high != NULL ? place_points (curve, curve->y_high, &scale, y_scale) : NULL;

  if (curve->kind == DYNO_LAYER_RAW)
    style.width = sheet->em * 0.08;
  switch (curve->kind)
    {
    case DYNO_LAYER_BAND:
      if (high != NULL)
        dyno_plot_band (sheet->cr, &style, points, high, curve->n);
      break;
    case DYNO_LAYER_BARS:
      dyno_plot_bars (sheet->cr, &style, points, curve->n, dyno_plot_place (y_scale, 0));
      break;
    case DYNO_LAYER_POINTS:
      dyno_plot_points (sheet->cr, &style, points, curve->n);
      break;
    case DYNO_LAYER_LINE:
    case DYNO_LAYER_RAW:
    case DYNO_N_LAYER_KINDS:
    default:
      dyno_plot_curve (sheet->cr, &style, points, curve->n);
      break;
    }
}

/* The letter at the end of a line, on a disc of the ground so that it can be
 * read where lines cross. */
static void
draw_letter (Sheet               *sheet,
             const Curve         *curve,
             const DynoPlotScale *y_scale)
{
  DynoPlotScale scale = x_scale (sheet);
  gsize i = curve->n;
  double x;
  double y;

  while (i > 0 && (isnan (curve->y[i - 1]) || curve->x[i - 1] > sheet->picture->x.max))
    i--;
  if (i == 0)
    return;

  x = fmin (dyno_plot_place (&scale, curve->x[i - 1]) + sheet->em, sheet->right - sheet->em);
  y = dyno_plot_place (y_scale, curve->y[i - 1]);
  cairo_new_path (sheet->cr);
  cairo_arc (sheet->cr, x, y, 0.75 * sheet->em, 0, 2 * G_PI);
  dyno_plot_set_colour (sheet->cr, dyno_palette_ground (sheet->picture->look));
  cairo_fill_preserve (sheet->cr);
  dyno_plot_set_colour (sheet->cr, dyno_palette_trace (sheet->picture->look, curve->trace));
  cairo_set_line_width (sheet->cr, sheet->em * 0.12);
  cairo_set_dash (sheet->cr, NULL, 0, 0);
  cairo_stroke (sheet->cr);
  dyno_plot_set_colour (sheet->cr, dyno_palette_ink (sheet->picture->look));
  put_text (sheet, dyno_palette_letter (curve->trace), 0.85, x, y, 0.5);
}

static void
draw_pane (Sheet      *sheet,
           const Pane *pane,
           double      top,
           double      bottom,
           gboolean    is_last)
{
  DynoPlotScale scales[DYNO_N_SIDES];
  gboolean has_left = pane->axes[DYNO_SIDE_LEFT].label != NULL;

  draw_x_axis (sheet, top, bottom, is_last);
  for (int i = 0; i < DYNO_N_SIDES; i++)
    {
      scales[i] = (DynoPlotScale) { pane->axes[i].min, pane->axes[i].max, bottom, top };
      if (pane->axes[i].label != NULL)
        draw_y_axis (sheet, &pane->axes[i], i, &scales[i], i == DYNO_SIDE_LEFT || !has_left);
    }
  dyno_plot_set_colour (sheet->cr, dyno_palette_ink (sheet->picture->look));
  put_text (sheet, pane->title, 1, (sheet->left + sheet->right) / 2, top - 0.8 * sheet->em, 0.5);

  cairo_save (sheet->cr);
  cairo_rectangle (sheet->cr, sheet->left, top, sheet->right - sheet->left, bottom - top);
  cairo_clip (sheet->cr);
  for (guint i = 0; i < pane->curves->len; i++)
    {
      const Curve *curve = g_ptr_array_index (pane->curves, i);

      draw_curve (sheet, curve, &scales[curve->side]);
    }
  for (guint i = 0; i < pane->curves->len; i++)
    {
      const Curve *curve = g_ptr_array_index (pane->curves, i);

      if (curve->name != NULL)
        draw_letter (sheet, curve, &scales[curve->side]);
    }
  cairo_restore (sheet->cr);
}

/* Legend. */

static void
draw_sample (Sheet       *sheet,
             const Curve *curve,
             double       x,
             double       y)
{
  DynoPlotStyle style = dyno_plot_style (sheet->picture->look, curve->kind, curve->trace,
                                         curve->dash, sheet->em * 0.14);
  DynoPlotPoint ends[2] = { { x, y }, { x + 2.4 * sheet->em, y } };

  dyno_plot_curve (sheet->cr, &style, ends, 2);
}

/* One entry after the other, in rows; the answer is the y below the last row. */
static double
draw_legend (Sheet  *sheet,
             double  y)
{
  double em = sheet->em;
  double x = sheet->left;
  gboolean is_empty = TRUE;

  for (guint p = 0; p < sheet->picture->panes->len; p++)
    {
      const Pane *pane = g_ptr_array_index (sheet->picture->panes, p);

      for (guint i = 0; i < pane->curves->len; i++)
        {
          const Curve *curve = g_ptr_array_index (pane->curves, i);
          g_autofree char *text = NULL;
          double width;

          if (curve->name == NULL)
            continue;
          text = g_strdup_printf ("%s  %s", dyno_palette_letter (curve->trace), curve->name);
          width = text_width (sheet, text, 0.95) + 5 * em;
          if (x + width > sheet->right && x > sheet->left)
            {
              x = sheet->left;
              y += 1.6 * em;
            }
          draw_sample (sheet, curve, x, y);
          dyno_plot_set_colour (sheet->cr, dyno_palette_ink (sheet->picture->look));
          put_text (sheet, text, 0.95, x + 3 * em, y, 0);
          x += width;
          is_empty = FALSE;
        }
    }

  return is_empty ? y : y + 1.6 * em;
}

/* The widest tick of any pane, so that all plots begin at one x. */
static double
widest_tick (Sheet    *sheet,
             DynoSide  side)
{
  double widest = 0;

  for (guint p = 0; p < sheet->picture->panes->len; p++)
    {
      const Pane *pane = g_ptr_array_index (sheet->picture->panes, p);
      DynoPlotTicks ticks;

      if (pane->axes[side].label == NULL)
        continue;
      ticks = axis_ticks (sheet, &pane->axes[side], sheet->em * 20, FALSE);
      for (guint i = 0; i < ticks.n; i++)
        {
          g_autofree char *text = dyno_plot_tick_text (&ticks, i, FALSE);

          widest = fmax (widest, text_width (sheet, text, 0.9));
        }
    }

  return widest;
}

static void
draw_panes (Sheet *sheet)
{
  const GPtrArray *panes = sheet->picture->panes;
  double head = 1.9 * sheet->em;
  double height = sheet->bottom - sheet->top - head * panes->len;
  double weights = 0;
  double y = sheet->top;

  for (guint i = 0; i < panes->len; i++)
    weights += ((Pane *) g_ptr_array_index (panes, i))->weight;
  for (guint i = 0; i < panes->len; i++)
    {
      const Pane *pane = g_ptr_array_index (panes, i);
      double bottom = y + head + height * pane->weight / weights;

      draw_pane (sheet, pane, y + head, bottom, i + 1 == panes->len);
      y = bottom;
    }
}

static void
draw_all (const DynoPicture *self,
          cairo_t           *cr,
          double             width,
          double             height,
          double             em,
          double             px_per_em)
{
  Sheet sheet = { .picture = self, .cr = cr, .layout = dyno_plot_text_layout (cr) };
  gboolean has_title = *self->title != '\0';

  sheet.em = em;
  sheet.px_per_em = px_per_em;
  sheet.left = 2 * em + widest_tick (&sheet, DYNO_SIDE_LEFT);
  sheet.right = width - 2 * em - widest_tick (&sheet, DYNO_SIDE_RIGHT);
  sheet.bottom = height - (self->caption != NULL ? 5.6 : 3.8) * em;

  dyno_plot_set_colour (cr, dyno_palette_ground (self->look));
  cairo_rectangle (cr, 0, 0, width, height);
  cairo_fill (cr);
  dyno_plot_set_colour (cr, dyno_palette_ink (self->look));
  if (has_title)
    put_text (&sheet, self->title, 1.4, sheet.left, 2 * em, 0);
  sheet.top = draw_legend (&sheet, (has_title ? 4 : 1) * em);
  if (self->panes->len > 0)
    draw_panes (&sheet);
  dyno_plot_set_colour (cr, dyno_palette_dim (self->look));
  if (self->caption != NULL)
    put_text (&sheet, self->caption, 0.9, sheet.left, height - 1.5 * em, 0);
  g_object_unref (sheet.layout);
}

void
dyno_picture_draw (const DynoPicture *self,
                   cairo_t           *cr,
                   double             width,
                   double             height)
{
  draw_all (self, cr, width, height, height / LINES_OF_TEXT, PX_PER_EM);
}

void
dyno_picture_draw_sized (const DynoPicture *self,
                         cairo_t           *cr,
                         double             width,
                         double             height,
                         double             em)
{
  draw_all (self, cr, width, height, em, PX_PER_EM_PAPER);
}
