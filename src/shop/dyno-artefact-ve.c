/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-artefact-private.h"

#include <math.h>

/* The grids of a VE result; part of dyno-artefact.h. */

static const char *const sides[DYNO_VE_CYLINDERS] = { "front", "rear" };

static gboolean
write_number (GString *text,
              double   value,
              int      decimals)
{
  dyno_artefact_append_number (text, value, decimals);

  return !isnan (value);
}

/* Of the cells of a cylinder */

static gboolean
write_delta (GString       *text,
             gconstpointer  cells,
             guint          cell)
{
  return write_number (text, ((const DynoVeCell *) cells)[cell].limited, 2);
}

static gboolean
write_factor (GString       *text,
              gconstpointer  cells,
              guint          cell)
{
  return write_number (text, 1 + ((const DynoVeCell *) cells)[cell].limited / 100, 4);
}

static gboolean
write_raw (GString       *text,
           gconstpointer  cells,
           guint          cell)
{
  return write_number (text, ((const DynoVeCell *) cells)[cell].raw, 2);
}

/* A count: 0 is one. */
static gboolean
write_hits (GString       *text,
            gconstpointer  cells,
            guint          cell)
{
  guint32 hits = ((const DynoVeCell *) cells)[cell].hits;

  g_string_append_printf (text, "%u", hits);

  return hits > 0;
}

static gboolean
write_mix_error (GString       *text,
                 gconstpointer  cells,
                 guint          cell)
{
  const DynoVeCell *value = &((const DynoVeCell *) cells)[cell];

  return write_number (text, value->mean_mix - value->mean_target, 2);
}

static gboolean
write_confidence (GString       *text,
                  gconstpointer  cells,
                  guint          cell)
{
  const DynoVeCell *value = &((const DynoVeCell *) cells)[cell];

  if (value->hits > 0)
    g_string_append (text, dyno_confidence_name (value->confidence));

  return value->hits > 0;
}

static void
add_cells (GPtrArray          *artefacts,
           const DynoVeResult *result,
           guint               cylinder)
{
  static const struct
  {
    const char    *stem;
    DynoCellWriter write;
  } grids[] = {
    { "ve_delta", write_delta },      { "ve_factor", write_factor },
    { "ve_raw", write_raw },          { "hits", write_hits },
    { "mix_error", write_mix_error }, { "confidence", write_confidence },
  };

  for (guint i = 0; i < G_N_ELEMENTS (grids); i++)
    dyno_artefacts_add_grid (artefacts,
                             g_strdup_printf ("%s_%s.csv", grids[i].stem, sides[cylinder]), "RPM",
                             &result->set->shape, grids[i].write,
                             result->cylinders[cylinder].cells);
}

/* Of plain numbers */

static gboolean
write_percent (GString       *text,
               gconstpointer  values,
               guint          cell)
{
  return write_number (text, ((const double *) values)[cell], 2);
}

static gboolean
write_load (GString       *text,
            gconstpointer  values,
            guint          cell)
{
  return write_number (text, ((const double *) values)[cell], 1);
}

static gboolean
write_pull (GString       *text,
            gconstpointer  cells,
            guint          cell)
{
  return write_number (text, ((const DynoSparkCell *) cells)[cell].pull_deg, 2);
}

/* Correction in percent for a clipboard: values only. Left out while it has holes. */
static void
add_paste (GPtrArray          *artefacts,
           const DynoVeResult *result,
           guint               cylinder)
{
  const DynoGridShape *shape = &result->set->shape;
  GString *text = g_string_new (NULL);
  gboolean has_holes = FALSE;

  for (guint cell = 0; cell < result->n_cells; cell++)
    {
      double value = result->cylinders[cylinder].cells[cell].limited;

      if (cell > 0)
        g_string_append_c (text, cell % shape->load.n == 0 ? '\n' : '\t');
      has_holes |= isnan (value);
      dyno_artefact_append_number (text, value, 2);
    }
  if (!has_holes)
    {
      g_ptr_array_add (artefacts,
                       dyno_artefact_new (g_strdup_printf ("paste_ve_%s.txt", sides[cylinder]),
                                          "text", shape->rpm.n, shape->load.n, text));
      return;
    }
  g_string_free (text, TRUE);
}

void
dyno_artefacts_add_paste (GPtrArray          *artefacts,
                          const DynoVeResult *result)
{
  for (guint i = 0; i < DYNO_VE_CYLINDERS; i++)
    {
      if (result->cylinders[i].has_sensor)
        add_paste (artefacts, result, i);
    }
}

void
dyno_artefacts_add_ve (GPtrArray          *artefacts,
                       const DynoVeResult *result)
{
  for (guint i = 0; i < DYNO_VE_CYLINDERS; i++)
    {
      if (result->cylinders[i].has_sensor)
        add_cells (artefacts, result, i);
    }
  dyno_artefacts_add_grid (artefacts, g_strdup ("ve_delta_combined.csv"), "RPM",
                           &result->set->shape, write_percent, result->combined);
}

void
dyno_artefacts_add_spark (GPtrArray          *artefacts,
                          const DynoVeResult *result,
                          const DynoSpark    *spark)
{
  for (guint i = 0; i < DYNO_VE_CYLINDERS; i++)
    {
      if (spark->cylinders[i].cells != NULL)
        dyno_artefacts_add_grid (artefacts, g_strdup_printf ("spark_%s.csv", sides[i]), "RPM",
                                 &result->set->shape, write_pull, spark->cylinders[i].cells);
    }
}

/* The first cell of the header names the unit. */
static void
add_load (GPtrArray          *artefacts,
          const DynoVeResult *result,
          const char         *name,
          DynoQuantity        quantity,
          DynoUnitSet         units,
          double             *values)
{
  const DynoUnit *unit = dyno_unit_shown (units, quantity);
  g_autofree char *corner = g_strdup_printf ("RPM (%s)", unit->symbol);

  for (guint i = 0; i < result->n_cells; i++)
    values[i] = dyno_unit_from_si (unit, values[i]);
  dyno_artefacts_add_grid (artefacts, g_strdup (name), corner, &result->set->shape, write_load,
                           values);
}

void
dyno_artefacts_add_load (GPtrArray          *artefacts,
                         const DynoVeResult *result,
                         DynoUnitSet         units)
{
  g_autoptr(DynoLoadMap) map = dyno_load_map_new (result);

  if (map == NULL)
    return;
  add_load (artefacts, result, "torque_map.csv", DYNO_QUANTITY_TORQUE, units, map->torque_nm);
  add_load (artefacts, result, "power_map.csv", DYNO_QUANTITY_POWER, units, map->power_kw);
}
