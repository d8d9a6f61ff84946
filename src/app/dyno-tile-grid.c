/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-tile-grid.h"

#include "dyno-bar.h"
#include "dyno-gauge.h"
#include "dyno-readout.h"
#include "dyno-tile-meter.h"
#include "dyno-tile-rows.h"

#define NATURAL_WIDTH 600

typedef struct
{
  DynoTile  *tile;   /* (owned) */
  DynoMeter *meter;  /* (owned) */
  GtkWidget *widget; /* child */
} Place;

struct _DynoTileGrid
{
  GtkWidget       parent_instance;

  DynoLayout     *layout;     /* (owned) (nullable) */
  DynoLive       *live;       /* (owned) (nullable) */
  DynoUnitSet     units;
  GPtrArray      *places;     /* (owned) of Place */
  DynoDigitGroup *groups[DYNO_N_TILE_SIZES]; /* (owned) */
};

enum
{
  TILE_ACTIVATED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (DynoTileGrid, dyno_tile_grid, GTK_TYPE_WIDGET)

/* Rows. */

/* A box a place, in its order. (transfer full) */
static DynoTileBox *
make_boxes (DynoTileGrid *self)
{
  DynoTileBox *boxes = g_new0 (DynoTileBox, self->places->len + 1);

  for (guint i = 0; i < self->places->len; i++)
    {
      Place *place = g_ptr_array_index (self->places, i);

      boxes[i].size = dyno_tile_get_size (place->tile);
      gtk_widget_measure (place->widget, GTK_ORIENTATION_HORIZONTAL, -1, &boxes[i].least_width,
                          NULL, NULL, NULL);
      gtk_widget_measure (place->widget, GTK_ORIENTATION_VERTICAL, -1, &boxes[i].least_height,
                          NULL, NULL, NULL);
    }

  return boxes;
}

static GtkSizeRequestMode
dyno_tile_grid_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
dyno_tile_grid_measure (GtkWidget      *widget,
                        GtkOrientation  orientation,
                        int             for_size,
                        int            *minimum,
                        int            *natural,
                        int            *minimum_baseline,
                        int            *natural_baseline)
{
  DynoTileGrid *self = DYNO_TILE_GRID (widget);
  g_autofree DynoTileBox *boxes = make_boxes (self);

  *minimum = 0;
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      for (guint i = 0; i < self->places->len; i++)
        *minimum = MAX (*minimum, boxes[i].least_width);
      *natural = MAX (*minimum, NATURAL_WIDTH);
    }
  else
    *minimum = *natural = dyno_tile_rows_height (boxes, self->places->len,
                                                 for_size >= 0 ? for_size : NATURAL_WIDTH);
}

static void
dyno_tile_grid_size_allocate (GtkWidget *widget,
                              int        width,
                              int        height,
                              int        baseline)
{
  DynoTileGrid *self = DYNO_TILE_GRID (widget);
  g_autofree DynoTileBox *boxes = make_boxes (self);

  dyno_tile_rows_place (boxes, self->places->len, width, height);
  for (guint i = 0; i < self->places->len; i++)
    {
      Place *place = g_ptr_array_index (self->places, i);
      graphene_point_t at = GRAPHENE_POINT_INIT ((float) boxes[i].x, (float) boxes[i].y);

      gtk_widget_allocate (place->widget, boxes[i].width, boxes[i].height, -1,
                           gsk_transform_translate (NULL, &at));
    }
}

/* Tiles. */

static void
place_free (gpointer data)
{
  Place *place = data;

  gtk_widget_unparent (place->widget);
  g_object_unref (place->meter);
  g_object_unref (place->tile);
  g_free (place);
}

static GtkWidget *
make_widget (DynoTileGrid *self,
             DynoTile     *tile,
             DynoMeter    *meter)
{
  GtkWidget *readout;

  switch (dyno_tile_get_kind (tile))
    {
    case DYNO_TILE_GAUGE:
      return dyno_gauge_new (meter);
    case DYNO_TILE_BAR:
      return dyno_bar_new (meter);
    case DYNO_TILE_READOUT:
    case DYNO_N_TILE_KINDS:
    default:
      readout = dyno_readout_new (meter);
      dyno_readout_set_group (DYNO_READOUT (readout), self->groups[dyno_tile_get_size (tile)]);
      return readout;
    }
}

static GdkContentProvider *
prepare_drag_cb (GtkDragSource *drag,
                 double         x,
                 double         y,
                 DynoTile      *tile)
{
  return gdk_content_provider_new_typed (G_TYPE_STRING, dyno_tile_get_source (tile));
}

static void
pressed_cb (GtkGestureClick *click,
            int              n_press,
            double           x,
            double           y,
            DynoTile        *tile)
{
  GtkWidget *widget = gtk_event_controller_get_widget (GTK_EVENT_CONTROLLER (click));

  if (n_press == 2)
    g_signal_emit (gtk_widget_get_parent (widget), signals[TILE_ACTIVATED], 0, tile);
}

static void
add_controllers (GtkWidget *widget,
                 DynoTile  *tile)
{
  GtkDragSource *drag = gtk_drag_source_new ();
  GtkGesture *click = gtk_gesture_click_new ();

  g_signal_connect_object (drag, "prepare", G_CALLBACK (prepare_drag_cb), tile, 0);
  g_signal_connect_object (click, "pressed", G_CALLBACK (pressed_cb), tile, 0);
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (drag));
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (click));
}

