/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-change-compat.h"

#include <math.h>

#include "dyno-json.h"

static void
append_label (GString *text,
              double   label)
{
  char number[G_ASCII_DTOSTR_BUF_SIZE];

  dyno_json_format_number (label, number);
  g_string_append (text, number);
}

static void
append_cell (GString *text,
             double   before,
             double   factor_pct,
             double   max_pct)
{
  char number[64];
  double factor = isnan (factor_pct) ? 0 : CLAMP (factor_pct, -max_pct, max_pct);

  g_string_append_c (text, ',');
  if (isnan (before))
    return;
  g_ascii_formatd (number, sizeof number, "%.4f", before * (1.0 + factor / 100.0));
  g_string_append (text, number);
}

GBytes *
dyno_change_apply_compat (const DynoTable    *base,
                          const DynoTable    *factors,
                          double              max_pct,
                          DynoAnalysisError **error)
{
  GString *text;

  if (!dyno_table_same_axes (base, factors))
    {
      dyno_analysis_error_set (error, DYNO_ANALYSIS_GRID_MISMATCH,
                               "The table has %u × %u cells, the factors %u × %u, or other axes.",
                               base->n_rows, base->n_columns, factors->n_rows,
                               factors->n_columns);
      return NULL;
    }
  text = g_string_new ("RPM");
  for (guint c = 0; c < base->n_columns; c++)
    {
      g_string_append_c (text, ',');
      append_label (text, base->column_labels[c]);
    }
  g_string_append (text, "\r\n");
  for (guint r = 0; r < base->n_rows; r++)
    {
      append_label (text, base->row_labels[r]);
      for (guint c = 0; c < base->n_columns; c++)
        append_cell (text, base->cells[dyno_table_cell (base, r, c)].value,
                     factors->cells[dyno_table_cell (base, r, c)].value, max_pct);
      g_string_append (text, "\r\n");
    }

  return g_string_free_to_bytes (text);
}
