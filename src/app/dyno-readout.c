/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-readout.h"

#include "dyno-compat.h"
#include "dyno-look.h"

#include <math.h>

#define BAR_HEIGHT 6
#define BAR_GAP 4
#define MARK_WIDTH 2

struct _DynoReadout
{
  GtkWidget       parent_instance;

  DynoMeter      *meter;      /* (owned) (nullable) */
  DynoDigitGroup *group;      /* (owned) (nullable) */
  double          own_size;   /* of the digits, were there no group; px */
  double          line;       /* height of a line of small text */
  PangoLayout    *title;      /* (owned) (nullable) kept, for it hardly changes */
  PangoLayout    *unit;       /* (owned) (nullable) */
  double          widest;     /* width of the widest digits at `widest_size`, px */
  double          widest_size;
};

enum
{
  PROP_METER = 1,
  PROP_GROUP,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (DynoReadout, dyno_readout, GTK_TYPE_WIDGET)

/* One drawing. */
typedef struct
{
  DynoReadout *self;
  GtkSnapshot *snapshot;
  double       width;
  double       height;
  GdkRGBA      ink;  /* of the style, so that an inverted one is readable */
  GdkRGBA      grey; /* of a stale number */
} Sheet;

double
dyno_readout_get_digit_size (DynoReadout *self)
{
  double size = self->group != NULL ? dyno_digit_group_get_size (self->group) : 0;

  return size > 0 ? size : self->own_size;
}

static void
put_layout (Sheet         *sheet,
            PangoLayout   *layout,
            double         x,
            double         y,
            const GdkRGBA *color)
{
  gtk_snapshot_save (sheet->snapshot);
  gtk_snapshot_translate (sheet->snapshot, &GRAPHENE_POINT_INIT ((float) floor (x),
                                                                 (float) floor (y)));
  gtk_snapshot_append_layout (sheet->snapshot, layout, color);
  gtk_snapshot_restore (sheet->snapshot);
}

/* Small text from x on, or with `is_end` up to it; not wider than `width`. The
 * answer is how wide it is. */
static double
put_text (Sheet      *sheet,
          const char *text,
          double      x,
          double      y,
          double      width,
          gboolean    is_end)
{
  g_autoptr(PangoLayout) layout = NULL;
  int text_width;

  if (*text == '\0')
    return 0;

  layout = gtk_widget_create_pango_layout (GTK_WIDGET (sheet->self), text);
  pango_layout_get_pixel_size (layout, &text_width, NULL);
  if (text_width > width)
    {
      pango_layout_set_width (layout, (int) (fmax (width, 0) * PANGO_SCALE));
      pango_layout_set_ellipsize (layout, PANGO_ELLIPSIZE_END);
      pango_layout_get_pixel_size (layout, &text_width, NULL);
    }
  put_layout (sheet, layout, is_end ? x - text_width : x, y, &sheet->ink);

  return text_width;
}

static void
draw_head (Sheet *sheet)
{
  DynoReadout *self = sheet->self;
  int unit_width;

  if (self->title == NULL)
    {
      self->title = gtk_widget_create_pango_layout (GTK_WIDGET (self),
                                                    dyno_meter_get_title (self->meter));
      self->unit = gtk_widget_create_pango_layout (GTK_WIDGET (self),
                                                   dyno_meter_get_unit (self->meter)->symbol);
      pango_layout_get_pixel_size (self->unit, &unit_width, NULL);
      pango_layout_set_ellipsize (self->title, PANGO_ELLIPSIZE_END);
      pango_layout_set_width (self->title, (int) fmax (sheet->width - unit_width - 6, 0)
                                               * PANGO_SCALE);
    }
  pango_layout_get_pixel_size (self->unit, &unit_width, NULL);
  put_layout (sheet, self->title, 0, 0, &sheet->ink);
  put_layout (sheet, self->unit, sheet->width - unit_width, 0, &sheet->ink);
}

static PangoLayout *
digits_layout (DynoReadout *self,
               const char  *text,
               gboolean     is_struck)
{
  PangoLayout *layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), text);
  PangoAttrList *attributes = pango_attr_list_new ();

  pango_attr_list_insert (attributes,
                          pango_attr_size_new_absolute ((int) (dyno_readout_get_digit_size (self)
                                                               * PANGO_SCALE)));
  pango_attr_list_insert (attributes, pango_attr_strikethrough_new (is_struck));
  pango_layout_set_attributes (layout, attributes);
  pango_attr_list_unref (attributes);

  return layout;
}

