/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-change.h"

G_BEGIN_DECLS

/* The walls of VE. */
typedef struct
{
  const char *name;
  double      floor;
  double      ceiling;
  gboolean    is_wall; /* else it only warns */
} DynoBoundsRow;

const DynoBoundsRow *dyno_bounds_row (DynoBounds bounds);

/* Fills blocks and warnings of a change whose tables are computed. */
void dyno_change_judge (DynoChange            *self,
                        const DynoCorrections *corrections);

G_END_DECLS
