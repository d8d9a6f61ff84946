/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-run-view.h"

#include "dyno-access.h"
#include "dyno-power-words.h"
#include "dyno-run-words.h"
#include "dyno-status.h"

#include <adwaita.h>

struct _DynoRunView
{
  GtkWidget       parent_instance;

  DynoPowerSet   *set;     /* (owned) (nullable) the runs that are shown */
  GtkStack       *whole;   /* template */
  GtkButton      *back;
  GtkLabel       *heading;
  GtkBox         *badges;
  GtkStack       *tabs;
  DynoPowerView  *power;
  DynoRunFuel    *fuel;
  DynoRunDetails *details;
};

enum
{
  PROP_TAB = 1,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (DynoRunView, dyno_run_view, GTK_TYPE_WIDGET)

DynoPowerView *
dyno_run_view_get_power (DynoRunView *self)
{
  return self->power;
}

DynoRunFuel *
dyno_run_view_get_fuel (DynoRunView *self)
{
  return self->fuel;
}

DynoRunDetails *
dyno_run_view_get_details (DynoRunView *self)
{
  return self->details;
}

DynoPowerSet *
dyno_run_view_get_set (DynoRunView *self)
{
  return self->set;
}

guint
dyno_run_view_get_n (DynoRunView *self)
{
  return dyno_power_set_get_n (self->set);
}

DynoRunItem *
dyno_run_view_get_item (DynoRunView *self)
{
  return dyno_run_view_get_n (self) > 0 ? dyno_power_set_get (self->set, 0)->item : NULL;
}

const char *
dyno_run_view_get_tab (DynoRunView *self)
{
  return gtk_stack_get_visible_child_name (self->tabs);
}

void
dyno_run_view_set_tab (DynoRunView *self,
                       const char  *tab)
{
  gtk_stack_set_visible_child_name (self->tabs, tab);
}

static void
tab_cb (DynoRunView *self)
{
  if (self->fuel != NULL && self->set != NULL)
    dyno_run_fuel_set_active (self->fuel, g_strcmp0 (dyno_run_view_get_tab (self), "fuel") == 0);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_TAB]);
}

/* What is shown. */

static void
add_badge (DynoRunView        *self,
           const DynoRunBadge *badge)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 4);
  GtkWidget *icon = gtk_image_new_from_icon_name (dyno_status_icon (badge->status));
  GtkWidget *label = gtk_label_new (badge->word);

  gtk_widget_add_css_class (box, dyno_status_class (badge->status));
  gtk_widget_add_css_class (label, "caption-heading");
  gtk_box_append (GTK_BOX (box), icon);
  gtk_box_append (GTK_BOX (box), label);
  gtk_box_append (self->badges, box);
}

static void
show_badges (DynoRunView *self)
{
  DynoRunItem *item = dyno_run_view_get_item (self);
  DynoRunBadge badges[DYNO_RUN_MAX_BADGES];
  guint n = 0;
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->badges))) != NULL)
    gtk_box_remove (self->badges, child);
  if (dyno_run_view_get_n (self) == 1)
    n = dyno_run_words_badges (dyno_run_item_get_run (item), badges);
  for (guint i = 0; i < n; i++)
    add_badge (self, &badges[i]);
  gtk_widget_set_visible (GTK_WIDGET (self->badges), n > 0);
}

static void
show_runs (DynoRunView *self)
{
  guint n = dyno_run_view_get_n (self);
  g_autoptr(GStrvBuilder) ids = g_strv_builder_new ();
  g_auto(GStrv) run_ids = NULL;

  for (guint i = 0; i < n; i++)
    g_strv_builder_add (ids, dyno_run_item_get_id (dyno_power_set_get (self->set, i)->item));
  run_ids = g_strv_builder_end (ids);
  dyno_run_fuel_set_runs (self->fuel, (const char *const *) run_ids);
  dyno_run_details_set_item (self->details, dyno_run_view_get_item (self));
  gtk_stack_set_visible_child_name (self->whole, n > 0 ? "run" : "none");
}

static void
set_changed_cb (DynoRunView *self)
{
  g_autofree char *title = dyno_power_words_title (self->set);

  gtk_label_set_label (self->heading, title);
  show_badges (self);
  show_runs (self);
}

gboolean
dyno_run_view_show (DynoRunView *self,
                    GPtrArray   *items)
{
  return dyno_power_set_show (self->set, items);
}

gboolean
dyno_run_view_add (DynoRunView *self,
                   DynoRunItem *item)
{
  return dyno_power_set_add (self->set, item);
}

void
dyno_run_view_set_units (DynoRunView *self,
                         DynoUnitSet  units)
{
  dyno_power_view_set_units (self->power, units);
  dyno_run_details_set_units (self->details, units);
}

void
dyno_run_view_set_narrow (DynoRunView *self,
                          gboolean     is_narrow)
{
  gtk_widget_set_visible (GTK_WIDGET (self->back), is_narrow);
}

void
dyno_run_view_set_shop (DynoRunView     *self,
                        DynoShop        *shop,
                        DynoVehicleList *vehicles)
{
  g_return_if_fail (self->set == NULL);

  self->set = dyno_power_set_new (shop);
  g_signal_connect_object (self->set, "changed", G_CALLBACK (set_changed_cb), self,
                           G_CONNECT_SWAPPED);
  dyno_run_fuel_set_shop (self->fuel, shop);
  dyno_run_details_set_shop (self->details, shop, vehicles);
  dyno_power_view_set_set (self->power, self->set);
  set_changed_cb (self);
}

static void
dyno_run_view_get_property (GObject    *object,
                            guint       id,
                            GValue     *value,
                            GParamSpec *pspec)
{
  if (id == PROP_TAB)
    g_value_set_string (value, dyno_run_view_get_tab (DYNO_RUN_VIEW (object)));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
dyno_run_view_dispose (GObject *object)
{
  DynoRunView *self = DYNO_RUN_VIEW (object);

  if (self->set != NULL)
    g_signal_handlers_disconnect_by_data (self->set, self);
  gtk_widget_dispose_template (GTK_WIDGET (object), DYNO_TYPE_RUN_VIEW);
  g_clear_object (&self->set);

  G_OBJECT_CLASS (dyno_run_view_parent_class)->dispose (object);
}

static void
dyno_run_view_class_init (DynoRunViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = dyno_run_view_dispose;
  object_class->get_property = dyno_run_view_get_property;
  props[PROP_TAB] = g_param_spec_string ("tab", NULL, NULL, "power",
                                         G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
  g_type_ensure (DYNO_TYPE_POWER_VIEW);
  g_type_ensure (DYNO_TYPE_RUN_FUEL);
  g_type_ensure (DYNO_TYPE_RUN_DETAILS);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/dynoai/DynoAI/dyno-run-view.ui");
  gtk_widget_class_bind_template_child (widget_class, DynoRunView, whole);
  gtk_widget_class_bind_template_child (widget_class, DynoRunView, back);
  gtk_widget_class_bind_template_child (widget_class, DynoRunView, heading);
  gtk_widget_class_bind_template_child (widget_class, DynoRunView, badges);
  gtk_widget_class_bind_template_child (widget_class, DynoRunView, tabs);
  gtk_widget_class_bind_template_child (widget_class, DynoRunView, power);
  gtk_widget_class_bind_template_child (widget_class, DynoRunView, fuel);
  gtk_widget_class_bind_template_child (widget_class, DynoRunView, details);
  gtk_widget_class_bind_template_callback (widget_class, tab_cb);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
dyno_run_view_init (DynoRunView *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  dyno_access_name_all (GTK_WIDGET (self));
}
