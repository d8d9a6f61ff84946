/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-live-page-private.h"

#include "dyno-layout-window.h"

#include <glib/gi18n.h>

/* Which numbers and curves the page shows: the choice, its menu, and changing it. */

static const char *
vehicle_of (DynoLivePage *self)
{
  const DynoArmState *arm = dyno_watch_get_arm (self->watch);

  return arm != NULL ? arm->vehicle_id : NULL;
}

static GMenuModel *
make_menu (DynoLivePage *self)
{
  GMenu *menu = g_menu_new ();
  g_autoptr(GMenu) choices = g_menu_new ();
  g_autoptr(GMenu) more = g_menu_new ();
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->layouts));

  for (guint i = 0; i < n; i++)
    {
      g_autoptr(DynoLayout) layout = g_list_model_get_item (G_LIST_MODEL (self->layouts), i);
      g_autoptr(GMenuItem) item = g_menu_item_new (dyno_layout_get_name (layout), NULL);

      g_menu_item_set_action_and_target (item, "live.layout", "s", dyno_layout_get_id (layout));
      g_menu_append_item (choices, item);
    }
  g_menu_append (more, _ ("_Edit Layout…"), "live.edit-layout");
  g_menu_append_section (menu, NULL, G_MENU_MODEL (choices));
  g_menu_append_section (menu, NULL, G_MENU_MODEL (more));

  return G_MENU_MODEL (menu);
}

static void
layouts_changed_cb (DynoLivePage *self)
{
  g_autoptr(GMenuModel) menu = make_menu (self);

  gtk_menu_button_set_menu_model (self->layout_button, menu);
}

static void
show_layout (DynoLivePage *self)
{
  DynoLayout *layout = dyno_layouts_get_current (self->layouts);

  dyno_tile_grid_set_layout (self->tiles, layout);
  dyno_strip_set_layout (self->strip, layout);
  gtk_stack_set_visible_child_name (self->shown,
                                    dyno_layout_shows_all (layout) ? "table" : "tiles");
  dyno_live_layout_update (self);
  g_object_notify (G_OBJECT (self), "layout");
}

void
dyno_live_layout_update (DynoLivePage *self)
{
  if (dyno_layout_shows_all (dyno_layouts_get_current (self->layouts)))
    dyno_channel_list_show (self->channels, dyno_watch_get_capture (self->watch),
                            dyno_page_get_units (DYNO_PAGE (self)));
}

void
dyno_live_layout_toggle (DynoLivePage *self,
                         int           pane,
                         const char   *source)
{
  DynoLayout *layout = dyno_layouts_edit (self->layouts, vehicle_of (self));
  g_autoptr(AdwToast) toast = NULL;
  g_autofree char *text = NULL;

  dyno_layout_toggle_in_panes (layout, pane, source);
  text = g_strdup_printf (dyno_layout_is_in_panes (layout, source)
                              ? _ ("%s is in the strip chart of “%s”")
                              : _ ("%s is no longer in the strip chart of “%s”"),
                          dyno_tile_source_title (source), dyno_layout_get_name (layout));
  toast = dyno_page_toast (DYNO_PAGE (self), "strip", text, NULL);
}

/* Editing. */

static void
undo_cb (AdwToast     *toast,
         DynoLivePage *self)
{
  DynoLayout *layout = g_object_get_data (G_OBJECT (toast), "dyno-layout");

  dyno_layouts_add (self->layouts, layout);
  dyno_layouts_choose (self->layouts, layout);
}

static void
deleted_cb (DynoLayoutWindow *window,
            DynoLayout       *layout,
            DynoLivePage     *self)
{
  g_autofree char *text = g_strdup_printf (_ ("Layout “%s” deleted"),
                                           dyno_layout_get_name (layout));
  g_autoptr(AdwToast) toast = dyno_page_toast (DYNO_PAGE (self), "layout", text, _ ("Undo"));

  g_object_set_data_full (G_OBJECT (toast), "dyno-layout", g_object_ref (layout), g_object_unref);
  g_signal_connect_object (toast, "button-clicked", G_CALLBACK (undo_cb), self, 0);
}

static void
edit_action (GtkWidget  *widget,
             const char *name,
             GVariant   *unused)
{
  DynoLivePage *self = DYNO_LIVE_PAGE (widget);
  DynoLive *live = dyno_shop_get_live (dyno_page_get_shop (DYNO_PAGE (self)));
  GtkWidget *window = dyno_layout_window_new (
      self->layouts, live, dyno_page_get_units (DYNO_PAGE (self)), vehicle_of (self));

  g_signal_connect_object (window, "deleted", G_CALLBACK (deleted_cb), self, 0);
  /* A new name stands in the menu. */
  g_signal_connect_object (window, "unmap", G_CALLBACK (layouts_changed_cb), self,
                           G_CONNECT_SWAPPED);
  dyno_live_page_present (self, window);
}

void
dyno_live_layout_start (DynoLivePage *self)
{
  self->layouts = dyno_layouts_new (self->settings);
  self->channels = dyno_channel_list_new ();
  dyno_channel_table_set_list (self->table, self->channels);
  g_signal_connect_object (self->layouts, "items-changed", G_CALLBACK (layouts_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->layouts, "notify::current", G_CALLBACK (show_layout), self,
                           G_CONNECT_SWAPPED);
  layouts_changed_cb (self);
  show_layout (self);
}

void
dyno_live_layout_install (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_property_action (widget_class, "live.layout", "layout");
  gtk_widget_class_install_action (widget_class, "live.edit-layout", NULL, edit_action);
}
