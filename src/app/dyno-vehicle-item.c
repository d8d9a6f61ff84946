/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-vehicle-item.h"

#include <glib/gi18n.h>

struct _DynoVehicleItem
{
  GObject      parent_instance;

  DynoVehicle *vehicle; /* (owned) */
  char        *detail;  /* (owned) */
};

enum
{
  PROP_ID = 1,
  PROP_LABEL,
  PROP_DETAIL,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (DynoVehicleItem, dyno_vehicle_item, G_TYPE_OBJECT)

const DynoVehicle *
dyno_vehicle_item_get_vehicle (DynoVehicleItem *self)
{
  return self->vehicle;
}

const char *
dyno_vehicle_item_get_label (DynoVehicleItem *self)
{
  return self->vehicle->label;
}

const char *
dyno_vehicle_item_get_detail (DynoVehicleItem *self)
{
  return self->detail;
}

static void
append_word (GString    *text,
             const char *joint,
             const char *word)
{
  if (word == NULL || *word == '\0')
    return;

  g_string_append_printf (text, "%s%s", text->len > 0 ? joint : "", word);
}

static char *
make_detail (const DynoVehicle *vehicle)
{
  g_autoptr(GString) text = g_string_new (NULL);
  g_autofree char *year = vehicle->year > 0 ? g_strdup_printf ("%d", vehicle->year) : NULL;
  g_autofree char *runs =
      g_strdup_printf (ngettext ("%u run", "%u runs", vehicle->n_runs), vehicle->n_runs);

  append_word (text, " ", vehicle->make);
  append_word (text, " ", vehicle->model);
  append_word (text, " ", year);
  append_word (text, " · ", vehicle->customer_name);
  append_word (text, " · ", runs);

  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
dyno_vehicle_item_finalize (GObject *object)
{
  DynoVehicleItem *self = DYNO_VEHICLE_ITEM (object);

  g_clear_pointer (&self->vehicle, dyno_vehicle_free);
  g_free (self->detail);

  G_OBJECT_CLASS (dyno_vehicle_item_parent_class)->finalize (object);
}

static void
dyno_vehicle_item_get_property (GObject    *object,
                                guint       id,
                                GValue     *value,
                                GParamSpec *pspec)
{
  DynoVehicleItem *self = DYNO_VEHICLE_ITEM (object);

  switch (id)
    {
    case PROP_ID:
      g_value_set_string (value, self->vehicle->id);
      break;
    case PROP_LABEL:
      g_value_set_string (value, self->vehicle->label);
      break;
    case PROP_DETAIL:
      g_value_set_string (value, self->detail);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
dyno_vehicle_item_class_init (DynoVehicleItemClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags read = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->finalize = dyno_vehicle_item_finalize;
  object_class->get_property = dyno_vehicle_item_get_property;
  props[PROP_ID] = g_param_spec_string ("id", NULL, NULL, NULL, read);
  props[PROP_LABEL] = g_param_spec_string ("label", NULL, NULL, NULL, read);
  props[PROP_DETAIL] = g_param_spec_string ("detail", NULL, NULL, NULL, read);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
dyno_vehicle_item_init (DynoVehicleItem *self)
{
}

DynoVehicleItem *
dyno_vehicle_item_new (DynoVehicle *vehicle)
{
  DynoVehicleItem *self = g_object_new (DYNO_TYPE_VEHICLE_ITEM, NULL);

  self->vehicle = vehicle;
  self->detail = make_detail (vehicle);

  return self;
}
