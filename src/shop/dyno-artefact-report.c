/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-artefact-private.h"

#include <math.h>

/* report.txt, the result in words; part of dyno-artefact.h. */

static const char *const sides[DYNO_VE_CYLINDERS] = { "front", "rear" };

static void
append_notes (GString    *text,
              const char *title,
              GPtrArray  *notes)
{
  if (notes->len == 0)
    return;

  g_string_append_printf (text, "\n%s\n", title);
  for (guint i = 0; i < notes->len; i++)
    {
      const DynoNote *note = g_ptr_array_index (notes, i);

      g_string_append_printf (text, "  %s\n", note->text);
    }
}

static void
append_cylinder (GString              *text,
                 const DynoVeCylinder *cylinder,
                 const char           *name,
                 guint                 n_cells)
{
  guint n_values = 0;

  if (!cylinder->has_sensor)
    {
      g_string_append_printf (text, "\n%s: no sensor\n", name);
      return;
    }
  for (guint i = 0; i < n_cells; i++)
    n_values += !isnan (cylinder->cells[i].limited);
  g_string_append_printf (text, "\n%s: %u of %u cells corrected\n", name, n_values, n_cells);
  for (guint i = 0; i < DYNO_N_GATES; i++)
    {
      if (cylinder->counts[i] > 0)
        g_string_append_printf (text, "  %-22s %10" G_GUINT64_FORMAT "\n",
                                dyno_gate_name ((DynoGate) i), cylinder->counts[i]);
    }
}

void
dyno_artefacts_add_report (GPtrArray          *artefacts,
                           const DynoVeResult *result)
{
  GString *text = g_string_new ("VE analysis\n");
  DynoMathVersion version = result->set->options->math_version;

  g_string_append_printf (text, "\nmathematics %s, %" G_GSIZE_FORMAT " rows\n",
                          dyno_math_version_name (version), result->n_rows);
  for (guint i = 0; i < DYNO_VE_CYLINDERS; i++)
    append_cylinder (text, &result->cylinders[i], sides[i], result->n_cells);
  append_notes (text, "Warnings", result->warnings);
  append_notes (text, "Assumptions", result->assumptions);
  g_ptr_array_add (artefacts, dyno_artefact_new (g_strdup ("report.txt"), "text", 0, 0, text));
}
