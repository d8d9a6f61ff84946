/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <cairo.h>

#include "dyno-export-tables.h"
#include "dyno-palette.h"

G_BEGIN_DECLS

/* The fuel correction as a heatmap on any cairo context, for pictures and reports: the
 * diverging scale of ui.md 1.2 with signed numbers, hatch where there is no data, a
 * triangle beyond the range. One panel a cylinder. Pure, any thread. */

typedef struct
{
  const DynoExportTables *tables;    /* (borrowed) */
  const char             *title;     /* (borrowed) */
  const char             *caption;   /* (borrowed) */
  DynoLook                look;
  double                  range_pct; /* R */
} DynoExportHeat;

void  dyno_export_heat_draw (const DynoExportHeat   *self,
                             cairo_t                *cr,
                             double                  width,
                             double                  height);

/* What it shows, in a sentence. (transfer full) */
char *dyno_export_heat_text (const DynoExportTables *tables);

G_END_DECLS
