/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-layout-window.h"

#include "dyno-access.h"
#include "dyno-tile-row.h"

#include <glib/gi18n.h>

struct _DynoLayoutWindow
{
  AdwWindow        parent_instance;

  DynoLayouts     *layouts;  /* (owned) */
  DynoLayout      *layout;   /* (owned) (nullable) the one that is edited */
  DynoUnitSet      units;
  gboolean         is_moving;

  AdwEntryRow     *name;     /* template */
  GtkListBox      *list;
  GtkMenuButton   *add;
  GtkPopover      *popover;
  GtkSearchEntry  *search;
  GtkListBox      *sources;
};

enum
{
  DELETED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (DynoLayoutWindow, dyno_layout_window, ADW_TYPE_WINDOW)

/* Tiles. */

static void
tile_moved_cb (DynoTileRow      *row,
               int               by,
               DynoLayoutWindow *self)
{
  int from = gtk_list_box_row_get_index (GTK_LIST_BOX_ROW (row));
  int to = from + by;
  int n = (int) g_list_model_get_n_items (G_LIST_MODEL (self->layout));

  if (to < 0 || to >= n)
    return;

  /* The row moves with its tile, so that focus and open parts stay. */
  self->is_moving = TRUE;
  dyno_layout_move (self->layout, (guint) from, (guint) to);
  self->is_moving = FALSE;
  g_object_ref (row);
  gtk_list_box_remove (self->list, GTK_WIDGET (row));
  gtk_list_box_insert (self->list, GTK_WIDGET (row), to);
  gtk_widget_grab_focus (GTK_WIDGET (row));
  g_object_unref (row);
}

static void
tile_removed_cb (DynoTileRow      *row,
                 DynoLayoutWindow *self)
{
  dyno_layout_remove (self->layout,
                      (guint) gtk_list_box_row_get_index (GTK_LIST_BOX_ROW (row)));
}

static void
fill (DynoLayoutWindow *self)
{
  GtkListBoxRow *row;
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->layout));

  while ((row = gtk_list_box_get_row_at_index (self->list, 0)) != NULL)
    gtk_list_box_remove (self->list, GTK_WIDGET (row));
  for (guint i = 0; i < n; i++)
    {
      GtkWidget *tile_row =
          dyno_tile_row_new (self->layout, dyno_layout_tile (self->layout, i), self->units);

      g_signal_connect_object (tile_row, "move", G_CALLBACK (tile_moved_cb), self, 0);
      g_signal_connect_object (tile_row, "remove", G_CALLBACK (tile_removed_cb), self, 0);
      gtk_list_box_append (self->list, tile_row);
    }
}

static void
tiles_changed_cb (DynoLayoutWindow *self)
{
  if (!self->is_moving)
    fill (self);
}

/* What may be added. */

static void
add_source (DynoLayoutWindow *self,
            const char       *source)
{
  GtkWidget *row = adw_action_row_new ();
  const char *title = dyno_tile_source_title (source);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  g_object_set_data_full (G_OBJECT (row), "dyno-source", g_strdup (source), g_free);
  gtk_list_box_append (self->sources, row);
}

static void
list_sources (DynoLayoutWindow *self,
              DynoLive         *live)
{
  for (guint i = 1; i < DYNO_N_CHANNELS; i++)
    {
      if (i != DYNO_CHANNEL_TIME)
        add_source (self, dyno_channel_info (i)->name);
    }
  for (guint i = 0; i < dyno_live_n_channels (live); i++)
    {
      g_autofree char *name = dyno_live_dup_name (live, i);

      if (name != NULL && dyno_live_canonical (live, i) == DYNO_CHANNEL_NONE)
        add_source (self, name);
    }
}

static gboolean
filter_cb (GtkListBoxRow *row,
           gpointer       user_data)
{
  DynoLayoutWindow *self = user_data;
  const char *typed = gtk_editable_get_text (GTK_EDITABLE (self->search));
  g_autofree char *wanted = g_utf8_casefold (typed, -1);
  g_autofree char *title =
      g_utf8_casefold (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (row)), -1);

  return strstr (title, wanted) != NULL;
}

static void
search_changed_cb (DynoLayoutWindow *self)
{
  gtk_list_box_invalidate_filter (self->sources);
}

