/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-tile-row.h"

#include "dyno-access.h"
#include "dyno-channel.h"
#include "dyno-compat.h"

#include <glib/gi18n.h>
#include <math.h>

struct _DynoTileRow
{
  AdwExpanderRow   parent_instance;

  DynoLayout      *layout;  /* (owned) */
  DynoTile        *tile;    /* (owned) */
  const DynoUnit  *unit;    /* that limits are typed in */
};

enum
{
  MOVE,
  REMOVE,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (DynoTileRow, dyno_tile_row, ADW_TYPE_EXPANDER_ROW)

DynoTile *
dyno_tile_row_get_tile (DynoTileRow *self)
{
  return self->tile;
}

/* Choices: a list in the order of the property's values. */

static GtkWidget *
make_choice (DynoTileRow       *self,
             const char *const *names,
             const char        *property,
             const char        *label)
{
  GtkWidget *choice = gtk_drop_down_new_from_strings (names);
  g_autofree char *name =
      g_strdup_printf ("%s: %s", dyno_tile_source_title (dyno_tile_get_source (self->tile)), label);

  gtk_widget_set_valign (choice, GTK_ALIGN_CENTER);
  g_object_bind_property (self->tile, property, choice, "selected",
                          G_BINDING_SYNC_CREATE | G_BINDING_BIDIRECTIONAL);
  gtk_widget_set_tooltip_text (choice, label);
  dyno_access_name (choice, name);

  return choice;
}

static void
add_choices (DynoTileRow *self)
{
  const char *kinds[] = { _ ("Readout"), _ ("Gauge"), _ ("Bar"), NULL };
  const char *sizes[] = { _ ("Small"), _ ("Medium"), _ ("Large"), NULL };

  dyno_compat_add_suffix (GTK_WIDGET (self), make_choice (self, kinds, "kind", _ ("Form")));
  dyno_compat_add_suffix (GTK_WIDGET (self), make_choice (self, sizes, "size", _ ("Size")));
}

/* Limits. An empty entry is none. */

static void
show_limit (GtkEditable *entry,
            DynoTileRow *self)
{
  const char *property = g_object_get_data (G_OBJECT (entry), "dyno-property");
  g_autofree char *text = NULL;
  double value;

  g_object_get (self->tile, property, &value, NULL);
  if (isfinite (value))
    text = g_strdup_printf ("%.4g", dyno_unit_from_si (self->unit, value));
  gtk_editable_set_text (entry, text != NULL ? text : "");
}

static void
take_limit (GtkEditable *entry,
            DynoTileRow *self)
{
  const char *property = g_object_get_data (G_OBJECT (entry), "dyno-property");
  g_autofree char *text = g_strstrip (g_strdup (gtk_editable_get_text (entry)));
  char *end = NULL;
  double value = g_strtod (text, &end);
  double before;

  g_object_get (self->tile, property, &before, NULL);
  if (*text == '\0')
    value = NAN;
  else if (*end == '\0' && isfinite (value))
    value = dyno_unit_to_si (self->unit, value);
  else
    value = before;
  if (value != before && !(isnan (value) && isnan (before)))
    g_object_set (self->tile, property, value, NULL);
  show_limit (entry, self);
}

static void
focus_left_cb (GtkEventController *controller,
               DynoTileRow        *self)
{
  take_limit (GTK_EDITABLE (gtk_event_controller_get_widget (controller)), self);
}

static GtkWidget *
make_limit (DynoTileRow *self,
            const char  *property,
            const char  *label)
{
  GtkWidget *entry = gtk_entry_new ();
  GtkEventController *focus = gtk_event_controller_focus_new ();

  g_object_set_data (G_OBJECT (entry), "dyno-property", (gpointer) property);
  gtk_editable_set_width_chars (GTK_EDITABLE (entry), 7);
  gtk_editable_set_max_width_chars (GTK_EDITABLE (entry), 7);
  gtk_entry_set_placeholder_text (GTK_ENTRY (entry), label);
  gtk_entry_set_input_purpose (GTK_ENTRY (entry), GTK_INPUT_PURPOSE_NUMBER);
  gtk_widget_set_valign (entry, GTK_ALIGN_CENTER);
  dyno_access_name (entry, label);
  g_signal_connect_object (entry, "activate", G_CALLBACK (take_limit), self, 0);
  g_signal_connect_object (focus, "leave", G_CALLBACK (focus_left_cb), self, 0);
  gtk_widget_add_controller (entry, focus);
  show_limit (GTK_EDITABLE (entry), self);

  return entry;
}

static void
add_limits (DynoTileRow *self,
            const char  *title,
            const char  *subtitle,
            const char  *low,
            const char  *high)
{
  GtkWidget *row = adw_action_row_new ();
  g_autofree char *full = *self->unit->symbol != '\0'
                              ? g_strdup_printf ("%s, %s", title, self->unit->symbol)
                              : g_strdup (title);
  g_autofree char *least = g_strdup_printf (_ ("%s from"), title);
  g_autofree char *most = g_strdup_printf (_ ("%s to"), title);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), full);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), make_limit (self, low, least));
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), make_limit (self, high, most));
  adw_expander_row_add_row (ADW_EXPANDER_ROW (self), row);
}

