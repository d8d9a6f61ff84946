/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-gauge.h"

#include "dyno-canvas.h"
#include "dyno-compat.h"
#include "dyno-digit-group.h"
#include "dyno-look.h"
#include "dyno-plot.h"

#include <math.h>

#define HALF_SWEEP 120.0 /* degrees on both sides of straight up */
#define LEAST_MOVE 0.5   /* of the needle's tip, px */
#define RING 0.12        /* width of the ring, of the radius */
#define NEEDLE_WIDTH 4
#define TIP 0.86         /* of the needle, of the radius; it leaves the digits free */
#define FOOT 0.46

struct _DynoGauge
{
  GtkWidget      parent_instance;

  DynoMeter     *meter;       /* (owned) (nullable) */
  DynoCanvas    *canvas;      /* (owned) ring and ticks */
  GskRenderNode *texts;       /* (owned) (nullable) of the face */
  gboolean       has_face;    /* both are right */
  double         digit_size;  /* px; 0: not known */
  double         shown_angle; /* of the needle as drawn; NaN: none */
  guint64        n_drawn;
  guint64        n_faces;
};

enum
{
  PROP_METER = 1,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (DynoGauge, dyno_gauge, GTK_TYPE_WIDGET)

/* One drawing: the middle of the dial and its radius. */
typedef struct
{
  DynoGauge   *self;
  GtkSnapshot *snapshot;
  double       x;
  double       y;
  double       radius;
  double       line; /* height of small text */
  double       low;  /* range of the dial, SI */
  double       high;
  GdkRGBA      ink;
} Sheet;

/* The range, or five quarters of that of the target on both sides. */
static gboolean
dial_range (DynoGauge *self,
            double    *low,
            double    *high)
{
  double target;
  double range;

  if (self->meter == NULL)
    return FALSE;
  if (!dyno_meter_get_target (self->meter, &target, &range))
    return dyno_meter_get_range (self->meter, low, high);

  *low = target - 1.25 * range;
  *high = target + 1.25 * range;

  return TRUE;
}

static double
angle_of (double low,
          double high,
          double value)
{
  return (CLAMP ((value - low) / (high - low), 0, 1) * 2 - 1) * HALF_SWEEP;
}

double
dyno_gauge_get_angle (DynoGauge *self)
{
  double low;
  double high;
  double value;

  if (!dial_range (self, &low, &high))
    return NAN;

  value = dyno_meter_get_value (self->meter);

  return isnan (value) ? NAN : angle_of (low, high, value);
}

static double
line_height (GtkWidget *widget)
{
  g_autoptr(PangoLayout) layout = gtk_widget_create_pango_layout (widget, "0");
  int height;

  pango_layout_get_pixel_size (layout, NULL, &height);

  return height;
}

/* The title stands above, the digits in the open part below. */
static void
lay_out (DynoGauge *self,
         Sheet     *sheet)
{
  GtkWidget *widget = GTK_WIDGET (self);
  double width = gtk_widget_get_width (widget);
  double height;

  sheet->line = line_height (widget);
  height = gtk_widget_get_height (widget) - sheet->line;
  /* Below the middle the dial needs half its radius and the foot a line. */
  sheet->radius = fmax (fmin (width / 2 - 2, (height - 4) / 1.55), 1);
  sheet->x = floor (width / 2);
  sheet->y = sheet->line + 2 + sheet->radius;
}

/* Around (x, y); `size` 0: small text. The answer is how wide it is. */
static double
put_text (Sheet         *sheet,
          const char    *text,
          double         x,
          double         y,
          double         size,
          gboolean       is_struck,
          const GdkRGBA *color)
{
  g_autoptr(PangoLayout) layout =
      gtk_widget_create_pango_layout (GTK_WIDGET (sheet->self), text);
  PangoAttrList *attributes = pango_attr_list_new ();
  int width;
  int height;

  if (size > 0)
    pango_attr_list_insert (attributes,
                            pango_attr_size_new_absolute ((int) (size * PANGO_SCALE)));
  pango_attr_list_insert (attributes, pango_attr_strikethrough_new (is_struck));
  pango_layout_set_attributes (layout, attributes);
  pango_attr_list_unref (attributes);
  pango_layout_get_pixel_size (layout, &width, &height);
  gtk_snapshot_save (sheet->snapshot);
  gtk_snapshot_translate (sheet->snapshot,
                          &GRAPHENE_POINT_INIT ((float) floor (x - width / 2.0),
                                                (float) floor (y - height / 2.0)));
  gtk_snapshot_append_layout (sheet->snapshot, layout, color);
  gtk_snapshot_restore (sheet->snapshot);

  return width;
}

/* Face. */

/* A piece of the ring between two values. */
static void
draw_arc (Sheet      *sheet,
          cairo_t    *cr,
          double      from,
          double      to,
          DynoColour  colour)
{
  double begin = angle_of (sheet->low, sheet->high, from);
  double end = angle_of (sheet->low, sheet->high, to);

  if (!(end > begin))
    return;

  dyno_plot_set_colour (cr, colour);
  cairo_set_line_width (cr, sheet->radius * RING);
  cairo_arc (cr, sheet->x, sheet->y, sheet->radius * (1 - RING / 2), (begin - 90) * G_PI / 180,
             (end - 90) * G_PI / 180);
  cairo_stroke (cr);
}

static void
draw_mixture_ring (Sheet   *sheet,
                   cairo_t *cr,
                   double   target,
                   double   range)
{
  DynoLook look = dyno_look_now ();

  /* Class k begins at (2k − 1) R / 11. */
  for (int k = -5; k <= 5; k++)
    {
      double from = k == -5 ? sheet->low : target + (2 * k - 1) * range / 11;
      double to = k == 5 ? sheet->high : target + (2 * k + 1) * range / 11;

      draw_arc (sheet, cr, from, to, dyno_palette_diverging (look, k));
    }
}

static void
draw_limit_ring (Sheet   *sheet,
                 cairo_t *cr)
{
  DynoLook look = dyno_look_now ();
  DynoColour plain = { sheet->ink.red, sheet->ink.green, sheet->ink.blue, 0.15f };
  DynoColour warn = dyno_palette_status (look, DYNO_STATUS_WARN);
  DynoColour fault = dyno_palette_status (look, DYNO_STATUS_FAULT);
  double amber[2];
  double red[2];

  /* Inverted, the ground has the colour of the fault. */
  if (dyno_meter_get_alarm (sheet->self->meter) == DYNO_ALARM_RED)
    {
      warn = dyno_palette_fade (plain, 3);
      fault = dyno_palette_fade (plain, 6);
    }
  dyno_meter_get_limits (sheet->self->meter, amber, red);
  draw_arc (sheet, cr, sheet->low, sheet->high, plain);
  draw_arc (sheet, cr, sheet->low, fmax (amber[0], sheet->low), warn);
  draw_arc (sheet, cr, fmin (amber[1], sheet->high), isnan (amber[1]) ? NAN : sheet->high, warn);
  draw_arc (sheet, cr, sheet->low, fmax (red[0], sheet->low), fault);
  draw_arc (sheet, cr, fmin (red[1], sheet->high), isnan (red[1]) ? NAN : sheet->high, fault);
}

/* Ticks in the unit shown, as far apart as on an axis. */
static void
draw_ticks (Sheet   *sheet,
            cairo_t *cr)
{
  const DynoUnit *unit = dyno_meter_get_unit (sheet->self->meter);
  double length = sheet->radius * (1 - RING) * 2 * HALF_SWEEP * G_PI / 180;
  DynoPlotTicks ticks = dyno_plot_ticks (dyno_unit_from_si (unit, sheet->low),
                                         dyno_unit_from_si (unit, sheet->high), length, FALSE);

  for (guint i = 0; i < ticks.n; i++)
    {
      double value = dyno_unit_to_si (unit, dyno_plot_tick (&ticks, i));
      double angle = angle_of (sheet->low, sheet->high, value) * G_PI / 180;
      double inner = sheet->radius * (1 - RING) - 2;
      g_autofree char *text = dyno_plot_tick_text (&ticks, i, FALSE);

      cairo_set_line_width (cr, 1.5);
      cairo_set_source_rgba (cr, sheet->ink.red, sheet->ink.green, sheet->ink.blue, 0.8);
      cairo_move_to (cr, sheet->x + sin (angle) * inner, sheet->y - cos (angle) * inner);
      cairo_line_to (cr, sheet->x + sin (angle) * (inner - 6),
                     sheet->y - cos (angle) * (inner - 6));
      cairo_stroke (cr);
      inner -= 8 + sheet->line * 0.7;
      if (sheet->radius > 4 * sheet->line)
        put_text (sheet, text, sheet->x + sin (angle) * inner, sheet->y - cos (angle) * inner,
                  sheet->line * 0.62, FALSE, &sheet->ink);
    }
}

static void
draw_ring (Sheet   *sheet,
           cairo_t *cr)
{
  double target;
  double range;

  if (dyno_meter_get_target (sheet->self->meter, &target, &range))
    draw_mixture_ring (sheet, cr, target, range);
  else
    draw_limit_ring (sheet, cr);
}

/* Ring and ticks as pixels, texts as a node: moving the needle strokes no arc. */
static void
append_face (Sheet *sheet)
{
  DynoGauge *self = sheet->self;
  GtkWidget *widget = GTK_WIDGET (self);

  if (dyno_canvas_resize (self->canvas, gtk_widget_get_width (widget),
                          gtk_widget_get_height (widget), gtk_widget_get_scale_factor (widget)))
    self->has_face = FALSE;
  if (!self->has_face)
    {
      cairo_t *cr = dyno_canvas_begin (self->canvas, G_MAXINT / 2);
      g_autoptr(GtkSnapshot) texts = gtk_snapshot_new ();
      GtkSnapshot *outer = sheet->snapshot;

      draw_ring (sheet, cr);
      sheet->snapshot = texts;
      draw_ticks (sheet, cr);
      sheet->snapshot = outer;
      cairo_destroy (cr);
      g_clear_pointer (&self->texts, gsk_render_node_unref);
      self->texts = gtk_snapshot_to_node (texts);
      self->has_face = TRUE;
      self->n_faces++;
    }
  dyno_canvas_append (self->canvas, sheet->snapshot);
  if (self->texts != NULL)
    gtk_snapshot_append_node (sheet->snapshot, self->texts);
}

/* What changes. */

static void
draw_needle (Sheet  *sheet,
             double  angle)
{
  float tip = (float) (sheet->radius * TIP);
  float foot = (float) (sheet->radius * FOOT);

  gtk_snapshot_save (sheet->snapshot);
  gtk_snapshot_translate (sheet->snapshot, &GRAPHENE_POINT_INIT ((float) sheet->x,
                                                                 (float) sheet->y));
  gtk_snapshot_rotate (sheet->snapshot, (float) angle);
  gtk_snapshot_append_color (sheet->snapshot, &sheet->ink,
                             &GRAPHENE_RECT_INIT (-NEEDLE_WIDTH / 2, -tip, NEEDLE_WIDTH,
                                                  tip - foot));
  gtk_snapshot_restore (sheet->snapshot);
}

static void
draw_digits (Sheet *sheet)
{
  DynoMeter *meter = sheet->self->meter;
  DynoMeterForm form = dyno_meter_get_form (meter);
  GdkRGBA grey = dyno_look_rgba (dyno_palette_status (dyno_look_now (), DYNO_STATUS_OFF));

  if (sheet->self->digit_size == 0)
    sheet->self->digit_size =
        dyno_digit_size (GTK_WIDGET (sheet->self), dyno_meter_get_widest (meter),
                         sheet->radius * 0.88, sheet->radius * 0.5);
  put_text (sheet, dyno_meter_get_digits (meter), sheet->x, sheet->y + sheet->radius * 0.05,
            sheet->self->digit_size, form == DYNO_METER_STRUCK,
            form == DYNO_METER_STALE ? &grey : &sheet->ink);
}

/* Unit, or the word of the state with its icon before it. */
static void
draw_foot (Sheet *sheet)
{
  DynoMeter *meter = sheet->self->meter;
  DynoAlarm alarm = dyno_meter_get_alarm (meter);
  const char *word = dyno_meter_get_word (meter);
  double y = sheet->y + sheet->radius * 0.42;
  double size = floor (sheet->line * 0.8);
  double width = put_text (sheet, *word != '\0' ? word : dyno_meter_get_unit (meter)->symbol,
                           sheet->x, y, 0, FALSE, &sheet->ink);

  if (alarm != DYNO_ALARM_NONE)
    dyno_look_draw_icon (GTK_WIDGET (sheet->self), sheet->snapshot,
                         alarm == DYNO_ALARM_RED ? "dyno-fault-symbolic" : "dyno-warn-symbolic",
                         sheet->x - width / 2 - size - 4, y - size / 2, size, &sheet->ink);
}

static void
dyno_gauge_snapshot (GtkWidget   *widget,
                     GtkSnapshot *snapshot)
{
  DynoGauge *self = DYNO_GAUGE (widget);
  Sheet sheet = { .self = self, .snapshot = snapshot };

  if (self->meter == NULL)
    return;

  dyno_compat_get_text_color (widget, &sheet.ink);
  lay_out (self, &sheet);
  put_text (&sheet, dyno_meter_get_title (self->meter), sheet.x, sheet.line / 2, 0, FALSE,
            &sheet.ink);
  if (dial_range (self, &sheet.low, &sheet.high))
    append_face (&sheet);
  self->shown_angle = dyno_gauge_get_angle (self);
  if (!isnan (self->shown_angle))
    draw_needle (&sheet, self->shown_angle);
  draw_digits (&sheet);
  draw_foot (&sheet);
  self->n_drawn++;
}

static void
dyno_gauge_measure (GtkWidget      *widget,
                    GtkOrientation  orientation,
                    int             for_size,
                    int            *minimum,
                    int            *natural,
                    int            *minimum_baseline,
                    int            *natural_baseline)
{
  double line = line_height (widget);

  *minimum = (int) (orientation == GTK_ORIENTATION_HORIZONTAL ? 7 * line : 6.5 * line);
  *natural = (int) (orientation == GTK_ORIENTATION_HORIZONTAL ? 12 * line : 10.5 * line);
}

static void
forget_face (GtkWidget *widget)
{
  DYNO_GAUGE (widget)->has_face = FALSE;
  DYNO_GAUGE (widget)->digit_size = 0;
  gtk_widget_queue_draw (widget);
}

static void
dyno_gauge_size_allocate (GtkWidget *widget,
                          int        width,
                          int        height,
                          int        baseline)
{
  forget_face (widget);
}

static void
dyno_gauge_css_changed (GtkWidget         *widget,
                        GtkCssStyleChange *change)
{
  GTK_WIDGET_CLASS (dyno_gauge_parent_class)->css_changed (widget, change);
  forget_face (widget);
  gtk_widget_queue_resize (widget);
}

/* Following the meter. */

static void
set_class (GtkWidget  *widget,
           const char *name,
           gboolean    is_on)
{
  if (is_on)
    gtk_widget_add_css_class (widget, name);
  else
    gtk_widget_remove_css_class (widget, name);
}

static void
meter_changed_cb (DynoGauge *self)
{
  DynoAlarm alarm = dyno_meter_get_alarm (self->meter);

  set_class (GTK_WIDGET (self), "dyno-amber", alarm == DYNO_ALARM_AMBER);
  set_class (GTK_WIDGET (self), "dyno-red", alarm == DYNO_ALARM_RED);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
meter_face_cb (DynoGauge *self)
{
  forget_face (GTK_WIDGET (self));
}

/* A value whose digits are the same may still move the needle. */
static void
meter_moved_cb (DynoGauge *self)
{
  Sheet sheet = { .self = self };
  double angle = dyno_gauge_get_angle (self);

  if (isnan (angle) || isnan (self->shown_angle))
    return;

  lay_out (self, &sheet);
  if (fabs (angle - self->shown_angle) * G_PI / 180 * sheet.radius * TIP >= LEAST_MOVE)
    gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
meter_named_cb (DynoGauge *self)
{
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  dyno_meter_get_title (self->meter), -1);
}

static void
meter_spoken_cb (DynoGauge *self)
{
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  dyno_meter_get_spoken (self->meter), -1);
}

static void
drop_meter (DynoGauge *self)
{
  if (self->meter != NULL)
    g_signal_handlers_disconnect_by_data (self->meter, self);
  g_clear_object (&self->meter);
}

void
dyno_gauge_set_meter (DynoGauge *self,
                      DynoMeter *meter)
{
  g_return_if_fail (DYNO_IS_GAUGE (self));
  g_return_if_fail (meter == NULL || DYNO_IS_METER (meter));

  if (self->meter == meter)
    return;

  drop_meter (self);
  self->meter = meter != NULL ? g_object_ref (meter) : NULL;
  if (meter != NULL)
    {
      g_signal_connect_swapped (meter, "changed", G_CALLBACK (meter_changed_cb), self);
      g_signal_connect_swapped (meter, "moved", G_CALLBACK (meter_moved_cb), self);
      g_signal_connect_swapped (meter, "face-changed", G_CALLBACK (meter_face_cb), self);
      g_signal_connect_swapped (meter, "notify::title", G_CALLBACK (meter_named_cb), self);
      g_signal_connect_swapped (meter, "notify::spoken", G_CALLBACK (meter_spoken_cb), self);
      meter_named_cb (self);
      meter_spoken_cb (self);
      meter_changed_cb (self);
    }
  forget_face (GTK_WIDGET (self));
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_METER]);
}