void
dyno_layout_window_add (DynoLayoutWindow *self,
                        const char       *source)
{
  g_autoptr(DynoTile) tile = dyno_tile_new (source, DYNO_TILE_READOUT, DYNO_TILE_MEDIUM);

  dyno_layout_add (self->layout, tile);
}

static void
source_activated_cb (DynoLayoutWindow *self,
                     GtkListBoxRow    *row)
{
  gtk_popover_popdown (self->popover);
  dyno_layout_window_add (self, g_object_get_data (G_OBJECT (row), "dyno-source"));
}

/* Enter takes the first that is left. */
static void
search_activated_cb (DynoLayoutWindow *self)
{
  GtkListBoxRow *row;

  for (int i = 0; (row = gtk_list_box_get_row_at_index (self->sources, i)) != NULL; i++)
    {
      if (gtk_widget_get_child_visible (GTK_WIDGET (row)))
        {
          source_activated_cb (self, row);
          return;
        }
    }
}

static void
shown_cb (DynoLayoutWindow *self)
{
  gtk_editable_set_text (GTK_EDITABLE (self->search), "");
  gtk_widget_grab_focus (GTK_WIDGET (self->search));
}

/* The layout. */

static void
named_cb (DynoLayoutWindow *self)
{
  g_autofree char *name = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->name))));

  if (*name != '\0')
    dyno_layout_set_name (self->layout, name);
}

static void
delete_cb (DynoLayoutWindow *self)
{
  g_autoptr(DynoLayout) removed = dyno_layouts_remove (self->layouts, self->layout);

  if (removed != NULL)
    g_signal_emit (self, signals[DELETED], 0, removed);
  gtk_window_close (GTK_WINDOW (self));
}

static void
dyno_layout_window_dispose (GObject *object)
{
  DynoLayoutWindow *self = DYNO_LAYOUT_WINDOW (object);

  if (self->layout != NULL)
    g_signal_handlers_disconnect_by_data (self->layout, self);
  g_clear_object (&self->layout);
  g_clear_object (&self->layouts);
  gtk_widget_dispose_template (GTK_WIDGET (object), DYNO_TYPE_LAYOUT_WINDOW);

  G_OBJECT_CLASS (dyno_layout_window_parent_class)->dispose (object);
}

static void
dyno_layout_window_class_init (DynoLayoutWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = dyno_layout_window_dispose;
  signals[DELETED] = g_signal_new ("deleted", DYNO_TYPE_LAYOUT_WINDOW, G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 1, DYNO_TYPE_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/dynoai/DynoAI/dyno-layout-window.ui");
  gtk_widget_class_bind_template_child (widget_class, DynoLayoutWindow, name);
  gtk_widget_class_bind_template_child (widget_class, DynoLayoutWindow, list);
  gtk_widget_class_bind_template_child (widget_class, DynoLayoutWindow, add);
  gtk_widget_class_bind_template_child (widget_class, DynoLayoutWindow, popover);
  gtk_widget_class_bind_template_child (widget_class, DynoLayoutWindow, search);
  gtk_widget_class_bind_template_child (widget_class, DynoLayoutWindow, sources);
  gtk_widget_class_bind_template_callback (widget_class, delete_cb);
  gtk_widget_class_bind_template_callback (widget_class, named_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, shown_cb);
  gtk_widget_class_bind_template_callback (widget_class, source_activated_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
dyno_layout_window_init (DynoLayoutWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_list_box_set_filter_func (self->sources, filter_cb, self, NULL);
  dyno_access_name (GTK_WIDGET (self->add), _ ("Add a Channel"));
}

GtkWidget *
dyno_layout_window_new (DynoLayouts *layouts,
                        DynoLive    *live,
                        DynoUnitSet  units,
                        const char  *vehicle_id)
{
  DynoLayoutWindow *self = g_object_new (DYNO_TYPE_LAYOUT_WINDOW, NULL);

  self->layouts = g_object_ref (layouts);
  self->layout = g_object_ref (dyno_layouts_edit (layouts, vehicle_id));
  self->units = units;
  gtk_editable_set_text (GTK_EDITABLE (self->name), dyno_layout_get_name (self->layout));
  g_signal_connect_object (self->name, "changed", G_CALLBACK (named_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->layout, "items-changed", G_CALLBACK (tiles_changed_cb), self,
                           G_CONNECT_SWAPPED);
  list_sources (self, live);
  fill (self);

  return GTK_WIDGET (self);
}