/* Switches. */

static GtkWidget *
add_switch (DynoTileRow *self,
            const char  *title)
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *on = gtk_switch_new ();

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  gtk_widget_set_valign (on, GTK_ALIGN_CENTER);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), on);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), on);
  adw_expander_row_add_row (ADW_EXPANDER_ROW (self), row);

  return on;
}

static void
in_chart_cb (GtkSwitch   *on,
             GParamSpec  *pspec,
             DynoTileRow *self)
{
  const char *source = dyno_tile_get_source (self->tile);

  if (gtk_switch_get_active (on) != dyno_layout_is_in_panes (self->layout, source))
    dyno_layout_toggle_in_panes (self->layout, -1, source);
}

static void
add_switches (DynoTileRow *self)
{
  GtkWidget *holds = add_switch (self, _ ("Show the Highest"));
  GtkWidget *in_chart = add_switch (self, _ ("In the Strip Chart"));

  g_object_bind_property (self->tile, "hold-max", holds, "active",
                          G_BINDING_SYNC_CREATE | G_BINDING_BIDIRECTIONAL);
  gtk_switch_set_active (GTK_SWITCH (in_chart),
                         dyno_layout_is_in_panes (self->layout,
                                                  dyno_tile_get_source (self->tile)));
  g_signal_connect_object (in_chart, "notify::active", G_CALLBACK (in_chart_cb), self, 0);
}

/* Place. */

static gboolean
move_cb (GtkWidget *widget,
         GVariant  *by,
         gpointer   unused)
{
  g_signal_emit (widget, signals[MOVE], 0, g_variant_get_int32 (by));

  return TRUE;
}

static void
earlier_cb (DynoTileRow *self)
{
  g_signal_emit (self, signals[MOVE], 0, -1);
}

static void
later_cb (DynoTileRow *self)
{
  g_signal_emit (self, signals[MOVE], 0, 1);
}

static void
remove_cb (DynoTileRow *self)
{
  g_signal_emit (self, signals[REMOVE], 0);
}

static GtkWidget *
make_button (DynoTileRow *self,
             const char  *icon_name,
             const char  *title,
             GCallback    clicked)
{
  GtkWidget *button = gtk_button_new_from_icon_name (icon_name);

  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_set_tooltip_text (button, title);
  dyno_access_name (button, title);
  gtk_widget_add_css_class (button, "flat");
  g_signal_connect_object (button, "clicked", clicked, self, G_CONNECT_SWAPPED);

  return button;
}

static void
add_place (DynoTileRow *self)
{
  GtkWidget *row = adw_action_row_new ();

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _ ("Place"));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), _ ("also Ctrl+Up and Ctrl+Down"));
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), make_button (self, "dyno-up-symbolic",
                                                                _ ("Earlier"),
                                                                G_CALLBACK (earlier_cb)));
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), make_button (self, "dyno-down-symbolic",
                                                                _ ("Later"),
                                                                G_CALLBACK (later_cb)));
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), make_button (self, "dyno-delete-symbolic",
                                                                _ ("Remove"),
                                                                G_CALLBACK (remove_cb)));
  adw_expander_row_add_row (ADW_EXPANDER_ROW (self), row);
}

