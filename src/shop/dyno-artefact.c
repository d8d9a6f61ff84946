/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-artefact-private.h"

#include <math.h>
#include <string.h>

#include "dyno-crypt.h"

#define CRLF "\r\n"

static const char *const sides[DYNO_VE_CYLINDERS] = { "front", "rear" };

void
dyno_artefact_free (DynoArtefact *self)
{
  if (self == NULL)
    return;

  g_free (self->name);
  g_clear_pointer (&self->bytes, g_bytes_unref);
  g_free (self->sha256);
  g_free (self);
}

DynoArtefact *
dyno_artefact_new (char       *name,
                   const char *type,
                   guint       n_rows,
                   guint       n_columns,
                   GString    *text)
{
  DynoArtefact *self = g_new0 (DynoArtefact, 1);

  self->name = name;
  self->type = type;
  self->n_rows = n_rows;
  self->n_columns = n_columns;
  self->bytes = g_string_free_to_bytes (text);
  self->sha256 = dyno_crypt_sha256_hex (g_bytes_get_data (self->bytes, NULL),
                                        g_bytes_get_size (self->bytes));

  return self;
}

/* Fixed decimals, half to even of the exact double; nothing for a missing number,
 * no minus before a zero. */
static void
append_number (GString *text,
               double   value,
               int      decimals)
{
  char number[G_ASCII_DTOSTR_BUF_SIZE + 64];
  char format[8];

  if (isnan (value))
    return;
  g_snprintf (format, sizeof format, "%%.%df", decimals);
  g_ascii_formatd (number, sizeof number, format, value);
  if (number[0] == '-' && strspn (number + 1, "0.") == strlen (number + 1))
    memmove (number, number + 1, strlen (number));
  g_string_append (text, number);
}

/* Grids */

typedef void (*CellWriter) (GString            *text,
                            const DynoVeResult *result,
                            guint               cylinder,
                            guint               cell,
                            gboolean           *has_content);

static void
note (double    value,
      gboolean *has_content)
{
  *has_content |= !isnan (value);
}

static void
write_delta (GString            *text,
             const DynoVeResult *result,
             guint               cylinder,
             guint               cell,
             gboolean           *has_content)
{
  double value = result->cylinders[cylinder].cells[cell].limited;

  note (value, has_content);
  append_number (text, value, 2);
}

static void
write_factor (GString            *text,
              const DynoVeResult *result,
              guint               cylinder,
              guint               cell,
              gboolean           *has_content)
{
  double value = result->cylinders[cylinder].cells[cell].limited;

  note (value, has_content);
  append_number (text, 1 + value / 100, 4);
}

static void
write_raw (GString            *text,
           const DynoVeResult *result,
           guint               cylinder,
           guint               cell,
           gboolean           *has_content)
{
  double value = result->cylinders[cylinder].cells[cell].raw;

  note (value, has_content);
  append_number (text, value, 2);
}

static void
write_hits (GString            *text,
            const DynoVeResult *result,
            guint               cylinder,
            guint               cell,
            gboolean           *has_content)
{
  guint32 hits = result->cylinders[cylinder].cells[cell].hits;

  *has_content |= hits > 0;
  g_string_append_printf (text, "%u", hits);
}

static void
write_mix_error (GString            *text,
                 const DynoVeResult *result,
                 guint               cylinder,
                 guint               cell,
                 gboolean           *has_content)
{
  const DynoVeCell *value = &result->cylinders[cylinder].cells[cell];
  double error = value->mean_mix - value->mean_target;

  note (error, has_content);
  append_number (text, error, 2);
}

static void
write_confidence (GString            *text,
                  const DynoVeResult *result,
                  guint               cylinder,
                  guint               cell,
                  gboolean           *has_content)
{
  const DynoVeCell *value = &result->cylinders[cylinder].cells[cell];

  if (value->hits == 0)
    return;
  *has_content = TRUE;
  g_string_append (text, dyno_confidence_name (value->confidence));
}

static void
write_combined (GString            *text,
                const DynoVeResult *result,
                guint               cylinder,
                guint               cell,
                gboolean           *has_content)
{
  note (result->combined[cell], has_content);
  append_number (text, result->combined[cell], 2);
}

/* A step of an axis. */
static void
append_step (GString *text,
             double   value)
{
  append_number (text, value, value == floor (value) ? 0 : 2);
}

