/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-cursor.h"

#include "dyno-look.h"

#include <math.h>

#define PADDING 5
#define WIDTH 12

struct _DynoCursor
{
  GtkWidget  parent_instance;

  guint      which;
  char      *text;   /* (owned) */
  char      *spoken; /* (owned) */
  gboolean   is_active;
};

G_DEFINE_FINAL_TYPE (DynoCursor, dyno_cursor, GTK_TYPE_WIDGET)

static PangoLayout *
make_layout (DynoCursor *self)
{
  g_autofree char *text = g_strdup_printf ("%u  %s", self->which + 1, self->text);

  return gtk_widget_create_pango_layout (GTK_WIDGET (self), text);
}

int
dyno_cursor_get_flag (DynoCursor *self)
{
  g_autoptr(PangoLayout) layout = make_layout (self);
  int height;

  pango_layout_get_pixel_size (layout, NULL, &height);

  return height + 4;
}

/* Its flag stands to the right of the line, at the right end of a chart to the
 * left; the second cursor's below the first's. */
static void
draw_flag (DynoCursor  *self,
           GtkSnapshot *snapshot,
           double       middle,
           GdkRGBA      ink,
           GdkRGBA      ground)
{
  g_autoptr(PangoLayout) layout = make_layout (self);
  GtkWidget *parent = gtk_widget_get_parent (GTK_WIDGET (self));
  graphene_point_t at = GRAPHENE_POINT_INIT ((float) middle, 0);
  GskRoundedRect flag;
  int width;
  int height;
  double x;

  pango_layout_get_pixel_size (layout, &width, &height);
  width += 2 * PADDING;
  height += 4;
  if (parent == NULL || !gtk_widget_compute_point (GTK_WIDGET (self), parent, &at, &at))
    at.x = 0;
  x = parent != NULL && at.x + width > gtk_widget_get_width (parent) ? middle - width : middle;

  gsk_rounded_rect_init_from_rect (&flag,
                                   &GRAPHENE_RECT_INIT ((float) x, (float) (self->which * height),
                                                        (float) width, (float) height), 3);
  gtk_snapshot_push_rounded_clip (snapshot, &flag);
  gtk_snapshot_append_color (snapshot, self->is_active ? &ink : &ground, &flag.bounds);
  gtk_snapshot_pop (snapshot);
  gtk_snapshot_append_border (snapshot, &flag, (float[4]) { 1, 1, 1, 1 },
                              (GdkRGBA[4]) { ink, ink, ink, ink });
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT ((float) x + PADDING,
                                                          flag.bounds.origin.y + 2));
  gtk_snapshot_append_layout (snapshot, layout, self->is_active ? &ground : &ink);
  gtk_snapshot_restore (snapshot);
}

static void
dyno_cursor_snapshot (GtkWidget   *widget,
                      GtkSnapshot *snapshot)
{
  DynoCursor *self = DYNO_CURSOR (widget);
  DynoLook look = dyno_look_now ();
  GdkRGBA ink = dyno_look_rgba (dyno_palette_ink (look));
  GdkRGBA ground = dyno_look_rgba (dyno_palette_ground (look));
  double middle = floor (gtk_widget_get_width (widget) / 2.0);
  double height = gtk_widget_get_height (widget);

  gtk_snapshot_append_color (snapshot, &ink,
                             &GRAPHENE_RECT_INIT ((float) middle, 0, 1, (float) height));
  draw_flag (self, snapshot, middle, ink, ground);
}

static void
dyno_cursor_measure (GtkWidget      *widget,
                     GtkOrientation  orientation,
                     int             for_size,
                     int            *minimum,
                     int            *natural,
                     int            *minimum_baseline,
                     int            *natural_baseline)
{
  *minimum = *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? WIDTH : 1;
}

static void
dyno_cursor_finalize (GObject *object)
{
  DynoCursor *self = DYNO_CURSOR (object);

  g_free (self->text);
  g_free (self->spoken);

  G_OBJECT_CLASS (dyno_cursor_parent_class)->finalize (object);
}

static void
dyno_cursor_class_init (DynoCursorClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = dyno_cursor_finalize;
  widget_class->measure = dyno_cursor_measure;
  widget_class->snapshot = dyno_cursor_snapshot;
  gtk_widget_class_set_css_name (widget_class, "dynocursor");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
dyno_cursor_init (DynoCursor *self)
{
  self->text = g_strdup ("");
  self->spoken = g_strdup ("");
  gtk_widget_set_can_target (GTK_WIDGET (self), FALSE);
  dyno_look_watch (GTK_WIDGET (self), gtk_widget_queue_draw);
}

GtkWidget *
dyno_cursor_new (guint which)
{
  DynoCursor *self = g_object_new (DYNO_TYPE_CURSOR, NULL);

  self->which = which;

  return GTK_WIDGET (self);
}

void
dyno_cursor_set_text (DynoCursor *self,
                      const char *text)
{
  if (g_str_equal (self->text, text))
    return;

  g_free (self->text);
  self->text = g_strdup (text);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
dyno_cursor_set_spoken (DynoCursor *self,
                        const char *spoken)
{
  if (g_str_equal (self->spoken, spoken))
    return;

  g_free (self->spoken);
  self->spoken = g_strdup (spoken);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
}

const char *
dyno_cursor_get_spoken (DynoCursor *self)
{
  return self->spoken;
}

void
dyno_cursor_set_active (DynoCursor *self,
                        gboolean    is_active)
{
  if (self->is_active == !!is_active)
    return;

  self->is_active = !!is_active;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}
