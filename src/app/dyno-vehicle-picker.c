/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-vehicle-picker.h"

#include "dyno-access.h"

#include <glib/gi18n.h>

struct _DynoVehiclePicker
{
  AdwBin              parent_instance;

  DynoVehicleList    *list;       /* (owned) (nullable) */
  char               *vehicle_id; /* (owned) (nullable) */
  GtkMenuButton      *button;     /* template */
  GtkLabel           *label;
  GtkPopover         *popover;
  GtkSearchEntry     *search;
  GtkListView        *view;
  GtkStringFilter    *filter;
  GtkFilterListModel *filtered;
  GtkSingleSelection *selection;
  GtkButton          *create;
  GtkButton          *none;
};

enum
{
  CHOSEN,
  CREATED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (DynoVehiclePicker, dyno_vehicle_picker, ADW_TYPE_BIN)

static const char *
typed (DynoVehiclePicker *self)
{
  return gtk_editable_get_text (GTK_EDITABLE (self->search));
}

static void
show_vehicle (DynoVehiclePicker *self)
{
  DynoVehicleItem *item =
      self->list != NULL ? dyno_vehicle_list_find (self->list, self->vehicle_id) : NULL;
  const char *label = item != NULL ? dyno_vehicle_item_get_label (item) : _ ("No vehicle");
  g_autofree char *name = g_strdup_printf (_ ("Vehicle: %s"), label);

  gtk_label_set_label (self->label, label);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->button), name);
  dyno_access_name (GTK_WIDGET (self->button), name);
}

static void
choose (DynoVehiclePicker *self,
        const char        *vehicle_id)
{
  gtk_popover_popdown (self->popover);
  g_signal_emit (self, signals[CHOSEN], 0, vehicle_id);
}

static void
activate_cb (DynoVehiclePicker *self,
             guint              position)
{
  g_autoptr(DynoVehicleItem) item =
      g_list_model_get_item (G_LIST_MODEL (self->selection), position);

  if (item != NULL)
    choose (self, dyno_vehicle_item_get_vehicle (item)->id);
}

static void
none_cb (DynoVehiclePicker *self)
{
  choose (self, NULL);
}

static void
create_cb (DynoVehiclePicker *self)
{
  g_autofree char *label = g_strstrip (g_strdup (typed (self)));

  if (*label == '\0')
    {
      gtk_widget_grab_focus (GTK_WIDGET (self->search));
      return;
    }

  gtk_popover_popdown (self->popover);
  g_signal_emit (self, signals[CREATED], 0, label);
}

static void
update_create (DynoVehiclePicker *self)
{
  g_autofree char *label = g_strstrip (g_strdup (typed (self)));
  g_autofree char *text = *label != '\0' ? g_strdup_printf (_ ("New Vehicle “%s”"), label)
                                         : g_strdup (_ ("Type a Name for a New Vehicle"));

  gtk_button_set_label (self->create, text);
  gtk_widget_set_sensitive (GTK_WIDGET (self->create), *label != '\0');
}

static void
search_changed_cb (DynoVehiclePicker *self)
{
  gtk_string_filter_set_search (self->filter, typed (self));
  update_create (self);
}

/* Enter takes the only match, or makes what is not there. */
static void
search_activated_cb (DynoVehiclePicker *self)
{
  if (g_list_model_get_n_items (G_LIST_MODEL (self->selection)) > 0)
    activate_cb (self, gtk_single_selection_get_selected (self->selection));
  else
    create_cb (self);
}

static void
shown_cb (DynoVehiclePicker *self)
{
  gtk_editable_set_text (GTK_EDITABLE (self->search), "");
  gtk_widget_grab_focus (GTK_WIDGET (self->search));
}

/* A row is named by what it says. */
static void
name_row (GtkWidget       *child,
          DynoVehicleItem *vehicle)
{
  if (gtk_widget_get_parent (child) != NULL)
    dyno_access_name (gtk_widget_get_parent (child), dyno_vehicle_item_get_label (vehicle));
}