static void
add_place (DynoTileGrid *self,
           DynoTile     *tile)
{
  Place *place = g_new0 (Place, 1);

  place->tile = g_object_ref (tile);
  place->meter = dyno_tile_meter_new (tile, self->live, self->units);
  place->widget = make_widget (self, tile, place->meter);
  add_controllers (place->widget, tile);
  gtk_widget_insert_before (place->widget, GTK_WIDGET (self), NULL);
  g_ptr_array_add (self->places, place);
}

static void
fill (DynoTileGrid *self)
{
  guint n = self->layout != NULL ? g_list_model_get_n_items (G_LIST_MODEL (self->layout)) : 0;

  g_ptr_array_set_size (self->places, 0);
  for (guint i = 0; i < n; i++)
    add_place (self, dyno_layout_tile (self->layout, i));
  dyno_tile_grid_update (self);
  gtk_widget_queue_resize (GTK_WIDGET (self));
}

DynoMeter *
dyno_tile_grid_get_meter (DynoTileGrid *self,
                          guint         index)
{
  g_return_val_if_fail (index < self->places->len, NULL);

  return ((Place *) g_ptr_array_index (self->places, index))->meter;
}

void
dyno_tile_grid_reset_max (DynoTileGrid *self)
{
  for (guint i = 0; i < self->places->len; i++)
    dyno_meter_reset_max (dyno_tile_grid_get_meter (self, i));
}

void
dyno_tile_grid_update (DynoTileGrid *self)
{
  gboolean must_refill = FALSE;

  g_return_if_fail (DYNO_IS_TILE_GRID (self));
  if (self->live == NULL)
    return;

  for (guint i = 0; i < self->places->len; i++)
    {
      Place *place = g_ptr_array_index (self->places, i);

      must_refill |= !dyno_tile_meter_update (place->meter, place->tile, self->live);
    }
  if (must_refill)
    fill (self);
}

void
dyno_tile_grid_set_layout (DynoTileGrid *self,
                           DynoLayout   *layout)
{
  g_return_if_fail (DYNO_IS_TILE_GRID (self));

  if (self->layout == layout)
    return;
  if (self->layout != NULL)
    g_signal_handlers_disconnect_by_data (self->layout, self);
  g_set_object (&self->layout, layout);
  if (layout != NULL)
    g_signal_connect_object (layout, "edited", G_CALLBACK (fill), self, G_CONNECT_SWAPPED);
  fill (self);
}

void
dyno_tile_grid_set_live (DynoTileGrid *self,
                         DynoLive     *live)
{
  if (self->live == live)
    return;

  g_clear_pointer (&self->live, dyno_live_unref);
  if (live != NULL)
    self->live = dyno_live_ref (live);
  fill (self);
}

void
dyno_tile_grid_set_units (DynoTileGrid *self,
                          DynoUnitSet   units)
{
  self->units = units;
  for (guint i = 0; i < self->places->len; i++)
    dyno_meter_set_units (dyno_tile_grid_get_meter (self, i), units);
}

/* Keys. */

static gboolean
activate_cb (GtkWidget *widget,
             GVariant  *unused,
             gpointer   unused_data)
{
  DynoTileGrid *self = DYNO_TILE_GRID (widget);

  for (guint i = 0; i < self->places->len; i++)
    {
      Place *place = g_ptr_array_index (self->places, i);

      if (gtk_widget_has_focus (place->widget))
        {
          g_signal_emit (self, signals[TILE_ACTIVATED], 0, place->tile);
          return TRUE;
        }
    }

  return FALSE;
}

/* Object. */

static void
dyno_tile_grid_dispose (GObject *object)
{
  DynoTileGrid *self = DYNO_TILE_GRID (object);

  dyno_tile_grid_set_layout (self, NULL);
  dyno_tile_grid_set_live (self, NULL);

  G_OBJECT_CLASS (dyno_tile_grid_parent_class)->dispose (object);
}

static void
dyno_tile_grid_finalize (GObject *object)
{
  DynoTileGrid *self = DYNO_TILE_GRID (object);

  g_ptr_array_unref (self->places);
  for (guint i = 0; i < DYNO_N_TILE_SIZES; i++)
    g_object_unref (self->groups[i]);

  G_OBJECT_CLASS (dyno_tile_grid_parent_class)->finalize (object);
}

static void
dyno_tile_grid_class_init (DynoTileGridClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = dyno_tile_grid_dispose;
  object_class->finalize = dyno_tile_grid_finalize;
  widget_class->get_request_mode = dyno_tile_grid_get_request_mode;
  widget_class->measure = dyno_tile_grid_measure;
  widget_class->size_allocate = dyno_tile_grid_size_allocate;
  signals[TILE_ACTIVATED] =
      g_signal_new ("tile-activated", DYNO_TYPE_TILE_GRID, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                    G_TYPE_NONE, 1, DYNO_TYPE_TILE);
  gtk_widget_class_set_css_name (widget_class, "dynotilegrid");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Return, 0, activate_cb, NULL);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_KP_Enter, 0, activate_cb, NULL);
}

static void
dyno_tile_grid_init (DynoTileGrid *self)
{
  self->places = g_ptr_array_new_with_free_func (place_free);
  for (guint i = 0; i < DYNO_N_TILE_SIZES; i++)
    self->groups[i] = dyno_digit_group_new ();
}