DynoMeter *
dyno_gauge_get_meter (DynoGauge *self)
{
  return self->meter;
}

void
dyno_gauge_get_counts (DynoGauge *self,
                       guint64   *n_drawn,
                       guint64   *n_faces)
{
  *n_drawn = self->n_drawn;
  *n_faces = self->n_faces;
}

/* Object. */

static void
dyno_gauge_dispose (GObject *object)
{
  DynoGauge *self = DYNO_GAUGE (object);

  drop_meter (self);
  g_clear_pointer (&self->texts, gsk_render_node_unref);

  G_OBJECT_CLASS (dyno_gauge_parent_class)->dispose (object);
}

static void
dyno_gauge_finalize (GObject *object)
{
  dyno_canvas_free (DYNO_GAUGE (object)->canvas);

  G_OBJECT_CLASS (dyno_gauge_parent_class)->finalize (object);
}

static void
dyno_gauge_get_property (GObject    *object,
                         guint       id,
                         GValue     *value,
                         GParamSpec *pspec)
{
  if (id == PROP_METER)
    g_value_set_object (value, DYNO_GAUGE (object)->meter);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
dyno_gauge_set_property (GObject      *object,
                         guint         id,
                         const GValue *value,
                         GParamSpec   *pspec)
{
  if (id == PROP_METER)
    dyno_gauge_set_meter (DYNO_GAUGE (object), g_value_get_object (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
dyno_gauge_class_init (DynoGaugeClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = dyno_gauge_dispose;
  object_class->finalize = dyno_gauge_finalize;
  object_class->get_property = dyno_gauge_get_property;
  object_class->set_property = dyno_gauge_set_property;
  widget_class->snapshot = dyno_gauge_snapshot;
  widget_class->size_allocate = dyno_gauge_size_allocate;
  widget_class->measure = dyno_gauge_measure;
  widget_class->css_changed = dyno_gauge_css_changed;

  props[PROP_METER] =
      g_param_spec_object ("meter", NULL, NULL, DYNO_TYPE_METER,
                           G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, props);

  gtk_widget_class_set_css_name (widget_class, "dynogauge");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_METER);
}

static void
dyno_gauge_init (DynoGauge *self)
{
  self->shown_angle = NAN;
  self->canvas = dyno_canvas_new ();
  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
  dyno_look_watch (GTK_WIDGET (self), forget_face);
}

GtkWidget *
dyno_gauge_new (DynoMeter *meter)
{
  return g_object_new (DYNO_TYPE_GAUGE, "meter", meter, NULL);
}