static double
widest_width (DynoReadout *self)
{
  double size = dyno_readout_get_digit_size (self);

  if (self->widest_size != size)
    {
      g_autoptr(PangoLayout) layout =
          digits_layout (self, dyno_meter_get_widest (self->meter), FALSE);
      int width;

      pango_layout_get_pixel_size (layout, &width, NULL);
      self->widest = width;
      self->widest_size = size;
    }

  return self->widest;
}

/* Right ends stand below each other: where the widest value would end. A dash
 * stands in the middle. */
static void
draw_digits (Sheet  *sheet,
             double  top,
             double  bottom)
{
  DynoMeter *meter = sheet->self->meter;
  DynoMeterForm form = dyno_meter_get_form (meter);
  g_autoptr(PangoLayout) digits =
      digits_layout (sheet->self, dyno_meter_get_digits (meter), form == DYNO_METER_STRUCK);
  int width;
  int height;
  double end;

  pango_layout_get_pixel_size (digits, &width, &height);
  end = (sheet->width + (form == DYNO_METER_DASH ? width : widest_width (sheet->self))) / 2;
  put_layout (sheet, digits, end - width,
              top + (bottom - top - height) / 2,
              form == DYNO_METER_STALE ? &sheet->grey : &sheet->ink);
}

/* The state's word with its icon, and the highest so far. */
static void
draw_foot (Sheet  *sheet,
           double  y)
{
  DynoMeter *meter = sheet->self->meter;
  double line = sheet->self->line;
  double x = 0;
  double used = put_text (sheet, dyno_meter_get_max (meter), sheet->width, y,
                          sheet->width * 0.6, TRUE);

  if (dyno_meter_get_alarm (meter) != DYNO_ALARM_NONE)
    {
      double size = floor (line * 0.8);

      dyno_look_draw_icon (GTK_WIDGET (sheet->self), sheet->snapshot,
                           dyno_meter_get_alarm (meter) == DYNO_ALARM_RED ? "dyno-fault-symbolic"
                                                                          : "dyno-warn-symbolic",
                           0, y + floor ((line - size) / 2), size, &sheet->ink);
      x = line;
    }
  put_text (sheet, dyno_meter_get_word (meter), x, y, sheet->width - x - used - 6, FALSE);
}

static void
put_mark (Sheet  *sheet,
          double  y,
          double  low,
          double  high,
          double  limit,
          DynoStatus status)
{
  GdkRGBA color = dyno_meter_get_alarm (sheet->self->meter) == DYNO_ALARM_RED
                      ? sheet->ink
                      : dyno_look_rgba (dyno_palette_status (dyno_look_now (), status));
  double x = (limit - low) / (high - low) * sheet->width;

  if (isnan (limit) || limit <= low || limit >= high)
    return;

  gtk_snapshot_append_color (sheet->snapshot, &color,
                             &GRAPHENE_RECT_INIT ((float) floor (x), (float) y - 2, MARK_WIDTH,
                                                  BAR_HEIGHT + 4));
}

/* The value within its range; from zero where zero is within. */
static void
draw_bar (Sheet  *sheet,
          double  y,
          double  low,
          double  high)
{
  DynoMeter *meter = sheet->self->meter;
  double value = dyno_meter_get_value (meter);
  double zero = CLAMP (-low / (high - low), 0, 1) * sheet->width;
  GdkRGBA track = sheet->ink;
  double amber[2];
  double red[2];

  track.alpha *= 0.15f;
  gtk_snapshot_append_color (sheet->snapshot, &track,
                             &GRAPHENE_RECT_INIT (0, (float) y, (float) sheet->width, BAR_HEIGHT));
  if (!isnan (value))
    {
      double x = CLAMP ((value - low) / (high - low), 0, 1) * sheet->width;

      gtk_snapshot_append_color (sheet->snapshot,
                                 dyno_meter_get_form (meter) == DYNO_METER_STALE ? &sheet->grey
                                                                                 : &sheet->ink,
                                 &GRAPHENE_RECT_INIT ((float) floor (fmin (x, zero)), (float) y,
                                                      (float) ceil (fabs (x - zero)), BAR_HEIGHT));
    }
  dyno_meter_get_limits (meter, amber, red);
  for (int i = 0; i < 2; i++)
    {
      put_mark (sheet, y, low, high, amber[i], DYNO_STATUS_WARN);
      put_mark (sheet, y, low, high, red[i], DYNO_STATUS_FAULT);
    }
}

