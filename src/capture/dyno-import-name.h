/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-units.h"

G_BEGIN_DECLS

/* A header cell taken apart: "(DWRT CPU) Force Drum 1", "MAP (kPa)",
 * "nmot(1/min) engine speed", "Coolant Temp °F". */
typedef struct
{
  char           *module;    /* (owned) "DWRT CPU"; "" without one */
  char           *name;      /* (owned) without module and unit */
  char           *second;    /* (owned) (nullable) the name behind the unit, or above it */
  char           *unit_text; /* (owned) (nullable) as it stands in brackets, or behind the name */
  const DynoUnit *unit;      /* (nullable) of unit_text */
} DynoImportName;

void dyno_import_name_parse (DynoImportName *self,
                             const char     *cell);
void dyno_import_name_clear (DynoImportName *self);

G_END_DECLS