static void
setup_cb (GtkSignalListItemFactory *factory,
          GtkListItem              *item)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  GtkWidget *label = gtk_label_new (NULL);
  GtkWidget *detail = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_xalign (GTK_LABEL (detail), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_label_set_ellipsize (GTK_LABEL (detail), PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class (detail, "caption");
  gtk_box_append (GTK_BOX (box), label);
  gtk_box_append (GTK_BOX (box), detail);
  gtk_list_item_set_child (item, box);
}

static void
bind_cb (GtkSignalListItemFactory *factory,
         GtkListItem              *item)
{
  DynoVehicleItem *vehicle = gtk_list_item_get_item (item);
  GtkWidget *box = gtk_list_item_get_child (item);

  gtk_label_set_label (GTK_LABEL (gtk_widget_get_first_child (box)),
                       dyno_vehicle_item_get_label (vehicle));
  gtk_label_set_label (GTK_LABEL (gtk_widget_get_last_child (box)),
                       dyno_vehicle_item_get_detail (vehicle));
  name_row (box, vehicle);
}

void
dyno_vehicle_picker_set_list (DynoVehiclePicker *self,
                              DynoVehicleList   *list)
{
  g_return_if_fail (DYNO_IS_VEHICLE_PICKER (self));

  if (self->list != NULL)
    g_signal_handlers_disconnect_by_data (self->list, self);
  g_set_object (&self->list, list);
  gtk_filter_list_model_set_model (self->filtered, G_LIST_MODEL (list));
  if (list != NULL)
    g_signal_connect_object (list, "items-changed", G_CALLBACK (show_vehicle), self,
                             G_CONNECT_SWAPPED);
  show_vehicle (self);
}

void
dyno_vehicle_picker_set_vehicle (DynoVehiclePicker *self,
                                 const char        *vehicle_id)
{
  g_return_if_fail (DYNO_IS_VEHICLE_PICKER (self));

  if (g_strcmp0 (self->vehicle_id, vehicle_id) == 0)
    return;

  g_free (self->vehicle_id);
  self->vehicle_id = g_strdup (vehicle_id);
  show_vehicle (self);
}

void
dyno_vehicle_picker_popup (DynoVehiclePicker *self)
{
  gtk_menu_button_popup (self->button);
}

static void
dyno_vehicle_picker_dispose (GObject *object)
{
  DynoVehiclePicker *self = DYNO_VEHICLE_PICKER (object);

  if (self->list != NULL)
    g_signal_handlers_disconnect_by_data (self->list, self);
  g_clear_object (&self->list);
  adw_bin_set_child (ADW_BIN (object), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (object), DYNO_TYPE_VEHICLE_PICKER);

  G_OBJECT_CLASS (dyno_vehicle_picker_parent_class)->dispose (object);
}

static void
dyno_vehicle_picker_finalize (GObject *object)
{
  g_free (DYNO_VEHICLE_PICKER (object)->vehicle_id);

  G_OBJECT_CLASS (dyno_vehicle_picker_parent_class)->finalize (object);
}

static void
dyno_vehicle_picker_class_init (DynoVehiclePickerClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = dyno_vehicle_picker_dispose;
  G_OBJECT_CLASS (klass)->finalize = dyno_vehicle_picker_finalize;
  signals[CHOSEN] = g_signal_new ("chosen", DYNO_TYPE_VEHICLE_PICKER, G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[CREATED] = g_signal_new ("created", DYNO_TYPE_VEHICLE_PICKER, G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  g_type_ensure (DYNO_TYPE_VEHICLE_ITEM);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/dynoai/DynoAI/dyno-vehicle-picker.ui");
  gtk_widget_class_bind_template_child (widget_class, DynoVehiclePicker, button);
  gtk_widget_class_bind_template_child (widget_class, DynoVehiclePicker, label);
  gtk_widget_class_bind_template_child (widget_class, DynoVehiclePicker, popover);
  gtk_widget_class_bind_template_child (widget_class, DynoVehiclePicker, search);
  gtk_widget_class_bind_template_child (widget_class, DynoVehiclePicker, view);
  gtk_widget_class_bind_template_child (widget_class, DynoVehiclePicker, filter);
  gtk_widget_class_bind_template_child (widget_class, DynoVehiclePicker, filtered);
  gtk_widget_class_bind_template_child (widget_class, DynoVehiclePicker, selection);
  gtk_widget_class_bind_template_child (widget_class, DynoVehiclePicker, create);
  gtk_widget_class_bind_template_child (widget_class, DynoVehiclePicker, none);
  gtk_widget_class_bind_template_callback (widget_class, activate_cb);
  gtk_widget_class_bind_template_callback (widget_class, bind_cb);
  gtk_widget_class_bind_template_callback (widget_class, create_cb);
  gtk_widget_class_bind_template_callback (widget_class, none_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, setup_cb);
  gtk_widget_class_bind_template_callback (widget_class, shown_cb);
}

static void
dyno_vehicle_picker_init (DynoVehiclePicker *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  update_create (self);
  show_vehicle (self);
}