static void
dyno_readout_snapshot (GtkWidget   *widget,
                       GtkSnapshot *snapshot)
{
  DynoReadout *self = DYNO_READOUT (widget);
  Sheet sheet = {
    .self = self,
    .snapshot = snapshot,
    .width = gtk_widget_get_width (widget),
    .height = gtk_widget_get_height (widget),
    .grey = dyno_look_rgba (dyno_palette_status (dyno_look_now (), DYNO_STATUS_OFF)),
  };
  double bottom = sheet.height;
  double low;
  double high;

  if (self->meter == NULL)
    return;

  dyno_compat_get_text_color (widget, &sheet.ink);
  draw_head (&sheet);
  if (dyno_meter_get_range (self->meter, &low, &high))
    {
      bottom -= BAR_HEIGHT;
      draw_bar (&sheet, bottom, low, high);
      bottom -= BAR_GAP;
    }
  draw_foot (&sheet, bottom - self->line);
  draw_digits (&sheet, self->line, bottom - self->line);
}

static double
line_height (GtkWidget *widget)
{
  g_autoptr(PangoLayout) layout = gtk_widget_create_pango_layout (widget, "0");
  int height;

  pango_layout_get_pixel_size (layout, NULL, &height);

  return height;
}

/* Two lines of small text and the bar are always kept free, so that the size
 * follows neither value nor state. */
static void
update_size (DynoReadout *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  double height;

  g_clear_object (&self->title);
  g_clear_object (&self->unit);
  if (self->meter == NULL || gtk_widget_get_width (widget) <= 0)
    return;

  self->line = line_height (widget);
  self->widest_size = 0;
  height = gtk_widget_get_height (widget) - 2 * self->line - BAR_HEIGHT - BAR_GAP;
  self->own_size = dyno_digit_size (widget, dyno_meter_get_widest (self->meter),
                                    gtk_widget_get_width (widget), fmax (height, 1));
  if (self->group != NULL)
    dyno_digit_group_offer (self->group, self, self->own_size);
}

static void
dyno_readout_size_allocate (GtkWidget *widget,
                            int        width,
                            int        height,
                            int        baseline)
{
  update_size (DYNO_READOUT (widget));
}

static void
dyno_readout_measure (GtkWidget      *widget,
                      GtkOrientation  orientation,
                      int             for_size,
                      int            *minimum,
                      int            *natural,
                      int            *minimum_baseline,
                      int            *natural_baseline)
{
  double line = line_height (widget);

  *minimum = (int) (orientation == GTK_ORIENTATION_HORIZONTAL ? 5 * line : 4.5 * line);
  *natural = (int) (orientation == GTK_ORIENTATION_HORIZONTAL ? 9 * line : 6.5 * line);
}

static void
dyno_readout_css_changed (GtkWidget         *widget,
                          GtkCssStyleChange *change)
{
  GTK_WIDGET_CLASS (dyno_readout_parent_class)->css_changed (widget, change);
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
meter_changed_cb (DynoReadout *self)
{
  DynoAlarm alarm = dyno_meter_get_alarm (self->meter);

  set_class (GTK_WIDGET (self), "dyno-amber", alarm == DYNO_ALARM_AMBER);
  set_class (GTK_WIDGET (self), "dyno-red", alarm == DYNO_ALARM_RED);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
meter_named_cb (DynoReadout *self)
{
  g_clear_object (&self->title);
  g_clear_object (&self->unit);
  gtk_widget_queue_draw (GTK_WIDGET (self));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  dyno_meter_get_title (self->meter), -1);
}

static void
meter_spoken_cb (DynoReadout *self)
{
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  dyno_meter_get_spoken (self->meter), -1);
}

