/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-heatmap-private.h"

#include "dyno-look.h"
#include "dyno-palette.h"
#include "dyno-wording.h"

#include <glib/gi18n.h>
#include <math.h>

enum
{
  PROP_HADJUSTMENT = 1,
  PROP_VADJUSTMENT,
  PROP_HSCROLL_POLICY,
  PROP_VSCROLL_POLICY,
};

enum
{
  CURSOR_MOVED,
  CELL_ACTIVATED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE_WITH_CODE (DynoHeatmap, dyno_heatmap, GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (GTK_TYPE_SCROLLABLE, NULL))

/* Places. */

static int
least_width (DynoHeatmap *self)
{
  return DYNO_HEAT_HEAD_WIDTH + (int) self->shape.rpm.n * DYNO_HEAT_CELL_WIDTH;
}

static int
least_height (DynoHeatmap *self)
{
  return DYNO_HEAT_HEAD_HEIGHT + (int) self->shape.load.n * DYNO_HEAT_CELL_HEIGHT;
}

void
dyno_heatmap_lay_out (DynoHeatmap    *self,
                      DynoHeatLayout *layout)
{
  int width = MAX (gtk_widget_get_width (GTK_WIDGET (self)), least_width (self));
  int height = MAX (gtk_widget_get_height (GTK_WIDGET (self)), least_height (self));
  double right = self->hadjustment != NULL ? gtk_adjustment_get_value (self->hadjustment) : 0;
  double down = self->vadjustment != NULL ? gtk_adjustment_get_value (self->vadjustment) : 0;

  layout->x = DYNO_HEAT_HEAD_WIDTH - right;
  layout->y = -down;
  layout->width = (width - DYNO_HEAT_HEAD_WIDTH) / (double) MAX (self->shape.rpm.n, 1);
  layout->height = (height - DYNO_HEAT_HEAD_HEIGHT) / (double) MAX (self->shape.load.n, 1);
}

gboolean
dyno_heatmap_get_area (DynoHeatmap     *self,
                       guint            cell,
                       graphene_rect_t *area)
{
  DynoHeatLayout at;
  guint rpm;
  guint load;

  if (!self->has_grid || cell >= dyno_grid_shape_cells (&self->shape))
    return FALSE;

  rpm = cell / self->shape.load.n;
  load = cell % self->shape.load.n;
  dyno_heatmap_lay_out (self, &at);
  graphene_rect_init (area, (float) (at.x + rpm * at.width),
                      (float) (at.y + (self->shape.load.n - 1 - load) * at.height),
                      (float) at.width, (float) at.height);

  return TRUE;
}

static guint
cell_at (DynoHeatmap *self,
         double       x,
         double       y)
{
  DynoHeatLayout at;
  double column;
  double row;

  dyno_heatmap_lay_out (self, &at);
  column = floor ((x - at.x) / at.width);
  row = floor ((y - at.y) / at.height);
  if (!self->has_grid || x < DYNO_HEAT_HEAD_WIDTH || column < 0 || column >= self->shape.rpm.n
      || row < 0 || row >= self->shape.load.n)
    return DYNO_NO_HEAT_CELL;

  return (guint) column * self->shape.load.n + (self->shape.load.n - 1 - (guint) row);
}

/* Words. */

/* "lean 4.2 percent": sign and colour in words. */
static char *
describe_value (DynoHeatmap *self,
                double       value)
{
  char number[G_ASCII_DTOSTR_BUF_SIZE];

  if (self->kind == DYNO_HEAT_HITS)
    return NULL;
  if (!isfinite (value))
    return g_strdup (_ ("no data"));

  g_ascii_formatd (number, sizeof number, "%.1f", fabs (value));
  if (g_str_equal (number, "0.0"))
    return g_strdup (_ ("on target"));

  return g_strdup_printf (value > 0 ? _ ("lean %s percent") : _ ("rich %s percent"), number);
}

char *
dyno_heatmap_describe (DynoHeatmap *self,
                       guint        cell)
{
  const DynoHeatCell *shown;
  g_autofree char *value = NULL;
  g_autofree char *rpm = NULL;
  GString *text;

  if (!self->has_grid || cell >= dyno_grid_shape_cells (&self->shape))
    return g_strdup ("");

  shown = &self->cells[cell];
  value = describe_value (self, shown->value);
  rpm = dyno_wording_count ((guint64) lround (self->shape.rpm.at[cell / self->shape.load.n]));
  text = g_string_new (NULL);
  g_string_append_printf (text, _ ("%s rpm, %.0f kilopascal"), rpm,
                          self->shape.load.at[cell % self->shape.load.n]);
  if (value != NULL)
    g_string_append_printf (text, ", %s", value);
  g_string_append (text, ", ");
  g_string_append_printf (text, ngettext ("%u hit", "%u hits", shown->hits), shown->hits);
  if (shown->note != NULL)
    g_string_append_printf (text, ", %s", shown->note);

  return g_string_free (text, FALSE);
}

static void
say_cursor (DynoHeatmap *self)
{
  g_autofree char *text = dyno_heatmap_describe (self, self->cursor);

  gtk_accessible_update_property (GTK_ACCESSIBLE (self->cursor_child),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
  gtk_widget_set_visible (self->cursor_child, self->has_grid);
}

/* Cursor. */

static void
show_span (GtkAdjustment *adjustment,
           double         from,
           double         length)
{
  if (adjustment != NULL)
    gtk_adjustment_clamp_page (adjustment, from, from + length);
}

static void
scroll_to_cursor (DynoHeatmap *self)
{
  graphene_rect_t area;
  DynoHeatLayout at;

  if (!dyno_heatmap_get_area (self, self->cursor, &area))
    return;

  dyno_heatmap_lay_out (self, &at);
  show_span (self->hadjustment, area.origin.x - at.x, area.size.width);
  show_span (self->vadjustment, area.origin.y - at.y, area.size.height);
}

guint
dyno_heatmap_get_cursor (DynoHeatmap *self)
{
  return self->has_grid ? self->cursor : DYNO_NO_HEAT_CELL;
}

void
dyno_heatmap_set_cursor (DynoHeatmap *self,
                         guint        cell)
{
  g_return_if_fail (DYNO_IS_HEATMAP (self));

  if (!self->has_grid || cell >= dyno_grid_shape_cells (&self->shape))
    return;

  self->cursor = cell;
  say_cursor (self);
  scroll_to_cursor (self);
  gtk_widget_queue_allocate (GTK_WIDGET (self));
  g_signal_emit (self, signals[CURSOR_MOVED], 0, cell);
}

/* "(ii)": columns to the right, rows upward. */
static gboolean
move_cb (GtkWidget *widget,
         GVariant  *args,
         gpointer   unused)
{
  DynoHeatmap *self = DYNO_HEATMAP (widget);
  int right;
  int up;
  int rpm;
  int load;

  if (!self->has_grid)
    return FALSE;

  g_variant_get (args, "(ii)", &right, &up);
  rpm = (int) (self->cursor / self->shape.load.n) + right;
  load = (int) (self->cursor % self->shape.load.n) + up;
  rpm = CLAMP (rpm, 0, (int) self->shape.rpm.n - 1);
  load = CLAMP (load, 0, (int) self->shape.load.n - 1);
  dyno_heatmap_set_cursor (self, (guint) rpm * self->shape.load.n + (guint) load);

  return TRUE;
}

static gboolean
activate_cb (GtkWidget *widget,
             GVariant  *unused,
             gpointer   data)
{
  DynoHeatmap *self = DYNO_HEATMAP (widget);

  if (self->has_grid)
    g_signal_emit (self, signals[CELL_ACTIVATED], 0, self->cursor);

  return self->has_grid;
}

static void
pressed_cb (DynoHeatmap *self,
            int          n_press,
            double       x,
            double       y)
{
  guint cell = cell_at (self, x, y);

  gtk_widget_grab_focus (GTK_WIDGET (self));
  if (cell == DYNO_NO_HEAT_CELL)
    return;

  dyno_heatmap_set_cursor (self, cell);
  if (n_press == 2)
    g_signal_emit (self, signals[CELL_ACTIVATED], 0, cell);
}

/* Content. */

void
dyno_heatmap_set_grid (DynoHeatmap         *self,
                       const DynoGridShape *shape,
                       const DynoHeatCell  *cells)
{
  gboolean is_same = self->has_grid && shape != NULL && dyno_grid_shape_equal (shape, &self->shape);

  g_return_if_fail (DYNO_IS_HEATMAP (self));

  g_clear_pointer (&self->cells, g_free);
  self->has_grid = shape != NULL;
  self->shape = shape != NULL ? *shape : (DynoGridShape){ 0 };
  if (shape != NULL)
    self->cells = g_memdup2 (cells, dyno_grid_shape_cells (shape) * sizeof *cells);
  if (!is_same)
    self->cursor = 0;
  say_cursor (self);
  gtk_widget_queue_resize (GTK_WIDGET (self));
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
dyno_heatmap_set_scale (DynoHeatmap  *self,
                        DynoHeatKind  kind,
                        double        range)
{
  g_return_if_fail (DYNO_IS_HEATMAP (self));

  self->kind = kind;
  self->range = range;
  say_cursor (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* Widget. */

static void
dyno_heatmap_measure (GtkWidget      *widget,
                      GtkOrientation  orientation,
                      int             for_size,
                      int            *minimum,
                      int            *natural,
                      int            *minimum_baseline,
                      int            *natural_baseline)
{
  DynoHeatmap *self = DYNO_HEATMAP (widget);
  gboolean is_across = orientation == GTK_ORIENTATION_HORIZONTAL;
  gboolean scrolls = (is_across ? self->hadjustment : self->vadjustment) != NULL;

  *natural = is_across ? least_width (self) : least_height (self);
  *minimum = scrolls ? MIN (*natural, 3 * DYNO_HEAT_CELL_WIDTH) : *natural;
  gtk_widget_measure (self->cursor_child, orientation, -1, &(int){ 0 }, &(int){ 0 }, NULL, NULL);
}

static void
set_span (GtkAdjustment *adjustment,
          int            all,
          int            head,
          int            seen)
{
  if (adjustment == NULL)
    return;

  gtk_adjustment_configure (adjustment, gtk_adjustment_get_value (adjustment), 0,
                            MAX (all, seen) - head, DYNO_HEAT_CELL_HEIGHT, seen - head,
                            MAX (seen - head, 1));
}

static void
dyno_heatmap_size_allocate (GtkWidget *widget,
                            int        width,
                            int        height,
                            int        baseline)
{
  DynoHeatmap *self = DYNO_HEATMAP (widget);
  graphene_rect_t area = GRAPHENE_RECT_INIT (0, 0, 0, 0);

  set_span (self->hadjustment, least_width (self), DYNO_HEAT_HEAD_WIDTH, width);
  set_span (self->vadjustment, least_height (self), DYNO_HEAT_HEAD_HEIGHT, height);
  dyno_heatmap_get_area (self, self->cursor, &area);
  if (gtk_widget_get_visible (self->cursor_child))
    gtk_widget_size_allocate (self->cursor_child,
                              &(GtkAllocation){ (int) area.origin.x, (int) area.origin.y,
                                                (int) ceilf (area.size.width),
                                                (int) ceilf (area.size.height) },
                              -1);
}

/* The cursor is cut off where cells are: it does not run over the heads. */
static void
dyno_heatmap_snapshot (GtkWidget   *widget,
                       GtkSnapshot *snapshot)
{
  DynoHeatmap *self = DYNO_HEATMAP (widget);

  if (!self->has_grid)
    return;

  dyno_heatmap_draw (self, snapshot);
  gtk_snapshot_push_clip (
      snapshot, &GRAPHENE_RECT_INIT (DYNO_HEAT_HEAD_WIDTH, 0,
                                     (float) gtk_widget_get_width (widget) - DYNO_HEAT_HEAD_WIDTH,
                                     (float) gtk_widget_get_height (widget)
                                         - DYNO_HEAT_HEAD_HEIGHT));
  gtk_widget_snapshot_child (widget, self->cursor_child, snapshot);
  gtk_snapshot_pop (snapshot);
}

static void
scrolled_cb (DynoHeatmap *self)
{
  gtk_widget_queue_allocate (GTK_WIDGET (self));
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
set_adjustment (DynoHeatmap    *self,
                GtkAdjustment **ours,
                GtkAdjustment  *adjustment)
{
  if (*ours != NULL)
    g_signal_handlers_disconnect_by_func (*ours, scrolled_cb, self);
  g_set_object (ours, adjustment);
  if (adjustment != NULL)
    g_signal_connect_object (adjustment, "value-changed", G_CALLBACK (scrolled_cb), self,
                             G_CONNECT_SWAPPED);
  gtk_widget_queue_resize (GTK_WIDGET (self));
}

static void
dyno_heatmap_get_property (GObject    *object,
                           guint       id,
                           GValue     *value,
                           GParamSpec *pspec)
{
  DynoHeatmap *self = DYNO_HEATMAP (object);

  switch (id)
    {
    case PROP_HADJUSTMENT:
      g_value_set_object (value, self->hadjustment);
      break;
    case PROP_VADJUSTMENT:
      g_value_set_object (value, self->vadjustment);
      break;
    case PROP_HSCROLL_POLICY:
      g_value_set_enum (value, self->hpolicy);
      break;
    case PROP_VSCROLL_POLICY:
      g_value_set_enum (value, self->vpolicy);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
dyno_heatmap_set_property (GObject      *object,
                           guint         id,
                           const GValue *value,
                           GParamSpec   *pspec)
{
  DynoHeatmap *self = DYNO_HEATMAP (object);

  switch (id)
    {
    case PROP_HADJUSTMENT:
      set_adjustment (self, &self->hadjustment, g_value_get_object (value));
      break;
    case PROP_VADJUSTMENT:
      set_adjustment (self, &self->vadjustment, g_value_get_object (value));
      break;
    case PROP_HSCROLL_POLICY:
      self->hpolicy = g_value_get_enum (value);
      break;
    case PROP_VSCROLL_POLICY:
      self->vpolicy = g_value_get_enum (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
dyno_heatmap_dispose (GObject *object)
{
  DynoHeatmap *self = DYNO_HEATMAP (object);

  g_clear_object (&self->hadjustment);
  g_clear_object (&self->vadjustment);
  g_clear_pointer (&self->cursor_child, gtk_widget_unparent);

  G_OBJECT_CLASS (dyno_heatmap_parent_class)->dispose (object);
}

static void
dyno_heatmap_finalize (GObject *object)
{
  g_free (DYNO_HEATMAP (object)->cells);

  G_OBJECT_CLASS (dyno_heatmap_parent_class)->finalize (object);
}

static void
add_keys (GtkWidgetClass *widget_class)
{
  static const struct
  {
    guint key;
    int   right;
    int   up;
  } keys[] = {
    { GDK_KEY_Left, -1, 0 }, { GDK_KEY_Right, 1, 0 },
    { GDK_KEY_Up, 0, 1 }, { GDK_KEY_Down, 0, -1 },
    { GDK_KEY_Home, -DYNO_AXIS_MAX, 0 }, { GDK_KEY_End, DYNO_AXIS_MAX, 0 },
    { GDK_KEY_Page_Up, 0, DYNO_AXIS_MAX }, { GDK_KEY_Page_Down, 0, -DYNO_AXIS_MAX },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    gtk_widget_class_add_binding (widget_class, keys[i].key, 0, move_cb, "(ii)", keys[i].right,
                                  keys[i].up);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Return, 0, activate_cb, NULL);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_KP_Enter, 0, activate_cb, NULL);
}

static void
dyno_heatmap_class_init (DynoHeatmapClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = dyno_heatmap_dispose;
  object_class->finalize = dyno_heatmap_finalize;
  object_class->get_property = dyno_heatmap_get_property;
  object_class->set_property = dyno_heatmap_set_property;
  widget_class->measure = dyno_heatmap_measure;
  widget_class->size_allocate = dyno_heatmap_size_allocate;
  widget_class->snapshot = dyno_heatmap_snapshot;
  g_object_class_override_property (object_class, PROP_HADJUSTMENT, "hadjustment");
  g_object_class_override_property (object_class, PROP_VADJUSTMENT, "vadjustment");
  g_object_class_override_property (object_class, PROP_HSCROLL_POLICY, "hscroll-policy");
  g_object_class_override_property (object_class, PROP_VSCROLL_POLICY, "vscroll-policy");
  signals[CURSOR_MOVED] = g_signal_new ("cursor-moved", DYNO_TYPE_HEATMAP, G_SIGNAL_RUN_LAST, 0,
                                        NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_UINT);
  signals[CELL_ACTIVATED] = g_signal_new ("cell-activated", DYNO_TYPE_HEATMAP, G_SIGNAL_RUN_LAST,
                                          0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_UINT);
  gtk_widget_class_set_css_name (widget_class, "dynoheatmap");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GRID);
  add_keys (widget_class);
}

static void
dyno_heatmap_init (DynoHeatmap *self)
{
  GtkGesture *click = gtk_gesture_click_new ();

  self->range = 15;
  self->cursor_child = g_object_new (GTK_TYPE_BOX, "accessible-role",
                                     GTK_ACCESSIBLE_ROLE_GRID_CELL, "can-target", FALSE,
                                     "visible", FALSE, NULL);
  gtk_widget_add_css_class (self->cursor_child, "dyno-heat-cursor");
  gtk_widget_set_parent (self->cursor_child, GTK_WIDGET (self));
  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
  g_signal_connect_swapped (click, "pressed", G_CALLBACK (pressed_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (click));
  dyno_look_watch (GTK_WIDGET (self), gtk_widget_queue_draw);
}

GtkWidget *
dyno_heatmap_new (void)
{
  return g_object_new (DYNO_TYPE_HEATMAP, NULL);
}