/* One row an engine speed, one column a MAP. */
static void
add_grid (GPtrArray          *artefacts,
          const DynoVeResult *result,
          guint               cylinder,
          char               *name,
          CellWriter          write)
{
  const DynoGridShape *shape = &result->set->shape;
  GString *text = g_string_new ("RPM");
  gboolean has_content = FALSE;

  for (guint c = 0; c < shape->load.n; c++)
    {
      g_string_append_c (text, ',');
      append_step (text, shape->load.at[c]);
    }
  g_string_append (text, CRLF);
  for (guint r = 0; r < shape->rpm.n; r++)
    {
      append_step (text, shape->rpm.at[r]);
      for (guint c = 0; c < shape->load.n; c++)
        {
          g_string_append_c (text, ',');
          write (text, result, cylinder, r * shape->load.n + c, &has_content);
        }
      g_string_append (text, CRLF);
    }
  if (has_content)
    {
      g_ptr_array_add (artefacts,
                       dyno_artefact_new (name, "csv", shape->rpm.n, shape->load.n + 1, text));
      return;
    }
  g_string_free (text, TRUE);
  g_free (name);
}

static void
add_grids (GPtrArray          *artefacts,
           const DynoVeResult *result,
           guint               cylinder)
{
  static const struct
  {
    const char *stem;
    CellWriter  write;
  } grids[] = {
    { "ve_delta", write_delta },   { "ve_factor", write_factor },
    { "ve_raw", write_raw },       { "hits", write_hits },
    { "mix_error", write_mix_error }, { "confidence", write_confidence },
  };

  for (guint i = 0; i < G_N_ELEMENTS (grids); i++)
    add_grid (artefacts, result, cylinder,
              g_strdup_printf ("%s_%s.csv", grids[i].stem, sides[cylinder]), grids[i].write);
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
      append_number (text, value, 2);
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

/* Power */

static void
append_point (GString         *text,
              const DynoPower *power,
              gsize            i)
{
  const DynoCurve *curve = power->curve;
  double factor = power->correction.factor;

  append_number (text, curve->x[i], 0);
  g_string_append_c (text, ',');
  append_number (text, curve->power_kw[i], 2);
  g_string_append_c (text, ',');
  append_number (text, curve->torque_nm[i], 2);
  g_string_append_c (text, ',');
  append_number (text, curve->power_kw[i] / factor, 2);
  g_string_append_c (text, ',');
  append_number (text, curve->torque_nm[i] / factor, 2);
  g_string_append_c (text, ',');
  append_number (text, curve->afr[i], 2);
  g_string_append_c (text, ',');
  append_number (text, curve->map_kpa[i], 1);
  g_string_append (text, CRLF);
}

static void
add_power (GPtrArray           *artefacts,
           const DynoPullPower *power)
{
  g_autoptr(DynoCurve) even = NULL;
  DynoPower at_steps;
  GString *text;

  if (power == NULL || power->power->curve->n == 0 || power->power->curve->is_over_speed)
    return;

  even = dyno_curve_resample (power->power->curve, 50);
  at_steps = *power->power;
  at_steps.curve = even;
  text = g_string_new ("RPM,Power (kW),Torque (N·m),Power uncorrected (kW),"
                       "Torque uncorrected (N·m),Mixture (AFR),MAP (kPa)" CRLF);
  for (gsize i = 0; i < even->n; i++)
    append_point (text, &at_steps, i);
  g_ptr_array_add (artefacts,
                   dyno_artefact_new (g_strdup ("power_curve.csv"), "csv", (guint) even->n, 7,
                                      text));
}

/* The report in words */

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

static void
add_report (GPtrArray          *artefacts,
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

static int
compare_names (gconstpointer a,
               gconstpointer b)
{
  const DynoArtefact *const *x = a;
  const DynoArtefact *const *y = b;

  return strcmp ((*x)->name, (*y)->name);
}

void
dyno_artefacts_sort (GPtrArray *artefacts)
{
  g_ptr_array_sort (artefacts, compare_names);
}

GPtrArray *
dyno_artefacts_make (const DynoVeResult  *result,
                     const DynoPullPower *power)
{
  GPtrArray *artefacts = g_ptr_array_new_with_free_func ((GDestroyNotify) dyno_artefact_free);

  for (guint i = 0; i < DYNO_VE_CYLINDERS; i++)
    {
      if (!result->cylinders[i].has_sensor)
        continue;
      add_grids (artefacts, result, i);
      add_paste (artefacts, result, i);
    }
  add_grid (artefacts, result, 0, g_strdup ("ve_delta_combined.csv"), write_combined);
  add_power (artefacts, power);
  add_report (artefacts, result);
  dyno_artefacts_sort (artefacts);

  return artefacts;
}
