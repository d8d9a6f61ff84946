/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-live-page-private.h"

#include "dyno-doctor-window.h"
#include "dyno-link-window.h"
#include "dyno-mapping-window.h"

#include <glib/gi18n.h>

/* Which dyno, which vehicle, which channels, over which link. */

static DynoShop *
shop_of (DynoLivePage *self)
{
  return dyno_page_get_shop (DYNO_PAGE (self));
}

static GCancellable *
cancellable_of (DynoLivePage *self)
{
  return dyno_page_get_cancellable (DYNO_PAGE (self));
}

/* The simulator. */

static void
demo_started_cb (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr(DynoLivePage) self = user_data;
  g_autoptr(GError) error = NULL;

  if (!dyno_demo_start_finish (result, &error))
    dyno_live_page_take_error (self, error);
}

static void
demo_stopped_cb (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr(DynoLivePage) self = user_data;
  g_autoptr(GError) error = NULL;

  if (!dyno_demo_stop_finish (result, &error))
    dyno_live_page_take_error (self, error);
}

static void
simulator_action (GtkWidget  *widget,
                  const char *name,
                  GVariant   *unused)
{
  DynoLivePage *self = DYNO_LIVE_PAGE (widget);

  dyno_demo_start_async (shop_of (self), NULL, cancellable_of (self), demo_started_cb,
                         g_object_ref (self));
}

static void
stop_simulator_action (GtkWidget  *widget,
                       const char *name,
                       GVariant   *unused)
{
  DynoLivePage *self = DYNO_LIVE_PAGE (widget);

  dyno_demo_stop_async (shop_of (self), cancellable_of (self), demo_stopped_cb,
                        g_object_ref (self));
}

/* Dyno, vehicle, network. */

static void
provider_set_cb (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr(DynoLivePage) self = user_data;
  g_autoptr(GError) error = NULL;

  if (!dyno_arm_choose_provider_finish (result, &error))
    dyno_live_page_take_error (self, error);
}

static void
set_provider_action (GtkWidget  *widget,
                     const char *name,
                     GVariant   *provider)
{
  DynoLivePage *self = DYNO_LIVE_PAGE (widget);
  const char *wanted = g_variant_get_string (provider, NULL);

  dyno_arm_choose_provider_async (shop_of (self), *wanted != '\0' ? wanted : NULL,
                                  cancellable_of (self), provider_set_cb, g_object_ref (self));
}

static void
vehicle_set_cb (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr(DynoLivePage) self = user_data;
  g_autoptr(GError) error = NULL;

  if (!dyno_arm_set_vehicle_finish (result, &error))
    dyno_live_page_take_error (self, error);
}

static void
set_vehicle (DynoLivePage *self,
             const char   *vehicle_id)
{
  dyno_layouts_set_vehicle (self->layouts, vehicle_id);
  dyno_arm_set_vehicle_async (shop_of (self), vehicle_id, cancellable_of (self), vehicle_set_cb,
                              g_object_ref (self));
}

static void
set_vehicle_action (GtkWidget  *widget,
                    const char *name,
                    GVariant   *vehicle)
{
  const char *vehicle_id = g_variant_get_string (vehicle, NULL);

  set_vehicle (DYNO_LIVE_PAGE (widget), *vehicle_id != '\0' ? vehicle_id : NULL);
}

static void
vehicle_made_cb (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr(DynoLivePage) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(DynoVehicle) vehicle = dyno_people_ensure_vehicle_finish (result, &error);

  if (vehicle != NULL)
    set_vehicle (self, vehicle->id);
  else
    dyno_live_page_take_error (self, error);
}

static void
new_vehicle_action (GtkWidget  *widget,
                    const char *name,
                    GVariant   *label)
{
  DynoLivePage *self = DYNO_LIVE_PAGE (widget);

  dyno_people_ensure_vehicle_async (shop_of (self), g_variant_get_string (label, NULL),
                                    cancellable_of (self), vehicle_made_cb, g_object_ref (self));
}

static void
choose_provider_action (GtkWidget  *widget,
                        const char *name,
                        GVariant   *unused)
{
  dyno_provider_picker_popup (DYNO_LIVE_PAGE (widget)->provider);
}

static void
choose_vehicle_action (GtkWidget  *widget,
                       const char *name,
                       GVariant   *unused)
{
  dyno_vehicle_picker_popup (DYNO_LIVE_PAGE (widget)->vehicle);
}

static void
doctor_action (GtkWidget  *widget,
               const char *name,
               GVariant   *unused)
{
  DynoLivePage *self = DYNO_LIVE_PAGE (widget);

  dyno_live_page_present (self, dyno_doctor_window_new (shop_of (self)));
}

static void
link_action (GtkWidget  *widget,
             const char *name,
             GVariant   *unused)
{
  DynoLivePage *self = DYNO_LIVE_PAGE (widget);

  dyno_live_page_present (self, dyno_link_window_new (self->watch));
}

static void
mapping_action (GtkWidget  *widget,
                const char *name,
                GVariant   *unused)
{
  DynoLivePage *self = DYNO_LIVE_PAGE (widget);

  dyno_live_page_present (self, dyno_mapping_window_new (shop_of (self), self->watch));
}

/* A pull that was no run. */

static void
kept_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(DynoLivePage) self = user_data;
  g_autoptr(GError) error = NULL;

  if (!dyno_arm_keep_finish (result, &error))
    dyno_live_page_take_error (self, error);
}

static void
keep_action (GtkWidget  *widget,
             const char *name,
             GVariant   *run_id)
{
  DynoLivePage *self = DYNO_LIVE_PAGE (widget);

  dyno_arm_keep_async (shop_of (self), g_variant_get_string (run_id, NULL),
                       cancellable_of (self), kept_cb, g_object_ref (self));
}

void
dyno_live_setup_install (GtkWidgetClass *widget_class)
{
  static const DynoLiveAction actions[] = {
    { "live.simulator", NULL, simulator_action },
    { "live.stop-simulator", NULL, stop_simulator_action },
    { "live.set-provider", "s", set_provider_action },
    { "live.set-vehicle", "s", set_vehicle_action },
    { "live.new-vehicle", "s", new_vehicle_action },
    { "live.choose-provider", NULL, choose_provider_action },
    { "live.choose-vehicle", NULL, choose_vehicle_action },
    { "live.doctor", NULL, doctor_action },
    { "live.link", NULL, link_action },
    { "live.mapping", NULL, mapping_action },
    { "live.keep", "s", keep_action },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (actions); i++)
    gtk_widget_class_install_action (widget_class, actions[i].name, actions[i].parameter,
                                     actions[i].activate);
}
