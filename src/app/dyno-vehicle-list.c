/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-vehicle-list.h"

struct _DynoVehicleList
{
  GObject       parent_instance;

  DynoShop     *shop;         /* (owned) */
  GCancellable *cancellable;  /* (owned) */
  GPtrArray    *items;        /* (owned) of DynoVehicleItem */
  guint         subscription; /* of the bus; 0 none */
  gboolean      is_loading;
  gboolean      is_stale;     /* something changed while it was loading */
};

static GType
dyno_vehicle_list_get_item_type (GListModel *model)
{
  return DYNO_TYPE_VEHICLE_ITEM;
}

static guint
dyno_vehicle_list_get_n_items (GListModel *model)
{
  return DYNO_VEHICLE_LIST (model)->items->len;
}

static gpointer
dyno_vehicle_list_get_item (GListModel *model,
                            guint       index)
{
  DynoVehicleList *self = DYNO_VEHICLE_LIST (model);

  return index < self->items->len ? g_object_ref (g_ptr_array_index (self->items, index)) : NULL;
}

static void
list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = dyno_vehicle_list_get_item_type;
  iface->get_n_items = dyno_vehicle_list_get_n_items;
  iface->get_item = dyno_vehicle_list_get_item;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (DynoVehicleList, dyno_vehicle_list, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init))

static void load (DynoVehicleList *self);

static void
take (DynoVehicleList *self,
      GPtrArray       *vehicles)
{
  guint n_before = self->items->len;

  g_ptr_array_set_size (self->items, 0);
  g_ptr_array_set_free_func (vehicles, NULL);
  for (guint i = 0; i < vehicles->len; i++)
    g_ptr_array_add (self->items, dyno_vehicle_item_new (g_ptr_array_index (vehicles, i)));
  g_list_model_items_changed (G_LIST_MODEL (self), 0, n_before, self->items->len);
}

/* Without a run book there are no vehicles; the page says why elsewhere. */
static void
loaded_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(DynoVehicleList) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) vehicles = dyno_people_list_vehicles_finish (result, &error);

  self->is_loading = FALSE;
  if (vehicles != NULL)
    take (self, vehicles);
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_debug ("Vehicles cannot be listed: %s", error->message);
  if (self->is_stale && !g_cancellable_is_cancelled (self->cancellable))
    load (self);
}

static void
load (DynoVehicleList *self)
{
  self->is_stale = self->is_loading;
  if (self->is_loading)
    return;

  self->is_loading = TRUE;
  dyno_people_list_vehicles_async (self->shop, NULL, self->cancellable, loaded_cb,
                                   g_object_ref (self));
}

static void
vehicle_cb (DynoTopic   topic,
            const char *id,
            const char *detail,
            gpointer    user_data)
{
  load (user_data);
}

DynoVehicleItem *
dyno_vehicle_list_find (DynoVehicleList *self,
                        const char      *vehicle_id)
{
  for (guint i = 0; i < self->items->len; i++)
    {
      DynoVehicleItem *item = g_ptr_array_index (self->items, i);

      if (g_strcmp0 (dyno_vehicle_item_get_vehicle (item)->id, vehicle_id) == 0)
        return item;
    }

  return NULL;
}

static void
dyno_vehicle_list_dispose (GObject *object)
{
  DynoVehicleList *self = DYNO_VEHICLE_LIST (object);

  g_cancellable_cancel (self->cancellable);
  if (self->subscription != 0)
    dyno_bus_unsubscribe (dyno_shop_get_bus (self->shop), self->subscription);
  self->subscription = 0;

  G_OBJECT_CLASS (dyno_vehicle_list_parent_class)->dispose (object);
}

static void
dyno_vehicle_list_finalize (GObject *object)
{
  DynoVehicleList *self = DYNO_VEHICLE_LIST (object);

  g_ptr_array_unref (self->items);
  g_clear_object (&self->cancellable);
  dyno_shop_unref (self->shop);

  G_OBJECT_CLASS (dyno_vehicle_list_parent_class)->finalize (object);
}

static void
dyno_vehicle_list_class_init (DynoVehicleListClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = dyno_vehicle_list_dispose;
  G_OBJECT_CLASS (klass)->finalize = dyno_vehicle_list_finalize;
}

static void
dyno_vehicle_list_init (DynoVehicleList *self)
{
  self->cancellable = g_cancellable_new ();
  self->items = g_ptr_array_new_with_free_func (g_object_unref);
}

DynoVehicleList *
dyno_vehicle_list_new (DynoShop *shop)
{
  DynoVehicleList *self = g_object_new (DYNO_TYPE_VEHICLE_LIST, NULL);

  self->shop = dyno_shop_ref (shop);
  self->subscription = dyno_bus_subscribe (dyno_shop_get_bus (shop), DYNO_TOPIC_VEHICLE, NULL,
                                           vehicle_cb, self, NULL);
  load (self);

  return self;
}
