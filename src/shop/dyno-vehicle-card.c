/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-vehicle-card.h"

#include "dyno-shape-private.h"

#include <math.h>

static const char *const names[] = { "engine", "gearing", "tyre", "limits", "aliases", NULL };

static DynoJson *
parse_data (const DynoVehicle *vehicle)
{
  return vehicle->data != NULL ? dyno_json_parse (vehicle->data, -1, NULL) : NULL;
}

static void
add_value (DynoJsonWriter *w,
           const char     *name,
           const DynoJson *value)
{
  dyno_json_writer_name (w, name);
  if (value != NULL)
    dyno_json_writer_value (w, value);
  else
    dyno_json_writer_null (w);
}

void
dyno_vehicle_card_shape (DynoJsonWriter    *w,
                         const DynoVehicle *vehicle)
{
  g_autoptr(DynoJson) data = parse_data (vehicle);

  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "id", vehicle->id);
  dyno_json_writer_add_string (w, "label", vehicle->label);
  dyno_shape_add_text (w, "customer_id", vehicle->customer_id);
  dyno_shape_add_text (w, "customer", vehicle->customer_name);
  dyno_shape_add_text (w, "make", vehicle->make);
  dyno_shape_add_text (w, "model", vehicle->model);
  dyno_json_writer_add_number (w, "year", vehicle->year > 0 ? vehicle->year : NAN);
  dyno_shape_add_text (w, "vin", vehicle->vin);
  dyno_shape_add_text (w, "plate", vehicle->plate);
  for (guint i = 0; names[i] != NULL; i++)
    add_value (w, names[i], dyno_json_member (data, names[i]));
  dyno_json_writer_add_integer (w, "runs", vehicle->n_runs);
  dyno_json_writer_add_integer (w, "version", vehicle->revision);
  dyno_shape_add_time_ms (w, "created_at", vehicle->created_ms);
  dyno_shape_add_time_ms (w, "updated_at", vehicle->updated_ms);
  dyno_json_writer_end_object (w);
}

static gboolean
is_of_the_card (const char *name)
{
  return g_strv_contains (names, name);
}

/* The members of `object` that are (not) of the card, null ones left out. */
static void
write_members (DynoJsonWriter *w,
               const DynoJson *object,
               const DynoJson *replacing)
{
  g_autoptr(GPtrArray) members = dyno_json_names (object);

  for (guint i = 0; i < members->len; i++)
    {
      const char *name = g_ptr_array_index (members, i);
      const DynoJson *value = dyno_json_member (object, name);
      gboolean is_wanted = replacing != NULL
                             ? !is_of_the_card (name) || dyno_json_member (replacing, name) == NULL
                             : is_of_the_card (name) && dyno_json_type (value) != DYNO_JSON_NULL;

      if (is_wanted)
        add_value (w, name, value);
    }
}

void
dyno_vehicle_card_take (DynoVehicle    *vehicle,
                        const DynoJson *object)
{
  g_autoptr(DynoJson) data = parse_data (vehicle);
  DynoJsonWriter *w;

  if (object == NULL)
    return;

  w = dyno_json_writer_new (FALSE);
  dyno_json_writer_begin_object (w);
  if (data != NULL)
    write_members (w, data, object);
  write_members (w, object, NULL);
  dyno_json_writer_end_object (w);
  g_free (vehicle->data);
  vehicle->data = dyno_json_writer_finish (w);
}
