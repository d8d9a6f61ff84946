/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-legacy-files.h"

#include <math.h>

#define SIGNED "%+.2f"

/* A cell as the original wrote it: spreadsheets take a leading sign for a formula. */
static void
append_cell (GString    *text,
             const char *format,
             double      value)
{
  char number[G_ASCII_DTOSTR_BUF_SIZE + 64];

  if (isnan (value))
    return;
  g_ascii_formatd (number, sizeof number, format, value);
  if (number[0] == '+' || number[0] == '-')
    g_string_append_c (text, '\'');
  g_string_append (text, number);
}

static void
append_axis_value (GString *text,
                   double   value)
{
  g_string_append_printf (text, "%d", (int) value);
}

static DynoLegacyFile *
add_file (GPtrArray  *files,
          const char *name,
          gboolean    is_csv)
{
  DynoLegacyFile *file = g_new (DynoLegacyFile, 1);

  *file = (DynoLegacyFile){ name, is_csv, g_string_new (NULL) };
  g_ptr_array_add (files, file);

  return file;
}

static void
begin_csv (GString             *text,
           const DynoGridShape *shape)
{
  g_string_append (text, "RPM");
  for (guint c = 0; c < shape->load.n; c++)
    {
      g_string_append_c (text, ',');
      append_axis_value (text, shape->load.at[c]);
    }
  g_string_append (text, "\r\n");
}

static void
add_csv (GPtrArray           *files,
         const char          *name,
         const DynoGridShape *shape,
         const char          *format,
         const double         cells[DYNO_LEGACY_CELLS])
{
  GString *text = add_file (files, name, TRUE)->text;

  begin_csv (text, shape);
  for (guint r = 0; r < DYNO_LEGACY_ROWS; r++)
    {
      append_axis_value (text, shape->rpm.at[r]);
      for (guint c = 0; c < DYNO_LEGACY_COLUMNS; c++)
        {
          g_string_append_c (text, ',');
          append_cell (text, format, cells[r * DYNO_LEGACY_COLUMNS + c]);
        }
      g_string_append (text, "\r\n");
    }
}

static void
add_paste (GPtrArray    *files,
           const char   *name,
           const char   *format,
           const double  cells[DYNO_LEGACY_CELLS])
{
  GString *text = add_file (files, name, FALSE)->text;

  for (guint i = 0; i < DYNO_LEGACY_CELLS; i++)
    {
      if (i > 0)
        g_string_append_c (text, i % DYNO_LEGACY_COLUMNS == 0 ? '\n' : '\t');
      append_cell (text, format, cells[i]);
    }
}

static void
add_coverage (GPtrArray           *files,
              const char          *name,
              const DynoGridShape *shape,
              const guint32        hits[DYNO_LEGACY_CELLS])
{
  double counts[DYNO_LEGACY_CELLS];

  for (guint i = 0; i < DYNO_LEGACY_CELLS; i++)
    counts[i] = hits[i];
  add_csv (files, name, shape, "%.0f", counts);
}

typedef struct
{
  const char *error;
  const char *spark;
  const char *torque;
  const char *hp;
  const char *coverage;
  const char *spark_paste;
  const char *updated;
  const char *updated_paste;
} Names;

static const Names names[DYNO_LEGACY_CYLINDERS] = {
  { "AFR_Error_Map_Front.csv", "Spark_Adjust_Suggestion_Front.csv", "Torque_Map_Front.csv",
    "HP_Map_Front.csv", "Coverage_Front.csv", "Spark_Front_PasteReady.txt",
    "VE_Front_Updated.csv", "VE_Front_Absolute_PasteReady.txt" },
  { "AFR_Error_Map_Rear.csv", "Spark_Adjust_Suggestion_Rear.csv", "Torque_Map_Rear.csv",
    "HP_Map_Rear.csv", "Coverage_Rear.csv", "Spark_Rear_PasteReady.txt",
    "VE_Rear_Updated.csv", "VE_Rear_Absolute_PasteReady.txt" },
};

static void
add_cylinder (GPtrArray                *files,
              const Names              *name,
              const DynoGridShape      *shape,
              const DynoLegacyCylinder *cylinder,
              gboolean                  has_base)
{
  add_csv (files, name->error, shape, SIGNED, cylinder->error_pct);
  add_csv (files, name->spark, shape, SIGNED, cylinder->spark_deg);
  add_csv (files, name->torque, shape, "%.1f", cylinder->torque);
  add_csv (files, name->hp, shape, "%.1f", cylinder->hp);
  add_coverage (files, name->coverage, shape, cylinder->hits);
  add_paste (files, name->spark_paste, SIGNED, cylinder->spark_deg);
  if (!has_base)
    return;
  add_csv (files, name->updated, shape, "%.2f", cylinder->updated);
  add_paste (files, name->updated_paste, "%.2f", cylinder->updated);
}

void
dyno_legacy_file_free (DynoLegacyFile *self)
{
  if (self->text != NULL)
    g_string_free (self->text, TRUE);
  g_free (self);
}

GPtrArray *
dyno_legacy_files (const DynoLegacyResult *result)
{
  GPtrArray *files = g_ptr_array_new_with_free_func ((GDestroyNotify) dyno_legacy_file_free);
  DynoGridShape shape;

  dyno_grid_shape_named (&shape, "11x5");
  add_csv (files, "VE_Correction_Delta_DYNO.csv", &shape, SIGNED, result->delta_pct);
  add_paste (files, "VE_Delta_PasteReady.txt", SIGNED, result->delta_pct);
  add_csv (files, "Torque_Map_Combined.csv", &shape, "%.1f", result->torque);
  add_csv (files, "HP_Map_Combined.csv", &shape, "%.1f", result->hp);
  for (guint i = 0; i < DYNO_LEGACY_CYLINDERS; i++)
    add_cylinder (files, &names[i], &shape, &result->cylinders[i], result->has_base);

  return files;
}
