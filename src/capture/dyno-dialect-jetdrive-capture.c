/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-dialects-private.h"

#include <string.h>

/* Channels of the wire, with its names and SI units, as a JETDRIVE client writes them. */

static gboolean
is_jetdrive_name (const char *cell)
{
  static const char *const names[] = {
    "digital rpm 1", "force drum 1", "front adaptive fuel factor", "front closed loop integrator",
    "front spark knock retard", "idle air control motor positio", "injector time front",
    "spark advance front", "throttle position sensor volta", "twistgrip position", "ve new front",
    NULL,
  };
  g_autofree char *folded = dyno_import_name_fold (cell);
  gsize n = strlen ("chan ");

  if (strncmp (folded, "chan ", n) == 0)
    return folded[n] != '\0' && strspn (folded + n, "0123456789") == strlen (folded + n);

  return g_strv_contains (names, folded);
}

static guint
score (const DynoDialectHead *head)
{
  gboolean has_stamp = FALSE;
  guint n = 0;

  if (head->names == NULL || head->names[0] == NULL)
    return 0;
  if (dyno_dialect_cell_is (head->names[0], "timestamp ms")
      && dyno_dialect_cell_is (head->names[1] != NULL ? head->names[1] : "", "rpm"))
    return 2;
  for (guint i = 0; head->names[i] != NULL; i++)
    {
      has_stamp |= dyno_dialect_cell_is (head->names[i], "timestamp");
      n += (guint) is_jetdrive_name (head->names[i]);
    }

  return has_stamp && n > 0 ? n + 1 : 0;
}

/* "Horsepower" in a capture: somebody converted, the torque is to be looked at. */
static gboolean
has_named_power (const DynoImportMap *map)
{
  for (guint i = 0; i < map->table->n_columns; i++)
    {
      if (map->bindings[i].alias.channel == DYNO_CHANNEL_POWER_CORR
          && map->bindings[i].unit != NULL)
        return TRUE;
    }

  return FALSE;
}

/* The wire has one unit a quantity; mixture alone is told by its numbers. */
static void
assign_si_units (DynoImportMap *map)
{
  gboolean is_torque_open = has_named_power (map);

  for (guint i = 0; i < map->table->n_columns; i++)
    {
      DynoChannel channel = map->bindings[i].alias.channel;
      gboolean is_torque = channel == DYNO_CHANNEL_TORQUE || channel == DYNO_CHANNEL_TORQUE_CORR;

      if (channel != DYNO_CHANNEL_NONE && channel != DYNO_CHANNEL_RPM
          && !dyno_channel_is_mixture (channel) && !(is_torque && is_torque_open))
        dyno_import_map_set_unit (map, i, dyno_channel_info (channel)->unit, "dialect",
                                  DYNO_IMPORT_BY_DIALECT);
    }
}

const DynoDialect dyno_dialect_jetdrive_capture = {
  .id = "jetdrive-capture",
  .title = "JETDRIVE capture",
  .score = score,
  .assign_units = assign_si_units,
};