/* Drag: a row is dropped on another, whose place it takes. */

static GdkContentProvider *
prepare_cb (GtkDragSource *drag,
            double         x,
            double         y,
            DynoTileRow   *self)
{
  return gdk_content_provider_new_typed (DYNO_TYPE_TILE_ROW, self);
}

static gboolean
drop_cb (GtkDropTarget *target,
         const GValue  *value,
         double         x,
         double         y,
         DynoTileRow   *self)
{
  DynoTileRow *dragged = g_value_get_object (value);
  int by = gtk_list_box_row_get_index (GTK_LIST_BOX_ROW (self))
           - gtk_list_box_row_get_index (GTK_LIST_BOX_ROW (dragged));

  if (by == 0 || dragged->layout != self->layout)
    return FALSE;

  g_signal_emit (dragged, signals[MOVE], 0, by);

  return TRUE;
}

static void
add_drag (DynoTileRow *self)
{
  GtkDragSource *drag = gtk_drag_source_new ();
  GtkDropTarget *target = gtk_drop_target_new (DYNO_TYPE_TILE_ROW, GDK_ACTION_MOVE);

  gtk_drag_source_set_actions (drag, GDK_ACTION_MOVE);
  g_signal_connect_object (drag, "prepare", G_CALLBACK (prepare_cb), self, 0);
  g_signal_connect_object (target, "drop", G_CALLBACK (drop_cb), self, 0);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (drag));
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (target));
}

static void
dyno_tile_row_finalize (GObject *object)
{
  g_clear_object (&DYNO_TILE_ROW (object)->tile);
  g_clear_object (&DYNO_TILE_ROW (object)->layout);

  G_OBJECT_CLASS (dyno_tile_row_parent_class)->finalize (object);
}

static void
dyno_tile_row_class_init (DynoTileRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = dyno_tile_row_finalize;
  signals[MOVE] = g_signal_new ("move", DYNO_TYPE_TILE_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                G_TYPE_NONE, 1, G_TYPE_INT);
  signals[REMOVE] = g_signal_new ("remove", DYNO_TYPE_TILE_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                  NULL, G_TYPE_NONE, 0);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Up, GDK_CONTROL_MASK, move_cb, "i", -1);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Down, GDK_CONTROL_MASK, move_cb, "i", 1);
}

static void
dyno_tile_row_init (DynoTileRow *self)
{
}

/* The unit of a canonical channel; another is typed as it comes. */
static const DynoUnit *
unit_of (DynoTile    *tile,
         DynoUnitSet  units)
{
  DynoChannel channel = dyno_channel_find (dyno_tile_get_source (tile));
  const DynoUnit *unit = dyno_unit_find (dyno_channel_info (channel)->unit);

  if (channel == DYNO_CHANNEL_NONE || unit == NULL || unit->quantity == DYNO_QUANTITY_NONE)
    return dyno_unit_none ();

  return dyno_unit_shown (units, unit->quantity);
}

GtkWidget *
dyno_tile_row_new (DynoLayout  *layout,
                   DynoTile    *tile,
                   DynoUnitSet  units)
{
  DynoTileRow *self = g_object_new (DYNO_TYPE_TILE_ROW, NULL);
  const char *title = dyno_tile_source_title (dyno_tile_get_source (tile));

  self->layout = g_object_ref (layout);
  self->tile = g_object_ref (tile);
  self->unit = unit_of (tile, units);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), title);
  add_choices (self);
  add_switches (self);
  add_limits (self, _ ("Range"), _ ("of bar and gauge"), "low", "high");
  add_limits (self, _ ("Good"), _ ("outside it is amber"), "amber-low", "amber-high");
  add_limits (self, _ ("Allowed"), _ ("outside it is red"), "red-low", "red-high");
  add_place (self);
  add_drag (self);

  return GTK_WIDGET (self);
}