static void
drop_meter (DynoReadout *self)
{
  if (self->meter != NULL)
    g_signal_handlers_disconnect_by_data (self->meter, self);
  g_clear_object (&self->meter);
}

void
dyno_readout_set_meter (DynoReadout *self,
                        DynoMeter   *meter)
{
  g_return_if_fail (DYNO_IS_READOUT (self));
  g_return_if_fail (meter == NULL || DYNO_IS_METER (meter));

  if (self->meter == meter)
    return;

  drop_meter (self);
  self->meter = meter != NULL ? g_object_ref (meter) : NULL;
  if (meter != NULL)
    {
      g_signal_connect_swapped (meter, "changed", G_CALLBACK (meter_changed_cb), self);
      g_signal_connect_swapped (meter, "face-changed", G_CALLBACK (update_size), self);
      g_signal_connect_swapped (meter, "notify::title", G_CALLBACK (meter_named_cb), self);
      g_signal_connect_swapped (meter, "notify::spoken", G_CALLBACK (meter_spoken_cb), self);
      meter_named_cb (self);
      meter_spoken_cb (self);
      meter_changed_cb (self);
      update_size (self);
    }
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_METER]);
}

DynoMeter *
dyno_readout_get_meter (DynoReadout *self)
{
  return self->meter;
}

static void
drop_group (DynoReadout *self)
{
  if (self->group != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->group, self);
      dyno_digit_group_withdraw (self->group, self);
    }
  g_clear_object (&self->group);
}

void
dyno_readout_set_group (DynoReadout    *self,
                        DynoDigitGroup *group)
{
  g_return_if_fail (DYNO_IS_READOUT (self));

  if (self->group == group)
    return;

  drop_group (self);
  self->group = group != NULL ? g_object_ref (group) : NULL;
  if (group != NULL)
    g_signal_connect_swapped (group, "changed", G_CALLBACK (gtk_widget_queue_draw), self);
  update_size (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_GROUP]);
}

/* Object. */

static void
dyno_readout_dispose (GObject *object)
{
  g_clear_object (&DYNO_READOUT (object)->title);
  g_clear_object (&DYNO_READOUT (object)->unit);
  drop_meter (DYNO_READOUT (object));
  drop_group (DYNO_READOUT (object));

  G_OBJECT_CLASS (dyno_readout_parent_class)->dispose (object);
}

static void
dyno_readout_get_property (GObject    *object,
                           guint       id,
                           GValue     *value,
                           GParamSpec *pspec)
{
  DynoReadout *self = DYNO_READOUT (object);

  switch (id)
    {
    case PROP_METER:
      g_value_set_object (value, self->meter);
      break;
    case PROP_GROUP:
      g_value_set_object (value, self->group);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
dyno_readout_set_property (GObject      *object,
                           guint         id,
                           const GValue *value,
                           GParamSpec   *pspec)
{
  DynoReadout *self = DYNO_READOUT (object);

  switch (id)
    {
    case PROP_METER:
      dyno_readout_set_meter (self, g_value_get_object (value));
      break;
    case PROP_GROUP:
      dyno_readout_set_group (self, g_value_get_object (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
dyno_readout_class_init (DynoReadoutClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->dispose = dyno_readout_dispose;
  object_class->get_property = dyno_readout_get_property;
  object_class->set_property = dyno_readout_set_property;
  widget_class->snapshot = dyno_readout_snapshot;
  widget_class->size_allocate = dyno_readout_size_allocate;
  widget_class->measure = dyno_readout_measure;
  widget_class->css_changed = dyno_readout_css_changed;

  props[PROP_METER] = g_param_spec_object ("meter", NULL, NULL, DYNO_TYPE_METER, flags);
  props[PROP_GROUP] = g_param_spec_object ("group", NULL, NULL, DYNO_TYPE_DIGIT_GROUP, flags);
  g_object_class_install_properties (object_class, N_PROPS, props);

  gtk_widget_class_set_css_name (widget_class, "dynoreadout");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_METER);
}

static void
dyno_readout_init (DynoReadout *self)
{
  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
  dyno_look_watch (GTK_WIDGET (self), gtk_widget_queue_draw);
}

GtkWidget *
dyno_readout_new (DynoMeter *meter)
{
  return g_object_new (DYNO_TYPE_READOUT, "meter", meter, NULL);
}
